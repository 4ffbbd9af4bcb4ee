// Where an object stands in the API: paths and queries.

import type { ObjectRef } from '../kinds/object-ref.js';
import { apiVersionOf } from '../kinds/resource-type.js';
import type { ResourceType } from '../kinds/resource-type.js';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** "/api/v1", "/apis/apps/v1". */
export const groupPath = (type: ResourceType): string => `${type.group === '' ? '/api' : '/apis'}/${apiVersionOf(type)}`;

/** All objects of the type, or those of a namespace. */
export function collectionPath(type: ResourceType, namespace: string | undefined): string {
  const scope = type.namespaced && namespace !== undefined && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(type)}${scope}/${type.plural}`;
}

export function objectPath(ref: ObjectRef, subresource?: string): string {
  return `${collectionPath(ref.type, ref.namespace)}/${encodeURIComponent(ref.name)}${subresource === undefined ? '' : `/${subresource}`}`;
}

/** "" or "?a=1&b=2"; undefined values are left out. */
export function queryText(query: Query): string {
  const text = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
  return text === '' ? '' : `?${text}`;
}
