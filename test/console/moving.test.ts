// A rollout moves on while a question about it stands open: what is typed stays text, and what means the same goes on standing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aReplicaSet, aRollout, aSnapshot, aVirtualService, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
import { aModel, press, questionOf, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, { pause: {} }, { setWeight: 60 }];
const HOLD = { 'sluice.dev/hold': JSON.stringify({ by: 'ben@x', reason: 'database', since: '2026-11-21T12:00:31Z' }) };
const template = { metadata: {}, spec: { containers: [{ name: 'app', image: 'shop/cart:7' }] } };
const cart = (): ReturnType<typeof aRollout> => aRollout('shop/cart').canary(STEPS).istio({ virtualService: { name: 'cart' } }).spec({ template });
const sets = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 2, image: 'shop/cart:7' }), aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 3, image: 'shop/cart:6' })];
const world = (rollout: KubeObject): ReturnType<typeof aSnapshot> => aSnapshot({ rollouts: [rollout], replicaSets: sets, virtualServices: [aVirtualService('shop/cart', [{ canary: 20 }])] });
const standing = (rollout = cart().paused(1, 60).build(), settings?: SettingsLayers): Model => aModel(80, 24, world(rollout), settings);
const changed = (model: Model, rollout: KubeObject): Model => send(model, { type: 'cluster-changed', snapshot: world(rollout), now: model.now });
const applied = (effects: readonly Effect[]): readonly (Effect & { readonly type: 'apply' })[] => effects.filter((effect) => effect.type === 'apply');
const screen = (model: Model): string => printFrame(render(model));

const otherRevision = cart().paused(1, 60).status({ currentPodHash: 'other' }).build();
const elsewhere = cart().paused(3, 5).build();
const typing: readonly (readonly [string, readonly string[], string, SettingsLayers | undefined])[] = [
  ['an image', ['i'], 'image', undefined],
  ['a name that confirms', ['p'], 'name', { ...NO_SETTINGS, flags: { confirm: 'type-name', takeBack: 0 } }],
];

for (const [what, opening, id, settings] of typing) {
  test(`letters of ${what} stay letters when the rollout has moved`, () => {
    const [asked] = press(standing(undefined, settings), ...opening, 'ctrl-u', ...'not');
    const moved = changed(asked, otherRevision);
    assert.match(moved.question?.moved ?? '', /another revision/);
    const [typed, effects] = press(moved, ...'ing any', 'space', 'a', 'y', 'p', 'q');
    assert.equal(typed.question?.fields.find((field) => field.id === id)?.value, 'noting any aypq');
    assert.deepEqual([applied(effects), typed.list.marks.size], [[], 0]);
    assert.match(screen(typed), /enter ask again +esc leave/);
    assert.equal(press(typed, 'escape')[0].question, undefined);
  });
}

test('enter asks again for what is now, keeps the text, and never does it at once', () => {
  const moved = changed(press(standing(), 'i', 'ctrl-u', ...'shop/cart:9')[0], otherRevision);
  const [again, effects] = press(moved, 'enter');
  assert.deepEqual([again.question?.moved, again.question?.fields[0]?.value, again.question?.focus, applied(effects)], [undefined, 'shop/cart:9', 0, []]);
  assert.equal(applied(press(again, 'enter', 'y')[1]).length, 1);
  const unasked = { ...NO_SETTINGS, flags: { confirm: 'none' as const, takeBack: 0 } };
  const held = changed(press(standing(undefined, unasked), 'H', ...'sto')[0], cart().paused(1, 60).spec({ paused: true }).metadata({ annotations: HOLD }).build());
  assert.match(held.question?.moved ?? '', /paused by hand/);
  const [ends, nothing] = press(held, 'enter');
  assert.deepEqual([questionOf(ends)?.proposal.verb, applied(nothing)], ['End the hold of', []]);
});

test('a hold is for whatever step there is', () => {
  const asked = changed(press(standing(), 'H', ...'data')[0], elsewhere);
  assert.equal(asked.question?.moved, undefined);
  assert.match(asked.question?.proposal.now ?? '', /step 4 of 5/);
  const [, effects] = press(changed(press(asked, ...'base', 'enter', 'enter')[0], otherRevision), 'y');
  assert.equal(applied(effects)[0]?.about.reason, 'database');
});

test('to end a hold is for the revision that was seen', () => {
  const held = (status: Record<string, unknown>): KubeObject => cart().paused(1, 60).spec({ paused: true }).metadata({ annotations: HOLD }).status(status).build();
  const asked = changed(press(standing(held({})), 'H')[0], held({ currentPodHash: 'other' }));
  assert.match(asked.question?.moved ?? '', /another revision/);
});

for (const [name, moved] of [['step and weight', elsewhere], ['pause', cart().at(1).build()], ['spec', cart().paused(1, 60).metadata({ generation: 5 }).status({ observedGeneration: '5' }).build()]] as const) {
  for (const key of ['a', 'X'])
    test(`${key} goes on standing when only ${name} has changed, and tells what is now`, () => {
      const asked = changed(press(standing(), key)[0], moved);
      assert.equal(asked.question?.moved, undefined);
      assert.ok(screen(asked).includes(moved === elsewhere ? 'step 4 of 5' : 'step 2 of 5'));
      const [apply, ...more] = applied(press(asked, 'y')[1]);
      assert.equal(more.length, 0);
      assert.equal(apply?.about.saw, asked.question?.proposal.now, 'what the person saw is what is recorded');
    });
}

test('an abort tests the revision alone: the engine may take a step while it is on its way', () => {
  const [, effects] = press(standing(), 'a', 'y');
  const body = applied(effects)[0]?.changes[0];
  assert.ok(body?.type === 'patch');
  assert.deepEqual((body.body as { op: string; path: string }[]).filter(({ op }) => op === 'test').map(({ path }) => path), ['/metadata/uid', '/status/currentPodHash']);
});

for (const [name, moved, wanted] of [
  ['another revision', otherRevision, /another revision/],
  ['its end', cart().status({ stableRS: CANARY_HASH }).build(), /promoted to the end/],
  ['an abort by another', cart().aborted(1, 5).build(), /it was aborted/],
] as const)
  test(`an abort does not stand past ${name}`, () => {
    const asked = changed(press(standing(), 'a')[0], moved);
    assert.match(asked.question?.moved ?? '', wanted);
    assert.deepEqual(applied(press(asked, 'y')[1]), []);
  });

test('a rollback does not end a hold that was made meanwhile', () => {
  const asked = changed(press(standing(), 'X')[0], cart().paused(1, 60).spec({ paused: true }).metadata({ annotations: HOLD }).build());
  assert.match(asked.question?.moved ?? '', /paused by hand/);
});

test('a question that has moved tells what is now, and what was asked', () => {
  const asked = changed(press(standing(), 'p')[0], elsewhere);
  assert.match(screen(asked), /now +Paused, step 4 of 5[^]*asked +step 2 to 3, 20 % to 40 %[^]*from step 2 to step 4/);
  assert.doesNotMatch(screen(asked), /then /);
  const gone = send(asked, { type: 'cluster-changed', snapshot: aSnapshot(), now: asked.now });
  assert.match(screen(gone), /now +it no longer exists/);
});
