// Sprig: arithmetic. Its casts are lenient: what is no number is 0.

import { runtimeError } from '../decide/expression/failure.js';
import { INT } from '../decide/expression/go-type.js';
import { asInteger, type GoValue, typeName } from '../decide/expression/go-value.js';
import { allowItems, fn, type Functions, variadic } from './budget.js';
import { floatOf, list, whole, wholeOf } from './values.js';

type Args = readonly GoValue[];

const fold =
  (by: (a: bigint, b: bigint) => bigint) =>
  ([first = null, ...others]: Args) =>
    whole(others.reduce<bigint>((sum, each) => by(sum, wholeOf(each)), wholeOf(first)));
const extreme = (takes: (a: bigint, b: bigint) => boolean) => fold((a, b) => (takes(b, a) ? b : a));

function nonZero(by: bigint, name: string): bigint {
  if (by === 0n) throw runtimeError(`error calling ${name}: division by zero`);
  return by;
}

function rounded([value = null, places = null, half = 0.5]: Args): GoValue {
  const scale = 10 ** Number(wholeOf(places));
  const size = Math.abs(floatOf(value)) * scale;
  const cut = Math.trunc(size);
  const made = size - cut >= floatOf(half) ? cut + 1 : cut;
  return (Math.sign(floatOf(value)) * made) / scale;
}

function steps(from: number, to: number, by: number): GoValue {
  if (by === 0) throw runtimeError('error calling untilStep: a step of 0');
  const count = Math.max(0, Math.ceil((to - from) / by));
  allowItems(count);
  return list(Array.from({ length: count }, (_, index) => BigInt(from + index * by)));
}

const number = (args: Args, index: number): number => Number(wholeOf(args[index] ?? null));

/** An int, as Go's constants are; typed ints of other kinds become one. */
function toInt(value: GoValue): GoValue {
  return asInteger(value) !== undefined && typeName(value) === INT.name ? value : wholeOf(value);
}

export const NUMBERS: Functions = [
  ['add', variadic(0, (args) => whole(args.reduce<bigint>((sum, each) => sum + wholeOf(each), 0n)))],
  ['add1', fn(1, 1, ([value = null]) => whole(wholeOf(value) + 1n))],
  [
    'sub',
    fn(
      2,
      2,
      fold((a, b) => a - b),
    ),
  ],
  [
    'mul',
    variadic(
      1,
      fold((a, b) => a * b),
    ),
  ],
  [
    'div',
    fn(
      2,
      2,
      fold((a, b) => a / nonZero(b, 'div')),
    ),
  ],
  [
    'mod',
    fn(
      2,
      2,
      fold((a, b) => a % nonZero(b, 'mod')),
    ),
  ],
  [
    'max',
    variadic(
      1,
      extreme((a, b) => a > b),
    ),
  ],
  [
    'min',
    variadic(
      1,
      extreme((a, b) => a < b),
    ),
  ],
  ['floor', fn(1, 1, ([value = null]) => Math.floor(floatOf(value)))],
  ['ceil', fn(1, 1, ([value = null]) => Math.ceil(floatOf(value)))],
  ['round', fn(2, 3, rounded)],
  ['int', fn(1, 1, ([value = null]) => toInt(value))],
  ['int64', fn(1, 1, ([value = null]) => whole(wholeOf(value)))],
  ['atoi', fn(1, 1, ([value = null]) => wholeOf(value))],
  ['float64', fn(1, 1, ([value = null]) => floatOf(value))],
  ['until', fn(1, 1, (args) => steps(0, number(args, 0), number(args, 0) < 0 ? -1 : 1))],
  ['untilStep', fn(3, 3, (args) => steps(number(args, 0), number(args, 1), number(args, 2)))],
];
