// Measured values as Go's fmt prints them (`%v`): lists in brackets without commas, floats with their exponents.

import { formatFloat } from '../lib/go-number.js';

type Printable = number | bigint | boolean | string | null | readonly Printable[];

export function goPrint(value: Printable): string {
  if (value === null) return '<nil>';
  if (typeof value === 'object') return `[${value.map(goPrint).join(' ')}]`;
  return typeof value === 'number' ? formatFloat(value) : String(value);
}
