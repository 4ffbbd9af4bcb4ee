// What an action would do to a rollout now, in words, or why it can not be done: the bottom line, the question and the
// refusal all read this, so that they never tell different things.

import type { RiskyActionId } from './actions.js';
import { type ClusterIndex, currentRuns } from './board.js';
import type { RolloutFacts } from './facts.js';
import { hasAt, at, textAt } from './read.js';
import { askedAt } from './reason.js';
import { readRealWeight } from './route-weight.js';
import { analysisNames, describeStep, isPause } from './steps.js';

export type Proposal = {
  /** "Promote" */
  readonly verb: string;
  /** For the bottom line: "20 % → 40 %". */
  readonly effect: string;
  readonly now: string;
  /** "step 3 to 4, 20 % to 40 %; skips analysis success-rate" */
  readonly effectWords: string;
  readonly notes: readonly string[];
};

/** `short` stands beside the key, `long` is the sentence when it is pressed. */
export type Obstacle = { readonly short: string; readonly long: string };

const obstacle = (short: string, long: string): Obstacle => ({ short, long });

const percent = (value: number): string => `${Math.round(value)} %`;

const VERBS: Readonly<Record<RiskyActionId, string>> = {
  'rollout.promote': 'Promote',
  'rollout.promote-full': 'Promote fully',
  'rollout.abort': 'Abort',
  'rollout.retry': 'Retry',
};

function stepsAhead(facts: RolloutFacts): readonly unknown[] {
  return facts.stepIndex === undefined ? [] : facts.steps.slice(facts.stepIndex);
}

/** Why the rollout itself stands in the way, whatever the state of the connection. */
export function findObstacle(action: RiskyActionId, facts: RolloutFacts): Obstacle | undefined {
  const { name } = facts;
  if (facts.waiting?.why === 'invalid' && action !== 'rollout.abort')
    return obstacle('spec is invalid', `${name} has an invalid spec: correct the spec first.`);
  switch (action) {
    case 'rollout.promote':
      if (facts.aborted) return obstacle('is aborted', `${name} is aborted: retry it, or promote it fully.`);
      if (facts.held || facts.pause !== undefined) return undefined;
      if (!facts.inFlight) return obstacle('nothing on its way', `${name} has nothing to promote: no new revision is on its way.`);
      if (facts.promotingFully) return obstacle('already promoted fully', `${name} is already being promoted fully.`);
      if (facts.stepIndex === undefined || facts.stepIndex >= facts.steps.length)
        return obstacle('no step left', `${name} has no step left to skip: it is finishing by itself.`);
      return undefined;
    case 'rollout.promote-full':
      if (!facts.inFlight) return obstacle('nothing on its way', `${name} has nothing to promote: no new revision is on its way.`);
      return facts.promotingFully ? obstacle('already promoted fully', `${name} is already being promoted fully.`) : undefined;
    case 'rollout.abort':
      if (facts.aborted) return obstacle('is aborted', `${name} is already aborted.`);
      return facts.inFlight ? undefined : obstacle('nothing on its way', `${name} has nothing to abort: no new revision is on its way.`);
    case 'rollout.retry':
      return facts.aborted ? undefined : obstacle('not aborted', `${name} is not aborted: there is nothing to retry.`);
  }
}

function describeNow(facts: RolloutFacts, index: ClusterIndex): string {
  const real = readRealWeight(facts, index).canaryPercent;
  const weight =
    facts.strategy === 'canary' ? `canary asked ${percent(facts.askedPercent)}, real ${real === undefined ? 'unknown' : percent(real)}` : 'blue-green';
  if (facts.stepIndex === undefined) return `${facts.phase}; ${weight}`;
  const count = facts.steps.length;
  // An aborted rollout stands at its first step again, which says nothing about where it was.
  if (facts.aborted) return `${facts.phase}, aborted; ${weight}`;
  const place = facts.stepIndex >= count ? `all ${count} steps done` : `step ${facts.stepIndex + 1} of ${count}: ${describeStep(facts.steps[facts.stepIndex])}`;
  return `${facts.phase}, ${place}; ${weight}`;
}

function backgroundName(facts: RolloutFacts): string | undefined {
  const analysis = at(facts.object, 'spec', 'strategy', 'canary', 'analysis');
  return analysis === undefined ? undefined : analysisNames(analysis);
}

function promote(facts: RolloutFacts, index: ClusterIndex): Pick<Proposal, 'effect' | 'effectWords' | 'notes'> {
  const background = backgroundName(facts);
  const running = currentRuns(index, facts).some(
    (run) => textAt(run, 'status', 'phase') === 'Running' && run.metadata.labels?.['rollout-type'] === 'Background',
  );
  const goesOn = background !== undefined && running ? [`background analysis ${background} goes on`] : [];
  const waitsByHandOnly = facts.held && facts.pause === undefined;
  if (facts.strategy !== 'canary' || waitsByHandOnly || facts.stepIndex === undefined || facts.stepIndex >= facts.steps.length) {
    return { effect: 'go on', effectWords: 'it goes on from where it was paused', notes: goesOn };
  }
  const step = facts.steps[facts.stepIndex];
  const from = percent(facts.askedPercent);
  const to = askedAt(facts, facts.stepIndex + 1);
  const last = facts.stepIndex + 1 >= facts.steps.length;
  const skips = isPause(step) ? '' : `; skips ${describeStep(step)}`;
  const ends = isPause(step) && facts.pause !== undefined && hasAt(step, 'pause', 'duration') ? ['ends this pause early'] : [];
  const where = last ? `step ${facts.stepIndex + 1} to the end` : `step ${facts.stepIndex + 1} to ${facts.stepIndex + 2}`;
  const effect = isPause(step) ? `${from} → ${to}` : `skip ${describeStep(step)}`;
  return { effect, effectWords: `${where}, ${from} to ${to}${skips}`, notes: [...ends, ...goesOn] };
}

function promoteFull(facts: RolloutFacts): Pick<Proposal, 'effect' | 'effectWords' | 'notes'> {
  const ahead = stepsAhead(facts).slice(1);
  const analyses = stepsAhead(facts)
    .filter((step) => hasAt(step, 'analysis'))
    .map((step) => analysisNames(at(step, 'analysis')));
  const background = backgroundName(facts);
  const skipped = [...analyses, ...(background === undefined ? [] : [background])];
  const from = percent(facts.askedPercent);
  const where = facts.stepIndex === undefined || facts.stepIndex >= facts.steps.length ? '' : `step ${facts.stepIndex + 1} to the end, `;
  return {
    effect: '→ 100 %',
    effectWords: `${where}${from} to 100 %${skipped.length === 0 ? '' : `; skips analysis ${skipped.join(', ')}`}`,
    notes: [
      ...(ahead.length > 0 ? [`${ahead.length} more steps are skipped; nothing checks the new revision any more`] : []),
      ...(facts.aborted ? ['it was aborted: this takes the aborted revision to everybody'] : []),
    ],
  };
}

function abort(facts: RolloutFacts): Pick<Proposal, 'effect' | 'effectWords' | 'notes'> {
  const from = percent(facts.askedPercent);
  const back = 'the active Service stays with, or goes back to, the stable revision';
  const effectWords = facts.strategy === 'canary' ? `${from} to 0 %: all traffic back to the stable revision` : back;
  return { effect: '→ 0 %', effectWords, notes: ['the phase becomes Degraded; the service itself is not', 'the new spec stays stored: retry starts it again'] };
}

function retry(facts: RolloutFacts): Pick<Proposal, 'effect' | 'effectWords' | 'notes'> {
  const count = facts.steps.length;
  const first = count === 0 ? 'the same revision starts again' : `the same revision again from step 1 of ${count}: ${describeStep(facts.steps[0])}`;
  return { effect: count === 0 ? 'start again' : `0 % → ${askedAt(facts, 0)}`, effectWords: first, notes: [] };
}

const EFFECTS: Readonly<Record<RiskyActionId, (facts: RolloutFacts, index: ClusterIndex) => Pick<Proposal, 'effect' | 'effectWords' | 'notes'>>> = {
  'rollout.promote': promote,
  'rollout.promote-full': promoteFull,
  'rollout.abort': abort,
  'rollout.retry': retry,
};

/** Only for actions without an obstacle. */
export function propose(action: RiskyActionId, facts: RolloutFacts, index: ClusterIndex): Proposal {
  return { verb: VERBS[action], now: describeNow(facts, index), ...EFFECTS[action](facts, index) };
}
