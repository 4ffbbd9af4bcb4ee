// Operators on run-time values, with Go's mixing of ints and floats, its equality and its error texts.

import { runtimeError } from './failure.js';
import { truncate, wrap } from '../../lib/go-number.js';
import { power } from './go-math.js';
import { DURATION } from './go-type.js';
import { asInteger, type GoInteger, type GoMap, type GoTime, type GoValue, integer, isNil, isObject, typeName } from './go-value.js';

const isDuration = (value: GoValue): value is GoInteger => isObject(value) && value.kind === 'integer' && value.type.name === DURATION.name;
const isTime = (value: GoValue): value is GoTime => isObject(value) && value.kind === 'time';

/** Ints of the plain kinds; named ints (durations, months) take no part in mixed arithmetic. */
function plainInteger(value: GoValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return isObject(value) && value.kind === 'integer' && value.type.defined !== true ? value.value : undefined;
}

function plainNumber(value: GoValue): bigint | number | undefined {
  return typeof value === 'number' ? value : plainInteger(value);
}

const mismatch = (a: GoValue, operator: string, b: GoValue): Error => runtimeError(`invalid operation: ${typeName(a)} ${operator} ${typeName(b)}`);

export function add(a: GoValue, b: GoValue): GoValue {
  const left = plainNumber(a);
  const right = plainNumber(b);
  if (left !== undefined && right !== undefined)
    return typeof left === 'bigint' && typeof right === 'bigint' ? wrap(left + right) : Number(left) + Number(right);
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isTime(a) && isDuration(b)) return { ...a, unixNs: a.unixNs + b.value };
  if (isDuration(a) && isTime(b)) return { ...b, unixNs: b.unixNs + a.value };
  if (isDuration(a) && isDuration(b)) return integer(DURATION, a.value + b.value);
  throw mismatch(a, '+', b);
}

export function subtract(a: GoValue, b: GoValue): GoValue {
  const left = plainNumber(a);
  const right = plainNumber(b);
  if (left !== undefined && right !== undefined)
    return typeof left === 'bigint' && typeof right === 'bigint' ? wrap(left - right) : Number(left) - Number(right);
  if (isTime(a) && isTime(b)) return integer(DURATION, a.unixNs - b.unixNs);
  if (isTime(a) && isDuration(b)) return { ...a, unixNs: a.unixNs - b.value };
  if (isDuration(a) && isDuration(b)) return integer(DURATION, a.value - b.value);
  throw mismatch(a, '-', b);
}

export function multiply(a: GoValue, b: GoValue): GoValue {
  const left = plainNumber(a);
  const right = plainNumber(b);
  if (left !== undefined && right !== undefined)
    return typeof left === 'bigint' && typeof right === 'bigint' ? wrap(left * right) : Number(left) * Number(right);
  const span = isDuration(a) ? a.value : isDuration(b) ? b.value : undefined;
  const factor = isDuration(a) ? (isDuration(b) ? b.value : right) : left;
  if (span !== undefined && factor !== undefined) return typeof factor === 'number' ? Number(span) * factor : integer(DURATION, span * factor);
  throw mismatch(a, '*', b);
}

export function divide(a: GoValue, b: GoValue): GoValue {
  const left = plainNumber(a);
  const right = plainNumber(b);
  if (left === undefined || right === undefined) throw mismatch(a, '/', b);
  return Number(left) / Number(right);
}

export function modulo(a: GoValue, b: GoValue): GoValue {
  const left = plainInteger(a);
  const right = plainInteger(b);
  if (left === undefined || right === undefined) throw mismatch(a, '%', b);
  if (right === 0n) throw runtimeError('runtime error: integer divide by zero');
  return wrap(left % right);
}

export const exponent = (a: GoValue, b: GoValue): GoValue => power(toFloat(a), toFloat(b));

export function negate(value: GoValue): GoValue {
  if (typeof value === 'number') return -value;
  if (typeof value === 'bigint') return wrap(-value);
  if (isObject(value) && value.kind === 'integer' && value.type.defined !== true) {
    return { ...value, value: value.type.kind === 'uint8' ? BigInt.asUintN(8, -value.value) : wrap(-value.value) };
  }
  throw runtimeError(`invalid operation: - ${typeName(value)}`);
}

/** Go's int() of a number, as indexes and ranges use it. */
export function toInt(value: GoValue): bigint {
  const exact = plainInteger(value);
  if (exact !== undefined) return exact;
  if (typeof value === 'number') return truncate(value);
  throw runtimeError(`invalid operation: int(${typeName(value)})`);
}

export function toFloat(value: GoValue): number {
  const number = plainNumber(value);
  if (number === undefined) throw runtimeError(`invalid operation: float(${typeName(value)})`);
  return Number(number);
}

/** `operator` is one of < <= > >=. */
export function compare(operator: string, a: GoValue, b: GoValue): boolean {
  const [left, right] = comparablePair(operator, a, b);
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

type Ordered = number | bigint | string;

function comparablePair(operator: string, a: GoValue, b: GoValue): readonly [Ordered, Ordered] {
  const left = plainNumber(a);
  const right = plainNumber(b);
  if (left !== undefined && right !== undefined) return typeof left === typeof right ? [left, right] : [Number(left), Number(right)];
  if (typeof a === 'string' && typeof b === 'string') return [a, b];
  if (isTime(a) && isTime(b)) return [a.unixNs, b.unixNs];
  if (isDuration(a) && isDuration(b)) return [a.value, b.value];
  throw mismatch(a, operator, b);
}

/** The language's ==: numbers by value across int and float, otherwise Go's DeepEqual with its types. */
export function equal(a: GoValue, b: GoValue): boolean {
  const left = plainNumber(a);
  const right = plainNumber(b);
  if (left !== undefined && right !== undefined) return typeof left === typeof right ? left === right : Number(left) === Number(right);
  if (isTime(a) && isTime(b)) return a.unixNs === b.unixNs;
  if (isNil(a) && isNil(b)) return true;
  return deepEqual(a, b);
}

function deepEqual(a: GoValue, b: GoValue): boolean {
  if (!isObject(a) || !isObject(b)) return a === b;
  if (a.kind === 'func' || b.kind === 'func') return false;
  if (a === b) return true;
  if (typeName(a) !== typeName(b)) return false;
  if (a.kind === 'integer') return a.value === asInteger(b);
  if (a.kind === 'text') return b.kind === 'text' && a.value === b.value;
  if (a.kind === 'time') return b.kind === 'time' && a.unixNs === b.unixNs && JSON.stringify(a.zone) === JSON.stringify(b.zone);
  if (a.kind === 'slice') {
    return (
      b.kind === 'slice' &&
      (a.absent === true) === (b.absent === true) &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => deepEqual(item, b.items[index] ?? null))
    );
  }
  if (a.kind === 'map') return b.kind === 'map' && (a.absent === true) === (b.absent === true) && equalMaps(a, b);
  if (a.kind === 'struct') return b.kind === 'struct' && Object.entries(a.fields).every(([name, value]) => deepEqual(value, b.fields[name] ?? null));
  return b.kind === 'pointer' && (a.target === undefined || b.target === undefined ? a.target === b.target : deepEqual(a.target, b.target));
}

function equalMaps(a: GoMap, b: GoMap): boolean {
  if (a.entries.size !== b.entries.size) return false;
  for (const [key, entry] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !deepEqual(entry.value, other.value)) return false;
  }
  return true;
}
