// The ReplicaSet controller: claims pods, makes and deletes them until their number is the one asked for, and counts them.

import type { Change } from '../kinds/change.js';
import { controllerOf } from '../kinds/kube-object.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { matchesSelector } from '../kinds/label-selector.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import type { Pod } from '../kinds/pod.js';
import { replicaSetOf } from '../kinds/replica-set.js';
import type { ReplicaSet, ReplicaSetStatus, WorkloadCondition } from '../kinds/replica-set.js';
import { POD, REPLICA_SET } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import { formatTime, type Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { hasLabels } from './label-match.js';
import { availableAt, inDeletionOrder, isActive } from './pod-ranking.js';
import { announce, earlier, mergeInto, mergeStatus, NOTHING } from './world.js';
import type { Announcement, Step, World } from './world.js';

/** The most pods made or deleted in one step; the rest follows in the next. */
export const MOST_PODS_A_STEP = 500;

/** Names longer than this are cut before the suffix, as the API server does with generateName. */
const LONGEST_NAME_BASE = 58;

type Claim = { readonly pods: readonly Pod[]; readonly changes: readonly Change[] };

/** `refusal`: what the server said when it would not have another pod of this set. */
export function stepReplicaSet(world: World, object: KubeObject, now: Instant, rng: Rng, refusal?: string): Step {
  const replicaSet = replicaSetOf(object);
  if (object.metadata.deletionTimestamp !== undefined) return NOTHING;
  const claim = claimPods(world, replicaSet);
  const active = claim.pods.filter(isActive);
  const wanted = replicaSet.spec.replicas ?? 1;
  const scaling =
    active.length < wanted
      ? createPods(object, replicaSet, Math.min(wanted - active.length, MOST_PODS_A_STEP), rng)
      : deletePods(object, inDeletionOrder(active).slice(0, Math.min(active.length - wanted, MOST_PODS_A_STEP)));
  const status = countPods(replicaSet, active, now);
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const due = active.map((pod) => availableAt(pod, minReadySeconds)).filter((at) => at !== undefined && at > now);
  return {
    // Counted first: a pod that is refused must not keep the others from being seen.
    changes: [...claim.changes, ...writeStatus(object, replicaSet, { ...status, conditions: failureOf(replicaSet, refusal, now) }), ...scaling.changes],
    notes: scaling.notes,
    vanish: [],
    wakeAt: due.reduce<Instant | undefined>(earlier, undefined),
  };
}

/** Own pods, orphans that answer to the selector (to be adopted), without own ones that no longer do (to be released). */
function claimPods(world: World, replicaSet: ReplicaSet): Claim {
  const uid = replicaSet.metadata.uid ?? '';
  const pods: Pod[] = [];
  const changes: Change[] = [];
  for (const object of world.list(POD, replicaSet.metadata.namespace ?? '')) {
    const controller = controllerOf(object);
    if (controller !== undefined && controller.uid !== uid) continue;
    const pod = podOf(object);
    const selected = matchesSelector(replicaSet.spec.selector, object.metadata.labels);
    if (controller !== undefined) {
      if (selected || object.metadata.deletionTimestamp !== undefined) pods.push(pod);
      else
        changes.push(
          setOwners(
            object,
            (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid),
            'release',
          ),
        );
    } else if (selected && isActive(pod)) {
      pods.push(pod);
      changes.push(setOwners(object, [...(object.metadata.ownerReferences ?? []), ownerReference(replicaSet)], 'adopt'));
    }
  }
  return { pods, changes };
}

const setOwners = (pod: KubeObject, owners: readonly unknown[], why: string): Change =>
  mergeInto(POD, pod, { metadata: { ownerReferences: owners.length === 0 ? null : owners } }, why);

const ownerReference = (replicaSet: ReplicaSet): Record<string, unknown> => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: replicaSet.metadata.name,
  uid: replicaSet.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

function createPods(
  object: KubeObject,
  replicaSet: ReplicaSet,
  count: number,
  rng: Rng,
): { readonly changes: readonly Change[]; readonly notes: readonly Announcement[] } {
  const changes: Change[] = [];
  const notes: Announcement[] = [];
  const namespace = object.metadata.namespace ?? '';
  const template = replicaSet.spec.template;
  const taken = new Set<string>();
  while (changes.length < count) {
    const name = `${object.metadata.name.slice(0, LONGEST_NAME_BASE - 1)}-${rng.suffix(5)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        generateName: `${object.metadata.name.slice(0, LONGEST_NAME_BASE - 1)}-`,
        namespace,
        ...(template?.metadata?.labels === undefined ? {} : { labels: template.metadata.labels }),
        ...(template?.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ownerReferences: [ownerReference(replicaSet)],
      },
      spec: template?.spec ?? { containers: [] },
    } as unknown as KubeObject;
    changes.push({ type: 'create', ref: { type: POD, namespace, name }, object: pod, why: 'scale up' });
    notes.push(announce('replicaset-controller', object, 'SuccessfulCreate', `Created pod: ${name}`));
  }
  return { changes, notes };
}

function deletePods(object: KubeObject, pods: readonly Pod[]): { readonly changes: readonly Change[]; readonly notes: readonly Announcement[] } {
  return {
    changes: pods.map(
      ({ metadata: { namespace = '', name, uid } }): Change => ({
        type: 'delete',
        ref: { type: POD, namespace, name },
        ...(uid === undefined ? {} : { uid }),
        why: 'scale down',
      }),
    ),
    notes: pods.map((pod) => announce('replicaset-controller', object, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)),
  };
}

function countPods(replicaSet: ReplicaSet, active: readonly Pod[], now: Instant): ReplicaSetStatus {
  const templateLabels = replicaSet.spec.template?.metadata?.labels ?? {};
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const fullyLabeled = active.filter((pod) => hasLabels(pod.metadata.labels, templateLabels)).length;
  const ready = active.filter(isPodReady).length;
  const available = active.filter((pod) => (availableAt(pod, minReadySeconds) ?? Infinity) <= now).length;
  return {
    replicas: active.length,
    fullyLabeledReplicas: fullyLabeled,
    readyReplicas: ready,
    availableReplicas: available,
    observedGeneration: replicaSet.metadata.generation,
  };
}

/** The condition ReplicaFailure, while pods are refused. */
function failureOf(replicaSet: ReplicaSet, refusal: string | undefined, now: Instant): readonly WorkloadCondition[] {
  if (refusal === undefined) return [];
  const before = replicaSet.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  return [before ?? { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal, lastTransitionTime: formatTime(now) }];
}

const COUNTS = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const;

/** Counts of nought are left out, as the real server's JSON has them. */
function writeStatus(object: KubeObject, replicaSet: ReplicaSet, wanted: ReplicaSetStatus): readonly Change[] {
  const before = replicaSet.status;
  const same =
    before !== undefined &&
    COUNTS.every((key) => (before[key] ?? 0) === (wanted[key] ?? 0)) &&
    deepEqual(before.observedGeneration, wanted.observedGeneration) &&
    deepEqual(before.conditions ?? [], wanted.conditions);
  if (same) return [];
  const counts = Object.fromEntries(COUNTS.map((key) => [key, key !== 'replicas' && wanted[key] === 0 ? null : wanted[key]]));
  const conditions = wanted.conditions?.length === 0 ? null : wanted.conditions;
  return [mergeStatus(REPLICA_SET, object, { ...counts, observedGeneration: wanted.observedGeneration, conditions }, 'count pods')];
}
