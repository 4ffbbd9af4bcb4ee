// Finds the objects that a router works with, for everyone who has objects: the engine's cache, the console's snapshot.

import type { KubeObject } from '../kinds/kube-object.js';
import { matchesSelector } from '../kinds/label-selector.js';
import { refKey } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Rollout } from '../kinds/rollout.js';
import type { Router } from './router.js';

export type ObjectReader = {
  get(ref: ObjectRef): KubeObject | undefined;
  list(type: ResourceType, namespace: string): readonly KubeObject[];
};

/** The kinds that the router looks at for this rollout. */
export function typesFor(router: Router, rollout: Rollout): readonly ResourceType[] {
  const named = [...router.needs(rollout), ...(router.further?.(rollout, []) ?? []), ...(router.selects?.(rollout) ?? [])];
  return [...new Set(named.map(({ type }) => type))];
}

/** Those that exist, each once. */
export function gather(router: Router, rollout: Rollout, reader: ObjectReader): readonly KubeObject[] {
  const needed = found(router.needs(rollout), reader);
  if (router.further === undefined && router.selects === undefined) return needed;
  const further = found(router.further?.(rollout, needed) ?? [], reader);
  const selected = (router.selects?.(rollout) ?? []).flatMap(({ type, namespace, selector }) =>
    reader.list(type, namespace).filter((object) => matchesSelector(selector, object.metadata.labels)),
  );
  return [...new Set([...needed, ...further, ...selected])];
}

/** Whether a change of that object, as it is or was, is the router's business. */
export function concerns(router: Router, rollout: Rollout, ref: ObjectRef, object: KubeObject, reader: ObjectReader): boolean {
  const key = refKey(ref);
  const isIt = (other: ObjectRef): boolean => refKey(other) === key;
  const needs = router.needs(rollout);
  if (needs.some(isIt)) return true;
  if (router.further?.(rollout, found(needs, reader)).some(isIt) === true) return true;
  const selections = router.selects?.(rollout) ?? [];
  return selections.some(
    ({ type, namespace, selector }) => type === ref.type && namespace === ref.namespace && matchesSelector(selector, object.metadata.labels),
  );
}

function found(refs: readonly ObjectRef[], reader: ObjectReader): readonly KubeObject[] {
  return refs.map((ref) => reader.get(ref)).filter((object) => object !== undefined);
}
