// Numbers as Prometheus prints them: scalars always plain, samples with an exponent when very small or large.

import type { Instant } from '../../lib/instant.js';

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return undefined;
  return value > 0 ? '+Inf' : '-Inf';
}

/** Shortest digits; below 1e-6 and from 1e21 as "1.23e-07". */
export function numberText(value: number): string {
  return special(value) ?? String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** The same digits without an exponent. */
export function scalarText(value: number): string {
  const text = special(value) ?? String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  const digits = whole + fraction;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.padEnd(exponent + 1, '0')}`;
}

/** Seconds with milliseconds where there are any: 1795253244.620. */
export function secondsText(at: Instant): string {
  return at % 1000 === 0 ? String(at / 1000) : (Math.round(at) / 1000).toFixed(3);
}
