// From method, path and body to the request that the store understands, or to the refusal that the real server gives.

import type { PatchType } from '../../kinds/change.js';
import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import type { ApiOptions, ApiRequest, ApiStatus } from '../store/api.js';
import type { ServedType } from './catalogue.js';
import { mediaType } from './request-body.js';
import type { ResourcePath } from './request-path.js';
import { badRequest, methodNotAllowed, notExecuted, unknownPath, unsupportedMediaType } from './status.js';

export const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** Subresources that are created, and nothing else. */
export const POSTED: ReadonlySet<string> = new Set(['binding', 'eviction', 'token']);

export type IncomingVerb = {
  readonly method: string;
  readonly path: ResourcePath;
  readonly served: ServedType;
  readonly options: ApiOptions;
  readonly body: unknown;
  readonly patchType: PatchType | undefined;
};

/** Which patch the Content-Type means; 415 when it is none that is served. */
export function patchTypeOf(contentType: string | undefined): Result<PatchType, ApiStatus> {
  const type = mediaType(contentType);
  const patchType = PATCH_TYPES[type];
  if (patchType !== undefined) return ok(patchType);
  return err(unsupportedMediaType(Object.keys(PATCH_TYPES)));
}

/** What needs a running process: no container of this server is one. */
const PROCESS_SUBRESOURCES: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** 404 when the path does not fit the type's scope or names a subresource that it has not. */
export function checkPath(path: ResourcePath, served: ServedType): ApiStatus | undefined {
  const { type } = served;
  if (!type.namespaced && path.namespace !== undefined) return unknownPath();
  if (type.namespaced && path.namespace === undefined && path.name !== undefined) return unknownPath();
  if (served.type.group === '' && served.type.kind === 'Pod' && PROCESS_SUBRESOURCES.has(path.subresource ?? '')) return notExecuted(path.subresource ?? '');
  if (path.subresource !== undefined && !served.subresources.some((name) => name === path.subresource)) return unknownPath();
  return undefined;
}

export function toApiRequest(verb: IncomingVerb): Result<ApiRequest, ApiStatus> {
  const { path, served, options } = verb;
  const { type } = served;
  const namespace = path.namespace ?? '';
  const subresource = path.subresource === undefined ? {} : { subresource: path.subresource };
  if (path.name === undefined) return collectionRequest(verb);
  const { name } = path;
  if (path.subresource !== undefined && POSTED.has(path.subresource) && verb.method !== 'POST') return err(methodNotAllowed());
  switch (verb.method) {
    case 'GET':
      return ok({ verb: 'get', type, namespace, name, ...subresource });
    case 'PUT':
      if (verb.body === undefined) return err(badRequest('the request has no body: send the whole object'));
      return ok({ verb: 'update', type, namespace, name, ...subresource, body: verb.body, options });
    case 'PATCH':
      if (verb.patchType === undefined || verb.body === undefined) return err(badRequest('the request has no body: send the patch'));
      return ok({ verb: 'patch', type, namespace, name, ...subresource, patchType: verb.patchType, body: verb.body, options });
    case 'POST':
      if (path.subresource === undefined || !POSTED.has(path.subresource)) return err(methodNotAllowed());
      if (verb.body === undefined) return err(badRequest('the request has no body: send the object'));
      return ok({ verb: 'create', type, namespace, name, ...subresource, body: verb.body, options });
    case 'DELETE':
      if (path.subresource !== undefined) return err(methodNotAllowed());
      return ok({ verb: 'delete', type, namespace, name, ...(verb.body === undefined ? {} : { body: verb.body }), options });
    default:
      return err(methodNotAllowed());
  }
}

function collectionRequest({ method, path, served: { type }, options, body }: IncomingVerb): Result<ApiRequest, ApiStatus> {
  const everywhere = type.namespaced && path.namespace === undefined;
  if (method === 'GET') return ok({ verb: 'list', type, ...(path.namespace === undefined ? {} : { namespace: path.namespace }), options });
  // Across all namespaces there is only reading.
  if (everywhere) return err(methodNotAllowed());
  const namespace = path.namespace ?? '';
  if (method === 'POST') {
    if (body === undefined) return err(badRequest('the request has no body: send the object'));
    return ok({ verb: 'create', type, namespace, body, options });
  }
  if (method === 'DELETE') return ok({ verb: 'deletecollection', type, namespace, ...(body === undefined ? {} : { body }), options });
  return err(methodNotAllowed());
}
