// The bottom line: what can be done comes first, for whom it is when rollouts are marked, and why a key is dead last.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../src/console/model.js';
import { footerLine } from '../../src/console/footer.js';
import { render } from '../../src/console/render.js';
import { notify } from '../../src/console/update-changes.js';
import { lineText } from '../../src/console/spans.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aRollout, aSnapshot } from '../support/builders.js';
import { aModel, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const ROLLOUTS: readonly KubeObject[] = [
  aRollout('shop/aborted').canary(STEPS).aborted(0, 60).build(),
  aRollout('shop/gate').canary(STEPS).paused(1, 60).build(),
  aRollout('shop/other').canary(STEPS).paused(1, 90).build(),
  aRollout('shop/still').healthy().build(),
];
const over = (name: string, columns: number): Model => {
  const model = aModel(columns, 24, aSnapshot({ rollouts: ROLLOUTS }));
  return { ...model, list: { ...model.list, cursor: { section: 'all', key: `sluice shop/${name}`, place: 0 } } };
};
const footer = (model: Model): string => lineText(footerLine(model)).trim();

test('what can be done comes before the keys that read, and those before what can not, with its reason', () => {
  const line = footer(over('gate', 160));
  assert.match(line, /^p promote .*w why {2}l logs .*q quit {2}r retry: not aborted/);
});

test('a narrow line drops the reasons before the names of the keys, and no key stands bare before a reason', () => {
  assert.equal(footer(over('still', 80)), 'enter open  w why  l logs  / filter  ? help  q quit');
  assert.equal(footer(over('gate', 80)), 'p promote  P full  a abort  enter open  w why  l logs  / filter  ? help  q quit');
  assert.match(footer(over('still', 100)), /q quit {2}p promote: nothing on its way$/);
});

test('where it has gone wrong, full promotion comes last', () => {
  const line = footer(over('aborted', 80));
  assert.match(line, /^r retry/);
  assert.ok(line.indexOf('P full') > line.indexOf('r retry') && line.indexOf('P full') < line.indexOf('w why'), line);
});

test('with a mark the line is for the marked, whatever the cursor is on', () => {
  const one = press(over('gate', 80), 'space')[0];
  const below = press(one, 'G')[0];
  assert.equal(below.list.cursor.key, 'sluice shop/still');
  assert.match(footer(below), /^1 marked: gate {2}p promote/);
  const two = press(one, 'g', 'j', 'j', 'j', 'space')[0];
  assert.match(footer({ ...two, size: { columns: 160, rows: 24 } }), /^2 marked: aborted, gate .*p promote \(1 of 2\)/);
});

test('Esc takes the marks away before the filter, and a mark is used up by its act', () => {
  const marked = press(over('gate', 80), '/', ...'gate', 'enter', 'space')[0];
  assert.deepEqual([marked.list.filter, marked.list.marks.size], ['gate', 1]);
  const once = press(marked, 'escape')[0];
  assert.deepEqual([once.list.filter, once.list.marks.size], ['gate', 0]);
  assert.equal(press(once, 'escape')[0].list.filter, '');
  assert.equal(press(marked, 'a', 'y')[0].list.marks.size, 0);
});

test('the slash begins a new filter', () => assert.equal(press(over('gate', 80), '/', ...'gate', 'enter', '/', ...'still')[0].list.filter, 'still'));

test('a filter that hides what has gone wrong names it', () => {
  const title = (filter: string): string => printFrame(render(press(over('gate', 120), '/', ...filter)[0])).split('\n').find((line) => line.includes('Waiting for you')) ?? '';
  assert.match(title('gate'), /\(1 of 3\) {2}✖ shop\/aborted aborted/);
  assert.doesNotMatch(title('gate'), /other/);
  assert.match(title('still'), /3 hidden by the filter {2}✖ shop\/aborted aborted/);
});

test('Esc goes back at once past news that ask for nothing, and reads away what went wrong first', () => {
  const open = press(over('gate', 80), 'enter')[0];
  const left = (level: 'info' | 'bad'): string => press(notify(open, level, 'Nothing was changed.', open.now), 'escape')[0].screen;
  assert.deepEqual([left('info'), left('bad')], ['rollouts', 'rollout']);
});
