// The two ways in which server-side apply changes an object: it merges what is applied into it, and it takes out of it
// what the same manager applied before, applies no longer, and nobody else owns. Arguments are not changed.

import { clone, isRecord } from '../../lib/deep.js';
import { isGranular, itemElement, listKeysOf, memberSchema, type Schema } from './field-diff.js';
import type { FieldSet } from './field-set.js';

type Plain = Readonly<Record<string, unknown>>;

export function mergeApplied(schema: Schema, live: unknown, applied: unknown): unknown {
  if (isRecord(live) && isRecord(applied) && isGranular(schema)) {
    const merged: Record<string, unknown> = { ...live };
    for (const [key, value] of Object.entries(applied)) if (value !== undefined) merged[key] = mergeApplied(memberSchema(schema, key), live[key], value);
    return merged;
  }
  const keys = Array.isArray(live) && Array.isArray(applied) ? listKeysOf(schema) : undefined;
  if (keys === undefined) return clone(applied);
  return mergeLists(schema, keys, live as readonly unknown[], applied as readonly unknown[]);
}

/** In the order of what is applied; what only the live list has stays behind its former neighbour. */
function mergeLists(schema: Schema, keys: readonly string[] | 'set', live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const element = (item: unknown): string => itemElement(keys, item, schema);
  const before = new Map(live.map((item) => [element(item), item]));
  const wanted = new Set(applied.map(element));
  const merged = applied.map((item) => ({
    at: element(item),
    item: before.has(element(item)) ? mergeApplied(schema?.items, before.get(element(item)), item) : clone(item),
  }));
  let neighbour: string | undefined;
  for (const item of live) {
    const at = element(item);
    if (!wanted.has(at)) {
      const index = neighbour === undefined ? 0 : merged.findIndex((each) => each.at === neighbour) + 1;
      merged.splice(index, 0, { at, item });
    }
    neighbour = at;
  }
  return merged.map(({ item }) => item);
}

/** The value without the fields of `last` of which `kept` holds nothing. */
export function pruneApplied(schema: Schema, value: unknown, last: FieldSet, kept: FieldSet | undefined): unknown {
  if (isRecord(value)) return pruneRecord(schema, value, last, kept);
  const keys = Array.isArray(value) ? listKeysOf(schema) : undefined;
  if (keys === undefined) return value;
  return (value as readonly unknown[]).flatMap((item) => {
    const element = itemElement(keys, item, schema);
    const inner = last[element];
    if (inner === undefined) return [item];
    const keeping = kept?.[element];
    return keeping === undefined ? [] : [pruneApplied(schema?.items, item, inner, keeping)];
  });
}

function pruneRecord(schema: Schema, value: Plain, last: FieldSet, kept: FieldSet | undefined): Plain {
  const result: Record<string, unknown> = { ...value };
  for (const key of Object.keys(value)) {
    const inner = last[`f:${key}`];
    if (inner === undefined) continue;
    const keeping = kept?.[`f:${key}`];
    if (keeping === undefined) delete result[key];
    else result[key] = pruneApplied(memberSchema(schema, key), value[key], inner, keeping);
  }
  return result;
}
