// `sluice` without a verb: the console on a cluster of the kubeconfig. It drives nothing unless asked to, and then only
// with the Lease.

import { runConsole } from '../app/console-session.js';
import { err, ok } from '../lib/result.js';
import { CLUSTER_FLAGS, oneOf, readFlags } from './arguments.js';
import { type CommandIo, UsageError } from './command.js';

export const LOOK_FLAGS = { theme: { type: 'string' }, keymap: { type: 'string' }, ascii: { type: 'boolean' } } as const;

export const LOOK_FLAG_HELP = [
  '    --theme NAME|FILE    default, mono, or a file',
  '    --keymap NAME|FILE   default, or a file',
  '    --ascii              no characters beyond ASCII',
];

export async function openConsole(words: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(words, { ...CLUSTER_FLAGS, ...LOOK_FLAGS, engine: { type: 'string' } });
  if (flags.operands.length > 0) throw new UsageError(`"${flags.operands[0]}" is no command; \`sluice --help\` lists them`);
  const drives = oneOf(flags, 'engine', ['on', 'off'], 'off') === 'on';
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
      theme: flags.text('theme'),
      keymap: flags.text('keymap'),
      ascii: flags.on('ascii'),
      hints: [],
      async connect() {
        const { connect } = await import('./connect.js');
        const target = await connect(flags, io);
        if (!target.ok) return err(target.error);
        const { cluster } = target.value;
        const { attachEngine } = await import('../app/attach-engine.js');
        const attached = await attachEngine({ cluster, clock: io.clock, environment: io.environment, mode: 'remote', drives });
        const namespace = flags.text('namespace');
        return ok({
          cluster,
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
