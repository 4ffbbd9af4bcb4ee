// How long a notice stays: until a key does something else, and never longer than it takes to be read.

import type { Instant } from '../lib/instant.js';
import type { Model } from './model.js';

/** Without a key; what went wrong is read later, perhaps, and by more people. */
const STAYS_MS = { info: 30_000, good: 10_000, attention: 30_000, bad: 120_000 } as const;

/** It may have come under a hand that was typing on: so long it stays in any case. */
const UNREAD_MS = { info: 1500, good: 1500, attention: 1500, bad: 5000 } as const;

export function forgetNotice(model: Model, now: Instant): Model {
  const { notice } = model;
  if (notice === undefined) return model;
  const stays = notice.overtaken === true ? UNREAD_MS : STAYS_MS;
  return now - notice.since > stays[notice.level] ? { ...model, notice: undefined } : model;
}

/**
 * Called after each key, also one that means nothing: what was told before would read as the answer to it. With its notice goes
 * the question whether the program is to end.
 */
export function settleNotice(before: Model, after: Model, now: Instant): Model {
  const { notice } = after;
  if (notice === undefined || notice !== before.notice) return after;
  const unread = now - notice.since <= UNREAD_MS[notice.level];
  return { ...after, notice: unread ? { ...notice, overtaken: true } : undefined, leaveAskedAt: undefined };
}
