// `sluice list experiments`: one line each.

import { inOrder } from '../kinds/kube-object.js';
import { EXPERIMENT } from '../kinds/resource-type.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, readFlags } from './arguments.js';
import { type Command, UsageError } from './command.js';
import { connect, errorText } from './connect.js';
import { experimentList } from './experiment-text.js';

export const listExperiments: Command = {
  words: 'list experiments',
  summary: 'List experiments with their state and the time they have left.',
  operands: '',
  flags: [...CLUSTER_FLAG_HELP, '-A, --all-namespaces     of all namespaces'],
  examples: ['sluice list experiments -A'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, 'all-namespaces': { type: 'boolean', short: 'A' } });
    if (flags.operands.length > 0) throw new UsageError(`list experiments takes no name (get experiment ${flags.operands[0]} shows one)`);
    const target = await connect(flags, io);
    if (!target.ok) {
      io.stderr(`Error: ${target.error}\n`);
      return 1;
    }
    const all = flags.on('all-namespaces');
    const list = await target.value.cluster.list(EXPERIMENT, all ? {} : { namespace: target.value.namespace });
    if (!list.ok) {
      io.stderr(`Error: ${errorText(list.error)}\n`);
      return 1;
    }
    const experiments = inOrder(list.value.items);
    if (experiments.length === 0) io.stderr('No resources found.\n');
    else io.stdout(`${experimentList(experiments, io.clock.now(), all)}\n`);
    return 0;
  },
};
