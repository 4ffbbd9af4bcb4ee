// Words that were meant for something else change nothing: a yes counts only after the question could be read, and not as part of a word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { READING_MS } from '../../src/console/question.js';
import { render } from '../../src/console/render.js';
import { update } from '../../src/console/update.js';
import { aRollout, aSnapshot } from '../support/builders.js';
import { aModel, send } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const standing = (): Model => aModel(80, 24, aSnapshot({ rollouts: [aRollout('shop/cart').canary(STEPS).paused(1, 60).build()] }));

type Typed = { readonly model: Model; readonly effects: readonly Effect[]; readonly changes: number };

/** Types keys so many milliseconds apart. */
function type(from: Model, apartMs: number, ...names: readonly string[]): Typed {
  let model = from;
  const effects: Effect[] = [];
  for (const name of names) {
    const [next, more] = update(model, { type: 'key', key: { name, burst: false }, now: model.now + apartMs });
    model = next;
    effects.push(...more);
  }
  return { model, effects, changes: effects.filter((effect) => effect.type === 'apply').length };
}

for (const word of ['apply', 'apply yes', 'today', 'party', 'early', 'pay', 'always yes'])
  test(`"${word}", typed on the list by a hand, changes nothing`, () => {
    for (const apartMs of [60, 150, 250]) assert.equal(type(standing(), apartMs, ...[...word].map((letter) => (letter === ' ' ? 'space' : letter))).changes, 0, `${apartMs} ms`);
  });

test('a, half a second, y: an abort takes no longer', () => {
  const asked = type(standing(), 100, 'a').model;
  assert.equal(type(asked, READING_MS - 1, 'y').changes, 0);
  assert.equal(type(asked, READING_MS, 'y').changes, 1);
  const quick = type(asked, 100, 'y').model;
  assert.match(quick.question?.hint ?? '', /too quick/);
  assert.equal(type(quick, READING_MS - 100, 'y').changes, 1, 'a yes that came too soon does not put the next one off');
});

test('a key that is no answer puts the yes off for a second, says so, and each one anew', () => {
  const strayed = type(type(standing(), 100, 'a').model, 2000, 'p').model;
  assert.match(strayed.question?.hint ?? '', /^p is no answer: y counts when no other key has come for a second\.$/);
  const early = type(strayed, 999, 'y');
  assert.deepEqual([early.changes, early.model.question?.hint], [0, strayed.question?.hint]);
  assert.equal(type(strayed, 1000, 'y').changes, 1);
  const twice = type(strayed, 600, 'l').model;
  assert.equal(type(twice, 900, 'y').changes, 0);
  assert.equal(type(twice, 1000, 'y').changes, 1);
});

test('behind the answers of a form the yes waits, too', () => {
  const answered = type(standing(), 100, 'H', 'd', 'b', 'enter', 'enter').model;
  assert.equal(type(answered, READING_MS - 1, 'y').changes, 0);
  assert.equal(type(answered, READING_MS, 'y').changes, 1);
  assert.equal(type(type(answered, READING_MS, 'k').model, 900, 'y').changes, 0);
});

test('the key for yes is drawn as one only from when it counts, and the app is woken for that', () => {
  const yesStyle = (model: Model): string | undefined => {
    const [pane] = render(model).panes.filter(({ id }) => id === 'question');
    const line = pane?.body.type === 'text' ? pane.body.lines.find((each) => each.some(({ text }) => text.includes('yes, abort'))) : undefined;
    return line?.find(({ text }) => text === 'y')?.style;
  };
  const { model, effects } = type(standing(), 100, 'a');
  assert.equal(yesStyle(model), 'key-off');
  assert.deepEqual(effects.filter((effect) => effect.type === 'wake'), [{ type: 'wake', at: model.now + READING_MS }]);
  const later = send(model, { type: 'tick', now: model.now + READING_MS });
  assert.equal(yesStyle(later), 'key');
  assert.equal(yesStyle(type(later, 10, 'p').model), 'key-off');
});
