// The hand-over note: who waits first, the longest first, with who, why and since when; then what moves, what was done, and the rest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handoverText } from '../../src/console/handover-text.js';
import type { Model } from '../../src/console/model.js';
import { withoutMarks } from '../../src/console/snapshot-text.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ago, anEvent, aRollout, aSnapshot } from '../support/builders.js';
import { aModel, demoSnapshot, press, severalClusters } from '../support/console-scenes.js';

const written = (model: Model, of = 'all rollouts'): string => handoverText({ ...model, of, unread: [] });
const lines = (text: string): readonly string[] => text.split('\n');
const part = (text: string, title: string): readonly string[] => (text.split(/^### /m).find((each) => each.startsWith(title)) ?? '').trim().split('\n').slice(1);
const names = (of: readonly string[]): readonly string[] => of.filter((line) => line.startsWith('- ')).map((line) => line.slice(2).split(':')[0] ?? '');

const ACTS = [
  anEvent('default/myapp', { reason: 'OperatorAbort', message: 'ana@jump-2: abort default/myapp; reason: errors', secondsAgo: 180 }),
  anEvent('default/myapp', { reason: 'OperatorSetImage', message: 'ben@jump-1: image default/myapp', secondsAgo: 900 }),
  anEvent('default/colorapi', { reason: 'RolloutCompleted', message: 'Rollout completed update to revision 7', secondsAgo: 60 }),
  anEvent('default/myapp', { reason: 'RolloutAborted', message: 'error-rate failed', secondsAgo: 170, type: 'Warning' }),
];

test('those that wait for a person come first, the longest first, with owner, why, since when, and who did last what', () => {
  const text = written(aModel(80, 24, demoSnapshot({ events: ACTS })));
  assert.match(text, /^## Hand-over: all rollouts, \d{4}-\d\d-\d\dT[\d:]+Z\n- context sluice: data 0s old; driven by: this console \(this console\)\n- 2 of 5 wait for a person, 2 move\n/);
  const waiting = part(text, 'Wait for a person');
  assert.deepEqual(names(waiting), ['a-team/silly-demo', 'default/myapp']);
  assert.equal(waiting[0], `- a-team/silly-demo: paused for 12m, since ${ago(720)}`);
  assert.ok(waiting.includes(`- default/myapp: aborted for 3m, since ${ago(180)}`));
  assert.match(waiting.find((line, place) => place > 2 && line.startsWith('  - why: ')) ?? '', /aborted.*error-rate/);
  assert.equal(waiting.at(-1), `  - last act: ${ago(180)} ana@jump-2: abort default/myapp; reason: errors`);
  assert.ok(text.indexOf('### Move by themselves (2)') > text.indexOf('### Wait for a person'));
  assert.deepEqual(names(part(text, 'Move by themselves')).toSorted(), ['bookinfo/reviews-rollout', 'canary-rollout-demo/canary-demo-app']);
});

test('what was done lately stands as on the screen recent, and the rest is a number', () => {
  const text = written(aModel(80, 24, demoSnapshot({ events: ACTS })));
  assert.deepEqual(part(text, 'Done lately'), [
    `- ${ago(60)} default/colorapi, rollouts-controller: RolloutCompleted: Rollout completed update to revision 7`,
    `- ${ago(170)} default/myapp, rollouts-controller: RolloutAborted: error-rate failed`,
    `- ${ago(180)} default/myapp, ana@jump-2: abort default/myapp; reason: errors`,
    `- ${ago(900)} default/myapp, ben@jump-1: image default/myapp`,
  ]);
  assert.deepEqual(part(text, 'At rest'), ['- 1 healthy']);
  assert.match(written(aModel(80, 24, aSnapshot())), /nothing is remembered: servers keep events for an hour only/);
});

test('of several clusters each line says which, and how old the data of each is', () => {
  const text = written(severalClusters(80, 24));
  assert.match(text, /^- context gke_acme-prod_europe-west1_prod-eu: data: NOT FRESH, as of \S+Z, 12s old \(can not reach https:\/\/10\.0\.0\.1:6443: connection refused\); driven by: argo-rollouts-7d9c_4f1$/m);
  assert.match(text, /^- context dev: data: NOTHING READ YET; /m);
  assert.ok(names(part(text, 'Wait for a person')).includes('shop/cart on gke_acme-prod_europe-west1_prod-eu'));
  const told = handoverText({ ...aModel(80, 24), of: 'all rollouts', unread: [{ cluster: 'prod', reason: 'connection refused' }] });
  assert.match(told, /^- context prod: NOT READ \(connection refused\)$/m);
});

test('ages are by the clock of the cluster that the objects are of', () => {
  const text = written(aModel(80, 24, aSnapshot({ skewMs: 600_000, rollouts: [aRollout().paused(1, 720).build()] })));
  assert.equal(part(text, 'Wait for a person')[0], `- shop/cart: paused for 22m, since ${ago(720)}`);
});

test('who holds it, or whose it is, stands beside it', () => {
  const hold = JSON.stringify({ by: 'ben@x', reason: 'database' });
  const rollouts: readonly KubeObject[] = [
    aRollout('shop/held').spec({ paused: true }).metadata({ annotations: { 'sluice.dev/hold': hold } }).build(),
    aRollout('shop/owned').paused(1, 60).metadata({ labels: { team: 'pay' } }).build(),
  ];
  const waiting = part(written(aModel(80, 24, aSnapshot({ rollouts }))), 'Wait for a person');
  assert.deepEqual(waiting.filter((line) => line.startsWith('- ')), [`- shop/owned: paused for 60s, since ${ago(60)}, owner pay`, '- shop/held: held, owner ben@x']);
  assert.ok(waiting.some((line) => /why: .*database/.test(line)));
});

test('the note is bounded: of more than a hundred that wait the rest is a number; acts of people are not pushed out', () => {
  const rollouts = Array.from({ length: 130 }, (_, place) => aRollout(`shop/cart-${place}`).paused(1, 60 + place).build());
  const updates = Array.from({ length: 200 }, (_, place) => anEvent(`shop/cart-${place % 130}`, { reason: 'RolloutUpdated', message: `updated to revision ${place}`, secondsAgo: place }));
  const act = anEvent('shop/cart-1', { reason: 'OperatorPromote', message: 'ana@jump-2: promote it', secondsAgo: 500 });
  const text = written(aModel(80, 24, aSnapshot({ rollouts, events: [...updates, act] })));
  assert.equal(part(text, 'Wait for a person').at(-1), '- and 30 more');
  assert.equal(part(text, 'Done lately').length, 21);
  assert.match(part(text, 'Done lately').at(-1) ?? '', /ana@jump-2: promote it$/);
});

test('an act of several sendings is told once, by its end; one whose end nobody saw is told as it began', () => {
  const rolledBack = (message: string, secondsAgo: number): KubeObject => anEvent('default/myapp', { reason: 'OperatorRollback', message: `ana@jump-2: roll back default/myapp: ${message}`, secondsAgo });
  const events = [
    rolledBack('to revision 5; reason: errors', 900),
    rolledBack('to revision 4; reason: errors', 300),
    rolledBack('full promotion of revision 4', 290),
    rolledBack('to revision 4; reason: errors (done: revision 4 serves everything)', 200),
    rolledBack('to revision 4; reason: errors', 60),
    rolledBack('to revision 4; reason: errors (stopped: ended by hand)', 50),
  ];
  const told = part(written(aModel(80, 24, demoSnapshot({ events }))), 'Done lately');
  assert.deepEqual(told, [
    `- ${ago(50)} default/myapp, ana@jump-2: roll back default/myapp: to revision 4; reason: errors (stopped: ended by hand)`,
    `- ${ago(200)} default/myapp, ana@jump-2: roll back default/myapp: to revision 4; reason: errors (done: revision 4 serves everything)`,
    `- ${ago(900)} default/myapp, ana@jump-2: roll back default/myapp: to revision 5; reason: errors`,
  ]);
});

test('an abort is not pushed out by what releases do by themselves', () => {
  const updates = Array.from({ length: 900 }, (_, place) => anEvent(`shop/cart-${place % 130}`, { reason: 'RolloutUpdated', message: `updated to revision ${place}`, secondsAgo: place }));
  const abort = anEvent('shop/cart-1', { reason: 'RolloutAborted', message: 'error-rate failed', secondsAgo: 1500, type: 'Warning' });
  const told = part(written(aModel(80, 24, aSnapshot({ events: [...updates, abort] }))), 'Done lately');
  assert.equal(told.length, 21);
  assert.match(told.at(-1) ?? '', /RolloutAborted: error-rate failed$/);
});

test('what a cluster says reaches the note without escape codes, and as plain text it has no marks of headings', () => {
  const text = written(aModel(80, 24, aSnapshot({ events: [anEvent('shop/cart', { reason: 'OperatorPromote', message: 'ana@x: promote\u001b[31m it\u0007', secondsAgo: 5 })] })));
  assert.ok(lines(text).every((line) => !/[\u0000-\u001f\u007f]/.test(line)));
  assert.ok(!withoutMarks(text).includes('#') && withoutMarks(text).startsWith('Hand-over: all rollouts'));
});

test('S writes of the rollout under the cursor and says how to write of all; its neighbour key writes the note; without data there is none', () => {
  const [one] = press(aModel(80, 24), 'S')[1];
  assert.ok(one?.type === 'save' && one.what === 'The snapshot of a-team/silly-demo (:handover writes of all rollouts)' && one.text.startsWith('## a-team/silly-demo on sluice'));
  const [all] = press(aModel(80, 24), 'alt-s')[1];
  assert.ok(all?.type === 'save' && all.file === 'handover' && all.text.startsWith('## Hand-over: all rollouts'));
  const [none, effects] = press(aModel(80, 24, 'nothing yet'), 'alt-s');
  assert.deepEqual([none.notice?.text, effects], ['Nothing has been read yet: there is nothing to hand over.', []]);
});
