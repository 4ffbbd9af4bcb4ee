// `sluice` without a verb: the console on a cluster of the kubeconfig. It drives nothing unless asked to, and then only
// with the Lease.

import { runConsole } from '../app/console-session.js';
import { readSettings, type SettingsSource } from '../app/settings.js';
import type { KubeconfigSource } from '../cluster/kubeconfig.js';
import type { ContextInfo } from '../console/model.js';
import { AWS_FLAG, CLUSTER_FLAGS, namespacesOf, readFlags } from './arguments.js';
import { type CommandIo, UsageError } from './command.js';
import { openForConsole } from './console-cluster.js';
import { SETTING_FLAGS, settingsOfFlags } from './setting-flags.js';

/** None where the kubeconfig can not be read: connecting says why. */
async function listContexts(kubeconfig: KubeconfigSource): Promise<readonly ContextInfo[]> {
  const { readKubeconfig } = await import('../cluster/kubeconfig.js');
  const read = await readKubeconfig(kubeconfig);
  return read.ok ? read.value.contexts : [];
}

export async function openConsole(words: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(words, { ...CLUSTER_FLAGS, ...AWS_FLAG, ...SETTING_FLAGS });
  if (flags.operands.length > 0) throw new UsageError(`"${flags.operands[0]}" is no command; \`sluice --help\` lists them`);
  const reread = (): Promise<SettingsSource> => readSettings(io.environment, settingsOfFlags(flags));
  const source = await reread();
  // A file that is wrong changes nothing: what held before holds at the door too.
  let current = source;
  const { hasKubeconfig } = await import('../cluster/has-kubeconfig.js');
  const file = flags.text('kubeconfig');
  const kubeconfig = { environment: io.environment, ...(file === undefined ? {} : { file }) };
  const namespaces = namespacesOf(flags);
  const contexts = [...new Set(flags.texts('context'))];
  if (!(await hasKubeconfig(kubeconfig))) {
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
        const given = (name: string): string[] => flags.texts(name).flatMap((value) => [`--${name}`, value]);
        const single = (name: string): string[] => (flags.text(name) === undefined ? [] : [`--${name}`, flags.text(name) ?? '']);
        const where = [...single('kubeconfig'), ...given('context'), ...single('as'), ...given('as-group')];
        return listRollouts.run([...where, ...(namespaces.length === 0 ? ['-A'] : ['-n', namespaces.join(',')]), '-w'], io);
      },
      contexts: contexts.length === 0 ? [undefined] : contexts,
      listContexts: () => listContexts(kubeconfig),
      connect: ({ log }, context, later) => openForConsole({ flags, io, context, later, log, namespaces, settings: () => current }),
    },
    io.stderr,
  );
}
