// `sluice get experiment NAME` and `sluice list experiments`: what experiments there are, and how one stands.

import { stringify } from 'yaml';
import type { Cluster } from '../cluster/cluster.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ANALYSIS_RUN, EXPERIMENT, POD, REPLICA_SET, type ResourceType } from '../kinds/resource-type.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, oneOf, oneOperand, readFlags } from './arguments.js';
import { type Command, UsageError } from './command.js';
import { connect, errorText } from './connect.js';
import { experimentList, experimentText } from './experiment-text.js';
import { coloured, plain } from './rollout-tree.js';

async function listed(cluster: Cluster, type: ResourceType, namespace: string): Promise<readonly KubeObject[]> {
  const list = await cluster.list(type, { namespace });
  return list.ok ? list.value.items : [];
}

export const getExperiment: Command = {
  words: 'get experiment',
  summary: 'Show an experiment: its state, images, pods and analysis runs.',
  operands: 'NAME',
  flags: [...CLUSTER_FLAG_HELP, '-o, --output FORMAT      json or yaml: the stored object', '    --no-color           no colours'],
  examples: ['sluice get experiment myapp-7f69d85bbf-2-0'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, output: { type: 'string', short: 'o' }, 'no-color': { type: 'boolean' } });
    const name = oneOperand(flags, 'the name of an experiment');
    const format = oneOf(flags, 'output', ['text', 'json', 'yaml'], 'text');
    const target = await connect(flags, io);
    if (!target.ok) {
      io.stderr(`Error: ${target.error}\n`);
      return 1;
    }
    const { cluster, namespace } = target.value;
    const experiment = await cluster.get({ type: EXPERIMENT, namespace, name });
    if (!experiment.ok) {
      io.stderr(`Error: ${experiment.error.code === 404 ? `experiment.argoproj.io "${name}" not found` : errorText(experiment.error)}\n`);
      return 1;
    }
    if (format !== 'text') {
      io.stdout(format === 'json' ? `${JSON.stringify(experiment.value, undefined, 4)}\n` : stringify(experiment.value));
      return 0;
    }
    const [replicaSets, pods, analysisRuns] = await Promise.all([REPLICA_SET, POD, ANALYSIS_RUN].map((type) => listed(cluster, type, namespace)));
    const objects = { replicaSets: replicaSets ?? [], pods: pods ?? [], analysisRuns: analysisRuns ?? [] };
    io.stdout(`${experimentText(experiment.value, objects, io.clock.now(), io.colour && !flags.on('no-color') ? coloured : plain)}\n`);
    return 0;
  },
};

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
    const experiments = list.value.items.toSorted((a, b) =>
      `${a.metadata.namespace}/${a.metadata.name}`.localeCompare(`${b.metadata.namespace}/${b.metadata.name}`),
    );
    if (experiments.length === 0) io.stderr('No resources found.\n');
    else io.stdout(`${experimentList(experiments, io.clock.now(), all)}\n`);
    return 0;
  },
};
