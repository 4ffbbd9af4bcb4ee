// One question for several rollouts: it lists them, they go out one after the other, and the first that fails ends it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aRollout, aSnapshot } from '../support/builders.js';
import { questionOf, aModel, press } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const gate = (key: string): KubeObject => aRollout(key).canary(STEPS).paused(1, 60).build();
const KEYS = ['shop/a', 'shop/b', 'shop/c'];
const rollouts = [...KEYS.map(gate), aRollout('shop/still').healthy().build()];

function marked(keys: readonly string[] = KEYS, settings?: SettingsLayers): Model {
  const model = aModel(100, 40, aSnapshot({ rollouts }), settings);
  return { ...model, list: { ...model.list, marks: new Set(keys.map((key) => `sluice ${key}`)) } };
}
type Apply = Effect & { readonly type: 'apply' };
const names = (effects: readonly Effect[]): string[] => effects.filter((effect): effect is Apply => effect.type === 'apply').map(({ about }) => about.name);
const answer = (model: Model, id: number, failure?: string): readonly [Model, readonly Effect[]] =>
  update(model, { type: 'applied', id, result: failure === undefined ? { ok: true, value: undefined } : { ok: false, error: { reason: 'Forbidden', message: failure } }, now: model.now });

test('one question lists all that are marked, and those that it can not be done to', () => {
  const [asked] = press(marked([...KEYS, 'shop/still']), 'p');
  assert.deepEqual(questionOf(asked)?.targets.map(({ key }) => key), KEYS.map((key) => `sluice ${key}`));
  assert.deepEqual(questionOf(asked)?.leftOut, ['shop/still: nothing on its way']);
});

test('they go out one after the other, and the marks are taken away', () => {
  const [first, one] = press(marked(), 'p', 'y');
  assert.deepEqual([names(one), first.list.marks.size], [['a'], 0]);
  const [second, two] = answer(first, 1);
  const [third, three] = answer(second, 2);
  assert.deepEqual([names(two), names(three)], [['b'], ['c']]);
  assert.deepEqual(names(answer(third, 3)[1]), []);
});

test('the first that fails ends it, and what was not tried is named', () => {
  const [first] = press(marked(), 'p', 'y');
  const [second] = answer(first, 1);
  const [stopped, effects] = answer(second, 2, 'not yours');
  assert.deepEqual(names(effects), []);
  assert.match(stopped.notice?.text ?? '', /promote shop\/b was refused and nothing was changed, Forbidden: not yours\. Not tried: shop\/c/);
});

test('one that moves while the question stands takes all of it along', () => {
  const [asked] = press(marked(), 'p');
  const moved = [gate('shop/a'), aRollout('shop/b').canary(STEPS).at(2).build(), gate('shop/c')];
  const [seen] = update(asked, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: moved }), now: asked.now });
  assert.match(seen.question?.moved ?? '', /^shop\/b: it went from step 2 to step 3/);
  assert.deepEqual(names(press(seen, 'y')[1]), []);
});

test('where a name is typed, a group asks for that of the context', () => {
  const [asked] = press(marked(KEYS, { ...NO_SETTINGS, flags: { confirm: 'type-name' } }), 'p');
  assert.equal(asked.question?.fields[0]?.wanted, 'sluice');
});

test('acts for one alone say so', () => {
  assert.match(press(marked(), 'u')[0].notice?.text ?? '', /takes one rollout at a time: 3 are marked/);
});

test('on the screen of one rollout marks mean nothing', () => {
  const [opened] = press(marked(), 'enter', 'p');
  assert.equal(questionOf(opened)?.targets.length, 1);
});
