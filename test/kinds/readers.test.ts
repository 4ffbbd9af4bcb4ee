// The light readers take what the API server has accepted, and mend only what would make every look into it fail.

import assert from 'node:assert/strict';
import test from 'node:test';
import { asAnalysisRun } from '../../src/kinds/analysis-run.js';
import { asExperiment } from '../../src/kinds/experiment.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { isPodReady, podOf } from '../../src/kinds/pod.js';
import { replicaSetOf } from '../../src/kinds/replica-set.js';
import { asRollout } from '../../src/kinds/rollout.js';
import { horizontalPodAutoscalerOf } from '../../src/kinds/autoscaler.js';

const bare: KubeObject = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'x' } };
const nonsense: KubeObject = { ...bare, spec: 'text', status: [1] };

for (const object of [bare, nonsense]) {
  test(`${JSON.stringify(object)} is read without a fault`, () => {
    assert.deepEqual(asRollout(object).spec, {});
    assert.equal(asRollout(object).status, undefined);
    assert.deepEqual(asAnalysisRun(object).spec.metrics, []);
    assert.deepEqual(asExperiment(object).spec.templates, []);
    assert.deepEqual(podOf(object).spec.containers, []);
    assert.deepEqual(replicaSetOf(object).spec.selector, {});
    assert.equal(horizontalPodAutoscalerOf(object).spec.scaleTargetRef.name, '');
  });
}

test('a rollout reads back as the object it is', () => {
  const object: KubeObject = { ...bare, spec: { replicas: 3, unknown: 1 }, status: { phase: 'Healthy' } };
  assert.deepEqual(asRollout(object), object);
});

test('readiness is the condition, not the phase', () => {
  const pod = (status: string): KubeObject => ({ ...bare, status: { phase: 'Running', conditions: [{ type: 'Ready', status }] } });
  assert.equal(isPodReady(podOf(pod('True'))), true);
  assert.equal(isPodReady(podOf(pod('False'))), false);
  assert.equal(isPodReady(podOf(bare)), false);
});
