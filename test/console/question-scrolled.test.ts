// A question that does not fit drops nothing: it scrolls, and a yes counts only when all that tells of the act was shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS } from '../../src/console/settings/resolve.js';
import { aReplicaSet, aRollout, aSnapshot, anAnalysisRun, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const template = { metadata: {}, spec: { containers: [{ name: 'app', image: 'shop/cart:7' }] } };
const sets = [aReplicaSet('shop/reviews-rollout', { revision: 7, hash: CANARY_HASH, wanted: 2, image: 'shop/cart:7' }), aReplicaSet('shop/reviews-rollout', { revision: 6, hash: STABLE_HASH, wanted: 3, image: 'shop/cart:6' })];
const hold = { 'sluice.dev/hold': JSON.stringify({ by: 'ben@x', reason: 'the database is being moved', since: '2026-11-21T12:00:31Z' }) };

function failed(columns: number, rows: number): Model {
  const run = anAnalysisRun('shop/reviews-rollout', { name: 'reviews-rollout-56f8748b-2', phase: 'Failed' });
  return aModel(columns, rows, aSnapshot({ rollouts: [aRollout('shop/reviews-rollout').canary(STEPS).spec({ template }).aborted(1, 60).build()], replicaSets: sets, analysisRuns: [run] }), { ...NO_SETTINGS, flags: { takeBack: 0 } });
}
const held = (columns: number, rows: number): Model =>
  aModel(columns, rows, aSnapshot({ rollouts: [aRollout('shop/reviews-rollout').canary(STEPS).spec({ template, paused: true }).metadata({ annotations: hold }).paused(1, 60).build()], replicaSets: sets }));

const screen = (model: Model): string => printFrame(render(model));
/** What stands in the box, as running text. */
const inside = (model: Model): string => [...screen(model).matchAll(/[│|](.*)[│|]/g)].map(([, text = '']) => text).join(' ').replace(/\s+/g, ' ');
const sent = (effects: readonly Effect[]): number => effects.filter(({ type }) => type === 'apply').length;

/** Pages to the end; all that was seen on the way. */
function readWhole(model: Model): readonly [Model, string] {
  let [current, seen] = [model, ''];
  for (let page = 0; page < 20; page += 1) {
    seen += ` ${inside(current)}`;
    const [next] = press(current, 'page-down');
    if (next.question?.first === current.question?.first) return [next, seen];
    current = next;
  }
  throw new Error(`no end in\n${seen}`);
}

test('the warnings of a full promotion stand first on a small screen, and the reason does not send it before the rest was shown', () => {
  const [asked] = press(failed(40, 10), 'P');
  assert.match(inside(asked), /warning analysis reviews-rollout-56f8748b ?-2 has failed.*pgdn \d+ more lines/);
  const [typed, early] = press(asked, ...'because', 'enter', 'y');
  assert.equal(sent(early), 0);
  assert.match(inside(typed), /Not all of it was shown: pgdn first/);
  const [read, seen] = readWhole(typed);
  assert.match(seen, /it was aborted: this.* takes the aborted revision to everybody/);
  assert.match(seen, /where context sluice/);
  assert.equal(sent(press(read, 'y')[1]), 1);
});

test('a rollback of what is held says on a small screen that it ends the hold, before it can be said yes to', () => {
  const [asked] = press(held(40, 10), 'X');
  assert.match(inside(asked), /note it is held by ben@x \(the database is being moved\): this ends the hold/);
  const [refused, early] = press(asked, 'y');
  assert.equal(sent(early), 0);
  assert.match(inside(refused), /pgdn first/);
  const [read, seen] = readWhole(refused);
  assert.match(seen, /then back to revision 6/);
  assert.equal(sent(press(read, 'y')[1]), 1);
});

test('down goes line by line, up goes back, and where all is shown they are no answer as before', () => {
  const [down] = press(press(held(40, 10), 'X')[0], 'down');
  assert.deepEqual([down.question?.first, down.question?.hint], [1, undefined]);
  assert.equal(press(down, 'up')[0].question?.first, 0);
  const [large, effects] = press(press(held(100, 30), 'X')[0], 'down');
  assert.match(large.question?.hint ?? '', /down is no answer/);
  assert.equal(sent(effects) + sent(press(large, 'y')[1]), 1);
});

test('what was shown whole on a larger screen still asks to be read where it is smaller', () => {
  const [asked] = press(held(100, 30), 'X');
  assert.equal(sent(press(send(asked, { type: 'resized', size: { columns: 40, rows: 10 } }), 'y')[1]), 0);
  assert.equal(sent(press(asked, 'y')[1]), 1);
});

test('what another choice says was not read with the first one', () => {
  const more = [...sets, aReplicaSet('shop/reviews-rollout', { revision: 5, hash: 'old', wanted: 0, image: 'shop/cart:5' })];
  const small = aModel(40, 10, aSnapshot({ rollouts: [aRollout('shop/reviews-rollout').canary(STEPS).spec({ template }).paused(1, 60).build()], replicaSets: more }));
  const [read] = readWhole(press(small, 'u')[0]);
  assert.equal(read.question?.read, true);
  assert.equal(press(read, 'down')[0].question?.read, false);
});
