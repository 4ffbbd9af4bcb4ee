// The disruption controller: counts how many pods behind a budget may be taken away now.

import type { KubeObject, LabelSelector } from '../kinds/kube-object.js';
import { controllerOf } from '../kinds/kube-object.js';
import { matchesSelector } from '../kinds/label-selector.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import { DEPLOYMENT, POD, POD_DISRUPTION_BUDGET, REPLICA_SET } from '../kinds/resource-type.js';
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
  const { expectedPods, desiredHealthy } = demand(world, spec, pods);
  const currentHealthy = pods.filter((pod) => isPodReady(podOf(pod)) && !leaving.has(pod.metadata.name)).length;
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

/** As many as the workloads behind the pods want, so that pods that are being made anew count. */
function expected(world: World, pods: readonly KubeObject[]): number {
  const wanted = new Map<string, number>();
  for (const pod of pods) {
    const { namespace = '' } = pod.metadata;
    const owner = controllerOf(pod);
    const set = owner?.kind === REPLICA_SET.kind ? world.get({ type: REPLICA_SET, namespace, name: owner.name }) : undefined;
    const above = set === undefined ? undefined : controllerOf(set);
    // The sets of a Deployment make way for each other; what it wants of them all is one number.
    const deployment = above?.kind === DEPLOYMENT.kind ? world.get({ type: DEPLOYMENT, namespace, name: above.name }) : undefined;
    const workload = deployment ?? set ?? pod;
    wanted.set(workload.metadata.uid ?? '', workload === pod ? 1 : Number(recordAt(workload, 'spec')['replicas'] ?? 1));
  }
  return [...wanted.values()].reduce((sum, count) => sum + count, 0);
}

/** How many pods there should be, and how many of them may not be missing. A budget that says nothing allows nothing. */
function demand(
  world: World,
  spec: Readonly<Record<string, unknown>>,
  pods: readonly KubeObject[],
): { readonly expectedPods: number; readonly desiredHealthy: number } {
  const { minAvailable, maxUnavailable } = spec;
  if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable };
  if (minAvailable === undefined && maxUnavailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  const total = expected(world, pods);
  const share = (value: unknown): number => (typeof value === 'string' ? Math.ceil((Number(value.replace('%', '')) / 100) * total) : Number(value));
  const desiredHealthy = maxUnavailable === undefined ? share(minAvailable) : Math.max(0, total - share(maxUnavailable));
  return { expectedPods: total, desiredHealthy };
}
