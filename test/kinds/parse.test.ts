// Parsers of our kinds: what is accepted, and what each fault is called.

import assert from 'node:assert/strict';
import test from 'node:test';
import { parseAnalysisRun } from '../../src/kinds/analysis-run.js';
import { parseAnalysisTemplate } from '../../src/kinds/analysis-template.js';
import { parseExperiment } from '../../src/kinds/experiment.js';
import { parseRollout } from '../../src/kinds/rollout.js';

const rollout = (spec: unknown): unknown => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop' }, spec });

const good = rollout({
  replicas: 5,
  selector: { matchLabels: { app: 'shop' } },
  template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'main', image: 'shop:1', resources: { limits: { cpu: '100m', memory: 1 } } }] } },
  strategy: { canary: { maxSurge: '25%', steps: [{ setWeight: 20 }, { pause: { duration: '10m' } }, { pause: {} }, { setCanaryScale: { matchTrafficWeight: true } }], trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'r' } } } } },
});

test('a good rollout comes back as it was', () => {
  const parsed = parseRollout(good, { unknownFields: 'refuse' });
  assert.deepEqual(parsed, { ok: true, value: good });
});

const FAULTS: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['not an object', 'text', ['(the object): must be a map, not "text"']],
  ['no spec', {}, ['spec: is missing']],
  ['a wrong number', rollout({ replicas: '3' }), ['spec.replicas: must be a whole number, not "3"']],
  ['a step of the wrong shape', rollout({ strategy: { canary: { steps: [{ setWeight: 20 }, { setWeight: 'lots' }] } } }), ['spec.strategy.canary.steps[1].setWeight: must be a whole number, not "lots"']],
  ['steps that are no list', rollout({ strategy: { canary: { steps: {} } } }), ['spec.strategy.canary.steps: must be a list, not a map']],
  ['a missing field below', rollout({ strategy: { blueGreen: {} } }), ['spec.strategy.blueGreen.activeService: is missing']],
  ['a duration that is a list', rollout({ strategy: { canary: { steps: [{ pause: { duration: [] } }] } } }), ['spec.strategy.canary.steps[0].pause.duration: must be a whole number or text, not a list']],
  ['a label that is a number', rollout({ selector: { matchLabels: { app: 1 } } }), ['spec.selector.matchLabels[app]: must be text, not 1']],
  ['a bad time', rollout({ restartAt: 'now' }), ['spec.restartAt: must be a time such as 2026-01-31T09:30:00Z, not "now"']],
  ['too large a number', rollout({ replicas: 3e9 }), ['spec.replicas: 3000000000 does not fit into 32 bits']],
  ['an unknown field', rollout({ strategy: { canary: { step: [] } } }), ['spec.strategy.canary.step: is not a known field']],
  ['two faults', rollout({ paused: 1, replicas: true }), ['spec.paused: must be true or false, not 1', 'spec.replicas: must be a whole number, not true']],
];

for (const [name, input, wanted] of FAULTS) {
  test(`refused: ${name}`, () => {
    const parsed = parseRollout(input, { unknownFields: 'refuse' });
    assert.ok(!parsed.ok);
    assert.deepEqual(parsed.error.map((error) => `${error.path}: ${error.message}`), wanted);
  });
}

test('unknown fields and null are let pass unless asked for', () => {
  assert.equal(parseRollout(rollout({ replicas: null, nonsense: 1 })).ok, true);
});

test('the other kinds have parsers of their own', () => {
  const metric = { name: 'm', provider: { web: { url: 'http://x' } } };
  assert.equal(parseAnalysisTemplate({ spec: { metrics: [metric] } }).ok, true);
  assert.equal(parseAnalysisRun({ spec: {} }).ok, false);
  assert.equal(parseAnalysisRun({ spec: { metrics: [{ name: 'm', provider: { web: {} } }] } }).ok, false);
  assert.equal(parseExperiment({ spec: { templates: [] } }).ok, true);
});
