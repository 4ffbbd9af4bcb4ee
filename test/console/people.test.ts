// Who did what: acts of people in the timeline, each told once and by name, and in the snapshot for others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBoard, revisionWords } from '../../src/console/board.js';
import { readPersonAct } from '../../src/console/people.js';
import { lineText } from '../../src/console/spans.js';
import { gatherPage } from '../../src/console/screens/page/contents.js';
import { snapshotText } from '../../src/console/snapshot-text.js';
import { timelineOf } from '../../src/console/timeline.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Driver } from '../../src/kinds/snapshot.js';
import { formatTime } from '../../src/lib/instant.js';
import { aReplicaSet, aRollout, aSnapshot, anAnalysisRun, anEvent, NOW } from '../support/builders.js';
import { aModel, press } from '../support/console-scenes.js';

const WORDS = 'ana (a.k@shop.example)@jump-2: set image of shop/cart to v3; reason: ticket 7';
const EVENTS = [
  anEvent('shop/cart', { reason: 'OperatorSetImage', message: WORDS, secondsAgo: 20 }),
  anEvent('shop/cart', { reason: 'RolloutAborted', message: 'Rollout aborted update to revision 7: errors', secondsAgo: 900, type: 'Warning' }),
  ...Array.from({ length: 30 }, (_, place) => anEvent('shop/cart', { reason: `Scaled${place}`, message: 'scaled', secondsAgo: 100 - place })),
];
const rollout = aRollout('shop/cart').canary([{ setWeight: 20 }, { pause: {} }]).paused(1, 60).build();
const wrote = (manager: string, secondsAgo: number): object => ({ manager, operation: 'Update', time: formatTime(NOW - secondsAgo * 1000), fieldsV1: { 'f:spec': { 'f:template': {} } } });
const written: KubeObject = { ...rollout, metadata: { ...rollout.metadata, managedFields: [wrote('sluice-console', 21), wrote('kubectl-edit', 300), wrote('sluice', 400), wrote('rollouts-controller', 500), wrote('sluice-demo', 510), wrote('sluice-console', 600)] as never } };

test('an act is read from its Event with who it was; other Events are nobody\'s', () => {
  const [first, second] = EVENTS;
  assert.ok(first && second);
  assert.deepEqual(readPersonAct(first), { at: NOW - 20_000, who: 'ana (a.k@shop.example)@jump-2', what: 'set image of shop/cart to v3; reason: ticket 7', kind: 'OperatorSetImage' });
  assert.equal(readPersonAct(second), undefined);
  assert.equal(readPersonAct({ ...first, message: 'no name in it' }), undefined);
});

test('the timeline names the person, tells an act once, takes the demo for nobody, and keeps what was written without an Event', () => {
  const board = buildBoard(aSnapshot({ rollouts: [written], events: EVENTS }));
  const [facts] = board.all;
  assert.ok(facts);
  const people = timelineOf(facts, board.index, EVENTS).filter(({ person }) => person);
  assert.deepEqual(people.map(({ actor, at }) => `${actor} ${(NOW - at) / 1000}`), ['ana (a.k@shop.example)@jump-2 20', 'kubectl-edit 300', 'sluice 400', 'sluice-console 600']);
});

test('-l person leaves only what people did', () => {
  const model = press(aModel(120, 40, aSnapshot({ rollouts: [written], events: EVENTS })), 'T', '/', '-', 'l', 'space', ...'person', 'enter')[0];
  const page = model.stack.at(-1);
  assert.ok(page);
  assert.deepEqual(gatherPage(model, page).lines.map(({ line }) => lineText(line).split(/ +/)[2]), ['ana@jump-2', 'kubectl-edit', 'sluice', 'sluice-console']);
});

test('a snapshot for others has the abort, whatever followed, the people, the numbers with their limit, and who drives', () => {
  const run = anAnalysisRun('shop/cart', { name: 'errors-7', metric: 'errors', values: ['0.305'], failed: 1, phase: 'Failed', success: 'result <= 0.05' });
  const board = buildBoard(aSnapshot({ rollouts: [rollout], analysisRuns: [run] }));
  const [facts] = board.all;
  assert.ok(facts);
  const driver: Driver = { type: 'self', identity: 'jump-2_e6a7f4b2-0000-4000-8000-000000000000' };
  const text = snapshotText({ facts, index: board.index, driver, events: EVENTS, context: 'prod', fresh: true, now: NOW });
  assert.match(text, /- \S+ RolloutAborted: Rollout aborted update to revision 7/);
  assert.match(text, /### What people did \(UTC\)\n- \S+ ana \(a\.k@shop\.example\)@jump-2: set image/);
  assert.doesNotMatch(text, /OperatorSetImage/);
  assert.match(text, /- errors: 1 failed; last 0\.305, wants <= 0\.05/);
  assert.match(text, /- driven by: jump-2 \(this console\)/);
});

const opened = (columns = 120, more: Parameters<typeof aSnapshot>[0] = {}): readonly string[] => {
  const model = press(aModel(columns, 40, aSnapshot({ rollouts: [written, aRollout('shop/pay').build()], events: [...EVENTS, anEvent('shop/pay', { reason: 'RolloutUpdated', message: 'Rollout updated to revision 4', secondsAgo: 60 })], ...more })), 'W')[0];
  const page = model.stack.at(-1);
  assert.ok(page);
  return gatherPage(model, page).lines.map((line) => lineText(line.line));
};

test('what people did lately, and what became of it, stands in one list for all rollouts', () => {
  const lines = opened().map((line) => line.trim().split(/ +/).slice(2, 3).join(' '));
  assert.deepEqual(lines, ['ana@jump-2', 'rollouts-controller', 'kubectl-edit', 'sluice', 'sluice-console', 'rollouts-controller']);
  assert.deepEqual(opened().filter((line) => line.includes('shop/pay')).map((line) => /RolloutUpdated.*/.exec(line)?.[0].trim()), ['RolloutUpdated: Rollout updated to revision 4']);
});

test('enter goes to the timeline of that rollout', () => {
  const model = press(aModel(120, 40, aSnapshot({ rollouts: [written], events: EVENTS })), 'W', 'enter')[0];
  assert.deepEqual(model.stack.map(({ screen, subject }) => `${screen} ${subject.name}`), ['recent ', 'timeline cart']);
});

test('the timeline tells which image gave way to which, and a revision that came back by both its numbers', () => {
  const sets = [
    aReplicaSet('shop/cart', { hash: 'aaa', revision: 3, wanted: 1, image: 'shop:v1', annotations: { 'rollout.argoproj.io/revision-history': '1' } }),
    aReplicaSet('shop/cart', { hash: 'bbb', revision: 2, wanted: 0, image: 'shop:v2' }),
  ];
  const board = buildBoard(aSnapshot({ rollouts: [rollout], replicaSets: sets }));
  const [facts] = board.all;
  assert.ok(facts);
  assert.deepEqual(timelineOf(facts, board.index, []).map(({ what }) => what).filter((what) => what.includes('began')).toSorted(), ['revision 1 began: shop:v1', 'revision 2 began: shop:v1 -> shop:v2']);
  assert.deepEqual(sets.map(revisionWords), ['revision 3 (1 again)', 'revision 2']);
});
