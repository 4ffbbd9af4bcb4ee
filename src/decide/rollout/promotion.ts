// When the new version becomes the stable one, and for which reason.

import { isAvailableEnough } from './desired-counts.js';
import { isWithinRollbackWindow } from './pass.js';
import type { Pass } from './pass.js';
import { availableOf, isObserved } from './sets.js';

/** The reason, in the words of the event; undefined while it may not be promoted. `stepIndex` is as observed, `aborted` as this pass ends. */
export function promotionReason(pass: Pass, stepIndex: number | undefined, aborted: boolean): string | undefined {
  const { newest, stable } = pass.sets;
  if (newest !== undefined && stable === undefined) return 'Initial deploy';
  if (aborted || newest === undefined) return undefined;
  if (!isObserved(newest) || (availableOf(newest) < pass.replicas && !hasThreshold(pass, newest))) return undefined;
  if (pass.status.promoteFull === true) return 'Full promotion requested';
  if (isWithinRollbackWindow(pass)) return 'Rollback within window';
  return pass.steps.length === 0 || stepIndex === pass.steps.length ? `Completed all ${pass.steps.length} canary steps` : undefined;
}

function hasThreshold(pass: Pass, newest: NonNullable<Pass['sets']['newest']>): boolean {
  const threshold = pass.canary.replicaProgressThreshold;
  return threshold !== undefined && threshold.value >= 0 && isAvailableEnough(pass, newest, pass.replicas);
}
