// Notices: they take no key, they go with the next thing that is done, and nothing in them becomes false while they stand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Model, topPage } from '../../src/console/model.js';
import { update } from '../../src/console/update.js';
import { notify } from '../../src/console/update-changes.js';
import { aRollout, aSnapshot } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const LEVELS = ['info', 'good', 'attention', 'bad'] as const;
const later = (model: Model, seconds: number): Model => update(model, { type: 'tick', now: model.now + seconds * 1000 })[0];

/** The rollout that is open is refused by its analysis meanwhile: the console tells it by itself. */
function told(seconds: number): Model {
  const going = aRollout('shop/gate').canary(STEPS).at(0).build();
  const open = press(aModel(80, 24, aSnapshot({ rollouts: [going] })), 'enter', 'e')[0];
  const aborted = aRollout('shop/gate').canary(STEPS).aborted(0, 0).build();
  return later(send(open, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [aborted] }), now: open.now }), seconds);
}

for (const level of LEVELS)
  test(`Esc goes back at once, whatever is told: ${level}`, () => {
    const open = press(aModel(80, 24), 'enter', 'e')[0];
    const left = press(notify(open, level, 'Something came by itself.', open.now), 'escape')[0];
    assert.deepEqual([left.stack.length, left.notice], [0, undefined]);
  });

test('Esc stops what goes on beside, though something is told', () => {
  const work = send(aModel(80, 24), { type: 'work', id: 1, work: { id: 1, words: 'write logs', progress: '', waits: false, since: 0 }, now: aModel(80, 24).now });
  const effects = (model: Model): readonly string[] => press(model, 'escape')[1].map(({ type }) => type);
  assert.ok(effects(work).length > 0);
  assert.deepEqual(effects(notify(work, 'attention', 'Told.', work.now)), effects(work));
});

test('what waits for a person is told with the time of day, not with an age that stands still', () => {
  const text = told(0).notice?.text ?? '';
  assert.match(text, /^shop\/gate waits for you: aborted at \d\d:\d\d:\d\d: /);
  assert.doesNotMatch(text, / ago/);
});

test('a refusal goes with the next key, whether or not that does something: it would read as the answer to it', () => {
  const refused = later(press(aModel(80, 24), 'ctrl-z')[0], 2);
  assert.match(refused.notice?.text ?? '', /asleep|to sleep/);
  assert.equal(press(refused, 'j')[0].notice, undefined);
  const elsewhere = press(refused, 'e')[0];
  assert.deepEqual([elsewhere.notice, topPage(elsewhere)?.screen], [undefined, 'events']);
  assert.equal(press(refused, 'f12')[0].notice, undefined, 'a key that means nothing');
  assert.equal(press(refused, 'k')[0].notice, undefined, 'no line is above the first');
});

test('typed past, what is told stays for as long as it takes to be seen, and then goes by itself', () => {
  const past = press(press(aModel(80, 24), 'ctrl-z')[0], 'e')[0];
  assert.notEqual(past.notice, undefined);
  assert.equal(later(past, 1).notice, undefined);
  const wrong = press(notify(aModel(80, 24), 'bad', 'The server has refused it.'), 'j')[0];
  assert.deepEqual([later(wrong, 3).notice?.level, later(wrong, 6).notice], ['bad', undefined]);
});

test('the question whether the program is to end goes with another key: the same key asks again', () => {
  const asked = press(aModel(80, 24), 'ctrl-c')[0];
  assert.match(asked.notice?.text ?? '', /the same key again ends the program\.$/);
  assert.deepEqual(press(asked, 'ctrl-c')[1].map(({ type }) => type), ['quit']);
  assert.ok(press(asked, 'j', 'ctrl-c')[1].every(({ type }) => type !== 'quit'));
});
