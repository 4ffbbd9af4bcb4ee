// The end of a blue-green pass: whether the new version is the stable one now, and the next status.

import type { Note } from '../../kinds/change.js';
import type { AnalysisRunRecord, BlueGreenStatus } from '../../kinds/rollout-status.js';
import { activeHashOf, isAborted, isBackWithinDelay, previewHashOf, setOf, wasPromoted } from './blue-green-facts.js';
import { isFullyPromoted, isRetried, isWithinRollbackWindow } from './pass.js';
import type { Pass } from './pass.js';
import { hashOf, revisionOf, stayingOf } from './sets.js';
import { assemble } from './sync.js';
import { awaitsTargets } from './verification.js';
import type { Synced } from './sync.js';

export type PromotionFindings = {
  readonly pre: AnalysisRunRecord | undefined;
  readonly post: AnalysisRunRecord | undefined;
  readonly addedPauses: readonly string[];
  readonly removedPauses: readonly string[];
  readonly abortMessage: string | undefined;
  readonly restartedAt: string | undefined;
  /** The preview has been judged at its small size and may grow. */
  readonly checkpoint: boolean;
};

/** The reason, in the words of the event; undefined while the stable version stays what it is. */
function promotionReason(pass: Pass, findings: PromotionFindings): string | undefined {
  const { newest, stable } = pass.sets;
  if (newest === undefined) return undefined;
  if (stable === undefined) return 'Initial deploy';
  if (activeHashOf(pass) !== hashOf(newest) || awaitsTargets(pass)) return undefined;
  // Not before its pods are there, whoever asks: the version that it replaces gives its own up for it (simulation, seed 2756).
  if (stayingOf(newest) < pass.replicas) return undefined;
  if (pass.status.promoteFull === true) return 'Full promotion requested';
  if (findings.abortMessage !== undefined || isAborted(pass)) return undefined;
  if (isWithinRollbackWindow(pass)) return 'Rollback within window';
  if (pass.blueGreen?.postPromotionAnalysis === undefined) return 'Completed blue-green update';
  if (isBackWithinDelay(pass)) return `Rollback to '${newest.metadata.name}' within scaleDownDelay`;
  return findings.post?.status === 'Successful' ? 'Completed blue-green update' : undefined;
}

/** `pass` is as this pass leaves ReplicaSets and Services. */
export function syncBlueGreen(pass: Pass, findings: PromotionFindings): Synced {
  const reason = promotionReason(pass, findings);
  const promoted = reason !== undefined;
  const stableChanges = promoted && pass.stableHash !== pass.podHash;
  const stable = promoted ? pass.podHash : pass.stableHash;
  const cleared = promoted || pass.status.promoteFull === true || isWithinRollbackWindow(pass);
  const aborted = !promoted && (isAborted(pass) || findings.abortMessage !== undefined);
  const notes: Note[] = stableChanges ? [completed(pass, reason)] : [];
  const stillResumed = wasPromoted(pass) && !isFullyPromoted(pass) && activeHashOf(pass) !== pass.podHash && !findings.checkpoint;
  const synced = assemble(pass, {
    index: undefined,
    stable,
    pause: { aborted, cleared: cleared && !aborted, added: findings.addedPauses, removed: findings.removedPauses, stillResumed },
    promoteFull: pass.status.promoteFull === true && stable !== pass.podHash,
    abort: aborted ? { type: 'aborted', message: findings.abortMessage } : { type: 'none' },
    restartedAt: findings.restartedAt ?? pass.status.restartedAt,
    canary: {},
    blueGreen: {
      ...selectors(pass),
      ...(findings.checkpoint && !promoted ? { scaleUpPreviewCheckPoint: true } : {}),
      ...(findings.pre === undefined ? {} : { prePromotionAnalysisRunStatus: findings.pre }),
      ...(findings.post === undefined ? {} : { postPromotionAnalysisRunStatus: findings.post }),
    },
    active: setOf(pass, activeHashOf(pass)),
  });
  return { status: synced.status, notes: [...notes, ...synced.notes], promoted: stableChanges || reason === 'Initial deploy' };
}

function completed(pass: Pass, reason: string): Note {
  return {
    type: 'Normal',
    reason: 'RolloutCompleted',
    message: `Rollout completed update to revision ${revisionOf(pass.sets.newest)} (${pass.podHash}): ${reason}`,
  };
}

/** A new template: what was proved of the former one counts for nothing. */
export function resetBlueGreen(pass: Pass): Synced {
  const synced = assemble(pass, {
    index: undefined,
    stable: pass.stableHash,
    pause: { aborted: false, cleared: true, added: [], removed: [] },
    promoteFull: false,
    abort: { type: 'none' },
    restartedAt: pass.rollout.spec.restartAt,
    canary: {},
    blueGreen: selectors(pass),
    active: setOf(pass, activeHashOf(pass)),
  });
  return { status: synced.status, notes: synced.notes, promoted: false };
}

function selectors(pass: Pass): BlueGreenStatus {
  const active = activeHashOf(pass);
  const preview = previewHashOf(pass);
  return { ...(preview === '' ? {} : { previewSelector: preview }), ...(active === '' ? {} : { activeSelector: active }) };
}

/** Whether the checkpoint holds at the end of this pass; `passed`: it is passed now. */
export function nextCheckpoint(pass: Pass, passed: boolean): boolean {
  if (pass.blueGreen?.previewReplicaCount === undefined || isRetried(pass)) return false;
  return passed || pass.status.blueGreen?.scaleUpPreviewCheckPoint === true;
}
