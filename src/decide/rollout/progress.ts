// The conditions at the end of a pass: healthy, progressing or late, available, completed.

import type { Note } from '../../kinds/change.js';
import type { RolloutStatus } from '../../kinds/rollout.js';
import { parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { findCondition, putCondition, replaceCondition, withoutCondition } from './conditions.js';
import type { Conditions, ConditionWords } from './conditions.js';
import { isSaturated } from './blue-green-facts.js';
import { isHealthy } from './health.js';
import { DEFAULT_PROGRESS_DEADLINE_SECONDS } from './names.js';
import { currentStep, isFullyPromoted } from './pass.js';
import type { Pass } from './pass.js';
import { hasDeadline, hashOf, revisionOf } from './sets.js';

/** The progress deadline is looked at a moment after it has passed, not just before. */
const DEADLINE_SLACK_MS = 1000;

export type Progress = {
  readonly conditions: Conditions;
  readonly notes: readonly Note[];
  /** Set when the deadline has passed and the rollout wants to be aborted by it. */
  readonly abortMessage: string | undefined;
};

export type Abort = { readonly type: 'none' } | { readonly type: 'aborted'; readonly message: string | undefined };

/** `next` holds the counts and the identity that this pass ends with. */
export function nextConditions(pass: Pass, next: RolloutStatus, abort: Abort): Progress {
  const { now } = pass;
  const notes: Note[] = [];
  let abortMessage: string | undefined;
  let conditions = withoutCondition(pass.status.conditions ?? [], 'InvalidSpec');
  const healthy = isHealthy(pass, next);
  const wasHealthy = findCondition(conditions, 'Healthy')?.status === 'True';
  const paused = isPaused(pass);
  if (healthy && !paused)
    conditions = putCondition(conditions, { type: 'Healthy', status: 'True', reason: 'RolloutHealthy', message: 'Rollout is healthy' }, now);
  else if (!healthy && findCondition(conditions, 'Healthy') !== undefined) {
    conditions = putCondition(conditions, { type: 'Healthy', status: 'False', reason: 'RolloutHealthy', message: 'Rollout is not healthy' }, now);
  }
  if (abort.type === 'aborted') {
    const words = abortedWords(pass, abort.message);
    const before = findCondition(conditions, 'Progressing');
    if (before?.reason !== words.reason) notes.push({ type: 'Warning', reason: 'RolloutAborted', message: words.message });
    conditions = putCondition(conditions, words, now);
  } else {
    const outcome = progressing(pass, next, conditions, { healthy, becameUnhealthy: wasHealthy && !healthy });
    conditions = outcome.conditions;
    abortMessage = outcome.abortMessage;
    if (abortMessage !== undefined) notes.push({ type: 'Warning', reason: 'RolloutAborted', message: abortMessage });
  }
  conditions = availability(pass, next, conditions);
  conditions = replicaFailure(pass, conditions);
  const completed = next.stableRS !== undefined && next.stableRS !== '' && next.stableRS === next.currentPodHash;
  const wasIncomplete = findCondition(conditions, 'Completed')?.status === 'False';
  conditions = putCondition(
    conditions,
    { type: 'Completed', status: completed ? 'True' : 'False', reason: 'RolloutCompleted', message: 'RolloutCompleted' },
    now,
  );
  if (!completed && !wasIncomplete) {
    notes.push({
      type: 'Normal',
      reason: 'RolloutNotCompleted',
      message: `Rollout not completed, started update to revision ${revisionOf(pass.sets.newest)} (${pass.podHash})`,
    });
  }
  return { conditions, notes, abortMessage };
}

export function isPaused(pass: Pass): boolean {
  return pass.rollout.spec.paused === true || (pass.status.pauseConditions?.length ?? 0) > 0;
}

function abortedWords(pass: Pass, message: string | undefined): ConditionWords {
  const text = `Rollout aborted update to revision ${revisionOf(pass.sets.newest)}${message === undefined ? '' : `: ${message}`}`;
  return { type: 'Progressing', status: 'False', reason: 'RolloutAborted', message: text };
}

function subject(pass: Pass): string {
  return pass.sets.newest === undefined ? `Rollout "${pass.rollout.metadata.name}"` : `ReplicaSet "${pass.sets.newest.metadata.name}"`;
}

type Health = { readonly healthy: boolean; readonly becameUnhealthy: boolean };

function progressing(pass: Pass, next: RolloutStatus, conditions: Conditions, health: Health): { conditions: Conditions; abortMessage?: string } {
  const { now } = pass;
  // Whole, and still held back: a blue-green version that the users have, whose analysis was unclear. The opening of each pass says that it
  // is paused; said otherwise here, the two would go on correcting each other (simulation, seed 6).
  const held = isPaused(pass) && findCondition(conditions, 'Progressing')?.reason === 'RolloutPaused';
  if (health.healthy && !held) {
    const message = `${subject(pass)} has successfully progressed.`;
    return { conditions: putCondition(conditions, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message }, now) };
  }
  if (hasProgressed(pass, next) || health.becameUnhealthy) {
    const words =
      health.becameUnhealthy && isFullyPromoted(pass) && next.stableRS === next.currentPodHash
        ? { type: 'Progressing', status: 'True' as const, reason: 'ReplicaSetNotAvailable', message: 'Rollout does not have minimum availability' }
        : { type: 'Progressing', status: 'True' as const, reason: 'ReplicaSetUpdated', message: `${subject(pass)} is progressing.` };
    return { conditions: replaceCondition(conditions, words, now) };
  }
  const deadline = progressDeadline(pass, conditions);
  if (deadline === undefined || deadline >= now) return { conditions };
  const message = `${subject(pass)} has timed out progressing.`;
  const late = putCondition(conditions, { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message }, now);
  // With nothing to go back to there is nothing to abort: the next pass would take the abort back, and this one make it again, without end
  // (simulation, seed 2).
  const mayAbort = pass.rollout.spec.progressDeadlineAbort === true && pass.status.abort !== true && next.stableRS !== next.currentPodHash;
  return mayAbort ? { conditions: late, abortMessage: message } : { conditions: late };
}

function hasProgressed(pass: Pass, next: RolloutStatus): boolean {
  const before = pass.status;
  const oldReplicas = (status: RolloutStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (before.updatedReplicas ?? 0) !== (next.updatedReplicas ?? 0) ||
    oldReplicas(next) < oldReplicas(before) ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0) ||
    (pass.blueGreen === undefined ? stepsMoved(before, next) : servicesMoved(before, next))
  );
}

function servicesMoved(before: RolloutStatus, next: RolloutStatus): boolean {
  return (
    (before.blueGreen?.activeSelector ?? '') !== (next.blueGreen?.activeSelector ?? '') ||
    (before.blueGreen?.previewSelector ?? '') !== (next.blueGreen?.previewSelector ?? '')
  );
}

function stepsMoved(before: RolloutStatus, next: RolloutStatus): boolean {
  return (
    (before.stableRS ?? '') !== (next.stableRS ?? '') ||
    (before.currentStepIndex !== undefined && next.currentStepIndex !== undefined && before.currentStepIndex !== next.currentStepIndex) ||
    (before.currentStepHash ?? '') !== (next.currentStepHash ?? '')
  );
}

/** The instant at which patience ends; undefined while something is waited for that has no deadline. In the past once it is over. */
export function progressDeadline(pass: Pass, conditions: Conditions): Instant | undefined {
  const step = currentStep(pass);
  if (step?.experiment !== undefined || step?.analysis !== undefined || step?.pause !== undefined || step?.plugin !== undefined) return undefined;
  // An analysis of the preview takes its time, as an analysis step does.
  if (pass.status.blueGreen?.prePromotionAnalysisRunStatus?.status === 'Running') return undefined;
  if (findCondition(conditions, 'Paused')?.status === 'True') return undefined;
  if (pass.sets.others.some(hasDeadline)) return undefined;
  const present = findCondition(conditions, 'Progressing');
  if (present === undefined || present.reason === 'RolloutAborted' || present.reason === 'RolloutPaused') return undefined;
  if (present.reason === 'ProgressDeadlineExceeded') return 0;
  const since = parseTime(present.lastUpdateTime);
  return since === undefined ? undefined : since + (pass.rollout.spec.progressDeadlineSeconds ?? DEFAULT_PROGRESS_DEADLINE_SECONDS) * 1000;
}

/** When to look whether the deadline has passed; undefined while nothing waits for it. */
export function deadlineLook(pass: Pass, status: RolloutStatus): Instant | undefined {
  const { conditions } = status;
  if (conditions?.some((condition) => condition.type === 'Progressing' && condition.reason === 'NewReplicaSetAvailable') ?? true) return undefined;
  const deadline = progressDeadline({ ...pass, status }, conditions ?? []);
  return deadline === undefined || deadline <= 0 ? undefined : Math.max(deadline + DEADLINE_SLACK_MS, pass.now + DEADLINE_SLACK_MS);
}

function availability(pass: Pass, next: RolloutStatus, conditions: Conditions): Conditions {
  const active = pass.blueGreen === undefined ? undefined : pass.sets.all.find((set) => hashOf(set) !== '' && hashOf(set) === next.blueGreen?.activeSelector);
  // Of a blue-green rollout only the version that the users have counts: with none of its own, nobody is served.
  const available = active === undefined ? pass.blueGreen === undefined && (next.availableReplicas ?? 0) >= pass.replicas : isSaturated(pass, active);
  const message = available ? 'Rollout has minimum availability' : 'Rollout does not have minimum availability';
  return putCondition(conditions, { type: 'Available', status: available ? 'True' : 'False', reason: 'AvailableReason', message }, pass.now);
}

function replicaFailure(pass: Pass, conditions: Conditions): Conditions {
  const { newest, all } = pass.sets;
  const failureOf = (set: typeof newest): ConditionWords | undefined => {
    const failure = set?.status?.conditions?.find((condition) => condition.type === 'ReplicaFailure');
    if (failure === undefined) return undefined;
    return { type: 'ReplicaFailure', status: failure.status as ConditionWords['status'], reason: failure.reason ?? '', message: failure.message ?? '' };
  };
  const failure = failureOf(newest) ?? all.map(failureOf).find((words) => words !== undefined);
  return failure === undefined ? withoutCondition(conditions, 'ReplicaFailure') : putCondition(conditions, failure, pass.now);
}
