// commands.yaml: what it may say, what is refused with the reason, and how fields are put into a command.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { DEFAULT_KEYMAP, parseKeymap } from '../../src/console/keymap.js';
import { fill } from '../../src/console/own/fields.js';
import { findOwn } from '../../src/console/own/keys.js';
import type { OwnCommand } from '../../src/console/own/own.js';
import { parseOwn } from '../../src/console/own/parse.js';
import { FIELDS } from '../../src/console/own/fields.js';
import { SETTINGS } from '../../src/console/settings/rows.js';

const BUNDLE = { shortCut: 'b', description: 'gather', scopes: ['rollout'], command: 'bundle' };
const withCommand = (more: object): unknown => ({ commands: { bundle: { ...BUNDLE, ...more } } });
const withInput = (input: object): unknown => withCommand({ inputs: [{ name: 'tail', type: 'number', ...input }] });
const withHotKey = (more: object): unknown => ({ hotKeys: { prod: { shortCut: 'f5', description: 'prod', command: 'ctx prod', ...more } } });

function read(more: object): OwnCommand {
  const parsed = parseOwn(withCommand(more), DEFAULT_KEYMAP);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const [command] = parsed.value.commands;
  assert.ok(command !== undefined);
  return command;
}

const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
  ['not a map', [], /commands\.yaml is a map with commands and hotKeys, not a list/],
  ['the word of k9s', { plugins: {} }, /^plugins: is not known here.*what k9s calls plugins are commands here/],
  ['commands as a list', { commands: [] }, /commands: must be a map from at most 100 names, not a list/],
  ['no description', { commands: { a: { scopes: ['all'], command: 'x' } } }, /commands\.a: has no description/],
  ['an unknown field', withCommand({ pipes: [] }), /commands\.bundle\.pipes: is not known here; known are shortCut, description/],
  ['a scope that is none', withCommand({ scopes: ['deployments'] }), /scopes: must be a list of rollout, rollouts, ro/],
  ['no scope', withCommand({ scopes: [] }), /scopes: must be a list of/],
  ['a number for the program', withCommand({ command: 3 }), /command: must be a text .* not 3/],
  ['a map for an argument', withCommand({ args: [{}] }), /args: must be a list of at most 100 texts or numbers/],
  ['the key as k9s writes it', withCommand({ shortCut: 'Shift-B' }), /"Shift-B" is no key: .* here it is called B/],
  ['a control key as k9s writes it', withCommand({ shortCut: 'Ctrl-L' }), /here it is called ctrl-l/],
  ['the key of an act', withCommand({ shortCut: 'p' }), /shortCut: p already does rollout\.promote \(promote\), and may not do anything else$/],
  ['the key of an act, by force', withCommand({ shortCut: 'a', override: true }), /a already does rollout\.abort .* whatever override says/],
  ['the key of the way out, by force', withCommand({ shortCut: 'q', override: true }), /q already does quit .* whatever override says/],
  ['the key of a screen', withCommand({ shortCut: 'e' }), /e already does show\.events \(events\): choose another key, or write override: true/],
  ['a key that means something on other screens only', withCommand({ shortCut: 'n' }), /n already does page\.next-match/],
  ['one key for two', { commands: { a: BUNDLE, b: BUNDLE } }, /commands\.b\.shortCut: b is already the key of a/],
  ['one name for two', { commands: { prod: BUNDLE }, hotKeys: (withHotKey({}) as { hotKeys: object }).hotKeys }, /hotKeys\.prod: a command has this name already/],
  ['a name of the command bar', { commands: { logs: BUNDLE } }, /commands\.logs: :logs is a command of the console already/],
  ['another word for one', { commands: { ev: BUNDLE } }, /:ev is a command of the console already/],
  ['a name with a blank', { commands: { 'a b': BUNDLE } }, /a name has letters, digits/],
  ['dangerous and readOnly', withCommand({ dangerous: true, readOnly: true }), /what is readOnly is not dangerous/],
  ['an unknown field of the object', withCommand({ args: ['x', '$NAME-$HOME'] }), /args\.1: has no field \$HOME: fields are NAME, NAMESPACE/],
  ['a column of k9s', withCommand({ args: ['$COL-IP'] }), /has no field \$COL-IP/],
  ['an input that is not asked', withCommand({ args: ['$INPUT_TAIL'] }), /has no field \$INPUT_TAIL/],
  ['a label in a script', withCommand({ command: '/bin/bash', args: ['-euo', 'pipefail', '-c', 'echo ${label:app}'] }), /args\.3: has \$\{label:app\} in a script, where what it holds could be run/],
  ['a field in the script of another shell', withCommand({ command: 'kubectl', args: ['exec', 'x', '--', 'sh', '-c', 'ls $NAME'] }), /args\.5: has \$NAME in a script/],
  ['a secret in an argument', withCommand({ args: ['--password=$INPUT_PASS'], inputs: [{ name: 'pass', type: 'secret' }] }), /has the secret \$INPUT_PASS: command lines are seen by others.*\$SLUICE_INPUT_PASS/],
  ['a secret in the file', withCommand({ inputs: [{ name: 'pass', type: 'secret', default: 'x' }] }), /a secret does not stand in a file/],
  ['an input without a type', withCommand({ inputs: [{ name: 'a' }] }), /inputs\.0: has no type/],
  ['an input that is asked for twice', withCommand({ inputs: [{ name: 'a', type: 'string' }, { name: 'A', type: 'string' }] }), /inputs\.1\.name: A is asked for twice/],
  ['six inputs', withCommand({ inputs: 'abcdef'.split('').map((name) => ({ name, type: 'string' })) }), /inputs: must be a list of at most 5 maps/],
  ['a choice without options', withInput({ type: 'choice' }), /inputs\.0: has no options to choose from/],
  ['options for a number', withInput({ options: [1] }), /options: is for a choice only/],
  ['a default that is no number', withInput({ default: 'many' }), /default: tail must be a number/],
  ['a default that is no option', withInput({ type: 'dropdown', options: ['a'], default: 'b' }), /default: tail must be a/],
  ['a name that is no variable', withInput({ name: 'a-b' }), /name: must be a name of letters, digits and _/],
  ['a hotkey without a key', { hotKeys: { a: { description: 'x', command: 'logs' } } }, /hotKeys\.a: has no shortCut/],
  ['a hotkey for what the console does not know', withHotKey({ command: 'deployments' }), /hotKeys\.prod\.command: "deployments" is no command of the console/],
];

for (const [name, value, wanted] of WRONG) {
  test(`commands.yaml with ${name} is refused with the reason`, () => {
    const parsed = parseOwn(value, DEFAULT_KEYMAP);
    assert.ok(!parsed.ok);
    assert.match(parsed.error.map(({ message }) => message).join('\n'), wanted);
    assert.ok(parsed.error.every(({ path }) => path.length > 0 || !Array.isArray(value) || path.length === 0));
  });
}

test('all that is wrong is told at once', () => {
  const parsed = parseOwn({ commands: { a: { ...BUNDLE, scopes: 3, command: '' }, b: { ...BUNDLE, shortCut: 'p' } }, more: 1 }, DEFAULT_KEYMAP);
  assert.deepEqual(parsed.ok ? [] : parsed.error.map(({ path }) => path.join('.')), ['more', 'commands.a.scopes', 'commands.a.command', 'commands.b.shortCut']);
});

test('an empty file brings nothing; numbers and words of k9s are taken as they are meant', () => {
  assert.deepEqual(parseOwn(null, DEFAULT_KEYMAP), { ok: true, value: { commands: [], hotKeys: [] } });
  const command = read({ scopes: ['po', 'pods', 'rs'], args: ['--tail', 5], inputs: [{ name: 'how', type: 'dropdown', options: ['a', 2] }, { name: 'sure', type: 'bool', default: true }] });
  assert.deepEqual([command.scopes, command.args], [['Pod', 'ReplicaSet'], ['--tail', '5']]);
  assert.deepEqual(command.inputs.map(({ type, initial, options }) => [type, initial, options]), [['choice', 'a', ['a', '2']], ['bool', 'true', ['false', 'true']]]);
  assert.deepEqual(read({ scopes: ['all', 'pod'] }).scopes, [], 'all is any');
});

test('override takes the key of a screen; a keymap that comes later keeps its acts', () => {
  const parsed = parseOwn(withCommand({ shortCut: 'e', override: true }), DEFAULT_KEYMAP);
  assert.ok(parsed.ok);
  assert.equal(findOwn(parsed.value, DEFAULT_KEYMAP, 'rollouts', 'e')?.name, 'bundle');
  const k9s = parseKeymap({ name: 'x', bindings: { 'rollout.edit': ['e'], 'show.events': ['E'] } });
  assert.ok(k9s.ok);
  assert.equal(findOwn(parsed.value, k9s.value, 'rollouts', 'e'), undefined, 'e edits now');
  assert.ok(!parseOwn(withCommand({ shortCut: 'e', override: true }), k9s.value).ok);
});

const HOSTILE = `x'; rm -rf / #$(id)\`id\` "a" $NAMESPACE \\ --all`;

test('a field stays in the argument that it stands in, whatever it holds; what it holds is not read again', () => {
  const line = { command: 'kubectl', args: ['logs', '$NAME', '-n=$NAMESPACE/${NAME}', '$$NAME costs 5$', '$name $1 ${label:app}'] };
  assert.deepEqual(fill(line, { NAME: HOSTILE, NAMESPACE: 'shop', 'label:app': '$NAME' }), {
    args: ['logs', HOSTILE, `-n=shop/${HOSTILE}`, '$NAME costs 5$', '$name $1 $NAME'],
    variables: {},
  });
});

test('nothing is put into the script of a shell: it reads its variables', () => {
  const line = { command: '/bin/sh', args: ['-ec', 'echo "$NAME" $HOME $$', 'sh', '$NAMESPACE'] };
  assert.deepEqual(fill(line, { NAME: HOSTILE, NAMESPACE: 'shop', POD: '', INPUT_A: '' }), {
    args: ['-ec', 'echo "$NAME" $HOME $$', 'sh', 'shop'],
    variables: { NAME: HOSTILE, NAMESPACE: 'shop', INPUT_A: '' },
  });
  assert.deepEqual(fill({ command: 'sh', args: ['run.sh', '-c', '$NAME'] }, { NAME: 'cart' }).args, ['run.sh', '-c', 'cart'], 'behind a file it is an argument');
});

test('what a command finds in its environment sets nothing of a Sluice that it starts', () => {
  const settings = SETTINGS.flatMap((row) => ('environment' in row ? [row.environment as string] : []));
  assert.deepEqual(FIELDS.map((field) => `SLUICE_${field}`).filter((name) => settings.includes(name) || name === 'SLUICE_CONFIG'), []);
});

test('the example of the README is right', () => {
  const readme = readFileSync(path.join(process.env['SLUICE_ROOT'] ?? '.', 'README.md'), 'utf8');
  const [example = ''] = /^ {4}commands:\n(?: {4}.*\n)+/m.exec(readme) ?? [];
  const parsed = parseOwn(parse(example), DEFAULT_KEYMAP);
  assert.deepEqual(parsed.ok ? [parsed.value.commands.length, parsed.value.hotKeys.length] : parsed.error, [2, 1]);
});
