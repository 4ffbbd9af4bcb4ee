// What the bottom line suggests: the way on of what was paused by hand, never first the way back to what went wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { footerLine } from '../../src/console/footer.js';
import type { Model } from '../../src/console/model.js';
import { lineText } from '../../src/console/spans.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { aReplicaSet, aRollout, aSnapshot, anAnalysisRun, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
import { aModel, press } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const standing = (rollout: KubeObject, columns = 120, more: Partial<Snapshot> = {}): Model => aModel(columns, 24, aSnapshot({ rollouts: [rollout], ...more }));
const footer = (model: Model): string => lineText(footerLine(model)).trim();
const byHand = (): KubeObject => aRollout('shop/cart').canary(STEPS).spec({ paused: true }).at(2).build();
const gate = (): KubeObject => aRollout('shop/cart').canary(STEPS).paused(1, 60).build();
const command = (model: Model, line: string): Model => press(model, ':', ...line, 'enter')[0];

test('the bottom line offers to resume what was paused by hand, and nothing of the kind elsewhere', () => {
  for (const columns of [80, 120, 300]) assert.match(footer(standing(byHand(), columns)), / z resume( |$)/, `${columns}`);
  assert.doesNotMatch(footer(standing(gate(), 300)), /resume/);
});

test(':resume ends a pause by hand, and of a step\'s pause it says what goes past it', () => {
  const asked = command(standing(byHand()), 'resume');
  assert.deepEqual([asked.question?.type === 'act' && asked.question.action, asked.question?.proposal.verb], ['rollout.pause', 'Resume']);
  const [, effects] = press(asked, 'y');
  assert.match(JSON.stringify(effects.filter(({ type }) => type === 'apply')), /"path":"\/spec\/paused"/);
  const told = command(standing(gate()), 'resume');
  assert.equal(told.question, undefined);
  assert.equal(told.notice?.text, 'shop/cart is not paused by hand: it waits by itself, and p promote goes past that');
  assert.equal(command(standing(aRollout('shop/cart').healthy().build()), 'resume').notice?.text, 'shop/cart is not paused by hand');
});

test(':resume of several pauses none of them', () => {
  const two = aModel(120, 24, aSnapshot({ rollouts: [byHand(), aRollout('shop/other').canary(STEPS).at(2).build()] }));
  const told = command(press(two, 'space', 'G', 'space')[0], 'resume');
  assert.equal(told.question, undefined);
  assert.match(told.notice?.text ?? '', /shop\/other is not paused by hand/);
});

const afterRollback = (columns: number, runs: readonly KubeObject[]): Model =>
  standing(aRollout('shop/cart').canary(STEPS).healthy().status({ stableRS: STABLE_HASH, currentPodHash: STABLE_HASH }).build(), columns, {
    replicaSets: [
      aReplicaSet('shop/cart', { revision: 3, hash: STABLE_HASH, wanted: 2, annotations: { 'rollout.argoproj.io/revision-history': '1' } }),
      aReplicaSet('shop/cart', { revision: 2, hash: CANARY_HASH, wanted: 0 }),
    ],
    analysisRuns: runs,
  });

test('after a rollback the key back to what failed comes behind the keys that read, and says so', () => {
  const failed = anAnalysisRun('shop/cart', { name: 'cart-2', phase: 'Failed' });
  for (const columns of [100, 120, 300]) {
    assert.match(footer(afterRollback(columns, [failed])), /w why.* X → rev 2 \(failed\)/, `${columns}`);
    assert.match(footer(afterRollback(columns, [])), /w why.* X → rev 2 \(left again\)/, `${columns}`);
  }
  assert.doesNotMatch(footer(afterRollback(40, [failed])), /X/);
  assert.equal(press(afterRollback(100, [failed]), 'X')[0].question?.type, 'act');
});

test('the bottom line of an analysis has the ways back', () => {
  const run = anAnalysisRun('shop/cart', { name: 'cart-7', phase: 'Failed' });
  const sets = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 2 }), aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 3 })];
  const open = press(standing(aRollout('shop/cart').aborted(1, 60).build(), 80, { replicaSets: sets, analysisRuns: [run] }), 'm')[0];
  assert.equal(open.stack.at(-1)?.screen, 'analysis');
  assert.match(footer(open), /^X roll back {2}r retry.*esc back/);
});
