// A canary that has users and that no analysis looks at: said wherever somebody might take silence for good news.

import { type ClusterIndex, currentRuns } from './board.js';
import type { RolloutFacts } from './facts.js';
import { at, hasAt, numberAt } from '../lib/read.js';

/** The step, counted from 0, at which the first analysis ahead begins; undefined when there is none. */
function firstMeasured({ object, steps, stepIndex = 0 }: RolloutFacts): number | undefined {
  const background = at(object, 'spec', 'strategy', 'canary', 'analysis');
  const own = steps.findIndex((step, place) => place >= stepIndex && (hasAt(step, 'analysis') || hasAt(step, 'experiment')));
  const begins = [...(own < 0 ? [] : [own]), ...(background === undefined ? [] : [Math.max(stepIndex, numberAt(background, 'startingStep') ?? 0)])];
  return begins.length === 0 ? undefined : Math.min(...begins);
}

/** "nothing measures this canary until step 5"; undefined when something does, has done, or is about to. */
export function unmeasuredText(facts: RolloutFacts, index: ClusterIndex): string | undefined {
  if (facts.strategy !== 'canary' || !facts.inFlight || facts.aborted || currentRuns(index, facts).length > 0) return undefined;
  const first = firstMeasured(facts);
  if (first === undefined) return 'nothing measures this canary: no analysis is ahead';
  return first <= (facts.stepIndex ?? 0) ? undefined : `nothing measures this canary until step ${first + 1}`;
}
