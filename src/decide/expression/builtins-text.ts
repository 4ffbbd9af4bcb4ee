// Builtins on text: on bytes where Go's are, on runes where Go's are.

import type { Builtin } from './budget.js';
import { decode, encode, onText } from './bytes.js';
import { conversion } from './environment.js';
import { runtimeError } from './failure.js';
import { formatValue } from './go-text.js';
import { STRING_SLICE } from './go-type.js';
import { type GoValue, isObject, slice, typeName } from './go-value.js';
import { toInt } from './operators.js';

const MAX_REPEATS = 1_000_000n;
// The original has no such limit and would run out of memory.
const MAX_TEXT_BYTES = 32 * 1024 * 1024;

function text(args: readonly GoValue[], index: number): string {
  const value = args[index] ?? null;
  if (typeof value === 'string') return value;
  throw conversion(value, 'string');
}

const optional = (args: readonly GoValue[], index: number, fallback: string): string => (args.length > index ? text(args, index) : fallback);

/** Runes of a byte form, each in byte form. */
const runes = (bytes: string): readonly string[] => Array.from(decode(bytes), encode);

const trimPrefix = (value: string, prefix: string): string => (value.startsWith(prefix) ? value.slice(prefix.length) : value);
const trimSuffix = (value: string, suffix: string): string => (suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value);

function trim(args: readonly GoValue[]): GoValue {
  if (args.length === 1) return onText(text(args, 0), (value) => value.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, ''));
  const cut = new Set(runes(text(args, 1)));
  const list = [...runes(text(args, 0))];
  while (list.length > 0 && cut.has(list[0] ?? '')) list.shift();
  while (list.length > 0 && cut.has(list.at(-1) ?? '')) list.pop();
  return list.join('');
}

/** strings.SplitN and SplitAfterN; a negative limit means all. */
function splitBy(value: string, separator: string, limit: number, keep: boolean): readonly string[] {
  const parts = separator === '' ? [...runes(value)] : value.split(separator);
  const joint = separator;
  const cut = limit > 0 && parts.length > limit ? [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(joint)] : parts;
  return keep ? cut.map((part, index) => (index < cut.length - 1 ? part + joint : part)) : cut;
}

function split(args: readonly GoValue[], keep: boolean): GoValue {
  const value = text(args, 0);
  const separator = text(args, 1);
  const limit = args.length > 2 ? Number(toInt(args[2] ?? null)) : -1;
  if (limit === 0) return { kind: 'slice', type: STRING_SLICE, items: [], absent: true };
  return slice(STRING_SLICE, splitBy(value, separator, limit, keep));
}

function replace(args: readonly GoValue[]): GoValue {
  const value = text(args, 0);
  const old = text(args, 1);
  const put = text(args, 2);
  const limit = args.length > 3 ? Number(toInt(args[3] ?? null)) : -1;
  if (limit === 0 || old === put) return value;
  if (old === '') return replaceEmpty(value, put, limit);
  const parts = value.split(old);
  const times = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
  return bounded(
    parts.slice(0, times + 1).join(put) +
      parts
        .slice(times + 1)
        .map((part) => old + part)
        .join(''),
  );
}

/** An empty needle is found before every rune and at the end. */
function replaceEmpty(value: string, put: string, limit: number): string {
  const list = runes(value);
  let left = limit < 0 ? list.length + 1 : limit;
  const out = list.map((rune) => (left-- > 0 ? put + rune : rune)).join('');
  return bounded(left > 0 ? out + put : out);
}

function bounded(value: string): string {
  if (value.length > MAX_TEXT_BYTES) throw runtimeError(`text longer than ${MAX_TEXT_BYTES} bytes`);
  return value;
}

function repeat(args: readonly GoValue[]): GoValue {
  const value = text(args, 0);
  const times = toInt(args[1] ?? null);
  if (times > MAX_REPEATS) throw runtimeError('memory budget exceeded');
  if (times < 0n) throw runtimeError('strings: negative Repeat count');
  if (value.length * Number(times) > MAX_TEXT_BYTES) throw runtimeError(`text longer than ${MAX_TEXT_BYTES} bytes`);
  return value.repeat(Number(times));
}

function join(args: readonly GoValue[]): GoValue {
  const glue = optional(args, 1, '');
  const list = args[0] ?? null;
  if (!isObject(list) || list.kind !== 'slice') throw runtimeError(`invalid argument for join (type ${typeName(list)})`);
  return bounded(
    list.items
      .map((item) => {
        if (typeof item === 'string') return item;
        throw conversion(item, 'string');
      })
      .join(glue),
  );
}

// Go maps rune by rune: what would become several letters stays as it is.
const upperRune = (rune: string): string => (Array.from(rune.toUpperCase()).length === 1 ? rune.toUpperCase() : rune);
const lowerRune = (rune: string): string => (rune === '\u0130' ? 'i' : Array.from(rune.toLowerCase()).length === 1 ? rune.toLowerCase() : rune);

export const TEXT_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['string', (args) => (typeof args[0] === 'string' ? args[0] : formatValue(args[0] ?? null))],
  ['trim', trim],
  ['trimPrefix', (args) => trimPrefix(text(args, 0), optional(args, 1, ' '))],
  ['trimSuffix', (args) => trimSuffix(text(args, 0), optional(args, 1, ' '))],
  ['upper', (args) => onText(text(args, 0), (value) => Array.from(value, upperRune).join(''))],
  ['lower', (args) => onText(text(args, 0), (value) => Array.from(value, lowerRune).join(''))],
  ['split', (args) => split(args, false)],
  ['splitAfter', (args) => split(args, true)],
  ['replace', replace],
  ['repeat', repeat],
  ['join', join],
  ['indexOf', (args) => BigInt(text(args, 0).indexOf(text(args, 1)))],
  ['lastIndexOf', (args) => BigInt(text(args, 0).lastIndexOf(text(args, 1)))],
  ['hasPrefix', (args) => text(args, 0).startsWith(text(args, 1))],
  ['hasSuffix', (args) => text(args, 0).endsWith(text(args, 1))],
];
