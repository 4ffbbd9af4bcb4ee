// The scheduler: gives each new pod one of a few pretend nodes, the one with the fewest pods.

import type { KubeObject } from '../kinds/kube-object.js';
import { podOf } from '../kinds/pod.js';
import { POD } from '../kinds/resource-type.js';
import type { Change } from '../kinds/change.js';
import { ANNOTATION_PREFIX } from './behaviour.js';
import { announce, mergeInto, mergeStatus, NOTHING } from './world.js';
import type { Step, World } from './world.js';

export const NODE_NAMES: readonly string[] = ['sandbox-node-1', 'sandbox-node-2', 'sandbox-node-3'];

/** The address under which a node is said to be reached. */
export function nodeAddress(nodeName: string): string {
  const index = NODE_NAMES.indexOf(nodeName);
  return `10.89.0.${index < 0 ? 250 : index + 2}`;
}

/** Binds the pods that have no node yet. Takes all at once, so that pods made together are spread. */
export function stepScheduler(world: World, pods: readonly KubeObject[]): Step {
  const unbound = pods.filter((pod) => podOf(pod).spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined);
  if (unbound.length === 0) return NOTHING;
  const refused = unbound.filter(isUnschedulable);
  const waiting = unbound.filter((pod) => !refused.includes(pod));
  const load = new Map(NODE_NAMES.map((name) => [name, 0]));
  for (const pod of world.list(POD)) {
    const node = podOf(pod).spec.nodeName;
    if (node !== undefined && load.has(node)) load.set(node, (load.get(node) ?? 0) + 1);
  }
  const bound = waiting.map((pod) => {
    const [nodeName = 'sandbox-node-1'] = [...load].toSorted(([, a], [, b]) => a - b)[0] ?? [];
    load.set(nodeName, (load.get(nodeName) ?? 0) + 1);
    return { pod, nodeName };
  });
  return {
    ...NOTHING,
    changes: [
      ...refused.filter((pod) => !isToldSo(pod)).map(refusal),
      ...bound.map(({ pod, nodeName }) => mergeInto(POD, pod, { spec: { nodeName } }, 'schedule')),
    ],
    notes: [
      ...refused.filter((pod) => !isToldSo(pod)).map((pod) => announce('default-scheduler', pod, 'FailedScheduling', NO_NODE, 'Warning')),
      ...bound.map(({ pod, nodeName }) => {
        const { namespace = '', name } = pod.metadata;
        return announce('default-scheduler', pod, 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`);
      }),
    ],
  };
}

const NO_NODE = `0/${NODE_NAMES.length} nodes are available: ${NODE_NAMES.length} Insufficient cpu. preemption: 0/${NODE_NAMES.length} nodes are available.`;

const isUnschedulable = (pod: KubeObject): boolean => pod.metadata.annotations?.[`${ANNOTATION_PREFIX}schedule`] === 'never';

const isToldSo = (pod: KubeObject): boolean => podOf(pod).status?.conditions?.some(({ type }) => type === 'PodScheduled') === true;

const refusal = (pod: KubeObject): Change =>
  mergeStatus(POD, pod, { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: NO_NODE }] }, 'no node');
