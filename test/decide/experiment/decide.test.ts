// Experiments where they must be safer than what they are compatible with: each comes to an end, and no pods go while requests still come.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decideExperiment } from '../../../src/decide/experiment/decide.js';
import type { ExperimentDecision, ObservedExperiment } from '../../../src/decide/experiment/observed.js';
import { asAnalysisRun } from '../../../src/kinds/analysis-run.js';
import type { AnalysisRun } from '../../../src/kinds/analysis-run.js';
import { asAnalysisTemplate } from '../../../src/kinds/analysis-template.js';
import type { Experiment, ExperimentSpec, ExperimentStatus } from '../../../src/kinds/experiment.js';
import type { ReplicaSet } from '../../../src/kinds/replica-set.js';
import type { Service } from '../../../src/kinds/service.js';
import { deepFreeze } from '../../../src/lib/deep.js';
import { formatTime } from '../../../src/lib/instant.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ago = (seconds: number): string => formatTime(NOW - seconds * 1000);
const owner = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment', name: 'trial', uid: 'exp-1', controller: true }];
const labels = { app: 'x' };
const one = { name: 'left', selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'reg.test/x:1', ports: [{ containerPort: 8080 }] }] } } };

function anExperiment(spec: Partial<ExperimentSpec>, status?: ExperimentStatus): Experiment {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment', metadata: { name: 'trial', namespace: 'mall', uid: 'exp-1', resourceVersion: '7' },
    spec: { templates: [one], ...spec }, ...(status === undefined ? {} : { status }),
  };
}

function aSet(size: number, available = size, annotations: Readonly<Record<string, string>> = {}): ReplicaSet {
  const own = { ...labels, 'rollouts-pod-template-hash': 'abc' };
  return {
    apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'trial-left', namespace: 'mall', uid: 'rs-1', labels: own, annotations, ownerReferences: owner },
    spec: { replicas: size, selector: { matchLabels: own }, template: { ...one.template, metadata: { labels: own } } },
    status: { replicas: size, readyReplicas: available, availableReplicas: available },
  };
}

const aService: Service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'trial-left', namespace: 'mall', ownerReferences: owner }, spec: { selector: labels } };
const aRun = (name: string, phase: string): AnalysisRun => asAnalysisRun({
  apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: `trial-${name}`, namespace: 'mall', ownerReferences: owner }, spec: { metrics: [] }, status: { phase },
});
const probe = asAnalysisTemplate({
  apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', metadata: { name: 'probe', namespace: 'mall' },
  spec: { args: [{ name: 'hash', value: '' }], metrics: [{ name: 'rate', provider: { web: { url: 'http://probe.test/{{args.hash}}' } } }] },
});

const running = (analyses: readonly { readonly name: string; readonly phase: string }[] = [], availableSecondsAgo = 10): ExperimentStatus => ({
  phase: 'Running',
  availableAt: ago(availableSecondsAgo),
  templateStatuses: [{ name: 'left', replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, status: 'Running', lastTransitionTime: ago(10) }],
  ...(analyses.length === 0 ? {} : { analysisRuns: analyses.map(({ name, phase }) => ({ name, analysisRun: `trial-${name}`, phase })) }),
});

function decide(experiment: Experiment, more: Partial<ObservedExperiment> = {}): ExperimentDecision {
  return decideExperiment(deepFreeze({ experiment, replicaSets: [aSet(1)], services: [], runs: [], templates: [probe], clusterTemplates: [], routedServices: [], ...more }), NOW);
}

const changes = (decision: ExperimentDecision): readonly string[] => decision.actions.flatMap((action) => (action.type === 'note' || action.ref.type.kind === 'Experiment' ? [] : [`${action.type} ${action.ref.type.kind}/${action.ref.name}`]));
const ends = (decision: ExperimentDecision): boolean => decision.actions.some((action) => action.type === 'patch' && action.ref.type.kind === 'ReplicaSet' && JSON.stringify(action.body).includes('"replicas":0'));
const need = { name: 'need', templateName: 'probe', requiredForCompletion: true };
const watch = { name: 'watch', templateName: 'probe' };

describe('an experiment begins', () => {
  test('with an empty ReplicaSet for each template', () => {
    const decision = decide(anExperiment({}), { replicaSets: [] });
    assert.deepEqual(changes(decision), ['create ReplicaSet/trial-left']);
    assert.equal(decision.status.phase, 'Pending');
  });
  test('with its pods, and a Service where one is asked for', () => {
    const decision = decide(anExperiment({ templates: [{ ...one, service: {} }] }), { replicaSets: [aSet(0)] });
    assert.deepEqual(changes(decision), ['create Service/trial-left', 'patch ReplicaSet/trial-left']);
  });
  test('to measure only when all pods are there', () => {
    assert.deepEqual(changes(decide(anExperiment({ analyses: [need] }), { replicaSets: [aSet(1, 0)] })), []);
    const hash = { ...need, args: [{ name: 'hash', value: '{{templates.left.podTemplateHash}}' }] };
    const begun = decide(anExperiment({ analyses: [hash] }, running()));
    assert.deepEqual(changes(begun), ['create AnalysisRun/trial-need']);
    assert.match(JSON.stringify(begun.actions), /"args":\[\{"name":"hash","value":"abc"\}\]/);
  });

  const named: readonly (readonly [what: string, value: string, filledIn: string])[] = [
    ['its ReplicaSet', '{{templates.left.replicaset.name}}', 'trial-left'],
    ['when its pods were there', '{{ experiment.availableAt }}', ago(10)],
    ['when it is to end', '{{experiment.finishedAt}}', formatTime(NOW + 50_000)],
  ];
  for (const [what, value, filledIn] of named) {
    test(`an argument may name ${what}`, () => {
      const begun = decide(anExperiment({ duration: '60s', analyses: [{ ...need, args: [{ name: 'hash', value }] }] }, running()));
      assert.ok(JSON.stringify(begun.actions).includes(`"args":[{"name":"hash","value":"${filledIn}"}]`), JSON.stringify(begun.actions));
    });
  }
  test('not with objects of others', () => {
    const foreign = { ...aSet(1), metadata: { ...aSet(1).metadata, ownerReferences: [] } };
    const decision = decide(anExperiment({}), { replicaSets: [foreign] });
    assert.equal(decision.status.phase, 'Error');
    assert.deepEqual(changes(decision), []);
  });
  test('not with an analysis that is not there', () => {
    const decision = decide(anExperiment({ analyses: [{ name: 'need', templateName: 'gone' }] }), { replicaSets: [aSet(1, 0)] });
    assert.equal(decision.status.message, 'AnalysisTemplate verification failed for analysis \'need\': AnalysisTemplate \'gone\' not found');
  });
  test('not as it can not be', () => {
    const rows: readonly [Partial<ExperimentSpec>, RegExp][] = [
      [{ templates: [] }, /at least one template/],
      [{ templates: [one, one] }, /two templates with the same name/],
      [{ templates: [{ ...one, selector: {} }] }, /empty selector/],
      [{ templates: [{ ...one, selector: { matchLabels: { app: 'y' } } }] }, /does not match/],
      [{ duration: 'soon' }, /not a duration/],
    ];
    for (const [spec, reason] of rows) {
      const { status } = decide(anExperiment(spec));
      assert.equal(status.phase, 'Error');
      assert.match(status.message ?? '', reason);
    }
  });
});

describe('an experiment ends', () => {
  const spec = { scaleDownDelaySeconds: 0 };
  test('good, when the required analyses are done, and takes the endless others with it', () => {
    const status = running([{ name: 'need', phase: 'Running' }, { name: 'watch', phase: 'Running' }]);
    const experiment = anExperiment({ ...spec, analyses: [need, watch] }, status);
    const done = decide(experiment, { runs: [aRun('need', 'Successful'), aRun('watch', 'Running')] });
    assert.deepEqual([done.status.phase, done.status.message], ['Successful', 'Required AnalysisRuns completed']);
    const after = decide({ ...experiment, status: done.status }, { runs: [aRun('need', 'Successful'), aRun('watch', 'Running')] });
    assert.ok(ends(after));
    assert.ok(changes(after).includes('patch AnalysisRun/trial-watch'));
  });
  test('good, when it has no duration and all its analyses are done', () => {
    const experiment = anExperiment({ ...spec, analyses: [watch] }, running([{ name: 'watch', phase: 'Running' }]));
    assert.equal(decide(experiment, { runs: [aRun('watch', 'Successful')] }).status.phase, 'Successful');
  });
  for (const phase of ['Failed', 'Error', 'Inconclusive']) {
    test(`${phase}, when an analysis is`, () => {
      const experiment = anExperiment({ ...spec, duration: '1h', analyses: [watch] }, running([{ name: 'watch', phase: 'Running' }]));
      assert.equal(decide(experiment, { runs: [aRun('watch', phase)] }).status.phase, phase);
    });
  }
  test('good, after its time, not a moment early', () => {
    const experiment = (seconds: number): Experiment => anExperiment({ ...spec, duration: '30s' }, running([], seconds));
    assert.equal(decide(experiment(29)).status.phase, 'Running');
    assert.equal(decide(experiment(29)).wakeAt, NOW + 1000);
    assert.equal(decide(experiment(30)).status.phase, 'Successful');
  });
  test('not after its time while a required analysis is not done', () => {
    const experiment = anExperiment({ ...spec, duration: '5s', analyses: [need] }, running([{ name: 'need', phase: 'Running' }]));
    assert.equal(decide(experiment, { runs: [aRun('need', 'Running')] }).status.phase, 'Running');
  });
  test('when somebody ends it, also before anything was measured', () => {
    assert.equal(decide(anExperiment({ ...spec, terminate: true, analyses: [need] }), { replicaSets: [aSet(1, 0)] }).status.phase, 'Successful');
  });
  test('Failed, when its pods do not come', () => {
    const status: ExperimentStatus = { phase: 'Pending', templateStatuses: [{ name: 'left', replicas: 1, updatedReplicas: 1, readyReplicas: 0, availableReplicas: 0, status: 'Progressing', lastTransitionTime: ago(61) }] };
    const decision = decide(anExperiment({ progressDeadlineSeconds: 60 }, status), { replicaSets: [aSet(1, 0)] });
    assert.deepEqual([decision.status.phase, decision.status.message], ['Failed', 'Template \'left\' exceeded its progressDeadlineSeconds (60)']);
  });
  test('once: what it ended as stays', () => {
    const ended = { ...running([{ name: 'watch', phase: 'Failed' }]), phase: 'Failed', message: 'why' };
    const decision = decide(anExperiment({ ...spec, analyses: [watch] }, ended), { runs: [aRun('watch', 'Successful')] });
    assert.deepEqual([decision.status.phase, decision.status.message], ['Failed', 'why']);
  });
});

describe('the pods of an experiment that is over', () => {
  const over = { ...running(), phase: 'Successful' };
  test('go at once without a delay', () => assert.ok(ends(decide(anExperiment({ scaleDownDelaySeconds: 0 }, over)))));
  test('stay for the delay', () => {
    const decision = decide(anExperiment({ scaleDownDelaySeconds: 20 }, over));
    assert.ok(!ends(decision));
    assert.equal(decision.wakeAt, NOW + 20_000);
    assert.ok(ends(decide(anExperiment({ scaleDownDelaySeconds: 20 }, over), { replicaSets: [aSet(1, 1, { 'scale-down-deadline': ago(1) })] })));
  });
  test('stay while requests are still sent to them, and so does their Service', () => {
    const served = anExperiment({ scaleDownDelaySeconds: 0, templates: [{ ...one, service: {} }] }, over);
    assert.deepEqual(changes(decide(served, { services: [aService], routedServices: ['trial-left'] })), []);
    assert.ok(ends(decide(served, { services: [aService] })));
    assert.deepEqual(changes(decide(served, { replicaSets: [aSet(0)], services: [aService] })), ['delete Service/trial-left']);
  });
});

test('an experiment that is tried again begins anew, with the pods that are still there', () => {
  const decision = decide(anExperiment({ scaleDownDelaySeconds: 20, analyses: [need] }), { replicaSets: [aSet(1, 1, { 'scale-down-deadline': ago(1) })], runs: [aRun('need', 'Failed')] });
  assert.equal(decision.status.phase, 'Running');
  assert.ok(!ends(decision));
  assert.match(JSON.stringify(decision.actions), /"op":"remove","path":"\/metadata\/annotations\/scale-down-deadline"/);
});

test('an experiment at rest writes nothing', () => {
  const first = decide(anExperiment({ duration: '1h' }, running()));
  assert.deepEqual(decide(anExperiment({ duration: '1h' }, first.status)).actions, []);
});
