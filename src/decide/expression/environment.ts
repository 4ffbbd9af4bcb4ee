// The names that Argo Rollouts puts beside the builtins: the result and six functions over it.
// isNil and default look at the whole result, whatever their first argument is; that is how the original behaves.

import { runtimeError } from './failure.js';
import { parseFloat64, parseInt64, truncate } from '../../lib/go-number.js';
import { quoted, valueText } from './go-text.js';
import { ANY, BOOL, FLOAT, funcOf, type GoType, INT64 } from './go-type.js';
import { asInteger, dereference, type GoFunc, type GoValue, integer, isNil, isObject, typeName, typeOf } from './go-value.js';

export type Environment = ReadonlyMap<string, GoValue>;

const TO_INT: GoType = funcOf([ANY], [INT64]);
const TO_FLOAT: GoType = funcOf([ANY], [FLOAT]);
const FLOAT_TEST: GoType = funcOf([FLOAT], [BOOL]);

const unsupported = (name: string, value: GoValue): Error => runtimeError(`${name}() not supported on ${typeName(value)} ${valueText(value)}`);

/** Go's type assertion to float64. */
export function mustFloat(value: GoValue): number {
  if (typeof value === 'number') return value;
  throw conversion(value, 'float64');
}

export function conversion(value: GoValue, wanted: string): Error {
  return runtimeError(`interface conversion: interface {} is ${value === null ? 'nil' : typeName(value)}, not ${wanted}`);
}

/** Ints of Go's own types; durations and months are types of their own, and refused. */
const plainInteger = (value: GoValue): bigint | undefined => (typeOf(value).defined === true ? undefined : asInteger(value));

function toInt64(value: GoValue): GoValue {
  const exact = plainInteger(value);
  if (exact !== undefined) return integer(INT64, exact);
  if (typeof value === 'number') return integer(INT64, truncate(value));
  if (typeof value !== 'string') throw unsupported('asInt', value);
  const parsed = parseInt64(value);
  if ('problem' in parsed) throw runtimeError(`strconv.ParseInt: parsing ${quoted(value)}: ${parsed.problem}`);
  return integer(INT64, parsed.value);
}

function toFloat64(value: GoValue): GoValue {
  const exact = plainInteger(value);
  if (exact !== undefined) return Number(exact);
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') throw unsupported('asFloat', value);
  const parsed = parseFloat64(value);
  if ('problem' in parsed) throw runtimeError(`strconv.ParseFloat: parsing ${quoted(value)}: ${parsed.problem}`);
  return parsed.value;
}

const func = (type: GoType, call: (args: readonly GoValue[]) => GoValue): GoFunc => ({ kind: 'func', type, call });
const first = (args: readonly GoValue[]): GoValue => dereference(args[0] ?? null);

const IS_NAN = func(FLOAT_TEST, (args) => Number.isNaN(mustFloat(first(args))));
const IS_INF = func(FLOAT_TEST, (args) => Math.abs(mustFloat(first(args))) === Infinity);
const AS_INT = func(TO_INT, (args) => toInt64(first(args)));
const AS_FLOAT = func(TO_FLOAT, (args) => toFloat64(first(args)));

/** For success and failure conditions. A pointer result is taken as what it points to. */
export function conditionEnvironment(pointer: GoValue): Environment {
  const result = isObject(pointer) && pointer.kind === 'pointer' ? (pointer.target ?? null) : pointer;
  return new Map<string, GoValue>([
    ['result', result],
    ['asInt', AS_INT],
    ['asFloat', AS_FLOAT],
    ['isNaN', IS_NAN],
    ['isInf', IS_INF],
    ['isNil', func(funcOf([ANY], [BOOL]), () => isNil(result))],
    ['default', func(funcOf([ANY, ANY], [ANY]), (args) => (isNil(result) ? (args[1] ?? null) : result))],
  ]);
}

/** For the start and end of a Prometheus range query: no result, only two functions. */
export const TIME_ENVIRONMENT: Environment = new Map<string, GoValue>([
  ['isNaN', IS_NAN],
  ['isInf', IS_INF],
]);

/** The static types that the checker sees; programs are compiled once for each of these. */
export function environmentTypes(environment: Environment): ReadonlyMap<string, GoType> {
  return new Map(Array.from(environment, ([name, value]) => [name, typeOf(value)]));
}
