// Fills in the defaults of a schema, as the real server does for custom resources: only into objects that are there.

import { clone, isRecord } from '../../lib/deep.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';

const carrying = new WeakMap<StructuralSchema, boolean>();

/** Whether any default stands in the schema: most subtrees have none, and need no walk. */
function carriesDefaults(schema: StructuralSchema): boolean {
  const known = carrying.get(schema);
  if (known !== undefined) return known;
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  if (typeof schema.additionalProperties === 'object') inner.push(schema.additionalProperties);
  const carries = inner.some((child) => child.default !== undefined || carriesDefaults(child));
  carrying.set(schema, carries);
  return carries;
}

/** Changes the value in place. A null where a default stands, and null is not allowed, counts as absent. */
export function applySchemaDefaults(schema: StructuralSchema, value: unknown): void {
  if (!carriesDefaults(schema)) return;
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const item of value) applySchemaDefaults(schema.items, item);
    return;
  }
  // What is frozen was stored before, with its defaults.
  if (!isRecord(value) || Object.isFrozen(value)) return;
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const missing = value[key] === undefined || (value[key] === null && inner.nullable !== true);
    if (missing && inner.default !== undefined) value[key] = clone(inner.default);
    if (value[key] !== undefined) applySchemaDefaults(inner, value[key]);
  }
  if (typeof schema.additionalProperties === 'object') for (const item of Object.values(value)) applySchemaDefaults(schema.additionalProperties, item);
}
