// Screens over screens: opened, moved in, searched, left again; what the keys mean on them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFilter } from '../../src/console/filter.js';
import { topPage, type Model } from '../../src/console/model.js';
import { tableContents } from '../../src/console/page-table.js';
import { gatherPage } from '../../src/console/screens/page/contents.js';
import type { StyledLine } from '../../src/console/frame.js';
import type { Page } from '../../src/console/page.js';
import { recentOf } from '../../src/console/recent.js';
import { render } from '../../src/console/render.js';
import { logSources } from '../../src/console/screens/logs.js';
import { update } from '../../src/console/update.js';
import { anEvent, aRollout } from '../support/builders.js';
import { aModel, demoSnapshot, press } from '../support/console-scenes.js';

const EVENTS = Array.from({ length: 60 }, (_, place) => anEvent('a-team/silly-demo', { reason: `Reason${place}`, message: `message ${place}`, secondsAgo: place, type: place % 10 === 0 ? 'Warning' : 'Normal' }));
const model = (): Model => aModel(80, 24, demoSnapshot({ events: EVENTS }));
const after = (...keys: string[]): Model => press(model(), ...keys)[0];
const text = (line: StyledLine): string => line.map((each) => each.text).join('');
const lines = (of: Model): readonly string[] => {
  const page = topPage(of);
  return page === undefined ? [] : gatherPage(of, page).lines.map(({ line }) => text(line));
};

test('a screen opens over the list and over the rollout, of the rollout under the cursor, and Esc goes back where it was', () => {
  assert.deepEqual([topPage(after('e'))?.screen, topPage(after('e'))?.key], ['events', 'sluice a-team/silly-demo']);
  const over = after('j', 'j', 'enter', 'e');
  assert.deepEqual([over.screen, topPage(over)?.subject], ['rollout', { kind: 'Rollout', namespace: 'default', name: 'myapp' }]);
  const back = press(over, 'escape')[0];
  assert.deepEqual([back.screen, back.stack.length, back.detail?.key], ['rollout', 0, 'sluice default/myapp']);
  assert.equal(press(back, 'escape')[0].screen, 'rollouts');
});

for (const [name, keys] of [['the clusters', ['c']], ['the output', ['o']], ['recent, with nothing in it', ['W']]] as const)
  test(`over ${name} no screen of a rollout is opened: a notice says why`, () => {
    const over = press(aModel(80, 24, demoSnapshot({ events: [] })), ...keys)[0];
    for (const key of ['w', 'l', 'y', 'T', 'e', 'd', 'm', 'M', 'v', 'D', 'h', 'L']) {
      const [still, effects] = press(over, key);
      assert.deepEqual([still.stack.length, effects], [1, []], key);
      assert.match(still.notice?.text ?? '', /^The screen \S+ is of one rollout: choose one in the list, or under recent\.$/, key);
    }
    assert.match(press(over, 'S')[0].notice?.text ?? '', /^There is no rollout under the cursor/);
  });

test('on recent, keys are of the rollout of the row; opened, its timeline stands at that entry', () => {
  const acts = ['a', 'b', 'c'].map((name, place) => anEvent('default/myapp', { reason: 'OperatorPromote', message: `ana@jump: promote ${name}`, secondsAgo: place * 60 }));
  const recent = press(aModel(80, 24, demoSnapshot({ events: acts })), 'W', 'down')[0];
  assert.match(lines(recent)[1] ?? '', /promote b/);
  for (const [key, screen] of [['w', 'why'], ['l', 'logs'], ['T', 'timeline'], ['y', 'yaml']] as const)
    assert.deepEqual([topPage(press(recent, key)[0])?.screen, topPage(press(recent, key)[0])?.key], [screen, 'sluice default/myapp']);
  const [saved] = press(recent, 'S')[1];
  assert.ok(saved?.type === 'save' && saved.file === 'default-myapp');
  assert.equal(press(recent, 'a')[0].question, undefined, 'rows move by themselves: nothing is changed from here');
  const timeline = press(recent, 'enter')[0];
  const page = topPage(timeline);
  assert.ok(page !== undefined && page.screen === 'timeline');
  const at = gatherPage(timeline, page).lines.find(({ id }) => id === page.cursor.id);
  assert.match(at === undefined ? '' : text(at.line), /promote b/);
});

test('who did what is looked for when events or rollouts have changed: not with each key, frame and sign of life', () => {
  let read = 0;
  const act = anEvent('default/myapp', { reason: 'OperatorAbort', message: 'ben@jump: abort it', secondsAgo: 0 });
  const counted = Object.defineProperty([act], 0, { get: () => ((read += 1), act) });
  const over = press(aModel(80, 24, demoSnapshot({ events: counted })), 'W')[0];
  assert.ok(read > 0);
  read = 0;
  const later = press(update(over, { type: 'tick', now: over.now + 1000 })[0], 'down', '/', 'a', 'enter')[0];
  render(later);
  assert.equal(read, 0);
  assert.equal(recentOf(later.clusters), recentOf(later.clusters));
  const second = anEvent('default/myapp', { reason: 'OperatorRetry', message: 'ben@jump: retry it', secondsAgo: 0 });
  const changed = update(later, { type: 'cluster-changed', snapshot: demoSnapshot({ events: [act, second] }), now: later.now })[0];
  assert.deepEqual(recentOf(changed.clusters).filter(({ person }) => person).map(({ what }) => what).toSorted(), ['abort it', 'retry it']);
});

test('of a long table only the lines that are seen are drawn', () => {
  let drawn = 0;
  const column = { id: 'a', head: 'A', width: 4, priority: 1, text: (row: number) => String(row), style: () => ((drawn += 1), 'text' as const) };
  const { lines } = tableContents([column], Array.from({ length: 500 }, (_, row) => ({ id: String(row), row })), 80, { sort: undefined, left: 0 });
  assert.deepEqual([lines.length, drawn, lines[7] === undefined ? '' : text(lines[7].line).trim(), drawn], [500, 0, '7', 1]);
});

test('on a screen over the list, what begins to wait is named, and those that wait are counted', () => {
  const snapshot = demoSnapshot();
  const abort = (name: string): typeof snapshot => ({ ...snapshot, rollouts: snapshot.rollouts.map((each) => (each.metadata.name === name ? aRollout('bookinfo/reviews-rollout').aborted(1, 5, 'RolloutAborted: bad').build() : each)) });
  const changed = (of: Model): Model => update(of, { type: 'cluster-changed', snapshot: abort('reviews-rollout'), now: of.now })[0];
  const over = changed(press(aModel(100, 30, snapshot), 'T')[0]);
  assert.match(over.notice?.text ?? '', /^bookinfo\/reviews-rollout waits for you: /);
  assert.equal(over.bells, 1);
  const header = render(over).panes.find(({ id }) => id === 'header');
  assert.ok(header?.body.type === 'text' && header.body.lines.some((line) => text(line).includes('3 waiting')));
  assert.equal(changed(aModel(100, 30, snapshot)).notice, undefined, 'the list shows it by itself');
});

test('on the tree it is of the object under the cursor', () => {
  const over = after('enter', 'j', 'e');
  assert.equal(topPage(over)?.subject.kind, 'ReplicaSet');
  assert.equal(topPage(over)?.key, 'sluice a-team/silly-demo');
});

test('the same screen is not put over itself', () => assert.equal(after('e', 'e', 'e').stack.length, 1));

test('the cursor moves, the view follows, and the filter narrows and is cleared by Esc first', () => {
  const down = after('e', 'G');
  assert.equal(topPage(down)?.cursor.place, 59);
  assert.equal(topPage(down)?.top, 59 - 20 + 1);
  const narrowed = after('e', '/', ...'warning', 'enter');
  assert.equal(lines(narrowed).length, 6);
  assert.equal(topPage(press(narrowed, 'escape')[0])?.filter, '');
  assert.equal(press(narrowed, 'escape', 'escape')[0].stack.length, 0);
});

test('acts on a screen act on its rollout', () => {
  const asked = after('e', 'p');
  assert.equal(asked.question?.key, 'sluice a-team/silly-demo');
});

const FILTERS: readonly (readonly [string, boolean])[] = [
  ['', true], ['cart', true], ['cart shop', true], ['!cart', false], ['cart !paused', false], ['-l team=a', true], ['-l team=b', false], ['-l team!=b', true], ['-l tier', false], ['-l !tier', true],
  ['-f shcrt', true], ['-f trcs', false], ['-l team=a,tier=x', false], ['-f', true],
];
for (const [filter, wanted] of FILTERS)
  test(`the filter "${filter}"`, () => assert.equal(createFilter(filter)({ text: 'shop/Cart Paused', labels: { team: 'a' } }), wanted));

test('columns leave by priority, the growing one takes the rest, rows sort both ways', () => {
  const columns = [
    { id: 'name', head: 'NAME', width: 6, priority: 1, text: (row: { name: string; age: number }) => row.name },
    { id: 'age', head: 'AGE', width: 4, priority: 3, side: 'left' as const, text: (row: { age: number }) => `${row.age}s`, order: (row: { age: number }) => row.age },
    { id: 'why', head: 'WHY', width: 5, priority: 2, grows: true, text: () => 'because' },
  ];
  const rows = [{ name: 'b', age: 9 }, { name: 'a', age: 10 }].map((row) => ({ id: row.name, row }));
  const drawn = (room: number, column?: string, descending = false, left = 0): string[] => tableContents(columns, rows, room, { sort: column === undefined ? undefined : { column, descending }, left }).lines.map(({ line }) => text(line));
  assert.deepEqual(drawn(20), ['b        9s because ', 'a       10s because ']);
  assert.deepEqual(drawn(12, 'name'), ['a      beca…', 'b      beca…']);
  assert.deepEqual(drawn(20, 'age', true).map((line) => line[0]), ['a', 'b']);
  assert.deepEqual(drawn(12, undefined, false, 20), ['b        9s because', 'a       10s because'], 'moved lines are whole');
});

const LONG = [anEvent('a-team/silly-demo', { reason: 'Long', message: `begins ${'and goes on '.repeat(12)}ends here`, secondsAgo: 1 }), anEvent('a-team/silly-demo', { reason: 'Short', message: 'short', secondsAgo: 9 })];
const longEvents = (...keys: string[]): Model => press(aModel(80, 24, demoSnapshot({ events: LONG })), 'e', ...keys)[0];
const shown = (of: Model, id: string): string[] => {
  const body = render(of).panes.find((pane) => pane.id === id)?.body;
  return body?.type === 'text' ? body.lines.map(text) : [];
};

test('lines are moved whole: that under the cursor, the others and the head, no farther than the end of the longest', () => {
  const still = longEvents();
  assert.ok(shown(still, 'page')[0]?.includes('…') && !shown(still, 'page')[0]?.includes('ends here'));
  const moved = longEvents(...Array.from({ length: 30 }, () => 'right'));
  const [first = '', second = ''] = shown(moved, 'page');
  assert.ok(first.trimEnd().endsWith('ends here'), first);
  assert.equal(second.trim(), '');
  assert.equal(shown(moved, 'page-head')[0]?.trim(), '');
  const once = longEvents('right');
  const place = shown(once, 'page')[0]?.indexOf('begins');
  assert.deepEqual([shown(once, 'page')[1]?.indexOf('short'), shown(once, 'page-head')[0]?.indexOf('MESSAGE')], [place, place]);
  assert.equal(topPage(press(once, 'left')[0])?.left, 0);
});

test('a filter looks in all columns and in what is cut', () => {
  assert.equal(lines(longEvents('/', ...'ends')).length, 1);
  assert.equal(lines(longEvents('/', ...'Rollout')).length, 2, 'the column of objects has no room here');
});

test('a line of a log keeps whose it is when it is moved, and on narrow screens leaves out the date', () => {
  const written = '2026-11-21T12:04:30.123Z level=info method=GET path=/ status=200 duration=12.0ms trace=0af7651916cd43dd8448eb211c80319c';
  const logged = (columns: number): Model => {
    const open = press(aModel(columns, 24, demoSnapshot()), 'l')[0];
    const [source] = logSources(open, topPage(open) as Page);
    assert.ok(source);
    return update(open, { type: 'log-lines', pod: source.pod, container: source.container, lines: [{ text: written }] })[0];
  };
  const [line = ''] = shown(logged(80), 'page');
  assert.match(line, /^ (canary|stable) \w+ +12:04:30 level=info .* status=200 /);
  assert.ok(shown(logged(160), 'page')[0]?.includes('2026-11-21T12:04:30.123Z'));
  const [moved = ''] = shown(press(logged(80), 'right', 'right')[0], 'page');
  assert.match(moved, /^ (canary|stable) \w+ .*319c\s*$/);
  assert.equal(moved.slice(0, 15), line.slice(0, 15));
});
