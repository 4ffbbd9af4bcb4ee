// One pass of blue-green. The new version is brought up beside the stable one, judged, and then gets all users at once;
// the stable one keeps all its pods until that is certain to be right.

import type { RolloutStatus } from '../../kinds/rollout.js';
import { autoPromotionAt, isAborted, isFastTracked, isGateOpen, setOf, activeHashOf, wantsPause, wasPromoted } from './blue-green-facts.js';
import { isPreviewProven, reconcilePromotionRuns } from './blue-green-runs.js';
import { previewSize, scaleBlueGreen } from './blue-green-scaling.js';
import { switchActive, switchPreview } from './blue-green-services.js';
import { nextCheckpoint, resetBlueGreen, syncBlueGreen } from './blue-green-sync.js';
import { isHalted, isScalingEvent } from './canary.js';
import { metadataChanges } from './metadata.js';
import { forgetOldSets } from './old-sets.js';
import type { Action, Decision } from './observed.js';
import { openingChanges } from './opening.js';
import { isFullyPromoted, pausedBy } from './pass.js';
import type { Pass } from './pass.js';
import { BLUE_GREEN_PAUSE, INCONCLUSIVE_RUN } from './pause.js';
import { deadlineLook } from './progress.js';
import { reconcileRestart } from './restart.js';
import { syncRevision } from './revision.js';
import { forgetRuns } from './run-history.js';
import { earliest } from './scaling.js';
import { availableOf, createdOf, hashOf, isWhole, sum } from './sets.js';
import { classify, explain } from './situation.js';
import { noteActions, statusPatch } from './sync.js';
import { awaitsTargets } from './verification.js';
import { retireWorkload, shrinkWorkload } from './workload.js';

export function decideBlueGreen(observed: Pass): Decision {
  const { pass, actions } = syncRevision(observed);
  const first = [...openingChanges(pass), ...actions];
  if (isScalingEvent(pass)) return onlyScale(pass, first);
  const preview = isHalted(pass) ? { pass, actions: [] } : switchPreview(pass);
  first.push(...preview.actions);
  const known = pass.status.currentPodHash ?? '';
  return known !== '' && known !== pass.podHash ? reset(preview.pass, first) : walk(preview.pass, first);
}

function onlyScale(pass: Pass, first: readonly Action[]): Decision {
  const scaling = scaleBlueGreen(pass);
  const active = setOf(pass, activeHashOf(pass));
  const counted = active === undefined ? pass.sets.all : [active];
  const status: RolloutStatus = { ...pass.status, availableReplicas: sum(counted, availableOf), HPAReplicas: sum(counted, createdOf) };
  const why = `the rollout is to have ${pass.replicas} replicas: sizes first`;
  const actions = [...first, ...scaling.actions, ...statusPatch(pass.rollout, pass.status, status, 'the number of replicas has changed')];
  return { situation: { type: 'only-scaling' }, status, actions, wakeAt: scaling.wakeAt, why };
}

function reset(pass: Pass, first: readonly Action[]): Decision {
  const { status, notes } = resetBlueGreen(pass);
  const why = 'the template has changed: the update begins anew';
  return { situation: { type: 'resetting' }, status, actions: [...first, ...statusPatch(pass.rollout, pass.status, status, why), ...noteActions(notes)], why };
}

function walk(observed: Pass, first: readonly Action[]): Decision {
  const restart = reconcileRestart(observed);
  const scaling = scaleBlueGreen(observed);
  const actions: Action[] = [
    ...first,
    ...restart.actions,
    ...shrinkWorkload(observed),
    ...scaling.actions,
    ...forgetOldSets(observed),
    ...forgetRuns(observed),
  ];
  const scaled: Pass = { ...observed, sets: scaling.sets };
  const halted = isHalted(scaled);
  const proven = isPreviewProven(scaled);
  const active = switchActive(scaled, proven, halted);
  const { pass } = active;
  actions.push(...active.actions);
  const runs = reconcilePromotionRuns(pass);
  actions.push(...runs.actions, ...metadataChanges(pass));
  const gate = reconcileGate(pass, proven, halted);
  const { status, notes, promoted } = syncBlueGreen(pass, {
    pre: runs.pre,
    post: runs.post,
    addedPauses: [...(runs.inconclusive ? [INCONCLUSIVE_RUN] : []), ...gate.added],
    removedPauses: gate.removed,
    abortMessage: runs.abortMessage,
    restartedAt: restart.restartedAt,
    checkpoint: nextCheckpoint(pass, gate.passed),
  });
  const writes = statusPatch(pass.rollout, pass.status, status, explain(pass, status));
  const retired = promoted || isFullyPromoted(pass) ? retireWorkload(pass) : [];
  // Once it is past, it is something else that is waited for (simulation, seed 12: paused by hand over the end of the time).
  const promotesAt = autoPromotionAt({ ...pass, status });
  const timer = promotesAt !== undefined && promotesAt > pass.now ? promotesAt : undefined;
  const verifies = awaitsTargets(pass) ? pass.seen.verification?.again : undefined;
  const wakeAt = [scaling.wakeAt, restart.wakeAt, timer, verifies, deadlineLook(pass, status)].reduce(earliest, undefined);
  return {
    situation: classify(pass, status),
    status,
    actions: [...actions, ...retired, ...writes, ...noteActions(notes)],
    wakeAt,
    why: explain(pass, status),
    ...(runs.failure === undefined ? {} : { failure: runs.failure }),
  };
}

type Gate = { readonly added: readonly string[]; readonly removed: readonly string[]; readonly passed: boolean };

/** The pause before the users are sent over: begun when the preview is there and proven, over by time or by a person. */
function reconcileGate(pass: Pass, proven: boolean, halted: boolean): Gate {
  const none: Gate = { added: [], removed: [], passed: false };
  const paused = pausedBy(pass, BLUE_GREEN_PAUSE);
  if (isFastTracked(pass) || !wantsPause(pass))
    return { ...none, removed: paused ? [BLUE_GREEN_PAUSE] : [], passed: !isFastTracked(pass) && isReady(pass) && proven && !halted };
  if (isAborted(pass) || halted || !proven) return none;
  if (isGateOpen(pass)) {
    const passed = isReady(pass) || pass.status.blueGreen?.scaleUpPreviewCheckPoint === true;
    return { ...none, removed: paused && passed ? [BLUE_GREEN_PAUSE] : [], passed };
  }
  return isReady(pass) && !paused && !wasPromoted(pass) ? { ...none, added: [BLUE_GREEN_PAUSE] } : none;
}

function isReady(pass: Pass): boolean {
  const { newest } = pass.sets;
  return newest !== undefined && hashOf(newest) === pass.podHash && isWhole(newest, previewSize(pass));
}
