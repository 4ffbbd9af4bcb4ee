// `sluice list rollouts`: one line each; with -w a new line whenever one changes.

import type { KubeObject } from '../kinds/kube-object.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { follow } from './follow.js';
import { headingLine, listLayout, type ListLayout, rolloutLine, stamped } from './rollout-list.js';

/** A watch looks for lines that changed at least this often. */
const LONGEST_STILL_MS = 5000;

const inOrder = (rollouts: readonly KubeObject[]): KubeObject[] =>
  rollouts.toSorted((a, b) => `${a.metadata.namespace}/${a.metadata.name}`.localeCompare(`${b.metadata.namespace}/${b.metadata.name}`));

/** Which rollouts: of one namespace or all, and all of them or one. */
type Which = { readonly namespace: string | undefined; named(rollout: KubeObject): boolean };

/** What each rollout's line said last. */
type Printed = { readonly layout: ListLayout; readonly lines: Map<string, string> };

const keyOf = ({ metadata }: KubeObject): string => metadata.uid ?? metadata.name;

async function watch(target: Target, which: Which, { layout, lines }: Printed, io: CommandIo): Promise<void> {
  const { namespace, named } = which;
  const following = follow(target.cluster, namespace, [ROLLOUT], io.clock, io.signal);
  while (!io.signal.aborted) {
    for (const rollout of inOrder(following.cache.list(ROLLOUT).filter(named))) {
      const key = keyOf(rollout);
      const line = rolloutLine(rollout, layout);
      if (lines.get(key) !== line) io.stdout(`${stamped(line, layout, io.clock.now())}\n`);
      lines.set(key, line);
    }
    await following.changed(LONGEST_STILL_MS);
  }
  following.stop();
}

export const listRollouts: Command = {
  words: 'list rollouts',
  summary: 'List rollouts with their steps, weights and replicas.',
  operands: '',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '-A, --all-namespaces     of all namespaces',
    '    --name NAME          only the one of this name',
    '-w, --watch              print a line whenever one changes',
    '    --timestamps         each line begins with the time',
  ],
  examples: ['sluice list rollouts -A', 'sluice list rollouts -n bookinfo -w'],
  async run(words, io) {
    const flags = readFlags(words, {
      ...CLUSTER_FLAGS,
      'all-namespaces': { type: 'boolean', short: 'A' },
      watch: { type: 'boolean', short: 'w' },
      name: { type: 'string' },
      timestamps: { type: 'boolean' },
    });
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
    const name = flags.text('name');
    const named = ({ metadata }: KubeObject): boolean => name === undefined || metadata.name === name;
    const rollouts = inOrder(list.value.items.filter(named));
    if (rollouts.length === 0 && !flags.on('watch')) {
      io.stderr('No resources found.\n');
      return 0;
    }
    const layout = listLayout(rollouts, all, flags.on('timestamps'));
    const lines = rollouts.map((rollout) => rolloutLine(rollout, layout));
    const now = io.clock.now();
    io.stdout(`${[headingLine(layout), ...lines.map((line) => stamped(line, layout, now))].join('\n')}\n`);
    if (flags.on('watch'))
      await watch(target.value, { namespace, named }, { layout, lines: new Map(rollouts.map((rollout, index) => [keyOf(rollout), lines[index] ?? ''])) }, io);
    return 0;
  },
};
