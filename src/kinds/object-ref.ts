// Which object: its type, namespace and name. The text form is the key in queues and caches.

import type { KubeObject } from './kube-object.js';
import type { ResourceType } from './resource-type.js';

export type ObjectRef = {
  readonly type: ResourceType;
  /** "" for objects that belong to the whole cluster. */
  readonly namespace: string;
  readonly name: string;
};

export function refOf(type: ResourceType, object: KubeObject): ObjectRef {
  return { type, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

/** "rollouts.argoproj.io/default/myapp": unique among all objects of one cluster. */
export function refKey(ref: ObjectRef): string {
  return `${ref.type.plural}.${ref.type.group}/${ref.namespace}/${ref.name}`;
}
