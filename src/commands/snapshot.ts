// `sluice snapshot NAME`: one rollout for a chat, a ticket or the next shift, as the key S writes it.

import { snapshotText, withoutMarks } from '../console/snapshot-text.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, oneOf, oneOperand, readFlags } from './arguments.js';
import type { Command } from './command.js';
import { connect } from './connect.js';
import { readWorld } from './read-world.js';

export const snapshot: Command = {
  words: 'snapshot',
  summary: 'Write what there is to know of a rollout, for a chat or a hand-over: state, why, numbers, timeline, what can be done.',
  operands: 'NAME',
  flags: [...CLUSTER_FLAG_HELP, '-o, --output FORMAT    markdown or text (default: markdown)'],
  examples: ['sluice snapshot reviews-rollout -n bookinfo', 'sluice snapshot myapp -o text | mail -s "myapp" oncall'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, output: { type: 'string', short: 'o' } });
    const name = oneOperand(flags, 'the name of a rollout');
    const form = oneOf(flags, 'output', ['markdown', 'text'], 'markdown');
    const target = await connect(flags, io);
    const read = target.ok ? await readWorld(target.value.cluster, target.value.namespace, name, io) : target;
    if (!read.ok) {
      io.stderr(`Error: ${read.error}\n`);
      return 1;
    }
    const { facts, index, driver, events } = read.value;
    const context = target.ok ? target.value.cluster.name : '';
    const text = snapshotText({ facts, index, driver, events, context, fresh: true, now: io.clock.now() });
    io.stdout(form === 'text' ? withoutMarks(text) : text);
    return 0;
  },
};
