// Sprig: texts and regular expressions. Texts are bytes here; what counts or changes characters looks at the text behind them.

import { RE2JS } from 're2js';
import { decode, encode, onText } from '../decide/expression/bytes.js';
import { runtimeError } from '../decide/expression/failure.js';
import type { GoValue } from '../decide/expression/go-value.js';
import { allowBytes, allowItems, fn, type Functions, variadic } from './budget.js';
import { list, listOf, textOf, texts, wholeOf } from './values.js';

type Args = readonly GoValue[];

const arg = (args: Args, index: number): string => textOf(args[index] ?? null);
const size = (args: Args, index: number): number => {
  const number = Number(wholeOf(args[index] ?? null));
  allowBytes(Math.abs(number));
  return number;
};
/** A function of characters, with the text last. */
const change = (made: (text: string, args: Args) => string) => (args: Args) => {
  const bytes = onText(arg(args, args.length - 1), (text) => made(text, args));
  allowBytes(bytes.length);
  return bytes;
};

function replaceAll(text: string, old: string, by: string): string {
  if (old === '') return text;
  const parts = text.split(old);
  allowBytes(text.length + (parts.length - 1) * Math.max(0, by.length - old.length));
  return parts.join(by);
}

const indent = (text: string, by: number): string => {
  const lines = text.split('\n');
  allowBytes(text.length + lines.length * Math.max(0, by));
  const space = ' '.repeat(Math.max(0, by));
  return lines.map((line) => space + line).join('\n');
};

const words = (text: string): readonly string[] => text.match(/\p{Lu}?[\p{Ll}\p{N}]+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu) ?? [];
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const titled = (text: string): string => text.replaceAll(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

function truncated(text: string, length: number): string {
  const characters = [...text];
  return length >= 0 ? characters.slice(0, length).join('') : characters.slice(Math.max(0, characters.length + length)).join('');
}

function abbreviated(text: string, most: number): string {
  const shown = [...text];
  return most < 4 || shown.length <= most ? text : `${shown.slice(0, most - 3).join('')}...`;
}

/** Each part of a list as text, as sprig makes texts of lists. */
const partsOf = (value: GoValue): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : listOf(value, 'join')
        .items.filter((item) => item !== null)
        .map(textOf);

function joined(parts: readonly string[], by: string): string {
  allowBytes(parts.reduce((sum, part) => sum + part.length + by.length, 0));
  return parts.join(by);
}

function split(text: string, by: string): readonly string[] {
  const parts = by === '' ? [...decode(text)].map(encode) : text.split(by);
  allowItems(parts.length);
  return parts;
}

function pattern(args: Args): RE2JS {
  try {
    return RE2JS.compile(decode(arg(args, 0)));
  } catch (fault) {
    throw runtimeError(`the pattern ${JSON.stringify(decode(arg(args, 0)))}: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}

function findAll(args: Args): readonly string[] {
  const matcher = pattern(args).matcher(decode(arg(args, 1)));
  const wanted = Number(wholeOf(args[2] ?? -1n));
  const most = wanted < 0 ? Infinity : wanted;
  const found: string[] = [];
  while (found.length < most && matcher.find()) {
    allowItems(found.length + 1);
    found.push(encode(matcher.group() ?? ''));
  }
  return found;
}

/** What stands in for a match: `$1` and `${1}` are its groups, `$$` is a dollar sign. A name is as long as it can be, as in Go; one that is no group's number is nothing. */
function expanded(by: string, group: (name: string) => string): string {
  return by.replaceAll(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar?: string, braced?: string, bare?: string) => dollar ?? group(braced ?? bare ?? ''));
}

function replacePattern(args: Args, literal: boolean): GoValue {
  const by = decode(arg(args, 2));
  const text = decode(arg(args, 1));
  const matcher = pattern(args).matcher(text);
  const groupOf = (name: string): string => {
    const index = /^\d+$/.test(name) ? Number(name) : -1;
    return index >= 0 && index <= matcher.groupCount() ? (matcher.group(index) ?? '') : '';
  };
  let made = '';
  let end = 0;
  while (matcher.find()) {
    made += text.slice(end, matcher.start()) + (literal ? by : expanded(by, groupOf));
    allowBytes(made.length);
    end = matcher.end();
  }
  return encode(made + text.slice(end));
}

const quotedBy = (mark: (text: string) => string) => (args: Args) =>
  joined(
    args.filter((value) => value !== null).map((value) => onText(textOf(value), mark)),
    ' ',
  );

export const TEXTS: Functions = [
  [
    'trim',
    fn(
      1,
      1,
      change((text) => text.trim()),
    ),
  ],
  ['trimAll', fn(2, 2, ([marks = null, text = null]) => stripped(textOf(text), textOf(marks)))],
  ['trimPrefix', fn(2, 2, (args) => (arg(args, 1).startsWith(arg(args, 0)) ? arg(args, 1).slice(arg(args, 0).length) : arg(args, 1)))],
  ['trimSuffix', fn(2, 2, (args) => (arg(args, 0) !== '' && arg(args, 1).endsWith(arg(args, 0)) ? arg(args, 1).slice(0, -arg(args, 0).length) : arg(args, 1)))],
  [
    'upper',
    fn(
      1,
      1,
      change((text) => text.toUpperCase()),
    ),
  ],
  [
    'lower',
    fn(
      1,
      1,
      change((text) => text.toLowerCase()),
    ),
  ],
  ['title', fn(1, 1, change(titled))],
  [
    'untitle',
    fn(
      1,
      1,
      change((text) => text.replaceAll(/(^|\s)(\p{Lu})/gu, (whole) => whole.toLowerCase())),
    ),
  ],
  [
    'nospace',
    fn(
      1,
      1,
      change((text) => text.replaceAll(/\s/gu, '')),
    ),
  ],
  [
    'initials',
    fn(
      1,
      1,
      change((text) =>
        text
          .split(/\s+/u)
          .map((word) => [...word][0] ?? '')
          .join(''),
      ),
    ),
  ],
  [
    'snakecase',
    fn(
      1,
      1,
      change((text) => words(text).join('_').toLowerCase()),
    ),
  ],
  [
    'kebabcase',
    fn(
      1,
      1,
      change((text) => words(text).join('-').toLowerCase()),
    ),
  ],
  [
    'camelcase',
    fn(
      1,
      1,
      change((text) =>
        text
          .split(/[_\s-]+/u)
          .map(capital)
          .join(''),
      ),
    ),
  ],
  ['repeat', fn(2, 2, (args) => repeated(arg(args, 1), size(args, 0)))],
  ['substr', fn(3, 3, (args) => substring(arg(args, 2), Number(wholeOf(args[0] ?? null)), Number(wholeOf(args[1] ?? null))))],
  [
    'trunc',
    fn(
      2,
      2,
      change((text, args) => truncated(text, Number(wholeOf(args[0] ?? null)))),
    ),
  ],
  [
    'abbrev',
    fn(
      2,
      2,
      change((text, args) => abbreviated(text, Number(wholeOf(args[0] ?? null)))),
    ),
  ],
  ['contains', fn(2, 2, (args) => arg(args, 1).includes(arg(args, 0)))],
  ['hasPrefix', fn(2, 2, (args) => arg(args, 1).startsWith(arg(args, 0)))],
  ['hasSuffix', fn(2, 2, (args) => arg(args, 1).endsWith(arg(args, 0)))],
  [
    'quote',
    variadic(
      0,
      quotedBy((text) => JSON.stringify(text)),
    ),
  ],
  [
    'squote',
    variadic(
      0,
      quotedBy((text) => `'${text}'`),
    ),
  ],
  ['cat', variadic(0, (args) => joined(args.filter((value) => value !== null).map(textOf), ' '))],
  ['indent', fn(2, 2, (args) => indent(arg(args, 1), size(args, 0)))],
  ['nindent', fn(2, 2, (args) => `\n${indent(arg(args, 1), size(args, 0))}`)],
  ['replace', fn(3, 3, (args) => replaceAll(arg(args, 2), arg(args, 0), arg(args, 1)))],
  ['plural', fn(3, 3, ([one = null, many = null, count = null]) => (wholeOf(count) === 1n ? one : many))],
  ['toString', fn(1, 1, ([value = null]) => textOf(value))],
  ['toStrings', fn(1, 1, ([value = null]) => texts(partsOf(value)))],
  ['join', fn(2, 2, ([by = null, from = null]) => joined(partsOf(from), textOf(by)))],
  ['splitList', fn(2, 2, (args) => texts(split(arg(args, 1), arg(args, 0))))],
  ['sortAlpha', fn(1, 1, ([from = null]) => texts([...partsOf(from)].toSorted((a, b) => (a < b ? -1 : Number(a > b)))))],
  ['b64enc', fn(1, 1, (args) => encoded(arg(args, 0)))],
  ['b64dec', fn(1, 1, (args) => Buffer.from(arg(args, 0), 'base64').toString('latin1'))],
  [
    'regexMatch',
    fn(2, 2, (args) =>
      pattern(args)
        .matcher(decode(arg(args, 1)))
        .find(),
    ),
  ],
  ['regexFind', fn(2, 2, (args) => findAll([args[0] ?? null, args[1] ?? null, 1n])[0] ?? '')],
  ['regexFindAll', fn(3, 3, (args) => list(findAll(args)))],
  ['regexReplaceAll', fn(3, 3, (args) => replacePattern(args, false))],
  ['regexReplaceAllLiteral', fn(3, 3, (args) => replacePattern(args, true))],
];

function stripped(text: string, marks: string): string {
  const characters = [...decode(text)];
  const all = new Set(decode(marks));
  let begin = 0;
  let end = characters.length;
  while (begin < end && all.has(characters[begin] ?? '')) begin += 1;
  while (end > begin && all.has(characters[end - 1] ?? '')) end -= 1;
  return encode(characters.slice(begin, end).join(''));
}

function repeated(text: string, times: number): string {
  if (times < 0) throw runtimeError('error calling repeat: negative count');
  allowBytes(text.length * times);
  return text.repeat(times);
}

/** In bytes, as sprig cuts. */
function substring(text: string, begin: number, end: number): string {
  if (begin < 0) return text.slice(0, Math.max(0, end));
  return end < 0 || end > text.length ? text.slice(begin) : text.slice(begin, end);
}

function encoded(text: string): string {
  allowBytes(text.length * 2);
  return Buffer.from(text, 'latin1').toString('base64');
}
