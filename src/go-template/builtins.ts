// The functions of the template language itself; `and` and `or` stand in the evaluator, because they do not always look at all arguments.

import { decode, onText } from '../decide/expression/bytes.js';
import { runtimeError } from '../decide/expression/failure.js';
import { lookUp } from '../decide/expression/access.js';
import { asInteger, dereference, type GoValue, isObject, slice, typeName } from '../decide/expression/go-value.js';
import { compare, equal } from '../decide/expression/operators.js';
import { allowBytes, fn, type Functions, variadic } from './budget.js';
import { callChecked } from './evaluate.js';
import { sprintf } from './printf.js';
import { isEmpty, textOf } from './values.js';

const printed = (value: GoValue): string => (value === null ? '<nil>' : textOf(value));

/** Sprint: a space between two that are both no strings. */
function sprint(args: readonly GoValue[]): string {
  return args.map((value, index) => (index > 0 && typeof value !== 'string' && typeof args[index - 1] !== 'string' ? ' ' : '') + printed(value)).join('');
}

const checked = (text: string): string => {
  allowBytes(text.length);
  return text;
};

type Sort = 'number' | 'string' | 'bool' | 'other' | 'nil';

function sortOf(value: GoValue): Sort {
  if (value === null) return 'nil';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' || asInteger(value) !== undefined ? 'number' : 'other';
}

/** Ints and floats compare by value, where Go refuses: what an object's number is depends on who has read it. */
function isEqual(a: GoValue, b: GoValue): boolean {
  const [left, right] = [dereference(a), dereference(b)];
  const [one, other] = [sortOf(left), sortOf(right)];
  if (one === 'nil' || other === 'nil') return one === other;
  for (const value of [left, right])
    if (isObject(value) && (value.kind === 'slice' || value.kind === 'map' || value.kind === 'func'))
      throw runtimeError(`error calling eq: non-comparable type ${typeName(value)}`);
  if (one !== other) throw runtimeError(`error calling eq: incompatible types for comparison (${typeName(left)} and ${typeName(right)})`);
  return equal(left, right);
}

function ordered(operator: string, name: string): (args: readonly GoValue[]) => GoValue {
  return ([a = null, b = null]) => {
    const [left, right] = [dereference(a), dereference(b)];
    const [one, other] = [sortOf(left), sortOf(right)];
    if (one !== other || (one !== 'number' && one !== 'string'))
      throw runtimeError(`error calling ${name}: incompatible types for comparison (${typeName(left)} and ${typeName(right)})`);
    return compare(operator, left, right);
  };
}

function length(value: GoValue): bigint {
  const plain = dereference(value);
  if (typeof plain === 'string') return BigInt(plain.length);
  if (isObject(plain) && plain.kind === 'slice') return BigInt(plain.items.length);
  if (isObject(plain) && plain.kind === 'map') return BigInt(plain.entries.size);
  throw runtimeError(plain === null ? 'error calling len: len of nil pointer' : `error calling len: len of type ${typeName(plain)}`);
}

function itemAt(from: GoValue, key: GoValue): GoValue {
  const value = dereference(from);
  if (value === null) throw runtimeError('error calling index: index of untyped nil');
  if (isObject(value) && value.kind === 'map') return lookUp(value, key) ?? null;
  const at = asInteger(key) ?? (typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : undefined);
  if (at === undefined) throw runtimeError(`error calling index: cannot index slice/array with type ${typeName(key)}`);
  const items: readonly GoValue[] | undefined =
    typeof value === 'string' ? Array.from(value, (char) => BigInt(char.charCodeAt(0))) : isObject(value) && value.kind === 'slice' ? value.items : undefined;
  if (items === undefined) throw runtimeError(`error calling index: can't index item of type ${typeName(value)}`);
  if (at < 0n || at >= BigInt(items.length)) throw runtimeError(`error calling index: index out of range: ${at}`);
  return items[Number(at)] ?? null;
}

function cut([from = null, ...ends]: readonly GoValue[]): GoValue {
  const value = dereference(from);
  const size = Number(length(value));
  const [begin = 0, end = size] = ends.map((each) => Number(asInteger(each) ?? -1n));
  if (begin < 0 || end > size || begin > end) throw runtimeError(`error calling slice: index out of range: ${begin}:${end}`);
  if (typeof value === 'string') return value.slice(begin, end);
  if (isObject(value) && value.kind === 'slice') return slice(value.type, value.items.slice(begin, end));
  throw runtimeError(`error calling slice: can't slice item of type ${typeName(value)}`);
}

const HTML: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&#34;', '\0': '\ufffd' };
const SCRIPT: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '"': '\\"', '<': '\\u003C', '>': '\\u003E', '&': '\\u0026', '=': '\\u003D' };

/** Go writes a space as "+". */
const queryEscape = (text: string): string =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

function call([called = null, ...args]: readonly GoValue[]): GoValue {
  if (called === null) throw runtimeError('error calling call: call of nil');
  if (!isObject(called) || called.kind !== 'func') throw runtimeError(`error calling call: non-function of type ${typeName(called)}`);
  return callChecked(called, 'call', args);
}

export const BUILTINS: Functions = [
  ['not', fn(1, 1, ([value = null]) => isEmpty(value))],
  ['len', fn(1, 1, ([value = null]) => length(value))],
  ['index', variadic(1, ([from = null, ...keys]) => keys.reduce<GoValue>(itemAt, from))],
  ['slice', fn(1, 4, cut)],
  ['print', variadic(0, (args) => checked(sprint(args)))],
  ['println', variadic(0, (args) => checked(`${args.map(printed).join(' ')}\n`))],
  ['printf', variadic(1, ([format = null, ...args]) => sprintf(textOf(format), args))],
  ['html', variadic(1, (args) => onText(sprint(args), (text) => text.replaceAll(/[<>&'"\0]/g, (char) => HTML[char] ?? char)))],
  ['js', variadic(1, (args) => onText(sprint(args), (text) => text.replaceAll(/[\\'"<>&=]/g, (char) => SCRIPT[char] ?? char).replaceAll('\n', '\\u000A')))],
  ['urlquery', variadic(1, (args) => queryEscape(decode(sprint(args))))],
  ['call', variadic(1, call)],
  ['eq', variadic(2, ([first = null, ...others]) => others.some((other) => isEqual(first, other)))],
  ['ne', fn(2, 2, ([a = null, b = null]) => !isEqual(a, b))],
  ['lt', fn(2, 2, ordered('<', 'lt'))],
  ['le', fn(2, 2, ordered('<=', 'le'))],
  ['gt', fn(2, 2, ordered('>', 'gt'))],
  ['ge', fn(2, 2, ordered('>=', 'ge'))],
];
