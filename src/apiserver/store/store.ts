// The store: one request in, one answer out, and watchers told. It is pure: the same requests at the same times,
// with the same generator, give the same objects, uids and revisions.

import {
  CUSTOM_RESOURCE_DEFINITION,
  EVENT,
  NAMESPACE,
  POD,
  POD_DISRUPTION_BUDGET,
  RESOURCE_QUOTA,
  SECRET,
  SERVICE,
  SERVICE_ACCOUNT,
  type ResourceType,
} from '../../kinds/resource-type.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { assert, unreachable } from '../../lib/assert.js';
import type { Instant } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { Rng } from '../../lib/rng.js';
import type { ApiAnswer, ApiOptions, ApiRequest, ApiStatus, ApiStore, StoreEvent } from './api.js';
import { builtInKinds } from './built-in/built-in-kinds.js';
import { createAllocation } from './built-in/service.js';
import { kindOfDefinition } from './definition.js';
import { createEventExpiry } from './event-expiry.js';
import { kindKey, type Draft, type Kind, type ServedVersion } from './kind.js';
import { createKinds } from './kinds.js';
import { NAMESPACE_EMPTIES_AFTER_MS } from './limits.js';
import { listObjects } from './list.js';
import { createObjects, type Place } from './objects.js';
import { applyPatch, checkPlace, statusOf } from './patch.js';
import { postToPod } from './pod-actions.js';
import { createQuotas } from './quota.js';
import { checkDeletePreconditions, createRemoval, readDeleteBody, type Removal } from './remove.js';
import { applyScale, scaledConfig, scaleOf } from './scale.js';
import { checkApplied, checkPatchOptions, planApply } from './server-side-apply.js';
import { badRequest, deletedStatus, expired, failure, invalidPatch, methodNotAllowed, noSuchResource, notFound } from './status.js';
import { checkSubresource, inVersion } from './versions.js';
import { objectTest, startWatch } from './watch.js';
import { acceptBody, createObject, refuseBody, replaceObject, updateObject, writerOf, type Outcome, type WriteContext } from './write.js';

export type StoreOptions = {
  /** The time of the objects made at the start. */
  readonly now: Instant;
  /** Uids, generated names. */
  readonly rng: Rng;
  /** Installed at the start. */
  readonly definitions: readonly KubeObject[];
  /** A server that follows another one starts above it, so that watches of the former life are expired, not lost. */
  readonly firstRevision?: number;
  /** Does the work after the delay, with the time that it is then. Absent: at once. */
  readonly putOff?: (delayMs: number, work: (now: Instant) => void) => void;
};

type Resolved = { readonly kind: Kind; readonly version: ServedVersion };
type Found = Resolved & { readonly object: KubeObject; readonly place: Place };
type Answer = Result<KubeObject, ApiStatus>;
type Pick<Verb extends ApiRequest['verb']> = Extract<ApiRequest, { verb: Verb }>;

/** The contents of a secret are never part of a message. */
const isSecret = (kind: Kind): boolean => kind.storage.type === SECRET;

const NO_LONGER_SERVED = 'the resource is no longer served: its definition was deleted';

const FIRST_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

export function createStore(setup: StoreOptions): ApiStore {
  const kinds = createKinds();
  for (const kind of builtInKinds()) kinds.set(kind);
  const objects = createObjects(setup.firstRevision ?? 1);
  const expiry = createEventExpiry();
  const builtIn = (type: ResourceType): Kind => {
    const kind = kinds.byKey(kindKey(type.group, type.plural));
    assert(kind, `${type.kind} is a built-in kind`);
    return kind;
  };
  const namespaces = builtIn(NAMESPACE);
  const serviceAccounts = builtIn(SERVICE_ACCOUNT);
  const pods = builtIn(POD);
  const quotas = createQuotas(objects, builtIn(RESOURCE_QUOTA), pods);
  const watchers = new Map<string, Set<(event: StoreEvent) => void>>();
  /** Kinds that ceased to be served in the present request. */
  const unserved: string[] = [];
  const { rng } = setup;
  const admit = (kind: Kind, draft: Draft): Result<undefined, ApiStatus> => (kind === pods ? quotas.admit(draft) : ok(undefined));
  const { allocateClusterIp, allocateNodePort } = createAllocation(() => objects.table(builtIn(SERVICE)).list(undefined), rng);
  let isSeeding = true;
  // Written out: made for each write, and a spread of it is a slow one.
  const writing = (now: Instant, options: ApiOptions, outcome: Outcome): WriteContext => ({
    allocateClusterIp,
    allocateNodePort,
    objects,
    rng,
    namespaceKind: namespaces,
    admit,
    isTrusted: isSeeding,
    now,
    options,
    outcome,
  });

  const removal = (now: Instant): Removal =>
    createRemoval({
      objects,
      kinds,
      now,
      onRemoved: (kind, object) => {
        if (kind === pods) quotas.settle(object.metadata.namespace ?? '');
        // The log of the kind stays: a watch that is resumed after the definition came back must see the deletions.
        if (kind.key === kindKey(CUSTOM_RESOURCE_DEFINITION.group, CUSTOM_RESOURCE_DEFINITION.plural)) {
          kinds.delete(object.metadata.name);
          unserved.push(object.metadata.name);
        }
      },
      emptyLater: (namespace) => {
        if (setup.putOff === undefined) removal(now).emptyNamespace(namespace);
        else
          setup.putOff(NAMESPACE_EMPTIES_AFTER_MS, (then) => {
            removal(then).emptyNamespace(namespace);
            deliver();
          });
      },
    });

  /** What one write brings with it beyond the object itself. */
  const afterWrite = (kind: Kind, object: KubeObject, now: Instant, created: boolean): void => {
    if (kind.storage.type.group === CUSTOM_RESOURCE_DEFINITION.group && kind.storage.type.kind === CUSTOM_RESOURCE_DEFINITION.kind)
      kinds.set(kindOfDefinition(object));
    if (created && kind === namespaces) {
      const target = { kind: serviceAccounts, version: serviceAccounts.storage, namespace: object.metadata.name, name: 'default' };
      createObject(writing(now, {}, { warnings: [], created: false }), target, {});
    }
    if (kind.storage.type.kind === EVENT.kind && kind.storage.type.group === EVENT.group) {
      expiry.written(object, now);
      for (const uid of expiry.due(now)) {
        const old = objects.byUid(uid);
        if (old !== undefined) objects.remove(old.place.kind, old.object);
      }
    }
    if (kind === pods || kind.key === RESOURCE_QUOTA.plural) quotas.settle(object.metadata.namespace ?? '');
    if (created) removal(now).collectOrphan(kind, object);
    else removal(now).finish(kind, object);
  };

  const find = (type: ResourceType, namespace: string, name: string): Result<Found, ApiStatus> => {
    const resolved = kinds.lookup(type);
    if (resolved === undefined) return err(noSuchResource());
    const place: Place = { kind: resolved.kind, namespace: type.namespaced ? namespace : '', name };
    const object = objects.table(resolved.kind).get(place.namespace, name);
    return object === undefined ? err(notFound(resolved.version.type, name)) : ok({ ...resolved, object, place });
  };

  const shown = (result: Answer, version: ServedVersion): Answer => (result.ok ? ok(inVersion(result.value, version)) : result);

  const rescale = (context: WriteContext, found: Found, scale: unknown): Answer => {
    const paths = found.version.scale;
    assert(paths, 'the subresource was checked');
    const draft = applyScale(found.object, paths, scale, found.kind.custom ? found.version.type : undefined);
    if (!draft.ok) return draft;
    const body = acceptBody(context, found.kind, found.version, inVersion(draft.value, found.version), badRequest);
    if (!body.ok) return body;
    const updated = updateObject(context, { ...found, old: found.object, subresource: undefined, through: 'scale' }, body.value);
    return updated.ok ? scaleOf(updated.value, paths) : updated;
  };

  const get = (request: Pick<'get'>): Answer => {
    const found = find(request.type, request.namespace, request.name);
    if (!found.ok) return found;
    const { version, object } = found.value;
    const subresource = checkSubresource(version, request.subresource);
    if (!subresource.ok) return subresource;
    return subresource.value === 'scale' && version.scale !== undefined ? scaleOf(object, version.scale) : ok(inVersion(object, version));
  };

  /** The subresources of a pod that are only created. */
  const actOnPod = (request: Pick<'create'>, context: WriteContext): Answer => {
    const found = find(request.type, request.namespace, request.name ?? '');
    if (!found.ok) return found;
    if (found.value.kind !== pods) return err(noSuchResource());
    context.outcome.created = true;
    const parts = {
      objects,
      budgetKind: builtIn(POD_DISRUPTION_BUDGET),
      removal: removal(context.now),
      now: context.now,
      isDryRun: context.options.dryRun === true,
    };
    return postToPod(parts, found.value, request.subresource ?? '', request.body);
  };

  const create = (request: Pick<'create'>, context: WriteContext): Answer => {
    const resolved = kinds.lookup(request.type);
    if (resolved === undefined) return err(noSuchResource());
    if ((request.subresource ?? '') !== '') return actOnPod(request, context);
    const { kind, version } = resolved;
    const created = createObject(context, { kind, version, namespace: version.type.namespaced ? request.namespace : '', name: request.name }, request.body);
    if (created.ok && context.options.dryRun !== true) afterWrite(kind, created.value, context.now, true);
    return shown(created, version);
  };

  const change = (found: Found, context: WriteContext, subresource: 'status' | 'scale' | undefined, make: () => Answer): Answer => {
    const before = objects.revision();
    const changed = make();
    if (changed.ok && objects.revision() > before) {
      const written = objects.table(found.kind).get(found.place.namespace, found.place.name);
      if (written !== undefined) afterWrite(found.kind, written, context.now, false);
    }
    // A Scale has its own version, whatever version the object is asked for in.
    return subresource === 'scale' ? changed : shown(changed, found.version);
  };

  const update = (request: Pick<'update'>, context: WriteContext): Answer => {
    const found = find(request.type, request.namespace, request.name);
    const creates = kinds.lookup(request.type)?.kind.rules.createsOnUpdate === true && (request.subresource ?? '') === '';
    if (!found.ok) return creates ? create({ ...request, verb: 'create' }, context) : found;
    const subresource = checkSubresource(found.value.version, request.subresource);
    if (!subresource.ok) return subresource;
    const target = subresource.value;
    const { object: old } = found.value;
    return change(found.value, context, target, () =>
      target === 'scale' ? rescale(context, found.value, request.body) : replaceObject(context, { ...found.value, old, subresource: target }, request.body),
    );
  };

  const patchObject = (request: Pick<'patch'>, context: WriteContext, found: Found, subresource: 'status' | undefined): Answer => {
    const { kind, version, object } = found;
    const patched = applyPatch(inVersion(object, version), request.patchType, request.body, version.schema, kind.custom);
    const same = patched.ok ? checkPlace(object, patched.value) : patched;
    if (!patched.ok || !same.ok) return patched.ok ? (same as Result<never, ApiStatus>) : patched;
    const sent = subresource === 'status' ? statusOf(patched.value, object) : patched.value;
    const draft = acceptBody(context, kind, version, sent, (why) => invalidPatch(isSecret(kind) ? 'Secret' : JSON.stringify(patched.value), why));
    return draft.ok ? updateObject(context, { kind, version, old: object, subresource, isPatch: true }, draft.value) : draft;
  };

  const patchScale = (request: Pick<'patch'>, context: WriteContext, found: Found): Answer => {
    const scale = found.version.scale === undefined ? err(noSuchResource()) : scaleOf(found.object, found.version.scale);
    if (!scale.ok) return scale;
    const patched = applyPatch(scale.value, request.patchType, request.body, undefined, found.kind.custom);
    return patched.ok ? rescale(context, found, patched.value) : patched;
  };

  const applyNew = (request: Pick<'patch'>, context: WriteContext): Answer => {
    const resolved = kinds.lookup(request.type);
    if (resolved === undefined) return err(noSuchResource());
    const { kind, version } = resolved;
    const config = checkApplied(version, request.body, request.name, true);
    const draft = config.ok ? acceptBody(context, kind, version, config.value, refuseBody(version)) : config;
    const plan = draft.ok ? planApply(version, undefined, draft.value, writerOf(context, version, 'Apply', ''), false) : draft;
    if (!plan.ok) return plan;
    const { object, entries } = plan.value;
    const namespace = version.type.namespaced ? request.namespace : '';
    const created = createObject(context, { kind, version, namespace, name: request.name, applied: entries }, object);
    if (created.ok && context.options.dryRun !== true) afterWrite(kind, created.value, context.now, true);
    return shown(created, version);
  };

  const applyOver = (request: Pick<'patch'>, context: WriteContext, found: Found, subresource: 'status' | 'scale' | undefined): Answer => {
    const { kind, version, object: old } = found;
    const paths = version.scale;
    const body =
      subresource === 'scale' && paths !== undefined
        ? ok(scaledConfig(version.type, paths, request.body))
        : checkApplied(version, request.body, request.name, false);
    const config = body.ok ? acceptBody(context, kind, version, body.value, refuseBody(version)) : body;
    if (!config.ok) return config;
    config.value.metadata.name = old.metadata.name;
    const writer = writerOf(context, version, 'Apply', subresource ?? '');
    const plan = planApply(version, inVersion(old, version), config.value, writer, context.options.force === true);
    const draft = plan.ok ? acceptBody(context, kind, version, plan.value.object, refuseBody(version)) : plan;
    if (!plan.ok || !draft.ok) return draft;
    const updated = updateObject(
      context,
      { kind, version, old, subresource: subresource === 'status' ? 'status' : undefined, applied: plan.value.entries },
      draft.value,
    );
    return updated.ok && subresource === 'scale' && paths !== undefined ? scaleOf(updated.value, paths) : updated;
  };

  const patch = (request: Pick<'patch'>, context: WriteContext): Answer => {
    const isApply = request.patchType === 'apply';
    const options = checkPatchOptions(context.options, isApply);
    if (!options.ok) return options;
    const found = find(request.type, request.namespace, request.name);
    if (!found.ok) return isApply && (request.subresource ?? '') === '' ? applyNew(request, context) : found;
    const subresource = checkSubresource(found.value.version, request.subresource);
    if (!subresource.ok) return subresource;
    const target = subresource.value;
    if (isApply) return change(found.value, context, target, () => applyOver(request, context, found.value, target));
    return change(found.value, context, target, () =>
      target === 'scale' ? patchScale(request, context, found.value) : patchObject(request, context, found.value, target),
    );
  };

  const remove = (request: Pick<'delete'>, context: WriteContext): Answer => {
    const found = find(request.type, request.namespace, request.name);
    if (!found.ok) return found;
    const { kind, version, object, place } = found.value;
    if ((request.subresource ?? '') !== '') return err(methodNotAllowed(version.type, 'delete'));
    const body = readDeleteBody(request.body);
    if (!body.ok) return body;
    const allowed = checkDeletePreconditions(version, object, body.value);
    if (!allowed.ok) return allowed;
    if (kind === namespaces && FIRST_NAMESPACES.includes(place.name) && place.name !== 'kube-node-lease') {
      return err(
        failure(403, 'Forbidden', `namespaces "${place.name}" is forbidden: this namespace may not be deleted`, { name: place.name, kind: 'namespaces' }),
      );
    }
    if (context.options.dryRun === true || body.value.isDryRun) return ok(inVersion(object, version));
    const result = removal(context.now).remove(place, object, body.value);
    if (!result.gone || kind.rules.answersDeleted === true) return ok(inVersion(result.object, version));
    return ok(deletedStatus(version.type, object));
  };

  const removeAll = (request: Pick<'deletecollection'>, context: WriteContext): Result<ApiAnswer['object'], ApiStatus> => {
    const resolved = kinds.lookup(request.type);
    if (resolved === undefined) return err(noSuchResource());
    const test = objectTest(resolved.kind, request.options);
    if (!test.ok) return test;
    const body = readDeleteBody(request.body);
    if (!body.ok) return body;
    const namespace = request.type.namespaced ? request.namespace : undefined;
    const listed = listObjects(objects, resolved.kind, resolved.version, namespace, request.options);
    if (!listed.ok || context.options.dryRun === true || body.value.isDryRun) return listed;
    for (const { metadata } of listed.value.items) {
      const place: Place = { kind: resolved.kind, namespace: metadata.namespace ?? '', name: metadata.name };
      const object = objects.table(resolved.kind).get(place.namespace, place.name);
      if (object !== undefined) removal(context.now).remove(place, object, body.value);
    }
    return listed;
  };

  const list = (request: Pick<'list'>): Result<ApiAnswer['object'], ApiStatus> => {
    const resolved = kinds.lookup(request.type);
    if (resolved === undefined) return err(noSuchResource());
    return listObjects(objects, resolved.kind, resolved.version, request.type.namespaced ? request.namespace : undefined, request.options);
  };

  const perform = (request: ApiRequest, now: Instant, outcome: Outcome): Result<ApiAnswer['object'], ApiStatus> => {
    switch (request.verb) {
      case 'get':
        return get(request);
      case 'list':
        return list(request);
      case 'create':
        return create(request, writing(now, request.options, outcome));
      case 'update':
        return update(request, writing(now, request.options, outcome));
      case 'patch':
        return patch(request, writing(now, request.options, outcome));
      case 'delete':
        return remove(request, writing(now, request.options, outcome));
      case 'deletecollection':
        return removeAll(request, writing(now, request.options, outcome));
      default:
        return unreachable(request);
    }
  };

  const deliver = (): void => {
    objects.deliver();
    for (const key of unserved.splice(0)) for (const listener of watchers.get(key) ?? []) listener({ type: 'ERROR', status: expired(NO_LONGER_SERVED) });
  };

  const execute = (request: ApiRequest, now: Instant): Result<ApiAnswer, ApiStatus> => {
    const outcome: Outcome = { warnings: [], created: false };
    const result = perform(request, now, outcome);
    deliver();
    return result.ok ? ok({ code: outcome.created ? 201 : 200, object: result.value, warnings: outcome.warnings }) : result;
  };

  const seed = (type: ResourceType, body: unknown): void => {
    const made = execute({ verb: 'create', type, namespace: '', body, options: {} }, setup.now);
    assert(made.ok, `the store's own ${type.kind} is valid: ${made.ok ? '' : made.error.message}`);
  };
  for (const name of FIRST_NAMESPACES) seed(NAMESPACE, { metadata: { name } });
  for (const definition of setup.definitions) seed(CUSTOM_RESOURCE_DEFINITION, definition);
  isSeeding = false;

  return {
    execute,
    watch(request, listener) {
      const resolved = kinds.lookup(request.type);
      if (resolved === undefined) return err(noSuchResource());
      const handle = startWatch(objects, resolved.kind, resolved.version, request, listener);
      if (!handle.ok || !resolved.kind.custom) return handle;
      const { key } = resolved.kind;
      const set = watchers.get(key) ?? new Set();
      watchers.set(key, set.add(listener));
      return ok({
        close: () => {
          set.delete(listener);
          handle.value.close();
        },
      });
    },
    types: () => kinds.types(),
    revision: () => String(objects.revision()),
  };
}
