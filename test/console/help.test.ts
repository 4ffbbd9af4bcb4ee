// Help: searched like other screens, and whole on narrow ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Model, contextOf } from '../../src/console/model.js';
import type { HotKey } from '../../src/console/own/own.js';
import { paletteEntries } from '../../src/console/prompt.js';
import { helpLines } from '../../src/console/screens/help/view.js';
import { lineText } from '../../src/console/spans.js';
import { aModel, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';
import { render } from '../../src/console/render.js';

const text = (model: Model): readonly string[] => helpLines(model).map((line) => lineText(line).trimEnd());
const after = (...keys: readonly string[]): Model => press(aModel(80, 24), ...keys)[0];

test('a filter narrows help to the lines that have the words, keys among them; what is typed acts on nothing', () => {
  const typing = after('?', '/', ...'abort');
  assert.deepEqual([contextOf(typing), typing.help, typing.question], ['filter', { top: 0, filter: 'abort', typing: true }, undefined]);
  assert.ok(text(typing).length < 12 && text(typing).some((line) => /^a +abort: all traffic back/.test(line)) && !text(typing).some((line) => line.startsWith('E ')));
  assert.match(printFrame(render(typing)), /Keys of the list {2}\/abort_/);
  const kept = press(typing, 'enter')[0];
  assert.deepEqual([contextOf(kept), kept.help?.filter], ['help', 'abort']);
  assert.ok(text(after('?', '/', ...'ctrl-z', 'enter')).some((line) => line.startsWith('ctrl-z')));
  assert.deepEqual(text(after('?', '/', ...'zzzz')), ['nothing matches the filter']);
  assert.equal(after('?', 'G', '/', 'a').help?.top, 0);
});

// What a tired person types, and the key that must stand first for it.
for (const [word, key] of [
  ['rollback', 'X'], ['undo', 'u'], ['stop', 'a'], ['yaml', 'y'], ['describe', 'd'], ['history', 'h'], ['mark', 'space'], ['log', 'l'], ['restart', 'R'], ['terminate', 't'], ['image', 'i'],
] as const)
  test(`help finds ${key} under "${word}", first among the lines, and so does the palette`, () => {
    assert.match(text(after('?', '/', ...word))[0] ?? '', new RegExp(`^${key} `));
    assert.equal(paletteEntries(after('ctrl-p'), word)[0]?.keys, key);
  });

test('whatever finds an action in the palette finds its line in help', () => {
  const model = after('?');
  for (const { words, keys, help } of paletteEntries(aModel(80, 24), '').filter((entry) => entry.keys !== ''))
    assert.ok(text({ ...model, help: { top: 0, typing: false, filter: words } }).some((line) => line.startsWith(keys)), `${words}: ${help}`);
});

test('the filter is left before help is, and the list below keeps its own', () => {
  const kept = after('?', '/', ...'abort', 'enter');
  const cleared = press(kept, 'escape')[0];
  assert.deepEqual([cleared.help?.filter, press(cleared, 'escape')[0].help], ['', undefined]);
  assert.deepEqual(press(after('?', '/', 'a'), 'escape')[0].help, { top: 0, filter: '', typing: false });
  assert.equal(kept.list.filter, '');
  const over = after('e', '?', '/', 'x', 'enter');
  assert.equal(over.stack.at(-1)?.filter, '');
});

for (const columns of [40, 60, 80])
  test(`at ${columns} columns no line of help is cut, and each begins with its whole key`, () => {
    const hotKey: HotKey = { name: 'x', description: 'does it', shortCut: 'ctrl-and-a-very-long-key', override: false, line: 'events' };
    const model = press(aModel(columns, 24), '?')[0];
    const lines = text({ ...model, own: { ...model.own, hotKeys: [hotKey] } });
    assert.ok(lines.every((line) => !line.includes('…')), lines.find((line) => line.includes('…')));
    assert.deepEqual(lines.slice(lines.indexOf('ctrl-and-a-very-long-key')).slice(0, 2).map((line) => line.trim()), ['ctrl-and-a-very-long-key', 'x: does it']);
    assert.ok(lines.some((line) => line.endsWith('find')));
  });
