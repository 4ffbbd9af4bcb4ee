// The analyses around a blue-green promotion: one of the preview, before the users are sent there, and one after.

import type { AnalysisRun } from '../../kinds/analysis-run.js';
import type { RolloutAnalysis } from '../../kinds/analysis-spec.js';
import type { AnalysisRunRecord } from '../../kinds/rollout-status.js';
import { activeHashOf, isAnalysisOff, isSaturated } from './blue-green-facts.js';
import { previewSize } from './blue-green-scaling.js';
import type { Action } from './observed.js';
import { isFullyPromoted, isRetried, pausedBy } from './pass.js';
import type { Pass } from './pass.js';
import { BLUE_GREEN_PAUSE, INCONCLUSIVE_RUN } from './pause.js';
import { abortMessage, beginRun, endRuns, ownedRuns, phaseNotes, recordOf } from './runs.js';
import type { Kept } from './runs.js';
import { hashOf, isObserved, isWhole } from './sets.js';
import { awaitsTargets } from './verification.js';

export type PromotionRuns = {
  readonly actions: readonly Action[];
  readonly pre: AnalysisRunRecord | undefined;
  readonly post: AnalysisRunRecord | undefined;
  readonly inconclusive: boolean;
  readonly abortMessage: string | undefined;
  readonly failure: string | undefined;
};

/** The run of a record. A retry starts from nothing: its runs were ended by the abort, and an ended run proves nothing. */
function runOf(pass: Pass, record: AnalysisRunRecord | undefined): AnalysisRun | undefined {
  return record === undefined || isRetried(pass) ? undefined : pass.seen.runs.find((run) => run.metadata.name === record.name);
}

/** Whether the preview has been judged good, if it is to be judged. */
export function isPreviewProven(pass: Pass): boolean {
  if (pass.blueGreen?.prePromotionAnalysis === undefined || isAnalysisOff(pass)) return true;
  return runOf(pass, pass.status.blueGreen?.prePromotionAnalysisRunStatus)?.status?.phase === 'Successful';
}

/** With `pass` as it is after the active Service was switched and pods were scaled. */
export function reconcilePromotionRuns(pass: Pass): PromotionRuns {
  const records = pass.status.blueGreen;
  const before = isRetried(pass) ? undefined : records;
  const preRun = runOf(pass, records?.prePromotionAnalysisRunStatus);
  const postRun = runOf(pass, records?.postPromotionAnalysisRunStatus);
  const others = ownedRuns(pass).filter((run) => run !== preRun && run !== postRun);
  if (isAnalysisOff(pass)) {
    return {
      actions: endRuns([...others, preRun, postRun], 'analysis is over for this update'),
      pre: recordOf(preRun) ?? before?.prePromotionAnalysisRunStatus,
      post: recordOf(postRun) ?? before?.postPromotionAnalysisRunStatus,
      inconclusive: false,
      abortMessage: undefined,
      failure: undefined,
    };
  }
  const inTrial = activeHashOf(pass) === hashOf(pass.sets.newest);
  const pre = keep(pass, 'PrePromotion', pass.blueGreen?.prePromotionAnalysis, preRun, !inTrial && isPreviewWhole(pass));
  const post = keep(
    pass,
    'PostPromotion',
    pass.blueGreen?.postPromotionAnalysis,
    postRun,
    inTrial && pass.sets.newest !== undefined && isSaturated(pass, pass.sets.newest) && isObserved(pass.sets.newest) && !awaitsTargets(pass),
  );
  const notes = [
    ...phaseNotes('PrePromotion', before?.prePromotionAnalysisRunStatus, pre.record),
    ...phaseNotes('PostPromotion', before?.postPromotionAnalysisRunStatus, post.record),
  ];
  // A run that was made by a pass whose end was lost is found again by its name: it is no stranger.
  const strangers = others.filter(({ metadata }) => metadata.name !== pre.record?.name && metadata.name !== post.record?.name);
  const unclear = [pre, post].some((kept) => kept.record?.status === 'Inconclusive' && !kept.renewed);
  return {
    actions: [...pre.actions, ...post.actions, ...endRuns(strangers, 'it belongs to nothing that goes on'), ...notes],
    pre: pre.record,
    post: post.record,
    inconclusive: unclear && !isFullyPromoted(pass),
    abortMessage: isFullyPromoted(pass)
      ? undefined
      : (abortMessage('Blue/green pre-promotion', pre.record) ?? abortMessage('Blue/green post-promotion', post.record)),
    failure: pre.failure ?? post.failure,
  };
}

/** The preview has the pods that it is to be judged with. */
function isPreviewWhole(pass: Pass): boolean {
  const { newest } = pass.sets;
  return newest !== undefined && isWhole(newest, previewSize(pass));
}

/** `due`: it is time for this analysis, should there be none yet. */
function keep(pass: Pass, kind: 'PrePromotion' | 'PostPromotion', analysis: RolloutAnalysis | undefined, current: AnalysisRun | undefined, due: boolean): Kept {
  if (isFullyPromoted(pass)) return { actions: endRuns([current], 'the update is done'), record: recordOf(current), renewed: false };
  if (analysis === undefined) return { actions: endRuns([current], 'the rollout no longer asks for it'), record: undefined, renewed: false };
  const resumed = pass.status.controllerPause === true && !pausedBy(pass, BLUE_GREEN_PAUSE) && !pausedBy(pass, INCONCLUSIVE_RUN);
  const needed = due && !pausedBy(pass, INCONCLUSIVE_RUN) && (current === undefined || (resumed && current.status?.phase === 'Inconclusive'));
  return needed ? beginRun(pass, analysis, kind, []) : { actions: [], record: recordOf(current), renewed: false };
}
