import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isStepDone } from '../../../src/decide/rollout/steps.js';
import { decideCanary } from '../../../src/decide/rollout/canary.js';
import { isRollingBack, trafficStep } from '../../../src/decide/rollout/traffic.js';
import { serviceActions } from '../../../src/decide/rollout/services.js';
import type { Pass } from '../../../src/decide/rollout/pass.js';
import type { Action } from '../../../src/decide/rollout/observed.js';
import type { CanaryStrategy, RolloutStatus } from '../../../src/kinds/rollout.js';
import type { Traffic } from '../../../src/kinds/traffic.js';
import { aPass, aRollout, aService, aSet, hash, HASH_LABEL, midUpdate } from './fixture.js';
import type { SetOptions } from './fixture.js';

const ROUTED: CanaryStrategy = { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }], canaryService: 'shop-canary', stableService: 'shop-stable', trafficRouting: { istio: {} } };
const whole = { size: 10 };
const services = (canary = hash(1), stable = hash(1)): ReturnType<typeof aService>[] => [aService('shop-canary', { [HASH_LABEL]: canary }), aService('shop-stable', { [HASH_LABEL]: stable })];

function weights(canary: number, canaryHash = hash(2)): NonNullable<NonNullable<RolloutStatus['canary']>['weights']> {
  return { canary: { weight: canary, serviceName: 'shop-canary', podTemplateHash: canaryHash }, stable: { weight: 100 - canary, serviceName: 'shop-stable', podTemplateHash: hash(1) } };
}

const back: CanaryStrategy = { ...ROUTED, steps: [{ setWeight: 50 }, { setWeight: 20 }] };

type Case = { readonly canary?: CanaryStrategy; readonly step?: number; readonly status?: Partial<RolloutStatus>; readonly stable?: SetOptions; readonly newest?: SetOptions };

function pass({ canary = ROUTED, step = 0, status = {}, stable = whole, newest = { size: 2 } }: Case): Pass {
  return aPass(aRollout({ canary, status: midUpdate(canary, step, status) }), [aSet(1, stable), aSet(2, newest)], { services: services() });
}

const asked = (actions: readonly Action[]): Traffic | undefined => actions.find((action) => action.type === 'route')?.traffic;

describe('the weight asked for', () => {
  const rows: readonly (readonly [name: string, given: Case, weight: number | undefined, order?: Traffic['order']])[] = [
    ['nothing while the canary has no pods', { newest: { size: 2, available: 0 } }, 0],
    ['its step when the pods are there', {}, 20],
    ['the last weight while pods of the next step are missing', { step: 2 }, 20],
    ['the next when they are there', { step: 2, newest: { size: 5 } }, 50],
    ['a step back at once, before the pods go', { canary: back, step: 1, newest: { size: 5 } }, 20],
    ['a step back when stable can carry the rest, and not before', { canary: { ...back, dynamicStableScale: true }, step: 1, stable: { size: 5 }, newest: { size: 5 } }, undefined],
    ['everything behind the last step', { step: 3, newest: whole }, 100],
    ['the last weight until all pods are there', { step: 3, newest: { size: 10, available: 9 } }, 50],
    ['nothing after an abort', { status: { abort: true, canary: { weights: weights(20) } } }, 0],
    ['nothing after an abort, though stable lacks a pod', { status: { abort: true }, stable: { size: 10, available: 9 } }, 0],
    ['no word after an abort when stable has no pod at all', { status: { abort: true }, stable: { size: 10, available: 0 } }, undefined],
    ['what it is in a full promotion, until the end', { step: 3, status: { promoteFull: true, canary: { weights: weights(20) } }, newest: { size: 5 } }, 20],
    ['stable, once promoted', { step: 3, status: { stableRS: hash(2) }, newest: whole }, 0],
    ['also when an abort came too late', { step: 3, status: { stableRS: hash(2), abort: true }, newest: whole }, 0, 'hash-first'],
    ['no word when stable is too small for its share', { stable: { size: 10, available: 7 } }, undefined],
    ['also where the status knows of none: the route may have been edited', { newest: { size: 2, available: 0 }, status: { canary: { weights: weights(0) } } }, 0, 'weight-first'],
    ['traffic leaves before the name when the pods are gone', { newest: { size: 2, available: 0 }, status: { canary: { weights: weights(20) } } }, 0, 'weight-first'],
  ];
  for (const [name, given, weight, order] of rows) {
    it(name, () => {
      const traffic = asked(trafficStep(pass(given)).actions);
      assert.equal(traffic?.weight, weight);
      if (order !== undefined) assert.equal(traffic?.order, order);
    });
  }
  describe('back to an earlier version within the rollback window', () => {
    const back = (available: number, canary?: RolloutStatus['canary']): number | undefined => {
      const status = { ...midUpdate(ROUTED, 3), stableRS: hash(2), currentPodHash: hash(1), ...(canary === undefined ? {} : { canary }) };
      const rollout = aRollout({ version: 1, canary: ROUTED, spec: { rollbackWindow: { revisions: 2 } }, status });
      return asked(trafficStep(aPass(rollout, [aSet(1, { size: 10, available }), aSet(2, whole)], { services: services() })).actions)?.weight;
    };
    it('is nothing while its pods are starting: no step has sized them', () => assert.equal(back(1), 0));
    it('is not what another canary had', () => assert.equal(back(1, { weights: weights(50, hash(3)) }), 0));
    it('is what it has already', () => assert.equal(back(9, { weights: weights(50, hash(1)) }), 50));
    it('is everything when they are all there', () => assert.equal(back(10), 100));
  });
  it('is not asked for without a router', () => assert.deepEqual(trafficStep(pass({ canary: { steps: [{ setWeight: 20 }] } })).actions, []));
  it('does not count stable pods that are about to go', () => assert.equal(asked(trafficStep(pass({ stable: { size: 7, available: 10 } })).actions), undefined));
});

describe('the step of a weight', () => {
  const dynamic: CanaryStrategy = { ...ROUTED, steps: [{ setWeight: 20 }], dynamicStableScale: true };
  const none: CanaryStrategy = { ...dynamic, steps: [{ setWeight: 0 }] };
  const done = (canary: CanaryStrategy, available: number, known: ReturnType<typeof weights>): boolean =>
    isStepDone(pass({ canary, newest: { size: available } }), known, { runPhase: undefined, experimentPhase: undefined, pluginPhase: undefined });
  it('is done when this version has it', () => assert.equal(done(dynamic, 2, weights(20)), true));
  it('is not done by what an earlier canary has', () => assert.equal(done(dynamic, 2, weights(20, hash(3))), false));
  it('is not done while a Service that was made anew waits for all of its pods', () => {
    const done = (available: number, managed: boolean): boolean => {
      const given = { ...pass({ canary: { ...dynamic, replicaProgressThreshold: { type: 'Pods', value: 1 } }, newest: { size: 2, available } }) };
      const seen = { ...given.seen, services: [aService('shop-canary', {}, managed), ...services().slice(1)] };
      return isStepDone({ ...given, seen }, weights(20), { runPhase: undefined, experimentPhase: undefined, pluginPhase: undefined });
    };
    assert.deepEqual([done(1, false), done(2, false), done(1, true)], [false, true, true]);
  });
  it('that is nothing is done when nobody has any', () => assert.deepEqual([done(none, 0, weights(0, hash(3))), done(none, 0, weights(20, hash(3)))], [true, false]));
});

describe('a new version while an earlier canary has not been relieved', () => {
  const first = (stable: SetOptions, earlier: SetOptions): readonly string[] => {
    const rollout = aRollout({ canary: ROUTED, status: midUpdate(ROUTED, 0, { canary: { weights: weights(40, hash(3)) } }) });
    return messages(decideCanary(aPass(rollout, [aSet(1, stable), aSet(2, { size: 2 }), aSet(3, earlier)], { services: services(hash(3)) })).actions).filter((message) => message.startsWith('Switched'));
  };
  it('gets nothing of its traffic while stable has no pods to take it back', () => assert.deepEqual(first({ size: 10, available: 1 }, { size: 4 }), []));
  it('gets the name when stable has them, or the earlier one has none left', () => {
    const switched = [`Switched selector for service 'shop-canary' from '${hash(3)}' to '${hash(2)}'`];
    assert.deepEqual([first(whole, { size: 4 }), first({ size: 10, available: 1 }, { size: 4, available: 0 })], [switched, switched]);
  });
});

describe('an abort while an earlier canary has not been relieved', () => {
  const dynamic: CanaryStrategy = { ...ROUTED, dynamicStableScale: true };
  const aborted = (stable: SetOptions, earlier: SetOptions): ReturnType<typeof trafficStep> => {
    const rollout = aRollout({ canary: dynamic, status: midUpdate(dynamic, 0, { abort: true, canary: { weights: weights(40, hash(3)) } }) });
    return trafficStep(aPass(rollout, [aSet(1, stable), aSet(2, { size: 1 }), aSet(3, earlier)], { services: services(hash(3)) }));
  };
  it('leaves it its share while stable has no pods for it', () => {
    const { actions } = aborted({ size: 10, available: 6 }, { size: 4 });
    assert.deepEqual([asked(actions)?.weight, asked(actions)?.canaryHash, actions.some(({ type }) => type === 'patch')], [40, hash(3), false]);
  });
  it('and when nobody has pods, leaves the Service with the share that the status knows of', () => {
    assert.deepEqual(messages(aborted({ size: 10, available: 0 }, { size: 4, available: 0 }).actions), []);
    assert.equal(asked(aborted({ size: 10, available: 1 }, { size: 4, available: 0 }).actions)?.weight, 0);
  });
  it('takes it back when stable has them, before the aborted version is named', () => {
    const traffic = asked(aborted(whole, { size: 4 }).actions);
    assert.deepEqual([traffic?.weight, traffic?.order], [0, 'weight-first']);
  });
  it('takes it back at once from one without pods', () => assert.deepEqual(messages(aborted(whole, { size: 4, available: 0 }).actions).slice(0, 1), [`Switched selector for service 'shop-canary' from '${hash(3)}' to '${hash(1)}'`]));
});

it('a share that is less than a pod needs a pod of stable all the same', () => {
  const canary: CanaryStrategy = { ...ROUTED, dynamicStableScale: true };
  const given = (available: number): Pass => aPass(aRollout({ replicas: 1, canary, status: midUpdate(canary, 0, { canary: { weights: weights(100, hash(1)) } }) }), [aSet(1, { size: 1, available, desired: 1 }), aSet(2, { size: 1, desired: 1 })], { services: services() });
  assert.deepEqual([0, 1].map((available) => asked(trafficStep(given(available)).actions)?.weight), [undefined, 20]);
});

describe('what the status remembers', () => {
  it('tells of the first weight', () => assert.equal(messages(trafficStep(pass({ newest: { size: 2, available: 0 } })).actions).at(-1), 'Traffic weight updated to 0'));
  it('tells of a change', () => assert.equal(messages(trafficStep(pass({ status: { canary: { weights: weights(0) } } })).actions).at(-1), 'Traffic weight updated from 0 to 20'));
  it('stays the same object when nothing changes', () => {
    const before = weights(20);
    const given = pass({ status: { canary: { weights: before } } });
    assert.equal(trafficStep(given).weights, given.status.canary?.weights);
  });
});

const messages = (actions: readonly Action[]): readonly string[] => actions.flatMap((action) => (action.type === 'note' ? [action.note.message] : []));

describe('Services', () => {
  const rows: readonly (readonly [name: string, given: Case, switched: readonly string[]])[] = [
    ['the canary Service waits for a pod', { newest: { size: 2, available: 0 } }, []],
    ['and follows the first', { newest: { size: 2, available: 1 } }, [`Switched selector for service 'shop-canary' from '${hash(1)}' to '${hash(2)}'`]],
    ['after an abort it stays where traffic put it', { status: { abort: true } }, []],
    ['the stable Service follows the promotion', { status: { stableRS: hash(2) }, newest: whole }, [
      `Switched selector for service 'shop-stable' from '${hash(1)}' to '${hash(2)}'`, `Switched selector for service 'shop-canary' from '${hash(1)}' to '${hash(2)}'`]],
  ];
  for (const [name, given, switched] of rows) it(name, () => assert.deepEqual(messages(serviceActions(pass(given), false)), switched));

  it('one that comes under management waits for all pods', () => {
    const adopt = (available: number): number => {
      const rollout = aRollout({ canary: ROUTED, status: midUpdate(ROUTED, 0) });
      const given = aPass(rollout, [aSet(1, { size: 10, available }), aSet(2)], { services: [aService('shop-stable', {}, false)] });
      return serviceActions(given, false).length;
    };
    assert.deepEqual([adopt(9), adopt(10)], [0, 2]);
  });
  it('the abort sends the canary Service home with the traffic', () => {
    const rollout = aRollout({ canary: ROUTED, status: midUpdate(ROUTED, 0, { abort: true, canary: { weights: weights(20) } }) });
    const given = aPass(rollout, [aSet(1, whole), aSet(2, { size: 2 })], { services: services(hash(2)) });
    assert.deepEqual(messages(trafficStep(given).actions), [`Switched selector for service 'shop-canary' from '${hash(2)}' to '${hash(1)}'`, 'Traffic weight updated from 20 to 0']);
  });
});

describe('rolling back with a shrunken stable version', () => {
  const dynamic: CanaryStrategy = { ...ROUTED, dynamicStableScale: true };
  // Version 1 is wanted again; version 2 still has the traffic.
  const back = (stable: SetOptions): Pass => {
    const rollout = aRollout({ version: 1, canary: dynamic, status: { ...midUpdate(dynamic, 3), currentPodHash: hash(1), canary: { weights: weights(50) } } });
    return aPass(rollout, [aSet(1, stable), aSet(2, { size: 5 })]);
  };
  it('is what it is called', () => assert.equal(isRollingBack(back({ size: 5 })), true));
  it('keeps the canary\'s name while it has traffic', () => assert.equal(asked(trafficStep(back({ size: 10, available: 7 })).actions)?.canaryHash, hash(2)));
  it('keeps the weight until stable can carry all', () => assert.equal(asked(trafficStep(back({ size: 10, available: 7 })).actions)?.weight, 50));
  it('then gives all back', () => assert.equal(asked(trafficStep(back(whole)).actions)?.weight, 0));
  it('is over when stable is whole', () => assert.equal(isRollingBack(back(whole)), false));
});
