// The limit that a metric's condition sets, when one plain comparison with a number stands in it (alone, or joined by &&
// with checks that there is data at all); and the number of a measurement that this comparison looks at. Everything else
// has no limit to draw: its verdict is all there is.

import { isRecord } from '../lib/deep.js';

export type Comparison = '>=' | '>' | '<=' | '<';

export type Limit = {
  /** What a passing value is: `>=` 0.95. */
  readonly comparison: Comparison;
  readonly value: number;
  /** The way from the measurement to the number compared. */
  readonly path: readonly (string | number)[];
  /** Set when every item of the list at `path` is compared, by this field of it. */
  readonly field: readonly (string | number)[] | undefined;
  /** Items for which this field is true are not compared: they say themselves that they hold no data. */
  readonly unless: readonly (string | number)[] | undefined;
};

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const PATH = String.raw`(?:\.[A-Za-z_]\w*|\[\d+\]|\["[^"]*"\]|\['[^']*'\])*`;
const CAST = String.raw`(?:asFloat|asInt|float|int)`;
const PLAIN = new RegExp(String.raw`^(?:${CAST}\()?result(${PATH})\)?\s*(>=|<=|>|<)\s*(${NUMBER})$`);
const TURNED = new RegExp(String.raw`^(${NUMBER})\s*(>=|<=|>|<)\s*(?:${CAST}\()?result(${PATH})\)?$`);
const EVERY = new RegExp(String.raw`^all\(result(${PATH}),\s*\{\s*(?:#?(${PATH})\s*\|\|\s*)?(?:${CAST}\()?#?(${PATH})\)?\s*(>=|<=|>|<)\s*(${NUMBER})\s*\}\)$`);

const MIRROR: Readonly<Record<string, Comparison>> = { '>=': '<=', '<=': '>=', '>': '<', '<': '>' };
const OPPOSITE: Readonly<Record<string, Comparison>> = { '>=': '<', '<=': '>', '>': '<=', '<': '>=' };

function readPath(text: string): (string | number)[] {
  const parts = text.matchAll(/\.(\w+)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/g);
  return [...parts].map(([, name, index, double, single]) => (index === undefined ? (name ?? double ?? single ?? '') : Number(index)));
}

const WHOLE = { field: undefined, unless: undefined };

/** The parts that && joins at the outermost level. */
function conjuncts(condition: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const token of condition.match(/"[^"]*"|'[^']*'|&&|[^]/g) ?? []) {
    if ('([{'.includes(token)) depth += 1;
    if (')]}'.includes(token)) depth -= 1;
    if (token === '&&' && depth === 0) parts.push('');
    else parts[parts.length - 1] = (parts.at(-1) ?? '') + token;
  }
  return parts;
}

/** Two limits at once (a range) are none that one line could show. */
function onlyComparison(condition: string): Limit | undefined {
  const found = conjuncts(condition)
    .map(readComparison)
    .filter((limit) => limit !== undefined);
  return found.length === 1 ? found[0] : undefined;
}

function readComparison(condition: string): Limit | undefined {
  const text = condition.trim();
  const plain = PLAIN.exec(text);
  if (plain !== null) return { comparison: plain[2] as Comparison, value: Number(plain[3]), path: readPath(plain[1] ?? ''), ...WHOLE };
  const turned = TURNED.exec(text);
  if (turned !== null) return { comparison: MIRROR[turned[2] ?? ''] ?? '>=', value: Number(turned[1]), path: readPath(turned[3] ?? ''), ...WHOLE };
  const every = EVERY.exec(text);
  if (every === null) return undefined;
  const unless = every[2] === undefined ? undefined : readPath(every[2]);
  return { comparison: every[4] as Comparison, value: Number(every[5]), path: readPath(every[1] ?? ''), field: readPath(every[3] ?? ''), unless };
}

/** From the success condition; else from the failure condition, turned into what passes. */
export function readLimit(successCondition: string | undefined, failureCondition: string | undefined): Limit | undefined {
  const passing = successCondition === undefined ? undefined : onlyComparison(successCondition);
  if (passing !== undefined) return passing;
  const failing = failureCondition === undefined ? undefined : readComparison(failureCondition);
  return failing === undefined ? undefined : { ...failing, comparison: OPPOSITE[failing.comparison] ?? '>=' };
}

function walk(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    // Of a series of CloudWatch only its values are written.
    if (Array.isArray(current)) current = key === 'Values' ? current : current[Number(key)];
    else if (isRecord(current)) current = current[String(key)];
    else return undefined;
  }
  return current;
}

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function firstNumber(value: unknown, depth = 0): number | undefined {
  const own = toNumber(value);
  if (own !== undefined || typeof value !== 'object' || value === null || depth > 6) return own;
  for (const item of Object.values(value)) {
    const found = firstNumber(item, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parseValue(text: string): unknown {
  try {
    // Go prints lists of lists with blanks between.
    return JSON.parse(/^\[\[.*\]\]$/s.test(text) && !text.includes(',') ? text.replaceAll(/\s+/g, ',') : text) as unknown;
  } catch {
    // Go prints a list of floats that JSON can not hold, such as [NaN]; what is no number stays undefined.
    return /^\[.*\]$/s.test(text) ? text.slice(1, -1).split(/[\s,]+/) : text;
  }
}

/** Longer values are not taken apart: they are documents, not measurements. */
const LONGEST_VALUE = 20_000;

/** The number in a measurement's stored value; of several compared ones the worst. Undefined when there is none. */
export function measuredNumber(text: string, limit: Limit | undefined): number | undefined {
  if (text.length > LONGEST_VALUE) return undefined;
  const plain = toNumber(text);
  if (plain !== undefined) return plain;
  const value = parseValue(text);
  if (limit === undefined) return firstNumber(value);
  const found = walk(value, limit.path);
  if (limit.field === undefined) return toNumber(found) ?? (limit.path.length === 0 ? firstNumber(value) : undefined);
  if (!Array.isArray(found)) return undefined;
  const { field, unless } = limit;
  const compared = unless === undefined ? found : found.filter((item) => walk(item, unless) !== true);
  const numbers = compared.map((item) => toNumber(walk(item, field))).filter((number) => number !== undefined);
  if (numbers.length === 0) return undefined;
  return limit.comparison.startsWith('>') ? Math.min(...numbers) : Math.max(...numbers);
}
