// `sluice get rollout NAME`: one rollout with its revisions, pods and analysis runs; once, as data, or redrawn as it changes.

import { stringify } from 'yaml';
import type { Cluster } from '../cluster/cluster.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ANALYSIS_RUN, EXPERIMENT, POD, REPLICA_SET, type ResourceType, ROLLOUT } from '../kinds/resource-type.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, oneOf, oneOperand, readFlags } from './arguments.js';
import type { Command, CommandIo } from './command.js';
import { connect, errorText } from './connect.js';
import { follow } from './follow.js';
import { coloured, plain, rolloutText } from './rollout-tree.js';

/** Between two drawings while watching. */
const REDRAW_MS = 200;

/** Ages are drawn anew this often although nothing changed. */
const LONGEST_STILL_MS = 1000;

const CLEAR_SCREEN = '\u001b[H\u001b[2J';

const TYPES: readonly ResourceType[] = [REPLICA_SET, POD, ANALYSIS_RUN, EXPERIMENT];

async function objectsOnce(cluster: Cluster, namespace: string): Promise<Map<ResourceType, readonly KubeObject[]>> {
  const lists = await Promise.all(TYPES.map(async (type) => [type, await cluster.list(type, { namespace })] as const));
  return new Map(lists.map(([type, list]) => [type, list.ok ? list.value.items : []]));
}

async function watch(cluster: Cluster, namespace: string, name: string, flags: Flags, io: CommandIo): Promise<number> {
  const following = follow(cluster, namespace, [ROLLOUT, ...TYPES], io.clock, io.signal);
  const limitMs = Number(flags.text('timeout-seconds') ?? 0) * 1000;
  const endAt = limitMs > 0 ? io.clock.now() + limitMs : Number.POSITIVE_INFINITY;
  const problem = await following.ready();
  if (problem !== undefined) {
    following.stop();
    io.stderr(`Error: ${errorText(problem)}\n`);
    return 1;
  }
  let last = '';
  while (!io.signal.aborted && io.clock.now() < endAt) {
    const { cache } = following;
    const rollout = cache.get({ type: ROLLOUT, namespace, name });
    const text =
      rollout === undefined
        ? `rollout.argoproj.io "${name}" not found`
        : rolloutText(
            {
              rollout,
              replicaSets: cache.list(REPLICA_SET, namespace),
              pods: cache.list(POD, namespace),
              analysisRuns: cache.list(ANALYSIS_RUN, namespace),
              experiments: cache.list(EXPERIMENT, namespace),
            },
            io.clock.now(),
            paintOf(flags, io),
          );
    if (text !== last) io.stdout(`${io.colour ? CLEAR_SCREEN : ''}${text}\n`);
    last = text;
    await following.changed(LONGEST_STILL_MS);
    await new Promise<void>((resolve) => {
      io.clock.after(REDRAW_MS, resolve);
    });
  }
  following.stop();
  return 0;
}

const paintOf = (flags: Flags, io: CommandIo): typeof plain => (io.colour && !flags.on('no-color') ? coloured : plain);

export const getRollout: Command = {
  words: 'get rollout',
  summary: 'Show a rollout: its state, images, replicas, revisions, pods and analysis runs.',
  operands: 'NAME',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '-w, --watch              redraw as it changes',
    '    --timeout-seconds N  stop watching after so long',
    '-o, --output FORMAT      json or yaml: the stored object',
    '    --no-color           no colours',
  ],
  examples: ['sluice get rollout reviews-rollout -n bookinfo', 'sluice get rollout myapp -w'],
  async run(words, io) {
    const flags = readFlags(words, {
      ...CLUSTER_FLAGS,
      watch: { type: 'boolean', short: 'w' },
      output: { type: 'string', short: 'o' },
      'no-color': { type: 'boolean' },
      'timeout-seconds': { type: 'string' },
    });
    const name = oneOperand(flags, 'the name of a rollout');
    const format = oneOf(flags, 'output', ['text', 'json', 'yaml'], 'text');
    const target = await connect(flags, io);
    if (!target.ok) {
      io.stderr(`Error: ${target.error}\n`);
      return 1;
    }
    const { cluster, namespace } = target.value;
    const rollout = await cluster.get({ type: ROLLOUT, namespace, name });
    if (!rollout.ok) {
      io.stderr(`Error: ${rollout.error.code === 404 ? `rollout.argoproj.io "${name}" not found` : errorText(rollout.error)}\n`);
      return 1;
    }
    if (format !== 'text') {
      io.stdout(format === 'json' ? `${JSON.stringify(rollout.value, undefined, 4)}\n` : stringify(rollout.value));
      return 0;
    }
    if (flags.on('watch')) return watch(cluster, namespace, name, flags, io);
    const lists = await objectsOnce(cluster, namespace);
    const of = (type: ResourceType): readonly KubeObject[] => lists.get(type) ?? [];
    io.stdout(
      `${rolloutText(
        { rollout: rollout.value, replicaSets: of(REPLICA_SET), pods: of(POD), analysisRuns: of(ANALYSIS_RUN), experiments: of(EXPERIMENT) },
        io.clock.now(),
        paintOf(flags, io),
      )}\n`,
    );
    return 0;
  },
};
