// What silence means: a canary that nothing measures yet, a run of another revision, a run that measured nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBoard } from '../../src/console/board.js';
import { explainWhole } from '../../src/console/explain/explanation.js';
import { render } from '../../src/console/render.js';
import { sightOf } from '../../src/console/sight.js';
import { unmeasuredText } from '../../src/console/unmeasured.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aRollout, aSnapshot, anAnalysisRun } from '../support/builders.js';
import { aModel, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const CHECK = { analysis: { templates: [{ templateName: 'errors' }] } };
const paused = (steps: readonly Record<string, unknown>[], analysis?: object): KubeObject => {
  const rollout = aRollout('shop/cart').canary([...steps]).paused(1, 60).build();
  const spec = rollout['spec'] as { strategy: { canary: object } };
  return analysis === undefined ? rollout : { ...rollout, spec: { ...spec, strategy: { canary: { ...spec.strategy.canary, analysis } } } };
};
const told = (rollout: KubeObject): string | undefined => {
  const board = buildBoard(aSnapshot({ rollouts: [rollout] }));
  const [facts] = board.all;
  assert.ok(facts);
  return unmeasuredText(facts, board.index);
};

const CASES: readonly (readonly [string, KubeObject, string | undefined])[] = [
  ['a step ahead', paused([{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, CHECK]), 'nothing measures this canary until step 4'],
  ['a background analysis that begins later', paused([{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }], { startingStep: 2 }), 'nothing measures this canary until step 3'],
  ['a background analysis that is about to begin', paused([{ setWeight: 20 }, { pause: {} }], {}), undefined],
  ['none', paused([{ setWeight: 20 }, { pause: {} }]), 'nothing measures this canary: no analysis is ahead'],
  ['one that has been', paused([CHECK, { pause: {} }]), 'nothing measures this canary: no analysis is ahead'],
];
for (const [name, rollout, wanted] of CASES) test(`an analysis ahead: ${name}`, () => assert.equal(told(rollout), wanted));

const old = anAnalysisRun('shop/cart', { name: 'cart-5', revision: 5, phase: 'Successful', metric: 'errors', values: [] });
const model = aModel(100, 40, aSnapshot({ rollouts: [CASES[0]?.[1] ?? paused([])], analysisRuns: [old] }));

test('why tells of a canary at a gate that nothing measures, and where to look', () => {
  const [facts] = model.board.all;
  assert.ok(facts);
  assert.ok(explainWhole(sightOf(model, facts)).evidence.some(({ text }) => text === 'nothing measures this canary until step 4; its logs tell more'));
});

test('the analysis of another revision says so, and one that measured nothing is no success', () => {
  const frame = printFrame(render(press(model, 'm')[0]));
  assert.match(frame, /This is of revision 5; now is 7, and nothing measures this canary until step 4\./);
  assert.match(frame, /Successful: nothing was measured/);
});
