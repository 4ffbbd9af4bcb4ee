// Themes, keymaps and actions: what ships is complete and consistent; what a person writes wrongly is told field by field.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ACTIONS, CONTEXTS, isRisky, RISKY_ACTIONS } from '../../src/console/actions.js';
import { isKeyName } from '../../src/console/key.js';
import { DEFAULT_KEYMAP, findAction, parseKeymap } from '../../src/console/keymap.js';
import { STYLE_NAMES } from '../../src/console/style.js';
import { parseTheme, type Style } from '../../src/console/theme.js';

const root = process.env['SLUICE_ROOT'] ?? '.';
const filesIn = (folder: string): [string, unknown][] => readdirSync(path.join(root, folder)).map((file) => [file, parse(readFileSync(path.join(root, folder, file), 'utf8'))]);

for (const [file, value] of filesIn('themes')) {
  test(`theme ${file} is whole and named after its file`, () => {
    const parsed = parseTheme(value);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    assert.equal(`${parsed.value.name}.yaml`, file);
    assert.deepEqual(Object.keys(parsed.value.styles).sort(), [...STYLE_NAMES].sort());
  });
}

test('the default keymap is the table of actions', () => {
  const [, value] = filesIn('keymaps').find(([file]) => file === 'default.yaml') ?? [];
  assert.deepEqual((value as { bindings: unknown }).bindings, DEFAULT_KEYMAP.bindings);
});

test('the mono theme has no colour', () => {
  const [, value] = filesIn('themes').find(([file]) => file === 'mono.yaml') ?? [];
  const { styles } = value as { styles: Record<string, Style | null> };
  assert.deepEqual(Object.entries(styles).filter(([, style]) => style?.foreground !== undefined || style?.background !== undefined), []);
});

function channels(colour: string): [number, number, number] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16)) as [number, number, number];
}

test('good and bad are never green against red', () => {
  const [, value] = filesIn('themes').find(([file]) => file === 'default.yaml') ?? [];
  const parsed = parseTheme(value);
  assert.ok(parsed.ok);
  for (const { foreground } of [parsed.value.styles.good, parsed.value.styles.bad, parsed.value.styles.canary, parsed.value.styles.stable]) {
    const [red, green, blue] = channels(String(foreground));
    assert.ok(!(green > red * 1.3 && green > blue * 1.3), `${String(foreground)} is green`);
    assert.ok(!(red > green * 1.5 && red > blue * 1.5 && green < 100), `${String(foreground)} is red`);
  }
});

const wholeTheme = (): Record<string, unknown> => ({ name: 'x', styles: Object.fromEntries(STYLE_NAMES.map((name) => [name, {}])) });
const withStyle = (style: string, value: unknown): unknown => ({ name: 'x', styles: { ...(wholeTheme()['styles'] as object), [style]: value } });

const BAD_THEMES: readonly (readonly [string, unknown, RegExp])[] = [
  ['not a map', ['x'], /a theme is a map with name and styles, not a list/],
  ['nothing', null, /a theme is a map/],
  ['no name', { ...wholeTheme(), name: 3 }, /name: must be the theme's name, not 3/],
  ['no styles', { name: 'x' }, /styles: must be a map with every style, not nothing/],
  ['a style missing', { name: 'x', styles: { text: {} } }, /missing: muted, strong/],
  ['an unknown field', { ...wholeTheme(), colours: {} }, /colours: is not known here/],
  ['an unknown style', withStyle('goood', {}), /styles\.goood: is no style; styles are text/],
  ['an unknown attribute', withStyle('good', { blink: true }), /styles\.good\.blink: is not known here/],
  ['a colour name', withStyle('good', { foreground: 'blue' }), /styles\.good\.foreground: must be a colour such as "#5fafff" .* not "blue"/],
  ['a colour out of range', withStyle('good', { background: 256 }), /styles\.good\.background: .* not 256/],
  ['a word for true', withStyle('good', { bold: 'yes' }), /styles\.good\.bold: must be true or false, not "yes"/],
  ['text for a style', withStyle('good', 'bold'), /styles\.good: must be a map/],
];

for (const [name, value, wanted] of BAD_THEMES) {
  test(`a theme with ${name} is refused with the reason`, () => {
    const parsed = parseTheme(value);
    assert.ok(!parsed.ok);
    assert.match(parsed.error.map(({ message }) => message).join('\n'), wanted);
  });
}

test('a style left empty in YAML is plain', () => {
  const parsed = parseTheme(withStyle('muted', null));
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value.styles.muted, {});
});

const BAD_KEYMAPS: readonly (readonly [string, unknown, RegExp])[] = [
  ['not a map', 'x', /a keymap is a map with name and bindings/],
  ['no bindings', { name: 'x' }, /bindings: must be a map/],
  ['an unknown action', { name: 'x', bindings: { 'rollout.explode': ['x'] } }, /bindings\.rollout\.explode: is no action; actions are move\.up/],
  ['one key without a list', { name: 'x', bindings: { open: 'enter' } }, /bindings\.open: must be a list of keys/],
  ['a key that is none', { name: 'x', bindings: { open: ['entr'] } }, /bindings\.open: "entr" is no key/],
  ['a number for a key', { name: 'x', bindings: { open: [5] } }, /bindings\.open: 5 is no key/],
  ['a paste as key', { name: 'x', bindings: { open: ['paste'] } }, /"paste" is no key/],
  ['Enter for yes', { name: 'x', bindings: { 'question.yes': ['y', 'enter'] } }, /question\.yes: enter may not confirm/],
  ['no key for yes', { name: 'x', bindings: { 'question.yes': ['y', { toString: 1 }] } }, /question\.yes: .* is no key/],
  ['space for yes', { name: 'x', bindings: { 'question.yes': ['space'] } }, /space may not confirm/],
  ['no way out', { name: 'x', bindings: { 'quit.now': [] } }, /quit\.now: must have a key/],
  ['two actions on a key', { name: 'x', bindings: { 'rollout.abort': ['p'] } }, /rollout\.abort: p already does rollout\.promote in rollouts/],
  ['an unknown field', { name: 'x', keys: {}, bindings: {} }, /keys: is not known here/],
];

for (const [name, value, wanted] of BAD_KEYMAPS) {
  test(`a keymap with ${name} is refused with the reason`, () => {
    const parsed = parseKeymap(value);
    assert.ok(!parsed.ok);
    assert.match(parsed.error.map(({ message }) => message).join('\n'), wanted);
  });
}

test('a keymap may take keys away and keeps the rest', () => {
  const parsed = parseKeymap({ name: 'careful', bindings: { 'rollout.promote-full': [] } });
  assert.ok(parsed.ok);
  assert.equal(findAction(parsed.value, 'rollouts', 'P'), undefined);
  assert.equal(findAction(parsed.value, 'rollouts', 'p'), 'rollout.promote');
});

test('no key does two things in one context, and every usual key has a name', () => {
  for (const context of CONTEXTS) {
    const keys = ACTIONS.filter(({ contexts }) => contexts.some((each) => each === context)).flatMap(({ keys: bound }) => [...bound]);
    assert.deepEqual(keys.filter((key, place) => keys.indexOf(key) !== place), [], context);
    assert.deepEqual(keys.filter((key) => !isKeyName(key)), []);
  }
});

test('the risky actions are those that the table calls risky', () => {
  assert.deepEqual(ACTIONS.filter(({ risky }) => risky).map(({ id }) => id), [...RISKY_ACTIONS]);
  assert.ok(ACTIONS.every(({ id, risky }) => isRisky(id) === risky));
});
