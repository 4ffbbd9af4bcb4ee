// Opens one cluster for the console: seen at once, driven from here where flags and settings say so, as soon as that is known.

import type { Attached } from '../app/attach-engine.js';
import type { Connected } from '../app/connection.js';
import type { DebugLog } from '../app/debug-log.js';
import { drivesHere } from '../app/drive-policy.js';
import { pluginSettings, type SettingsSource, writeRefusal } from '../app/settings.js';
import { guardWrites } from '../cluster/read-only.js';
import type { RemoteCluster } from '../cluster/remote.js';
import { type Effective, namedNamespaces, resolveSettings, type SettingsLayers } from '../console/settings/resolve.js';
import { err, ok, type Result } from '../lib/result.js';
import { type Flags, overridesOf } from './arguments.js';
import type { CommandIo } from './command.js';

export type ConsoleClusterOptions = {
  readonly flags: Flags;
  readonly io: CommandIo;
  /** Absent: the current one. */
  readonly context: string | undefined;
  /** It was named by a key, not at the start. */
  readonly later: boolean;
  /** None: all, or those that this person may see. */
  readonly namespaces: readonly string[];
  /** Where requests are written down, if anywhere. */
  readonly log: DebugLog | undefined;
  /** As they are now: their file may change. */
  settings(): SettingsSource;
};

/** "--engine on" was said of the clusters named with it: one that is opened to be looked at is driven only where the file says so. */
function effectiveFor(layers: SettingsLayers, context: string, later: boolean): Effective {
  const { engine: _flag, ...flags } = layers.flags;
  const { engine: _variable, ...environment } = layers.environment;
  return resolveSettings(later ? { ...layers, flags, environment } : layers, context);
}

async function attach(cluster: RemoteCluster, { flags, io, namespaces, later, settings }: ConsoleClusterOptions): Promise<Attached> {
  const effective = effectiveFor(settings().layers, cluster.name, later);
  const [{ attachEngine }, { findLease, driverFrom }] = await Promise.all([import('../app/attach-engine.js'), import('../app/driver.js')]);
  const auto = effective.settings.engine === 'auto' && effective.origins.engine.type === 'file';
  const { record } = auto ? await findLease(cluster, io.environment, undefined, namespaces) : { record: undefined };
  return attachEngine({
    cluster,
    clock: io.clock,
    environment: io.environment,
    mode: 'remote',
    drives: drivesHere(effective, driverFrom(record, io.clock.now()).type === 'other'),
    plugins: pluginSettings(settings()),
    awsVerifyTargetGroup: flags.on('aws-verify-target-group'),
  });
}

export async function openForConsole(options: ConsoleClusterOptions): Promise<Result<Connected, string>> {
  const { flags, io, namespaces, settings } = options;
  if (options.later && overridesOf(flags) !== undefined)
    return err('--server, --token and the like are meant for the cluster that they were given with: watch this one from another sluice');
  const [{ openRemote }, { engineLease }] = await Promise.all([import('./connect.js'), import('../app/attach-engine.js')]);
  const opened = await openRemote(flags, io, options.context, options.log);
  if (!opened.ok) return err(opened.error);
  const cluster = opened.value;
  // Whether it is driven from here may take an answer of the cluster; what is seen of it does not wait for that.
  const attaching = attach(cluster, options);
  let attached: Attached | undefined;
  void attaching.then((done) => {
    attached = done;
  });
  return ok({
    cluster: guardWrites(cluster, () => writeRefusal(settings(), cluster.name)),
    user: cluster.context.user,
    embedded: false,
    namespaces,
    likelyNamespaces: () => [cluster.context.namespace, ...namedNamespaces(settings().layers, cluster.name)],
    lease: await engineLease(io.environment),
    leadingAs: () => attached?.leadingAs(),
    async stop() {
      await (await attaching).stop();
      cluster.close();
    },
  });
}
