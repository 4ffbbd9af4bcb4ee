// JSON as Go's encoding/json writes and reads it, and base64.

import type { Builtin } from './budget.js';
import { decode, encode } from './bytes.js';
import { conversion } from './environment.js';
import { runtimeError } from './failure.js';
import { sortedEntries } from './go-text.js';
import { type GoValue, isObject } from './go-value.js';
import { fromJson } from './json-value.js';
import { formatTime, RFC3339_NANO } from './time-layout.js';

const INDENT = '  ';

/** Go's MarshalIndent: HTML characters escaped, keys sorted, empty lists and maps on one line. Text, not bytes. */
export function toJson(value: GoValue, indent = ''): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return jsonText(decode(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw runtimeError(`json: unsupported value: ${value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'}`);
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (!isObject(value)) return String(value);
  const deeper = indent + INDENT;
  const block = (open: string, close: string, lines: readonly string[]): string =>
    lines.length === 0 ? open + close : `${open}\n${lines.map((line) => deeper + line).join(',\n')}\n${indent}${close}`;
  switch (value.kind) {
    case 'integer':
      return String(value.value);
    case 'text':
      return jsonText(decode(value.value));
    case 'time':
      return jsonText(formatTime(value, RFC3339_NANO));
    case 'pointer':
      return value.target === undefined ? 'null' : toJson(value.target, indent);
    case 'slice':
      return value.absent === true
        ? 'null'
        : block(
            '[',
            ']',
            value.items.map((item) => toJson(item, deeper)),
          );
    case 'map':
      if (value.type.key?.kind !== 'string') throw runtimeError(`json: unsupported type: ${value.type.name}`);
      return value.absent === true
        ? 'null'
        : block(
            '{',
            '}',
            sortedEntries(value).map((entry) => `${toJson(entry.key)}: ${toJson(entry.value, deeper)}`),
          );
    case 'struct':
      return block(
        '{',
        '}',
        Object.entries(value.fields).map(([name, item]) => `${jsonText(name)}: ${toJson(item, deeper)}`),
      );
    case 'func':
      throw runtimeError(`json: unsupported type: ${value.type.name}`);
  }
}

const ESCAPED: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' };
const jsonText = (text: string): string => JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => ESCAPED[char] ?? char);

function text(value: GoValue | undefined): string {
  if (typeof value === 'string') return decode(value);
  throw conversion(value ?? null, 'string');
}

function parseJson(source: string): GoValue {
  let value: unknown;
  try {
    value = JSON.parse(source) as unknown;
  } catch (error) {
    throw runtimeError(jsonComplaint(source, error));
  }
  return fromJson(value);
}

function jsonComplaint(source: string, error: unknown): string {
  if (source.trim() === '') return 'unexpected end of JSON input';
  const message = error instanceof Error ? error.message : '';
  const position = /position (\d+)/.exec(message);
  if (position === null || /Unexpected end|Unterminated/.test(message)) return 'unexpected end of JSON input';
  const at = Number(position[1]);
  return `invalid character '${source.charAt(at)}' ${/after JSON|non-whitespace/.test(message) ? 'after top-level value' : 'looking for beginning of value'}`;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function fromBase64(source: string): string {
  const clean = source.replace(/[\r\n]/g, '');
  if (!BASE64.test(clean)) throw runtimeError(`illegal base64 data at input byte ${(/^[A-Za-z0-9+/]*/.exec(clean)?.[0] ?? '').length}`);
  return atob(clean);
}

export const ENCODING_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['toJSON', (args) => encode(toJson(args[0] ?? null))],
  ['fromJSON', (args) => parseJson(text(args[0]))],
  ['toBase64', (args) => btoa(encode(text(args[0])))],
  ['fromBase64', (args) => fromBase64(text(args[0]))],
];
