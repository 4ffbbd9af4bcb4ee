// Experiments as steps: when one is made, what its end does to the update, and what traffic it gets.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decideRollout } from '../../../src/decide/rollout/decide.js';
import type { Decision, ObservedRollout } from '../../../src/decide/rollout/observed.js';
import type { Experiment, ExperimentStatus } from '../../../src/kinds/experiment.js';
import type { CanaryStrategy, RolloutStatus } from '../../../src/kinds/rollout.js';
import { formatTime } from '../../../src/lib/instant.js';
import { NOW, aRollout, aService, aSet, hash, HASH_LABEL, midUpdate, observed } from './fixture.js';

const NAME = `shop-${hash(2)}-2-0`;
const step = { experiment: { templates: [{ name: 'cand', specRef: 'canary', replicas: 1, weight: 20, metadata: { labels: { side: 'cand' } } }] } };
const routed: CanaryStrategy = {
  stableService: 'shop-stable', canaryService: 'shop-canary', trafficRouting: { istio: { virtualService: { name: 'shop' } } }, steps: [step, { setWeight: 50 }],
};

function anExperiment(status: ExperimentStatus, name = NAME, terminate = false): Experiment {
  const metadata = { name, namespace: 'mall', labels: { [HASH_LABEL]: hash(2) }, annotations: { 'rollout.argoproj.io/revision': '2' }, ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'shop', uid: 'ro-1', controller: true }] };
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment', metadata, spec: { templates: [], ...(terminate ? { terminate } : {}) }, status };
}

const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
const served: ExperimentStatus = { phase: 'Running', templateStatuses: [{ name: 'cand', ...counts, status: 'Running', serviceName: 'cand', podTemplateHash: 'abc' }] };

function decide(canary: CanaryStrategy, status: Partial<RolloutStatus>, experiments: readonly Experiment[], spec: object = {}): Decision {
  const services = [aService('shop-stable', { [HASH_LABEL]: hash(1) }), aService('shop-canary', { [HASH_LABEL]: hash(2) })];
  const rollout = aRollout({ replicas: 10, canary, status: midUpdate(canary, 0, status) });
  const seen: ObservedRollout = observed({ ...rollout, spec: { ...rollout.spec, ...spec } }, [aSet(1, { size: 10 }), aSet(2, { size: 0 })], { services, experiments });
  return decideRollout(seen, NOW);
}

const basic: CanaryStrategy = { steps: [{ experiment: { templates: [{ name: 'cand', specRef: 'canary' }] } }, { setWeight: 50 }] };
const writes = (decision: Decision): readonly string[] => decision.actions.flatMap((action) => ('ref' in action && action.ref.type.kind === 'Experiment' ? [`${action.type} ${action.ref.name}`] : []));

describe('an experiment step', () => {
  test('makes its experiment, and waits for it', () => {
    const decision = decide(basic, {}, []);
    assert.deepEqual(writes(decision), [`create ${NAME}`]);
    assert.equal(decision.status.canary?.currentExperiment, NAME);
    const waiting = decide(basic, { canary: { currentExperiment: NAME } }, [anExperiment({ phase: 'Running' })]);
    assert.deepEqual(writes(waiting), []);
    assert.equal(waiting.status.currentStepIndex, 0);
  });
  test('is done with its experiment', () => {
    const decision = decide(basic, { canary: { currentExperiment: NAME } }, [anExperiment({ phase: 'Successful' })]);
    assert.equal(decision.status.currentStepIndex, 1);
    assert.equal(decision.status.canary?.currentExperiment, undefined);
  });
  test('that is done while somebody has paused by hand makes no other', () => {
    const decision = decide(basic, { canary: { currentExperiment: NAME } }, [anExperiment({ phase: 'Successful' })], { paused: true });
    assert.deepEqual(writes(decision), []);
    assert.equal(decision.status.canary?.currentExperiment, NAME);
  });
  for (const phase of ['Failed', 'Error']) {
    test(`aborts the update when it is ${phase}`, () => {
      const decision = decide(basic, { canary: { currentExperiment: NAME } }, [anExperiment({ phase, message: 'too slow' })]);
      assert.equal(decision.status.abort, true);
      assert.match(decision.status.message ?? '', /Experiment analysis phase is error\/failed: too slow/);
    });
  }
  test('begins anew after a retry, under another name', () => {
    assert.deepEqual(writes(decide(basic, { abortedAt: formatTime(NOW - 5000) }, [anExperiment({ phase: 'Failed' })])), [`create ${NAME}-1`]);
  });
  test('is not done with the experiment of the step before, which a promotion skipped', () => {
    const twice: CanaryStrategy = { steps: [...(basic.steps ?? []).slice(0, 1), ...(basic.steps ?? []).slice(0, 1)] };
    const skipped = decide(twice, { currentStepIndex: 1, canary: { currentExperiment: NAME } }, [anExperiment({ phase: 'Successful' })]);
    assert.equal(skipped.status.currentStepIndex, 1);
    assert.deepEqual(writes(skipped), [`create shop-${hash(2)}-2-1`]);
    const running = decide(twice, { currentStepIndex: 1, canary: { currentExperiment: NAME } }, [anExperiment({ phase: 'Running' })]);
    assert.deepEqual(writes(running), [`patch ${NAME}`, `create shop-${hash(2)}-2-1`]);
  });
  test('that an abort leaves behind is ended', () => {
    assert.deepEqual(writes(decide(basic, { abort: true, canary: { currentExperiment: NAME } }, [anExperiment({ phase: 'Running' })])), [`patch ${NAME}`]);
  });
});

describe('an unclear experiment', () => {
  const unclear = anExperiment({ phase: 'Inconclusive' });
  test('pauses the rollout', () => {
    const decision = decide(basic, { canary: { currentExperiment: NAME } }, [unclear]);
    assert.deepEqual(decision.status.pauseConditions?.map(({ reason }) => reason), ['InconclusiveExperiment']);
  });
  test('is followed by no other while nobody has looked', () => {
    const pauseConditions = [{ reason: 'InconclusiveExperiment', startTime: formatTime(NOW - 60_000) }];
    assert.deepEqual(writes(decide(basic, { controllerPause: true, pauseConditions }, [unclear])), []);
  });
  test('is done anew when somebody promotes', () => assert.deepEqual(writes(decide(basic, { controllerPause: true }, [unclear])), [`create ${NAME}-1`]));
});

describe('the share of the traffic', () => {
  const weights = (decision: Decision): unknown => {
    const { canary, stable, additional = [] } = decision.status.canary?.weights ?? {};
    return [canary?.weight, stable?.weight, ...additional.map((share) => [share.serviceName, share.weight])];
  };
  const at = (status: ExperimentStatus, canary = routed, terminate = false): Decision => decide(canary, { canary: { currentExperiment: NAME } }, [anExperiment(status, NAME, terminate)]);
  const template = served.templateStatuses?.[0] ?? { name: '', ...counts };
  const rows: readonly [string, Decision, unknown][] = [
    ['is taken from stable', at(served), [0, 80, ['cand', 20]]],
    ['is given to no experiment that is not running', at({ ...served, phase: 'Pending' }), [0, 100]],
    ['is given to no template without its pods', at({ ...served, templateStatuses: [{ ...template, status: 'Progressing' }] }), [0, 100]],
    ['is given to no Service that is not known', at({ ...served, templateStatuses: [{ name: 'cand', ...counts, status: 'Running' }] }), [0, 100]],
    ['is taken back before the experiment ends', at(served, routed, true), [0, 100]],
    ['never passes the maximum', at(served, { ...routed, steps: [{ experiment: { templates: [{ name: 'cand', specRef: 'canary', weight: 120 }] } }] }), [0, 100]],
  ];
  for (const [title, decision, expected] of rows) test(title, () => assert.deepEqual(weights(decision), expected));
});
