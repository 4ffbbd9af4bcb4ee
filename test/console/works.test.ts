// Esc stops what is under way: first what the person waits for, then their screen is left, then what goes on beside.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { update } from '../../src/console/update.js';
import type { Work } from '../../src/console/work.js';
import { aRollout, aSnapshot, NOW } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const work = (fields: Partial<Work> = {}): Work => ({ id: 4, words: 'reading prod-eu', waits: false, since: NOW - 3000, progress: '12,500 objects', ...fields });
const under = (model: Model, each: Work): Model => send(model, { type: 'work', id: each.id, work: each, now: NOW });

test('it is shown with how far it is and the key that stops it, and goes when it ends', () => {
  const model = under(aModel(120, 40), work());
  assert.match(printFrame(render(model)), /reading prod-eu: 12,500 objects so far, 3s {3}esc stops it/);
  assert.doesNotMatch(printFrame(render(send(model, { type: 'work', id: 4, work: undefined, now: NOW }))), /reading/);
});

test('what goes on beside is stopped when there is nothing to leave', () => {
  const [open] = press(under(aModel(120, 40), work()), 'enter');
  const [back, left] = press(open, 'escape');
  assert.deepEqual([back.screen, left], ['rollouts', []]);
  assert.deepEqual(press(back, 'escape')[1], [{ type: 'cancel', id: 4 }]);
});

test('what the person waits for is stopped first', () => {
  const [open] = press(under(aModel(120, 40), work({ waits: true })), 'enter');
  const [still, effects] = press(open, 'escape');
  assert.deepEqual([still.screen, effects], ['rollout', [{ type: 'cancel', id: 4 }]]);
});

test('Esc stops a group behind the act that is on its way, and names what was not tried', () => {
  const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
  const keys = ['shop/a', 'shop/b', 'shop/c'];
  const model = aModel(120, 40, aSnapshot({ rollouts: keys.map((key) => aRollout(key).canary(steps).paused(1, 60).build()) }));
  const [sent] = press({ ...model, list: { ...model.list, marks: new Set(keys.map((key) => `sluice ${key}`)) } }, 'p', 'y');
  assert.match(printFrame(render(sent)), /promote shop\/a; 2 more to come {3}esc stops it/);
  const [stopped] = press(sent, 'escape');
  assert.equal(stopped.notice?.text, 'Stopped behind promote shop/a. Not tried: shop/b, shop/c.');
  assert.deepEqual(update(stopped, { type: 'applied', id: 1, result: { ok: true, value: undefined }, now: NOW + 5000 })[1].filter(({ type }) => type === 'apply'), []);
});

test('ctrl-r and :refresh read everything anew', () => {
  assert.deepEqual(press(aModel(120, 40), 'ctrl-r')[1], [{ type: 'refresh' }]);
  assert.deepEqual(press(aModel(120, 40), ':', ...'refresh', 'enter')[1], [{ type: 'refresh' }]);
});

test('only the logs can be downloaded', () => {
  const [events] = press(aModel(120, 40), 'e');
  const [told, nothing] = press(events, 'ctrl-s');
  assert.deepEqual([/no log here/.test(told.notice?.text ?? ''), nothing], [true, []]);
  const [logs] = press(aModel(120, 40), 'l');
  const effects = press(logs, 'ctrl-s')[1];
  assert.equal(effects[0]?.type === 'download' ? effects[0].sources.length : 0, 4);
});
