// Reading parts of run-time values: members, indexes, slices, `in`, calls, and the items that a closure sees.

import { runtimeError } from './failure.js';
import { conversion } from './environment.js';
import { valueText } from './go-text.js';
import { ANY, assignable, type GoType, UINT8 } from './go-type.js';
import { dereference, type GoFunc, type GoMap, type GoValue, integer, isObject, kindName, mapKey, typeName, typeOf, zeroOf } from './go-value.js';
import { methodOf } from './methods.js';
import { equal, toInt } from './operators.js';

const byteAt = (text: string, index: number): GoValue => integer(UINT8, BigInt(text.charCodeAt(index)));

/** The method of a value under that name, bound to it. */
export function boundMethod(value: GoValue, name: string): GoFunc | undefined {
  const method = value === null ? undefined : methodOf(typeOf(value), name);
  return method === undefined ? undefined : { kind: 'func', type: method.type, call: (args) => method.call(value, args) };
}

/** `from[key]` and `from.key`. */
export function fetchMember(from: GoValue, key: GoValue): GoValue {
  if (from === null) throw cannotFetch(from, key);
  const method = typeof key === 'string' ? boundMethod(from, key) : undefined;
  if (method !== undefined) return method;
  const value = dereference(from);
  if (typeof value === 'string') return byteAt(value, position(value.length, key, 'string'));
  if (isObject(value)) {
    if (value.kind === 'text') return byteAt(value.value, position(value.value.length, key, 'string'));
    if (value.kind === 'slice') return value.items[position(value.items.length, key, value.type.kind)] ?? null;
    if (value.kind === 'map') return lookUp(value, key) ?? zeroOf(value.type.elem ?? ANY);
    if (value.kind === 'struct') {
      if (typeof key !== 'string') throw conversion(key, 'string');
      const field = value.fields[key];
      if (field !== undefined) return field;
    }
  }
  throw cannotFetch(from, key);
}

const cannotFetch = (from: GoValue, key: GoValue): Error => runtimeError(`cannot fetch ${valueText(key)} from ${typeName(from)}`);

function position(length: number, key: GoValue, kind: string): number {
  const index = toInt(key);
  const at = index < 0n ? BigInt(length) + index : index;
  if (at < 0n || at >= BigInt(length)) throw runtimeError(`reflect: ${kind} index out of range`);
  return Number(at);
}

/** The value under a key, or undefined; a key of the wrong type is Go's own panic. */
export function lookUp(map: GoMap, key: GoValue): GoValue | undefined {
  const keyType = map.type.key ?? ANY;
  if (key !== null && !assignable(typeOf(key), keyType)) {
    throw runtimeError(`reflect.Value.MapIndex: value of type ${typeName(key)} is not assignable to type ${keyType.name}`);
  }
  const text = mapKey(map.type, key === null ? zeroOf(keyType) : key);
  if (text === undefined) throw unhashable(key);
  return map.entries.get(text)?.value;
}

export const unhashable = (key: GoValue): Error => runtimeError(`runtime error: hash of unhashable type ${typeName(key)}`);

/** `get(from, key)`: nil where `fetchMember` fails for want of an entry. */
export function getOrNil(from: GoValue, key: GoValue): GoValue {
  if (from === null) return null;
  const method = typeof key === 'string' ? boundMethod(from, key) : undefined;
  if (method !== undefined) return method;
  const value = dereference(from);
  const inside = (length: number): number | undefined => {
    const index = toInt(key);
    const at = Number(index < 0n ? BigInt(length) + index : index);
    return at >= 0 && at < length ? at : undefined;
  };
  if (typeof value === 'string') {
    const at = inside(value.length);
    return at === undefined ? null : byteAt(value, at);
  }
  if (!isObject(value)) return null;
  if (value.kind === 'slice') {
    const at = inside(value.items.length);
    return at === undefined ? null : (value.items[at] ?? null);
  }
  if (value.kind === 'map') return lookUp(value, key) ?? null;
  if (value.kind !== 'struct') return null;
  if (typeof key !== 'string') throw conversion(key, 'string');
  return value.fields[key] ?? null;
}

/** `value[from:to]`; bounds are clamped. */
export function sliceOfValue(value: GoValue, from: GoValue, to: GoValue | undefined): GoValue {
  const target = dereference(value);
  const whole = isObject(target) && target.kind === 'slice' ? target.items : target;
  if (typeof whole !== 'string' && !Array.isArray(whole)) throw runtimeError(`cannot slice ${valueText(from)}`);
  const list = whole as string | readonly GoValue[];
  const bound = (index: bigint): number => {
    const at = index < 0n ? BigInt(list.length) + index : index;
    return at < 0n ? 0 : at > BigInt(list.length) ? list.length : Number(at);
  };
  const end = to === undefined ? list.length : bound(toInt(to));
  const start = Math.min(bound(toInt(from)), end);
  const part = list.slice(start, end);
  return typeof part === 'string' ? part : { kind: 'slice', type: typeOf(target), items: part };
}

export function isIn(needle: GoValue, haystack: GoValue): boolean {
  const target = dereference(haystack);
  if (target === null) return false;
  if (isObject(target)) {
    if (target.kind === 'slice') return target.items.some((item) => equal(item, needle));
    if (target.kind === 'map') return lookUp(target, needle) !== undefined;
    if (target.kind === 'struct' || target.kind === 'time') {
      if (typeof needle !== 'string') throw runtimeError(`cannot use ${typeName(needle)} as field name of ${typeName(target)}`);
      return target.kind === 'struct' && needle in target.fields;
    }
    if (target.kind === 'pointer') return false;
  }
  throw runtimeError(`operator "in" not defined on ${typeName(target)}`);
}

export function lengthOf(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(value.length);
  if (isObject(value)) {
    if (value.kind === 'text') return BigInt(value.value.length);
    if (value.kind === 'slice') return BigInt(value.items.length);
    if (value.kind === 'map') return BigInt(value.entries.size);
  }
  throw runtimeError(`invalid argument for len (type ${typeName(value)})`);
}

/** The kind as Go's reflect panics name it: "zero" for nil. */
const reflectName = (value: GoValue): string => (value === null ? 'zero' : kindName(value));

export type Items = { readonly length: number; at(index: number): GoValue };

/** What a closure runs over. A map has a length but no items, so only an empty one passes. */
export function itemsOf(value: GoValue): Items {
  if (typeof value === 'string') return { length: value.length, at: (index) => byteAt(value, index) };
  if (isObject(value)) {
    if (value.kind === 'text') return { length: value.value.length, at: (index) => byteAt(value.value, index) };
    if (value.kind === 'slice') return { length: value.items.length, at: (index) => value.items[index] ?? null };
    if (value.kind === 'map') {
      return {
        length: value.entries.size,
        at: () => {
          throw runtimeError('reflect: call of reflect.Value.Index on map Value');
        },
      };
    }
  }
  throw runtimeError(`reflect: call of reflect.Value.Len on ${reflectName(value)} Value`);
}

/** Calls what turns out to be a function, with Go's panics when it is none or the arguments do not fit. */
export function callValue(callee: GoValue, args: readonly GoValue[]): GoValue {
  if (!isObject(callee) || callee.kind !== 'func') throw runtimeError(`reflect: call of reflect.Value.Call on ${reflectName(callee)} Value`);
  const params: readonly GoType[] = callee.type.params ?? [];
  if (args.length !== params.length) throw runtimeError(`reflect: Call with too ${args.length < params.length ? 'few' : 'many'} input arguments`);
  args.forEach((arg, index) => {
    const wanted = params[index] ?? ANY;
    if (arg === null ? wanted.kind !== 'interface' : !assignable(typeOf(arg), wanted)) throw conversion(arg, wanted.name);
  });
  return callee.call(args);
}
