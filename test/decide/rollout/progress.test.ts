import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCondition, putCondition, replaceCondition } from '../../../src/decide/rollout/conditions.js';
import { isHealthy, phaseOf } from '../../../src/decide/rollout/health.js';
import { openingChanges } from '../../../src/decide/rollout/opening.js';
import { nextConditions } from '../../../src/decide/rollout/progress.js';
import { promotionReason } from '../../../src/decide/rollout/promotion.js';
import { reconcileRestart } from '../../../src/decide/rollout/restart.js';
import { followWorkload, resolveWorkload, retireWorkload, shrinkWorkload } from '../../../src/decide/rollout/workload.js';
import type { CanaryStrategy, Rollout, RolloutStatus } from '../../../src/kinds/rollout.js';
import { formatTime } from '../../../src/lib/instant.js';
import { aPass, aRollout, aSet, blueGreenSeen, hash, midUpdate, NOW, observed, template } from './fixture.js';
import { decideRollout } from '../../../src/decide/rollout/decide.js';
import { openPass } from '../../../src/decide/rollout/pass.js';

const condition = (type: string, status: 'True' | 'False' | 'Unknown', reason: string, ago = 0): NonNullable<RolloutStatus['conditions']>[number] =>
  ({ type, status, reason, message: `${reason}.`, lastUpdateTime: formatTime(NOW - ago), lastTransitionTime: formatTime(NOW - ago) });

describe('conditions', () => {
  const list = [condition('A', 'True', 'Old', 60_000), condition('B', 'True', 'X')];
  it('that say the same again are no news', () => assert.equal(putCondition(list, { type: 'A', status: 'True', reason: 'Old', message: 'other' }, NOW), list));
  it('with another reason go to the end and keep the time of transition', () => {
    const [, last] = putCondition(list, { type: 'A', status: 'True', reason: 'New', message: '' }, NOW);
    assert.deepEqual([last?.type, last?.lastUpdateTime, last?.lastTransitionTime], ['A', formatTime(NOW), formatTime(NOW - 60_000)]);
  });
  it('can be refreshed', () => assert.equal(findCondition(replaceCondition(list, { type: 'A', status: 'True', reason: 'Old', message: '' }, NOW), 'A')?.lastUpdateTime, formatTime(NOW)));
});

describe('phase and message', () => {
  const whole = { updatedReplicas: 10, availableReplicas: 10, replicas: 10, stableRS: 'a', currentPodHash: 'a' };
  const routed: CanaryStrategy = { trafficRouting: { istio: {} } };
  const leftBehind = { weights: { canary: { weight: 40, podTemplateHash: 'b' }, stable: { weight: 60, podTemplateHash: 'a' } } };
  const rows: readonly (readonly [name: string, status: RolloutStatus, phase: string, message: string, more?: { canary?: CanaryStrategy; spec?: Partial<Rollout['spec']> }])[] = [
    ['whole', whole, 'Healthy', ''],
    ['invalid', { ...whole, conditions: [condition('InvalidSpec', 'True', 'InvalidSpec')] }, 'Degraded', 'InvalidSpec: InvalidSpec.'],
    ['aborted', { ...whole, conditions: [condition('Progressing', 'False', 'RolloutAborted')] }, 'Degraded', 'RolloutAborted: RolloutAborted.'],
    ['paused by hand', whole, 'Paused', 'manually paused', { spec: { paused: true } }],
    ['paused', { ...whole, pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '' }] }, 'Paused', 'CanaryPauseStep'],
    ['restarting', whole, 'Progressing', 'rollout is restarting', { spec: { restartAt: formatTime(NOW) } }],
    ['too few', { ...whole, updatedReplicas: 9 }, 'Progressing', 'more replicas need to be updated'],
    ['not yet available', { ...whole, availableReplicas: 9 }, 'Progressing', 'updated replicas are still becoming available'],
    ['too many', { ...whole, replicas: 11 }, 'Progressing', 'old replicas are pending termination'],
    ['too many, behind a router', { ...whole, replicas: 11 }, 'Healthy', '', { canary: routed }],
    ['not promoted', { ...whole, stableRS: 'b' }, 'Progressing', 'waiting for all steps to complete'],
    ['rolled back, but the traffic is not', { ...whole, canary: leftBehind }, 'Progressing', 'waiting for traffic to return to the stable version', { canary: routed }],
  ];
  for (const [name, status, phase, message, more] of rows) it(name, () => assert.deepEqual(phaseOf(aRollout(more ?? {}), status), { phase, message }));
});

describe('progress', () => {
  const canary: CanaryStrategy = { steps: [{ setWeight: 50 }] };
  const after = (ago: number, more: { spec?: Partial<Rollout['spec']>; status?: RolloutStatus; next?: RolloutStatus; canary?: CanaryStrategy } = {}): ReturnType<typeof nextConditions> => {
    const status = midUpdate(canary, 0, { conditions: [condition('Progressing', 'True', 'ReplicaSetUpdated', ago), condition('Completed', 'False', 'RolloutCompleted')], ...more.status });
    const pass = aPass(aRollout({ canary: more.canary ?? canary, status, spec: { progressDeadlineSeconds: 60, ...more.spec } }), [aSet(1, { size: 10 }), aSet(2)]);
    return nextConditions(pass, { ...status, ...more.next }, { type: 'none' });
  };
  const reason = (progress: ReturnType<typeof nextConditions>): string | undefined => findCondition(progress.conditions, 'Progressing')?.reason;
  it('is patient until the deadline', () => assert.equal(reason(after(60_000)), 'ReplicaSetUpdated'));
  it('is late after it', () => assert.equal(reason(after(60_001)), 'ProgressDeadlineExceeded'));
  it('starts anew with every pod', () => assert.equal(reason(after(60_001, { next: { updatedReplicas: 1 } })), 'ReplicaSetUpdated'));
  it('has no deadline in a pause', () => assert.equal(reason(after(60_001, { canary: { steps: [{ pause: {} }] } })), 'ReplicaSetUpdated'));
  it('aborts by itself when that is wanted', () => assert.match(after(60_001, { spec: { progressDeadlineAbort: true } }).abortMessage ?? '', /has timed out progressing\.$/));
  it('aborts nothing when there is nothing to go back to', () => {
    const progress = after(60_001, { spec: { progressDeadlineAbort: true }, status: { stableRS: hash(2) } });
    assert.deepEqual([reason(progress), progress.abortMessage], ['ProgressDeadlineExceeded', undefined]);
  });
});

describe('a deadline that passes in a full promotion', () => {
  it('ends it: an abort is the newer word', () => {
    const conditions = [condition('Progressing', 'True', 'ReplicaSetUpdated', 61_000), condition('Completed', 'False', 'RolloutCompleted')];
    const counts = { updatedReplicas: 3, replicas: 6, readyReplicas: 3, availableReplicas: 3 };
    const seen = blueGreenSeen({}, { stable: { size: 3 }, newest: { size: 3, available: 0 }, status: { promoteFull: true, conditions, blueGreen: { activeSelector: hash(1), previewSelector: hash(2) }, ...counts }, spec: { progressDeadlineSeconds: 60, progressDeadlineAbort: true } });
    const { status } = decideRollout(seen, NOW);
    assert.deepEqual([status.abort, status.promoteFull], [true, undefined]);
  });
});

describe('availability', () => {
  it('of a blue-green rollout is that of the version its users have: of none, while the active Service has none', () => {
    for (const [active, wanted] of [[0, 'False'], [1, 'True']] as const) {
      const seen = blueGreenSeen({}, { active, stable: { size: 3 }, newest: { size: 3 }, status: active === 0 ? { stableRS: '', blueGreen: {} } : { blueGreen: { activeSelector: hash(1) } }, spec: { paused: true } });
      assert.equal(findCondition(decideRollout(seen, NOW).status.conditions ?? [], 'Available')?.status, wanted);
    }
  });
});

describe('health', () => {
  const healthy = (pods: number, canary: CanaryStrategy): boolean => {
    const status = midUpdate(canary, 1, { stableRS: hash(2), updatedReplicas: pods, availableReplicas: pods, replicas: pods });
    return isHealthy(aPass(aRollout({ replicas: 1, canary, status }), [aSet(2, { size: pods })]), status);
  };
  const routed: CanaryStrategy = { steps: [{ setWeight: 50 }], trafficRouting: { istio: {} }, minPodsPerReplicaSet: 2 };
  it('is all replicas', () => assert.deepEqual([healthy(1, { steps: routed.steps }), healthy(2, { steps: routed.steps })], [true, false]));
  it('is the least number of pods, where that is more', () => assert.deepEqual([healthy(1, routed), healthy(2, routed)], [false, true]));
});

describe('whole, and held back by an unclear analysis', () => {
  it('the opening and the end of a pass agree that it is paused', () => {
    const paused = { pauseConditions: [{ reason: 'InconclusiveAnalysisRun', startTime: formatTime(NOW) }], controllerPause: true };
    const counts = { updatedReplicas: 3, availableReplicas: 3, replicas: 3, blueGreen: { activeSelector: hash(2), previewSelector: hash(2) } };
    const conditions = [condition('Progressing', 'Unknown', 'RolloutPaused'), condition('Paused', 'True', 'RolloutPaused'), condition('Completed', 'False', 'RolloutCompleted')];
    const seen = blueGreenSeen({}, { stable: { size: 3 }, newest: { size: 3 }, active: 2, status: { ...paused, ...counts, conditions } });
    const pass = openPass(seen, seen.rollout, seen.replicaSets, NOW);
    assert.deepEqual(openingChanges(pass), []);
    assert.equal(findCondition(nextConditions(pass, pass.status, { type: 'none' }).conditions, 'Progressing')?.reason, 'RolloutPaused');
  });
});

describe('the opening', () => {
  const opened = (status: Partial<RolloutStatus>, spec: Partial<Rollout['spec']> = {}): readonly string[] => {
    const pass = aPass(aRollout({ status: midUpdate({}, 0, status), spec }), [aSet(1), aSet(2)]);
    const [change] = openingChanges(pass);
    if (change?.type !== 'patch') return [];
    const { conditions } = (change.body as { status: RolloutStatus }).status;
    return (conditions ?? []).map((each) => `${each.type}=${each.status} ${each.reason}`);
  };
  it('has nothing to say as a rule', () => assert.deepEqual(opened({}), []));
  it('says that it is paused', () => assert.deepEqual(opened({}, { paused: true }), ['Progressing=Unknown RolloutPaused', 'Paused=True RolloutPaused']));
  it('says that it goes on', () => {
    assert.deepEqual(opened({ conditions: [condition('Paused', 'True', 'RolloutPaused'), condition('Progressing', 'Unknown', 'RolloutPaused')] }), ['Progressing=Unknown RolloutResumed', 'Paused=False RolloutPaused']);
  });
  it('says that it is tried again', () => assert.deepEqual(opened({ conditions: [condition('Progressing', 'False', 'RolloutAborted')] }), ['Progressing=Unknown RolloutRetry']));
});

describe('promotion', () => {
  const canary: CanaryStrategy = { steps: [{ setWeight: 50 }] };
  const reason = (index: number, status: Partial<RolloutStatus>, available = 10, aborted = false): string | undefined =>
    promotionReason(aPass(aRollout({ canary, status: midUpdate(canary, index, status) }), [aSet(1), aSet(2, { size: 10, available })]), index, aborted);
  it('at first', () => assert.equal(reason(0, { stableRS: '' }, 0), 'Initial deploy'));
  it('at the end of the steps', () => assert.equal(reason(1, {}), 'Completed all 1 canary steps'));
  it('not before', () => assert.equal(reason(0, {}), undefined));
  it('not while pods are missing', () => assert.equal(reason(1, {}, 9), undefined));
  it('not after an abort', () => assert.equal(reason(1, {}, 10, true), undefined));
  it('when it is asked for', () => assert.equal(reason(0, { promoteFull: true }), 'Full promotion requested'));
});

describe('a restart', () => {
  const pod = (name: string, ago: number): NonNullable<Parameters<typeof aPass>[2]>['pods'] => [{
    apiVersion: 'v1', kind: 'Pod', spec: { containers: [] },
    metadata: { name, namespace: 'mall', creationTimestamp: formatTime(NOW - ago), ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'x', uid: 'rs-2', controller: true }] },
  }];
  const restart = (at: number, pods: NonNullable<ReturnType<typeof pod>>): ReturnType<typeof reconcileRestart> =>
    reconcileRestart(aPass(aRollout({ replicas: 2, spec: { restartAt: formatTime(at) }, status: midUpdate({}, 0, { stableRS: hash(2) }) }), [aSet(2, { size: 2 })], { pods }));
  const old = [...(pod('a', 90_000) ?? []), ...(pod('b', 80_000) ?? [])];
  it('takes one pod at a time', () => assert.deepEqual(restart(NOW - 60_000, old).actions.map(({ ref }) => ref.name), ['a']));
  it('waits for its time', () => assert.deepEqual(restart(NOW + 60_000, old), { actions: [], restartedAt: undefined, wakeAt: NOW + 60_001 }));
  it('counts no pod that is about to go', () => {
    const rollout = aRollout({ replicas: 2, spec: { restartAt: formatTime(NOW - 60_000) }, status: midUpdate({}, 0, { stableRS: hash(2) }) });
    assert.deepEqual(reconcileRestart(aPass(rollout, [aSet(2, { size: 2, available: 1 }), aSet(1, { size: 0, available: 1 })], { pods: old })).actions, []);
  });
  it('takes none in the pass in which the sizes give one up', () => {
    const canary: CanaryStrategy = { maxSurge: 1, maxUnavailable: 0 };
    const rollout = (abort: boolean): Rollout => aRollout({ replicas: 2, canary, spec: { restartAt: formatTime(NOW - 60_000) }, status: midUpdate(canary, 0, { abort }) });
    const evicted = (abort: boolean): number => decideRollout(observed(rollout(abort), [aSet(1, { size: 2, desired: 2 }), aSet(2, { size: 1, desired: 2 })], { pods: old }), NOW).actions.filter((action) => action.type === 'delete').length;
    assert.deepEqual([evicted(true), evicted(false)], [0, 0]);
    const still = aRollout({ replicas: 2, canary, spec: { restartAt: formatTime(NOW - 60_000) }, status: midUpdate(canary, 0, { stableRS: hash(2) }) });
    assert.equal(decideRollout(observed(still, [aSet(2, { size: 2, desired: 2 })], { pods: old }), NOW).actions.filter((action) => action.type === 'delete').length, 1);
  });
  it('takes none of those by which a version becomes stable', () => {
    const canary: CanaryStrategy = { maxSurge: 1, maxUnavailable: 0 };
    const rollout = aRollout({ replicas: 2, canary, spec: { restartAt: formatTime(NOW - 60_000) }, status: midUpdate(canary, 0) });
    const decision = decideRollout(observed(rollout, [aSet(1, { size: 0, desired: 2 }), aSet(2, { size: 2, desired: 2 })], { pods: old }), NOW);
    assert.deepEqual([decision.status.stableRS, decision.actions.filter((action) => action.type === 'delete').length], [hash(2), 0]);
  });
  it('is over when all pods are younger', () => assert.equal(restart(NOW - 99_000, old).restartedAt, formatTime(NOW - 99_000)));
});

describe('a workload', () => {
  const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', scaleDown: 'progressively' };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', generation: 4 }, spec: { replicas: 10, selector: { matchLabels: { app: 'shop' } }, template: template(7) } };
  const rollout = aRollout({ spec: { workloadRef, template: undefined, selector: undefined } });
  it('gives template and selector', () => {
    const resolved = resolveWorkload(rollout, { type: 'found', object: deployment });
    assert.ok(resolved.ok);
    assert.deepEqual([resolved.value.spec.template, resolved.value.spec.selector], [template(7), { matchLabels: { app: 'shop' } }]);
  });
  it('is told by its generation', () => assert.equal(followWorkload(rollout, { type: 'found', object: deployment }).rollout.metadata.annotations?.['rollout.argoproj.io/workload-generation'], '4'));
  it('excludes a template of the rollout\'s own', () => assert.deepEqual(resolveWorkload(aRollout({ spec: { workloadRef } }), undefined), { ok: false, error: 'template must be empty for workload reference rollout' }));
  it('of another kind is refused', () => {
    assert.deepEqual(resolveWorkload(aRollout({ spec: { workloadRef: { ...workloadRef, kind: 'DaemonSet' }, template: undefined } }), undefined), { ok: false, error: 'workload of type apps/DaemonSet is not supported' });
  });
  const shrunk = (scaleDown: string, status: RolloutStatus, shrink = shrinkWorkload): unknown => {
    const owned = aRollout({ version: 1, spec: { workloadRef: { ...workloadRef, scaleDown } }, status: { ...midUpdate({}, 0), currentPodHash: hash(1), ...status } });
    const [change] = shrink(aPass(owned, [aSet(1, { size: 10 })], { workload: { type: 'found', object: deployment } }));
    return change?.type === 'patch' ? change.body : undefined;
  };
  it('shrinks pod by pod', () => assert.deepEqual(shrunk('progressively', { readyReplicas: 4 }), { spec: { replicas: 6 } }));
  it('or once the first version is healthy', () => assert.deepEqual(shrunk('onsuccess', { phase: 'Healthy' }, retireWorkload), { spec: { replicas: 0 } }));
  it('or never', () => assert.equal(shrunk('never', { phase: 'Healthy', readyReplicas: 10 }), undefined));
});
