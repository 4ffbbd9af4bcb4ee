// One stored object, several served versions: but for built-in kinds with a conversion of their own
// they differ in `apiVersion` alone.

import type { KubeObject } from '../../kinds/kube-object.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import type { ServedVersion } from './kind.js';

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
