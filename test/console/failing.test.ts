// A release whose analysis is failing while it goes on is nothing that moves calmly: it has a word and a sign of its own, says which
// metric misses which limit, stands above all that moves by itself, and no note of hand-over hides it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBoard } from '../../src/console/board.js';
import { ASCII_GLYPHS } from '../../src/console/glyphs.js';
import { handoverText } from '../../src/console/handover-text.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { anAnalysisRun, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const KEY = 'shop/payments-checkout';
const timed = aRollout(KEY).paused(3, 170).build();
const healthy = aRollout('app/calm').healthy().build();
const moving = aRollout('app/moving').at(0).build();
const gate = aRollout('shop/gate').paused(1, 720).build();
const measures = (values: readonly string[], failed: number, phase = 'Running'): KubeObject =>
  anAnalysisRun(KEY, { name: 'r', metric: 'request-error', phase, failure: 'result[0] > 0.05', failureLimit: 3, failed, values, phases: values.map((_, place) => (place < values.length - failed ? 'Successful' : 'Failed')) });
const GOOD = measures(['[0.01]', '[0.02]', '[0.01]'], 0);
const BAD = measures(['[0.01]', '[0.11]', '[0.199]'], 2);
const sets = [aReplicaSet(KEY, { revision: 7, hash: CANARY_HASH, wanted: 2 }), aReplicaSet(KEY, { revision: 6, hash: STABLE_HASH, wanted: 3 })];
const snapshot = (run: KubeObject, rollout = timed): Snapshot => aSnapshot({ rollouts: [healthy, moving, rollout, gate], replicaSets: sets, analysisRuns: [run] });
const screen = (model: Model): readonly string[] => printFrame(render(model)).split('\n');
const list = (model: Model): readonly string[] => screen(model).slice(screen(model).findIndex((line) => line.includes('NAMESPACE/NAME')) + 1);
const row = (model: Model): string => list(model).find((line) => line.includes('payments-checkout')) ?? '';

for (const columns of [80, 100, 120, 160])
  test(`the row of a failing one says so, with metric, value and limit, at ${columns} columns`, () => {
    const line = row(aModel(columns, 24, snapshot(BAD)));
    assert.match(line, /^ ⚠ .* failing /);
    assert.match(line, / 40% .*request-error 0\.199 > 0\.05/);
    assert.doesNotMatch(row(aModel(columns, 24, snapshot(GOOD))), /⚠|failing|0\.05;/);
  });

test('without Unicode and without colour it has a sign and a word, too', () => {
  assert.match(row({ ...aModel(80, 24, snapshot(BAD)), glyphs: ASCII_GLYPHS }), /^ !! .* failing .* 0\.199 > 0\.05/);
});

test('by attention it stands below what waits for a hand, and above all that moves by itself', () => {
  const model = aModel(80, 24, snapshot(BAD));
  assert.deepEqual(list(model).flatMap((line) => /calm|moving|checkout|gate/.exec(line)?.[0] ?? []), ['gate', 'checkout', 'moving', 'calm']);
});

test('a measurement alone, with no change of the rollout, turns the row, and its success turns it back', () => {
  const first = snapshot(GOOD);
  const model = aModel(80, 24, first);
  const failed = send(model, { type: 'cluster-changed', snapshot: { ...first, analysisRuns: [BAD] }, now: model.now });
  assert.match(row(failed), /failing/);
  assert.equal(failed.bells, model.bells, 'it waits for nobody yet');
  assert.doesNotMatch(row(send(failed, { type: 'cluster-changed', snapshot: { ...first, analysisRuns: [GOOD] }, now: model.now })), /failing/);
  const { board } = failed.clusters.get('sluice') ?? assert.fail();
  assert.equal(buildBoard({ ...first, analysisRuns: [{ ...BAD }] }, board).all, board.all, 'no list is made anew for a run that changes nothing');
});

test('what is over, aborted or held has its own word', () => {
  assert.doesNotMatch(row(aModel(80, 24, snapshot(measures(['[0.11]'], 1, 'Failed')))), /failing/);
  assert.match(row(aModel(80, 24, snapshot(BAD, aRollout(KEY).aborted(1, 30).build()))), /degraded/);
  assert.doesNotMatch(row(aModel(80, 24, snapshot(BAD, aRollout(KEY).at(2).spec({ paused: true }).build()))), /failing/);
});

test('one that waits for a person while it fails is told as failing, in both lists', () => {
  const model = aModel(80, 24, snapshot(BAD, aRollout(KEY).paused(1, 60).build()));
  assert.match(screen(model).find((line) => line.includes('payments-checkout')) ?? '', /⚠ .*failing: request-error 0\.199 > 0\.05/);
  assert.match(row(model), /⚠ .* failing /);
});

test('its own screen begins with the same word, and so does a terminal that is too small for lists', () => {
  const open = press(aModel(80, 24, snapshot(BAD)), 'j', 'j', 'enter')[0];
  assert.match(screen(open)[1] ?? '', /^ ⚠ Failing at step 4 of 6: analysis is failing: request-error 0\.199 > 0\.05/);
  assert.match(printFrame(render(send(open, { type: 'resized', size: { columns: 30, rows: 6 } }))), /failing 4\/6 40%/);
});

test('the hand-over note has it under what is failing, not under what moves by itself', () => {
  const text = handoverText({ ...aModel(80, 24, snapshot(BAD)), of: 'all rollouts', unread: [] });
  const part = (title: string): string => text.split(/^### /m).find((each) => each.startsWith(title)) ?? '';
  assert.match(text, /^- 1 of 4 wait for a person, 1 failing, 1 move$/m);
  assert.match(part('Failing'), /- shop\/payments-checkout: failing[^]*why: analysis is failing: request-error 0\.199 > 0\.05/);
  assert.doesNotMatch(part('Move by themselves'), /payments/);
  assert.match(part('At rest'), /1 healthy/);
});

test('it is found by its word', () => {
  assert.deepEqual(list(press(aModel(80, 24, snapshot(BAD)), '/', ...'failing', 'enter')[0]).flatMap((line) => /calm|moving|checkout|gate/.exec(line)?.[0] ?? []), ['checkout']);
});

/** Phases from the oldest to the newest. */
const course = (phases: readonly string[], failureLimit = 3): KubeObject =>
  anAnalysisRun(KEY, { name: 'r', metric: 'request-error', phase: 'Running', failure: 'result[0] > 0.05', failureLimit, failed: phases.filter((phase) => phase === 'Failed').length, values: phases.map((phase) => (phase === 'Failed' ? '[NaN]' : '[0.01]')), phases });

const [GOOD_ONE, BAD_ONE, NO_ANSWER] = ['Successful', 'Failed', 'Error'];
for (const [what, run, failing] of [
  ['the newest measurement failed', course([GOOD_ONE, GOOD_ONE, BAD_ONE]), true],
  ['it failed once and has been well since', course([BAD_ONE, GOOD_ONE, GOOD_ONE, GOOD_ONE]), false],
  ['it failed, and the source has not answered since', course([GOOD_ONE, BAD_ONE, NO_ANSWER]), true],
  ['the next failure ends it', course([BAD_ONE, BAD_ONE, BAD_ONE, GOOD_ONE]), true],
  ['it may fail without end', course([BAD_ONE, BAD_ONE, BAD_ONE, GOOD_ONE], -1), false],
] as const)
  test(`${what}: ${failing ? 'failing' : 'not failing'}`, () => assert.equal(/failing/.test(row(aModel(120, 24, snapshot(run)))), failing));
