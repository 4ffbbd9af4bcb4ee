// `sluice` without a verb: the console on a cluster of the kubeconfig. It drives nothing unless asked to, and then only
// with the Lease.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { runConsole } from '../app/console-session.js';
import { readSettings } from '../app/settings.js';
import type { Impersonation, KubeconfigSource } from '../cluster/kubeconfig.js';
import type { ContextInfo } from '../console/model.js';
import { AWS_FLAG, CLUSTER_FLAGS, impersonationOf, namespacesOf, overridesOf, overrideWords, readFlags, requireQuickRequests } from './arguments.js';
import { type CommandIo, UsageError } from './command.js';
import { openForConsole } from './console-cluster.js';
import { SETTING_FLAGS, settingsOfFlags } from './setting-flags.js';

/** None where the kubeconfig can not be read: connecting says why. */
async function listContexts(kubeconfig: KubeconfigSource): Promise<readonly ContextInfo[]> {
  const { readKubeconfig } = await import('../cluster/kubeconfig.js');
  const read = await readKubeconfig(kubeconfig);
  return read.ok ? read.value.contexts : [];
}

/** As $KUBECONFIG would name it to kubectl; "" in a pod. */
function kubeconfigFiles(file: string | undefined, { KUBECONFIG: listed = '', HOME: home = '' }: CommandIo['environment']): string {
  const usual = path.join(home, '.kube', 'config');
  if (file !== undefined || listed !== '') return file === undefined ? listed : path.resolve(file);
  return existsSync(usual) ? usual : '';
}

export async function openConsole(words: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(words, { ...CLUSTER_FLAGS, ...AWS_FLAG, ...SETTING_FLAGS });
  if (flags.operands.length > 0) throw new UsageError(`"${flags.operands[0]}" is no command; \`sluice --help\` lists them`);
  const source = await readSettings(io.environment, settingsOfFlags(flags));
  let current = source;
  const { hasKubeconfig } = await import('../cluster/has-kubeconfig.js');
  const file = flags.text('kubeconfig');
  const kubeconfig = { environment: io.environment, ...(file === undefined ? {} : { file }) };
  const namespaces = namespacesOf(flags);
  const contexts = [...new Set(flags.texts('context'))];
  const overrides = overridesOf(flags);
  requireQuickRequests(flags);
  if (overrides?.server === undefined && !(await hasKubeconfig(kubeconfig))) {
    const { NO_KUBECONFIG } = await import('./connect.js');
    io.stderr(`sluice: ${NO_KUBECONFIG}\n`);
    return 1;
  }
  const { user, groups, uid }: Partial<Impersonation> = impersonationOf(flags) ?? {};
  const given = (flag: string, values: readonly (string | undefined)[]): string[] => values.flatMap((value) => (value === undefined ? [] : [flag, value]));
  const asFlags = [...given('--as', [user]), ...given('--as-group', groups ?? []), ...given('--as-uid', [uid]), ...overrideWords(flags)];
  const token = flags.text('token');
  return runConsole(
    {
      asFlags,
      kubeconfig: kubeconfigFiles(file, io.environment),
      clock: io.clock,
      environment: io.environment,
      settings: source,
      async rereadSettings() {
        current = await readSettings(io.environment, settingsOfFlags(flags), current);
        return current;
      },
      hints: [],
      async asLines() {
        const { listRollouts } = await import('./list-rollouts.js');
        const where = [
          ...(file === undefined ? [] : ['--kubeconfig', file]),
          ...contexts.flatMap((context) => ['--context', context]),
          ...asFlags,
          ...given('--token', [token]),
        ];
        return listRollouts.run([...where, ...(namespaces.length === 0 ? ['-A'] : ['-n', namespaces.join(',')]), '-w'], io);
      },
      contexts: contexts.length === 0 ? [undefined] : contexts,
      listContexts: () => listContexts(kubeconfig),
      connect: ({ log }, context, later) => openForConsole({ flags, io, context, later, log, namespaces, settings: () => current }),
    },
    io.stderr,
  );
}
