// Rolling back as one act: each stage waits for what the cluster shows, and a stop says where and why.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { anAnalysisRun, aPod, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const OLD = STABLE_HASH;
const NEW = CANARY_HASH;
const template = (image: string): object => ({ spec: { containers: [{ name: 'cart', image }] } });

/** All on the new revision; the old one is history. */
const promoted = (): KubeObject => aRollout('shop/cart').canary(STEPS).healthy().status({ currentPodHash: NEW, stableRS: NEW }).spec({ template: template('shop/cart:7') }).build();
/** The old template is back, and the engine has begun with it. */
const begun = (): KubeObject => aRollout('shop/cart').canary(STEPS).at(0).status({ currentPodHash: OLD, stableRS: NEW }).spec({ template: template('shop/cart:6') }).build();
const back = (): KubeObject => aRollout('shop/cart').canary(STEPS).healthy().status({ currentPodHash: OLD, stableRS: OLD }).spec({ template: template('shop/cart:6') }).build();

const sets = (wanted: number, ready: number): KubeObject[] => [
  aReplicaSet('shop/cart', { revision: 7, hash: NEW, wanted: 5, image: 'shop/cart:7' }),
  aReplicaSet('shop/cart', { revision: 6, hash: OLD, wanted, ready, image: 'shop/cart:6' }),
];
const seen = (model: Model, rollout: KubeObject, replicaSets: KubeObject[], pods: KubeObject[] = []): readonly [Model, readonly Effect[]] =>
  update(model, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [rollout], replicaSets, pods }), now: model.now + 1000 });
const kinds = (effects: readonly Effect[]): string[] => effects.map(({ type }) => type);
const taken = (model: Model, id: number): Model => send(model, { type: 'applied', id, result: { ok: true, value: undefined }, now: model.now });

const asked = (): Model => aModel(100, 30, aSnapshot({ rollouts: [promoted()], replicaSets: sets(0, 0) }));
const sent = (): Model => taken(press(asked(), 'X', 'y')[0], 1);

test('undo, wait for the engine, wait for the pods, promote, wait for the end', () => {
  const [said, first] = press(asked(), 'X', 'y');
  assert.deepEqual([kinds(first), said.rollbacks[0]?.stage], [['apply'], 'undo']);
  const waiting = taken(said, 1);
  assert.equal(waiting.rollbacks[0]?.stage, 'see', 'the server has it; the engine has not');
  const [starting, none] = seen(waiting, begun(), sets(1, 0));
  assert.deepEqual([kinds(none), starting.rollbacks[0]?.stage, starting.rollbacks[0]?.detail], [[], 'capacity', '0 of 1 ready']);
  const [promoting, full] = seen(starting, begun(), sets(1, 1));
  const [apply] = full;
  assert.ok(apply?.type === 'apply' && JSON.stringify(apply.changes).includes('promoteFull'));
  const finishing = taken(promoting, 2);
  assert.equal(finishing.rollbacks[0]?.stage, 'finish');
  const [done, records] = seen(finishing, back(), sets(5, 5));
  assert.deepEqual([done.rollbacks.length, kinds(records)], [0, ['record']]);
  assert.match(done.notice?.text ?? '', /roll back shop\/cart: revision 6 serves everything, after 3s/);
});

test('to the stable revision there is nothing to promote', () => {
  const trial = aRollout('shop/cart').canary(STEPS).aborted(1, 5).spec({ template: template('shop/cart:7') }).build();
  const [said] = press(aModel(100, 30, aSnapshot({ rollouts: [trial], replicaSets: sets(5, 5) })), 'X', 'y');
  const [done, effects] = seen(taken(said, 1), back(), sets(5, 5));
  assert.deepEqual([done.rollbacks.length, kinds(effects)], [0, ['record']]);
});

test('pods that can not start stop it before the promotion', () => {
  const pod = aPod('shop/cart', { hash: OLD, suffix: 'a', waiting: 'ImagePullBackOff', image: 'shop/cart:6' });
  const [stopped, effects] = seen(sent(), begun(), sets(1, 0), [pod]);
  assert.deepEqual([stopped.rollbacks.length, kinds(effects)], [0, ['record']]);
  assert.match(stopped.notice?.text ?? '', /stopped after .*: .*can not pull image .*; it was not promoted, now it is Progressing/);
});

test('an engine that does not see it is told after its limit', () => {
  const late = send(sent(), { type: 'tick', now: sent().now + 31_000 });
  assert.equal(late.rollbacks.length, 0);
  assert.match(late.notice?.text ?? '', /waiting for the engine to see it for 30 s, that is too long; now it is Healthy/);
});

test('a refusal ends it, and nothing more is sent', () => {
  const [said] = press(asked(), 'X', 'y');
  const [refused, effects] = update(said, { type: 'applied', id: 1, result: { ok: false, error: { reason: 'Invalid', message: 'the test failed' } }, now: said.now });
  assert.deepEqual([refused.rollbacks.length, kinds(effects)], [0, ['record']]);
  assert.match(refused.notice?.text ?? '', /its change was refused and nothing was changed, Invalid: the test failed/);
});

test('another revision meanwhile stops it, and so does an abort', () => {
  const finishing = taken(seen(sent(), begun(), sets(1, 1))[0], 2);
  const other = aRollout('shop/cart').canary(STEPS).at(0).status({ currentPodHash: 'other', stableRS: NEW }).build();
  assert.match(seen(finishing, other, sets(1, 1))[0].notice?.text ?? '', /another revision has begun meanwhile/);
  const aborted = aRollout('shop/cart').canary(STEPS).aborted(1, 1).status({ currentPodHash: OLD, stableRS: NEW }).build();
  assert.match(seen(finishing, aborted, sets(1, 1))[0].notice?.text ?? '', /aborted meanwhile/);
});

test('no other act on it while it runs, but an abort and what keeps it where it is', () => {
  const model = sent();
  assert.match(press(model, 'R')[0].notice?.text ?? '', /being rolled back since .*: x ends that where it is/);
  for (const key of ['H', 'z']) assert.ok(!/being rolled back/.test(press(seen(model, begun(), sets(1, 0))[0], key)[0].notice?.text ?? ''), key);
});

test('x leaves it where it is, and says how things stand', () => {
  const [left, effects] = press(seen(sent(), begun(), sets(1, 0))[0], 'x');
  assert.deepEqual([left.rollbacks.length, kinds(effects)], [0, ['record']]);
  assert.match(left.notice?.text ?? '', /stopped after .*: ended by hand while waiting for its pods to start; now it is Progressing/);
});

/** Paused by hand in the middle of its way. */
const held = (): KubeObject => aRollout('shop/cart').canary(STEPS).paused(1, 60).spec({ paused: true, template: template('shop/cart:7') }).build();

test('a hold ends with it: the old template first, so that the bad one goes nowhere', () => {
  const standing = aModel(100, 30, aSnapshot({ rollouts: [held()], replicaSets: sets(5, 5) }));
  const [question] = press(standing, 'X');
  assert.match(JSON.stringify(question.question), /it is paused by hand: this ends the pause/);
  const [said, [apply]] = press(question, 'y');
  assert.ok(apply?.type === 'apply');
  assert.deepEqual(apply.changes.map((change) => JSON.stringify(change).includes('"path":"/spec/paused","value":false')), [false, true]);
  const undone = aRollout('shop/cart').canary(STEPS).healthy().status({ currentPodHash: OLD, stableRS: OLD }).spec({ template: template('shop/cart:6'), paused: true }).build();
  const [waiting] = seen(taken(said, 1), undone, sets(5, 5));
  assert.equal(waiting.rollbacks[0]?.stage, 'see', 'the end of the hold is not seen yet');
  assert.deepEqual(seen(waiting, back(), sets(5, 5))[0].rollbacks, []);
});

test('a new hold ends the rollback instead of making it wait', () => {
  const finishing = taken(seen(sent(), begun(), sets(1, 1))[0], 2);
  const again = aRollout('shop/cart').canary(STEPS).at(0).status({ currentPodHash: OLD, stableRS: NEW }).spec({ template: template('shop/cart:6'), paused: true }).build();
  assert.match(seen(finishing, again, sets(1, 1))[0].notice?.text ?? '', /paused by hand meanwhile/);
});

test('what it was rolled back from does not come back by one key more', () => {
  const restored = [
    aReplicaSet('shop/cart', { revision: 8, hash: OLD, wanted: 5, ready: 5, image: 'shop/cart:6', annotations: { 'rollout.argoproj.io/revision-history': '6' } }),
    aReplicaSet('shop/cart', { revision: 7, hash: NEW, wanted: 0, image: 'shop/cart:7' }),
  ];
  const runs = [anAnalysisRun('shop/cart', { name: 'cart-7-1', hash: NEW, phase: 'Failed' })];
  const [asking, effects] = press(aModel(100, 30, aSnapshot({ rollouts: [back()], replicaSets: restored, analysisRuns: runs })), 'X', 'y');
  assert.deepEqual([kinds(effects), asking.rollbacks], [[], []]);
  const shown = JSON.stringify(asking.question);
  assert.match(shown, /revision 7 \(.*cart:7\) was left again: what serves now is revision 8 \(6 again\)/);
  assert.match(shown, /analysis cart-7-1 of revision 7 .* has failed/);
});

test('stale data moves nothing on', () => {
  const connection = { type: 'lost', since: 0, lastSignalAt: 0, reason: 'gone' } as const;
  const [lost] = update(sent(), { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [begun()], replicaSets: sets(1, 1), connection }), now: sent().now + 1000 });
  assert.equal(lost.rollbacks[0]?.stage, 'see');
});

test('an undo to the revision that serves names it when it is seen, as a rollback does', () => {
  const trial = aRollout('shop/cart').canary(STEPS).paused(1, 5).spec({ template: template('shop/cart:7') }).build();
  const [said] = press(aModel(100, 30, aSnapshot({ rollouts: [trial], replicaSets: sets(5, 5) })), 'u', 'enter', 'y');
  const again = aReplicaSet('shop/cart', { revision: 8, hash: OLD, wanted: 5, image: 'shop/cart:6', annotations: { 'rollout.argoproj.io/revision-history': '6' } });
  const [done] = seen(taken(said, 1), back(), [...sets(5, 5).slice(0, 1), again]);
  assert.match(done.notice?.text ?? '', /^undo shop\/cart: seen .*: revision 8 \(6 again\) serves everything$/);
});
