// `sluice engine`: the engine alone, for a cluster that nobody watches. Waits for the Lease, and says when it has it.

import { AWS_FLAG, AWS_FLAG_HELP, CLUSTER_FLAG_HELP, CLUSTER_FLAGS, readFlags, requireQuickRequests } from './arguments.js';
import { type Command, UsageError } from './command.js';
import { connect } from './connect.js';
import { WRITE_FLAGS } from './setting-flags.js';

export const engine: Command = {
  words: 'engine',
  summary: 'Drive the rollouts of a cluster while holding the Lease argo-rollouts-controller-lock.',
  operands: '',
  flags: [
    '-n, --namespace NS     drive only what is in this namespace (default: in all)',
    ...CLUSTER_FLAG_HELP.slice(1),
    '    --instance-id ID   drive only what carries this controller-instance-id (default: what carries none)',
    AWS_FLAG_HELP,
    '    --write            drive it although the settings make the context read-only',
  ],
  examples: ['sluice engine --context staging', 'sluice engine -n shop --instance-id blue'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, write: WRITE_FLAGS.write, ...AWS_FLAG, 'instance-id': { type: 'string' } });
    requireQuickRequests(flags);
    if (flags.operands.length > 0) throw new UsageError(`engine takes no operand, not "${flags.operands[0]}"`);
    const target = await connect(flags, io);
    if (!target.ok) {
      io.stderr(`Error: ${target.error}\n`);
      return 1;
    }
    const { cluster, settings, plugins } = target.value;
    if (settings.readOnly) {
      io.stderr(`Error: context ${cluster.name} is read-only here, and an engine writes: --write allows it\n`);
      return 1;
    }
    const instanceId = flags.text('instance-id');
    const namespace = flags.text('namespace');
    const { attachEngine } = await import('../app/attach-engine.js');
    const attached = await attachEngine({
      cluster,
      clock: io.clock,
      environment: io.environment,
      mode: 'remote',
      drives: true,
      plugins,
      ...(instanceId === undefined ? {} : { instanceId }),
      ...(namespace === undefined ? {} : { namespace }),
      awsVerifyTargetGroup: flags.on('aws-verify-target-group'),
      log: (message) => {
        // Who leads is said on standard output.
        if (!/^(leading as|standing by)/.test(message)) io.stderr(`${new Date(io.clock.now()).toISOString()} ${message}\n`);
      },
      onEvent: (event) =>
        io.stdout(
          event.type === 'leading' ? `leading as ${event.identity}\n` : `standing by${event.holder === '' ? '' : ` for ${event.holder}`}: ${event.reason}\n`,
        ),
    });
    await new Promise<void>((resolve) => {
      if (io.signal.aborted) resolve();
      else io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await attached.stop();
    cluster.close();
    return 0;
  },
};
