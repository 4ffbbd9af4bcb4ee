import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canarySize, currentSetWeight, desiredWeight, weightOnTheWayBack } from '../../../src/decide/rollout/weight.js';
import type { Pass } from '../../../src/decide/rollout/pass.js';
import type { CanaryStrategy, RolloutStatus } from '../../../src/kinds/rollout.js';
import { aPass, aRollout, aSet, hash, midUpdate } from './fixture.js';

const STEPS: CanaryStrategy = { steps: [{ pause: {} }, { setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { setWeight: 75 }] };
const DYNAMIC: CanaryStrategy = { ...STEPS, trafficRouting: { istio: {} }, dynamicStableScale: true };

function pass(canary: CanaryStrategy, step: number, status: Partial<RolloutStatus> = {}, available = { stable: 4, newest: 0 }): Pass {
  const rollout = aRollout({ replicas: 4, canary, status: midUpdate(canary, step, status) });
  return aPass(rollout, [aSet(1, { size: 4, available: available.stable }), aSet(2, { size: 4, available: available.newest })]);
}

describe('the weight of a step', () => {
  const rows: readonly (readonly [name: string, step: number, status: Partial<RolloutStatus>, weight: number])[] = [
    ['nothing before the first setWeight', 0, {}, 0],
    ['the step itself', 1, {}, 25],
    ['the last one before', 2, {}, 25],
    ['everything behind the last step', 5, {}, 100],
    ['nothing after an abort', 4, { abort: true }, 0],
  ];
  for (const [name, step, status, weight] of rows) it(name, () => assert.equal(currentSetWeight(pass(STEPS, step, status)), weight));
});

describe('what sizes the canary', () => {
  it('everything in a full promotion', () => assert.deepEqual(canarySize(pass(STEPS, 1, { promoteFull: true })), { type: 'weight', weight: 100 }));
  it('everything at first', () => assert.deepEqual(canarySize(pass(STEPS, 0, { stableRS: '' })), { type: 'weight', weight: 100 }));
  it('everything once it is stable', () => assert.deepEqual(canarySize(pass(STEPS, 0, { stableRS: hash(2) })), { type: 'weight', weight: 100 }));
  it('its weight otherwise', () => assert.deepEqual(canarySize(pass(STEPS, 3)), { type: 'weight', weight: 50 }));
});

describe('the way back with a shrunken stable version', () => {
  const weights = (canary: number): Partial<RolloutStatus> => ({ abort: true, canary: { weights: { canary: { weight: canary }, stable: { weight: 100 - canary } } } });
  it('goes down to what the stable version can soon carry', () => assert.equal(desiredWeight(pass(DYNAMIC, 0, weights(75), { stable: 1, newest: 3 })), 50));
  it('ends at nothing', () => assert.equal(desiredWeight(pass(DYNAMIC, 0, weights(25), { stable: 4, newest: 1 })), 0));
  it('waits for pods of the stable version', () => assert.equal(weightOnTheWayBack(pass(DYNAMIC, 0, weights(75), { stable: 1, newest: 3 })), 75));
  it('moves when they are there', () => assert.equal(weightOnTheWayBack(pass(DYNAMIC, 0, weights(75), { stable: 2, newest: 3 })), 50));
  it('never goes up again where the routes are further than a status that was not written', () => {
    const given = pass(DYNAMIC, 0, weights(75), { stable: 1, newest: 3 });
    const back = (canary: number): number => weightOnTheWayBack({ ...given, seen: { ...given.seen, route: { type: 'route', router: 'istio', splits: [{ object: 'shop', place: 'http/0', canary, stable: 100 - canary, other: 0 }], referencedHashes: [] } } });
    assert.deepEqual([back(50), back(100)], [50, 75]);
  });
  it('is one move when the stable version is whole', () => assert.equal(weightOnTheWayBack(pass({ ...STEPS, trafficRouting: { istio: {} } }, 0, weights(75))), 0));
});
