// Acts on the way of a revision through its steps: promote, promote fully, abort, retry.

import { sanitise } from '../../lib/text-width.js';
import { asRollout } from '../../kinds/rollout.js';
import { abort, promote, promoteFull, retry } from '../../decide/rollout/commands.js';
import { currentRuns } from '../board.js';
import { findCondition, type RolloutFacts } from '../facts.js';
import type { Fingerprint } from '../fingerprint.js';
import { at, flagAt, hasAt, textAt } from '../../lib/read.js';
import { askedAt } from '../reason.js';
import { findBadRun, verdictText } from '../reason-analysis.js';
import { untilText } from '../reason-times.js';
import { analysisNames, describeStep, isPause } from '../steps.js';
import { ageText } from '../time-words.js';
import { keptHold } from './roll-back-doubts.js';
import { type Act, type ActSight, obstacle, type Obstacle, PATCH_ROLLOUT, PATCH_STATUS, percent, type Right, type Telling } from './act.js';

const stepRights = ({ facts }: ActSight): readonly Right[] => (facts.held ? [PATCH_STATUS, PATCH_ROLLOUT] : [PATCH_STATUS]);

const nothingOnItsWay = (name: string, verb: string): Obstacle =>
  obstacle('nothing on its way', `${name} has nothing to ${verb}: no new revision is on its way.`);

function invalidSpec({ name, waiting }: RolloutFacts): Obstacle | undefined {
  return waiting?.why === 'invalid' ? obstacle('spec is invalid', `${name} has an invalid spec: correct the spec first.`) : undefined;
}

/** Somebody has said that nobody is to take it further, and why: to promote it all the same begins with ending that. */
function heldBack({ facts: { name, hold }, now, utcOffsetMinutes }: ActSight): Obstacle | undefined {
  if (hold === undefined) return undefined;
  const who = sanitise(hold.by) || 'somebody';
  const long = `${name} is held by ${who}${untilText(hold.until, now, utcOffsetMinutes)}: ${sanitise(hold.reason)}.`;
  return { short: `held by ${who}`, long, ways: [{ action: 'rollout.hold', words: 'ends the hold' }] };
}

/** The analysis of this revision that went wrong, as a clause; the newest, where there are several. */
function badRunClause({ facts, index }: ActSight): string | undefined {
  const run = findBadRun(currentRuns(index, facts));
  if (run === undefined) return undefined;
  const verdict = verdictText(run);
  const ended = textAt(run, 'status', 'phase') === 'Error' ? 'ended in an error' : 'failed';
  return `analysis ${run.metadata.name} has ${ended}${verdict === undefined ? '' : `: ${verdict}`}`;
}

/** To promote what an analysis has found bad is never what to do next. */
function abortedAlready(sight: ActSight): Obstacle {
  const { name } = sight.facts;
  const why = badRunClause(sight);
  if (why === undefined) return obstacle('is aborted', `${name} is aborted: retry it, or promote it fully.`);
  const ways = [
    { action: 'show.why', words: 'why' },
    { action: 'rollout.rollback', words: 'roll back' },
    { action: 'rollout.retry', words: 'retry' },
  ] as const;
  return { short: 'is aborted', long: `${name} was aborted: ${why}.`, ways };
}

function stepsAhead(facts: RolloutFacts): readonly unknown[] {
  return facts.stepIndex === undefined ? [] : facts.steps.slice(facts.stepIndex);
}

function backgroundName(facts: RolloutFacts): string | undefined {
  const analysis = at(facts.object, 'spec', 'strategy', 'canary', 'analysis');
  return analysis === undefined ? undefined : analysisNames(analysis);
}

function tellPromote({ facts, index }: ActSight): Telling {
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

/** It went on, or another revision came: whatever was waited for is over. */
function wentOn(facts: RolloutFacts, before: Fingerprint): boolean {
  return facts.canaryHash !== before.canaryHash || facts.stableHash === facts.canaryHash || (facts.stepIndex ?? 0) > (before.stepIndex ?? 0);
}

export const PROMOTE: Act = {
  id: 'rollout.promote',
  verb: 'Promote',
  risk: 'on',
  inGroups: true,
  rights: stepRights,
  refuse(sight) {
    const { facts } = sight;
    const { name } = facts;
    const stands = invalidSpec(facts) ?? heldBack(sight);
    if (stands !== undefined) return stands;
    if (facts.aborted) return abortedAlready(sight);
    if (facts.held || facts.pause !== undefined) return undefined;
    if (!facts.inFlight) return nothingOnItsWay(name, 'promote');
    if (facts.promotingFully) return obstacle('already promoted fully', `${name} is already being promoted fully.`);
    if (facts.stepIndex === undefined || facts.stepIndex >= facts.steps.length)
      return obstacle('no step left', `${name} has no step left to skip: it is finishing by itself.`);
    return undefined;
  },
  tell: tellPromote,
  changes: ({ facts }) => promote(asRollout(facts.object), 'guarded'),
  isObserved: ({ facts }, before) =>
    wentOn(facts, before) || (facts.phase !== 'Paused' && facts.pause === undefined && !facts.held && !flagAt(facts.object, 'status', 'controllerPause')),
};

/** Runs of this revision that do not speak for it, as clauses. */
function doubts({ facts, index }: ActSight): string[] {
  return currentRuns(index, facts).flatMap((run) => {
    const phase = textAt(run, 'status', 'phase') ?? 'Pending';
    if (phase === 'Successful') return [];
    const state = phase === 'Running' || phase === 'Pending' ? 'is unfinished' : phase === 'Inconclusive' ? 'was inconclusive' : 'has failed';
    return [`analysis ${run.metadata.name} ${state}`];
  });
}

function analysesAhead(facts: RolloutFacts): string[] {
  return stepsAhead(facts)
    .filter((step) => hasAt(step, 'analysis'))
    .map((step) => analysisNames(at(step, 'analysis')));
}

function tellFull({ facts }: ActSight): Telling {
  const ahead = stepsAhead(facts).slice(1);
  const background = backgroundName(facts);
  const skipped = [...analysesAhead(facts), ...(background === undefined ? [] : [background])];
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

export const PROMOTE_FULL: Act = {
  id: 'rollout.promote-full',
  verb: 'Promote fully',
  risk: 'on',
  inGroups: true,
  rights: stepRights,
  refuse(sight) {
    const { facts } = sight;
    const stands = invalidSpec(facts) ?? heldBack(sight);
    if (stands !== undefined) return stands;
    if (!facts.inFlight) return nothingOnItsWay(facts.name, 'promote');
    return facts.promotingFully ? obstacle('already promoted fully', `${facts.name} is already being promoted fully.`) : undefined;
  },
  offer: (sight) => (badRunClause(sight) === undefined ? undefined : 'never'),
  tell: tellFull,
  warns(sight) {
    const names = analysesAhead(sight.facts);
    return [...doubts(sight), ...(names.length === 0 ? [] : [`analysis ${names.join(', ')} has not been made`])];
  },
  changes: ({ facts }) => promoteFull(asRollout(facts.object), 'guarded'),
  isObserved: ({ facts }, before) => facts.canaryHash !== before.canaryHash || facts.stableHash === facts.canaryHash,
};

const reportsAbort = (facts: RolloutFacts): boolean => textAt(findCondition(facts.object, 'Progressing'), 'reason') === 'RolloutAborted';

export const ABORT: Act = {
  id: 'rollout.abort',
  verb: 'Abort',
  risk: 'back',
  inGroups: true,
  basis: 'update',
  rights: () => [PATCH_STATUS],
  refuse({ facts, now }) {
    if (!facts.aborted) return facts.inFlight ? undefined : nothingOnItsWay(facts.name, 'abort');
    const age = ageText(facts.waiting?.since, now);
    return obstacle('is aborted', `${facts.name} is already aborted${age === '' ? '' : ` (${age} ago)`}: all traffic is asked back to the stable revision.`);
  },
  tell(sight) {
    const { facts } = sight;
    const from = percent(facts.askedPercent);
    const back = 'the active Service stays with, or goes back to, the stable revision';
    const effectWords = facts.strategy === 'canary' ? `${from} to 0 %: all traffic back to the stable revision` : back;
    return {
      effect: '→ 0 %',
      effectWords,
      notes: [...keptHold(sight), 'the phase becomes Degraded; the service itself is not', 'the new spec stays stored: retry starts it again'],
    };
  },
  changes: ({ facts }) => abort(asRollout(facts.object), 'guarded'),
  isObserved: ({ facts }) => facts.aborted && reportsAbort(facts),
};

export const RETRY: Act = {
  id: 'rollout.retry',
  verb: 'Retry',
  risk: 'on',
  inGroups: true,
  rights: () => [PATCH_STATUS],
  refuse({ facts }) {
    return invalidSpec(facts) ?? (facts.aborted ? undefined : obstacle('not aborted', `${facts.name} is not aborted: there is nothing to retry.`));
  },
  tell(sight) {
    const { facts } = sight;
    const count = facts.steps.length;
    const first = count === 0 ? 'the same revision starts again' : `the same revision again from step 1 of ${count}: ${describeStep(facts.steps[0])}`;
    return { effect: count === 0 ? 'start again' : `0 % → ${askedAt(facts, 0)}`, effectWords: first, notes: keptHold(sight) };
  },
  warns(sight) {
    const why = badRunClause(sight);
    return why === undefined ? [] : [why];
  },
  changes: ({ facts }) => retry(asRollout(facts.object), 'guarded'),
  isObserved: ({ facts }) => !facts.aborted && !reportsAbort(facts),
};
