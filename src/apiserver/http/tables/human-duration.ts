// Ages as kubectl's users know them: two units at most, and fewer the older a thing is.

import type { Instant } from '../../../lib/instant.js';
import { parseTime } from '../../../lib/instant.js';

const UNKNOWN = '<unknown>';
const INVALID = '<invalid>';

/** "12s", "3m20s", "5h", "4d3h", "2y10d". */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < -1) return INVALID;
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return two(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days < 2920 ? two(years, 'y', days % 365, 'd') : `${years}y`;
}

const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;

/** How long ago the time was that the text says. */
export function ageOf(text: string | undefined, now: Instant): string {
  if (text === undefined) return UNKNOWN;
  const instant = parseTime(text);
  return instant === undefined ? INVALID : humanDuration(now - instant);
}
