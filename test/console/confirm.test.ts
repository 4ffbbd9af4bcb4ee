// Nothing changes a cluster but one deliberate key, pressed alone, after a question that still holds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import { KEY_NAMES } from '../../src/console/key.js';
import type { Model } from '../../src/console/model.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { aRollout, aSnapshot, CANARY_HASH, NOW } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, { analysis: { templates: [{ templateName: 'success-rate' }] } }, { setWeight: 60 }, { pause: { duration: '1m' } }];
const gate = (): KubeObject => aRollout('shop/cart').canary(STEPS).paused(1, 60).build();
const snapshotOf = (rollout: KubeObject, more: Partial<Snapshot> = {}): Snapshot => aSnapshot({ rollouts: [rollout], ...more });
const standing = (rollout = gate(), more: Partial<Snapshot> = {}): Model => aModel(100, 30, snapshotOf(rollout, more));
/** Says yes, with a reason where one is asked for. */
const yes = (model: Model): readonly [Model, readonly Effect[]] => (model.question?.fields.length === 0 ? press(model, 'y') : press(model, ...'because', 'enter', 'y'));
const applied = (effects: readonly Effect[]): readonly (Effect & { readonly type: 'apply' })[] => effects.filter((effect) => effect.type === 'apply');
const changed = (model: Model, rollout: KubeObject, now = model.now): Model => send(model, { type: 'cluster-changed', snapshot: snapshotOf(rollout), now });

test('p asks, y does, and the patch carries what was seen', () => {
  const [asked, none] = press(standing(), 'p');
  assert.deepEqual(applied(none), []);
  assert.equal(asked.question?.proposal.effectWords, 'step 2 to 3, 20 % to 40 %');
  const [after, effects] = press(asked, 'y');
  const [effect] = applied(effects);
  assert.ok(effect !== undefined && applied(effects).length === 1);
  assert.deepEqual(effect.about, { context: 'sluice', namespace: 'shop', name: 'cart', uid: 'uid-shop/cart', action: 'rollout.promote', words: 'promote shop/cart: step 2 to 3, 20 % to 40 %', saw: 'Paused, step 2 of 6: pause for a person; canary asked 20 %, real unknown', revision: '7', reason: '', event: true });
  const [change] = effect.changes;
  assert.ok(change?.type === 'patch' && change.patchType === 'json' && change.subresource === 'status');
  const body = change.body as { op: string; path: string; value?: unknown }[];
  assert.deepEqual(body.filter(({ op }) => op === 'test').map(({ path }) => path).slice(0, 3), ['/metadata/uid', '/status/currentPodHash', '/status/currentStepIndex']);
  assert.deepEqual(body.filter(({ op }) => op !== 'test'), [{ op: 'remove', path: '/status/pauseConditions' }]);
  assert.equal(after.question, undefined);
  assert.equal(after.board.byKey.get('sluice shop/cart')?.stepIndex, 1, 'nothing is shown before it is seen');
});

test('no key but y says yes', () => {
  const keys = [...KEY_NAMES, ...'abcdefghijklmnopqrstuvwxzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/?!'.matchAll(/./g)].map((key) => (typeof key === 'string' ? key : key[0]));
  for (const name of keys) {
    const [asked] = press(standing(), 'p');
    const [next, effects] = update(asked, { type: 'key', key: { name, burst: false, ...(name === 'paste' ? { text: 'y' } : {}) }, now: asked.now + 1000 });
    assert.deepEqual(applied(effects), [], name);
    assert.equal(next.pending.length, 0, name);
  }
});

test('keys that came together confirm nothing, nor does a paste, nor a yes faster than reading', () => {
  const key = (model: Model, name: string, burst: boolean, now: number): readonly [Model, readonly Effect[]] => update(model, { type: 'key', key: { name, burst }, now });
  const [asked] = key(standing(), 'p', true, NOW);
  const [still, effects] = key(asked, 'y', true, NOW);
  assert.deepEqual(effects, []);
  assert.match(still.question?.hint ?? '', /together with others/);
  const [late] = key(still, 'y', true, NOW + 60_000);
  assert.equal(late.pending.length, 0);
  const [quick, nothing] = key(key(standing(), 'p', false, NOW)[0], 'y', false, NOW + 50);
  assert.deepEqual(nothing, []);
  assert.match(quick.question?.hint ?? '', /too quick/);
  assert.equal(applied(key(quick, 'y', false, NOW + 1000)[1]).length, 1);
});

for (const name of ['n', 'escape', 'q']) {
  test(`${name} leaves the question and changes nothing`, () => {
    const [left, effects] = press(standing(), 'p', name);
    assert.deepEqual([left.question, effects], [undefined, []]);
    assert.deepEqual(press(left, 'y')[1], []);
  });
}

const MOVES: readonly (readonly [string, KubeObject, RegExp])[] = [
  ['to another step', aRollout('shop/cart').canary(STEPS).at(2).build(), /from step 2 to step 3/],
  ['by an abort', aRollout('shop/cart').canary(STEPS).aborted(1, 1).build(), /aborted/],
  ['to a new revision', aRollout('shop/cart').canary(STEPS).paused(1, 60).status({ currentPodHash: 'other' }).build(), /another revision/],
  ['to its end', aRollout('shop/cart').canary(STEPS).status({ stableRS: CANARY_HASH }).build(), /promoted to the end/],
  ['by being made anew', aRollout('shop/cart').canary(STEPS).paused(1, 60).metadata({ uid: 'new' }).build(), /made anew/],
  ['by a pause from hand', aRollout('shop/cart').canary(STEPS).paused(1, 60).spec({ paused: true }).build(), /paused by hand/],
  ['by a change of its spec', aRollout('shop/cart').canary(STEPS).paused(1, 60).metadata({ generation: 5 }).status({ observedGeneration: '5' }).build(), /spec was changed/],
];

for (const [name, moved, wanted] of MOVES) {
  test(`a rollout that moved ${name} takes its question with it`, () => {
    const asked = changed(press(standing(), 'p')[0], moved);
    assert.match(asked.question?.moved ?? '', wanted);
    const [next, effects] = press(asked, 'y');
    assert.deepEqual(effects, []);
    assert.equal(next.pending.length, 0);
  });
}

test('a question that no longer holds is asked again by the same key, for what is now', () => {
  const asked = changed(press(standing(), 'p')[0], aRollout('shop/cart').canary(STEPS).paused(5, 1).build());
  const [again] = press(asked, 'p');
  assert.equal(again.question?.moved, undefined);
  assert.equal(again.question?.proposal.effectWords, 'step 6 to the end, 60 % to 100 %');
  assert.equal(applied(press(again, 'y')[1]).length, 1);
});

test('new counts of pods alone do not disturb a question, and the newest object is patched', () => {
  const asked = changed(press(standing(), 'p')[0], aRollout('shop/cart').canary(STEPS).paused(1, 60).metadata({ resourceVersion: '101' }).status({ availableReplicas: 4 }).build());
  assert.equal(asked.question?.moved, undefined);
  assert.equal(applied(press(asked, 'y')[1]).length, 1);
});

test('a rollout that was deleted meanwhile takes its question with it', () => {
  const asked = send(press(standing(), 'p')[0], { type: 'cluster-changed', snapshot: aSnapshot(), now: NOW });
  assert.equal(asked.question?.moved, 'it no longer exists');
  assert.deepEqual(press(asked, 'y')[1], []);
});

test('stale data refuses changes: before the question and after it', () => {
  const connection = { type: 'lost', since: NOW, lastSignalAt: NOW - 8000, reason: 'connection refused' } as const;
  const [refused] = press(standing(gate(), { connection }), 'p');
  assert.equal(refused.question, undefined);
  assert.match(refused.notice?.text ?? '', /refused until the data is fresh: as of 12:04:23, 9s ago: connection refused/);
  const lostMeanwhile = send(press(standing(), 'p')[0], { type: 'cluster-changed', snapshot: snapshotOf(gate(), { connection }), now: NOW + 1000 });
  const [hinted, effects] = press(lostMeanwhile, 'y');
  assert.deepEqual(effects, []);
  assert.match(hinted.question?.hint ?? '', /until the data is fresh/);
});

const OBSTACLES: readonly (readonly [string, string, KubeObject, RegExp])[] = [
  ['promote at rest', 'p', aRollout().healthy().build(), /nothing to promote/],
  ['promote when aborted', 'p', aRollout().aborted(1, 5).build(), /is aborted: retry it, or promote it fully/],
  ['promote an invalid spec', 'p', aRollout().invalid('x').build(), /invalid spec/],
  ['promote behind the last step', 'p', aRollout().at(6).build(), /no step left/],
  ['full promotion at rest', 'P', aRollout().healthy().build(), /nothing to promote/],
  ['full promotion twice', 'P', aRollout().at(1).status({ promoteFull: true }).build(), /already being promoted fully/],
  ['abort at rest', 'a', aRollout().healthy().build(), /nothing to abort/],
  ['abort twice', 'a', aRollout().aborted(1, 5).build(), /is already aborted \(6s ago\): all traffic is asked back to the stable revision/],
  ['retry what is not aborted', 'r', gate(), /not aborted/],
];

for (const [name, key, rollout, wanted] of OBSTACLES) {
  test(`refused with the reason: ${name}`, () => {
    const [model, effects] = press(standing(rollout), key, 'y');
    assert.deepEqual([model.question, effects], [undefined, []]);
    assert.match(press(standing(rollout), key)[0].notice?.text ?? '', wanted);
  });
}

const PROPOSALS: readonly (readonly [string, string, KubeObject, string, RegExp])[] = [
  ['a gate', 'p', gate(), 'step 2 to 3, 20 % to 40 %', /^$/],
  ['a timed pause', 'p', aRollout().canary(STEPS).paused(5, 10).build(), 'step 6 to the end, 60 % to 100 %', /ends this pause early/],
  ['an analysis', 'p', aRollout().canary(STEPS).at(3).build(), 'step 4 to 5, 40 % to 60 %; skips analysis success-rate', /^$/],
  ['full, past an analysis', 'P', gate(), 'step 2 to the end, 20 % to 100 %; skips analysis success-rate', /4 more steps are skipped/],
  ['full, when aborted', 'P', aRollout().canary(STEPS).aborted(1, 5).build(), 'step 2 to the end, 0 % to 100 %; skips analysis success-rate', /takes the aborted revision to everybody/],
  ['an abort', 'a', gate(), '20 % to 0 %: all traffic back to the stable revision', /retry starts it again/],
  ['a retry', 'r', aRollout().canary(STEPS).aborted(1, 5).build(), 'the same revision again from step 1 of 6: setWeight 20', /^$/],
  ['held by hand alone', 'p', aRollout().canary(STEPS).at(2).spec({ paused: true }).build(), 'it goes on from where it was paused', /^$/],
];

for (const [name, key, rollout, words, notes] of PROPOSALS) {
  test(`the question tells what will happen: ${name}`, () => {
    const [model] = press(standing(rollout), key);
    assert.equal(model.question?.proposal.effectWords, words);
    assert.match(model.question?.proposal.notes.join('; ') ?? '', notes);
    assert.equal(applied(yes(model)[1]).length, 1);
  });
}

test('the effect is shown when it is seen: sent, taken, seen', () => {
  const [sent] = press(standing(), 'p', 'y');
  assert.match(sent.notice?.text ?? '', /sending/);
  const taken = send(sent, { type: 'applied', id: 1, result: { ok: true, value: undefined }, now: sent.now });
  assert.match(taken.notice?.text ?? '', /sent, waiting for the engine to act/);
  const cleared = changed(taken, aRollout('shop/cart').canary(STEPS).at(1).status({ controllerPause: true }).build());
  assert.match(cleared.notice?.text ?? '', /waiting for the engine/, 'the server has it, the engine has not acted');
  const seen = changed(cleared, aRollout('shop/cart').canary(STEPS).at(2).build());
  assert.match(seen.notice?.text ?? '', /promote shop\/cart: seen at once: it went from step 2 to step 3, canary asked 40 %/);
  assert.equal(seen.pending.length, 0);
  const after = changed(cleared, aRollout('shop/cart').canary(STEPS).at(2).build(), cleared.now + 2100);
  assert.match(after.notice?.text ?? '', /promote shop\/cart: seen after 2\.1 s: it went/);
});

test('an abort that is on its way is not sent twice; one that shows nothing may be', () => {
  const [sent] = press(standing(), 'a', 'y');
  const [second, effects] = press(sent, 'a', 'y');
  assert.deepEqual([second.question, effects], [undefined, []]);
  assert.match(second.notice?.text ?? '', /^abort shop\/cart was sent at \d\d:\d\d:\d\d and its effect is not seen yet\.$/);
  const [promoted] = press(standing(), 'p', 'y');
  assert.ok(press(promoted, 'a')[0].question !== undefined, 'it waits for nothing else');
});

test('a second press before the first is seen is refused: two promotes never skip two gates', () => {
  const [sent] = press(standing(), 'p', 'y');
  const taken = send(sent, { type: 'applied', id: 1, result: { ok: true, value: undefined }, now: sent.now });
  const [second, effects] = press(taken, 'p', 'y');
  assert.deepEqual([second.question, effects], [undefined, []]);
  assert.match(second.notice?.text ?? '', /was sent at \d\d:\d\d:\d\d and its effect is not seen yet/);
});

test("a refusal shows the server's reason, and how the rollout has moved", () => {
  const [sent] = press(standing(), 'p', 'y');
  const moved = changed(sent, aRollout('shop/cart').canary(STEPS).at(2).build());
  const refused = send(moved, { type: 'applied', id: 1, result: { ok: false, error: { reason: 'Invalid', message: 'the test of /status/currentStepIndex failed' } }, now: moved.now });
  assert.match(refused.notice?.text ?? '', /refused and nothing was changed, Invalid \(it went from step 2 to step 3\): the test of \/status\/currentStepIndex failed/);
  assert.deepEqual([refused.notice?.level, refused.pending.length], ['bad', 0]);
});

test('a change without an answer is not said to be undone', () => {
  const [sent] = press(standing(), 'p', 'y');
  const lost = send(sent, { type: 'applied', id: 1, result: { ok: false, error: { reason: 'Timeout', message: 'no answer for 10 s' } }, now: sent.now });
  assert.match(lost.notice?.text ?? '', /^promote shop\/cart got no answer: no answer for 10 s$/);
});

test('a change without effect is told, once, and may then be tried again', () => {
  const [sent] = press(standing(), 'a', 'y');
  const taken = send(sent, { type: 'applied', id: 1, result: { ok: true, value: undefined }, now: sent.now });
  const late = send(taken, { type: 'tick', now: taken.now + 21_000 });
  assert.match(late.notice?.text ?? '', /the engine shows no effect: is one running/);
  assert.ok(press(late, 'a')[0].question !== undefined);
});

test('an answer to nothing that was asked is passed over', () => {
  const model = standing();
  assert.equal(send(model, { type: 'applied', id: 77, result: { ok: true, value: undefined }, now: NOW }).notice, undefined);
});
