// Where the rollout stands, and why, in words for a person. Made here once, shown everywhere.

import type { RolloutStatus } from '../../kinds/rollout.js';
import type { Situation } from './observed.js';
import type { Pass } from './pass.js';
import { unreachable } from '../../lib/assert.js';
import { stepText } from './step-text.js';
import { availableOf } from './sets.js';
import { isRollingBack } from './traffic.js';

export function classify(pass: Pass, status: RolloutStatus): Situation {
  const promoted = status.stableRS === status.currentPodHash;
  if (status.abort === true) return { type: 'aborted', because: status.message ?? '' };
  if (pass.rollout.spec.paused === true) return { type: 'paused', by: 'spec.paused' };
  const [pause] = status.pauseConditions ?? [];
  if (pause !== undefined) return { type: 'paused', by: pause.reason };
  if (promoted) return isRollingBack(pass) ? { type: 'rolling-back' } : { type: 'stable' };
  if (status.promoteFull === true) return { type: 'promoting-fully' };
  const index = status.currentStepIndex ?? pass.steps.length;
  return index < pass.steps.length ? { type: 'stepping', step: index } : { type: 'promoting' };
}

export function explain(pass: Pass, status: RolloutStatus): string {
  const situation = classify(pass, status);
  const available = availableOf(pass.sets.newest);
  switch (situation.type) {
    case 'aborted':
      return situation.because === '' ? 'the update was aborted' : situation.because;
    case 'paused':
      return situation.by === 'spec.paused' ? 'paused by hand' : `paused (${situation.by})`;
    case 'stepping': {
      const step = pass.steps[situation.step];
      return `step ${situation.step + 1} of ${pass.steps.length}${step === undefined ? '' : ` (${stepText(step)})`}, ${available} new pods are available`;
    }
    case 'promoting':
    case 'promoting-fully':
      if (pass.blueGreen !== undefined)
        return `${available} of ${pass.replicas} new pods are available${status.message === undefined ? '' : `: ${status.message}`}`;
      return `all steps are done: ${available} of ${pass.replicas} new pods are available`;
    case 'rolling-back':
      return 'back on the stable version: traffic returns as it gets pods';
    case 'stable':
      return status.phase === 'Healthy' ? 'the wanted version is stable' : `the wanted version is stable: ${status.message ?? 'waiting'}`;
    case 'new':
    case 'invalid':
    case 'resetting':
    case 'only-scaling':
      return status.message ?? '';
    default:
      return unreachable(situation);
  }
}
