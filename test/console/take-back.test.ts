// A promotion that one key confirmed can be taken back for a moment; going back is never delayed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import { contextOf, type Model } from '../../src/console/model.js';
import { NO_SETTINGS } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { aReplicaSet, aRollout, aSnapshot, CANARY_HASH, NOW, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, { pause: {} }];
const gate = (): KubeObject => aRollout('shop/cart').canary(STEPS).paused(1, 60).build();
const standing = (): Model => aModel(100, 30, aSnapshot({ rollouts: [gate()] }), NO_SETTINGS);
const kinds = (effects: readonly Effect[]): string[] => effects.map(({ type }) => type);
const tick = (model: Model, ms: number): readonly [Model, readonly Effect[]] => update(model, { type: 'tick', now: model.now + ms });

test('it goes out when the time is over, not before', () => {
  const [said, effects] = press(standing(), 'p', 'y');
  assert.deepEqual(kinds(effects), ['wake']);
  assert.deepEqual(kinds(tick(said, 2900)[1]), []);
  const [sent, out] = tick(said, 3000);
  assert.deepEqual([kinds(out), sent.outgoing.length, sent.pending.length], [['apply'], 0, 1]);
});

test('x takes it back, and says so in the audit log', () => {
  const [said] = press(standing(), 'p', 'y');
  const [back, effects] = press(said, 'x');
  const [record] = effects;
  assert.ok(record?.type === 'record' && record.outcome === 'taken back');
  assert.deepEqual(kinds(tick(back, 10_000)[1]), []);
  assert.match(press(back, 'x')[0].notice?.text ?? '', /nothing to take back/);
});

const sets = [[7, CANARY_HASH], [6, STABLE_HASH]].map(([revision, hash]) => aReplicaSet('shop/cart', { revision: Number(revision), hash: String(hash), wanted: 2, image: `shop/cart:${revision}` }));
const moving = (): KubeObject => aRollout('shop/cart').canary(STEPS).at(2).build();
const after = (model: Model, rollout: KubeObject, seconds: number): Model => send(model, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [rollout], replicaSets: sets }), now: model.now + seconds * 1000 });
const told = (model: Model): string => press(model, 'x')[0].notice?.text ?? '';
const taken = (model: Model): Model => send(model, { type: 'applied', id: 1, result: { ok: true, value: undefined }, now: model.now });

test('x that comes too late tells what went out, when, and which keys stop it now', () => {
  const [sent] = tick(press(standing(), 'p', 'y')[0], 3000);
  assert.match(told(sent), /^Too late to take back: promote shop\/cart went out at \d\d:\d\d:\d\d\. Press a to abort it\.$/, 'a pause waits until the promotion is seen');
  const seen = after(taken(sent), moving(), 4);
  assert.match(told(seen), /^Too late to take back: promote shop\/cart went out at \d\d:\d\d:\d\d\. Press a to abort it, or z to pause it in place\.$/);
  const ended = after(seen, aRollout('shop/cart').canary(STEPS).healthy().spec({ template: {} }).status({ stableRS: CANARY_HASH, currentPodHash: CANARY_HASH }).build(), 60);
  assert.match(told(ended), /Press X to roll it back\.$/);
  const next = after(seen, aRollout('shop/cart').canary(STEPS).paused(1, 5).status({ currentPodHash: 'aaaa' }).build(), 60);
  assert.match(told(next), /Since then another revision has begun, or it is gone: look before you press anything\.$/);
  assert.match(told(after(seen, moving(), 601)), /^There is nothing to take back: no promotion is about to go out\.$/);
});

test('keys for a rollout under another line are not told as if they were for this one', () => {
  const both = [moving(), aRollout('shop/zoo').canary(STEPS).at(2).build()];
  const [sent] = tick(press(standing(), 'p', 'y')[0], 3000);
  const moved = send(taken(sent), { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: both }), now: sent.now });
  assert.match(told(press(moved, 'G')[0]), /Go to it and press a to abort it/);
});

test('where a promotion goes out at once it is told, too; one that was refused needs no way back', () => {
  const [sent] = press(aModel(100, 30, aSnapshot({ rollouts: [gate()] }), { ...NO_SETTINGS, flags: { takeBack: 0 } }), 'p', 'y');
  assert.match(told(sent), /^Too late to take back: promote shop\/cart went out at 12:04:33/);
  const refused = send(sent, { type: 'applied', id: 1, result: { ok: false, error: { reason: 'Forbidden', message: 'no' } }, now: sent.now });
  assert.match(told(refused), /^There is nothing to take back/);
});

test('of several that went out together it says so', () => {
  const rollouts = ['shop/a', 'shop/b'].map((key) => aRollout(key).canary(STEPS).paused(1, 60).build());
  const model = aModel(100, 30, aSnapshot({ rollouts }), NO_SETTINGS);
  const [said] = press({ ...model, list: { ...model.list, marks: new Set(['sluice shop/a', 'sluice shop/b']) } }, 'p', 'y');
  assert.match(told(tick(said, 3000)[0]), /promote 2 rollouts went out .* Mark them again and press a to abort them/);
});

test('what moved meanwhile is not promoted, and the new state is told', () => {
  const [said] = press(standing(), 'p', 'y');
  const moved = send(said, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [aRollout('shop/cart').canary(STEPS).paused(3, 1).build()] }), now: said.now + 500 });
  const [late, effects] = tick(moved, 3000);
  assert.deepEqual(kinds(effects), []);
  assert.match(late.notice?.text ?? '', /was not sent: it went from step 2 to step 4/);
});

test('an abort goes out at once, and takes the promotion with it', () => {
  const [said] = press(standing(), 'p', 'y');
  const [aborted, effects] = press(said, 'a', 'y');
  assert.deepEqual([kinds(effects), aborted.outgoing.length], [['apply'], 0]);
});

test('a second promotion waits for the first', () => {
  const [said] = press(standing(), 'p', 'y');
  const [second, effects] = press(said, 'p', 'y');
  assert.deepEqual(kinds(effects), []);
  assert.match(second.notice?.text ?? '', /goes out in a moment/);
});

test('the end of the program drops it only after a second key, and tells', () => {
  const [said] = press(standing(), 'p', 'y');
  const [asked, none] = press(said, 'q');
  assert.deepEqual(none, []);
  assert.match(asked.notice?.text ?? '', /^promote shop\/cart.* has not gone out yet; the embedded cluster would be lost, with a rollout on the way: the same key again ends the program\.$/);
  assert.deepEqual(press(asked, 'q')[1], [{ type: 'quit', lines: [`${said.outgoing[0]?.words} was not sent.`] }]);
  const late = send(asked, { type: 'tick', now: asked.now + 60_000 });
  assert.match(press(late, 'q')[0].notice?.text ?? '', /^the embedded cluster would be lost/, 'it has gone out: only the rest is lost');
});

const LOSSES: readonly (readonly [string, Partial<Snapshot>, RegExp | undefined])[] = [
  ['an engine in the console that drives a release', { embedded: false }, /^the rollout that this console drives is on the way: the same key again ends the program\.$/],
  ['an embedded cluster with a release', {}, /^the embedded cluster would be lost, with a rollout on the way: the same key again ends the program\.$/],
  ['an embedded cluster that another engine drives', { driver: { type: 'other', identity: 'x', renewedAt: NOW } }, /^the embedded cluster would be lost/],
  ['an embedded cluster at rest', { rollouts: [aRollout('shop/cart').healthy().build()] }, undefined],
  ['an embedded cluster where all that was on the way is aborted', { rollouts: [aRollout('shop/cart').aborted(1, 60, 'x').build()] }, undefined],
  ['a cluster that somebody else drives', { embedded: false, driver: { type: 'other', identity: 'x', renewedAt: NOW } }, undefined],
];

for (const [name, fields, wanted] of LOSSES)
  for (const key of ['q', 'ctrl-c'])
    test(`${name}: ${key} ${wanted === undefined ? 'ends at once' : 'asks for a second one'}`, () => {
      const model = aModel(100, 30, aSnapshot({ rollouts: [gate()], ...fields }), NO_SETTINGS);
      const [asked, effects] = press(model, key);
      assert.deepEqual(effects, wanted === undefined ? [{ type: 'quit', lines: [] }] : []);
      if (wanted === undefined) return;
      assert.match(asked.notice?.text ?? '', wanted);
      assert.deepEqual(press(asked, key)[1], [{ type: 'quit', lines: [] }]);
      const together = update(asked, { type: 'key', key: { name: key, burst: true }, now: asked.now })[1];
      assert.deepEqual(together, [], 'it came with others, before anybody can have read');
      const late = send(asked, { type: 'tick', now: asked.now + 6000 });
      assert.deepEqual(press(late, key)[1], [], 'too late: it is asked again');
    });

const AT_REST = aSnapshot({ rollouts: [aRollout('shop/cart').healthy().build()] });

for (const [name, keys] of [['a screen', ['y']], ['the rollout', ['enter']], ['help', ['?']], ['the log', ['@']]] as const)
  test(`q that has just closed ${name} does not end the program`, () => {
    const [open] = press(aModel(100, 30, AT_REST, NO_SETTINGS), ...keys);
    const [closed, none] = press(open, 'q');
    assert.deepEqual([none, contextOf(closed)], [[], 'rollouts']);
    const soon = update(closed, { type: 'key', key: { name: 'q', burst: false }, now: closed.now + 900 });
    assert.deepEqual(soon[1], []);
    assert.match(soon[0].notice?.text ?? '', /^Nothing is left to close/);
    assert.deepEqual(press(closed, 'q')[1], [{ type: 'quit', lines: [] }], 'a second later it does');
    assert.deepEqual(update(closed, { type: 'key', key: { name: 'ctrl-c', burst: false }, now: closed.now })[1].length, 1, 'ctrl-c closes nothing');
  });
