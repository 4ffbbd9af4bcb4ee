// Reads Kubernetes' JSONPath dialect into steps. What can not be read is an error that says at which character.

import { err, ok } from './result.js';
import type { Result } from './result.js';

export type FilterOperand =
  | { readonly type: 'literal'; readonly value: unknown }
  | { readonly type: 'path'; readonly fromRoot: boolean; readonly steps: readonly PathStep[] };

export type PathStep =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' | 'descend' }
  | { readonly type: 'slice'; readonly single: boolean; readonly from: number | undefined; readonly to: number | undefined; readonly stride: number }
  | { readonly type: 'union'; readonly parts: readonly (readonly PathStep[])[] }
  | {
      readonly type: 'filter';
      readonly left: FilterOperand;
      readonly operator: 'exists' | '==' | '!=' | '<' | '<=' | '>' | '>=';
      readonly right: FilterOperand | undefined;
    };

export type JsonPathNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly fromRoot: boolean; readonly steps: readonly PathStep[] }
  | { readonly type: 'range'; readonly fromRoot: boolean; readonly steps: readonly PathStep[]; readonly body: readonly JsonPathNode[] };

class Unreadable extends Error {}

type Cursor = { readonly text: string; at: number };

// Deeper nesting is a mistake or an attack; the reader would run out of stack.
const MAX_DEPTH = 100;

export function parseJsonPath(template: string): Result<readonly JsonPathNode[], string> {
  try {
    const cursor = { text: template, at: 0 };
    const nodes = readNodes(cursor, false, 0);
    return ok(nodes);
  } catch (error) {
    if (error instanceof Unreadable) return err(error.message);
    throw error;
  }
}

function fail(cursor: Cursor, reason: string): never {
  throw new Unreadable(`JSONPath ${JSON.stringify(cursor.text)}: ${reason} at character ${cursor.at + 1}`);
}

/** Until the end of the text, or inside a range until its `{end}`. */
function readNodes(cursor: Cursor, inRange: boolean, depth: number): readonly JsonPathNode[] {
  if (depth > MAX_DEPTH) fail(cursor, 'ranges are nested too deeply');
  const nodes: JsonPathNode[] = [];
  while (cursor.at < cursor.text.length) {
    const open = cursor.text.indexOf('{', cursor.at);
    const textEnd = open === -1 ? cursor.text.length : open;
    if (textEnd > cursor.at) nodes.push({ type: 'text', text: cursor.text.slice(cursor.at, textEnd) });
    cursor.at = textEnd;
    if (open === -1) break;
    cursor.at += 1;
    skipSpaces(cursor);
    if (takeWord(cursor, 'end')) {
      closeBrace(cursor);
      if (!inRange) fail(cursor, 'not in range, nothing to end');
      return nodes;
    }
    nodes.push(...readAction(cursor, depth));
  }
  if (inRange) fail(cursor, 'a range has no {end}');
  return nodes;
}

function readAction(cursor: Cursor, depth: number): readonly JsonPathNode[] {
  if (takeWord(cursor, 'range')) {
    skipSpaces(cursor);
    const path = readPath(cursor);
    closeBrace(cursor);
    return [{ type: 'range', ...path, body: readNodes(cursor, true, depth + 1) }];
  }
  const nodes: JsonPathNode[] = [];
  for (skipSpaces(cursor); cursor.text[cursor.at] !== '}'; skipSpaces(cursor)) {
    if (cursor.at >= cursor.text.length) fail(cursor, 'unclosed action');
    const quote = cursor.text[cursor.at];
    nodes.push(quote === '"' || quote === "'" ? { type: 'text', text: readQuoted(cursor) } : { type: 'path', ...readPath(cursor) });
  }
  closeBrace(cursor);
  return nodes;
}

function closeBrace(cursor: Cursor): void {
  skipSpaces(cursor);
  if (cursor.text[cursor.at] !== '}') fail(cursor, 'expected }');
  cursor.at += 1;
}

function skipSpaces(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
}

function takeWord(cursor: Cursor, word: string): boolean {
  const next = cursor.text[cursor.at + word.length] ?? '';
  if (!cursor.text.startsWith(word, cursor.at) || /[\w.[]/.test(next)) return false;
  cursor.at += word.length;
  return true;
}

type Path = { readonly fromRoot: boolean; readonly steps: readonly PathStep[] };

/** A path ends at a space, an operator, a comma or a closing bracket. */
function readPath(cursor: Cursor): Path {
  const first = cursor.text[cursor.at];
  const fromRoot = first === '$';
  if (first === '$' || first === '@') cursor.at += 1;
  const steps: PathStep[] = [];
  const start = cursor.at;
  for (;;) {
    const character = cursor.text[cursor.at];
    if (character === '.' && cursor.text[cursor.at + 1] === '.') {
      cursor.at += 2;
      steps.push({ type: 'descend' });
      if (cursor.text[cursor.at] !== '[') steps.push(readField(cursor));
    } else if (character === '.') {
      cursor.at += 1;
      if (cursor.text[cursor.at] !== '[' && !isEnd(cursor)) steps.push(readField(cursor));
    } else if (character === '[') {
      steps.push(readBracket(cursor));
    } else if (cursor.at === start && first !== '$' && first !== '@' && !isEnd(cursor)) {
      steps.push(readField(cursor));
    } else {
      if (cursor.at === start && first !== '$' && first !== '@') fail(cursor, `unrecognized character ${JSON.stringify(character ?? '')}`);
      return { fromRoot, steps };
    }
  }
}

function isEnd(cursor: Cursor): boolean {
  return /^$|[\s}\],)=!<>]/.test(cursor.text[cursor.at] ?? '');
}

function readField(cursor: Cursor): PathStep {
  if (cursor.text[cursor.at] === '*') {
    cursor.at += 1;
    return { type: 'wildcard' };
  }
  let name = '';
  for (let character = cursor.text[cursor.at]; character !== undefined && !/[\s}\][,)=!<>.(]/.test(character); character = cursor.text[cursor.at]) {
    if (character === '\\') cursor.at += 1;
    name += cursor.text[cursor.at] ?? '';
    cursor.at += 1;
  }
  if (name === '') fail(cursor, 'expected a name');
  return { type: 'field', name };
}

function readBracket(cursor: Cursor): PathStep {
  cursor.at += 1;
  if (cursor.text[cursor.at] === '?') return readFilter(cursor);
  const parts: (readonly PathStep[])[] = [];
  for (;;) {
    skipSpaces(cursor);
    parts.push(readElement(cursor));
    skipSpaces(cursor);
    const separator = cursor.text[cursor.at];
    cursor.at += 1;
    if (separator === ']') break;
    if (separator !== ',') fail(cursor, 'unterminated array');
  }
  const only = parts.length === 1 && parts[0]?.length === 1 ? parts[0][0] : undefined;
  return only ?? { type: 'union', parts };
}

function readElement(cursor: Cursor): readonly PathStep[] {
  const character = cursor.text[cursor.at];
  if (character === '*') {
    cursor.at += 1;
    return [{ type: 'wildcard' }];
  }
  if (character === "'" || character === '"') return readKey(cursor, character);
  const numbers = /^(-?\d+)?(:(-?\d+)?)?(:(-?\d+)?)?(?=\s*[\],])/.exec(cursor.text.slice(cursor.at));
  if (numbers !== null && numbers[0] !== '') {
    cursor.at += numbers[0].length;
    const stride = numbers[5] === undefined ? 1 : Number(numbers[5]);
    if (stride <= 0) fail(cursor, 'step must be > 0');
    const read = (part: string | undefined): number | undefined => (part === undefined ? undefined : Number(part));
    return [{ type: 'slice', single: numbers[2] === undefined, from: read(numbers[1]), to: read(numbers[3]), stride }];
  }
  return readPath(cursor).steps;
}

/** A quoted key is a path of its own, in which a dot that belongs to a name is written `\.`. */
function readKey(cursor: Cursor, quote: string): readonly PathStep[] {
  const end = cursor.text.indexOf(quote, cursor.at + 1);
  if (end === -1) fail(cursor, 'unterminated quoted string');
  const inner: Cursor = { text: `.${cursor.text.slice(cursor.at + 1, end)}`, at: 0 };
  const { steps } = readPath(inner);
  if (inner.at < inner.text.length) fail(cursor, 'a quoted key can not be read');
  cursor.at = end + 1;
  return steps;
}

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;

function readFilter(cursor: Cursor): PathStep {
  if (!cursor.text.startsWith('?(', cursor.at)) fail(cursor, 'expected ?(');
  cursor.at += 2;
  const left = readOperand(cursor);
  const operator = OPERATORS.find((candidate) => cursor.text.startsWith(candidate, cursor.at));
  if (operator !== undefined) cursor.at += operator.length;
  const right = operator === undefined ? undefined : readOperand(cursor);
  if (!cursor.text.startsWith(')]', cursor.at)) fail(cursor, 'unterminated filter');
  cursor.at += 2;
  return { type: 'filter', left, operator: operator ?? 'exists', right };
}

function readOperand(cursor: Cursor): FilterOperand {
  skipSpaces(cursor);
  const operand = readBareOperand(cursor);
  skipSpaces(cursor);
  return operand;
}

function readBareOperand(cursor: Cursor): FilterOperand {
  const character = cursor.text[cursor.at];
  if (character === "'" || character === '"') return { type: 'literal', value: readQuoted(cursor) };
  const literal = /^(-?\d+(?:\.\d+)?|true|false|null)(?=[\s)=!<>])/.exec(cursor.text.slice(cursor.at));
  if (literal === null) return { type: 'path', ...readPath(cursor) };
  cursor.at += literal[0].length;
  return { type: 'literal', value: JSON.parse(literal[0]) as unknown };
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function readQuoted(cursor: Cursor): string {
  const quote = cursor.text[cursor.at];
  let value = '';
  for (cursor.at += 1; cursor.text[cursor.at] !== quote; cursor.at += 1) {
    const character = cursor.text[cursor.at];
    if (character === undefined) fail(cursor, 'unterminated quoted string');
    if (character !== '\\') {
      value += character;
      continue;
    }
    cursor.at += 1;
    const escaped = cursor.text[cursor.at] ?? '';
    value += ESCAPED[escaped] ?? escaped;
  }
  cursor.at += 1;
  return value;
}
