// Opens the cluster that the flags and the environment name.

import { type DebugLog, exchangeText, openDebugLog } from '../app/debug-log.js';
import { pluginSettings, readSettings, type SettingsSource, writeRefusal } from '../app/settings.js';
import { guardWrites } from '../cluster/read-only.js';
import { resolveSettings, type Settings } from '../console/settings/resolve.js';
import type { PluginSetting } from '../console/settings/rows.js';
import type { ClusterError } from '../cluster/cluster.js';
import type { RemoteCluster } from '../cluster/remote.js';
import type { Exchange } from '../cluster/transport.js';
import { err, ok, type Result } from '../lib/result.js';
import { type Flags, impersonationOf, overridesOf, requestTimeoutOf } from './arguments.js';
import type { CommandIo } from './command.js';
import { connectFlags } from './setting-flags.js';

export type Target = { readonly cluster: RemoteCluster; readonly namespace: string; readonly settings: Settings; readonly plugins: readonly PluginSetting[] };

/** Its own way to say that there is no kubeconfig at all: what to do then. */
export const NO_KUBECONFIG =
  'there is no kubeconfig ($KUBECONFIG, ~/.kube/config, or a service account): `sluice demo` opens the console on a cluster of its own';

/** The log that the settings name, if they do. */
function debugLogOf({ layers }: SettingsSource, io: CommandIo): DebugLog | undefined {
  const { debugLog } = resolveSettings(layers, '').settings;
  return openDebugLog(debugLog, io.clock, (text) => io.stderr(`sluice: ${text}\n`));
}

/** For a verb that connects in its own way. */
export async function verbLog(flags: Flags, io: CommandIo): Promise<DebugLog | undefined> {
  return debugLogOf(await readSettings(io.environment, connectFlags(flags)), io);
}

/** The failure is a sentence for the person: which file, which context, what to do. */
export async function openRemote(
  flags: Flags,
  io: CommandIo,
  context: string | undefined,
  log: DebugLog | undefined,
  heard?: (exchange: Exchange) => void,
): Promise<Result<RemoteCluster, string>> {
  const { createRemoteCluster } = await import('../cluster/remote.js');
  const file = flags.text('kubeconfig');
  const impersonate = impersonationOf(flags);
  const overrides = overridesOf(flags);
  const requestTimeoutMs = requestTimeoutOf(flags);
  const opened = await createRemoteCluster({
    kubeconfig: {
      environment: io.environment,
      ...(file === undefined ? {} : { file }),
      ...(impersonate === undefined ? {} : { impersonate }),
      ...(overrides === undefined ? {} : { overrides }),
    },
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
    ...(context === undefined ? {} : { context }),
    ...(log === undefined && heard === undefined
      ? {}
      : {
          exchanged: (exchange) => {
            log?.write(exchangeText(exchange));
            heard?.(exchange);
          },
        }),
  });
  return opened.ok ? opened : err(opened.error.code === 'none' ? NO_KUBECONFIG : opened.error.message);
}

/** `heard` is told of each request. */
export async function connect(flags: Flags, io: CommandIo, heard?: (exchange: Exchange) => void): Promise<Result<Target, string>> {
  const source = await readSettings(io.environment, connectFlags(flags));
  for (const complaint of source.complaints) io.stderr(`sluice: ${complaint}\n`);
  const opened = await openRemote(flags, io, flags.text('context'), debugLogOf(source, io), heard);
  if (!opened.ok) return opened;
  const cluster = opened.value;
  const namespace = flags.text('namespace') ?? cluster.context.namespace;
  return ok({
    cluster: guardWrites(cluster, () => writeRefusal(source, cluster.name)),
    namespace,
    settings: resolveSettings(source.layers, cluster.name, namespace).settings,
    plugins: pluginSettings(source),
  });
}

/** The server's words as the command line prints them after "Error: ". */
export function errorText(error: ClusterError): string {
  return error.message;
}
