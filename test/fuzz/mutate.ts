// Bad input from good: seeded changes of valid texts and values, a few at a time, so that most of what comes out is nearly right.

import type { Rng } from '../../src/lib/rng.js';

const MOST_CHANGES = 4;
/** Longer than anything that a person writes, and short enough to run thousands of times. */
const LONGEST_RUN = 3000;
const DEEPEST = 2000;
const LONGEST_TEXT = 64 * 1024;

/** What parsers stumble over. */
const ODD_TEXTS: readonly string[] = [
  '', ' ', '\0', '\n', '\r\n', '\t', '\u001b[31m', '\ud800', '\udfff\ud83d', '\u2028', '\u0300', '😀', 'ß', '０', '٣', '"', "'", '`', '\\', '\\u', '\\x', '/', '..', '//', '%', '%zz', '%00',
  '{', '}', '[', ']', '(', ')', '{{', '}}', '{$}', '$', '@', '?', '*', '**', '&', '&a', '*a', '!', '!!binary', '<<', '|', '>', '#', ':', ': ', ',', ';', '=', '==', '!=', '=~', '-', '--', '---', '+', '^', '~', '<', '.', '..', '...',
  '0', '-0', '00', '1', '-1', '1e9', '1e308', '1e999', '-1e-999', '9007199254740993', '9223372036854775808', '99999999999999999999', '0x1f', '0b1', '1_000', 'NaN', 'Infinity', '-Inf', '.5', '5.', '1.2.3',
  'true', 'false', 'null', 'nil', 'undefined', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'in', 'not', 'and', 'or', '1h', '1y', '-5s', '1h1h', '5 m', 'Ki', '1Ki', 'm', '1m', '1e3Ki', '50%', '%50', '101%', '-1%',
  '2026-02-30T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '1d', 'now()',
];

const ODD_VALUES: readonly unknown[] = [
  null, true, false, 0, -0, -1, 1, 0.5, -0.5, 1e9, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, -1e308, '', ' ', '0', '-1', '1e9', '50%', '101%', '-1%', 'x', 'NaN', '1h', '\0', '\ud800', '😀', '__proto__',
  [], {}, [null], [[]], [{}], { '': '' }, { constructor: 1 }, { toString: 1 }, { length: -1 }, ['a', 1, null], { a: { b: { c: [] } } },
];

const pick = <T>(rng: Rng, choices: readonly T[]): T | undefined => choices[rng.int(choices.length)];
/** A copy: what comes of it is changed in place. */
const oddValue = (rng: Rng): unknown => structuredClone(pick(rng, ODD_VALUES));

function repeated(rng: Rng): string {
  const unit = pick(rng, ODD_TEXTS) ?? 'a';
  return unit.repeat(1 + rng.int(Math.max(1, Math.floor(LONGEST_RUN / Math.max(1, unit.length)))));
}

/** One change somewhere; `others` are samples to take pieces from. */
function changeText(rng: Rng, text: string, others: readonly string[]): string {
  const at = rng.int(text.length + 1);
  const length = 1 + rng.int(rng.int(4) === 0 ? Math.max(1, text.length) : 6);
  const before = text.slice(0, at);
  const after = text.slice(at);
  switch (rng.int(9)) {
    case 0:
      return before + after.slice(length);
    case 1:
      return before + (pick(rng, ODD_TEXTS) ?? '') + after;
    case 2:
      return before + (pick(rng, ODD_TEXTS) ?? '') + after.slice(length);
    case 3:
      return before + after.slice(0, length).repeat(1 + rng.int(rng.int(10) === 0 ? 300 : 4)) + after;
    case 4: {
      const other = pick(rng, others) ?? '';
      const from = rng.int(other.length + 1);
      return before + other.slice(from, from + length * 3) + after;
    }
    case 5:
      return before + String.fromCharCode(rng.int(rng.int(3) === 0 ? 65_536 : 128)) + after.slice(1);
    case 6:
      return rng.int(8) === 0 ? before + repeated(rng) + after : before + after.slice(0, 1).toUpperCase() + after.slice(1);
    case 7: {
      const depth = rng.int(8) === 0 ? 1 + rng.int(DEEPEST) : 2;
      const [open, close] = pick(rng, [['(', ')'], ['[', ']'], ['{', '}'], ['-', ''], ['!', ''], ['"', '"'], ['{"a":', '}'], ['{.', '}']] as const) ?? ['', ''];
      return before + open.repeat(depth) + after.slice(0, length) + close.repeat(depth) + after.slice(length);
    }
    default:
      return text.split('').map((character) => (rng.int(Math.max(20, text.length)) === 0 ? String.fromCharCode(rng.int(256)) : character)).join('');
  }
}

function noise(rng: Rng): string {
  const length = rng.int(rng.int(10) === 0 ? 2000 : 40);
  const top = pick(rng, [32, 128, 256, 65_536]) ?? 128;
  return Array.from({ length }, () => (rng.int(3) === 0 ? (pick(rng, ODD_TEXTS) ?? '') : String.fromCharCode(rng.int(top)))).join('');
}

export function mutateText(rng: Rng, samples: readonly string[]): string {
  if (rng.int(20) === 0) return noise(rng);
  let text = pick(rng, samples) ?? '';
  for (let left = 1 + rng.int(MOST_CHANGES); left > 0; left -= 1) text = changeText(rng, text, samples);
  return text.slice(0, LONGEST_TEXT);
}

type Place = { readonly parent: Record<string, unknown> | unknown[]; readonly key: string | number };

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (Array.isArray(value)) {
    for (const [key, item] of value.entries()) {
      found.push({ parent: value, key });
      placesIn(item, found);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      found.push({ parent: value as Record<string, unknown>, key });
      placesIn(item, found);
    }
  }
  return found;
}

const at = ({ parent, key }: Place): unknown => (parent as Record<string | number, unknown>)[key];

function put({ parent, key }: Place, value: unknown): void {
  if (value === undefined && Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (value === undefined) delete (parent as Record<string | number, unknown>)[key];
  else (parent as Record<string | number, unknown>)[key] = value;
}

function nested(rng: Rng): unknown {
  let value: unknown = 1;
  for (let left = rng.int(rng.int(6) === 0 ? DEEPEST : 20); left > 0; left -= 1) value = rng.int(2) === 0 ? [value] : { a: value };
  return value;
}

/** Another value for one that was there: of the same sort, or of none that fits. */
function instead(rng: Rng, value: unknown, others: readonly Place[]): unknown {
  switch (rng.int(8)) {
    case 0:
      return undefined;
    case 1:
      return oddValue(rng);
    case 2:
      return structuredClone(at(pick(rng, others) ?? { parent: [null], key: 0 }));
    case 3:
      return typeof value === 'number' ? value * (pick(rng, [-1, 0, 10, 1e6, 0.1, 1e300]) ?? 1) : typeof value === 'string' ? mutateText(rng, [value]) : oddValue(rng);
    case 4:
      return Array.isArray(value) ? [...value, ...structuredClone(value)] : [value];
    case 5:
      return typeof value === 'string' ? (pick(rng, ODD_TEXTS) ?? '') : JSON.stringify(value);
    case 6:
      return rng.int(3) === 0 ? nested(rng) : { [pick(rng, ODD_TEXTS) ?? '']: value };
    default:
      return typeof value === 'string' ? mutateText(rng, [value]) : oddValue(rng);
  }
}

/** JSON-like: what a request or a YAML file may hold. */
export function mutateValue(rng: Rng, samples: readonly unknown[]): unknown {
  if (rng.int(40) === 0) return oddValue(rng);
  const box: unknown[] = [structuredClone(pick(rng, samples))];
  for (let left = 1 + rng.int(MOST_CHANGES); left > 0; left -= 1) {
    const places = placesIn(box);
    const place = pick(rng, places.length > 1 && rng.int(30) > 0 ? places.slice(1) : places);
    if (place !== undefined) put(place, instead(rng, at(place), places));
  }
  return box[0];
}
