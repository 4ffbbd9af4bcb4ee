// What the checker knows of each builtin: fixed signatures (overloads in order; the last failure is reported) or a rule.

import { compileError } from './failure.js';
import { ANY, ANY_MAP, ANY_SLICE, BOOL, DURATION, FLOAT, funcOf, type GoKind, type GoType, INT, STRING, STRING_SLICE, TIME, typeText } from './go-type.js';

/** The result type, or Go's text thrown. */
export type Rule = (args: readonly GoType[]) => GoType;
export type Signature = { readonly overloads: readonly GoType[] } | { readonly rule: Rule };

const NUMBERS: readonly GoKind[] = ['float64', 'int', 'int64', 'uint8'];
const LISTS: readonly GoKind[] = ['interface', 'slice', 'array'];

const fixed = (...overloads: readonly (readonly [params: readonly GoType[], result: GoType])[]): Signature => ({
  overloads: overloads.map(([params, result]) => funcOf(params, [result])),
});

function count(args: readonly GoType[], wanted: readonly number[]): void {
  if (!wanted.includes(args.length)) throw compileError(`invalid number of arguments (expected ${wanted.join(' or ')}, got ${args.length})`);
}

const arg = (args: readonly GoType[], index: number): GoType => args[index] ?? ANY;

/** One argument of certain kinds. */
function one(kinds: readonly GoKind[], complaint: string, result: GoType | ((type: GoType) => GoType)): Signature {
  return {
    rule: (args) => {
      count(args, [1]);
      const type = arg(args, 0);
      if (!kinds.includes(type.kind)) throw compileError(complaint.replace('%s', typeText(type)));
      return typeof result === 'function' ? result(type) : result;
    },
  };
}

const invalid = (name: string): string => `invalid argument for ${name} (type %s)`;
const NUMBER_OR_ANY: readonly GoKind[] = [...NUMBERS, 'interface'];
const NUMBER_TEXT_OR_ANY: readonly GoKind[] = [...NUMBERS, 'string', 'interface'];

function extremum(name: string): Signature {
  return {
    rule: (args) => {
      if (args.length === 0) throw compileError(`not enough arguments to call ${name}`);
      for (const type of args) {
        if (type.kind === 'interface') return ANY;
        if (!NUMBERS.includes(type.kind)) throw compileError(invalid(name).replace('%s', typeText(type)));
      }
      return arg(args, 0);
    },
  };
}

function sorting(wanted: readonly number[], orderAt: number): Signature {
  return {
    rule: (args) => {
      count(args, wanted);
      if (!LISTS.includes(arg(args, 0).kind)) throw compileError(`cannot sort ${typeText(arg(args, 0))}`);
      for (const type of args.slice(1, orderAt + 1)) {
        if (type.kind !== 'string' && type.kind !== 'interface') throw compileError(`invalid argument for sort (expected string, got ${typeText(type)})`);
      }
      return ANY_SLICE;
    },
  };
}

const take: Rule = (args) => {
  count(args, [2]);
  if (!LISTS.includes(arg(args, 0).kind)) throw compileError(`cannot take from ${typeText(arg(args, 0))}`);
  if (!['interface', 'int', 'int64'].includes(arg(args, 1).kind)) throw compileError(`cannot take ${typeText(arg(args, 1))} elements`);
  return arg(args, 0);
};

const element = (type: GoType): GoType => type.elem ?? ANY;
const TEXT_TEST = fixed([[STRING, STRING], BOOL]);
const TEXT_FIND = fixed([[STRING, STRING], INT]);
const TEXT_CHANGE = fixed([[STRING], STRING]);
const CUT = fixed([[STRING, STRING], STRING], [[STRING], STRING]);
const SPLIT = fixed([[STRING, STRING], STRING_SLICE], [[STRING, STRING, INT], STRING_SLICE]);

/** Builtins that take no closure. `get` has its own rule in the checker. */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['len', one(['array', 'map', 'slice', 'string', 'interface'], invalid('len'), INT)],
  ['type', fixed([[ANY], STRING])],
  ['abs', one(NUMBER_OR_ANY, invalid('abs'), (type) => type)],
  ['ceil', one(NUMBER_OR_ANY, invalid('ceil'), FLOAT)],
  ['floor', one(NUMBER_OR_ANY, invalid('floor'), FLOAT)],
  // The original names floor here.
  ['round', one(NUMBER_OR_ANY, invalid('floor'), FLOAT)],
  ['int', one(NUMBER_TEXT_OR_ANY, invalid('int'), INT)],
  ['float', one(NUMBER_TEXT_OR_ANY, invalid('float'), FLOAT)],
  ['string', fixed([[ANY], STRING])],
  ['trim', fixed([[STRING], STRING], [[STRING, STRING], STRING])],
  ['trimPrefix', CUT],
  ['trimSuffix', CUT],
  ['upper', TEXT_CHANGE],
  ['lower', TEXT_CHANGE],
  ['split', SPLIT],
  ['splitAfter', SPLIT],
  ['replace', fixed([[STRING, STRING, STRING, INT], STRING], [[STRING, STRING, STRING], STRING])],
  ['repeat', fixed([[STRING, INT], STRING])],
  ['join', fixed([[ANY_SLICE, STRING], STRING], [[ANY_SLICE], STRING], [[STRING_SLICE, STRING], STRING], [[STRING_SLICE], STRING])],
  ['indexOf', TEXT_FIND],
  ['lastIndexOf', TEXT_FIND],
  ['hasPrefix', TEXT_TEST],
  ['hasSuffix', TEXT_TEST],
  ['max', extremum('max')],
  ['min', extremum('min')],
  ['sum', one(LISTS, 'cannot sum %s', ANY)],
  ['mean', one(LISTS, 'cannot avg %s', FLOAT)],
  ['median', one(LISTS, 'cannot median %s', FLOAT)],
  ['toJSON', fixed([[ANY], STRING])],
  ['fromJSON', fixed([[STRING], ANY])],
  ['toBase64', TEXT_CHANGE],
  ['fromBase64', TEXT_CHANGE],
  ['now', fixed([[], TIME])],
  ['duration', fixed([[STRING], DURATION])],
  ['date', fixed([[STRING], TIME], [[STRING, STRING], TIME], [[STRING, STRING, STRING], TIME])],
  ['first', one(LISTS, 'cannot get first element from %s', element)],
  ['last', one(LISTS, 'cannot get last element from %s', element)],
  ['take', { rule: take }],
  ['keys', one(['interface', 'map'], 'cannot get keys from %s', ANY_SLICE)],
  ['values', one(['interface', 'map'], 'cannot get values from %s', ANY_SLICE)],
  ['toPairs', one(['interface', 'map'], 'cannot transform %s to pairs', ANY_SLICE)],
  ['fromPairs', one(LISTS, 'cannot transform %s from pairs', ANY_MAP)],
  ['sort', sorting([1, 2], 1)],
  ['sortBy', sorting([2, 3], 2)],
]);
