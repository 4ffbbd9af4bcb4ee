// How far the data can be trusted, in words: live, connecting, or as of when and why.

import type { Snapshot } from '../kinds/snapshot.js';
import type { Instant } from '../lib/instant.js';
import { ageText, clockText } from './time-words.js';

/** Undefined while the data is live. "as of 12:04:31, 8s ago: connection refused" */
export function staleText(snapshot: Snapshot | undefined, now: Instant, utcOffsetMinutes: number): string | undefined {
  if (snapshot === undefined) return 'nothing has been read yet';
  const { connection, trouble } = snapshot;
  if (connection.type === 'live') return undefined;
  if (connection.type === 'connecting') return `connecting since ${ageText(connection.since, now)}${trouble === undefined ? '' : `: ${trouble}`}`;
  const { lastSignalAt } = connection;
  if (lastSignalAt === undefined) return `no answer for ${ageText(connection.since, now)}: ${connection.reason}`;
  return `as of ${clockText(lastSignalAt, utcOffsetMinutes)}, ${ageText(lastSignalAt, now)} ago: ${connection.reason}`;
}
