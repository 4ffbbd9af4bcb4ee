import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from '../../../src/decide/rollout/observed.js';
import { scaleAll } from '../../../src/decide/rollout/scaling.js';
import { forgetOldSets } from '../../../src/decide/rollout/old-sets.js';
import type { CanaryStrategy, RolloutStatus } from '../../../src/kinds/rollout.js';
import type { Route } from '../../../src/kinds/traffic.js';
import { formatTime } from '../../../src/lib/instant.js';
import { aPass, aRollout, aService, aSet, hash, HASH_LABEL, midUpdate, NOW } from './fixture.js';

const ROUTED: CanaryStrategy = { steps: [{ setWeight: 50 }], trafficRouting: { istio: {} } };

const deadline = (at: number): { annotations: Record<string, string> } => ({ annotations: { 'scale-down-deadline': formatTime(at) } });

/** What is done, in short: "shop-1 4", "shop-2 deadline". */
function brief(actions: readonly Action[]): readonly string[] {
  const names = [1, 2, 3].map((version) => [hash(version), `v${version}`] as const);
  const short = (name: string): string => names.find(([text]) => name.endsWith(text))?.[1] ?? name;
  return actions.flatMap((action) => {
    if (action.type !== 'patch') return [];
    if (Array.isArray(action.body)) return [`${short(action.ref.name)} ${(action.body[0] as { op: string }).op} deadline`];
    const { spec } = action.body as { spec?: { replicas?: number } };
    return [`${short(action.ref.name)} ${spec?.replicas ?? 'annotation'}`];
  });
}

function scaled(canary: CanaryStrategy, sets: Parameters<typeof aPass>[1], status: Partial<RolloutStatus> = {}, more: Parameters<typeof aPass>[2] = {}): ReturnType<typeof scaleAll> {
  const version = status.currentPodHash === hash(3) ? 3 : 2;
  const pass = aPass(aRollout({ version, replicas: 4, canary, status: midUpdate(canary, 0, status) }), sets, more);
  return scaleAll(pass, status.canary?.weights);
}

const at = (size: number, available = size): Parameters<typeof aSet>[1] => ({ size, available, desired: 4 });

describe('sizes', () => {
  it('the canary grows to its share', () => assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(0))]).actions), ['v2 2']));
  it('a stable version that lacks pods comes first, alone', () => assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(3)), aSet(2, at(0))]).actions), ['v1 4']));
  it('nothing is done when all fits', () => assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(2))]).actions), []));
  it('an old annotation alone is no change of size', () => {
    const result = scaled(ROUTED, [aSet(1, at(4)), aSet(2, { ...at(2), desired: 3 })]);
    assert.deepEqual([brief(result.actions), result.resized], [['v2 annotation'], false]);
  });
  it('a version that is needed again loses its deadline', () => assert.deepEqual(brief(scaled(ROUTED, [aSet(1, { ...at(4), ...deadline(NOW) }), aSet(2, at(2))]).actions), ['v1 remove deadline']));
});

describe('a stable version that shrinks as the canary grows', () => {
  const dynamic: CanaryStrategy = { ...ROUTED, dynamicStableScale: true };
  const weights = (canary: number): NonNullable<Parameters<typeof scaleAll>[1]> => ({ canary: { weight: canary }, stable: { weight: 100 - canary } });
  const stableSize = (before: number, now: number): readonly string[] => {
    const status = midUpdate(dynamic, 0, { canary: { weights: weights(before) } });
    return brief(scaleAll(aPass(aRollout({ replicas: 4, canary: dynamic, status }), [aSet(1, at(4)), aSet(2, at(2))]), weights(now)).actions);
  };
  it('gives up the pods for what has left it', () => assert.deepEqual(stableSize(50, 50), ['v1 2']));
  it('not yet in the pass in which it leaves', () => assert.deepEqual(stableSize(0, 50), []));
  it('nor in the pass in which it comes back', () => assert.deepEqual(stableSize(100, 0), []));
});

describe('a canary that is asked for less', () => {
  const edited: CanaryStrategy = { steps: [{ setWeight: 0 }], trafficRouting: { istio: {} }, dynamicStableScale: true };
  const sized = (canary: CanaryStrategy, weight: number): readonly string[] => {
    const weights = { canary: { weight, podTemplateHash: hash(2) }, stable: { weight: 100 - weight } };
    return brief(scaleAll(aPass(aRollout({ replicas: 4, canary, status: midUpdate(canary, 0, { canary: { weights } }) }), [aSet(1, at(4)), aSet(2, at(3))]), weights).actions);
  };
  it('keeps its pods while it still has the traffic', () => assert.deepEqual(sized(edited, 75), []));
  it('gives them up with the traffic', () => assert.deepEqual(sized(edited, 0), ['v2 0']));
  it('has no more than a step has asked for', () => assert.deepEqual(sized({ ...edited, steps: [{ setCanaryScale: { replicas: 1 } }] }, 75), ['v2 1']));
});

describe('after an abort behind a router', () => {
  const aborted = { abort: true };
  it('the canary gets a deadline once stable is whole', () => {
    const result = scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(2))], aborted);
    assert.deepEqual([brief(result.actions), result.wakeAt], [['v2 add deadline'], NOW + 30_000]);
  });
  it('not before', () => assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4, 3)), aSet(2, at(2))], aborted).actions), []));
  it('a stable version with more pods than replicas is whole, too', () => {
    const least: CanaryStrategy = { ...ROUTED, dynamicStableScale: true, abortScaleDownDelaySeconds: 30, minPodsPerReplicaSet: 6 };
    assert.deepEqual(brief(scaled(least, [aSet(1, at(6)), aSet(2, at(6))], aborted).actions), ['v2 add deadline']);
  });
  it('it stays until then', () => {
    const result = scaled(ROUTED, [aSet(1, at(4)), aSet(2, { ...at(2), ...deadline(NOW + 5000) })], aborted);
    assert.deepEqual([brief(result.actions), result.wakeAt], [[], NOW + 5000]);
  });
  it('while users are sent there no clock runs, and no pod goes', () => {
    const busy = { ...aborted, canary: { weights: { canary: { weight: 100, podTemplateHash: hash(2) }, stable: { weight: 0 } } } };
    assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(4))], busy).actions), []);
    assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, { ...at(4), ...deadline(NOW) })], busy).actions), []);
    assert.deepEqual(brief(scaled({ ...ROUTED, abortScaleDownDelaySeconds: 0 }, [aSet(1, at(4)), aSet(2, at(4))], busy).actions), []);
  });
  it('a new number of replicas is noted on it, so that sizes do not come before the traffic for ever', () => {
    assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, { size: 5, desired: 5, ...deadline(NOW + 5000) })], aborted).actions), ['v2 annotation']);
  });
  it('however long that is', () => assert.equal(scaled(ROUTED, [aSet(1, at(4)), aSet(2, { ...at(2), ...deadline(NOW + 3_600_000) })], aborted).wakeAt, NOW + 3_600_000));
  it('and goes then', () => assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, { ...at(2), ...deadline(NOW) })], aborted).actions), ['v2 0']));
  it('without a delay it goes at once', () => {
    assert.deepEqual(brief(scaled({ ...ROUTED, abortScaleDownDelaySeconds: 0 }, [aSet(1, at(4)), aSet(2, at(2))], aborted).actions), ['v2 0']);
  });
});

describe('older versions', () => {
  const third = { currentPodHash: hash(3) };
  const promoted = { currentPodHash: hash(2), stableRS: hash(2) };
  it('behind a router, one in between goes at once', () => {
    assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(2)), aSet(3, at(2))], third).actions), ['v2 0']);
  });
  it('but not while a Service points to it', () => {
    const services = [aService('shop-canary', { [HASH_LABEL]: hash(2) })];
    assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(2)), aSet(3, at(2))], third, { services }).actions), []);
  });
  it('nor while a route does', () => {
    const route: Route = { type: 'route', router: 'istio', splits: [], referencedHashes: [hash(2)] };
    assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(2)), aSet(3, at(2))], third, { route }).actions), []);
  });
  it('after a promotion the former stable version has its time', () => {
    const result = scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(4))], promoted);
    assert.deepEqual([brief(result.actions), result.wakeAt], [['v1 add deadline'], NOW + 30_000]);
  });
  it('and goes then', () => assert.deepEqual(brief(scaled(ROUTED, [aSet(1, { ...at(4), ...deadline(NOW) }), aSet(2, at(4))], promoted).actions), ['v1 0']));
  it('with a dynamic stable version at once', () => assert.deepEqual(brief(scaled({ ...ROUTED, dynamicStableScale: true }, [aSet(1, at(2)), aSet(2, at(4))], promoted).actions), ['v1 0']));
  it('one that users may be sent to keeps its size when its pods are lost', () => {
    const weights = { canary: { weight: 100, podTemplateHash: hash(2) }, stable: { weight: 0 } };
    const status = { currentPodHash: hash(3), canary: { weights } };
    assert.deepEqual(brief(scaled(ROUTED, [aSet(1, at(4)), aSet(2, at(4, 0)), aSet(3, at(2))], status).actions), []);
  });
  it('pods beyond the limit of delayed revisions go at once', () => {
    const limited = { ...ROUTED, scaleDownDelayRevisionLimit: 1 };
    const sets = [aSet(1, { ...at(4), ...deadline(NOW + 9000) }), aSet(2, { ...at(4), ...deadline(NOW + 9000) }), aSet(3, at(4))];
    assert.deepEqual(brief(scaled(limited, sets, { currentPodHash: hash(3), stableRS: hash(3) }).actions), ['v1 0']);
  });
  it('without a router they make room as others become available', () => {
    const basic: CanaryStrategy = { maxSurge: 1, maxUnavailable: 0 };
    assert.deepEqual(brief(scaled(basic, [aSet(1, at(3)), aSet(2, at(2))], promoted).actions), ['v1 2']);
  });
  it('a pod that is about to go is not counted as available', () => {
    const basic: CanaryStrategy = { maxSurge: 1, maxUnavailable: 0 };
    const stale = aSet(1, { size: 1, available: 2, desired: 4 });
    assert.deepEqual(brief(scaled(basic, [stale, aSet(2, at(4, 3))], promoted).actions), []);
  });
  it('give up pods that never became available', () => assert.deepEqual(brief(scaled({}, [aSet(1, at(3, 1)), aSet(2, at(4, 0))], promoted).actions), ['v1 1']));
});

describe('the history of revisions', () => {
  const pass = (limit: number, oldest: Parameters<typeof aSet>[1]): ReturnType<typeof aPass> => {
    const rollout = aRollout({ version: 3, canary: ROUTED, spec: { revisionHistoryLimit: limit }, status: midUpdate(ROUTED, 0, { currentPodHash: hash(3), stableRS: hash(3) }) });
    return aPass(rollout, [aSet(1, oldest), aSet(2), aSet(3, at(4))]);
  };
  const forgotten = (limit: number, oldest: Parameters<typeof aSet>[1]): readonly string[] => forgetOldSets(pass(limit, oldest)).map(({ ref }) => ref.name);
  it('keeps the limit', () => assert.deepEqual(forgotten(2, {}), []));
  it('forgets the oldest beyond it', () => assert.deepEqual(forgotten(1, {}), [`shop-${hash(1)}`]));
  it('but none that has pods', () => assert.deepEqual(forgotten(1, at(1)), []));
});
