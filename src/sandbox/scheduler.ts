// The scheduler: gives each new pod one of the nodes that take pods, the one with the fewest.

import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { podOf } from '../kinds/pod.js';
import { NODE, POD } from '../kinds/resource-type.js';
import { ANNOTATION_PREFIX } from './behaviour.js';
import { announce, mergeInto, mergeStatus, NOTHING, recordAt } from './world.js';
import type { Step, World } from './world.js';

const takesPods = (node: KubeObject): boolean => recordAt(node, 'spec')['unschedulable'] !== true && node.metadata.deletionTimestamp === undefined;

/** Binds the pods that have no node yet. Takes all at once, so that pods made together are spread. They wait while no node takes any. */
export function stepScheduler(world: World, pods: readonly KubeObject[]): Step {
  const unbound = pods.filter((pod) => podOf(pod).spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined);
  if (unbound.length === 0) return NOTHING;
  const nodes = world.list(NODE);
  // Those that register themselves are not there yet.
  if (nodes.length === 0) return NOTHING;
  const names = nodes.filter(takesPods).map((node) => node.metadata.name);
  const refused = unbound.filter((pod) => names.length === 0 || isUnschedulable(pod));
  const silent = refused.filter((pod) => !isToldSo(pod));
  const bound = place(
    world,
    unbound.filter((pod) => !refused.includes(pod)),
    names,
  );
  const cause = (pod: KubeObject): string => noNode(nodes.length, isUnschedulable(pod) ? 'Insufficient cpu' : 'node(s) were unschedulable');
  return {
    ...NOTHING,
    changes: [...silent.map((pod) => refusal(pod, cause(pod))), ...bound.map(({ pod, nodeName }) => mergeInto(POD, pod, { spec: { nodeName } }, 'schedule'))],
    notes: [
      ...silent.map((pod) => announce('default-scheduler', pod, 'FailedScheduling', cause(pod), 'Warning')),
      ...bound.map(({ pod, nodeName }) => {
        const { namespace = '', name } = pod.metadata;
        return announce('default-scheduler', pod, 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`);
      }),
    ],
  };
}

type Placed = { readonly pod: KubeObject; readonly nodeName: string };

function place(world: World, waiting: readonly KubeObject[], names: readonly string[]): readonly Placed[] {
  const load = new Map(names.toSorted().map((name) => [name, 0]));
  for (const pod of world.list(POD)) {
    const node = podOf(pod).spec.nodeName;
    if (node !== undefined && load.has(node)) load.set(node, (load.get(node) ?? 0) + 1);
  }
  return waiting.map((pod) => {
    const [nodeName = ''] = [...load].toSorted(([, a], [, b]) => a - b)[0] ?? [];
    load.set(nodeName, (load.get(nodeName) ?? 0) + 1);
    return { pod, nodeName };
  });
}

const noNode = (count: number, why: string): string => `0/${count} nodes are available: ${count} ${why}. preemption: 0/${count} nodes are available.`;

const isUnschedulable = (pod: KubeObject): boolean => pod.metadata.annotations?.[`${ANNOTATION_PREFIX}schedule`] === 'never';

const isToldSo = (pod: KubeObject): boolean => podOf(pod).status?.conditions?.some(({ type }) => type === 'PodScheduled') === true;

const refusal = (pod: KubeObject, message: string): Change =>
  mergeStatus(POD, pod, { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] }, 'no node');
