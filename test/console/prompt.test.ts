// Palette, command bar, sorting and marks: naming what to do, and in which order to see it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../src/console/model.js';
import { RISKY_ACTIONS } from '../../src/console/actions.js';
import { readCommand } from '../../src/console/command-line.js';
import { keyTexts } from '../../src/console/keymap.js';
import { commandProblem, completions, paletteEntries } from '../../src/console/prompt.js';
import { targetsOf } from '../../src/console/target.js';
import { visibleLists } from '../../src/console/screens/rollouts/lists.js';
import { aRollout, aSnapshot } from '../support/builders.js';
import { questionOf, aModel, press } from '../support/console-scenes.js';

const typed = (words: string): string[] => [...words].map((letter) => (letter === ' ' ? 'space' : letter));
const after = (...names: string[]): Model => press(aModel(120, 40), ...names)[0];
const names = (model: Model): string[] => visibleLists(model.board, model.list).all.map(({ name }) => name);
const command = (line: string): Model => after(':', ...typed(line), 'enter');

test('the palette lists what the screen can do, narrows as one types, and does the chosen one', () => {
  assert.ok(paletteEntries(after('ctrl-p'), '').some(({ chosen }) => chosen.type === 'action' && chosen.action === 'rollout.abort'));
  assert.deepEqual(paletteEntries(after('ctrl-p'), 'timeline').map(({ chosen }) => chosen), [{ type: 'action', action: 'show.timeline' }]);
  assert.equal(after('ctrl-p', ...typed('timeline'), 'enter').stack.at(-1)?.screen, 'timeline');
  assert.equal(questionOf(after('ctrl-p', ...typed('promote fully'), 'enter'))?.action, 'rollout.promote-full');
  assert.equal(questionOf(after('ctrl-p', ...typed('promote'), 'down', 'enter'))?.action, 'rollout.promote-full');
  assert.deepEqual([after('ctrl-p', ...typed('zzzz'), 'enter').notice?.text, after('ctrl-p', 'escape').prompt], ['no action has these words', undefined]);
});

test('letters in a prompt are text: none of them acts', () => {
  const model = after(':', 'p', 'a', 'q', 'y');
  assert.deepEqual([model.prompt?.text, model.question, model.stack.length], ['paqy', undefined, 0]);
  assert.equal(press(model, 'backspace', 'backspace')[0].prompt?.text, 'pa');
  assert.equal(press(model, 'ctrl-u')[0].prompt?.text, '');
});

const COMMANDS: readonly (readonly [string, (model: Model) => unknown, unknown])[] = [
  ['events', (model) => model.stack.at(-1)?.screen, 'events'],
  ['w', (model) => model.stack.at(-1)?.screen, 'why'],
  ['ns default', (model) => [names(model), model.list.namespace], [['myapp', 'colorapi'], 'default']],
  ['ns all', (model) => names(model).length, 5],
  ['ns nowhere', (model) => model.notice?.text, 'there is no ns "nowhere"'],
  ['rollout default/myapp', (model) => model.detail?.key, 'sluice default/myapp'],
  ['sort name', (model) => names(model)[0], 'silly-demo'],
  ['rollouts /app', (model) => names(model), ['myapp', 'canary-demo-app']],
  ['abort', (model) => questionOf(model)?.action, 'rollout.abort'],
  ['nonsense', (model) => model.notice?.text, '"nonsense" is no command: tab shows those that there are'],
  ['ns', (model) => model.notice?.text, 'ns what? a-team, all, bookinfo, canary-rollout-demo, default'],
  ['pods', (model) => model.notice?.text, 'pods have no list of their own: each rollout shows its own, :logs what they write'],
  ['evnts', (model) => model.prompt?.text, 'evnts'],
  ['who', (model) => model.stack.at(-1)?.screen, 'recent'],
  ['handover shop', (model) => model.notice?.text, 'a hand-over note is of all rollouts: nothing stands behind it (the key for a snapshot writes of one)'],
  ['time', (model) => model.stack.at(-1)?.screen, 'timeline'],
];
for (const [line, read, wanted] of COMMANDS) test(`command: ${line}`, () => assert.deepEqual(read(command(line)), wanted));

for (const id of RISKY_ACTIONS)
  test(`the line has a word for ${id}, and does what its key does`, () => {
    const word = id.slice(id.indexOf('.') + 1);
    const before = press(aModel(80, 24), ...(word === 'edit' ? ['enter'] : []))[0];
    const [byWord, asked] = press(before, ':', ...typed(word), 'enter');
    const [byKey, wanted] = press(before, keyTexts(before.keymap, id, false)[0] ?? '');
    assert.deepEqual([questionOf(byWord)?.action, byWord.notice?.text, asked.map(({ type }) => type)], [questionOf(byKey)?.action, byKey.notice?.text, wanted.map(({ type }) => type)]);
    assert.ok(questionOf(byWord) !== undefined || byWord.notice !== undefined || asked.length > 0);
    assert.ok(completions(before, word.slice(0, 3)).includes(word));
  });

for (const [line, wanted] of [
  ['roll-back', 'rollback'], ['image', 'set-image'],
] as const)
  test(`command: ${line} is ${wanted}`, () => assert.deepEqual([questionOf(command(line))?.action, command(line).notice?.text], [`rollout.${wanted}`, undefined]));

for (const [line, wanted] of [
  ['rolback', /"rolback" is no command: there is the key X roll back$/], ['stop', /the key a abort, t end analysis$/], ['mark', /the key space mark$/], ['describ', /"describ"/], ['unpause', /z pause/],
  ['evens', /the key e events$/], ['xy', /tab shows/],
] as const)
  test(`a word that is no command says which key resembles it: ${line}`, () => {
    const model = aModel(80, 24);
    assert.match(commandProblem(model, readCommand(line)) ?? '', wanted);
  });

test('an act of the line takes nothing behind it: another rollout than the one under the cursor is not meant', () => {
  const model = command('abort default/colorapi');
  assert.deepEqual([model.question, model.notice?.text], [undefined, 'abort takes nothing behind it: it is for the rollout under the cursor, or those that are marked']);
});

for (const line of ['handover', 'hand-over', 'snapshot'])
  test(`command: ${line} writes a note of all rollouts, and is offered where it is begun`, () => {
    const [, effects] = press(aModel(80, 24), ':', ...typed(line), 'enter');
    assert.deepEqual(effects.map((effect) => (effect.type === 'save' ? [effect.file, effect.text.slice(0, 26)] : effect.type)), [['handover', '## Hand-over: all rollouts']]);
    assert.ok(completions(aModel(80, 24), line.slice(0, 3)).includes(line));
  });

test('quit ends the program from the line too', () => assert.deepEqual(press(aModel(80, 24), ':', ...typed('q'), 'enter', ':', ...typed('q'), 'enter')[1], [{ type: 'quit', lines: [] }]));

test('the line completes verbs and their arguments, by namespace or by name', () => {
  const model = aModel(80, 24);
  assert.deepEqual(completions(model, 'his'), ['history']);
  assert.deepEqual(completions(model, 'ns d'), ['ns default']);
  assert.deepEqual(completions(model, 'rollout my'), ['rollout default/myapp']);
  assert.equal(after(':', ...typed('his'), 'tab').prompt?.text, 'history');
});

test('an empty line offers what leads somewhere before what acts', () => {
  const offered = completions(aModel(80, 24), '');
  assert.ok(offered.indexOf('why') < offered.indexOf('abort') && offered.indexOf('timeline') < offered.indexOf('promote-full'));
  assert.equal(press(after(':', 'tab'), 'enter')[0].question, undefined);
});

test('by attention: what has gone wrong, what waits for a person, what is under way, what is at rest; what waits longest is first of those that wait', () => {
  const rollouts = [
    aRollout('z/healthy').healthy().build(), aRollout('z/under-way').at(0).build(), aRollout('a/gate').canary([{ setWeight: 20 }, { pause: {} }]).paused(1, 900).build(),
    aRollout('y/aborted').aborted(0, 60, 'x').build(),
  ];
  const { board } = aModel(80, 24, aSnapshot({ rollouts }));
  assert.deepEqual(board.all.map(({ name }) => name), ['aborted', 'gate', 'under-way', 'healthy']);
  assert.deepEqual(board.waiting.map(({ name }) => name), ['gate', 'aborted']);
});

test('sorting: by a column, the other way round, and back to attention', () => {
  assert.deepEqual(names(after('N')), ['silly-demo', 'reviews-rollout', 'canary-demo-app', 'colorapi', 'myapp']);
  assert.deepEqual(names(after('N', 'N')), ['myapp', 'colorapi', 'canary-demo-app', 'reviews-rollout', 'silly-demo']);
  assert.deepEqual(names(after('shift-right', 'shift-left')), names(after()));
  assert.deepEqual(names(after('N', 'O')), names(after('N', 'N')));
  assert.equal(after('A').list.sort?.column, 'age');
});

test('marks stay on their rollouts whatever the order', () => {
  const model = after('space', 'j', 'space');
  assert.deepEqual([...model.list.marks].toSorted(), ['sluice a-team/silly-demo', 'sluice default/myapp']);
  assert.deepEqual([...press(model, 'g', 'space')[0].list.marks], ['sluice default/myapp']);
  assert.equal(press(model, 'U')[0].list.marks.size, 0);
});

test('an act on the list is for all that are marked, in the order of the list', () => {
  assert.deepEqual(targetsOf(after('space', 'j', 'space')).map(({ name }) => name), ['myapp', 'silly-demo']);
  assert.deepEqual(targetsOf(after('space', 'j', 'space', 'G')).map(({ name }) => name), ['myapp', 'silly-demo']);
  assert.deepEqual(targetsOf(after('space', 'j', 'space', 'g', 'enter')).map(({ name }) => name), ['silly-demo']);
  assert.deepEqual(targetsOf(after('G')).map(({ name }) => name), ['colorapi']);
});

test('tables on other screens sort too', () => {
  const model = after('v', 'shift-right');
  assert.equal(model.stack.at(-1)?.sort?.column, 'side');
});

test('0 shows all namespaces again, and leaves the filter', () => {
  const narrowed = press(command('ns default'), '/', 'm', 'enter')[0];
  assert.deepEqual(names(narrowed), ['myapp']);
  const [all] = press(narrowed, '0');
  assert.deepEqual([all.list.namespace, all.list.filter, names(all).length > 1], [undefined, 'm', true]);
});

test('after a word that is no command a colon begins anew, as it began the first; within a line it is a letter', () => {
  const wrong = after(':', ...typed('xyzzy'), 'enter');
  assert.match(wrong.notice?.text ?? '', /"xyzzy" is no command/);
  const next = press(wrong, ':', ...typed('ns default'))[0];
  assert.deepEqual([next.prompt?.text, next.notice], ['ns default', undefined]);
  assert.equal(after(':', ...typed('image main=cart:2')).prompt?.text, 'image main=cart:2');
});
