// The disruption controller: counts how many pods behind a budget may be taken away now.

import type { KubeObject, LabelSelector } from '../kinds/kube-object.js';
import { controllerOf } from '../kinds/kube-object.js';
import { matchesSelector } from '../kinds/label-selector.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import { POD, POD_DISRUPTION_BUDGET, REPLICA_SET } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import { formatTime, parseTime, type Instant } from '../lib/instant.js';
import { isActive } from './pod-ranking.js';
import { earlier, mergeStatus, NOTHING, recordAt } from './world.js';
import type { Step, World } from './world.js';

/** An eviction that has not shown itself after so long is forgotten. */
const EVICTION_MEMORY_MS = 120_000;

export function stepBudget(world: World, budget: KubeObject, now: Instant): Step {
  if (budget.metadata.deletionTimestamp !== undefined) return NOTHING;
  const { namespace = '', generation } = budget.metadata;
  const spec = recordAt(budget, 'spec');
  const { selector } = spec;
  const pods = world
    .list(POD, namespace)
    .filter((pod) => selector !== undefined && matchesSelector(selector as LabelSelector, pod.metadata.labels) && isActive(podOf(pod)));
  const before = recordAt(budget, 'status');
  const evicting = Object.entries(recordAt(before, 'disruptedPods')).filter(([name, since]) => {
    const at = parseTime(String(since));
    return at !== undefined && at + EVICTION_MEMORY_MS > now && pods.some((pod) => pod.metadata.name === name);
  });
  const leaving = new Set(evicting.map(([name]) => name));
  const expectedPods = expected(world, namespace, pods);
  const currentHealthy = pods.filter((pod) => isPodReady(podOf(pod)) && !leaving.has(pod.metadata.name)).length;
  const desiredHealthy = Math.max(0, needed(spec, expectedPods));
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const disruptedPods = Object.fromEntries(
    Object.keys(recordAt(before, 'disruptedPods')).map((name) => [name, evicting.find(([one]) => one === name)?.[1] ?? null]),
  );
  const counts = { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods, observedGeneration: generation };
  const wakeAt = evicting.map(([, since]) => (parseTime(String(since)) ?? now) + EVICTION_MEMORY_MS).reduce<Instant | undefined>(earlier, undefined);
  const same = Object.entries(counts).every(([key, value]) => deepEqual(before[key], value)) && Object.values(disruptedPods).every((since) => since !== null);
  if (same) return { ...NOTHING, wakeAt };
  const allowed = disruptionsAllowed > 0;
  const condition = {
    type: 'DisruptionAllowed',
    status: allowed ? 'True' : 'False',
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration: generation,
    lastTransitionTime: transitionTime(before, allowed, now),
  };
  return {
    ...NOTHING,
    wakeAt,
    changes: [mergeStatus(POD_DISRUPTION_BUDGET, budget, { ...counts, disruptedPods, conditions: [condition] }, 'count disruptions')],
  };
}

function transitionTime(before: Readonly<Record<string, unknown>>, allowed: boolean, now: Instant): string {
  const conditions = Array.isArray(before['conditions']) ? (before['conditions'] as Record<string, unknown>[]) : [];
  const known = conditions.find((condition) => condition['status'] === (allowed ? 'True' : 'False'));
  return typeof known?.['lastTransitionTime'] === 'string' ? known['lastTransitionTime'] : formatTime(now);
}

/** As many as the ReplicaSets behind the pods want, so that pods that are being made anew count. */
function expected(world: World, namespace: string, pods: readonly KubeObject[]): number {
  const owners = new Set(pods.map((pod) => controllerOf(pod)?.uid ?? `pod ${pod.metadata.name}`));
  const sets = world.list(REPLICA_SET, namespace).filter((set) => owners.has(set.metadata.uid ?? ''));
  const wanted = sets.reduce((sum, set) => sum + Number(recordAt(set, 'spec')['replicas'] ?? 1), 0);
  return wanted + pods.filter((pod) => !sets.some((set) => set.metadata.uid === controllerOf(pod)?.uid)).length;
}

function needed(spec: Readonly<Record<string, unknown>>, total: number): number {
  const { minAvailable, maxUnavailable } = spec;
  const share = (value: unknown): number => (typeof value === 'string' ? Math.ceil((Number(value.replace('%', '')) / 100) * total) : Number(value));
  if (maxUnavailable !== undefined) return total - share(maxUnavailable);
  return minAvailable === undefined ? Math.max(0, total - 1) : share(minAvailable);
}
