// Strategic merge patch: lists merge by the key that the schema names; `$patch`, `$setElementOrder`, `$deleteFromPrimitiveList`
// and `$retainKeys` are obeyed. Neither argument is changed.

import { clone, deepEqual, isRecord } from '../../lib/deep.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';

type Plain = Record<string, unknown>;

const ORDER = '$setElementOrder/';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';

const schemaOf = (schema: StructuralSchema | undefined, key: string): StructuralSchema | undefined =>
  schema?.properties?.[key] ?? (typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined);

const mergesLists = (schema: StructuralSchema | undefined): boolean =>
  schema?.['x-kubernetes-patch-merge-key'] !== undefined || (schema?.['x-kubernetes-patch-strategy'] ?? '').split(',').includes('merge');

const replacesList = (item: unknown): boolean => isRecord(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1;

const withoutDirectives = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter((item) => !isRecord(item) || item['$patch'] === undefined).map(withoutDirectives);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !key.startsWith('$') && item !== null)
      .map(([key, item]) => [key, withoutDirectives(item)]),
  );
};

/**
 * The order that the real server gives: what the patch names, as it names it, and between that what only the server has. One of
 * those goes ahead of one that the patch names only where both were there before, and in that order.
 */
function reorder<T>(items: readonly T[], identify: (item: T) => unknown, named: readonly unknown[], before: readonly T[]): T[] {
  const server = before.map(identify);
  const at = (list: readonly unknown[], item: T): number => list.findIndex((each) => deepEqual(each, identify(item)));
  const patched = items.filter((item) => at(named, item) >= 0).sort((a, b) => at(named, a) - at(named, b));
  const others = items.filter((item) => at(named, item) < 0);
  const result: T[] = [];
  while (patched.length > 0 || others.length > 0) {
    const [other, own] = [others[0], patched[0]];
    const known = other !== undefined && own !== undefined && at(server, own) >= 0 && at(server, other) >= 0;
    const isOther = own === undefined || (other !== undefined && known && at(server, other) < at(server, own));
    const next = isOther ? others.shift() : patched.shift();
    if (next !== undefined) result.push(next);
  }
  return result;
}

function mergeKeyedList(current: readonly unknown[], patch: readonly unknown[], key: string, schema: StructuralSchema | undefined): unknown[] {
  const result = [...current];
  const find = (value: unknown): number => result.findIndex((item) => isRecord(item) && deepEqual(item[key], value));
  for (const item of patch) {
    if (!isRecord(item)) continue;
    const index = find(item[key]);
    if (item['$patch'] === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index < 0) {
      result.push(clone(withoutDirectives(item)));
    } else {
      result[index] = item['$patch'] === 'replace' ? clone(withoutDirectives(item)) : mergeRecord(result[index], item, schema?.items);
    }
  }
  return result;
}

function mergeList(current: unknown, patch: readonly unknown[], schema: StructuralSchema | undefined): unknown[] {
  const old = Array.isArray(current) ? (current as unknown[]) : [];
  if (!mergesLists(schema) || patch.some(replacesList)) return clone(withoutDirectives(patch)) as unknown[];
  const key = schema?.['x-kubernetes-patch-merge-key'];
  if (key === undefined) {
    const merged = [...old, ...patch.filter((item) => !old.some((existing) => deepEqual(existing, item)))];
    return reorder(merged, (item) => item, patch, old);
  }
  const identify = (item: unknown): unknown => (isRecord(item) ? item[key] : item);
  return reorder(mergeKeyedList(old, patch, key, schema), identify, patch.map(identify), old);
}

function applyOrder(result: Plain, field: string, order: unknown, before: unknown, schema: StructuralSchema | undefined): void {
  const list = result[field];
  if (!Array.isArray(list) || !Array.isArray(order)) return;
  const key = schemaOf(schema, field)?.['x-kubernetes-patch-merge-key'];
  const identify = (item: unknown): unknown => (key !== undefined && isRecord(item) ? item[key] : item);
  result[field] = reorder(list as unknown[], identify, order.map(identify), Array.isArray(before) ? (before as unknown[]) : []);
}

/** The target with the patch applied. Without a schema, lists are replaced whole. */
export function mergeRecord(target: unknown, patch: Readonly<Plain>, schema: StructuralSchema | undefined): unknown {
  if (patch['$patch'] === 'replace') return clone(withoutDirectives(patch));
  if (patch['$patch'] === 'delete') return {};
  const result: Plain = isRecord(target) ? { ...target } : {};
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_PRIMITIVES)) {
      const field = key.slice(DELETE_PRIMITIVES.length);
      const list = result[field];
      if (Array.isArray(list) && Array.isArray(value)) result[field] = list.filter((item) => !value.some((gone) => deepEqual(gone, item)));
    } else if (key.startsWith('$')) {
      continue;
    } else if (value === null) {
      delete result[key];
    } else if (Array.isArray(value)) {
      result[key] = mergeList(result[key], value, schemaOf(schema, key));
    } else if (isRecord(value)) {
      result[key] = isRecord(result[key]) ? mergeRecord(result[key], value, schemaOf(schema, key)) : clone(withoutDirectives(value));
    } else if (value !== undefined) {
      result[key] = value;
    }
  }
  for (const [key, value] of Object.entries(patch))
    if (key.startsWith(ORDER)) applyOrder(result, key.slice(ORDER.length), value, isRecord(target) ? target[key.slice(ORDER.length)] : undefined, schema);
  return result;
}
