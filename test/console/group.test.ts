// One question for several rollouts: it lists them, they go out one after the other, and the first that fails ends it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aRollout, aSnapshot } from '../support/builders.js';
import { questionOf, aModel, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const gate = (key: string): KubeObject => aRollout(key).canary(STEPS).paused(1, 60).build();
const KEYS = ['shop/a', 'shop/b', 'shop/c'];
const rollouts = [...KEYS.map(gate), aRollout('shop/still').healthy().build(), aRollout('shop/idle').healthy().build()];

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

const small = (model: Model): Model => ({ ...model, size: { columns: 80, rows: 24 } });
const screen = (model: Model): string => printFrame(render(model));
const flat = (model: Model): string => screen(model).split('\n').flatMap((line) => /│(.*)│/.exec(line)?.[1] ?? []).join(' ').replace(/\s+/g, ' ');

test('when one is left, the question says that it is one of those marked, and why the others are left out', () => {
  const [asked] = press(small(marked(['shop/a', 'shop/still'])), 'p');
  assert.match(screen(asked), /Promote shop\/a \(1 of 2 marked\) on sluice\?/);
  assert.match(flat(asked), /marked 2; 1 of them left out: shop\/still: nothing on its way/);
});

test('when none is left, each is told with its reason', () => {
  const [refused] = press(marked(['shop/still', 'shop/idle']), 'a');
  assert.equal(refused.question, undefined);
  assert.equal(refused.notice?.text, 'Abort: not possible for any of the 2 marked. shop/idle: nothing on its way; shop/still: nothing on its way.');
});

test('at 80 columns each effect stands whole, with where it is and who is left out', () => {
  const [asked] = press(small(marked([...KEYS, 'shop/still'])), 'a');
  for (const key of KEYS) assert.match(flat(asked), new RegExp(`${key}: 20 % to 0 %: all traffic back to the stable revision`));
  assert.match(flat(asked), /where context sluice \(embedded\), namespace shop order one after the other.* marked 4; 1 of them left out: shop\/still: nothing on its way/);
  assert.match(screen(asked), /Abort 3 rollouts on sluice\?/);
});

test('of more than there is room for the number and the names are told, and the answer stands', () => {
  const names = Array.from({ length: 12 }, (_, place) => `shop/a-name-that-is-long-enough-to-fill-a-line-${place}`);
  const model = aModel(80, 24, aSnapshot({ rollouts: names.map(gate) }));
  const [asked] = press({ ...model, list: { ...model.list, marks: new Set(names.map((key) => `sluice ${key}`)) } }, 'a');
  const [, told, more] = /((?:shop\/\S+: 20 % to 0 %: all traffic back to the stable revision )+)and (\d+) more: /.exec(flat(asked)) ?? [];
  assert.equal((told ?? '').split('20 % to 0 %').length - 1 + Number(more), 12);
  assert.match(screen(asked), /y yes, abort/);
});

test('the sign of a mark hides neither the cursor nor the state', () => {
  const row = (model: Model): string => screen(model).split('\n').findLast((line) => line.includes('shop/a')) ?? '';
  const [under] = press(aModel(100, 40, aSnapshot({ rollouts })), 'G', 'g', 'j', 'j', 'j');
  assert.match(row(under), /^▌‖ shop\/a/);
  assert.match(row({ ...under, list: { ...under.list, marks: new Set(['sluice shop/a']) } }), /^▌‖\*shop\/a/);
  assert.match(row(press({ ...under, list: { ...under.list, marks: new Set(['sluice shop/a']) } }, 'j')[0]), /^ ‖\*shop\/a/);
});

test('a mark is made where the cursor stands, which stays: the hand that goes on with j marks one after the other', () => {
  const [first] = press(aModel(100, 40, aSnapshot({ rollouts })), 'g', 'space', 'j', 'space');
  assert.deepEqual([...first.list.marks], ['sluice shop/a', 'sluice shop/b']);
  assert.deepEqual([...press(first, 'space')[0].list.marks], ['sluice shop/a'], 'again on the same line it takes the mark away');
  const last = press(first, 'U', 'G', 'space')[0];
  assert.equal(last.list.marks.size, 1);
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

test('what an abort of several has not reached is named and marked again, and its key goes on with that', () => {
  const [asked] = press(small(marked()), 'a');
  assert.match(flat(asked), /order one after the other, as listed; the first that fails ends it/);
  const [stopped] = answer(press(asked, 'y')[0], 1, 'not yours');
  assert.match(stopped.notice?.text ?? '', /abort shop\/a was refused.*\. Not tried: shop\/b, shop\/c; they are marked again, and a asks for them$/);
  const [again] = press(stopped, 'a');
  assert.deepEqual(questionOf(again)?.targets.map(({ key }) => key), ['sluice shop/b', 'sluice shop/c']);
});

test('what has moved while the ones before went out ends it, too, and the rest is marked again', () => {
  const [first] = press(marked(), 'p', 'y');
  const [seen] = update(first, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [gate('shop/a'), aRollout('shop/b').canary(STEPS).at(2).build(), gate('shop/c')] }), now: first.now });
  const [stopped] = answer(seen, 1);
  assert.match(stopped.notice?.text ?? '', /promote shop\/b was not sent: .*\. Not tried: shop\/c; it is marked again, and p asks for it$/);
  assert.deepEqual([...stopped.list.marks], ['sluice shop/c']);
});

test('one that moves while the question stands takes all of it along', () => {
  const [asked] = press(marked(), 'p');
  const moved = [gate('shop/a'), aRollout('shop/b').canary(STEPS).at(2).build(), gate('shop/c')];
  const [seen] = update(asked, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: moved }), now: asked.now });
  assert.match(seen.question?.moved ?? '', /^shop\/b: it went from step 2 to step 3/);
  assert.deepEqual(names(press(seen, 'y')[1]), []);
});

test('a pause of what has finished meanwhile is asked again by its key, as an abort is', () => {
  const done = aRollout('shop/b').canary(STEPS).healthy().build();
  for (const key of ['z', 'a']) {
    const [asked] = press(small(marked()), key);
    const [seen] = update(asked, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [gate('shop/a'), done, gate('shop/c')] }), now: asked.now });
    const [refused, effects] = press(seen, 'y');
    assert.deepEqual(names(effects), []);
    assert.match(flat(refused), /While this stood here, shop\/b: it .* can not be answered with yes any more\..* ask again/, key);
    const [again] = press(refused, key);
    assert.deepEqual([questionOf(again)?.targets.map((target) => target.key), questionOf(again)?.leftOut], [['sluice shop/a', 'sluice shop/c'], ['shop/b: nothing on its way']]);
  }
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
