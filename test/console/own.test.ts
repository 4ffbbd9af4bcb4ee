// Commands and hotkeys of a person's own on the screen: on what they are run, what they ask, why they are refused, what is recorded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import { DEFAULT_KEYMAP } from '../../src/console/keymap.js';
import type { Model } from '../../src/console/model.js';
import { parseOwn } from '../../src/console/own/parse.js';
import { completions, paletteEntries } from '../../src/console/prompt.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import type { Values } from '../../src/console/settings/rows.js';
import { aPod, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, NOW } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const COMMAND = { description: 'gather a bundle', scopes: ['all'], command: 'bundle', args: ['$NAMESPACE', '$NAME'] };
const READS = { ...COMMAND, readOnly: true };

const GATE = aRollout('shop/cart').paused(1, 60).metadata({ labels: { app: 'till' } }).build();
const SETS = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1, image: 'registry.example:5000/cart:2' })];
const POD = aPod('shop/cart', { hash: CANARY_HASH, suffix: 'aaaaa' });
const PODS = [{ ...POD, metadata: { ...POD.metadata, labels: { 'rollouts-pod-template-hash': CANARY_HASH } } }];

const flags = (values: Values): SettingsLayers => ({ ...NO_SETTINGS, flags: values });

function standing(commands: Readonly<Record<string, object>>, settings: SettingsLayers = NO_SETTINGS, hotKeys: object = {}): Model {
  const parsed = parseOwn({ commands, hotKeys }, DEFAULT_KEYMAP);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const model = aModel(120, 40, aSnapshot({ rollouts: [GATE], replicaSets: SETS, pods: PODS }), settings);
  return { ...send(model, { type: 'own-changed', own: parsed.value }), kubeconfig: '/home/a/.kube/config' };
}

type Run = Effect & { readonly type: 'run' };
const runs = (effects: readonly Effect[]): readonly Run[] => effects.filter((effect) => effect.type === 'run');
const records = (effects: readonly Effect[]): readonly string[] => effects.flatMap((effect) => (effect.type === 'record' ? [`${effect.outcome}: ${effect.about.action}: ${effect.about.words}`] : []));

test('what only reads is run at once: arguments, environment, and the record of it', () => {
  const args = ['$NAMESPACE', '$NAME', '$KIND', '$REVISION', '$IMAGE', '$PHASE', '$WEIGHT', '$STEP', '$CONTEXT', '${label:app}'];
  const [model, effects] = press(standing({ bundle: { ...READS, shortCut: 'b', args } }), 'b');
  const [effect] = runs(effects);
  assert.ok(effect !== undefined);
  assert.deepEqual(effect.run.args, ['shop', 'cart', 'Rollout', '7', 'registry.example:5000/cart:2', 'Paused', '20', '2', 'sluice', 'till']);
  const { environment } = effect.run;
  assert.deepEqual([environment['SLUICE_NAME'], environment['SLUICE_POD'], environment['KUBECONFIG'], environment['SLUICE_READ_ONLY']], ['cart', undefined, '/home/a/.kube/config', undefined]);
  assert.equal(model.question, undefined);
  assert.deepEqual(records(effects), ['started: own.bundle: run bundle on shop/cart: bundle shop cart Rollout 7 registry.example:5000/cart:2 Paused 20 2 sluice till']);
  assert.deepEqual(model.commandLog.map(({ lines, outcome }) => [lines.length, outcome]), [[1, 'running']]);
});

test('what may change something asks as changes do there; dangerous asks for name and reason; confirm asks at least for a key', () => {
  const commands = { bundle: { ...COMMAND, shortCut: 'b' }, reads: { ...READS, shortCut: 'f6', confirm: true }, wipe: { ...COMMAND, shortCut: 'f7', dangerous: true }, sure: { ...COMMAND, shortCut: 'f8', confirm: true } };
  const levelAfter = (key: string, confirm: NonNullable<Values['confirm']>): string | undefined => press(standing(commands, flags({ confirm })), key)[0].question?.level;
  assert.deepEqual(['b', 'f6', 'f7', 'f8'].map((key) => levelAfter(key, 'none')), [undefined, 'key', 'type-name-and-reason', 'key']);
  assert.deepEqual(['b', 'f6', 'f7', 'f8'].map((key) => levelAfter(key, 'type-name')), ['type-name', 'type-name', 'type-name-and-reason', 'type-name']);
  const [asked, before] = press(standing(commands), 'b');
  assert.deepEqual(runs(before), []);
  assert.match(printFrame(render(asked)), /Run bundle on sluice\?[^]*run +bundle shop cart[^]*y yes, run bundle/);
  assert.equal(runs(press(asked, 'y')[1]).length, 1);
  const [left, nothing] = press(asked, 'escape');
  assert.deepEqual([left.question, left.notice?.text, runs(nothing)], [undefined, 'Nothing was run.', []]);
});

test('dangerous: the name is typed and a reason given; both are recorded', () => {
  const [model, effects] = press(standing({ wipe: { ...COMMAND, shortCut: 'f7', dangerous: true } }), 'f7', ...'because', 'enter', ...'cart', 'enter');
  assert.equal(model.question, undefined);
  const [record] = effects.filter((effect) => effect.type === 'record');
  assert.equal(record?.about.reason, 'because');
  assert.equal(runs(effects).length, 1);
  const [short, none] = press(standing({ wipe: { ...COMMAND, shortCut: 'f7', dangerous: true } }), 'f7', ...'because', 'enter', ...'car', 'enter');
  assert.deepEqual([runs(none), short.question?.hint], [[], 'Type exactly cart.']);
});

const INPUTS = [
  { name: 'tail', label: 'lines of the log', type: 'number', default: 100, required: true },
  { name: 'how', type: 'choice', options: ['fast', 'whole'] },
  { name: 'deep', type: 'bool' },
  { name: 'pass', type: 'secret', required: true },
];

test('inputs are asked one after the other, held to their type, and put in; a secret stands in the environment and nowhere else', () => {
  const args = ['$INPUT_TAIL', '$INPUT_HOW', '--deep=$INPUT_DEEP'];
  const [first] = press(standing({ bundle: { ...READS, shortCut: 'b', args, inputs: INPUTS } }), 'b', 'backspace', 'x', 'enter');
  assert.deepEqual([first.question?.hint, first.question?.focus], ['Lines of the log must be a number.', 0]);
  const [asked] = press(first, 'ctrl-u', '5', 'enter', 'down', 'enter', 'down', 'enter', ...'hunter2');
  assert.match(printFrame(render(press(standing({ bundle: { ...READS, shortCut: 'b', args, inputs: INPUTS } }), 'b', 'ctrl-u')[0])), /lines of the log ▁ a number[^]*pass +not shown/);
  const frame = printFrame(render(asked));
  assert.match(frame, /lines of the log 5[^]*pass +\*{7}/);
  assert.match(frame, /run +bundle 5 whole --deep=true/);
  const [done, effects] = press(asked, 'enter');
  const [effect] = runs(effects);
  assert.deepEqual(effect?.run.args, ['5', 'whole', '--deep=true']);
  assert.equal(effect?.run.environment['SLUICE_INPUT_PASS'], 'hunter2');
  assert.doesNotMatch(JSON.stringify([effects.filter(({ type }) => type !== 'run'), done, effect?.run.line]), /hunter2/);
});

test('a script is shown with what it reads, without secrets', () => {
  const script = { ...READS, shortCut: 'b', command: 'sh', args: ['-c', 'echo "$NAME" "$INPUT_PASS"'], inputs: INPUTS.slice(3) };
  const [, effects] = press(standing({ bundle: script }), 'b', ...'hunter2', 'enter');
  const [effect] = runs(effects);
  assert.equal(effect?.run.line, `NAME=cart sh -c 'echo "$NAME" "$INPUT_PASS"'`);
  assert.deepEqual([effect?.run.environment['INPUT_PASS'], effect?.run.environment['NAME']], ['hunter2', 'cart']);
});

const REFUSED: readonly (readonly [string, object, SettingsLayers, RegExp])[] = [
  ['in a read-only context', COMMAND, flags({ readOnly: true }), /bundle is not run on sluice: it is read-only here, and nothing says that the command only reads/],
  ['for another kind', { ...READS, scopes: ['pod'] }, NO_SETTINGS, /bundle is for a pod: open the rollout, and put the cursor on one/],
  ['without a field that it needs', { ...READS, args: ['$POD'] }, NO_SETTINGS, /bundle needs \$POD, and Rollout cart has none/],
  ['without a label that it needs', { ...READS, args: ['${label:team}'] }, NO_SETTINGS, /bundle needs \$\{label:team\}, and/],
];

for (const [name, command, settings, reason] of REFUSED) {
  test(`it is refused ${name}`, () => {
    const [model, effects] = press(standing({ bundle: { ...command, shortCut: 'b' } }, settings), 'b');
    assert.deepEqual([runs(effects), model.question], [[], undefined]);
    assert.match(model.notice?.text ?? '', reason);
  });
}

test('read-only: what says that it reads is run, and told to write nothing; a setting that changes while it asks counts', () => {
  const readOnly = flags({ readOnly: true });
  const [, effects] = press(standing({ bundle: { ...READS, shortCut: 'b' } }, readOnly), 'b');
  assert.equal(runs(effects)[0]?.run.environment['SLUICE_READ_ONLY'], 'true');
  const [asked] = press(standing({ bundle: { ...COMMAND, shortCut: 'b' } }), 'b');
  const closed = send(asked, { type: 'settings-changed', settings: readOnly, keymap: asked.keymap, utcOffsetMinutes: 0 });
  const [still, none] = press(closed, 'y');
  assert.deepEqual(runs(none), []);
  assert.match(still.question?.hint ?? '', /it is read-only here/);
});

test('while the data is old only what reads is run; a rollout that goes takes the question with it', () => {
  const lost = aSnapshot({ rollouts: [GATE], connection: { type: 'lost', since: NOW, lastSignalAt: NOW, reason: 'gone' } });
  const old = send(standing({ bundle: { ...COMMAND, shortCut: 'b' }, reads: { ...READS, shortCut: 'f6' } }), { type: 'cluster-changed', snapshot: lost, now: NOW });
  assert.match(press(old, 'b')[0].notice?.text ?? '', /bundle is not run until the data is fresh/);
  assert.equal(runs(press(old, 'f6')[1]).length, 1);
  const [asked] = press(standing({ bundle: { ...COMMAND, shortCut: 'b' } }), 'b');
  const gone = send(asked, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [] }), now: asked.now });
  assert.match(gone.question?.moved ?? '', /the rollout was deleted/);
  assert.deepEqual(runs(press(gone, 'y')[1]), []);
});

test('a value with control characters goes nowhere', () => {
  const model = standing({ bundle: { ...READS, shortCut: 'b', args: ['${annotation:note}'] } });
  const strange = aRollout('shop/cart').metadata({ annotations: { note: 'a\nb' } }).build();
  const [told, effects] = press(send(model, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [strange] }), now: NOW }), 'b');
  assert.deepEqual([runs(effects), told.notice?.text], [[], 'bundle is not run: ${annotation:note} holds control characters.']);
});

test('in the tree it is for the object under the cursor; several that are marked are too many', () => {
  const model = standing({ bundle: { ...READS, shortCut: 'b', scopes: ['pods'], args: ['$POD', '$ROLLOUT', '$HASH', '$REVISION'] } });
  const [opened] = press(model, 'enter');
  const onPod = Array.from({ length: 6 }).reduce<Model>((at) => (runs(press(at, 'b')[1]).length > 0 ? at : press(at, 'down')[0]), opened);
  assert.deepEqual(runs(press(onPod, 'b')[1])[0]?.run.args, [PODS[0]?.metadata.name, 'cart', CANARY_HASH, '7']);
  const two = send(standing({ bundle: { ...READS, shortCut: 'b' } }), { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [GATE, aRollout('shop/till').build()] }), now: NOW });
  assert.match(press(two, 'space', 'down', 'down', 'space', 'b')[0].notice?.text ?? '', /takes one rollout at a time: 2 are marked/);
});

test('help, palette, command bar and bottom line know them; one without a key goes by its name', () => {
  const model = standing({ bundle: { ...READS, shortCut: 'b' }, quiet: READS, wipe: { ...COMMAND, shortCut: 'f7', dangerous: true } }, flags({ readOnly: true }), { prod: { shortCut: 'f5', description: 'to prod', command: ':ns shop' } });
  const footer = printFrame(render({ ...model, size: { columns: 300, rows: 40 } }));
  assert.match(footer, /b bundle +f7 wipe: read-only +f5 prod/);
  assert.match(printFrame(render({ ...press(model, '?', 'end')[0] })), /Your own \(commands\.yaml\)[^]*b +bundle: gather a bundle[^]*:quiet +quiet[^]*f7 +wipe: .*dangerous.*not now: read-only[^]*f5 +prod: to prod/);
  assert.deepEqual(paletteEntries(model, 'quiet').map(({ words, keys }) => [words, keys]), [['quiet', '']]);
  assert.ok(completions(model, 'qui').includes('quiet'));
  assert.equal(runs(press(model, ':', ...'quiet', 'enter')[1]).length, 1);
  assert.equal(runs(press(model, 'ctrl-p', ...'quiet', 'enter')[1]).length, 1);
  assert.match(press(model, ':', ...'quiet', 'space', 'x', 'enter')[0].notice?.text ?? '', /quiet takes nothing behind it/);
  assert.equal(press(model, 'f5')[0].list.namespace, 'shop');
});

test('a hotkey for an act asks as its key does, and letters that are typed are text', () => {
  const model = standing({ bundle: { ...READS, shortCut: 'b' } }, NO_SETTINGS, { stop: { shortCut: 'f5', description: 'abort', command: 'abort' } });
  const [asked, effects] = press(model, 'f5');
  assert.equal(asked.question?.type === 'act' ? asked.question.action : undefined, 'rollout.abort');
  assert.deepEqual(effects.filter(({ type }) => type === 'apply'), []);
  const [typing, none] = press(model, '/', 'b');
  assert.deepEqual([typing.list.filter, runs(none)], ['b', []]);
});

test('beside the screen: its lines are kept, its end is told, and the log of commands has it', () => {
  const [started, effects] = press(standing({ bundle: { ...READS, shortCut: 'b', background: true } }), 'b');
  const id = runs(effects)[0]?.id ?? 0;
  assert.match(started.notice?.text ?? '', /run bundle on shop\/cart: started/);
  assert.match(press(started, 'q')[0].notice?.text ?? '', /run bundle on shop\/cart is stopped; the embedded .*: the same key again ends the program/);
  const lines = Array.from({ length: 1200 }, (_, place) => `line ${place}\u001b[31m`);
  const written = send(started, { type: 'own-output', id, texts: lines });
  const ended = send(written, { type: 'own-ended', id, end: { ran: true, good: false, text: 'exit code 3' }, now: started.now + 2100 });
  assert.deepEqual([ended.notice?.level, ended.notice?.text], ['bad', 'run bundle on shop/cart: exit code 3 after 2.1 s: line 1199 (:output shows all 1200 lines)']);
  assert.equal(ended.commandLog[0]?.outcome, 'failed: exit code 3 after 2.1 s');
  const [shown] = press(ended, 'escape', 'o');
  assert.match(printFrame(render(shown)), /Output of your commands[^]* line 1199/);
  assert.match(printFrame(render(press(shown, 'g')[0])), /run bundle on shop\/cart: exit code 3 after 2\.1 s[^]*200 lines before these[^]*line 200/);
});

test('eight at a time are enough', () => {
  let model = standing({ bundle: { ...READS, shortCut: 'b', background: true } });
  for (let count = 0; count < 8; count += 1) model = press(model, 'b')[0];
  const [full, effects] = press(model, 'b');
  assert.deepEqual([runs(effects), full.notice?.text], [[], 'bundle is not run: 8 commands are under way already.']);
});

test('a mark tells which one is meant, wherever the cursor is', () => {
  const other = aRollout('mall/till').build();
  const two = send(standing({ bundle: { ...READS, shortCut: 'b' } }), { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [GATE, other] }), now: NOW });
  const marked: Model = { ...two, list: { ...two.list, marks: new Set(['sluice mall/till']) } };
  const onCart = press(marked, 'g')[0];
  assert.deepEqual(runs(press(onCart, 'b')[1])[0]?.run.args, ['mall', 'till']);
});
