// What an act would do to a rollout now, in words: the bottom line, the question and the audit log all read this, so that
// they never tell different things.

import { ACTS } from './acts/table.js';
import { type ActSight, type Inputs, percent, type Telling } from './acts/act.js';
import type { RiskyActionId } from './actions.js';
import { readRealWeight } from './route-weight.js';
import { describeStep } from './steps.js';

export type Proposal = Telling & {
  /** "Promote" */
  readonly verb: string;
  readonly now: string;
  /** Why a reason is asked for, as clauses. */
  readonly warnings: readonly string[];
};

/** "Paused, step 4 of 9: pause 5m; canary asked 20 %, real 20 %": what a person sees of it. */
export function describeNow({ facts, index }: Pick<ActSight, 'facts' | 'index'>): string {
  const real = readRealWeight(facts, index).canaryPercent;
  const weight =
    facts.strategy === 'canary' ? `canary asked ${percent(facts.askedPercent)}, real ${real === undefined ? 'unknown' : percent(real)}` : 'blue-green';
  if (!facts.inFlight && !facts.aborted) return `${facts.phase}; no new revision is on its way`;
  if (facts.stepIndex === undefined) return `${facts.phase}; ${weight}`;
  const count = facts.steps.length;
  // An aborted rollout stands at its first step again, which says nothing about where it was.
  if (facts.aborted) return `${facts.phase}, aborted; ${weight}`;
  const place = facts.stepIndex >= count ? `all ${count} steps done` : `step ${facts.stepIndex + 1} of ${count}: ${describeStep(facts.steps[facts.stepIndex])}`;
  return `${facts.phase}, ${place}; ${weight}`;
}

/** What it comes to; only for acts without an obstacle. */
export function tell(action: RiskyActionId, sight: ActSight, inputs: Inputs = {}): Telling {
  const act = ACTS[action];
  return act.tell(sight, { ...act.settled?.(sight), ...inputs });
}

/** Only for acts without an obstacle. */
export function propose(action: RiskyActionId, sight: ActSight, inputs: Inputs = {}): Proposal {
  const act = ACTS[action];
  return {
    verb: act.verbNow?.(sight) ?? act.verb,
    now: describeNow(sight),
    warnings: act.warns?.(sight, { ...act.settled?.(sight), ...inputs }) ?? [],
    ...tell(action, sight, inputs),
  };
}
