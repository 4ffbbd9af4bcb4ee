// Spans and points of time as the screens write them: short, and as wide from one second to the next.

import { formatAge } from '../lib/go-duration.js';
import { calendarParts, type Instant } from '../lib/instant.js';

const two = (number: number): string => String(number).padStart(2, '0');

/** "12:04:31" on the wall of the person who looks. */
export function clockText(instant: Instant, utcOffsetMinutes: number): string {
  const { hour, minute, second } = calendarParts(instant, utcOffsetMinutes);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** "12:04:31", and on another day with its date. */
export function momentText(instant: Instant, now: Instant, utcOffsetMinutes: number): string {
  const [then, today] = [calendarParts(instant, utcOffsetMinutes), calendarParts(now, utcOffsetMinutes)];
  const date = `${then.year}-${two(then.month)}-${two(then.day)}`;
  const same = date === `${today.year}-${two(today.month)}-${two(today.day)}`;
  return `${same ? '' : `${date} `}${clockText(instant, utcOffsetMinutes)}`;
}

/** "+02:00" */
export function offsetText(utcOffsetMinutes: number): string {
  const minutes = Math.abs(utcOffsetMinutes);
  return `${utcOffsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Time that is left: "9s", "2m10s", "1h05m"; never below "0s". Started seconds count whole. */
export function leftText(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  return `${Math.floor(minutes / 1440)}d${Math.floor((minutes % 1440) / 60)}h`;
}

/** How long ago; "" when that is not known. Clocks that run ahead read as now. */
export function ageText(since: Instant | undefined, now: Instant): string {
  return since === undefined ? '' : formatAge(now - since);
}

/** "2.1 s" */
export const secondsText = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A person does not tell less from nothing, and "after 0.0 s" is no time. */
const AT_ONCE_MS = 1000;

/** "at once", "after 2.1 s" */
export const afterText = (ms: number): string => (ms < AT_ONCE_MS ? 'at once' : `after ${secondsText(ms)}`);

/** The age for lists: whole minutes, hours or days, because a column of running seconds is bytes without news. */
export function roughAgeText(since: Instant | undefined, now: Instant): string {
  if (since === undefined) return '';
  const minutes = Math.floor(Math.max(0, now - since) / 60_000);
  if (minutes < 1) return '<1m';
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
