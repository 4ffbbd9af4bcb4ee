// The Deployment controller: one ReplicaSet for each template, and a rolling update (or a recreation) from the old ones to the newest.

import type { Change } from '../kinds/change.js';
import { controllerOf } from '../kinds/kube-object.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import { podTemplateHash } from '../kinds/pod-template-hash.js';
import type { PodTemplateSpec } from '../kinds/pod-template.js';
import { deploymentOf, replicaSetOf } from '../kinds/replica-set.js';
import type { Deployment, ReplicaSet } from '../kinds/replica-set.js';
import { DEPLOYMENT, REPLICA_SET } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';
import { deploymentStatus } from './deployment-status.js';
import { limitsOf, nextNewSize, shrinkOld } from './rolling-update.js';
import type { Resize, RollingLimits, Sized } from './rolling-update.js';
import { announce, mergeInto, mergeStatus, NOTHING } from './world.js';
import type { Announcement, Step, World } from './world.js';

const TEMPLATE_HASH_LABEL = 'pod-template-hash';
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';
const HISTORY_ANNOTATION = 'deployment.kubernetes.io/revision-history';
const DESIRED_ANNOTATION = 'deployment.kubernetes.io/desired-replicas';
const MAX_ANNOTATION = 'deployment.kubernetes.io/max-replicas';
const OWN_ANNOTATIONS: readonly string[] = [
  REVISION_ANNOTATION,
  HISTORY_ANNOTATION,
  DESIRED_ANNOTATION,
  MAX_ANNOTATION,
  'deprecated.deployment.rollback.to',
  'kubectl.kubernetes.io/last-applied-configuration',
];
const DEFAULT_HISTORY = 10;

type Move = { readonly changes: readonly Change[]; readonly notes: readonly Announcement[] };

const STAY: Move = { changes: [], notes: [] };

export function stepDeployment(world: World, object: KubeObject, now: Instant): Step {
  if (object.metadata.deletionTimestamp !== undefined) return NOTHING;
  const deployment = deploymentOf(object);
  const { uid = '' } = object.metadata;
  const owned = world.ownedBy(REPLICA_SET, uid).filter((set) => controllerOf(set)?.uid === uid && set.metadata.deletionTimestamp === undefined);
  const sets = owned.map(replicaSetOf).toSorted((a, b) => revisionOf(a) - revisionOf(b));
  const newest = sets.findLast((set) => sameTemplate(set.spec.template, deployment.spec.template));
  const old = sets.filter((set) => set !== newest);
  const move = deployment.spec.paused === true ? resizeOnlySet(object, deployment, sets) : rollOut(object, deployment, newest, old);
  const made = move.changes.find(({ type }) => type === 'create')?.ref.name;
  const { status, wakeAt } = deploymentStatus(deployment, { newest, all: sets, made }, now);
  const written = deepEqual(status, { ...deployment.status, collisionCount: undefined })
    ? []
    : [mergeStatus(DEPLOYMENT, object, { ...gone(deployment.status, status), ...status }, 'status')];
  return { changes: [...move.changes, ...written], notes: move.notes, vanish: [], wakeAt };
}

/** Nulls for what was there and is no more: a merge patch keeps what it does not name. */
const gone = (before: object | undefined, after: object): Record<string, null> =>
  Object.fromEntries(
    Object.keys(before ?? {})
      .filter((key) => key !== 'collisionCount' && !(key in after))
      .map((key) => [key, null]),
  );

const revisionOf = (set: ReplicaSet): number => Number(set.metadata.annotations?.[REVISION_ANNOTATION] ?? 0) || 0;

function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  const plain = (template: PodTemplateSpec | undefined): unknown => {
    const { [TEMPLATE_HASH_LABEL]: _hash, ...labels } = template?.metadata?.labels ?? {};
    return { ...template, metadata: { ...template?.metadata, labels, creationTimestamp: undefined } };
  };
  return deepEqual(plain(a), plain(b));
}

function limitsFor({ spec: { replicas = 1, strategy } }: Deployment): RollingLimits {
  if (strategy?.type === 'Recreate') return { replicas, maxSurge: 0, maxUnavailable: replicas };
  return limitsOf(replicas, strategy?.rollingUpdate?.maxSurge, strategy?.rollingUpdate?.maxUnavailable);
}

/** The next moves only: sizes are asked for one side at a time, and what becomes of them is seen in the next step. */
function rollOut(object: KubeObject, deployment: Deployment, newest: ReplicaSet | undefined, old: readonly ReplicaSet[]): Move {
  const recreate = deployment.spec.strategy?.type === 'Recreate';
  const limits = limitsFor(deployment);
  const oldSizes = old.map(sizeOf);
  if (recreate && old.some((set) => (set.spec.replicas ?? 0) > 0)) {
    const resizes = oldSizes.map(({ name, wanted }) => ({ name, from: wanted, to: 0 }));
    return resize(object, resizes, limits);
  }
  if (recreate && old.some((set) => (set.status?.replicas ?? 0) > 0)) return STAY;
  if (newest === undefined) return createSet(object, deployment, old, limits);
  const revision = adoptRevision(object, newest, old);
  const size = sizeOf(newest);
  const wanted = nextNewSize(size, oldSizes, limits);
  const grown = resize(object, [{ name: size.name, from: size.wanted, to: wanted }], limits);
  if (grown.changes.length > 0) return { changes: [...revision, ...grown.changes], notes: grown.notes };
  const shrunk = resize(object, shrinkOld(size, oldSizes, limits), limits);
  return { changes: [...revision, ...shrunk.changes, ...dropHistory(deployment, newest, old)], notes: shrunk.notes };
}

/** A set that was just made smaller still counts the pods that are going; they are not to be relied on. */
function sizeOf(set: ReplicaSet): Sized {
  const wanted = set.spec.replicas ?? 0;
  return { name: set.metadata.name, wanted, available: Math.min(wanted, set.status?.availableReplicas ?? 0) };
}

/** A paused Deployment releases nothing, but still follows its number of replicas when it has just one active set. */
function resizeOnlySet(object: KubeObject, deployment: Deployment, sets: readonly ReplicaSet[]): Move {
  const active = sets.filter((set) => (set.spec.replicas ?? 0) > 0);
  const [only] = active.length === 0 ? sets.slice(-1) : active;
  if (only === undefined || active.length > 1) return STAY;
  return resize(object, [{ name: only.metadata.name, from: only.spec.replicas ?? 0, to: deployment.spec.replicas ?? 1 }], limitsFor(deployment));
}

function resize(object: KubeObject, resizes: readonly Resize[], limits: RollingLimits): Move {
  const real = resizes.filter(({ from, to }) => from !== to);
  const annotations = sizeAnnotations(limits);
  return {
    changes: real.map(({ name, to }) => patchSet(object, name, { metadata: { annotations }, spec: { replicas: to } }, 'rolling update')),
    notes: real.map(({ name, from, to }) => scaled(object, name, from, to)),
  };
}

function patchSet(object: KubeObject, name: string, body: unknown, why: string): Change {
  return { type: 'patch', ref: { type: REPLICA_SET, namespace: object.metadata.namespace ?? '', name }, patchType: 'merge', body, why };
}

const scaled = (about: KubeObject, name: string, from: number, to: number): Announcement =>
  announce('deployment-controller', about, 'ScalingReplicaSet', `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`);

function createSet(object: KubeObject, deployment: Deployment, old: readonly ReplicaSet[], limits: RollingLimits): Move {
  const { template, selector, minReadySeconds } = deployment.spec;
  // Not the hash that the real controller would make: nobody but this one computes it again. But as there it must not be the one
  // that a rollout makes of the same template: a rollout with the Deployment's name and workloadRef would find its name taken.
  const salted = { ...template, metadata: { ...template?.metadata, annotations: { ...template?.metadata?.annotations, 'made-by': 'deployment-controller' } } };
  const hash = podTemplateHash(salted, deployment.status?.collisionCount);
  const { name, namespace = '' } = object.metadata;
  const revision = String(Math.max(0, ...old.map(revisionOf)) + 1);
  const replicas = nextNewSize({ name: '', wanted: 0, available: 0 }, old.map(sizeOf), limits);
  const labels = { ...template?.metadata?.labels, [TEMPLATE_HASH_LABEL]: hash };
  const set: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: { ...passedOn(object), [REVISION_ANNOTATION]: revision, ...sizeAnnotations(limits) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: object.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template?.metadata, labels } },
    },
  };
  return {
    changes: [{ type: 'create', ref: refOf(REPLICA_SET, set), object: set, why: 'new template' }, ...noteRevision(object, revision)],
    notes: replicas > 0 ? [scaled(object, set.metadata.name, 0, replicas)] : [],
  };
}

const sizeAnnotations = (limits: RollingLimits): Readonly<Record<string, string>> => ({
  [DESIRED_ANNOTATION]: String(limits.replicas),
  [MAX_ANNOTATION]: String(limits.replicas + limits.maxSurge),
});

/** A Deployment's annotations stand on its sets too, but for those that are about the one object alone. */
function passedOn(object: KubeObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object.metadata.annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.includes(key)));
}

const noteRevision = (object: KubeObject, revision: string): readonly Change[] =>
  object.metadata.annotations?.[REVISION_ANNOTATION] === revision
    ? []
    : [mergeInto(DEPLOYMENT, object, { metadata: { annotations: { [REVISION_ANNOTATION]: revision } } }, 'revision')];

/** A template that comes back becomes the newest revision again. */
function adoptRevision(object: KubeObject, newest: ReplicaSet, old: readonly ReplicaSet[]): readonly Change[] {
  const highest = Math.max(0, ...old.map(revisionOf));
  const revision = String(revisionOf(newest) > highest ? revisionOf(newest) : highest + 1);
  const has = newest.metadata.annotations ?? {};
  const history = [has[HISTORY_ANNOTATION], has[REVISION_ANNOTATION]].filter((text) => text !== undefined && text !== '').join(',');
  const wanted: Readonly<Record<string, string>> = {
    ...passedOn(object),
    ...(has[REVISION_ANNOTATION] === revision ? {} : { [REVISION_ANNOTATION]: revision, [HISTORY_ANNOTATION]: history }),
  };
  const annotations = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => has[key] !== value));
  const onSet = Object.keys(annotations).length === 0 ? [] : [patchSet(object, newest.metadata.name, { metadata: { annotations } }, 'revision')];
  return [...onSet, ...noteRevision(object, revision)];
}

/** Old sets without pods, beyond the history that is kept; only when the newest one is complete. */
function dropHistory(deployment: Deployment, newest: ReplicaSet, old: readonly ReplicaSet[]): readonly Change[] {
  if ((newest.status?.availableReplicas ?? 0) < (deployment.spec.replicas ?? 1)) return [];
  const empty = old.filter((set) => (set.spec.replicas ?? 0) === 0 && (set.status?.replicas ?? 0) === 0 && set.status !== undefined);
  const surplus = empty.slice(0, Math.max(0, old.length - (deployment.spec.revisionHistoryLimit ?? DEFAULT_HISTORY)));
  return surplus.map(
    ({ metadata: { namespace = '', name, uid } }): Change => ({
      type: 'delete',
      ref: { type: REPLICA_SET, namespace, name },
      ...(uid === undefined ? {} : { uid }),
      propagation: 'Background',
      why: 'history',
    }),
  );
}
