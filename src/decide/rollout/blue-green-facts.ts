// What a blue-green pass asks again and again: which version the users get, whether the new one is whole, and whether there is
// anything left to wait for before they get it.

import { HASH_LABEL } from '../../kinds/labels.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { isFullyPromoted, isRetried, isWithinRollbackWindow } from './pass.js';
import type { Pass } from './pass.js';
import { BLUE_GREEN_PAUSE, wasResumed } from './pause.js';
import { availableOf, desiredOf, hasDeadline, hashOf, sizeOf } from './sets.js';

function selectedBy(pass: Pass, name: string | undefined): string {
  return pass.seen.services.find((service) => service.metadata.name === name)?.spec.selector?.[HASH_LABEL] ?? '';
}

/** The version that the users get; "" while the active Service is not narrowed to one. */
export function activeHashOf(pass: Pass): string {
  return selectedBy(pass, pass.blueGreen?.activeService);
}

export function previewHashOf(pass: Pass): string {
  return selectedBy(pass, pass.blueGreen?.previewService);
}

export function setOf(pass: Pass, hash: string): ReplicaSet | undefined {
  return hash === '' ? undefined : pass.sets.all.find((set) => hashOf(set) === hash);
}

/** All pods that the rollout wants are there and available. */
export function isSaturated(pass: Pass, set: ReplicaSet): boolean {
  return sizeOf(set) === pass.replicas && desiredOf(set) === pass.replicas && availableOf(set) === pass.replicas;
}

/** Aborted, and nobody has asked for a full promotion since. */
export function isAborted(pass: Pass): boolean {
  return pass.status.abort === true && pass.status.promoteFull !== true && !isFullyPromoted(pass);
}

/**
 * Back to an earlier version whose pods are still kept: nothing is left to prove. Only for a version older than the stable one;
 * one that was aborted or passed over is kept for a while too, and has proved nothing.
 */
export function isBackWithinDelay(pass: Pass): boolean {
  const { newest, stable, all } = pass.sets;
  if (newest === undefined || stable === undefined || !hasDeadline(newest) || pass.status.abort === true || isRetried(pass)) return false;
  return all.indexOf(newest) < all.indexOf(stable);
}

/** Whether a version that users had before comes back, or somebody wants no more waiting. */
export function isFastTracked(pass: Pass): boolean {
  if (pass.stableHash === '' || pass.sets.stable === undefined || isFullyPromoted(pass)) return true;
  return isBackWithinDelay(pass) || isWithinRollbackWindow(pass) || pass.status.promoteFull === true || activeHashOf(pass) === hashOf(pass.sets.newest);
}

/** Analyses are not begun, and those that run are ended. */
export function isAnalysisOff(pass: Pass): boolean {
  return isAborted(pass) || pass.status.promoteFull === true || isBackWithinDelay(pass) || pass.stableHash === '' || isWithinRollbackWindow(pass);
}

export function wantsPause(pass: Pass): boolean {
  const { autoPromotionEnabled, autoPromotionSeconds = 0 } = pass.blueGreen ?? {};
  return autoPromotionEnabled === false || autoPromotionSeconds > 0;
}

/** When the pause ends by itself; undefined while it has not begun, or when only a person ends it. */
export function autoPromotionAt(pass: Pass): Instant | undefined {
  const { autoPromotionEnabled, autoPromotionSeconds = 0 } = pass.blueGreen ?? {};
  const start = parseTime(pass.status.pauseConditions?.find((condition) => condition.reason === BLUE_GREEN_PAUSE)?.startTime);
  return autoPromotionEnabled === false || autoPromotionSeconds <= 0 || start === undefined ? undefined : start + autoPromotionSeconds * 1000;
}

/** Somebody promoted. Taking away the pause of an unclear analysis only lets it be measured anew. */
export function wasPromoted(pass: Pass): boolean {
  return wasResumed(pass) && pass.status.blueGreen?.prePromotionAnalysisRunStatus?.status !== 'Inconclusive';
}

/** Nothing, or nobody, is waited for any more before the users get the new version. */
export function isGateOpen(pass: Pass): boolean {
  if (!wantsPause(pass) || wasPromoted(pass)) return true;
  if (pass.status.blueGreen?.scaleUpPreviewCheckPoint === true && !isRetried(pass)) return true;
  const end = autoPromotionAt(pass);
  return end !== undefined && pass.now >= end;
}
