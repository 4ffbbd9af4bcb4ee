// Acts that leave the revision as it is: restart its pods, end an analysis.

import { terminate } from '../../decide/analysis/commands.js';
import { restart } from '../../decide/rollout/commands.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { asRollout } from '../../kinds/rollout.js';
import { parseTime } from '../../lib/instant.js';
import { runsOf } from '../board.js';
import { numberAt, textAt } from '../../lib/read.js';
import { ageText } from '../time-words.js';
import { heedlessOfHold } from './roll-back-doubts.js';
import { type Act, type ActSight, type Inputs, obstacle, PATCH_ROLLOUT, PATCH_RUN } from './act.js';

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
  tell(sight) {
    const { facts } = sight;
    const pods = numberAt(facts.object, 'status', 'replicas') ?? 0;
    return {
      effect: `${pods} pods`,
      effectWords: `all ${pods} pods are replaced, a few at a time, as disruption budgets allow`,
      notes: [...heedlessOfHold(sight), 'the same images and settings; weights stay as they are'],
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
