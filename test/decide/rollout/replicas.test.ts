import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { atDesiredCounts } from '../../../src/decide/rollout/desired-counts.js';
import { resolve } from '../../../src/decide/rollout/int-or-percent.js';
import { boundsOf, idealSplit, nextBasic } from '../../../src/decide/rollout/replicas-basic.js';
import { wantedRouted } from '../../../src/decide/rollout/replicas-routed.js';
import type { CanaryStrategy } from '../../../src/kinds/rollout.js';
import { aPass, aRollout, aSet, basicPass, hash, midUpdate } from './fixture.js';

describe('an ideal split', () => {
  const rows: readonly (readonly [name: string, total: number, weight: number, surge: number, canary: number, stable: number])[] = [
    ['a tenth of ten', 10, 10, 1, 1, 9],
    ['a third of three', 3, 33, 1, 1, 2],
    ['half of an odd number goes up', 5, 50, 0, 3, 2],
    ['a little of one pod needs a pod more', 1, 5, 1, 1, 1],
    ['a little of one pod without a surge is all or nothing', 1, 5, 0, 0, 1],
    ['never nothing for a weight above zero; a pod more comes nearer', 10, 1, 1, 1, 10],
    ['never everything for a weight below the maximum', 4, 99, 0, 3, 1],
    ['nothing', 4, 0, 1, 0, 4],
    ['everything', 4, 100, 1, 4, 0],
    ['no pods', 0, 50, 1, 0, 0],
  ];
  for (const [name, total, weight, surge, canary, stable] of rows) it(name, () => assert.deepEqual(idealSplit(total, weight, 100, surge), { canary, stable }));
});

describe('surge and unavailability', () => {
  const rows: readonly (readonly [name: string, canary: CanaryStrategy, replicas: number, surge: number, unavailable: number])[] = [
    ['a quarter by default', {}, 10, 3, 2],
    ['numbers as they are', { maxSurge: 2, maxUnavailable: 1 }, 10, 2, 1],
    ['shares round up and down', { maxSurge: '15%', maxUnavailable: '15%' }, 10, 2, 1],
    ['quoted numbers are shares', { maxSurge: '2', maxUnavailable: 0 }, 100, 2, 0],
    ['one must give way', { maxSurge: '0%', maxUnavailable: '1%' }, 10, 0, 1],
    ['no more than all', { maxSurge: 0, maxUnavailable: 5 }, 2, 0, 2],
  ];
  for (const [name, canary, replicas, surge, unavailable] of rows) {
    it(name, () => assert.deepEqual(boundsOf(aPass(aRollout({ canary, replicas }), [])), { surge, unavailable }));
  }
  it('text that is no number is nothing', () => assert.equal(resolve('many', 10, Math.ceil), undefined));
});

describe('the next sizes without a router', () => {
  const steps = (setWeight: number): CanaryStrategy => ({ steps: [{ setWeight }, { pause: {} }] });
  const rows: readonly (readonly [name: string, canary: CanaryStrategy, stable: { size: number; available?: number }, newest: { size: number; available?: number }, next: { canary: number; stable: number }])[] = [
    ['the canary comes first', { ...steps(10), maxSurge: 1, maxUnavailable: 1 }, { size: 10 }, { size: 0 }, { canary: 1, stable: 9 }],
    ['without a surge, stable makes room first', { ...steps(30), maxSurge: 0, maxUnavailable: 5 }, { size: 10 }, { size: 0 }, { canary: 0, stable: 7 }],
    ['then the canary takes it', { ...steps(30), maxSurge: 0, maxUnavailable: 5 }, { size: 7 }, { size: 0 }, { canary: 3, stable: 7 }],
    ['stable waits for canary pods', { ...steps(30), maxSurge: 3, maxUnavailable: 0 }, { size: 10 }, { size: 3, available: 0 }, { canary: 3, stable: 10 }],
    ['and goes when they are there', { ...steps(30), maxSurge: 3, maxUnavailable: 0 }, { size: 10 }, { size: 3 }, { canary: 3, stable: 7 }],
    ['pods of the canary that are about to go carry nobody, even when it is to grow again', { ...steps(100), maxSurge: 1, maxUnavailable: 0 }, { size: 5 }, { size: 5, available: 6 }, { canary: 6, stable: 5 }],
    ['a smaller weight gives pods back to stable', { ...steps(10), maxSurge: 1, maxUnavailable: 1 }, { size: 5 }, { size: 5 }, { canary: 4, stable: 6 }],
  ];
  for (const [name, canary, stable, newest, next] of rows) it(name, () => assert.deepEqual(nextBasic(basicPass(10, canary, { stable, newest })), next));
});

describe('the next sizes beside an older version that is still needed', () => {
  const next = (setWeight: number, sizes: readonly [stable: number, available: number, older: number, newest: number]): { canary: number; stable: number } => {
    const canary: CanaryStrategy = { steps: [{ setWeight }, { pause: {} }], maxSurge: 2, maxUnavailable: 0 };
    const [size, available, older, newest] = sizes;
    const rollout = aRollout({ version: 3, replicas: 4, canary, status: midUpdate(canary, 0, { currentPodHash: hash(3) }) });
    return nextBasic(aPass(rollout, [aSet(1, { size, available }), aSet(2, { size: older }), aSet(3, { size: newest })]));
  };
  it('a stable version without available pods gives way', () => assert.deepEqual(next(100, [3, 0, 3, 0]), { canary: 0, stable: 0 }));
  it('and the canary takes the room', () => assert.deepEqual(next(100, [0, 0, 3, 0]), { canary: 3, stable: 0 }));
  it('but it keeps the pods that answer', () => assert.deepEqual(next(100, [3, 2, 3, 0]), { canary: 0, stable: 2 }));
  it('and those that the weight leaves it', () => assert.deepEqual(next(50, [3, 0, 3, 0]), { canary: 0, stable: 2 }));
  it('and all while there is room', () => assert.deepEqual(next(50, [2, 0, 2, 2]), { canary: 2, stable: 2 }));
});

describe('the sizes behind a router', () => {
  const routed = (more: CanaryStrategy = {}): CanaryStrategy => ({ steps: [{ setWeight: 25 }], trafficRouting: { istio: {} }, ...more });
  const weights = (canary: number): { canary: { weight: number }; stable: { weight: number } } => ({ canary: { weight: canary }, stable: { weight: 100 - canary } });
  const rows: readonly (readonly [name: string, canary: CanaryStrategy, weight: number, status: object, canarySize: number, stable: number])[] = [
    ['stable stays whole', routed(), 0, {}, 3, 10],
    ['a minimum for each', routed({ minPodsPerReplicaSet: 4 }), 0, {}, 4, 10],
    ['stable shrinks only after the traffic has moved', routed({ dynamicStableScale: true }), 0, {}, 3, 10],
    ['and when it has', routed({ dynamicStableScale: true }), 25, {}, 3, 8],
    ['after an abort the canary keeps what its traffic needs', routed({ dynamicStableScale: true }), 50, { abort: true }, 5, 10],
    ['a fixed number', routed({ steps: [{ setCanaryScale: { replicas: 2 } }] }), 0, {}, 2, 10],
    ['a fixed share', routed({ steps: [{ setCanaryScale: { weight: 50 } }] }), 0, {}, 5, 10],
    ['given back to the weight', routed({ steps: [{ setWeight: 20 }, { setCanaryScale: { matchTrafficWeight: true } }] }), 0, {}, 2, 10],
    ['an abort gives it back too', routed({ steps: [{ setCanaryScale: { replicas: 2 } }] }), 0, { abort: true }, 0, 10],
  ];
  for (const [name, canary, weight, status, canarySize, stable] of rows) {
    it(name, () => {
      const rollout = aRollout({ canary, status: midUpdate(canary, (canary.steps ?? []).length - 1, status) });
      assert.deepEqual(wantedRouted(aPass(rollout, [aSet(1, { size: 10 }), aSet(2, { size: 0 })]), weights(weight)), { canary: canarySize, stable });
    });
  }
});

test('a stable version that still has the share of the canary it was keeps pods for it', () => {
  const canary: CanaryStrategy = { dynamicStableScale: true, trafficRouting: { istio: {} }, steps: [{ setWeight: 60 }] };
  const pass = aPass(aRollout({ replicas: 10, canary, status: midUpdate(canary, 0) }), [aSet(1, { size: 10 }), aSet(2, { size: 0 })]);
  const stable = (canaryHash: string): number => wantedRouted(pass, { canary: { weight: 100, podTemplateHash: canaryHash }, stable: { weight: 0 } }).stable;
  assert.deepEqual([stable(hash(1)), stable(hash(3))], [10, 4]);
});

test('an abort never takes pods from a stable version that has grown already', () => {
  const canary: CanaryStrategy = { dynamicStableScale: true, trafficRouting: { istio: {} }, steps: [{ setWeight: 10 }] };
  const rollout = aRollout({ replicas: 10, canary, status: midUpdate(canary, 0, { abort: true }) });
  const stable = (size: number): number => wantedRouted(aPass(rollout, [aSet(1, { size, available: 5 }), aSet(2, { size: 0 })]), undefined).stable;
  assert.deepEqual([stable(10), stable(7), stable(12)], [10, 9, 10]);
});

describe('the sizes of the step', () => {
  const canary: CanaryStrategy = { steps: [{ setWeight: 50 }], maxSurge: 1, maxUnavailable: 0 };
  const half = { size: 1 };
  it('are reached when pods are available', () => assert.equal(atDesiredCounts(basicPass(2, canary, { stable: half, newest: half }), undefined), true));
  it('are not while one is missing', () => assert.equal(atDesiredCounts(basicPass(2, canary, { stable: half, newest: { size: 1, available: 0 } }), undefined), false));
  it('are not while the pods are counted for a former size', () => {
    assert.equal(atDesiredCounts(basicPass(2, canary, { stable: half, newest: { size: 1, generation: 3, observed: 2 } }), undefined), false);
    const some: CanaryStrategy = { ...canary, replicaProgressThreshold: { type: 'Pods', value: 1 } };
    assert.equal(atDesiredCounts(basicPass(4, some, { stable: { size: 2 }, newest: { size: 2, generation: 3, observed: 2 } }), undefined), false);
  });
  it('are not while an older version still runs', () => {
    const rollout = aRollout({ version: 3, replicas: 2, canary, status: midUpdate(canary, 0, { currentPodHash: hash(3) }) });
    const sets = [aSet(1, half), aSet(2, { size: 1 }), aSet(3, half)];
    assert.equal(atDesiredCounts(aPass(rollout, sets), undefined), false);
  });
  it('are not when an older version holds the room of the canary', () => {
    const rollout = aRollout({ version: 3, replicas: 2, canary, status: midUpdate(canary, 0, { currentPodHash: hash(3) }) });
    const sets = [aSet(1, { size: 2 }), aSet(2, { size: 1, available: 0 }), aSet(3, { size: 0 })];
    assert.equal(atDesiredCounts(aPass(rollout, sets), undefined), false);
  });
  it('may be reached by a part of the pods', () => {
    const some: CanaryStrategy = { ...canary, replicaProgressThreshold: { type: 'Percent', value: 50 } };
    assert.equal(atDesiredCounts(basicPass(4, some, { stable: { size: 3 }, newest: { size: 2, available: 1 } }), undefined), true);
  });
});
