// What a URL's path means: a document of the server, a list of resources, or an object.

import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import type { ApiStatus } from '../store/api.js';
import { badRequest } from './status.js';

export type RequestPath =
  /** /healthz, /version, /openapi/v3/…: kept as its parts. */
  | { readonly type: 'document'; readonly parts: readonly string[] }
  /** /api and /apis. */
  | { readonly type: 'groups'; readonly legacy: boolean }
  /** /apis/G. */
  | { readonly type: 'group'; readonly group: string }
  /** /api/v1 and /apis/G/V. */
  | { readonly type: 'group-version'; readonly group: string; readonly version: string }
  | ResourcePath;

export type ResourcePath = {
  readonly type: 'resource';
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Undefined when the path names none. */
  readonly namespace: string | undefined;
  /** Undefined for the collection. */
  readonly name: string | undefined;
  readonly subresource: string | undefined;
};

// What may follow a namespace's own name: everything else there is a resource inside the namespace.
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

/** Fails with 400 when the path is not valid percent-encoding. A path that means nothing is a `document` that nobody serves. */
export function parsePath(pathname: string): Result<RequestPath, ApiStatus> {
  let parts: string[];
  try {
    parts = pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return err(badRequest(`the path ${pathname} is not valid percent-encoding`));
  }
  const [root, ...rest] = parts;
  if (root === 'api') return ok(rest.length === 0 ? { type: 'groups', legacy: true } : versionPath(parts, '', rest));
  if (root !== 'apis') return ok({ type: 'document', parts });
  const [group, ...inGroup] = rest;
  if (group === undefined) return ok({ type: 'groups', legacy: false });
  return ok(inGroup.length === 0 ? { type: 'group', group } : versionPath(parts, group, inGroup));
}

function versionPath(parts: readonly string[], group: string, rest: readonly string[]): RequestPath {
  const [version = '', ...resource] = rest;
  const [plural, name, subresource, ...deeper] = resource;
  if (plural === undefined) return { type: 'group-version', group, version };
  if (plural === 'namespaces' && subresource !== undefined && !NAMESPACE_SUBRESOURCES.has(subresource)) {
    const [inner, innerSub, ...innerDeeper] = deeper;
    if (innerDeeper.length > 0) return { type: 'document', parts };
    return { type: 'resource', group, version, plural: subresource, namespace: name, name: inner, subresource: innerSub };
  }
  if (deeper.length > 0) return { type: 'document', parts };
  return { type: 'resource', group, version, plural, namespace: undefined, name, subresource };
}
