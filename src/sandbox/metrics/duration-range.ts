// The `duration` of a SkyWalking query: two texts in the server's time zone and a step, as buckets.

import { type Instant, parseTime } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import { type Step, STEP_MS } from './apm-store.js';

const MOST_BUCKETS = 500;

const FORMS: Readonly<Record<Step, RegExp>> = {
  DAY: /^(\d{4})-(\d\d)-(\d\d)$/,
  HOUR: /^(\d{4})-(\d\d)-(\d\d) (\d\d)$/,
  MINUTE: /^(\d{4})-(\d\d)-(\d\d) (\d\d)(\d\d)$/,
  SECOND: /^(\d{4})-(\d\d)-(\d\d) (\d\d)(\d\d)(\d\d)$/,
};

/** How many characters of a wrong text still fit its form: the server names the rest. */
function malformedFrom(text: string, step: Step): string {
  const sample = { DAY: '0000-00-00', HOUR: '0000-00-00 00', MINUTE: '0000-00-00 0000', SECOND: '0000-00-00 000000' }[step];
  let fits = 0;
  while (fits < text.length && fits < sample.length && (sample[fits] === '0' ? /\d/.test(text.charAt(fits)) : sample[fits] === text[fits])) fits += 1;
  return text.slice(fits);
}

function parseStamp(text: string, step: Step, utcOffsetMinutes: number): Result<Instant, string> {
  const match = FORMS[step].exec(text);
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] = match ?? [];
  const at = match === null ? undefined : parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (at !== undefined) return ok(at - utcOffsetMinutes * 60_000);
  const rest = malformedFrom(text, step);
  return err(rest === '' ? `Invalid format: "${text}" is too short` : `Invalid format: "${text}" is malformed at "${rest}"`);
}

export type DurationInput = { readonly start: string; readonly end: string; readonly step: Step };

/** The starts of all buckets, oldest first; both ends belong to it. */
export function bucketStarts(duration: DurationInput, utcOffsetMinutes: number): Result<readonly Instant[], string> {
  const start = parseStamp(duration.start, duration.step, utcOffsetMinutes);
  if (!start.ok) return start;
  const end = parseStamp(duration.end, duration.step, utcOffsetMinutes);
  if (!end.ok) return end;
  const stepMs = STEP_MS[duration.step];
  const count = Math.floor((end.value - start.value) / stepMs) + 1;
  if (count < 1 || count > MOST_BUCKETS)
    return err(`Duration data error, the range between the start time and the end time can't exceed ${MOST_BUCKETS} minutes`);
  return ok(Array.from({ length: count }, (_, index) => start.value + index * stepMs));
}
