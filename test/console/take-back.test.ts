// A promotion that one key confirmed can be taken back for a moment; going back is never delayed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { NO_SETTINGS } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aRollout, aSnapshot } from '../support/builders.js';
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
  assert.match(asked.notice?.text ?? '', /^promote shop\/cart.* has not gone out yet: the same key again ends the program\.$/);
  assert.deepEqual(press(asked, 'q')[1], [{ type: 'quit', lines: [`${said.outgoing[0]?.words} was not sent.`] }]);
  const late = send(asked, { type: 'tick', now: asked.now + 60_000 });
  assert.deepEqual(press(late, 'q')[1].length, 1, 'it has gone out: nothing is lost any more');
});

test('an engine in the console that drives releases asks for the second key too; an embedded cluster does not', () => {
  const snapshot = (embedded: boolean): Model => aModel(100, 30, aSnapshot({ rollouts: [gate()], embedded }), NO_SETTINGS);
  assert.deepEqual(press(snapshot(true), 'q')[1], [{ type: 'quit', lines: [] }]);
  const [asked, none] = press(snapshot(false), 'ctrl-c');
  assert.deepEqual(none, []);
  assert.match(asked.notice?.text ?? '', /^the rollout that this console drives is on the way: the same key again ends the program\.$/);
  assert.deepEqual(press(asked, 'ctrl-c')[1], [{ type: 'quit', lines: [] }]);
});
