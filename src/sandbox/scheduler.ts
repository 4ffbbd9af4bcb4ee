// The scheduler: gives each new pod one of the nodes that take pods, the one with the fewest.

import type { KubeObject } from '../kinds/kube-object.js';
import { podOf } from '../kinds/pod.js';
import { NODE, POD } from '../kinds/resource-type.js';
import { announce, mergeInto, NOTHING, recordAt } from './world.js';
import type { Step, World } from './world.js';

const takesPods = (node: KubeObject): boolean => recordAt(node, 'spec')['unschedulable'] !== true && node.metadata.deletionTimestamp === undefined;

/** Binds the pods that have no node yet. Takes all at once, so that pods made together are spread. They wait while no node takes any. */
export function stepScheduler(world: World, pods: readonly KubeObject[]): Step {
  const waiting = pods.filter((pod) => podOf(pod).spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined);
  const names =
    waiting.length === 0
      ? []
      : world
          .list(NODE)
          .filter(takesPods)
          .map((node) => node.metadata.name);
  if (names.length === 0) return NOTHING;
  const load = new Map(names.toSorted().map((name) => [name, 0]));
  for (const pod of world.list(POD)) {
    const node = podOf(pod).spec.nodeName;
    if (node !== undefined && load.has(node)) load.set(node, (load.get(node) ?? 0) + 1);
  }
  const bound = waiting.map((pod) => {
    const [nodeName = ''] = [...load].toSorted(([, a], [, b]) => a - b)[0] ?? [];
    load.set(nodeName, (load.get(nodeName) ?? 0) + 1);
    return { pod, nodeName };
  });
  return {
    ...NOTHING,
    changes: bound.map(({ pod, nodeName }) => mergeInto(POD, pod, { spec: { nodeName } }, 'schedule')),
    notes: bound.map(({ pod, nodeName }) => {
      const { namespace = '', name } = pod.metadata;
      return announce('default-scheduler', pod, 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`);
    }),
  };
}
