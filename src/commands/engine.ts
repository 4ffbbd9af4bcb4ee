// `sluice engine`: the engine alone, for a cluster that nobody watches. Waits for the Lease, and says when it has it.

import type { Attached } from '../app/attach-engine.js';
import type { Figures } from '../app/figures/figures.js';
import { AWS_FLAG, AWS_FLAG_HELP, CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, readFlags, requireQuickRequests } from './arguments.js';
import { type Command, type CommandIo, UsageError, untilAsked } from './command.js';
import { connect, type Target } from './connect.js';
import { listenAddress } from './listen-address.js';
import { WRITE_FLAGS } from './setting-flags.js';

const METRICS_FLAG = 'metrics-address';

const FLAGS = { ...CLUSTER_FLAGS, write: WRITE_FLAGS.write, ...AWS_FLAG, 'instance-id': { type: 'string' }, [METRICS_FLAG]: { type: 'string' } } as const;

function attach(flags: Flags, io: CommandIo, { cluster, plugins }: Target, figures: Figures | undefined): Promise<Attached> {
  const instanceId = flags.text('instance-id');
  const namespace = flags.text('namespace');
  return import('../app/attach-engine.js').then(({ attachEngine }) =>
    attachEngine({
      cluster,
      clock: io.clock,
      environment: io.environment,
      mode: 'remote',
      drives: true,
      plugins,
      ...(instanceId === undefined ? {} : { instanceId }),
      ...(namespace === undefined ? {} : { namespace }),
      awsVerifyTargetGroup: flags.on('aws-verify-target-group'),
      figures: figures?.work,
      log: (message) => {
        // Who leads is said on standard output.
        if (!/^(leading as|standing by)/.test(message)) io.stderr(`${new Date(io.clock.now()).toISOString()} ${message}\n`);
      },
      onEvent: (event) =>
        io.stdout(
          event.type === 'leading' ? `leading as ${event.identity}\n` : `standing by${event.holder === '' ? '' : ` for ${event.holder}`}: ${event.reason}\n`,
        ),
    }),
  );
}

async function run(flags: Flags, io: CommandIo): Promise<number> {
  const wanted = flags.text(METRICS_FLAG);
  const address = wanted === undefined ? undefined : listenAddress(METRICS_FLAG, wanted);
  let attached: Attached | undefined;
  const createFigures = address === undefined ? undefined : (await import('../app/figures/figures.js')).createFigures;
  const figures = createFigures?.({ cache: () => attached?.cache(), instanceId: flags.text('instance-id') ?? '', now: () => performance.now() });
  const fail = (reason: string): number => {
    io.stderr(`Error: ${reason}\n`);
    return 1;
  };
  const target = await connect(flags, io, figures?.exchanged);
  if (!target.ok) return fail(target.error);
  const { cluster, settings } = target.value;
  if (settings.readOnly) return fail(`context ${cluster.name} is read-only here, and an engine writes: --write allows it`);
  // Before anything is driven: an engine that is not watched over as it should be would not be missed.
  const served = address === undefined ? undefined : await figures?.serve(address);
  if (served?.ok === false) return fail(`--${METRICS_FLAG}: ${served.error}`);
  if (served !== undefined) io.stdout(`figures at ${served.value.url}/metrics\n`);
  attached = await attach(flags, io, target.value, figures);
  await untilAsked(io.signal);
  await attached.stop();
  await served?.value.stop();
  cluster.close();
  return 0;
}

export const engine: Command = {
  words: 'engine',
  summary: 'Drive the rollouts of a cluster while holding the Lease argo-rollouts-controller-lock.',
  operands: '',
  flags: [
    '-n, --namespace NS     drive only what is in this namespace (default: in all)',
    ...CLUSTER_FLAG_HELP.slice(1),
    '    --instance-id ID   drive only what carries this controller-instance-id (default: what carries none)',
    AWS_FLAG_HELP,
    '    --metrics-address HOST:PORT  serve /metrics for Prometheus, and /healthz, there (:8090 is 127.0.0.1:8090; default: nowhere)',
    '    --write            drive it although the settings make the context read-only',
  ],
  examples: ['sluice engine --context staging', 'sluice engine -n shop --instance-id blue', 'sluice engine --metrics-address 127.0.0.1:8090'],
  run(words, io) {
    const flags = readFlags(words, FLAGS);
    requireQuickRequests(flags);
    if (flags.operands.length > 0) throw new UsageError(`engine takes no operand, not "${flags.operands[0]}"`);
    return run(flags, io);
  },
};
