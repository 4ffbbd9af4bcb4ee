// What the console says of the rollout `cart`, from the objects as they are in the cluster.

import { buildBoard } from '../../src/console/board.js';
import { explain } from '../../src/console/reason.js';
import { ANALYSIS_RUN, DESTINATION_RULE, EVENT, POD, REPLICA_SET, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { aSnapshot } from '../support/builders.js';
import { NAMESPACE } from './stage.js';
import type { Stage } from './stage.js';

export async function screenSentence(stage: Stage): Promise<string> {
  const [rollouts, replicaSets, pods, analysisRuns, services, virtualServices, destinationRules, events] = await Promise.all(
    [ROLLOUT, REPLICA_SET, POD, ANALYSIS_RUN, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE, EVENT].map((type) => stage.list(type)),
  );
  const all = { rollouts, replicaSets, pods, analysisRuns, services, virtualServices, destinationRules, events };
  const board = buildBoard(aSnapshot(Object.fromEntries(Object.entries(all).filter(([, list]) => list !== undefined))));
  const facts = board.byKey.get(`${NAMESPACE}/cart`);
  if (facts === undefined) throw new Error('the console shows no cart');
  return explain({ facts, index: board.index, driver: { type: 'self', identity: 'x' }, now: stage.clock.now(), utcOffsetMinutes: 0 }).sentence;
}
