// Since when, until when and how long ago, as the sentences of reasons tell it.

import type { Instant } from '../lib/instant.js';
import { ageText, momentText } from './time-words.js';

/** What a sentence is read by: one that lasts tells times of day, because an age would stand still in it. */
export type ReasonClock = { readonly now: Instant; readonly utcOffsetMinutes: number; readonly lasting?: boolean | undefined };

/** " 5m ago", " at 12:04:31" */
export function ago(since: Instant | undefined, { now, utcOffsetMinutes, lasting }: ReasonClock): string {
  if (since === undefined) return '';
  return lasting === true ? ` at ${momentText(since, now, utcOffsetMinutes)}` : ` ${ageText(since, now)} ago`;
}

/** " since 5m", " since 12:04:31" */
export function sinceText(since: Instant | undefined, { now, utcOffsetMinutes, lasting }: ReasonClock): string {
  if (since === undefined) return '';
  return ` since ${lasting === true ? momentText(since, now, utcOffsetMinutes) : ageText(since, now)}`;
}

/** " until 16:45:00"; "" where no time was said. */
export function untilText(until: Instant | undefined, now: Instant, utcOffsetMinutes: number): string {
  if (until === undefined) return '';
  return until > now ? ` until ${momentText(until, now, utcOffsetMinutes)}` : `, which was to end ${ageText(until, now)} ago`;
}
