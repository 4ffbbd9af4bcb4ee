// The sizes of blue-green's ReplicaSets: the stable version whole, the new one whole or as small as the preview may be,
// and earlier ones as they were until their time is over.

import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { Instant } from '../../lib/instant.js';
import { activeHashOf, isAborted, isBackWithinDelay, isFastTracked } from './blue-green-facts.js';
import { DEFAULT_SCALE_DOWN_DELAY_SECONDS } from './names.js';
import type { Action } from './observed.js';
import { referencedHashes } from './old-sets.js';
import { isFullyPromoted, isRetried, pausedBy } from './pass.js';
import type { Pass } from './pass.js';
import { INCONCLUSIVE_RUN } from './pause.js';
import { addDeadline, removeDeadline, scaleSet } from './scale.js';
import type { Scaled } from './scale.js';
import { delayAfterAbort, earliest } from './scaling.js';
import type { Scaling } from './scaling.js';
import { awaitsTargets } from './verification.js';
import { deadlineOf, desiredOf, hasDeadline, hashOf, newestRevisionFirst, sizeOf, withSets } from './sets.js';

/** How many pods the new version is to have. */
export function previewSize(pass: Pass): number {
  const count = pass.blueGreen?.previewReplicaCount;
  const { newest, stable } = pass.sets;
  const active = activeHashOf(pass);
  if (count === undefined || active === '' || stable === undefined || newest === stable || isFastTracked(pass)) return pass.replicas;
  return pass.status.blueGreen?.scaleUpPreviewCheckPoint === true && !isRetried(pass) ? pass.replicas : count;
}

export function scaleBlueGreen(pass: Pass): Scaling {
  let sets = pass.sets;
  let resized = false;
  let wakeAt: Instant | undefined;
  const actions: Action[] = [];
  const take = (scaled: Scaled): ReplicaSet => {
    sets = withSets(sets, [scaled.set]);
    actions.push(...scaled.actions);
    resized ||= scaled.resized;
    return scaled.set;
  };
  const { newest, stable } = pass.sets;
  if (stable !== undefined && stable !== newest) {
    take(
      scaleSet(take(removeDeadline(stable)), pass.replicas, {
        replicas: pass.replicas,
        keepDeadline: false,
        why: `the stable version needs ${pass.replicas} pods`,
      }),
    );
  }
  if (newest !== undefined) {
    const delayed = delayAfterAbort(pass, newest);
    const size = previewSize(pass);
    // The mark of a version that comes back stays until it is stable: it is what says that nothing is left to prove.
    const kept = delayed !== undefined || isBackWithinDelay(pass) ? newest : take(removeDeadline(newest));
    if (delayed !== undefined) take(delayed.scaled);
    else take(scaleSet(kept, size, { replicas: pass.replicas, keepDeadline: true, why: `the new version needs ${size} pods` }));
    wakeAt = delayed?.wakeAt;
  }
  let marked = 0;
  for (const set of holdsOldSets(pass) ? [] : [...sets.others].sort(newestRevisionFirst)) {
    const retired = retire(pass, set, marked);
    if (retired === undefined) continue;
    if (hasDeadline(take(retired.scaled))) marked += 1;
    wakeAt = earliest(wakeAt, retired.at);
  }
  return { sets, actions, resized, wakeAt };
}

/** Nobody has judged the new version yet: what came before stays as it is. */
function holdsOldSets(pass: Pass): boolean {
  if (pausedBy(pass, INCONCLUSIVE_RUN) || awaitsTargets(pass)) return true;
  const { postPromotionAnalysis, scaleDownDelaySeconds } = pass.blueGreen ?? {};
  if (postPromotionAnalysis === undefined || scaleDownDelaySeconds !== undefined || isFullyPromoted(pass) || isAborted(pass)) return false;
  return pass.status.blueGreen?.postPromotionAnalysisRunStatus?.status !== 'Successful';
}

type Retired = { readonly scaled: Scaled; readonly at: Instant | undefined };

/** Kept for a while after the users have left: connections end late, and a rollback finds them. */
function retire(pass: Pass, set: ReplicaSet, marked: number): Retired | undefined {
  if (sizeOf(set) === 0 || referencedHashes(pass).has(hashOf(set))) return undefined;
  const options = { replicas: pass.replicas, keepDeadline: false, why: 'an earlier version is no longer needed' };
  const gone = (): Retired => ({ scaled: scaleSet(set, 0, options), at: undefined });
  const delaySeconds = pass.canary.scaleDownDelaySeconds ?? DEFAULT_SCALE_DOWN_DELAY_SECONDS;
  if (marked >= (pass.canary.scaleDownDelayRevisionLimit ?? Number.POSITIVE_INFINITY)) return gone();
  if (!hasDeadline(set)) {
    if (delaySeconds === 0) return gone();
    const scaled = addDeadline(set, pass.now + delaySeconds * 1000);
    return { scaled, at: deadlineOf(scaled.set) };
  }
  const deadline = deadlineOf(set);
  if (deadline === undefined || deadline <= pass.now) return gone();
  // One that was whole stays whole: a rollback must find all the pods that it needs.
  const size = sizeOf(set) === desiredOf(set) ? pass.replicas : Math.min(sizeOf(set), pass.replicas);
  return { scaled: scaleSet(set, size, options), at: deadline };
}
