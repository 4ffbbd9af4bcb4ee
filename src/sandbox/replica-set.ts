// The ReplicaSet controller: claims pods, makes and deletes them until their number is the one asked for, and counts them.

import type { Change } from '../kinds/change.js';
import { controllerOf } from '../kinds/kube-object.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { matchesSelector } from '../kinds/label-selector.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import type { Pod } from '../kinds/pod.js';
import { replicaSetOf } from '../kinds/replica-set.js';
import type { ReplicaSet, ReplicaSetStatus } from '../kinds/replica-set.js';
import { POD, REPLICA_SET, RESOURCE_QUOTA } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import { formatTime, type Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { hasLabels } from './label-match.js';
import { availableAt, inDeletionOrder, isActive } from './pod-ranking.js';
import { announce, earlier, mergeInto, mergeStatus, NOTHING, recordAt } from './world.js';
import type { Announcement, Step, World } from './world.js';

/** The most pods made or deleted in one step; the rest follows in the next. */
export const MOST_PODS_A_STEP = 500;

/** Names longer than this are cut before the suffix, as the API server does with generateName. */
const LONGEST_NAME_BASE = 58;

/** A quota is looked at again after this: nothing tells when there is room. */
const QUOTA_RETRY_MS = 15_000;

type Claim = { readonly pods: readonly Pod[]; readonly changes: readonly Change[] };

export function stepReplicaSet(world: World, object: KubeObject, now: Instant, rng: Rng): Step {
  const replicaSet = replicaSetOf(object);
  if (object.metadata.deletionTimestamp !== undefined) return NOTHING;
  const claim = claimPods(world, replicaSet);
  const active = claim.pods.filter(isActive);
  const wanted = replicaSet.spec.replicas ?? 1;
  const missing = Math.min(wanted - active.length, MOST_PODS_A_STEP);
  const refusal = missing > 0 ? quotaRefusal(world, object, missing) : undefined;
  const scaling =
    active.length < wanted
      ? createPods(object, replicaSet, Math.min(missing, refusal?.room ?? missing), rng)
      : deletePods(object, inDeletionOrder(active).slice(0, Math.min(active.length - wanted, MOST_PODS_A_STEP)));
  const status = countPods(replicaSet, active, now);
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const due = active.map((pod) => availableAt(pod, minReadySeconds)).filter((at) => at !== undefined && at > now);
  return {
    changes: [...claim.changes, ...scaling.changes, ...writeStatus(object, replicaSet, status), ...writeFailure(object, replicaSet, refusal?.message, now)],
    notes: [
      ...scaling.notes,
      ...(refusal === undefined ? [] : [announce('replicaset-controller', object, 'FailedCreate', `Error creating: ${refusal.message}`, 'Warning')]),
    ],
    vanish: [],
    wakeAt: due.reduce<Instant | undefined>(earlier, refusal === undefined ? undefined : now + QUOTA_RETRY_MS),
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

const COUNTS = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const;

/** Counts of nought are left out, as the real server's JSON has them. */
function writeStatus(object: KubeObject, replicaSet: ReplicaSet, wanted: ReplicaSetStatus): readonly Change[] {
  const before = replicaSet.status;
  const same =
    before !== undefined && COUNTS.every((key) => (before[key] ?? 0) === (wanted[key] ?? 0)) && deepEqual(before.observedGeneration, wanted.observedGeneration);
  if (same) return [];
  const counts = Object.fromEntries(COUNTS.map((key) => [key, key !== 'replicas' && wanted[key] === 0 ? null : wanted[key]]));
  return [mergeStatus(REPLICA_SET, object, { ...counts, observedGeneration: wanted.observedGeneration }, 'count pods')];
}

type QuotaRefusal = { readonly room: number; readonly message: string };

/** Quotas count pods only: what they ask for is not measured here. Undefined when there is room for all. */
function quotaRefusal(world: World, object: KubeObject, missing: number): QuotaRefusal | undefined {
  const namespace = object.metadata.namespace ?? '';
  const quotas = world.list(RESOURCE_QUOTA, namespace).flatMap((quota) => {
    const limit = Number(recordAt(quota, 'spec', 'hard')['pods'] ?? Number.NaN);
    return Number.isFinite(limit) ? [{ name: quota.metadata.name, limit }] : [];
  });
  if (quotas.length === 0) return undefined;
  const used = world.list(POD, namespace).filter((pod) => isActive(podOf(pod))).length;
  const tight = quotas.toSorted((a, b) => a.limit - b.limit)[0];
  if (tight === undefined || used + missing <= tight.limit) return undefined;
  const words = `exceeded quota: ${tight.name}, requested: pods=1, used: pods=${used}, limited: pods=${tight.limit}`;
  return { room: Math.max(0, tight.limit - used), message: `pods "${object.metadata.name}-" is forbidden: ${words}` };
}

/** The condition ReplicaFailure, while pods are refused. */
function writeFailure(object: KubeObject, replicaSet: ReplicaSet, message: string | undefined, now: Instant): readonly Change[] {
  const before = replicaSet.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (before?.message === message) return [];
  const others = (replicaSet.status?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
  const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime: formatTime(now) };
  return [mergeStatus(REPLICA_SET, object, { conditions: message === undefined ? others : [...others, failure] }, 'failure')];
}
