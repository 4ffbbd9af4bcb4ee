// The analysis runs of a rollout: which one belongs to the present step, which runs in the background, which are to end,
// and what their results do to the update.

import type { AnalysisRun } from '../../kinds/analysis-run.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import type { RolloutAnalysis } from '../../kinds/analysis-spec.js';
import type { Change } from '../../kinds/change.js';
import { STEP_INDEX } from '../../kinds/labels.js';
import { ANALYSIS_RUN } from '../../kinds/resource-type.js';
import type { AnalysisRunRecord } from '../../kinds/rollout-status.js';
import type { Action } from './observed.js';
import { currentStep, isFullyPromoted, isRetried, isWithinRollbackWindow, pausedBy, stepIndexOf } from './pass.js';
import type { Pass } from './pass.js';
import { INCONCLUSIVE_RUN, PAUSE_STEP } from './pause.js';
import { startRun } from './run-start.js';
import type { RunKind } from './run-start.js';
import { hasDeadline } from './sets.js';

export type Runs = {
  readonly actions: readonly Action[];
  readonly step: AnalysisRunRecord | undefined;
  readonly background: AnalysisRunRecord | undefined;
  readonly inconclusive: boolean;
  readonly abortMessage: string | undefined;
  /** Why a run could not be made; the pass is tried again, and the step does not go on meanwhile. */
  readonly failure: string | undefined;
};

/**
 * While it holds, nothing is measured and what is measured ends. A retry within the delay of its abort finds the deadline still on the
 * canary, yet is measured: to keep the runs of the aborted attempt for one pass would let them abort the new one in the next.
 */
function isAnalysisOff(pass: Pass): boolean {
  const kept = hasDeadline(pass.sets.newest) && !isRetried(pass);
  return pass.status.abort === true || pass.status.promoteFull === true || kept || pass.stableHash === '' || isWithinRollbackWindow(pass);
}

export function ownedRuns(pass: Pass): readonly AnalysisRun[] {
  const { uid } = pass.rollout.metadata;
  return pass.seen.runs.filter((run) => run.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid));
}

type Current = { readonly step: AnalysisRun | undefined; readonly background: AnalysisRun | undefined };

function currentRuns(pass: Pass): Current {
  const { canary } = pass.status;
  const find = (record: AnalysisRunRecord | undefined): AnalysisRun | undefined => pass.seen.runs.find((run) => run.metadata.name === record?.name);
  return { step: find(canary?.currentStepAnalysisRunStatus), background: find(canary?.currentBackgroundAnalysisRunStatus) };
}

export function reconcileRuns(pass: Pass): Runs {
  const current = currentRuns(pass);
  const { canary } = pass.status;
  const others = ownedRuns(pass).filter((run) => run !== current.step && run !== current.background);
  if (isAnalysisOff(pass)) {
    return {
      actions: endRuns([...others, current.step, current.background], 'analysis is over for this update'),
      step: recordOf(current.step) ?? canary?.currentStepAnalysisRunStatus,
      background: recordOf(current.background) ?? canary?.currentBackgroundAnalysisRunStatus,
      inconclusive: false,
      abortMessage: undefined,
      failure: undefined,
    };
  }
  const step = stepRun(pass, current.step);
  const background = backgroundRun(pass, current.background);
  // A run that was made by a pass whose end was lost is found again by its name: it is no stranger.
  const strangers = others.filter(({ metadata }) => metadata.name !== step.record?.name && metadata.name !== background.record?.name);
  const notes = [
    ...phaseNotes('Step', canary?.currentStepAnalysisRunStatus, step.record),
    ...phaseNotes('Background', canary?.currentBackgroundAnalysisRunStatus, background.record),
  ];
  return {
    actions: [...step.actions, ...background.actions, ...endRuns(strangers, 'it belongs to nothing that goes on'), ...notes],
    step: step.record,
    background: background.record,
    inconclusive: (step.record?.status === 'Inconclusive' && !step.renewed) || (background.record?.status === 'Inconclusive' && !background.renewed),
    abortMessage: abortMessage('Step-based', step.record) ?? abortMessage('Background', background.record),
    failure: step.failure ?? background.failure,
  };
}

export type Kept = {
  readonly actions: readonly Action[];
  readonly record: AnalysisRunRecord | undefined;
  readonly renewed: boolean;
  readonly failure?: string;
};

export const NO_RUN: Kept = { actions: [], record: undefined, renewed: false };

function stepRun(pass: Pass, current: AnalysisRun | undefined): Kept {
  const analysis = currentStep(pass)?.analysis;
  const index = stepIndexOf(pass) ?? 0;
  const belongs = current !== undefined && current.metadata.labels?.[STEP_INDEX] === String(index);
  const ended = belongs ? [] : endRuns([current], 'its step is over');
  if (analysis === undefined || isFullyPromoted(pass)) return { ...NO_RUN, actions: endRuns([current], 'its step is over') };
  const own = belongs ? current : undefined;
  if (!needsRun(pass, own) || ((pass.status.pauseConditions?.length ?? 0) > 0 && own === undefined))
    return { actions: ended, record: recordOf(own), renewed: false };
  return beginRun(pass, analysis, 'Step', ended);
}

function backgroundRun(pass: Pass, current: AnalysisRun | undefined): Kept {
  const analysis = pass.canary.analysis;
  if (isFullyPromoted(pass) || (pass.status.currentPodHash ?? '') === '') return NO_RUN;
  if (analysis === undefined || (stepIndexOf(pass) ?? 0) < (analysis.startingStep ?? 0))
    return { ...NO_RUN, actions: endRuns([current], 'the rollout no longer asks for it') };
  if (!needsRun(pass, current)) return { actions: [], record: recordOf(current), renewed: false };
  return beginRun(pass, analysis, 'Background', []);
}

export function beginRun(pass: Pass, analysis: RolloutAnalysis, kind: RunKind, ended: readonly Action[]): Kept {
  const started = startRun(pass, analysis, kind);
  if (!started.ok) return { actions: ended, record: undefined, renewed: false, failure: started.error };
  return { actions: [...ended, ...started.value.actions], record: started.value.record, renewed: true };
}

/** A resumed rollout measures anew what was unclear; a retried one measures everything anew. */
function needsRun(pass: Pass, current: AnalysisRun | undefined): boolean {
  if (pausedBy(pass, INCONCLUSIVE_RUN)) return false;
  if (current === undefined) return true;
  const resumed = pass.status.controllerPause === true && !pausedBy(pass, PAUSE_STEP);
  if (resumed && current.status?.phase === 'Inconclusive') return true;
  return isRetried(pass);
}

export function recordOf(run: AnalysisRun | undefined): AnalysisRunRecord | undefined {
  if (run === undefined) return undefined;
  const message = run.status?.message ?? '';
  return { name: run.metadata.name, status: run.status?.phase ?? '', ...(message === '' ? {} : { message }) };
}

export function endRuns(runs: readonly (AnalysisRun | undefined)[], why: string): readonly Change[] {
  return runs
    .filter((run) => run !== undefined && run.spec.terminate !== true && !isCompleted(run.status?.phase))
    .map(
      (run): Change => ({
        type: 'patch',
        ref: { type: ANALYSIS_RUN, namespace: run?.metadata.namespace ?? '', name: run?.metadata.name ?? '' },
        patchType: 'merge',
        body: { spec: { terminate: true } },
        why: `end analysis run ${run?.metadata.name}: ${why}`,
      }),
    );
}

export function phaseNotes(kind: RunKind, before: AnalysisRunRecord | undefined, after: AnalysisRunRecord | undefined): readonly Action[] {
  const same = before?.name === after?.name;
  if (after === undefined || after.status === '' || (same && before?.status === after.status)) return [];
  const previous = same && before !== undefined ? before.status : 'NoPreviousStatus';
  const type = after.status === 'Failed' || after.status === 'Error' ? 'Warning' : 'Normal';
  const message = `${kind} Analysis Run '${after.name}' Status New: '${after.status}' Previous: '${previous}'`;
  return [{ type: 'note', note: { type, reason: `AnalysisRun${after.status}`, message } }];
}

export function abortMessage(kind: string, record: AnalysisRunRecord | undefined): string | undefined {
  if (record?.status !== 'Failed' && record?.status !== 'Error') return undefined;
  return `${kind} analysis phase error/failed${record.message === undefined ? '' : `: ${record.message}`}`;
}
