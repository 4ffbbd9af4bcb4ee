// What the console says of the rollout `cart`, from the objects as they are in the cluster.

import { driverFrom } from '../../src/app/driver.js';
import { buildBoard } from '../../src/console/board.js';
import { explainWhole, type Explanation } from '../../src/console/explain/explanation.js';
import { explain, type ReasonSight } from '../../src/console/reason.js';
import { DEFAULT_LEASE_NAMESPACE, leaseRef, readRecord } from '../../src/controllers/lease-record.js';
import { ANALYSIS_RUN, DESTINATION_RULE, EVENT, POD, REPLICA_SET, RESOURCE_QUOTA, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import type { Driver } from '../../src/kinds/snapshot.js';
import { aSnapshot } from '../support/builders.js';
import { NAMESPACE } from './stage.js';
import type { Stage } from './stage.js';

const SELF: Driver = { type: 'self', identity: 'x' };

async function sightOf(stage: Stage, more: Partial<ReasonSight>): Promise<ReasonSight> {
  const [rollouts, replicaSets, pods, analysisRuns, services, virtualServices, destinationRules, events] = await Promise.all(
    [ROLLOUT, REPLICA_SET, POD, ANALYSIS_RUN, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE, EVENT].map((type) => stage.list(type)),
  );
  const all = { rollouts, replicaSets, pods, analysisRuns, services, virtualServices, destinationRules, events };
  const board = buildBoard(aSnapshot(Object.fromEntries(Object.entries(all).filter(([, list]) => list !== undefined))));
  const facts = board.byKey.get(`sluice ${NAMESPACE}/cart`);
  if (facts === undefined) throw new Error('the console shows no cart');
  return { facts, index: board.index, driver: SELF, now: stage.clock.now(), utcOffsetMinutes: 0, ...more };
}

export async function screenSentence(stage: Stage): Promise<string> {
  return explain(await sightOf(stage, {})).sentence;
}

/** In full, with who drives as the Lease says it. */
export async function screenExplanation(stage: Stage, more: Partial<ReasonSight> = {}): Promise<Explanation> {
  const lease = await stage.cluster.get(leaseRef(DEFAULT_LEASE_NAMESPACE));
  const driver = driverFrom(lease.ok ? readRecord(lease.value) : undefined, stage.clock.now());
  return explainWhole(await sightOf(stage, { driver, quotas: await stage.list(RESOURCE_QUOTA), ...more }));
}
