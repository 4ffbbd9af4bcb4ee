// Creating and updating: from a request body to a stored object, through decoding, defaults, validation and the rules of the kind.

import type { KubeObject } from '../../kinds/kube-object.js';
import { deepEqual, isRecord } from '../../lib/deep.js';
import { formatTime } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { Rng } from '../../lib/rng.js';
import type { ApiOptions, ApiStatus } from './api.js';
import { cannotBeHandled, decodeObject, strictError } from './decode.js';
import { textAt, type Draft, type FieldPath, type Kind, type RuleContext, type ServedVersion } from './kind.js';
import { GENERATED_SUFFIX_LENGTH, GENERATE_NAME_ATTEMPTS, MOST_GENERATE_NAME_PREFIX, MOST_OBJECT_BYTES } from './limits.js';
import { carryMetadata, validateMetadata } from './metadata.js';
import { trackCreation, trackWrite, type ManagedEntry, type Operation, type Writer } from './managed-fields.js';
import type { Objects } from './objects.js';
import { applySchemaDefaults } from './schema-defaults.js';
import { replicasFault } from './scale.js';
import { hasRules, validateTransitions } from './schema-transitions.js';
import { validateBySchema } from './schema-validation.js';
import { alreadyExists, badRequest, conflict, failure, forbidden, invalid, invalidResource, invalidValue, notFound, twice, type FieldError } from './status.js';
import { makeUid } from './uid.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';

/** What a write needs to know of the request beside its body. */
export type WriteContext = RuleContext & {
  readonly objects: Objects;
  readonly rng: Rng;
  readonly namespaceKind: Kind;
  readonly options: ApiOptions;
  readonly outcome: Outcome;
  /** Of what the store is made with. */
  readonly isTrusted: boolean;
  /** What an object must pass that is right by itself. */
  readonly admit: (kind: Kind, draft: Draft) => Result<undefined, ApiStatus>;
};

/** What an answer says beside its object. */
export type Outcome = { readonly warnings: string[]; created: boolean };

/** The manager of writes that name none. */
const NO_MANAGER = 'unknown';

export const writerOf = (context: WriteContext, version: ServedVersion, operation: Operation, subresource: string): Writer => ({
  manager: context.options.fieldManager ?? NO_MANAGER,
  operation,
  subresource,
  apiVersion: apiVersionOf(version.type),
  now: context.now,
});

/** What an object takes at most: writing it out to know it exactly is a tenth of a write. */
const largest = new WeakMap<object, number>();

/** 500 when the object is too large to keep. `base` is one that it differs from in its status alone. */
function checkSize(draft: Draft, base?: KubeObject): Result<undefined, ApiStatus> {
  const before = base === undefined ? undefined : largest.get(base);
  const guess = before === undefined ? undefined : before + (JSON.stringify(draft['status'] ?? null)?.length ?? 0);
  const { managedFields: _owners, ...metadata } = draft.metadata;
  const length = guess !== undefined && guess <= MOST_OBJECT_BYTES ? guess : JSON.stringify({ ...draft, metadata }).length;
  largest.set(draft, length);
  return length > MOST_OBJECT_BYTES ? err(failure(500, '', 'etcdserver: request is too large')) : ok(undefined);
}

/** Decodes a body; `refuse` words what is wrong with it. Strict validation refuses fields that the schema does not have. */
export function acceptBody(
  context: WriteContext,
  kind: Kind,
  version: ServedVersion,
  body: unknown,
  refuse: (why: string) => ApiStatus,
): Result<Draft, ApiStatus> {
  const decoded = decodeObject(kind, version, body, refuse);
  if (!decoded.ok) return decoded;
  const { unknown } = decoded.value;
  const draft = version.conversion?.toStored(decoded.value.draft) ?? decoded.value.draft;
  if (unknown.length === 0 || context.options.fieldValidation === 'Ignore') return ok(draft);
  if (context.options.fieldValidation === 'Strict') return err(refuse(strictError(unknown)));
  context.outcome.warnings.push(...unknown.map((field) => `unknown field "${field}"`));
  return ok(draft);
}

/** A converted draft is judged as what it has become. */
const storedForm = (kind: Kind, version: ServedVersion): ServedVersion => (version.conversion === undefined ? version : kind.storage);

export const refuseBody =
  (version: ServedVersion) =>
  (why: string): ApiStatus =>
    cannotBeHandled(version, why);

function checkNamespace(context: WriteContext, version: ServedVersion, namespace: string, draft: Draft): Result<undefined, ApiStatus> {
  if (!version.type.namespaced) {
    delete draft.metadata.namespace;
    return ok(undefined);
  }
  const own = draft.metadata.namespace ?? namespace;
  if (own !== namespace) return err(badRequest(`the namespace of the provided object does not match the namespace sent on the request`));
  draft.metadata.namespace = namespace;
  const holder = context.objects.table(context.namespaceKind).get('', namespace);
  if (holder === undefined) return err(notFound(context.namespaceKind.storage.type, namespace));
  if (holder.metadata.deletionTimestamp === undefined) return ok(undefined);
  const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' };
  return err(forbidden(version.type, draft.metadata.name, `unable to create new content in namespace ${namespace} because it is being terminated`, cause));
}

function nameDraft(context: WriteContext, kind: Kind, draft: Draft): void {
  const { metadata } = draft;
  if (metadata.name !== '' || metadata.generateName === undefined || metadata.generateName === '') return;
  const prefix = metadata.generateName.slice(0, MOST_GENERATE_NAME_PREFIX);
  for (let attempt = 0; attempt < GENERATE_NAME_ATTEMPTS; attempt += 1) {
    metadata.name = `${prefix}${context.rng.suffix(GENERATED_SUFFIX_LENGTH)}`;
    if (context.objects.table(kind).get(metadata.namespace ?? '', metadata.name) === undefined) return;
  }
}

const UNCHECKED: FieldError = {
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message: 'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** What the real server says of custom resources beyond the shape of their schema. */
function customFaults(
  version: ServedVersion,
  schema: StructuralSchema,
  draft: Draft,
  old: KubeObject | undefined,
  isMisshapen: boolean,
): readonly FieldError[] {
  const replicas = version.scale === undefined ? undefined : replicasFault(draft, version.scale);
  const faults = replicas === undefined ? [] : [replicas];
  if (!isMisshapen) return [...faults, ...validateTransitions(schema, old, draft)];
  return hasRules(schema) ? [...faults, UNCHECKED] : faults;
}

function complete(context: WriteContext, kind: Kind, version: ServedVersion, draft: Draft, old: KubeObject | undefined): Result<undefined, ApiStatus> {
  if (version.schema !== undefined) applySchemaDefaults(version.schema, draft);
  kind.rules.setDefaults?.(draft, context);
  const faults = [...(kind.rules.validate?.(draft, old) ?? []), ...(context.isTrusted ? [] : (kind.rules.inspect?.(draft) ?? []))];
  const shape = version.schema === undefined ? [] : validateBySchema(version.schema, draft, kind.custom);
  const errors: FieldError[] = [
    ...validateMetadata(draft),
    // What the rules of the kind say of a field is said better.
    ...(faults.length === 0 ? shape : shape.filter(({ field }) => !faults.some((fault) => fault.field === field))),
    ...(version.schema === undefined || !kind.custom ? [] : customFaults(version, version.schema, draft, old, shape.length > 0)),
    ...faults,
  ];
  if (errors.length > 0) return err(invalid(version.type, draft.metadata.name, errors));
  if (!context.isTrusted) context.outcome.warnings.push(...(kind.rules.warnings?.(draft) ?? []));
  return checkSize(draft);
}

/** Stored objects carry the storage version, whichever version the request came in. */
function toStorage(kind: Kind, draft: Draft): Draft {
  draft.apiVersion = apiVersionOf(kind.storage.type);
  return draft;
}

const STATUS: FieldPath = ['status'];

const valueAt = (object: unknown, path: FieldPath): unknown => path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);

export type CreateTarget = {
  readonly kind: Kind;
  readonly version: ServedVersion;
  readonly namespace: string;
  /** For a body without one. */
  readonly name?: string | undefined;
  /** Of an apply: who owns what. */
  readonly applied?: readonly ManagedEntry[];
};

export function createObject(context: WriteContext, target: CreateTarget, body: unknown): Result<KubeObject, ApiStatus> {
  const { kind, namespace, name } = target;
  const accepted = acceptBody(context, kind, target.version, body, refuseBody(target.version));
  if (!accepted.ok) return accepted;
  const version = storedForm(kind, target.version);
  const draft = accepted.value;
  const { metadata } = draft;
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== '' && metadata.resourceVersion !== '0') {
    // So the real server, which takes it for a fault of its own.
    return err(failure(500, '', 'resourceVersion should not be set on objects to be created'));
  }
  if (metadata.name === '' && name !== undefined) metadata.name = name;
  const allowed = checkNamespace(context, version, namespace, draft);
  if (!allowed.ok) return allowed;
  nameDraft(context, kind, draft);
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.generation;
  delete metadata.managedFields;
  if (kind.custom ? true : kind.rules.hasGeneration === true) metadata.generation = 1;
  metadata.uid = makeUid(context.rng);
  metadata.creationTimestamp = formatTime(context.now);
  if (version.hasStatus && kind.rules.keepsStatus !== true) delete draft['status'];
  const serverSet = (kind.rules.serverSet ?? []).filter((path) => valueAt(draft, path) === undefined);
  if (version.hasStatus) serverSet.push(STATUS);
  kind.rules.prepareCreate?.(draft, context);
  const completed = complete(context, kind, version, draft, undefined);
  if (!completed.ok) return completed;
  if (context.objects.table(kind).get(metadata.namespace ?? '', metadata.name) !== undefined) return err(alreadyExists(version.type, metadata.name));
  const admitted = context.admit(kind, draft);
  if (!admitted.ok) return admitted;
  const owners = target.applied ?? trackCreation(version.schema, kind.custom, draft, serverSet, writerOf(context, version, 'Update', ''));
  if (owners.length > 0) metadata.managedFields = owners;
  context.outcome.created = true;
  if (context.options.dryRun === true) return ok(draft);
  return ok(context.objects.write(kind, toStorage(kind, draft), undefined));
}

/** Custom resources count every change beside metadata (and status, where it is apart); built-in kinds the same for those that count. */
function generationMoved(kind: Kind, version: ServedVersion, draft: Draft, old: KubeObject): boolean {
  if (!kind.custom && kind.rules.hasGeneration !== true) return false;
  const skipped = new Set(['apiVersion', 'kind', 'metadata', ...(version.hasStatus ? ['status'] : [])]);
  const keys = new Set([...Object.keys(draft), ...Object.keys(old)]);
  return [...keys].some((key) => !skipped.has(key) && !deepEqual(draft[key], old[key]));
}

function checkPreconditions(target: UpdateTarget, version: ServedVersion, draft: Draft, old: KubeObject): Result<undefined, ApiStatus> {
  const { uid, resourceVersion } = draft.metadata;
  const { name } = old.metadata;
  // With the status of a custom resource no metadata is written at all, and a patch sets the uid like any other field.
  const isPatched = target.isPatch === true || target.applied !== undefined;
  const isAnother = uid !== undefined && uid !== '' && uid !== old.metadata.uid && !(isPatched && target.kind.custom && target.subresource === 'status');
  if (isAnother && isPatched) return err(invalid(version.type, name, twice([invalidValue('metadata.uid', uid, 'field is immutable')])));
  if (isAnother) {
    return err(conflict(version.type, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`));
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion) {
    return err(conflict(version.type, name, 'the object has been modified; please apply your changes to the latest version and try again'));
  }
  return ok(undefined);
}

export type UpdateTarget = {
  readonly kind: Kind;
  readonly version: ServedVersion;
  readonly old: KubeObject;
  readonly subresource: 'status' | undefined;
  /** The subresource through which it is written, when that is not the same. */
  readonly through?: 'scale';
  /** The draft is the old object with a patch, not one that a client sent whole. */
  readonly isPatch?: true;
  /** Of an apply: who owns what. */
  readonly applied?: readonly ManagedEntry[];
};

/** The draft as the whole new object; what it may not touch is put back. An update that changes nothing is no write. */
export function updateObject(context: WriteContext, target: UpdateTarget, draft: Draft): Result<KubeObject, ApiStatus> {
  const { kind, old, subresource } = target;
  const version = storedForm(kind, target.version);
  const fresh = checkPreconditions(target, version, draft, old);
  if (!fresh.ok) return fresh;
  let next = draft;
  if (subresource === 'status') {
    next = { ...old, metadata: { ...old.metadata } };
    if (draft['status'] === undefined) delete next['status'];
    else next['status'] = draft['status'];
  } else if (version.hasStatus) {
    if (old['status'] === undefined) delete next['status'];
    else next['status'] = old['status'];
  }
  const errors = carryMetadata(next, old);
  if (errors.length > 0) return err(invalid(version.type, old.metadata.name, twice(errors)));
  if (subresource === undefined) kind.rules.prepareUpdate?.(next, old);
  next.apiVersion = old.apiVersion;
  const completed = subresource === 'status' ? completeStatus(kind, version, next, old) : complete(context, kind, version, next, old);
  if (!completed.ok) return completed;
  if (target.applied !== undefined) next.metadata.managedFields = target.applied;
  if (deepEqual(next, old)) return ok(old);
  if (target.applied === undefined) {
    const writer = writerOf(context, version, 'Update', target.through ?? subresource ?? '');
    next.metadata.managedFields = trackWrite(version.schema, kind.custom, old, next, writer);
  }
  if (next.metadata.managedFields?.length === 0) delete next.metadata.managedFields;
  if (generationMoved(kind, version, next, old)) next.metadata.generation = (old.metadata.generation ?? 0) + 1;
  if (context.options.dryRun === true) return ok(next);
  return ok(context.objects.write(kind, toStorage(kind, next), old));
}

// Rules of built-in kinds speak of specs; a status is held against the schema alone.
function completeStatus(kind: Kind, version: ServedVersion, draft: Draft, old: KubeObject): Result<undefined, ApiStatus> {
  const status = version.schema?.properties?.['status'];
  if (status === undefined || draft['status'] === undefined) return checkSize(draft, old);
  applySchemaDefaults(status, draft['status']);
  const errors = validateBySchema({ type: 'object', properties: { status } }, { status: draft['status'] }, kind.custom);
  return errors.length > 0 ? err(invalid(version.type, draft.metadata.name, errors)) : checkSize(draft, old);
}

/** A whole update from a request. Fails with 400 on another name, 409 on another uid or an old resourceVersion. */
export function replaceObject(context: WriteContext, target: UpdateTarget, body: unknown): Result<KubeObject, ApiStatus> {
  const { kind, version, old } = target;
  const accepted = acceptBody(context, kind, version, body, refuseBody(version));
  if (!accepted.ok) return accepted;
  const { metadata } = accepted.value;
  const { name } = old.metadata;
  if (metadata.name !== '' && metadata.name !== name)
    return err(badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`));
  if (metadata.namespace !== undefined && metadata.namespace !== '' && metadata.namespace !== textAt(old.metadata, 'namespace')) {
    return err(badRequest('the namespace of the provided object does not match the namespace sent on the request'));
  }
  metadata.name = name;
  if (kind.custom && (metadata.resourceVersion ?? '') === '') {
    return err(
      invalidResource(version.type, name, [
        { ...invalidValue('metadata.resourceVersion', 0, ''), message: 'Invalid value: 0: must be specified for an update' },
      ]),
    );
  }
  return updateObject(context, target, accepted.value);
}
