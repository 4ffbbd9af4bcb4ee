// Until when something is to last, as people write it: "30m", "2 hours", "1h30m", "for 10 minutes", "16:45".

import type { Instant } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';

export const UNTIL_HINT = '30m, 2 hours or 16:45';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Holds for longer are forgotten holds. */
const LONGEST_MS = 30 * DAY_MS;

/** Units by all the names that they go by. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^s(ec(ond)?s?)?$/, 1000],
  [/^m(in(ute)?s?)?$/, MINUTE_MS],
  [/^h((ou)?rs?)?$/, 60 * MINUTE_MS],
  [/^d(ays?)?$/, DAY_MS],
  [/^w(eeks?)?$/, 7 * DAY_MS],
];

const PARTS = /(\d+(?:\.\d+)?) *([a-z]+)(?: *, *| +and +| +|$|(?=\d))/gy;

const CLOCK = /^(\d{1,2}):(\d{2})$/;

function readSpan(text: string): Result<number, string> {
  let totalMs = 0;
  let end = 0;
  for (const match of text.matchAll(PARTS)) {
    const [whole, count = '', name = ''] = match;
    const unit = UNITS.find(([names]) => names.test(name));
    if (unit === undefined) return err(`"${name}" is no unit of time: write minutes, hours or days (${UNTIL_HINT})`);
    totalMs += Number(count) * unit[1];
    end = match.index + whole.length;
  }
  if (text === '' || end !== text.length) return err(`"${text}" can not be read as a time: write ${UNTIL_HINT}`);
  if (totalMs === 0) return err('that is now: write how long it is to last');
  return totalMs <= LONGEST_MS ? ok(totalMs) : err(`a hold is for ${LONGEST_MS / DAY_MS} days at most`);
}

/** A length from now, or a clock time of the next 24 hours; what is wrong with it, as a clause. */
export function readUntil(typed: string, now: Instant, utcOffsetMinutes: number): Result<Instant, string> {
  const text = typed
    .trim()
    .toLowerCase()
    .replace(/^(for|in|until|till|at) +/, '');
  const clock = CLOCK.exec(text);
  if (clock === null) {
    if (/^\d+$/.test(text)) return err(`${text} of what? Write ${text}m, ${text}h or a time of day (16:45)`);
    const span = readSpan(text);
    return span.ok ? ok(now + span.value) : span;
  }
  const [hour, minute] = [Number(clock[1]), Number(clock[2])];
  if (hour > 23 || minute > 59) return err(`${text} is no time of day: they go from 00:00 to 23:59`);
  const local = now + utcOffsetMinutes * MINUTE_MS;
  const at = local - (local % DAY_MS) + (hour * 60 + minute) * MINUTE_MS;
  return ok((at > local ? at : at + DAY_MS) - utcOffsetMinutes * MINUTE_MS);
}
