// Builtins on lists and maps.

import { fetchMember, getOrNil, unhashable } from './access.js';
import type { Builtin } from './budget.js';
import { runtimeError, stageOf } from './failure.js';
import { quoted, valueText } from './go-text.js';
import { ANY_MAP, PAIR, sliceOf } from './go-type.js';
import { anySlice, asInteger, type GoEntry, type GoMap, type GoSlice, type GoValue, isObject, kindName, mapKey, slice, typeName } from './go-value.js';

const arg = (args: readonly GoValue[], index: number): GoValue => args[index] ?? null;
const reflectKind = (value: GoValue): string => (value === null ? 'invalid' : kindName(value));

function list(value: GoValue, complaint: (kind: string) => string): GoSlice {
  if (isObject(value) && value.kind === 'slice') return value;
  throw runtimeError(complaint(reflectKind(value)));
}

function map(value: GoValue, complaint: (kind: string) => string): GoMap {
  if (isObject(value) && value.kind === 'map') return value;
  throw runtimeError(complaint(reflectKind(value)));
}

/** first and last: whatever can not be indexed so is nil. */
function edge(value: GoValue, index: bigint): GoValue {
  try {
    return fetchMember(value, index);
  } catch (error) {
    if (stageOf(error) === undefined) throw error;
    return null;
  }
}

function take(args: readonly GoValue[]): GoValue {
  const from = list(arg(args, 0), (kind) => `cannot take from ${kind}`);
  const wanted = asInteger(arg(args, 1));
  if (wanted === undefined) throw runtimeError(`cannot take ${reflectKind(arg(args, 1))} elements`);
  if (wanted < 0n) throw runtimeError('reflect.Value.Slice: slice index out of bounds');
  return { ...from, items: from.items.slice(0, Number(wanted < BigInt(from.items.length) ? wanted : from.items.length)) };
}

const entries = (value: GoValue, complaint: (kind: string) => string): readonly GoEntry[] => [...map(value, complaint).entries.values()];

function fromPairs(value: GoValue): GoValue {
  const pairs = list(value, () => `cannot transform ${valueText(value)} from pairs`);
  const made = new Map<string, GoEntry>();
  for (const pair of pairs.items) {
    if (!isObject(pair) || pair.kind !== 'slice') throw runtimeError(`invalid pair ${valueText(pair)}`);
    if (pair.items.length !== 2) throw runtimeError(`invalid pair length ${valueText(pair)}`);
    const key = arg(pair.items, 0);
    const text = mapKey(ANY_MAP, key);
    if (text === undefined) throw unhashable(key);
    made.set(text, { key, value: arg(pair.items, 1) });
  }
  return { kind: 'map', type: ANY_MAP, entries: made };
}

/** "asc" or "desc"; whether it is the latter. */
function descending(value: GoValue): boolean {
  if (typeof value !== 'string') throw runtimeError(`invalid argument for sort (expected string, got ${typeName(value)})`);
  if (value !== 'asc' && value !== 'desc') throw runtimeError(`invalid argument for sort (expected "asc" or "desc", got ${quoted(value)})`);
  return value === 'desc';
}

/** sort and sortBy in one: `field` is empty for plain sorting, and maps are looked at through it all the same. */
function sort(value: GoValue, field: string, down: boolean): GoValue {
  const from = list(value, (kind) => `cannot sort ${kind}`);
  const rows = from.items.map((item) => ({ item, key: sortKey(item, field) }));
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const name = (key: GoValue): string => (key === null ? 'interface {}' : typeName(key));
    if (before !== undefined && name(row.key) !== name(before.key))
      throw runtimeError(`cannot sort array of different types (${name(row.key)} and ${name(before.key)})`);
  });
  return anySlice(rows.sort((a, b) => (down ? order(b.key, a.key) : order(a.key, b.key))).map((row) => row.item));
}

function sortKey(item: GoValue, field: string): GoValue {
  if (!isObject(item) || (item.kind !== 'map' && item.kind !== 'struct' && item.kind !== 'time')) return item;
  const key = item.kind === 'map' ? item.entries.get(field)?.value : item.kind === 'struct' ? item.fields[field] : undefined;
  if (key === undefined) throw runtimeError('cannot deref <invalid reflect.Value>');
  return key;
}

function order(a: GoValue, b: GoValue): number {
  const left = asInteger(a) ?? a;
  const right = asInteger(b) ?? b;
  if ((typeof left === 'bigint' || typeof left === 'number' || typeof left === 'string') && typeof left === typeof right) {
    const other = right as typeof left;
    return left < other ? -1 : left > other ? 1 : 0;
  }
  throw runtimeError(`sort: unsupported type ${a === null ? 'interface' : kindName(a)}`);
}

function sortField(value: GoValue): string {
  if (typeof value === 'string') return value;
  throw runtimeError(`invalid argument for sort (expected string, got ${typeName(value)})`);
}

export const COLLECTION_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['first', (args) => edge(arg(args, 0), 0n)],
  ['last', (args) => edge(arg(args, 0), -1n)],
  ['get', (args) => getOrNil(arg(args, 0), arg(args, 1))],
  ['take', take],
  ['keys', (args) => anySlice(entries(arg(args, 0), (kind) => `cannot get keys from ${kind}`).map((entry) => entry.key))],
  ['values', (args) => anySlice(entries(arg(args, 0), (kind) => `cannot get values from ${kind}`).map((entry) => entry.value))],
  [
    'toPairs',
    (args) =>
      slice(
        sliceOf(PAIR),
        entries(arg(args, 0), (kind) => `cannot transform ${kind} to pairs`).map((entry) => slice(PAIR, [entry.key, entry.value])),
      ),
  ],
  ['fromPairs', (args) => fromPairs(arg(args, 0))],
  ['sort', (args) => sort(arg(args, 0), '', args.length > 1 && descending(arg(args, 1)))],
  ['sortBy', (args) => sort(arg(args, 0), sortField(arg(args, 1)), args.length > 2 && descending(arg(args, 2)))],
];
