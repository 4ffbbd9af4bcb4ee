// The schemas of a group's kinds as OpenAPI documents hold them: our structural schema, with the fields that every object has.

import { apiVersionOf } from '../../../kinds/resource-type.js';
import type { StructuralSchema } from '../../../kinds/structural-schema.js';
import type { ServedType } from '../catalogue.js';
import { API_VERSION_FIELD, KIND_FIELD, LIST_META, OBJECT_META, SCALE, SCALE_SCHEMA, schemaName, SHARED_SCHEMAS } from './schema-names.js';

export type Definitions = Readonly<Record<string, unknown>>;

/** `refRoot` is where the document keeps its schemas: "#/components/schemas/" or "#/definitions/". */
export function definitionsOf(all: readonly ServedType[], refRoot: string): Definitions {
  const kinds = all.flatMap((served) => {
    const name = schemaName(served.type, served.custom);
    return [
      [name, objectSchema(served, refRoot)],
      [`${name}List`, listSchema(served, name, refRoot)],
    ] as const;
  });
  const scale = all.some(({ subresources }) => subresources.includes('scale')) ? { [SCALE]: SCALE_SCHEMA } : {};
  return { ...Object.fromEntries(kinds), ...scale, ...SHARED_SCHEMAS };
}

// A kind of which nothing is known takes anything.
const OPEN_SCHEMA: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function objectSchema({ type, schema = OPEN_SCHEMA }: ServedType, refRoot: string): unknown {
  const { group, version, kind } = type;
  return {
    description: `${kind} of ${apiVersionOf(type)}.`,
    ...schema,
    type: 'object',
    properties: {
      apiVersion: API_VERSION_FIELD,
      kind: KIND_FIELD,
      metadata: reference(refRoot, OBJECT_META, 'What every stored object says of itself.'),
      ...withoutCommon(schema.properties),
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}

function withoutCommon(properties: StructuralSchema['properties']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => name !== 'apiVersion' && name !== 'kind' && name !== 'metadata'));
}

function listSchema({ type, listKind }: ServedType, name: string, refRoot: string): unknown {
  const { group, version, kind } = type;
  return {
    description: `A list of ${kind}.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: API_VERSION_FIELD,
      kind: KIND_FIELD,
      metadata: reference(refRoot, LIST_META, 'What a list says of itself.'),
      items: { type: 'array', description: 'The objects.', items: reference(refRoot, name) },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
  };
}

/** With `allOf`, because a plain `$ref` hides what stands beside it. */
function reference(refRoot: string, name: string, description?: string): unknown {
  const target = { $ref: `${refRoot}${name}` };
  if (refRoot === '#/definitions/') return description === undefined ? target : { description, ...target };
  return description === undefined ? target : { description, allOf: [target], default: {} };
}
