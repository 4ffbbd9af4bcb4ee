// Builtins on numbers: conversions, rounding, extremes and averages.

import { lengthOf } from './access.js';
import type { Builtin } from './budget.js';
import { runtimeError } from './failure.js';
import { parseFloat64, parseInt64, truncate, wrap } from '../../lib/go-number.js';
import { decode } from './bytes.js';
import { asInteger, type GoValue, isObject, kindName, typeName, typeOf } from './go-value.js';
import { compare } from './operators.js';

const bad = (name: string, value: GoValue): Error => runtimeError(`invalid argument for ${name} (type ${typeName(value)})`);

function abs(value: GoValue): GoValue {
  if (typeof value === 'number') return value < 0 ? -value : value;
  if (typeof value === 'bigint') return value < 0n ? wrap(-value) : value;
  if (isObject(value) && value.kind === 'integer' && value.type.defined !== true) return value.value < 0n ? { ...value, value: wrap(-value.value) } : value;
  throw bad('abs', value);
}

function rounded(name: string, value: GoValue, round: (number: number) => number): GoValue {
  if (typeof value === 'number') return round(value);
  const exact = asInteger(value);
  if (exact === undefined || (isObject(value) && typeOf(value).defined === true)) throw bad(name, value);
  return Number(exact);
}

/** Half away from zero, keeping the sign of zero. */
function roundHalfAway(value: number): number {
  const size = Math.abs(value);
  const whole = Math.trunc(size);
  const result = size - whole >= 0.5 ? whole + 1 : whole;
  return value < 0 || Object.is(value, -0) ? -result : result;
}

function toInt(value: GoValue): GoValue {
  if (typeof value === 'number') return truncate(value);
  if (typeof value === 'string') {
    const parsed = parseInt64(value);
    if ('problem' in parsed) throw runtimeError(`invalid operation: int(${decode(value)})`);
    return parsed.value;
  }
  const exact = isObject(value) && typeOf(value).defined === true ? undefined : asInteger(value);
  if (exact === undefined) throw runtimeError(`invalid operation: int(${typeName(value)})`);
  return exact;
}

function toFloat(value: GoValue): GoValue {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    const parsed = parseFloat64(value);
    if ('problem' in parsed) throw runtimeError(`invalid operation: float(${decode(value)})`);
    return parsed.value;
  }
  const exact = isObject(value) && typeOf(value).defined === true ? undefined : asInteger(value);
  if (exact === undefined) throw runtimeError(`invalid operation: float(${typeName(value)})`);
  return Number(exact);
}

function extreme(args: readonly GoValue[], operator: '<' | '>'): GoValue {
  let best: GoValue = null;
  for (const arg of args) if (best === null || compare(operator, best, arg)) best = arg;
  return best;
}

/** The kind as reflect gives it for the item of a list: nil is an empty interface. */
const itemKind = (value: GoValue): string => (value === null ? 'interface' : kindName(value));

function listItems(name: string, value: GoValue): readonly GoValue[] {
  if (isObject(value) && value.kind === 'slice') return value.items;
  throw runtimeError(`cannot ${name} ${value === null ? 'invalid' : kindName(value)}`);
}

function sum(value: GoValue): GoValue {
  let exact = 0n;
  let float: number | undefined;
  for (const item of listItems('sum', value)) {
    const whole = kindName(item) === 'uint8' ? undefined : asInteger(item);
    if (whole === undefined && typeof item !== 'number') throw runtimeError(`cannot sum ${itemKind(item)}`);
    if (float === undefined && whole !== undefined) exact = wrap(exact + whole);
    else float = (float ?? Number(exact)) + Number(whole ?? item);
  }
  return float ?? exact;
}

function numbers(name: string, value: GoValue): readonly number[] {
  return listItems(name, value).map((item) => {
    const whole = kindName(item) === 'uint8' ? undefined : asInteger(item);
    if (whole === undefined && typeof item !== 'number') throw runtimeError(`cannot ${name} ${itemKind(item)}`);
    return Number(whole ?? item);
  });
}

function mean(value: GoValue): GoValue {
  const list = numbers('mean', value);
  return list.length === 0 ? 0 : list.reduce((total, item) => total + item, 0) / list.length;
}

function median(value: GoValue): GoValue {
  const list = [...numbers('median', value)].sort((a, b) => (Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : Number.isNaN(b) ? 1 : a - b));
  const middle = Math.floor(list.length / 2);
  if (list.length === 0) return 0;
  return list.length % 2 === 1 ? (list[middle] ?? 0) : ((list[middle - 1] ?? 0) + (list[middle] ?? 0)) / 2;
}

const first = (args: readonly GoValue[]): GoValue => args[0] ?? null;

export const NUMBER_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['len', (args) => lengthOf(first(args))],
  ['type', (args) => typeWord(first(args))],
  ['abs', (args) => abs(first(args))],
  ['ceil', (args) => rounded('ceil', first(args), Math.ceil)],
  ['floor', (args) => rounded('floor', first(args), Math.floor)],
  ['round', (args) => rounded('round', first(args), roundHalfAway)],
  ['int', (args) => toInt(first(args))],
  ['float', (args) => toFloat(first(args))],
  ['max', (args) => extreme(args, '<')],
  ['min', (args) => extreme(args, '>')],
  ['sum', (args) => sum(first(args))],
  ['mean', (args) => mean(first(args))],
  ['median', (args) => median(first(args))],
];

const WORDS: Readonly<Record<string, string>> = {
  invalid: 'nil',
  bool: 'bool',
  int: 'int',
  int64: 'int',
  uint8: 'uint',
  float64: 'float',
  string: 'string',
  slice: 'array',
  array: 'array',
  map: 'map',
  func: 'func',
  struct: 'struct',
};

function typeWord(value: GoValue): string {
  const type = typeOf(value);
  return type.defined === true && type.name.includes('.') ? type.name : (WORDS[type.kind] ?? 'unknown');
}
