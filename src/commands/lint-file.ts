// The objects of a file as a linter looks things up in them, and what it says of one object.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { ObjectReader } from '../routers/gather.js';

export type Findings = {
  readonly problems: readonly string[];
  /** What it refers to and the file does not hold ("Service cart"): it may be in the cluster. */
  readonly absent: readonly string[];
};

const groupOf = ({ apiVersion }: KubeObject): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** Whatever the version: it is the same object. */
const isOf = (type: ResourceType, object: KubeObject): boolean => object.kind === type.kind && groupOf(object) === type.group;

/** Objects without a namespace of their own are in `namespace`, as `kubectl -n` would have it. */
export function readerOf(objects: readonly KubeObject[], namespace: string): ObjectReader {
  const isIn = (object: KubeObject, type: ResourceType, where: string): boolean => !type.namespaced || (object.metadata.namespace ?? namespace) === where;
  return {
    get: ({ type, namespace: where, name }: ObjectRef) =>
      objects.find((object) => isOf(type, object) && object.metadata.name === name && isIn(object, type, where)),
    list: (type, where) => objects.filter((object) => isOf(type, object) && isIn(object, type, where)),
  };
}
