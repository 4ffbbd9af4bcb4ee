// `sluice` without a verb: the console on a cluster of the kubeconfig. It drives nothing unless asked to, and then only
// with the Lease.

import { runConsole } from '../app/console-session.js';
import { drivesHere } from '../app/drive-policy.js';
import { readSettings, type SettingsSource, writeRefusal } from '../app/settings.js';
import { guardWrites } from '../cluster/read-only.js';
import { resolveSettings } from '../console/settings/resolve.js';
import { err, ok } from '../lib/result.js';
import { AWS_FLAG, CLUSTER_FLAGS, readFlags } from './arguments.js';
import { type CommandIo, UsageError } from './command.js';
import { SETTING_FLAGS, settingsOfFlags } from './setting-flags.js';

export async function openConsole(words: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(words, { ...CLUSTER_FLAGS, ...AWS_FLAG, ...SETTING_FLAGS });
  if (flags.operands.length > 0) throw new UsageError(`"${flags.operands[0]}" is no command; \`sluice --help\` lists them`);
  const reread = (): Promise<SettingsSource> => readSettings(io.environment, settingsOfFlags(flags));
  const source = await reread();
  // A file that is wrong changes nothing: what held before holds at the door too.
  let current = source;
  const { hasKubeconfig } = await import('../cluster/has-kubeconfig.js');
  const file = flags.text('kubeconfig');
  if (!(await hasKubeconfig({ environment: io.environment, ...(file === undefined ? {} : { file }) }))) {
    const { NO_KUBECONFIG } = await import('./connect.js');
    io.stderr(`sluice: ${NO_KUBECONFIG}\n`);
    return 1;
  }
  return runConsole(
    {
      clock: io.clock,
      environment: io.environment,
      settings: source,
      async rereadSettings() {
        const read = await reread();
        if (read.complaints.length === 0) current = read;
        return read;
      },
      hints: [],
      async asLines() {
        const { listRollouts } = await import('./list-rollouts.js');
        const namespace = flags.text('namespace');
        const context = flags.text('context');
        const where = [...(file === undefined ? [] : ['--kubeconfig', file]), ...(context === undefined ? [] : ['--context', context])];
        return listRollouts.run([...where, ...(namespace === undefined ? ['-A'] : ['-n', namespace]), '-w'], io);
      },
      contexts: [flags.text('context')],
      async connect({ log }) {
        const { connect } = await import('./connect.js');
        const target = await connect(flags, io, log);
        if (!target.ok) return err(target.error);
        const { cluster, plugins } = target.value;
        const effective = resolveSettings(source.layers, cluster.name);
        const [{ attachEngine }, { findLease, driverFrom }] = await Promise.all([import('../app/attach-engine.js'), import('../app/driver.js')]);
        const auto = effective.settings.engine === 'auto' && effective.origins.engine.type === 'file';
        const { record } = auto ? await findLease(cluster, io.environment, undefined, flags.text('namespace')) : { record: undefined };
        const drives = drivesHere(effective, driverFrom(record, io.clock.now()).type === 'other');
        const awsVerifyTargetGroup = flags.on('aws-verify-target-group');
        const attached = await attachEngine({ cluster, clock: io.clock, environment: io.environment, mode: 'remote', drives, plugins, awsVerifyTargetGroup });
        const namespace = flags.text('namespace');
        return ok({
          cluster: guardWrites(cluster, () => writeRefusal(current, cluster.name)),
          user: cluster.context.user,
          embedded: false,
          ...(namespace === undefined ? {} : { namespace }),
          lease: attached.lease,
          leadingAs: attached.leadingAs,
          async stop() {
            await attached.stop();
            cluster.close();
          },
        });
      },
    },
    io.stderr,
  );
}
