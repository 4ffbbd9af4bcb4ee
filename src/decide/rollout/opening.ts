// The conditions at the start of a pass: whether the rollout is paused, resumed or tried again is said at once,
// before anything else is done. The rest of the pass goes on from the status as it was observed.

import { findCondition, putCondition } from './conditions.js';
import type { Conditions } from './conditions.js';
import type { Change } from '../../kinds/change.js';
import { phaseOf } from './health.js';
import type { Pass } from './pass.js';
import { isPaused } from './progress.js';
import { statusPatch } from './sync.js';

export function openingChanges(pass: Pass): readonly Change[] {
  const before = pass.status.conditions ?? [];
  const conditions = openingConditions(pass, before);
  if (conditions === before) return [];
  const { message: _, ...rest } = pass.status;
  const next = { ...rest, conditions, observedGeneration: String(pass.rollout.metadata.generation ?? '') };
  const { phase, message } = phaseOf(pass.rollout, next);
  return statusPatch(pass.rollout, pass.status, { ...next, phase, ...(message === '' ? {} : { message }) }, 'say whether the rollout is paused');
}

function openingConditions(pass: Pass, before: Conditions): Conditions {
  const { now } = pass;
  const paused = isPaused(pass);
  const progressing = findCondition(before, 'Progressing');
  const aborted = progressing?.reason === 'RolloutAborted';
  const completed = findCondition(before, 'Completed')?.status === 'True';
  let conditions = before;
  if (paused !== (progressing?.reason === 'RolloutPaused') && !aborted && !completed) {
    const words = paused ? { reason: 'RolloutPaused', message: 'Rollout is paused' } : { reason: 'RolloutResumed', message: 'Rollout is resumed' };
    conditions = putCondition(conditions, { type: 'Progressing', status: 'Unknown', ...words }, now);
  }
  if (pass.status.abort !== true && aborted) {
    conditions = putCondition(conditions, { type: 'Progressing', status: 'Unknown', reason: 'RolloutRetry', message: 'Retrying Rollout after abort' }, now);
  }
  if (paused !== (findCondition(before, 'Paused')?.status === 'True') && !aborted) {
    conditions = putCondition(conditions, { type: 'Paused', status: paused ? 'True' : 'False', reason: 'RolloutPaused', message: 'Rollout is paused' }, now);
  }
  return conditions;
}
