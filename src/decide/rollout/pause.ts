// Pauses: by a step, for a time or until somebody promotes; by an analysis without a clear result; by hand.

import type { CanaryStep, PauseCondition, RolloutStatus } from '../../kinds/rollout.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import { formatTime, parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { currentStep, isFullyPromoted, pausedBy } from './pass.js';
import type { Pass } from './pass.js';
import { formatTimeUp } from './scale.js';

export const PAUSE_STEP = 'CanaryPauseStep';
export const BLUE_GREEN_PAUSE = 'BlueGreenPause';
export const INCONCLUSIVE_EXPERIMENT = 'InconclusiveExperiment';
export const INCONCLUSIVE_RUN = 'InconclusiveAnalysisRun';

/** Milliseconds; undefined for a pause without an end. Text without a unit is seconds; parts of a second are cut. Negative when it is no duration. */
export function pauseDurationMs(pause: NonNullable<CanaryStep['pause']>): number | undefined {
  const { duration } = pause;
  if (duration === undefined) return undefined;
  if (typeof duration === 'number') return duration * 1000;
  if (/^[+-]?\d+$/.test(duration)) return Number(duration) * 1000;
  const parsed = parseGoDuration(duration);
  return parsed === undefined ? -1 : Math.trunc(parsed / 1000) * 1000;
}

/** When the running pause of the present step ends; undefined when it has not begun or has no end. */
export function pauseEnd(pass: Pass): Instant | undefined {
  const pause = currentStep(pass)?.pause;
  const condition = pass.status.pauseConditions?.find((present) => present.reason === PAUSE_STEP);
  if (pause === undefined || condition === undefined || wasMoved(pass)) return undefined;
  const durationMs = pauseDurationMs(pause);
  const start = parseTime(condition.startTime);
  return durationMs === undefined || start === undefined ? undefined : start + Math.max(0, durationMs);
}

/**
 * Somebody took the pauses away, all of them. One that another reason still holds is not over: nobody has seen this gate. Nor has
 * anybody when the step was moved on by a second promotion before the first was looked at: what was resumed is the step before.
 */
export function wasResumed(pass: Pass): boolean {
  return pass.status.controllerPause === true && (pass.status.pauseConditions?.length ?? 0) === 0 && !wasMoved(pass);
}

/** A person has put it at this step since the last pass: a pause that is still held, or was let go, is that of another step. */
export function wasMoved({ seen, status }: Pass): boolean {
  return seen.formerSteps !== undefined && !seen.formerSteps.includes(status.currentStepIndex);
}

export function isPauseOver(pass: Pass): boolean {
  const end = pauseEnd(pass);
  return wasResumed(pass) || (end !== undefined && pass.now >= end);
}

/** Whether the pause of the present step begins now. Only when the pods are as they should be: `settled`. */
export function beginsPause(pass: Pass, settled: boolean): boolean {
  if (currentStep(pass)?.pause === undefined || !settled) return false;
  if (pass.rollout.spec.paused === true || pass.status.promoteFull === true || pass.status.abort === true || isFullyPromoted(pass)) return false;
  return wasMoved(pass) || (!pausedBy(pass, PAUSE_STEP) && !wasResumed(pass));
}

export type PauseChange = {
  readonly aborted: boolean;
  readonly cleared: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** What a person has let go on could not go on yet: it is not asked for again. */
  readonly stillResumed?: boolean;
};

type PauseFields = Pick<RolloutStatus, 'abort' | 'abortedAt' | 'pauseConditions' | 'controllerPause'>;

/** The fields of the status that say whether it is paused or aborted. Absent fields are cleared. */
export function pauseFields(pass: Pass, change: PauseChange): PauseFields {
  const { status, now } = pass;
  if (change.aborted) return { abort: true, abortedAt: status.abortedAt ?? formatTime(now) };
  if (change.cleared) return {};
  const kept: PauseCondition[] = (status.pauseConditions ?? []).filter((condition) => !change.removed.includes(condition.reason));
  const added = change.added.filter((reason) => !kept.some((condition) => condition.reason === reason));
  const conditions = [...kept, ...added.map((reason) => ({ reason, startTime: formatTimeUp(now) }))];
  if (conditions.length === 0) return change.stillResumed === true ? { controllerPause: true } : {};
  const controllerPause = added.length > 0 || status.controllerPause === true;
  return { pauseConditions: conditions, ...(controllerPause ? { controllerPause } : {}) };
}
