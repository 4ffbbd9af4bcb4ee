// Who did what: acts of people in the timeline, each told once and by name, and in the snapshot for others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBoard } from '../../src/console/board.js';
import { readPersonAct } from '../../src/console/people.js';
import { lineText } from '../../src/console/spans.js';
import { gatherPage } from '../../src/console/screens/page/contents.js';
import { snapshotText } from '../../src/console/snapshot-text.js';
import { timelineOf } from '../../src/console/timeline.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Driver } from '../../src/kinds/snapshot.js';
import { formatTime } from '../../src/lib/instant.js';
import { aRollout, aSnapshot, anAnalysisRun, anEvent, NOW } from '../support/builders.js';
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
  assert.deepEqual(readPersonAct(first), { at: NOW - 20_000, who: 'ana (a.k@shop.example)@jump-2', what: 'set image of shop/cart to v3; reason: ticket 7' });
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
  assert.deepEqual(gatherPage(model, page).lines.map(({ line }) => lineText(line).split(/ +/)[2]), ['ana', 'kubectl-edit', 'sluice', 'sluice-console']);
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
