// Go's `%v` for every value of the language: what `string(x)` gives and what error texts quote.

import { decode, encode } from './bytes.js';
import { formatDurationNs } from './duration.js';
import { formatFloat } from '../../lib/go-number.js';
import { DURATION, MONTH, WEEKDAY } from './go-type.js';
import { type GoEntry, type GoInteger, type GoMap, type GoValue, isObject } from './go-value.js';
import { formatTime, MONTHS, STRING_LAYOUT, WEEKDAYS } from './time-layout.js';

/** The text of a value in byte form. */
export function formatValue(value: GoValue): string {
  if (value === null) return '<nil>';
  if (!isObject(value)) return typeof value === 'number' ? formatFloat(value) : String(value);
  switch (value.kind) {
    case 'integer':
      return formatInteger(value);
    case 'text':
      return value.value;
    case 'slice':
      return `[${value.items.map(formatValue).join(' ')}]`;
    case 'map':
      return `map[${sortedEntries(value)
        .map((entry) => `${formatValue(entry.key)}:${formatValue(entry.value)}`)
        .join(' ')}]`;
    case 'struct':
      return `{${Object.values(value.fields).map(formatValue).join(' ')}}`;
    case 'pointer':
      return value.target === undefined ? '<nil>' : '0xc000000000';
    case 'time':
      return encode(formatTime(value, STRING_LAYOUT));
    case 'func':
      return '0x1000000';
  }
}

function formatInteger(value: GoInteger): string {
  if (value.type.name === DURATION.name) return encode(formatDurationNs(value.value));
  if (value.type.name === MONTH.name) return MONTHS[Number(value.value) - 1] ?? `%!Month(${value.value})`;
  if (value.type.name === WEEKDAY.name) return WEEKDAYS[Number(value.value)] ?? `%!Weekday(${value.value})`;
  return String(value.value);
}

/** In the order in which Go's fmt prints maps: numbers by value, then text by bytes. */
export function sortedEntries(map: GoMap): readonly GoEntry[] {
  return [...map.entries.values()].sort((a, b) => compareKeys(a.key, b.key));
}

function compareKeys(a: GoValue, b: GoValue): number {
  const rank = (value: GoValue): number => (value === null ? 0 : typeof value === 'bigint' || typeof value === 'number' ? 1 : 2);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (rank(a) === 1) return Number(a) - Number(b);
  const left = formatValue(a);
  const right = formatValue(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The text of a value for error texts. */
export const valueText = (value: GoValue): string => decode(formatValue(value));

/** `%q` of a byte form, for error texts. */
export const quoted = (bytes: string): string => JSON.stringify(decode(bytes));
