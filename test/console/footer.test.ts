// The bottom line: what can be done comes first, for whom it is when rollouts are marked, and why a key is dead last.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../src/console/model.js';
import { footerLine } from '../../src/console/footer.js';
import { render } from '../../src/console/render.js';
import { helpLines } from '../../src/console/screens/help/view.js';
import { update } from '../../src/console/update.js';
import { lineText } from '../../src/console/spans.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aPod, aReplicaSet, aRollout, anEvent, aSnapshot, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
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

test('on a narrow line abort and roll back keep their words before all others', () => {
  for (const columns of [40, 46, 52, 60]) {
    const line = footer(over('gate', columns));
    assert.match(line, /a abort/, line);
    assert.ok(line.length <= columns);
  }
  const healthy = aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 2 });
  const before = aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 2 });
  const narrow = aModel(44, 16, aSnapshot({ rollouts: [aRollout('shop/cart').canary(STEPS).paused(1, 60).build()], replicaSets: [healthy, before] }));
  assert.match(footer(narrow), /a abort {2}X roll back/);
});

test('at rest the line says to which revision a rollback would go, and that it was just left again', () => {
  const sets = (former: Record<string, string>): readonly KubeObject[] => [
    aReplicaSet('shop/cart', { revision: 8, hash: STABLE_HASH, wanted: 2, annotations: former }),
    aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 0 }),
  ];
  const line = (former: Record<string, string>, columns: number): string =>
    footer(aModel(columns, 24, aSnapshot({ rollouts: [aRollout('shop/cart').canary(STEPS).healthy().status({ stableRS: STABLE_HASH, currentPodHash: STABLE_HASH }).build()], replicaSets: sets(former) })));
  assert.match(line({}, 80), /X roll back → rev 7 {2}/);
  const left = { 'rollout.argoproj.io/revision-history': '6' };
  assert.match(line(left, 80), / X → rev 7 \(left again\)$/);
  assert.match(line(left, 500), / X → rev 7 \(left again\) {3}/);
  assert.doesNotMatch(line({}, 40), /rev/);
});

test('where not all that wait have a line, the title says how many of them have failed', () => {
  const rollouts = [aRollout('shop/old').canary(STEPS).paused(1, 900).build(), aRollout('shop/bad').canary(STEPS).aborted(0, 60).build()];
  const title = (columns: number, rows: number): string => printFrame(render(aModel(columns, rows, aSnapshot({ rollouts })))).split('\n').find((line) => line.includes('Waiting for you')) ?? '';
  assert.match(title(40, 10), /\(2\) {2}1-1 {2}1 failed/);
  assert.doesNotMatch(title(80, 24), /failed/);
});

test('where a text is searched, nothing is said of filters that leave lines out', () => {
  assert.doesNotMatch(footer(press(over('gate', 120), 'y', '/')[0]), /must/);
  for (const keys of [['/'], ['e', '/'], ['y', '?', '/']]) assert.match(footer(press(over('gate', 120), ...keys)[0]), /must not/);
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

test('a notice of several lines never lies over what is under the cursor, on the list, in a table and in the tree', () => {
  const many = Array.from({ length: 40 }, (_, place) => aRollout(`shop/r${String(place).padStart(2, '0')}`).healthy().build());
  const last = press(aModel(80, 24, aSnapshot({ rollouts: many })), 'G')[0];
  const told = update(last, { type: 'notice', level: 'bad', text: 'the server has refused it because '.repeat(8), now: last.now })[0];
  const rows = printFrame(render(told)).split('\n');
  assert.ok(rows.some((row) => row.startsWith('▌') && row.includes('shop/r39')), rows.join('\n'));
  const events = Array.from({ length: 60 }, (_, place) => anEvent('shop/gate', { reason: `Reason${place}`, message: 'x', secondsAgo: place }));
  const model = aModel(80, 24, aSnapshot({ rollouts: [aRollout('shop/gate').canary(STEPS).paused(1, 60).build()], events }));
  const end = press(model, 'e', 'G')[0];
  const over = printFrame(render(update(end, { type: 'notice', level: 'bad', text: 'refused '.repeat(30), now: end.now })[0])).split('\n');
  assert.ok(over.some((row) => row.startsWith('▌') && row.includes('Reason59')), over.join('\n'));
  const pods = Array.from({ length: 40 }, (_, each) => aPod('shop/cart', { hash: CANARY_HASH, suffix: `x${String(each).padStart(2, '0')}` }));
  const set = aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 40 });
  const tree = press(aModel(80, 24, aSnapshot({ rollouts: [aRollout('shop/cart').at(1).build()], replicaSets: [set], pods })), 'enter', 'G')[0];
  const branches = printFrame(render(update(tree, { type: 'notice', level: 'bad', text: 'refused '.repeat(30), now: tree.now })[0])).split('\n');
  assert.ok(branches.some((row) => row.startsWith('▌') && row.includes('-x39')), branches.join('\n'));
});

test('a pause that is held by hand shows no clock', () => {
  const timed = aRollout('shop/gate').canary([{ setWeight: 20 }, { pause: { duration: '10m' } }]).paused(1, 60).build();
  const frame = (held: boolean): string => printFrame(render(press(aModel(80, 24, aSnapshot({ rollouts: [held ? { ...timed, spec: { ...(timed['spec'] as object), paused: true } } : timed] })), 'enter')[0]));
  assert.match(frame(false), /pause 10m +8m59s/);
  assert.match(frame(true), /pause 10m +held/);
});

test('a long name gives up of its namespace first', () => {
  const frame = printFrame(render(aModel(80, 24, aSnapshot({ rollouts: [aRollout('a-very-long-namespace-of-somebody-who-likes-words/the-name-itself').healthy().build()] }))));
  assert.match(frame, /a-very\S*…\/the-name-itself/);
});

test('help begins with what is wanted when it burns, then how others reach the cluster; the other hints stand at the end', () => {
  const lines = helpLines({ ...aModel(80, 24), hints: ['export KUBECONFIG=/tmp/x', 'curl http://127.0.0.1:1'] }).map(lineText);
  assert.match(lines[0] ?? '', /^In an emergency: w why, a abort, X roll back, r retry, l logs/);
  const place = (word: string): number => lines.findIndex((line) => line.includes(word));
  assert.ok(place('KUBECONFIG') > 0 && place('KUBECONFIG') < 5, lines.join('\n'));
  assert.ok(place('curl') > lines.length - 6, lines.join('\n'));
});

const offered = (model: Model): readonly string[] => footer(model).split(/ {2,}/);
for (const [what, keys, wanted] of [
  ['a question', ['p'], ['n leave', 'C copy']],
  ['a question that wants an answer', ['i'], ['enter next', 'esc leave']],
  ['help', ['?'], ['↑ up', '↓ down', '/ filter', 'esc close']],
  ['the log of commands', ['@'], ['↑ up', '↓ down', 'C copy', 'esc close']],
  ['the command bar', [':'], ['enter do', 'tab complete', 'esc leave']],
  ['the palette', ['ctrl-p'], ['enter do', 'esc leave']],
] as const)
  test(`while ${what} is open the line offers its keys, and none that are dead`, () => {
    for (const columns of [80, 200]) assert.deepEqual(offered(press(aModel(columns, 24), ...keys)[0]), wanted);
    assert.deepEqual(offered(press(aModel(80, 24), 'e', ...(what === 'help' ? keys : ['?']))[0]), ['↑ up', '↓ down', '/ filter', 'esc close'], 'over a screen, too');
  });
