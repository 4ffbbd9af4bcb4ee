// A hold holds: no promotion goes past it, every screen says so, and its words say what it does and what it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aReplicaSet, aRollout, aSnapshot, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const annotations = (more: Record<string, string> = {}): Record<string, string> => ({ 'sluice.dev/hold': JSON.stringify({ by: 'ben@x', reason: 'database', since: '2026-11-21T12:00:31Z', ...more }) });
const template = { metadata: {}, spec: { containers: [{ name: 'app', image: 'shop/cart:7' }] } };
const sets = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 2, image: 'shop/cart:7' }), aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 3, image: 'shop/cart:6' })];
const cart = (): ReturnType<typeof aRollout> => aRollout('shop/cart').canary(STEPS).spec({ template, paused: true }).metadata({ annotations: annotations() });
const standing = (rollout: KubeObject, columns = 100): Model => aModel(columns, 30, aSnapshot({ rollouts: [rollout], replicaSets: sets }));
const applied = (effects: readonly Effect[]): readonly (Effect & { readonly type: 'apply' })[] => effects.filter((effect) => effect.type === 'apply');
const screen = (model: Model): string => printFrame(render(model));

for (const [name, rollout] of [['at a gate', cart().paused(1, 60).build()], ['between steps', cart().at(2).build()], ['at rest', cart().healthy().build()]] as const)
  for (const key of ['p', 'P'])
    test(`${key} does not go past a hold ${name}, and says whose it is and how it ends`, () => {
      const [refused, effects] = press(standing(rollout), key, 'y');
      assert.deepEqual([refused.question, applied(effects)], [undefined, []]);
      assert.match(press(standing(rollout), key)[0].notice?.text ?? '', /^cart is held by ben@x: database\. H ends the hold\.$/);
    });

test('until when it was to last is told, too; when that is over it holds all the same', () => {
  const until = (time: string): Model => standing(cart().metadata({ annotations: annotations({ until: time }) }).paused(1, 60).build());
  assert.match(press(until('2026-11-21T22:34:00Z'), 'p')[0].notice?.text ?? '', /held by ben@x until 22:34:00: database\./);
  assert.match(press(until('2026-11-21T12:00:32Z'), 'p')[0].notice?.text ?? '', /which was to end .* ago: database\. H ends the hold/);
});

test('a pause by hand without a reason is no hold: a promotion ends it', () => {
  const paused = aRollout('shop/cart').canary(STEPS).at(2).spec({ paused: true }).build();
  assert.equal(applied(press(standing(paused), 'p', 'y')[1]).length, 1);
});

test('a hold that is made while a promotion waits to go out stops it', () => {
  const gate = aRollout('shop/cart').canary(STEPS).spec({ template }).paused(1, 60).build();
  const [leaving] = press(aModel(100, 30, aSnapshot({ rollouts: [gate], replicaSets: sets }), { ...NO_SETTINGS, flags: { takeBack: 5000 } }), 'p', 'y');
  assert.equal(leaving.outgoing.length, 1);
  const held = send(leaving, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [cart().paused(1, 60).build()], replicaSets: sets }), now: leaving.now });
  const [stopped, effects] = update(held, { type: 'tick', now: held.now + 5000 });
  assert.deepEqual([applied(effects), stopped.outgoing], [[], []]);
  assert.match(stopped.notice?.text ?? '', /was not sent: it was paused by hand/);
});

test('what goes back goes through a hold', () => {
  const rollout = cart().paused(1, 60).build();
  for (const keys of [['a', 'y'], ['X', 'y'], ['u', 'enter', 'y']]) assert.equal(applied(press(standing(rollout), ...keys)[1]).length, 1, keys.join(' '));
});

test('a rollback does not take a rollout further that was held meanwhile', () => {
  const promoted = (more: object, hash = CANARY_HASH): KubeObject => aRollout('shop/cart').canary(STEPS).healthy().spec({ template, ...more }).status({ stableRS: CANARY_HASH, currentPodHash: hash }).build();
  const said = press(standing(promoted({})), 'X', 'y')[0];
  const [rollback] = said.rollbacks;
  assert.ok(rollback !== undefined);
  const started = { ...said, rollbacks: [{ ...rollback, stage: 'capacity' as const, stageSince: said.now }] };
  const ready = aSnapshot({ rollouts: [promoted({ paused: true }, STABLE_HASH)], replicaSets: sets });
  const held = send(started, { type: 'cluster-changed', snapshot: ready, now: said.now });
  assert.match(held.notice?.text ?? '', /stopped .*paused by hand meanwhile/);
});

test('w on a held rollout sends to the one who holds it, and not to p', () => {
  const why = screen(press(standing(cart().paused(1, 60).build()), 'w')[0]);
  assert.match(why, /next +Ask ben@x before the hold is ended; no promotion goes past it\. \(H\)/);
  assert.doesNotMatch(why.split('\n').slice(0, -2).join('\n'), /\(p\)|[Pp]romote (goes|lets)/);
});

test('the list says held', () => {
  assert.match(screen(standing(cart().paused(1, 60).build())).split('\n').filter((line) => line.includes('shop/cart')).at(-1) ?? '', / held /);
});
