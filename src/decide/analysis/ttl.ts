// When a completed run is to be deleted.

import type { AnalysisRun } from '../../kinds/analysis-run.js';
import { type Instant, parseTime } from '../../lib/instant.js';

/**
 * Whoever waits for a run must still see how it ended. Argo looks only at resyncs, every quarter of an hour, so
 * shorter times to live than this have never been taken at their word.
 */
const SHORTEST_LIFE_MS = 60_000;

/** Undefined when the run stays. */
export function expiresAt(run: AnalysisRun): Instant | undefined {
  const strategy = run.spec.ttlStrategy;
  const completed = parseTime(run.status?.completedAt);
  if (strategy === undefined || completed === undefined) return undefined;
  const special = run.status?.phase === 'Successful' ? strategy.secondsAfterSuccess : run.status?.phase === 'Failed' ? strategy.secondsAfterFailure : undefined;
  const seconds = special ?? strategy.secondsAfterCompletion;
  return seconds === undefined ? undefined : completed + Math.max(SHORTEST_LIFE_MS, seconds * 1000);
}
