// `sluice list rollouts`: one line each; with -w a new line whenever one changes.

import type { KubeObject } from '../kinds/kube-object.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { follow } from './follow.js';
import { headingLine, listLayout, type ListLayout, rolloutLine } from './rollout-list.js';

/** A watch looks for lines that changed at least this often. */
const LONGEST_STILL_MS = 5000;

const inOrder = (rollouts: readonly KubeObject[]): KubeObject[] =>
  rollouts.toSorted((a, b) => `${a.metadata.namespace}/${a.metadata.name}`.localeCompare(`${b.metadata.namespace}/${b.metadata.name}`));

async function watch(target: Target, namespace: string | undefined, layout: ListLayout, printed: Map<string, string>, io: CommandIo): Promise<void> {
  const following = follow(target.cluster, namespace, [ROLLOUT], io.clock, io.signal);
  while (!io.signal.aborted) {
    for (const rollout of inOrder(following.cache.list(ROLLOUT))) {
      const key = rollout.metadata.uid ?? rollout.metadata.name;
      const line = rolloutLine(rollout, layout);
      if (printed.get(key) !== line) io.stdout(`${line}\n`);
      printed.set(key, line);
    }
    await following.changed(LONGEST_STILL_MS);
  }
  following.stop();
}

export const listRollouts: Command = {
  words: 'list rollouts',
  summary: 'List rollouts with their steps, weights and replicas.',
  operands: '',
  flags: [...CLUSTER_FLAG_HELP, '-A, --all-namespaces     of all namespaces', '-w, --watch              print a line whenever one changes'],
  examples: ['sluice list rollouts -A', 'sluice list rollouts -n bookinfo -w'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, 'all-namespaces': { type: 'boolean', short: 'A' }, watch: { type: 'boolean', short: 'w' } });
    if (flags.operands.length > 0) throw new UsageError(`list rollouts takes no name (get rollout ${flags.operands[0]} shows one)`);
    const target = await connect(flags, io);
    if (!target.ok) {
      io.stderr(`Error: ${target.error}\n`);
      return 1;
    }
    const all = flags.on('all-namespaces');
    const namespace = all ? undefined : target.value.namespace;
    const list = await target.value.cluster.list(ROLLOUT, namespace === undefined ? {} : { namespace });
    if (!list.ok) {
      io.stderr(`Error: ${errorText(list.error)}\n`);
      return 1;
    }
    const rollouts = inOrder(list.value.items);
    if (rollouts.length === 0 && !flags.on('watch')) {
      io.stderr('No resources found.\n');
      return 0;
    }
    const layout = listLayout(rollouts, all);
    const lines = rollouts.map((rollout) => rolloutLine(rollout, layout));
    io.stdout(`${[headingLine(layout), ...lines].join('\n')}\n`);
    if (flags.on('watch'))
      await watch(
        target.value,
        namespace,
        layout,
        new Map(rollouts.map((rollout, index) => [rollout.metadata.uid ?? rollout.metadata.name, lines[index] ?? ''])),
        io,
      );
    return 0;
  },
};
