// Which fields an object has, and which ones two states of it differ in, as server-side apply counts fields:
// records and keyed lists are looked into, everything else is one field. Without a schema, lists are one field.

import { deepEqual, isRecord } from '../../lib/deep.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import { makeSet, MEMBER, union, type FieldSet } from './field-set.js';

export type Schema = StructuralSchema | undefined;

type Plain = Readonly<Record<string, unknown>>;

/** Keys that may be left out of an item, and what they are then. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

/** The keys of a list that is merged by key; "set" when its items are their own keys; undefined when it is one field. */
export function listKeysOf(schema: Schema): readonly string[] | 'set' | undefined {
  if (schema === undefined) return undefined;
  const type = schema['x-kubernetes-list-type'];
  if (type === 'map') return schema['x-kubernetes-list-map-keys'] ?? [];
  if (type === 'set') return 'set';
  if (type === 'atomic') return undefined;
  const key = schema['x-kubernetes-patch-merge-key'];
  if (key !== undefined) return [key];
  return (schema['x-kubernetes-patch-strategy'] ?? '').split(',').includes('merge') && schema.items !== undefined ? 'set' : undefined;
}

export function memberSchema(schema: Schema, key: string): Schema {
  const { properties, additionalProperties } = schema ?? {};
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Whether a record is looked into. */
export const isGranular = (schema: Schema): boolean => schema?.['x-kubernetes-map-type'] !== 'atomic';

/** The edge of an item in a keyed list: `k:{"name":"web"}`. */
export function itemElement(keys: readonly string[] | 'set', item: unknown, schema: Schema): string {
  if (keys === 'set') return `v:${JSON.stringify(item)}`;
  const holder = isRecord(item) ? item : {};
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return `k:{${JSON.stringify(only)}:${JSON.stringify(keyValue(holder, only, schema))}}`;
  return `k:${JSON.stringify(Object.fromEntries(keys.toSorted().map((key) => [key, keyValue(holder, key, schema)])))}`;
}

const keyValue = (item: Plain, key: string, schema: Schema): unknown => item[key] ?? schema?.items?.properties?.[key]?.default ?? KEY_DEFAULTS[key] ?? null;

/**
 * Which records and lists count as fields themselves, beside what they hold: only empty ones; those that a built-in kind can be
 * without (`new`: in Go's structs some are always there, and so nobody's; all that is inside of one that is not is new, too); all.
 */
export type Dots = 'empty' | 'new' | 'all';

const within = (dots: Dots, isNew: boolean): Dots => (dots === 'new' && isNew ? 'all' : dots);

/** All fields of the value. `always`: Go writes it even when it says nothing. */
export function fieldsOf(schema: Schema, value: unknown, dots: Dots, always = false): FieldSet {
  if (Array.isArray(value)) return fieldsOfList(schema, value, dots, always);
  if (!isRecord(value) || !isGranular(schema)) return MEMBER;
  const children: Record<string, FieldSet> = {};
  let isEmpty = true;
  const inner = within(dots, schema?.properties === undefined || schema.nullable === true);
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) continue;
    isEmpty = false;
    children[`f:${key}`] = fieldsOf(memberSchema(schema, key), value[key], inner, schema?.required?.includes(key) === true);
  }
  return makeSet(isEmpty || inner === 'all', children) ?? MEMBER;
}

function fieldsOfList(schema: Schema, value: readonly unknown[], dots: Dots, always: boolean): FieldSet {
  const keys = listKeysOf(schema);
  if (keys === undefined || value.length === 0) return MEMBER;
  const children: Record<string, FieldSet> = {};
  for (const item of value) children[itemElement(keys, item, schema)] = itemFields(schema, item, dots);
  return makeSet(dots === 'all' || (dots === 'new' && !always), children) ?? MEMBER;
}

const itemFields = (schema: Schema, item: unknown, dots: Dots): FieldSet => union(MEMBER, fieldsOf(schema?.items, item, within(dots, true))) ?? MEMBER;

export type FieldDiff = { /** Added or changed. */ readonly changed: FieldSet | undefined; readonly removed: FieldSet | undefined };

const SAME: FieldDiff = { changed: undefined, removed: undefined };

export function diffFields(schema: Schema, before: unknown, after: unknown, dots: Dots, always = false): FieldDiff {
  if (before === after) return SAME;
  if (before === undefined) return { changed: fieldsOf(schema, after, dots, always), removed: undefined };
  if (after === undefined) return { changed: undefined, removed: fieldsOf(schema, before, 'all') };
  if (isRecord(before) && isRecord(after) && isGranular(schema)) return diffRecords(schema, before, after, dots);
  if (Array.isArray(before) && Array.isArray(after)) {
    const keys = listKeysOf(schema);
    if (keys !== undefined) return diffLists(schema, keys, before, after, dots);
  }
  return deepEqual(before, after) ? SAME : { changed: MEMBER, removed: undefined };
}

type Found = { changed: Record<string, FieldSet> | undefined; removed: Record<string, FieldSet> | undefined };

function note(found: Found, element: string, diff: FieldDiff): void {
  if (diff.changed !== undefined) (found.changed ??= {})[element] = diff.changed;
  if (diff.removed !== undefined) (found.removed ??= {})[element] = diff.removed;
}

const closed = ({ changed, removed }: Found): FieldDiff => (changed === undefined && removed === undefined ? SAME : { changed, removed });

function diffRecords(schema: Schema, before: Plain, after: Plain, dots: Dots): FieldDiff {
  const found: Found = { changed: undefined, removed: undefined };
  for (const key of Object.keys(after))
    if (after[key] !== before[key])
      note(found, `f:${key}`, diffFields(memberSchema(schema, key), before[key], after[key], dots, schema?.required?.includes(key) === true));
  for (const key of Object.keys(before)) {
    if (before[key] !== undefined && after[key] === undefined) note(found, `f:${key}`, diffFields(memberSchema(schema, key), before[key], undefined, dots));
  }
  return closed(found);
}

function diffLists(schema: Schema, keys: readonly string[] | 'set', before: readonly unknown[], after: readonly unknown[], dots: Dots): FieldDiff {
  const found: Found = { changed: undefined, removed: undefined };
  const old = new Map(before.map((item) => [itemElement(keys, item, schema), item]));
  for (const item of after) {
    const element = itemElement(keys, item, schema);
    const known = old.get(element);
    if (known === undefined) note(found, element, { changed: itemFields(schema, item, dots), removed: undefined });
    else note(found, element, diffFields(schema?.items, known, item, dots));
    old.delete(element);
  }
  for (const [element, item] of old) note(found, element, { changed: undefined, removed: itemFields(schema, item, 'all') });
  return closed(found);
}
