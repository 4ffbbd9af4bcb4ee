// Calendar arithmetic on nanoseconds since the Unix epoch, and offsets of time zones. Proleptic Gregorian, as in Go.

import type { GoTime, Zone } from './go-value.js';

export type Civil = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ns: number;
};

export const NS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_DAY = 86_400;

const floorDiv = (a: bigint, b: bigint): bigint => a / b - (a % b < 0n ? 1n : 0n);
export const unixSeconds = (unixNs: bigint): number => Number(floorDiv(unixNs, NS_PER_SECOND));

/** Days since 1970-01-01; months outside 1 to 12 and days outside the month carry over. */
export function dayNumber(year: number, month: number, day: number): number {
  const carried = year + Math.floor((month - 1) / 12);
  const normal = ((((month - 1) % 12) + 12) % 12) + 1;
  const shifted = normal <= 2 ? carried - 1 : carried;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (normal + (normal > 2 ? -3 : 9)) + 2) / 5);
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468 + day - 1;
}

function dateOfDay(dayCount: number): { year: number; month: number; day: number } {
  const days = dayCount + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const index = Math.floor((5 * dayOfYear + 2) / 153);
  const month = index < 10 ? index + 3 : index - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * index + 2) / 5) + 1 };
}

export function daysInMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}

/** The wall clock of a time in its own zone. */
export function civil(time: GoTime): Civil {
  const local = unixSeconds(time.unixNs) + offsetOf(time.zone, unixSeconds(time.unixNs));
  const days = Math.floor(local / SECONDS_PER_DAY);
  const inDay = local - days * SECONDS_PER_DAY;
  const ns = Number(time.unixNs - floorDiv(time.unixNs, NS_PER_SECOND) * NS_PER_SECOND);
  return { ...dateOfDay(days), hour: Math.floor(inDay / 3600), minute: Math.floor((inDay % 3600) / 60), second: inDay % 60, ns };
}

/** 0 is Sunday. */
export function weekday(parts: Civil): number {
  return (((dayNumber(parts.year, parts.month, parts.day) + 4) % 7) + 7) % 7;
}

/** The instant at which the zone's wall clock shows these parts; in a gap or a fold, the earlier offset decides. */
export function fromCivil(parts: Civil, zone: Zone): GoTime {
  const wall = dayNumber(parts.year, parts.month, parts.day) * SECONDS_PER_DAY + parts.hour * 3600 + parts.minute * 60 + parts.second;
  let seconds = wall - offsetOf(zone, wall);
  const second = offsetOf(zone, seconds);
  if (wall - second !== seconds) seconds = wall - second;
  return { kind: 'time', unixNs: BigInt(seconds) * NS_PER_SECOND + BigInt(parts.ns), zone };
}

/** Seconds east of UTC at that instant. */
export function offsetOf(zone: Zone, seconds: number): number {
  if (zone.type === 'utc') return 0;
  if (zone.type === 'fixed') return zone.offsetSeconds;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone.name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(seconds * 1000);
  const part = (type: string): number => Number(parts.find((item) => item.type === type)?.value ?? 0);
  return dayNumber(part('year'), part('month'), part('day')) * SECONDS_PER_DAY + part('hour') * 3600 + part('minute') * 60 + part('second') - seconds;
}

/** A zone of the zone database, or undefined when there is none of that name. */
export function findZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return { type: 'utc' };
  try {
    return { type: 'named', name: new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone };
  } catch {
    return undefined;
  }
}

export function zoneName(time: GoTime): string {
  if (time.zone.type === 'utc') return 'UTC';
  if (time.zone.type === 'fixed') return time.zone.name;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: time.zone.name, timeZoneName: 'short' }).formatToParts(unixSeconds(time.unixNs) * 1000);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  return /^[A-Z]+$/.test(name) ? name : '';
}
