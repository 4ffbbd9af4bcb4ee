// Text and loose values as Go's encoding/json writes them: what is hashed must agree byte for byte.

import { isRecord } from './deep.js';

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /["\\<>&\u0000-\u001f\u2028\u2029]/g;

/** A JSON string with Go's escapes: HTML characters and line separators too. */
export function goQuote(text: string): string {
  const escaped = text.replace(SPECIAL, (character) => ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

/** Go orders map keys by their UTF-8 bytes, which is the order of code points. */
export function compareBytewise(a: string, b: string): number {
  const left = Buffer.from(a);
  return left.compare(Buffer.from(b));
}

/** A value of type `interface{}`: maps with sorted keys, no spaces. Undefined is written as null, and left out of maps. */
export function goJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number') return goNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isRecord(value)) return 'null';
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort(compareBytewise);
  return `{${keys.map((key) => `${goQuote(key)}:${goJson(value[key])}`).join(',')}}`;
}

/** A float64: plain digits between 1e-6 and 1e21, else an exponent without a leading zero. */
function goNumber(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const size = Math.abs(value);
  if (Object.is(value, -0)) return '-0';
  if (size !== 0 && size < 1e-6) return value.toExponential().replace(/e-0?/, 'e-');
  return String(value);
}
