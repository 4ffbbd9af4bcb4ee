// Deletion: finalizers, the grace of pods, propagation to dependents, and garbage collection by owner references.
// What the real server does in its controllers a moment later, this store does before the request is answered,
// but for the emptying of namespaces: clients lean on its coming later.

import type { KubeObject, OwnerReference } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';
import { formatTime, type Instant } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus } from './api.js';
import { recordAt, textAt, type Draft, type Kind, type ServedVersion } from './kind.js';
import type { Kinds } from './kinds.js';
import { DEFAULT_GRACE_SECONDS } from './limits.js';
import { namespaceConditions } from './namespace-conditions.js';
import type { Objects, Place } from './objects.js';
import { badRequest, invalidOptions, invalidValue, preconditionFailed, unsupportedValue, type FieldError } from './status.js';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export type DeleteBody = {
  readonly gracePeriodSeconds: number | undefined;
  /** Undefined: as it is usual for the kind. */
  readonly propagation: Propagation | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
};

export type RemoveContext = {
  readonly objects: Objects;
  readonly kinds: Kinds;
  readonly now: Instant;
  readonly onRemoved: (kind: Kind, object: KubeObject) => void;
  /** Sees to it that `emptyNamespace` is called for a namespace that was just deleted. */
  readonly emptyLater: (namespace: string) => void;
};

const FOREGROUND = 'foregroundDeletion';

const ORPHAN = 'orphan';

const PROPAGATIONS: readonly string[] = ['Foreground', 'Background', 'Orphan'] satisfies Propagation[];

const refuse = (error: FieldError): Result<never, ApiStatus> => err(invalidOptions('DeleteOptions', [error]));

/** `DeleteOptions`; absent means the defaults. */
export function readDeleteBody(body: unknown): Result<DeleteBody, ApiStatus> {
  if (body !== undefined && body !== null && !isRecord(body)) return err(badRequest('the delete options are not an object'));
  const options = isRecord(body) ? body : {};
  const { propagationPolicy, orphanDependents, gracePeriodSeconds: grace } = options;
  if (propagationPolicy !== undefined && typeof orphanDependents === 'boolean')
    return refuse(invalidValue('propagationPolicy', propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'));
  if (propagationPolicy !== undefined && (typeof propagationPolicy !== 'string' || !PROPAGATIONS.includes(propagationPolicy)))
    return refuse(unsupportedValue('propagationPolicy', propagationPolicy, [...PROPAGATIONS, 'nil']));
  if (grace !== undefined && typeof grace !== 'number') return err(badRequest('gracePeriodSeconds must be a number'));
  const older = orphanDependents === undefined ? undefined : orphanDependents === true ? 'Orphan' : 'Background';
  const preconditions = recordAt(options, 'preconditions');
  return ok({
    // So the real server takes what can not be.
    gracePeriodSeconds: grace !== undefined && grace < 0 ? 1 : grace,
    propagation: (propagationPolicy as Propagation | undefined) ?? older,
    uid: textAt(preconditions, 'uid') || undefined,
    resourceVersion: textAt(preconditions, 'resourceVersion') || undefined,
  });
}

const draftOf = (object: KubeObject): Draft => ({ ...object, metadata: { ...object.metadata } });

/** Seconds until the pod's node may kill it; 0 means that it goes at once. */
function graceOf(pod: KubeObject, asked: number | undefined): number {
  const phase = textAt(pod['status'], 'phase');
  if (textAt(pod['spec'], 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = recordAt(pod, 'spec')['terminationGracePeriodSeconds'];
  return asked ?? (typeof own === 'number' ? own : DEFAULT_GRACE_SECONDS);
}

export type Removal = {
  /** The object as it is after: marked with a deletionTimestamp, or its last state when it is gone. */
  remove(place: Place, object: KubeObject, body: DeleteBody): { readonly object: KubeObject; readonly gone: boolean };
  /** After an update: an object on its way out whose last finalizer fell is gone. */
  finish(kind: Kind, object: KubeObject): void;
  /** After a creation: an object whose owners are all gone is collected. */
  collectOrphan(kind: Kind, object: KubeObject): void;
  /** Deletes what a namespace on its way out holds, and the namespace when that is all gone. */
  emptyNamespace(name: string): void;
};

export function createRemoval(context: RemoveContext): Removal {
  const { objects, kinds } = context;

  const marked = (object: KubeObject, graceSeconds: number): Draft => {
    const draft = draftOf(object);
    const { metadata } = draft;
    if (metadata.generation !== undefined && metadata.deletionTimestamp === undefined) metadata.generation += 1;
    // A shorter grace brings the end nearer.
    if (metadata.deletionTimestamp === undefined || graceSeconds !== metadata.deletionGracePeriodSeconds)
      metadata.deletionTimestamp = formatTime(context.now + graceSeconds * 1000);
    metadata.deletionGracePeriodSeconds = graceSeconds;
    return draft;
  };

  const mark = (place: Place, object: KubeObject, graceSeconds: number, finalizers: readonly string[]): KubeObject => {
    const draft = marked(object, graceSeconds);
    if (finalizers.length > 0) draft.metadata.finalizers = [...finalizers];
    return objects.write(place.kind, draft, object);
  };

  const terminate = (place: Place, namespace: KubeObject): void => {
    const draft = marked(namespace, 0);
    delete draft.metadata.deletionGracePeriodSeconds;
    draft['status'] = { ...recordAt(namespace, 'status'), phase: 'Terminating' };
    objects.write(place.kind, draft, namespace);
  };

  const erase = (place: Place, object: KubeObject): KubeObject => {
    const last = objects.remove(place.kind, object);
    context.onRemoved(place.kind, last);
    collectDependents(object.metadata.uid ?? '');
    for (const owner of object.metadata.ownerReferences ?? []) settleForeground(owner.uid);
    if (place.namespace !== '') settleNamespace(place.namespace);
    return last;
  };

  const exists = (owner: OwnerReference): boolean => objects.byUid(owner.uid) !== undefined;

  /** An owner of a kind that is not served can not be looked up: it counts as there. */
  const isGone = (owner: OwnerReference): boolean => !exists(owner) && kinds.byGroupKind(owner.apiVersion, owner.kind) !== undefined;

  const collectDependents = (uid: string): void => {
    for (const { place, object } of objects.dependentsOf(uid)) {
      const left = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      if (left.every(isGone)) removeNow(place, object, 'Background');
      else rewriteOwners(place, object, left);
    }
  };

  const rewriteOwners = (place: Place, object: KubeObject, owners: readonly OwnerReference[]): void => {
    const draft = draftOf(object);
    if (owners.length === 0) delete draft.metadata.ownerReferences;
    else draft.metadata.ownerReferences = owners;
    objects.write(place.kind, draft, object);
  };

  const blockers = (uid: string): number =>
    objects
      .dependentsOf(uid)
      .filter(({ object }) => object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true) === true).length;

  const settleForeground = (uid: string): void => {
    if (blockers(uid) === 0) dropFinalizer(uid, FOREGROUND);
  };

  const dropFinalizer = (uid: string, finalizer: string): void => {
    const holder = objects.byUid(uid);
    if (holder?.object.metadata.finalizers?.includes(finalizer) !== true) return;
    const draft = draftOf(holder.object);
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((each) => each !== finalizer);
    if (draft.metadata.finalizers.length === 0) erase(holder.place, { ...draft });
    else objects.write(holder.place.kind, draft, holder.object);
  };

  const settleNamespace = (name: string): void => {
    const holder = kinds.byKey('namespaces');
    const namespace = holder === undefined ? undefined : objects.table(holder).get('', name);
    if (holder === undefined || namespace?.metadata.deletionTimestamp === undefined) return;
    if (objects.holds(name) || (namespace.metadata.finalizers?.length ?? 0) > 0) return;
    erase({ kind: holder, namespace: '', name }, namespace);
  };

  const emptyNamespace = (name: string): void => {
    const holder = kinds.byKey('namespaces');
    if (holder === undefined || objects.table(holder).get('', name)?.metadata.deletionTimestamp === undefined) return;
    for (const { place } of objects.inNamespace(name)) {
      // One deletion may have taken others with it.
      const object = objects.table(place.kind).get(place.namespace, place.name);
      if (object !== undefined && object.metadata.deletionTimestamp === undefined) removeNow(place, object, 'Background');
    }
    const namespace = objects.table(holder).get('', name);
    const left = objects.inNamespace(name);
    if (namespace === undefined || left.length === 0) {
      settleNamespace(name);
      return;
    }
    const status = { ...recordAt(namespace, 'status'), conditions: namespaceConditions(left, formatTime(context.now)) };
    objects.write(holder, { ...draftOf(namespace), status }, namespace);
  };

  const removeNow = (place: Place, object: KubeObject, propagation: Propagation): void => {
    remove(place, object, { gracePeriodSeconds: undefined, propagation, uid: undefined, resourceVersion: undefined });
  };

  const orphanDependents = (uid: string): void => {
    for (const { place, object } of objects.dependentsOf(uid))
      rewriteOwners(
        place,
        object,
        (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid),
      );
  };

  const removePod = (place: Place, object: KubeObject, asked: number | undefined): { object: KubeObject; gone: boolean } => {
    const before = object.metadata.deletionGracePeriodSeconds;
    const grace = object.metadata.deletionTimestamp === undefined ? graceOf(object, asked) : Math.min(asked ?? before ?? 0, before ?? 0);
    const finalizers = object.metadata.finalizers ?? [];
    if (grace === 0 && finalizers.length === 0) {
      const answer = marked(object, grace);
      erase(place, object);
      return { object: answer, gone: true };
    }
    if (object.metadata.deletionTimestamp !== undefined && grace === before) return { object, gone: false };
    return { object: mark(place, object, grace, finalizers), gone: false };
  };

  /** What holds the object until its dependents are seen to; the answer shows it held, though that is done at once. */
  const removeHeld = (place: Place, object: KubeObject, finalizer: string, settle: (uid: string) => void): { object: KubeObject; gone: boolean } => {
    const held = mark(place, object, 0, [...new Set([...(object.metadata.finalizers ?? []), finalizer])]);
    settle(object.metadata.uid ?? '');
    return { object: held, gone: false };
  };

  const deleteDependents = (uid: string): void => {
    for (const dependent of objects.dependentsOf(uid))
      if (dependent.object.metadata.deletionTimestamp === undefined) removeNow(dependent.place, dependent.object, 'Foreground');
    settleForeground(uid);
  };

  const releaseDependents = (uid: string): void => {
    orphanDependents(uid);
    dropFinalizer(uid, ORPHAN);
  };

  const remove = (place: Place, object: KubeObject, body: DeleteBody): { object: KubeObject; gone: boolean } => {
    if (place.kind.key === 'pods') return removePod(place, object, body.gracePeriodSeconds);
    if (place.kind.key === 'namespaces' || place.kind.key === 'customresourcedefinitions.apiextensions.k8s.io') return removeHolder(place, object);
    const propagation = body.propagation ?? (place.kind.rules.orphansDependents === true ? 'Orphan' : 'Background');
    if (propagation === 'Orphan') return removeHeld(place, object, ORPHAN, releaseDependents);
    if (propagation === 'Foreground') return removeHeld(place, object, FOREGROUND, deleteDependents);
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.length === 0) return { object: erase(place, object), gone: true };
    if (object.metadata.deletionTimestamp !== undefined) return { object, gone: false };
    return { object: mark(place, object, 0, finalizers), gone: false };
  };

  /** A namespace or a definition takes all that it holds with it, and stays until that is gone. */
  const removeHolder = (place: Place, object: KubeObject): { object: KubeObject; gone: boolean } => {
    const isNews = object.metadata.deletionTimestamp === undefined;
    if (place.kind.key !== 'namespaces') {
      if (isNews) mark(place, object, 0, object.metadata.finalizers ?? []);
      emptyDefinition(place);
    } else if (isNews) {
      terminate(place, object);
      context.emptyLater(place.name);
    }
    const left = objects.table(place.kind).get(place.namespace, place.name);
    return left === undefined ? { object, gone: true } : { object: left, gone: false };
  };

  const emptyDefinition = (place: Place): void => {
    const custom = kinds.byKey(place.name);
    if (custom !== undefined)
      for (const instance of objects.table(custom).list(undefined)) {
        removeNow({ kind: custom, namespace: instance.metadata.namespace ?? '', name: instance.metadata.name }, instance, 'Background');
      }
    settleDefinition(place.name);
  };

  const settleDefinition = (name: string): void => {
    const definitions = kinds.byKey('customresourcedefinitions.apiextensions.k8s.io');
    const definition = definitions === undefined ? undefined : objects.table(definitions).get('', name);
    if (definitions === undefined || definition?.metadata.deletionTimestamp === undefined || (definition.metadata.finalizers?.length ?? 0) > 0) return;
    const custom = kinds.byKey(name);
    if (custom === undefined || objects.table(custom).size() === 0) erase({ kind: definitions, namespace: '', name }, definition);
  };

  return {
    remove,
    emptyNamespace,
    finish(kind, object) {
      const { metadata } = object;
      if (metadata.deletionTimestamp === undefined || (metadata.finalizers?.length ?? 0) > 0) return;
      const place: Place = { kind, namespace: metadata.namespace ?? '', name: metadata.name };
      if (kind.key === 'pods' && (metadata.deletionGracePeriodSeconds ?? 0) > 0) return;
      if (kind.key === 'namespaces') settleNamespace(metadata.name);
      else if (kind.key === 'customresourcedefinitions.apiextensions.k8s.io') settleDefinition(metadata.name);
      else erase(place, object);
      if (kind.custom) settleDefinition(kind.key);
    },
    collectOrphan(kind, object) {
      const owners = object.metadata.ownerReferences ?? [];
      if (owners.length === 0 || !owners.every(isGone)) return;
      removeNow({ kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name }, object, 'Background');
    },
  };
}

/** Fails with 409 when the request names another uid or resourceVersion than the object has. */
export function checkDeletePreconditions(version: ServedVersion, object: KubeObject, body: DeleteBody): Result<undefined, ApiStatus> {
  const { name, uid = '', resourceVersion = '' } = object.metadata;
  const mismatch = (what: string, asked: string, found: string, why: string): Result<undefined, ApiStatus> =>
    err(preconditionFailed(version.type, name, `the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). ${why}`));
  if (body.uid !== undefined && body.uid !== uid) return mismatch('UID', body.uid, uid, 'The object might have been deleted and then recreated');
  if (body.resourceVersion !== undefined && body.resourceVersion !== resourceVersion)
    return mismatch('ResourceVersion', body.resourceVersion, resourceVersion, 'The object might have been modified');
  return ok(undefined);
}
