// One stored object, several served versions: but for built-in kinds with a conversion of their own
// they differ in `apiVersion` alone. And which of them have which subresources.

import type { KubeObject } from '../../kinds/kube-object.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus } from './api.js';
import type { ServedVersion } from './kind.js';
import { noSuchResource } from './status.js';

const rewritten = new WeakMap<KubeObject, Map<string, KubeObject>>();

/** The stored object as that version shows it; made once for each version. */
export function inVersion(object: KubeObject, version: ServedVersion): KubeObject {
  const apiVersion = apiVersionOf(version.type);
  if (object.apiVersion === apiVersion) return object;
  const known = rewritten.get(object);
  const made = known?.get(apiVersion) ?? Object.freeze({ ...(version.conversion?.fromStored(object) ?? object), apiVersion });
  if (known === undefined) rewritten.set(object, new Map([[apiVersion, made]]));
  else known.set(apiVersion, made);
  return made;
}

/** 404 for a subresource that the kind does not have. */
export function checkSubresource(version: ServedVersion, subresource: string | undefined): Result<'status' | 'scale' | undefined, ApiStatus> {
  if (subresource === undefined || subresource === '') return ok(undefined);
  if (subresource === 'status' && version.hasStatus) return ok('status');
  if (subresource === 'scale' && version.scale !== undefined) return ok('scale');
  return err(noSuchResource());
}
