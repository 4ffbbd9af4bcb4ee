// `sluice get rollout NAME` and `sluice get experiment NAME`: one with all that belongs to it; once, as data, or redrawn as it changes.

import { stringify } from 'yaml';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, oneOf, oneOperand, readFlags } from './arguments.js';
import type { Command } from './command.js';
import { connect, errorText } from './connect.js';
import { drawTree, EXPERIMENT_TREE, notFoundText, ROLLOUT_TREE, TREE_FLAG_HELP, TREE_FLAGS, type TreeKind, watchLimitMs, watchTree } from './watch-tree.js';

type Verb = Pick<Command, 'words' | 'summary' | 'examples'> & { readonly kind: TreeKind; readonly what: string };

function getCommand({ kind, what, ...words }: Verb): Command {
  return {
    ...words,
    operands: 'NAME',
    flags: [...CLUSTER_FLAG_HELP, ...TREE_FLAG_HELP, '-o, --output FORMAT      json or yaml: the stored object'],
    async run(given, io) {
      const flags = readFlags(given, { ...CLUSTER_FLAGS, ...TREE_FLAGS, output: { type: 'string', short: 'o' } });
      const name = oneOperand(flags, `the name of ${what}`);
      const format = oneOf(flags, 'output', ['text', 'json', 'yaml'], 'text');
      watchLimitMs(flags);
      const target = await connect(flags, io);
      if (!target.ok) {
        io.stderr(`Error: ${target.error}\n`);
        return 1;
      }
      const { cluster, namespace } = target.value;
      const object = await cluster.get({ type: kind.type, namespace, name });
      if (!object.ok) {
        io.stderr(`Error: ${object.error.code === 404 ? notFoundText(kind, name) : errorText(object.error)}\n`);
        return 1;
      }
      if (format !== 'text') io.stdout(format === 'json' ? `${JSON.stringify(object.value, undefined, 4)}\n` : stringify(object.value));
      else if (flags.on('watch')) return watchTree(kind, target.value, name, flags, io);
      else io.stdout(`${await drawTree(kind, object.value, cluster, namespace, flags, io)}\n`);
      return 0;
    },
  };
}

export const getRollout = getCommand({
  words: 'get rollout',
  summary: 'Show a rollout: its state, images, replicas, revisions, pods and analysis runs.',
  examples: ['sluice get rollout reviews-rollout -n bookinfo', 'sluice get rollout myapp -w'],
  kind: ROLLOUT_TREE,
  what: 'a rollout',
});

export const getExperiment = getCommand({
  words: 'get experiment',
  summary: 'Show an experiment: its state, images, pods and analysis runs.',
  examples: ['sluice get experiment myapp-7f69d85bbf-2-0'],
  kind: EXPERIMENT_TREE,
  what: 'an experiment',
});
