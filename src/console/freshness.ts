// How far the data can be trusted, in words: live, connecting, or as of when and why.

import type { Snapshot } from '../kinds/snapshot.js';
import type { Instant } from '../lib/instant.js';
import { ageText, clockText } from './time-words.js';

/** Undefined while the data is live. "as of 12:04:31, 8s ago: connection refused" */
export function staleText(snapshot: Snapshot | undefined, now: Instant, utcOffsetMinutes: number): string | undefined {
  if (snapshot === undefined) return 'nothing has been read yet';
  const { connection, trouble } = snapshot;
  if (connection.type === 'live') return undefined;
  const skewMs = snapshot.skewMs ?? 0;
  if (connection.type === 'connecting') return `connecting since ${ageText(connection.since, now)}${trouble === undefined ? '' : `: ${trouble}`}`;
  const { lastSignalAt } = connection;
  if (lastSignalAt === undefined) return `no answer for ${ageText(connection.since, now)}: ${connection.reason}`;
  return `as of ${clockText(lastSignalAt + skewMs, utcOffsetMinutes)}, ${ageText(lastSignalAt, now)} ago: ${connection.reason}`;
}

/** Older than this, what is live says as of when. */
export const OLD_MS = 2000;

/** "as of 12:04:31" while the connection counts as live but has said nothing for a while; undefined while it is fresh. */
export function oldText(snapshot: Snapshot | undefined, now: Instant, utcOffsetMinutes: number): string | undefined {
  if (snapshot?.connection.type !== 'live') return undefined;
  const { lastSignalAt } = snapshot.connection;
  return now - lastSignalAt > OLD_MS ? `as of ${clockText(lastSignalAt + (snapshot.skewMs ?? 0), utcOffsetMinutes)}` : undefined;
}
