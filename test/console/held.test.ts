// A hold holds: no promotion goes past it, every screen says so, and its words say what it does and what it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { handoverText } from '../../src/console/handover-text.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ago, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
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

test('a hold that is over its time says by how much, and who must end it', () => {
  const over = standing(cart().metadata({ annotations: annotations({ until: '2026-11-21T12:00:32Z' }) }).paused(1, 60).build(), 80);
  assert.match(screen(over), /held \d+m?\d*s? over time; ben@x must end/);
  const why = screen(press(over, 'w')[0]).replace(/\s+/g, ' ');
  assert.match(why, /over time; ben@x must end it: database/);
  assert.match(why, /Its time is over: ask ben@x to end the hold, or end it in their place; no promotion goes past it/);
  assert.doesNotMatch(screen(standing(cart().paused(1, 60).build())), /over time/);
});

const told = (model: Model): string => (model.question === undefined ? '' : [model.question.proposal.effectWords, ...model.question.proposal.notes].join('; '));

test('the question says that the time is for people, and that nothing ends a hold by itself', () => {
  const gate = aModel(100, 30, aSnapshot({ rollouts: [aRollout('shop/cart').canary(STEPS).spec({ template }).paused(1, 60).build()], replicaSets: sets }));
  const [asked] = press(gate, 'H', ...'database', 'enter');
  assert.equal(told(asked), 'it stays where it is until a person ends the hold; all see why; nothing ends a hold by itself, and no promotion goes past it');
  const [typed] = press(asked, ...'2 hours');
  assert.match(told(typed), /until \d\d:\d\d:\d\d \(in 2h00m\) is for people to read: nothing ends a hold by itself/);
  assert.match(told(press(asked, ...'2 days')[0]), /until 2026-11-23 \d\d:\d\d:\d\d \(in 2d0h\) is for/, 'another day has its date');
});

const AFTERWARDS: readonly (readonly [string, KubeObject, string])[] = [
  ['at a gate', cart().paused(1, 60).build(), 'it still waits for a person at step 2 of 3, pause for a person'],
  ['between steps', cart().at(2).build(), 'it goes on with step 3 of 3, setWeight 40'],
  ['at a gate that the engine has not seen yet', cart().at(1).build(), 'it still waits for a person at step 2 of 3, pause for a person'],
  ['at a gate that was promoted', cart().at(1).status({ controllerPause: true }).build(), 'it goes on with step 2 of 3, pause for a person'],
  ['at a pause that ends by itself', cart().canary([{ setWeight: 20 }, { pause: { duration: '5m' } }]).paused(1, 60).build(), 'it goes on when step 2 of 2, pause 5m, is over'],
  ['behind the last step', cart().at(3).build(), 'it goes on to the end'],
  ['when aborted', cart().aborted(1, 60, 'x').build(), 'it stays aborted'],
  ['at rest', cart().healthy().build(), 'nothing is on its way, and the next release is not stopped'],
];
for (const [name, rollout, wanted] of AFTERWARDS)
  test(`the end of a hold ${name} says what comes then`, () => {
    assert.match(told(press(standing(rollout), 'H')[0]), new RegExp(`^the hold of ben@x ends; ${wanted};`));
    assert.match(told(press(standing(rollout), 'z')[0]), new RegExp(`^the pause by hand ends; ${wanted};`));
  });

test('what came of the end of a hold is told as it is', () => {
  const [sent] = press(standing(cart().paused(1, 60).build()), 'H', ...'cart', 'enter');
  const taken = send(sent, { type: 'applied', id: 1, result: { ok: true, value: undefined }, now: sent.now });
  const free = aRollout('shop/cart').canary(STEPS).spec({ template }).paused(1, 60).build();
  const seen = send(taken, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [free], replicaSets: sets }), now: taken.now });
  assert.equal(seen.notice?.text, 'end the hold of shop/cart: seen at once: it still waits for a person at step 2 of 3, pause for a person');
});

const CROSSING: readonly (readonly [string, Record<string, string>, string | undefined, string])[] = [
  ["another person's", {}, undefined, 'type-name'],
  ['one that lasts', { until: '2026-11-21T22:34:00Z' }, undefined, 'type-name'],
  ["another person's that is over its time", { until: '2026-11-21T12:00:32Z' }, undefined, 'key'],
  ["one's own", { by: 'ana@jump-2' }, undefined, 'key'],
  ["another person's where nothing is asked otherwise", {}, 'none', 'key'],
  ["another person's where the name is typed anyhow", {}, 'type-name', 'type-name-and-reason'],
  ["another person's where all is asked already", {}, 'type-name-and-reason', 'type-name-and-reason'],
];
for (const [name, hold, confirm, wanted] of CROSSING)
  test(`the end of a hold, ${name}: ${wanted}`, () => {
    const rollout = cart().metadata({ annotations: annotations(hold) }).paused(1, 60).build();
    const model = aModel(100, 30, aSnapshot({ rollouts: [rollout], replicaSets: sets }), { ...NO_SETTINGS, flags: confirm === undefined ? {} : { confirm: confirm as 'key' } });
    for (const key of ['z', 'H']) assert.equal(press(model, key)[0].question?.level, wanted, key);
  });

test('the question names whose hold it is, why, since when and until when, and one key does not answer it', () => {
  const rollout = cart().metadata({ annotations: annotations({ until: '2026-11-21T22:34:00Z' }) }).paused(1, 60).build();
  const [asked] = press(standing(rollout), 'z');
  assert.match(screen(asked).replace(/\s+/g, ' '), /this ends the hold of ben@x since 12:00:31 until 22:34:00: database.*it is not your hold: ask ben@x first/);
  assert.deepEqual(applied(press(asked, 'y')[1]), []);
  assert.equal(applied(press(asked, ...'cart', 'enter')[1]).length, 1);
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

test('every act that changes the way of what is held says what becomes of the hold', () => {
  const kept = /it is held by ben@x \(database\): the hold stays, and until it ends no pods are added or taken away/;
  for (const keys of [['a'], ['u'], ['i']]) assert.match(told(press(standing(cart().paused(1, 60).build()), ...keys)[0]), kept, keys.join());
  assert.match(told(press(standing(cart().aborted(1, 60, 'x').build()), 'r')[0]), kept);
  assert.match(told(press(standing(cart().status({ replicas: 5 }).paused(1, 60).build()), 'R')[0]), /: the hold stays, and does not stop this/);
  assert.match(told(press(standing(cart().paused(1, 60).build()), 'X')[0]), /: this ends the hold/);
  const byHand = aRollout('shop/cart').canary(STEPS).spec({ template, paused: true }).at(2).build();
  assert.match(told(press(standing(byHand), 'a')[0]), /it is paused by hand: the pause stays/);
  const free = aRollout('shop/cart').canary(STEPS).spec({ template }).paused(1, 60).build();
  for (const key of ['a', 'u', 'i']) assert.doesNotMatch(told(press(standing(free), key)[0]), /hold|pause stays/, key);
});

const wrote = (field: object, secondsAgo: number): object => ({ manager: 'sluice-console', operation: 'Update', time: ago(secondsAgo), fieldsV1: { 'f:spec': field } });
const managed = (rollout: KubeObject, ...managedFields: readonly object[]): KubeObject => ({ ...rollout, metadata: { ...rollout.metadata, managedFields } });
const condition = { conditions: [{ type: 'Paused', status: 'True', reason: 'RolloutPaused', lastTransitionTime: ago(600) }] };
const since = (rollout: KubeObject): string => handoverText({ ...standing(rollout), of: 'all', unread: [] }).split('\n').find((line) => line.startsWith('- shop/cart')) ?? '';

test('since when it is held is told by the hold, or by who wrote the pause, and never by the pause of the step', () => {
  const byHand = aRollout('shop/cart').canary(STEPS).spec({ template, paused: true }).paused(1, 600).status(condition).build();
  const held = cart().metadata({ annotations: annotations({ since: ago(25) }) }).paused(1, 600).status(condition).build();
  assert.equal(since(held), `- shop/cart: held for 25s, since ${ago(25)}, owner ben@x`);
  assert.equal(since(byHand), '- shop/cart: held', 'nothing tells');
  const betweenSteps = aRollout('shop/cart').canary(STEPS).spec({ template, paused: true }).at(2).status(condition).build();
  assert.equal(since(betweenSteps), `- shop/cart: held for 10m, since ${ago(600)}`, 'no step pauses: the condition is of the pause by hand');
  const written = managed(byHand, wrote({ '.': {}, 'f:paused': {} }, 3), wrote({ 'f:template': {} }, 1));
  assert.equal(since(written), `- shop/cart: held for 3s, since ${ago(3)}`);
  assert.match(screen(standing(written)), /held: paused by hand since 3s/);
  assert.equal(since(managed(byHand, wrote({ 'f:paused': {}, 'f:template': {} }, 3))), '- shop/cart: held', 'the time may be that of the template');
});
