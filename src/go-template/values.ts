// Go's values as templates see them: which are empty, what they are printed as, and what JSON they are.

import { decode, encode } from '../decide/expression/bytes.js';
import { formatValue, sortedEntries } from '../decide/expression/go-text.js';
import { ANY_SLICE, INT64, STRING_MAP, STRING_SLICE } from '../decide/expression/go-type.js';
import {
  asInteger,
  dereference,
  type GoMap,
  type GoSlice,
  type GoValue,
  integer,
  isObject,
  slice,
  stringMap,
  typeName,
} from '../decide/expression/go-value.js';
import { runtimeError } from '../decide/expression/failure.js';
import { formatTime, RFC3339_NANO } from '../decide/expression/time-layout.js';
import { parseFloat64, parseInt64, truncate } from '../lib/go-number.js';

/** As the Kubernetes client library reads objects: whole numbers are int64, the others float64. */
export function fromObject(value: unknown): GoValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? integer(INT64, BigInt(value)) : value;
  if (typeof value === 'string') return encode(value);
  if (Array.isArray(value)) return slice(ANY_SLICE, value.map(fromObject));
  return stringMap(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [encode(key), fromObject(item)] as const),
    STRING_MAP,
  );
}

/** What JSON has of it. */
export function toPlain(value: GoValue): unknown {
  const plain = dereference(value);
  if (plain === null || typeof plain === 'boolean') return plain;
  if (typeof plain === 'number') return plain;
  if (typeof plain === 'string') return decode(plain);
  if (!isObject(plain)) return Number(plain);
  switch (plain.kind) {
    case 'integer':
      return Number(plain.value);
    case 'text':
      return decode(plain.value);
    case 'slice':
      return plain.items.map(toPlain);
    case 'map':
      return Object.fromEntries(sortedEntries(plain).map(({ key, value: item }) => [decode(formatValue(key)), toPlain(item)]));
    case 'time':
      return formatTime(plain, RFC3339_NANO);
    case 'func':
    case 'pointer':
    case 'struct':
      throw runtimeError(`${typeName(plain)} has no JSON`);
  }
}

/** `{{if}}`'s and `default`'s question: nil, false, 0, "", and lists and maps without items are empty. */
export function isEmpty(value: GoValue): boolean {
  const plain = dereference(value);
  if (plain === null || plain === false || plain === 0 || plain === 0n || plain === '') return true;
  if (!isObject(plain)) return false;
  switch (plain.kind) {
    case 'integer':
      return plain.value === 0n;
    case 'text':
      return plain.value === '';
    case 'slice':
      return plain.items.length === 0;
    case 'map':
      return plain.entries.size === 0;
    case 'pointer':
      return true;
    case 'func':
    case 'struct':
    case 'time':
      return false;
  }
}

/** The bytes of a value as text: sprig's own conversion. */
export const textOf = (value: GoValue): string => (value === null ? '' : formatValue(dereference(value)));

export function listOf(value: GoValue, who: string): GoSlice {
  const plain = dereference(value);
  if (isObject(plain) && plain.kind === 'slice') return plain;
  throw runtimeError(`${who}: a list is wanted, not ${typeName(plain)}`);
}

export function mapOf(value: GoValue, who: string): GoMap {
  const plain = dereference(value);
  if (isObject(plain) && plain.kind === 'map') return plain;
  throw runtimeError(`${who}: a map is wanted, not ${typeName(plain)}`);
}

/** Sprig's cast to int64: texts are read, what is no number is 0. */
export function wholeOf(value: GoValue): bigint {
  const plain = dereference(value);
  const exact = asInteger(plain);
  if (exact !== undefined) return exact;
  if (typeof plain === 'number') return truncate(plain);
  if (typeof plain === 'boolean') return plain ? 1n : 0n;
  if (typeof plain !== 'string') return 0n;
  const whole = parseInt64(plain);
  if (!('problem' in whole)) return whole.value;
  const float = parseFloat64(plain);
  return 'problem' in float ? 0n : truncate(float.value);
}

/** Sprig's cast to float64. */
export function floatOf(value: GoValue): number {
  const plain = dereference(value);
  const exact = asInteger(plain);
  if (exact !== undefined) return Number(exact);
  if (typeof plain === 'number') return plain;
  if (typeof plain === 'boolean') return plain ? 1 : 0;
  const parsed = typeof plain === 'string' ? parseFloat64(plain) : { problem: 'invalid syntax' as const };
  return 'problem' in parsed ? 0 : parsed.value;
}

export const whole = (value: bigint): GoValue => integer(INT64, value);
export const list = (items: readonly GoValue[]): GoSlice => slice(ANY_SLICE, items);
export const texts = (items: readonly string[]): GoSlice => slice(STRING_SLICE, items);
