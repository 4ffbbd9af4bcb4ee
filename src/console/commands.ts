// The changes behind the risky actions, in the guarded form: they test what the person saw, so that a rollout which has
// moved refuses them as a whole. And how to see in the cluster that the engine has acted on them.

import type { Change, Refusal } from '../kinds/change.js';
import { asRollout } from '../kinds/rollout.js';
import { abort, promote, promoteFull, retry } from '../decide/rollout/commands.js';
import type { RiskyActionId } from './actions.js';
import { findCondition, type RolloutFacts } from './facts.js';
import { flagAt, textAt } from './read.js';

const COMMANDS = { 'rollout.promote': promote, 'rollout.promote-full': promoteFull, 'rollout.abort': abort, 'rollout.retry': retry } as const;

/** In order; made from what was seen. */
export function changesFor(action: RiskyActionId, facts: RolloutFacts): readonly Change[] | Refusal {
  return COMMANDS[action](asRollout(facts.object), 'guarded');
}

/** Whether the cluster shows that the engine (not only the server) has acted on it. */
export function isObserved(
  action: RiskyActionId,
  before: { readonly stepIndex: number | undefined; readonly canaryHash: string },
  facts: RolloutFacts,
): boolean {
  const abortReported = textAt(findCondition(facts.object, 'Progressing'), 'reason') === 'RolloutAborted';
  const further = facts.canaryHash !== before.canaryHash || facts.stableHash === facts.canaryHash || (facts.stepIndex ?? 0) > (before.stepIndex ?? 0);
  switch (action) {
    case 'rollout.promote':
      return further || (facts.phase !== 'Paused' && facts.pause === undefined && !facts.held && !flagAt(facts.object, 'status', 'controllerPause'));
    case 'rollout.promote-full':
      return facts.canaryHash !== before.canaryHash || facts.stableHash === facts.canaryHash;
    case 'rollout.abort':
      return facts.aborted && abortReported;
    case 'rollout.retry':
      return !facts.aborted && !abortReported;
  }
}
