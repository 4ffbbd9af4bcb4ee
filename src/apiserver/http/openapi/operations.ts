// The operations of a resource for an OpenAPI document. kubectl reads from them whether the server validates fields and
// knows dry runs (the parameters of PATCH), and which kind stands behind a path (the extension on each operation).

import type { ServedType } from '../catalogue.js';
import { SERVED_REVIEWS } from './reviews.js';
import { POSTED } from '../resource-request.js';
import { DELETE_OPTIONS, PATCH, SCALE, schemaName, STATUS } from './schema-names.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export type Operation = {
  readonly method: Method;
  readonly path: string;
  readonly action: string;
  readonly parameters: readonly Parameter[];
  /** Schema name of the body, and the types it may have. */
  readonly body: { readonly schema: string; readonly types: readonly string[] } | undefined;
  readonly answer: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
};

export type Parameter = { readonly name: string; readonly in: 'query' | 'path'; readonly type: 'string' | 'integer' | 'boolean'; readonly required: boolean };

const query = (name: string, type: Parameter['type'] = 'string'): Parameter => ({ name, in: 'query', type, required: false });
const inPath = (name: string): Parameter => ({ name, in: 'path', type: 'string', required: true });

const WRITE = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
const LIST = [
  query('allowWatchBookmarks', 'boolean'),
  query('continue'),
  query('fieldSelector'),
  query('labelSelector'),
  query('limit', 'integer'),
  query('resourceVersion'),
  query('resourceVersionMatch'),
  query('sendInitialEvents', 'boolean'),
  query('timeoutSeconds', 'integer'),
  query('watch', 'boolean'),
];
const DELETE = [query('dryRun'), query('gracePeriodSeconds', 'integer'), query('propagationPolicy')];

const LOG = [
  query('container'),
  query('follow', 'boolean'),
  query('limitBytes', 'integer'),
  query('previous', 'boolean'),
  query('sinceSeconds', 'integer'),
  query('tailLines', 'integer'),
  query('timestamps', 'boolean'),
];

const OBJECT_TYPES = ['application/json', 'application/yaml'];
const PATCH_BODY_TYPES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];

export function operationsOf(served: ServedType): readonly Operation[] {
  const { type, custom } = served;
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const collection = type.namespaced ? `${root}/namespaces/{namespace}/${type.plural}` : `${root}/${type.plural}`;
  const kind = { group: type.group, version: type.version, kind: type.kind };
  const name = schemaName(type, custom);
  const scope = type.namespaced ? [inPath('namespace')] : [];
  const element = [...scope, inPath('name')];
  const write = { schema: name, types: OBJECT_TYPES };
  const patch = { schema: PATCH, types: custom ? PATCH_BODY_TYPES : [...PATCH_BODY_TYPES, 'application/strategic-merge-patch+json'] };
  const remove = { schema: DELETE_OPTIONS, types: OBJECT_TYPES };
  const post: Operation = { method: 'post', path: collection, action: 'post', parameters: [...scope, ...WRITE], body: write, answer: name, kind };
  if (SERVED_REVIEWS.includes(served)) return [post];
  const list: Operation = { method: 'get', path: collection, action: 'list', parameters: [...scope, ...LIST], body: undefined, answer: `${name}List`, kind };
  const item = `${collection}/{name}`;
  return [
    ...(type.namespaced ? [{ ...list, path: `${root}/${type.plural}`, parameters: LIST }] : []),
    list,
    post,
    { method: 'delete', path: collection, action: 'deletecollection', parameters: [...scope, ...LIST, ...DELETE], body: remove, answer: STATUS, kind },
    { method: 'get', path: item, action: 'get', parameters: element, body: undefined, answer: name, kind },
    { method: 'put', path: item, action: 'put', parameters: [...element, ...WRITE], body: write, answer: name, kind },
    { method: 'patch', path: item, action: 'patch', parameters: [...element, ...WRITE, query('force', 'boolean')], body: patch, answer: name, kind },
    { method: 'delete', path: item, action: 'delete', parameters: [...element, ...DELETE], body: remove, answer: STATUS, kind },
    ...served.subresources.flatMap((subresource): readonly Operation[] => {
      const path = `${item}/${subresource}`;
      if (subresource === 'log') return [{ method: 'get', path, action: 'connect', parameters: [...element, ...LOG], body: undefined, answer: name, kind }];
      // What is posted to them has no schema of its own here.
      if (POSTED.has(subresource)) return [{ method: 'post', path, action: 'post', parameters: [...element, ...WRITE], body: undefined, answer: STATUS, kind }];
      const scale = subresource === 'scale';
      const answer = scale ? SCALE : name;
      const about = scale ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : kind;
      return [
        { method: 'get', path, action: 'get', parameters: element, body: undefined, answer, kind: about },
        { method: 'put', path, action: 'put', parameters: [...element, ...WRITE], body: { schema: answer, types: OBJECT_TYPES }, answer, kind: about },
        { method: 'patch', path, action: 'patch', parameters: [...element, ...WRITE], body: patch, answer, kind: about },
      ];
    }),
  ];
}
