// The run-time values of the condition language. Go tells int from float64 and counts strings in bytes, so:
// int is bigint, float64 is number, a string holds one byte per character, all else is a tagged object.

import { ANY_SLICE, BOOL, FLOAT, type GoType, INT, NIL_TYPE, STRING, STRING_MAP, TIME } from './go-type.js';

export type GoInteger = { readonly kind: 'integer'; readonly type: GoType; readonly value: bigint };
export type GoNamedString = { readonly kind: 'text'; readonly type: GoType; readonly value: string };
/** `absent` marks Go's nil slice: empty, and equal to nil. */
export type GoSlice = { readonly kind: 'slice'; readonly type: GoType; readonly items: readonly GoValue[]; readonly absent?: boolean };
/** Keys of string maps are the strings themselves; other keys carry their Go type in the text (`mapKey`). */
export type GoMap = { readonly kind: 'map'; readonly type: GoType; readonly entries: ReadonlyMap<string, GoEntry>; readonly absent?: boolean };
export type GoEntry = { readonly key: GoValue; readonly value: GoValue };
export type GoStruct = { readonly kind: 'struct'; readonly type: GoType; readonly fields: Readonly<Record<string, GoValue>> };
export type GoPointer = { readonly kind: 'pointer'; readonly type: GoType; readonly target: GoValue | undefined };
export type GoTime = { readonly kind: 'time'; readonly unixNs: bigint; readonly zone: Zone };
export type GoFunc = { readonly kind: 'func'; readonly type: GoType; readonly call: (args: readonly GoValue[]) => GoValue };

export type Zone =
  | { readonly type: 'utc' }
  /** An offset without a name in the zone database. */
  | { readonly type: 'fixed'; readonly name: string; readonly offsetSeconds: number }
  | { readonly type: 'named'; readonly name: string };

export type GoValue = null | boolean | bigint | number | string | GoInteger | GoNamedString | GoSlice | GoMap | GoStruct | GoPointer | GoTime | GoFunc;

export const UTC: Zone = { type: 'utc' };

export function typeOf(value: GoValue): GoType {
  if (value === null) return NIL_TYPE;
  if (typeof value === 'object') return value.kind === 'time' ? TIME : value.type;
  if (typeof value === 'boolean') return BOOL;
  if (typeof value === 'bigint') return INT;
  return typeof value === 'number' ? FLOAT : STRING;
}

export const typeName = (value: GoValue): string => typeOf(value).name;

/** Go's reflect name of the kind of a value. */
export function kindName(value: GoValue): string {
  return typeOf(value).kind;
}

export const slice = (type: GoType, items: readonly GoValue[]): GoSlice => ({ kind: 'slice', type, items });
export const anySlice = (items: readonly GoValue[]): GoSlice => slice(ANY_SLICE, items);
export const integer = (type: GoType, value: bigint): GoInteger => ({ kind: 'integer', type, value: BigInt.asIntN(64, value) });
export const stringMap = (entries: Iterable<readonly [string, GoValue]>, type: GoType = STRING_MAP): GoMap => ({
  kind: 'map',
  type,
  entries: new Map(Array.from(entries, ([key, value]) => [key, { key, value }])),
});

export const isObject = (value: GoValue): value is Exclude<GoValue, null | boolean | bigint | number | string> => typeof value === 'object' && value !== null;

/** The exact integer of any Go integer type, or undefined. */
export function asInteger(value: GoValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return isObject(value) && value.kind === 'integer' ? value.value : undefined;
}

/** nil itself, and Go's typed nils. */
export function isNil(value: GoValue): boolean {
  if (value === null) return true;
  if (!isObject(value)) return false;
  if (value.kind === 'pointer') return value.target === undefined;
  return (value.kind === 'slice' || value.kind === 'map') && value.absent === true;
}

/** What a pointer points to; a nil pointer stays itself. */
export function dereference(value: GoValue): GoValue {
  return isObject(value) && value.kind === 'pointer' && value.target !== undefined ? value.target : value;
}

/** What a missing map entry reads as. */
export function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'int':
      return 0n;
    case 'int64':
    case 'uint8':
      return integer(type, 0n);
    case 'float64':
      return 0;
    case 'string':
      return '';
    case 'slice':
      return { kind: 'slice', type, items: [], absent: true };
    case 'map':
      return { kind: 'map', type, entries: new Map(), absent: true };
    case 'ptr':
      return { kind: 'pointer', type, target: undefined };
    case 'invalid':
    case 'interface':
    case 'array':
    case 'struct':
    case 'func':
      return null;
  }
}

/** The text under which a value is a key of a map; undefined when Go can not hash it. */
export function mapKey(mapType: GoType, key: GoValue): string | undefined {
  if (typeof key === 'string' && mapType.key?.kind === 'string') return key;
  if (key === null) return 'nil';
  if (!isObject(key)) return `${typeof key}:${String(key === 0 ? 0 : key)}`;
  if (key.kind === 'integer' || key.kind === 'text') return `${key.type.name}:${key.value}`;
  return key.kind === 'time' ? `time:${key.unixNs}` : undefined;
}

export const secondsOf = (unixNs: bigint): number => Number(unixNs / 1_000_000_000n - (unixNs % 1_000_000_000n < 0n ? 1n : 0n));
