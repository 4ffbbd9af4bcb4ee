// Acts that stop a rollout where it is and let it go on: a pause by hand, and a hold, which says why and until when.

import { holdWithReason, letGoOn, pauseByHand } from '../../decide/rollout/hold.js';
import { asRollout } from '../../kinds/rollout.js';
import type { Instant } from '../../lib/instant.js';
import type { RolloutFacts } from '../facts.js';
import { flagAt, hasAt } from '../../lib/read.js';
import { describeStep, isOpenPause, isPause } from '../steps.js';
import { sinceText, untilText } from '../reason-times.js';
import { leftText, momentText } from '../time-words.js';
import { type Act, type ActSight, type Inputs, obstacle, PATCH_ROLLOUT } from './act.js';
import { readUntil, UNTIL_HINT } from './until.js';

const LONGEST_REASON = 200;

export function checkReason(value: string): string | undefined {
  if (value.trim() === '') return 'a reason must be given';
  return value.length > LONGEST_REASON ? `a reason has at most ${LONGEST_REASON} characters` : undefined;
}

/** What comes when nobody stops it by hand any more, as a clause: a step may still wait for a person. */
export function onwards(facts: RolloutFacts): string {
  const { steps, stepIndex = 0, pause, strategy } = facts;
  if (facts.aborted) return 'it stays aborted';
  if (!facts.inFlight) return 'nothing is on its way, and the next release is not stopped';
  if (pause?.reason.startsWith('Inconclusive') === true) return 'it still waits for a person: an analysis was inconclusive';
  if (strategy === 'blue-green') {
    const timed = hasAt(facts.object, 'spec', 'strategy', 'blueGreen', 'autoPromotionSeconds');
    return pause === undefined || timed ? 'it goes on by itself' : 'it still waits for a person to promote it';
  }
  const step = steps[stepIndex];
  if (step === undefined) return 'it goes on to the end';
  const place = `step ${stepIndex + 1} of ${steps.length}, ${describeStep(step)}`;
  // A person has promoted it past that pause, and the engine has not gone on yet.
  const passed = pause === undefined && flagAt(facts.object, 'status', 'controllerPause');
  if (passed || !isPause(step)) return `it goes on with ${place}`;
  return isOpenPause(step) ? `it still waits for a person at ${place}` : `it goes on when ${place}, is over`;
}

/** Somebody else's, and its time is not over. */
function heldByAnother({ facts: { hold }, now, who }: ActSight): boolean {
  return hold !== undefined && hold.by !== who && (hold.until === undefined || hold.until > now);
}

/** Of the hold that would be ended: who made it, since when, until when, why; and whom to ask. */
function endsNotes(sight: ActSight): readonly string[] {
  const { facts, now, utcOffsetMinutes } = sight;
  const { hold } = facts;
  if (hold === undefined) return [];
  const who = hold.by || 'somebody';
  const times = `${sinceText(hold.since, { now, utcOffsetMinutes, lasting: true })}${untilText(hold.until, now, utcOffsetMinutes)}`;
  return [`this ends the hold of ${who}${times}: ${hold.reason}`, ...(heldByAnother(sight) ? [`it is not your hold: ask ${who} first`] : [])];
}

export const PAUSE: Act = {
  id: 'rollout.pause',
  verb: 'Pause',
  verbNow: ({ facts }) => (facts.held ? 'Resume' : 'Pause'),
  // A hold is not to be ended in passing.
  offer: ({ facts }) => (facts.held && facts.hold === undefined ? 'first' : undefined),
  keyWords: ({ facts }) => (facts.held ? 'resume' : undefined),
  risk: 'other',
  inGroups: true,
  basis: 'pause',
  rights: () => [PATCH_ROLLOUT],
  refuse: ({ facts }) =>
    facts.held || facts.inFlight
      ? undefined
      : obstacle('nothing on its way', `${facts.name} has nothing to pause: no new revision is on its way. H holds it for the next one.`),
  tell(sight) {
    const { facts } = sight;
    if (!facts.held) return { effect: 'stop here', effectWords: 'it stays where it is until somebody resumes it', notes: ['traffic stays as it is'] };
    return { effect: 'resume', effectWords: `the pause by hand ends; ${onwards(facts)}`, notes: endsNotes(sight) };
  },
  crosses: heldByAnother,
  changes: ({ facts }) => (facts.held ? letGoOn(asRollout(facts.object)) : pauseByHand(asRollout(facts.object))),
  isObserved: ({ facts }, before) => facts.held !== before.held && facts.observed,
};

const askedWhen = (inputs: Inputs, now: Instant): Instant => (inputs['asked'] === undefined ? now : Number(inputs['asked']));

export const HOLD: Act = {
  id: 'rollout.hold',
  verb: 'Hold',
  verbNow: ({ facts }) => (facts.hold !== undefined ? 'End the hold of' : 'Hold'),
  risk: 'other',
  inGroups: true,
  basis: 'pause',
  rights: () => [PATCH_ROLLOUT],
  refuse: () => undefined,
  // A length counts from when it was asked: what is stored is the moment that was read.
  settled: ({ now }) => ({ asked: String(now) }),
  asks({ facts, now, utcOffsetMinutes }) {
    if (facts.hold !== undefined) return [];
    const check = (value: string): string | undefined => {
      const until = readUntil(value, now, utcOffsetMinutes);
      return value.trim() === '' || until.ok ? undefined : until.error;
    };
    return [
      { id: 'reason', label: 'why', initial: '', check: checkReason },
      { id: 'until', label: 'until', initial: '', hint: `${UNTIL_HINT}, for people to read; may stay empty`, check },
    ];
  },
  tell(sight, inputs) {
    const { facts, now, utcOffsetMinutes } = sight;
    const { hold } = facts;
    if (hold !== undefined) {
      return {
        effect: 'end the hold',
        effectWords: `the hold of ${hold.by || 'somebody'} ends; ${onwards(facts)}`,
        notes: endsNotes(sight),
      };
    }
    const until = readUntil(inputs['until'] ?? '', askedWhen(inputs, now), utcOffsetMinutes);
    const told = 'nothing ends a hold by itself, and no promotion goes past it';
    return {
      effect: 'with a reason',
      effectWords: 'it stays where it is until a person ends the hold; all see why',
      notes: [until.ok ? `until ${momentText(until.value, now, utcOffsetMinutes)} (in ${leftText(until.value - now)}) is for people to read: ${told}` : told],
    };
  },
  crosses: heldByAnother,
  changes({ facts, now, utcOffsetMinutes, who }, inputs) {
    const rollout = asRollout(facts.object);
    if (facts.hold !== undefined) return letGoOn(rollout);
    const until = readUntil(inputs['until'] ?? '', askedWhen(inputs, now), utcOffsetMinutes);
    if (until.ok && until.value <= now) return { type: 'refusal', reason: 'the time that it was to last is over already' };
    return holdWithReason(rollout, { by: who, reason: inputs['reason']?.trim() ?? '', since: now, until: until.ok ? until.value : undefined });
  },
  isObserved: ({ facts }, before) => facts.observed && (facts.held !== before.held || facts.hold?.reason !== before.hold),
};
