// Which pods go first when a ReplicaSet shrinks: the order of the real controller, so that the pods a user sees vanish are the same.

import { isPodReady, podReadySince } from '../kinds/pod.js';
import type { Pod } from '../kinds/pod.js';
import { parseTime } from '../lib/instant.js';

const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

const costOf = (pod: Pod): number => Number(pod.metadata.annotations?.[DELETION_COST] ?? 0) || 0;
const restartsOf = (pod: Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
const readySince = (pod: Pod): number => parseTime(podReadySince(pod)) ?? 0;
const createdAt = (pod: Pod): number => parseTime(pod.metadata.creationTimestamp) ?? 0;

/** Sorts the pods that should be deleted first to the front. */
export function inDeletionOrder(pods: readonly Pod[]): readonly Pod[] {
  const perNode = new Map<string, number>();
  for (const pod of pods) perNode.set(pod.spec.nodeName ?? '', (perNode.get(pod.spec.nodeName ?? '') ?? 0) + 1);
  const crowd = (pod: Pod): number => perNode.get(pod.spec.nodeName ?? '') ?? 0;
  const compare = (a: Pod, b: Pod): number =>
    Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined) ||
    (PHASE_ORDER[a.status?.phase ?? 'Pending'] ?? 2) - (PHASE_ORDER[b.status?.phase ?? 'Pending'] ?? 2) ||
    Number(isPodReady(a)) - Number(isPodReady(b)) ||
    costOf(a) - costOf(b) ||
    (isPodReady(a) && isPodReady(b) ? crowd(b) - crowd(a) || readySince(b) - readySince(a) : 0) ||
    restartsOf(b) - restartsOf(a) ||
    createdAt(b) - createdAt(a);
  return pods.toSorted(compare);
}

/** Whether a pod has neither ended nor been told to. */
export function isActive(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
}

/** When a ready pod counts as available; undefined while it is not ready. */
export function availableAt(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isPodReady(pod)) return undefined;
  return minReadySeconds === 0 ? 0 : (parseTime(podReadySince(pod)) ?? 0) + minReadySeconds * 1000;
}
