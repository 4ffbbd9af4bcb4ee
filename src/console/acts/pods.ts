// Acts that leave the revision as it is: pause and resume, hold with a reason, restart its pods, end an analysis.

import { terminate } from '../../decide/analysis/commands.js';
import { restart } from '../../decide/rollout/commands.js';
import { holdWithReason, letGoOn, pauseByHand } from '../../decide/rollout/hold.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { asRollout } from '../../kinds/rollout.js';
import { type Instant, parseTime } from '../../lib/instant.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import { runsOf } from '../board.js';
import { numberAt, textAt } from '../read.js';
import { ageText, clockText } from '../time-words.js';
import { type Act, type ActSight, type Inputs, obstacle, PATCH_ROLLOUT, PATCH_RUN } from './act.js';

const LONGEST_REASON = 200;

/** Holds for longer are forgotten holds. */
const LONGEST_HOLD_MS = 30 * 86_400_000;

export function checkReason(value: string): string | undefined {
  if (value.trim() === '') return 'a reason must be given';
  return value.length > LONGEST_REASON ? `a reason has at most ${LONGEST_REASON} characters` : undefined;
}

export const PAUSE: Act = {
  id: 'rollout.pause',
  verb: 'Pause',
  verbNow: ({ facts }) => (facts.held ? 'Resume' : 'Pause'),
  risk: 'other',
  inGroups: true,
  basis: 'pause',
  rights: () => [PATCH_ROLLOUT],
  refuse: ({ facts }) =>
    facts.held || facts.inFlight
      ? undefined
      : obstacle('nothing on its way', `${facts.name} has nothing to pause: no new revision is on its way. H holds it for the next one.`),
  tell({ facts }) {
    if (!facts.held) return { effect: 'stop here', effectWords: 'it stays where it is until somebody resumes it', notes: ['traffic stays as it is'] };
    const { hold } = facts;
    const ends = hold === undefined ? [] : [`this ends the hold of ${hold.by || 'somebody'}: ${hold.reason}`];
    return { effect: 'resume', effectWords: 'the pause by hand ends; a pause of a step stays', notes: ends };
  },
  changes: ({ facts }) => (facts.held ? letGoOn(asRollout(facts.object)) : pauseByHand(asRollout(facts.object))),
  isObserved: ({ facts }, before) => facts.held !== before.held && facts.observed,
};

/** "30m", "2h", or a clock time of the next 24 hours. Undefined: it can not be read. */
export function readUntil(text: string, now: Instant, utcOffsetMinutes: number): Instant | undefined {
  const duration = parseGoDuration(text);
  if (duration !== undefined) return duration > 0 && duration <= LONGEST_HOLD_MS ? now + duration : undefined;
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock === null) return undefined;
  const day = 86_400_000;
  const local = now + utcOffsetMinutes * 60_000;
  const at = local - (local % day) + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000;
  return (at > local ? at : at + day) - utcOffsetMinutes * 60_000;
}

const UNTIL_HINT = '30m, 2h or 16:45, or nothing: until somebody ends it';

export const HOLD: Act = {
  id: 'rollout.hold',
  verb: 'Hold',
  verbNow: ({ facts }) => (facts.hold !== undefined ? 'End the hold of' : 'Hold'),
  risk: 'other',
  inGroups: true,
  basis: 'pause',
  rights: () => [PATCH_ROLLOUT],
  refuse: () => undefined,
  asks(sight) {
    const { facts, now, utcOffsetMinutes } = sight;
    if (facts.hold !== undefined) return [];
    return [
      { id: 'reason', label: 'why', initial: '', check: checkReason },
      {
        id: 'until',
        label: 'until',
        initial: '',
        hint: UNTIL_HINT,
        check: (value) => (value.trim() === '' || readUntil(value.trim(), now, utcOffsetMinutes) !== undefined ? undefined : `write ${UNTIL_HINT}`),
      },
    ];
  },
  tell({ facts, now, utcOffsetMinutes }, inputs) {
    const { hold } = facts;
    if (hold !== undefined) {
      return {
        effect: 'end the hold',
        effectWords: `the hold of ${hold.by || 'somebody'} ends, and it goes on`,
        notes: [`it was held because: ${hold.reason}`],
      };
    }
    const until = readUntil(inputs['until']?.trim() ?? '', now, utcOffsetMinutes);
    const when = until === undefined ? 'until somebody ends it' : `until ${clockText(until, utcOffsetMinutes)}`;
    return {
      effect: 'with a reason',
      effectWords: `it stays where it is ${when}; everybody sees why`,
      notes: ['it does not go on by itself when the time has come'],
    };
  },
  changes({ facts, now, utcOffsetMinutes, who }, inputs) {
    const rollout = asRollout(facts.object);
    if (facts.hold !== undefined) return letGoOn(rollout);
    const until = readUntil(inputs['until']?.trim() ?? '', now, utcOffsetMinutes);
    return holdWithReason(rollout, { by: who, reason: inputs['reason']?.trim() ?? '', since: now, until });
  },
  isObserved: ({ facts }, before) => facts.observed && (facts.held !== before.held || facts.hold?.reason !== before.hold),
};

export const RESTART: Act = {
  id: 'rollout.restart',
  verb: 'Restart',
  risk: 'other',
  inGroups: true,
  rights: () => [PATCH_ROLLOUT],
  refuse({ facts }) {
    if ((numberAt(facts.object, 'status', 'replicas') ?? 0) === 0) return obstacle('no pods', `${facts.name} has no pods to restart.`);
    const at = textAt(facts.object, 'spec', 'restartAt');
    const running = at !== undefined && textAt(facts.object, 'status', 'restartedAt') !== at;
    return running ? obstacle('restart runs', `${facts.name} is being restarted already.`) : undefined;
  },
  tell({ facts }) {
    const pods = numberAt(facts.object, 'status', 'replicas') ?? 0;
    return {
      effect: `${pods} pods`,
      effectWords: `all ${pods} pods are replaced, a few at a time, as disruption budgets allow`,
      notes: ['the same images and settings; weights stay as they are'],
    };
  },
  changes: ({ facts, now }) => restart(asRollout(facts.object), 'guarded', now),
  settled: ({ facts }) => ({ before: textAt(facts.object, 'spec', 'restartAt') ?? '' }),
  isObserved({ facts }, _before, inputs) {
    const at = textAt(facts.object, 'spec', 'restartAt');
    return at !== undefined && at !== inputs['before'] && textAt(facts.object, 'status', 'restartedAt') === at;
  },
};

function runningRuns({ facts, index }: ActSight): readonly KubeObject[] {
  return runsOf(index, facts).filter((run) => ['Running', 'Pending', undefined].includes(textAt(run, 'status', 'phase')));
}

const chosenRun = (sight: ActSight, inputs: Inputs): KubeObject | undefined => {
  const runs = runningRuns(sight);
  return runs.find(({ metadata }) => metadata.name === inputs['run']);
};

export const TERMINATE: Act = {
  id: 'run.terminate',
  verb: 'End an analysis of',
  risk: 'other',
  inGroups: false,
  rights: () => [PATCH_RUN],
  refuse: (sight) => (runningRuns(sight).length > 0 ? undefined : obstacle('no run', `${sight.facts.name} has no analysis that is running.`)),
  asks(sight) {
    const runs = runningRuns(sight);
    if (runs.length < 2) return [];
    const rows = runs.map((run) => ({
      value: run.metadata.name,
      text: `${run.metadata.name}  ${run.metadata.labels?.['rollout-type'] ?? ''}  since ${ageText(parseTime(run.metadata.creationTimestamp), sight.now)}`,
    }));
    const under = rows.find(({ value }) => value === sight.under);
    return [{ id: 'run', label: 'which', initial: under?.value ?? rows[0]?.value ?? '', rows }];
  },
  settled(sight): Inputs {
    const [only, ...others] = runningRuns(sight);
    return only === undefined || others.length > 0 ? {} : { run: only.metadata.name };
  },
  tell(sight, inputs) {
    const run = chosenRun(sight, inputs);
    return {
      effect: run === undefined ? 'choose one' : 'end analysis',
      effectWords: run === undefined ? 'the chosen analysis ends now' : `analysis ${run.metadata.name} ends now`,
      notes: ['what it has measured so far counts; an unfinished analysis step then passes or fails by that'],
    };
  },
  changes(sight, inputs) {
    const run = chosenRun(sight, inputs);
    return run === undefined ? { type: 'refusal', reason: 'that analysis has ended' } : terminate(run, 'guarded');
  },
  isObserved: (sight, _before, inputs) => !runningRuns(sight).some(({ metadata }) => metadata.name === inputs['run']),
};
