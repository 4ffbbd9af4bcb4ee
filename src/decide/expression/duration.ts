// Go's time.Duration in nanoseconds: its text form both ways, to the last digit.

import { runtimeError } from './failure.js';

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  '\u00b5s': 1000n,
  '\u03bcs': 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const LARGEST = 2n ** 63n - 1n;

/** Nanoseconds; throws Go's own text when the text is not a duration. */
export function parseDurationNs(text: string): bigint {
  const quoted = JSON.stringify(text);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  let rest = text.slice(sign.length);
  if (rest === '0') return 0n;
  if (rest === '') throw runtimeError(`time: invalid duration ${quoted}`);
  let total = 0n;
  while (rest !== '') {
    const number = /^(\d*)(?:\.(\d*))?/.exec(rest);
    const whole = number?.[1] ?? '';
    const fraction = number?.[2] ?? '';
    if (whole === '' && fraction === '') throw runtimeError(`time: invalid duration ${quoted}`);
    rest = rest.slice(number?.[0].length ?? 0);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? '';
    if (unit === '') throw runtimeError(`time: missing unit in duration ${quoted}`);
    const scale = UNITS[unit];
    if (scale === undefined) throw runtimeError(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    rest = rest.slice(unit.length);
    total += BigInt(whole === '' ? '0' : whole) * scale + (fraction === '' ? 0n : (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length));
    if (total > LARGEST) throw runtimeError(`time: invalid duration ${quoted}`);
  }
  return sign === '-' ? -total : total;
}

/** `Duration.String()`: "1h0m0s", "1.5s", "100ms", "1µs", "0s". */
export function formatDurationNs(ns: bigint): string {
  if (ns === 0n) return '0s';
  const sign = ns < 0n ? '-' : '';
  const size = ns < 0n ? -ns : ns;
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}\u00b5s`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${decimal(size % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, places: number): string {
  const scale = 10n ** BigInt(places);
  const fraction = String(value % scale)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(value / scale) : `${value / scale}.${fraction}`;
}

/** `Hours()`, `Minutes()`, `Seconds()`: whole units and the rest added as floats, as Go does. */
export const inUnits = (ns: bigint, unitNs: bigint): number => Number(ns / unitNs) + Number(ns % unitNs) / Number(unitNs);

/** `Truncate(multiple)`. */
export const truncateTo = (ns: bigint, multiple: bigint): bigint => (multiple <= 0n ? ns : ns - (ns % multiple));

/** `Round(multiple)`: half away from zero. */
export function roundTo(ns: bigint, multiple: bigint): bigint {
  if (multiple <= 0n) return ns;
  const rest = ns % multiple;
  const size = rest < 0n ? -rest : rest;
  if (size + size < multiple) return ns - rest;
  return rest < 0n ? ns - rest - multiple : ns - rest + multiple;
}
