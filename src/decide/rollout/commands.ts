// What an operator can do to a rollout, as changes to its objects. The patches are those of `kubectl argo rollouts`, so that
// either engine acts on them. The plain form never refuses where the plugin would not; the guarded form, for the console,
// refuses what would do nothing, with the reason.

import type { Change, Refusal } from '../../kinds/change.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { Instant } from '../../lib/instant.js';
import { formatTime } from '../../lib/instant.js';
import { patchSpec, patchStatus, refuse, revisionGuards } from './command-patch.js';
import type { CommandForm, Fields } from './command-patch.js';

/** In order; the first that fails ends the action. An empty list means that there is nothing to do. */
export type Commanded = readonly Change[] | Refusal;

/**
 * Ends the present pause, or the present step when there is no pause.
 * Unlike the plugin, it leaves the step alone when a person has paused the rollout: taking that pause away is all that was asked for.
 */
export function promote(rollout: Rollout, form: CommandForm): Commanded {
  const why = 'promoted by a person';
  const refusal = form === 'guarded' ? promoteObstacle(rollout) : undefined;
  if (refusal !== undefined) return refuse(`nothing to promote: ${refusal}`);
  const fields = promotedStatus(rollout);
  return [
    ...(fields === undefined ? [] : [patchStatus(rollout, form, fields, why)]),
    ...(rollout.spec.paused === true ? [patchSpec(rollout, form, { paused: false }, why)] : []),
  ];
}

/** What a promotion sets in the status; undefined when it is nothing. */
function promotedStatus(rollout: Rollout): Fields | undefined {
  const { status, spec } = rollout;
  const inconclusive = status?.canary?.currentStepAnalysisRunStatus?.status === 'Inconclusive';
  if (isHeldByEngine(rollout)) {
    if (!inconclusive || status?.controllerPause !== true) return { pauseConditions: null };
    return { pauseConditions: null, controllerPause: false, ...nextStep(rollout) };
  }
  if (spec.paused === true || (spec.strategy?.canary?.steps ?? []).length === 0) return undefined;
  // What was resumed is the step before: an engine that begins now could not tell, and would take the next gate for opened (simulation,
  // seed 803).
  return { pauseConditions: null, ...(status?.controllerPause === true ? { controllerPause: false } : {}), ...nextStep(rollout) };
}

function nextStep(rollout: Rollout): Fields {
  const stepCount = rollout.spec.strategy?.canary?.steps?.length ?? 0;
  const index = rollout.status?.currentStepIndex;
  return index === undefined ? {} : { currentStepIndex: Math.min(index + 1, stepCount) };
}

function promoteObstacle(rollout: Rollout): string | undefined {
  const { status, spec } = rollout;
  if (status?.abort === true) return 'the update was aborted; retry it first';
  if (rollout.spec.paused === true || isHeldByEngine(rollout)) return undefined;
  if (isFullyPromoted(rollout)) return 'the stable revision is the newest one';
  if (spec.strategy?.blueGreen !== undefined) return 'the new revision does not wait for a decision';
  const steps = spec.strategy?.canary?.steps ?? [];
  if (steps.length === 0) return 'the canary has no steps';
  return (status?.currentStepIndex ?? 0) >= steps.length ? 'all steps are done, and the last pods are being replaced' : undefined;
}

/** Brings the new revision out at once, past all steps, pauses and analyses. */
export function promoteFull(rollout: Rollout, form: CommandForm): Commanded {
  const why = 'promoted fully by a person';
  const promoted = isFullyPromoted(rollout);
  if (form === 'guarded' && promoted && rollout.spec.paused !== true) return refuse('nothing to promote: the stable revision is the newest one');
  return [
    ...(promoted ? [] : [patchStatus(rollout, form, { promoteFull: true }, why)]),
    ...(rollout.spec.paused === true ? [patchSpec(rollout, form, { paused: false }, why)] : []),
  ];
}

export type Skipped = 'current' | 'all';

/** The plugin's older way past steps, with its words: the step is left as it stands, and a pause that it has made with it. */
export function skipSteps(rollout: Rollout, form: CommandForm, skipped: Skipped): Commanded {
  if (rollout.spec.strategy?.blueGreen !== undefined) return refuse('Cannot skip steps of a bluegreen rollout. Run without a flags');
  const stepCount = rollout.spec.strategy?.canary?.steps?.length ?? 0;
  if (stepCount === 0) return refuse('Cannot skip steps of a rollout without steps');
  const next = Math.min((rollout.status?.currentStepIndex ?? 0) + 1, stepCount);
  return [patchStatus(rollout, form, { currentStepIndex: skipped === 'all' ? stepCount : next }, 'steps skipped by a person')];
}

/** Takes all traffic back to the stable revision. */
export function abort(rollout: Rollout, form: CommandForm): Commanded {
  if (form === 'guarded' && rollout.status?.abort === true) return refuse('nothing to abort: the update is aborted already');
  if (form === 'guarded' && isFullyPromoted(rollout)) return refuse('nothing to abort: no update is under way');
  return [patchStatus(rollout, form, { abort: true }, 'aborted by a person', revisionGuards(rollout))];
}

/** Starts an aborted update again from its first step. */
export function retry(rollout: Rollout, form: CommandForm): Commanded {
  if (form === 'guarded' && rollout.status?.abort !== true) return refuse('nothing to retry: the update is not aborted');
  return [patchStatus(rollout, form, { abort: false }, 'retried by a person')];
}

/** Holds the rollout until somebody resumes it. */
export function pause(rollout: Rollout, form: CommandForm): Commanded {
  if (form === 'guarded' && rollout.spec.paused === true) return refuse('nothing to pause: the rollout is paused already');
  return [patchSpec(rollout, form, { paused: true }, 'paused by a person')];
}

/** Takes away a pause that a person has made; a pause step is ended by `promote`. */
export function resume(rollout: Rollout, form: CommandForm): Commanded {
  if (form === 'guarded' && rollout.spec.paused !== true) {
    return refuse(isHeldByEngine(rollout) ? 'nothing to resume: the rollout waits in a step; promote it' : 'nothing to resume: the rollout is not paused');
  }
  return [patchSpec(rollout, form, { paused: false }, 'resumed by a person')];
}

/** Replaces, from `at` on, every pod that is older than that. */
export function restart(rollout: Rollout, form: CommandForm, at: Instant): Commanded {
  return [patchSpec(rollout, form, { restartAt: formatTime(at) }, 'restarted by a person')];
}

function isHeldByEngine(rollout: Rollout): boolean {
  return (rollout.status?.pauseConditions ?? []).length > 0;
}

function isFullyPromoted(rollout: Rollout): boolean {
  return (rollout.status?.stableRS ?? '') === (rollout.status?.currentPodHash ?? '');
}
