// The further acts: when each is refused, what it tells, what it asks first, and what it writes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIONS, RISKY_ACTIONS } from '../../src/console/actions.js';
import { ACTS } from '../../src/console/acts/table.js';
import type { Effect } from '../../src/console/effect.js';
import { findGitOpsOwner } from '../../src/console/gitops.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import { HOLD } from '../../src/decide/rollout/hold.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { aReplicaSet, aRollout, aSnapshot, anAnalysisRun, anEvent, CANARY_HASH, NOW, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

type Apply = Effect & { readonly type: 'apply' };
type Operation = { readonly op: string; readonly path: string; readonly value?: unknown };

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const template = { spec: { containers: [{ name: 'cart', image: 'shop/cart:7' }] } };
const gate = (): ReturnType<typeof aRollout> => aRollout('shop/cart').canary(STEPS).paused(1, 60).spec({ template });
const sets = [
  aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1, image: 'shop/cart:7' }),
  aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 5, image: 'shop/cart:6' }),
  aReplicaSet('shop/cart', { revision: 5, hash: '74dd5c8b6f', wanted: 0, image: 'shop/cart:5' }),
];
const standing = (rollout: KubeObject = gate().build(), more: Partial<Snapshot> = {}, settings?: SettingsLayers): Model =>
  aModel(100, 40, aSnapshot({ rollouts: [rollout], replicaSets: sets, ...more }), settings);
const applied = (effects: readonly Effect[]): readonly Apply[] => effects.filter((effect): effect is Apply => effect.type === 'apply');
const keys = (text: string): string[] => [...text];

/** What the one patch of these effects writes, tests apart. */
function written(effects: readonly Effect[]): Operation[] {
  const [effect] = applied(effects);
  const [change] = effect?.changes ?? [];
  assert.ok(change?.type === 'patch' && change.patchType === 'json', JSON.stringify(effects));
  return (change.body as Operation[]).filter(({ op }) => op !== 'test');
}

test('every act is a row of both tables, and no act is outside of them', () => {
  assert.deepEqual(Object.keys(ACTS).sort(), [...RISKY_ACTIONS].sort());
  assert.deepEqual(ACTIONS.filter(({ risky }) => risky).map(({ id }) => id).sort(), [...RISKY_ACTIONS].sort());
  for (const id of RISKY_ACTIONS) assert.equal(ACTS[id].id, id);
});

test('z pauses, and says so on the object that was seen', () => {
  const [asked] = press(standing(), 'z');
  assert.equal(asked.question?.proposal.verb, 'Pause');
  assert.deepEqual(written(press(asked, 'y')[1]), [{ op: 'add', path: '/spec/paused', value: true }]);
});

test('z lets go on what was paused by hand', () => {
  const [asked] = press(standing(gate().spec({ paused: true, template }).build()), 'z');
  assert.equal(asked.question?.proposal.verb, 'Resume');
  assert.deepEqual(written(press(asked, 'y')[1]), [{ op: 'add', path: '/spec/paused', value: false }]);
});

test('H asks why and until when, and writes both where all can read them', () => {
  const [unnamed] = press(standing(), 'H', 'enter');
  assert.match(unnamed.question?.hint ?? '', /reason must be given/);
  const [badTime] = press(unnamed, ...keys('database'), 'enter', ...keys('soon'), 'enter');
  assert.match(badTime.question?.hint ?? '', /^"soon" can not be read as a time: write 30m, 2 hours or 16:45\.$/i);
  const [ready] = press(badTime, 'ctrl-u', ...keys('2h'), 'enter');
  const [, effects] = press(ready, 'y');
  const [annotation, paused] = written(effects);
  const hold = JSON.parse(String(annotation?.value)) as Record<string, string>;
  assert.deepEqual([hold['by'], hold['reason'], paused], ['ana@jump-2', 'database', { op: 'add', path: '/spec/paused', value: true }]);
  assert.equal(applied(effects)[0]?.about.reason, 'database');
});

test('a hold is stored until the moment that the question said, however long it stood', () => {
  const [ready] = press(standing(), 'H', ...keys('db'), 'enter', ...keys('30m'), 'enter');
  const said = /until (\d\d:\d\d:\d\d)/.exec(ready.question?.proposal.notes.join() ?? '')?.[1];
  const waited = send(ready, { type: 'tick', now: ready.now + 12_000 });
  const [annotation] = written(press(waited, 'y')[1]);
  const hold = JSON.parse(String(annotation?.value)) as Record<string, string>;
  assert.equal(hold['until']?.slice(11, 19), said);
  const late = send(ready, { type: 'tick', now: ready.now + 3_600_000 });
  const heard = send(late, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [gate().build()], replicaSets: sets, connection: { type: 'live', lastSignalAt: late.now } }), now: late.now });
  const [over, effects] = press(heard, 'y');
  assert.deepEqual(applied(effects), []);
  assert.match(over.notice?.text ?? '', /the time that it was to last is over already/);
});

test('a hold is shown with its reason, and H ends it', () => {
  const held = gate().spec({ paused: true, template }).metadata({ annotations: { [HOLD]: JSON.stringify({ by: 'ben@x', reason: 'database', since: '2026-11-21T12:00:31Z' }) } }).build();
  const model = standing(held);
  const [asked] = press(model, 'H');
  assert.deepEqual([asked.question?.proposal.verb, asked.question?.fields.length], ['End the hold of', 1]);
  assert.match(asked.question?.proposal.notes.join() ?? '', /^this ends the hold of ben@x since \d\d:\d\d:\d\d: database,/);
  assert.deepEqual(written(press(asked, ...keys('cart'), 'enter')[1]), [{ op: 'add', path: '/spec/paused', value: false }, { op: 'remove', path: `/metadata/annotations/${HOLD.replace('/', '~1')}` }]);
});

test('what goes back to a revision names it and its image, over the question and in it, and what it leaves', () => {
  const shown = (...pressed: string[]): string => printFrame(render(press(standing(), ...pressed)[0]));
  assert.match(shown('X'), /Roll back shop\/cart to revision 6 on sluice\?/);
  assert.match(shown('X'), /then +back to revision 6 \(cart:6\) from revision 7: at once, it is the stable one/);
  assert.match(shown('u'), /Undo shop\/cart to revision 6 on sluice\?/);
  assert.match(shown('u', 'down'), /Undo shop\/cart to revision 5 on sluice\?/, 'the one that is chosen');
});

test('u offers the revisions there are, and takes the one that was chosen', () => {
  const [asked] = press(standing(), 'u');
  assert.deepEqual(asked.question?.fields[0]?.rows?.map(({ value }) => value), ['6', '5']);
  assert.match(asked.question?.proposal.effectWords ?? '', /^back to revision 6 \(cart:6\) from revision 7: it is the stable one/);
  const [chosen] = press(asked, 'down', 'enter');
  assert.match(chosen.question?.proposal.effectWords ?? '', /^back to revision 5 \(cart:5\) from revision 7: as a new release/);
  const [operation] = written(press(chosen, 'y')[1]);
  assert.equal(operation?.path, '/spec/template');
  assert.match(JSON.stringify(operation?.value), /shop\/cart:5/);
});

/** All is on revision 8 by now; 7 was aborted by its analysis, 6 by hand, and 5 came to its end. */
const after = (events: readonly KubeObject[] = [anEvent('shop/cart', { reason: 'RolloutAborted', message: 'Rollout aborted update to revision 6', secondsAgo: 300 })]): Model =>
  standing(aRollout('shop/cart').canary(STEPS).healthy().status({ currentPodHash: 'new', stableRS: 'new' }).spec({ template: { spec: { containers: [{ name: 'cart', image: 'shop/cart:8' }] } } }).build(), {
    replicaSets: [aReplicaSet('shop/cart', { revision: 8, hash: 'new', wanted: 5, image: 'shop/cart:8' }), ...sets],
    analysisRuns: [anAnalysisRun('shop/cart', { name: 'cart-7-1', hash: CANARY_HASH, phase: 'Failed' })],
    events,
  });

test('u says of each revision what became of it, and asks for a reason only where something speaks against it', () => {
  const [asked] = press(after(), 'u');
  assert.deepEqual(asked.question?.fields[0]?.rows?.map(({ text }) => text), [
    'revision 7  cart:7  failed, 18m old', 'revision 6  cart:6  aborted, 18m old', 'revision 5  cart:5  18m old',
  ]);
  assert.deepEqual(asked.question?.proposal.warnings, ['analysis cart-7-1 of revision 7 (cart:7) has failed']);
  assert.equal(press(asked, 'enter', 'enter')[0].question?.hint, 'A reason must be given.');
  const [aborted] = press(asked, 'j');
  assert.match(printFrame(render(aborted)), /warning +revision 6 \(cart:6\) was aborted/);
  const [well] = press(aborted, 'down');
  assert.deepEqual([well.question?.fields.map(({ id }) => id), well.question?.proposal.warnings], [['revision'], []]);
  assert.equal(applied(press(well, 'enter', 'y')[1]).length, 1);
  assert.equal(applied(press(well, 'k', 'k', 'enter', ...keys('mended'), 'enter', 'y')[1])[0]?.about.reason, 'mended');
});

test('a revision that came to its end after an abort is no aborted one', () => {
  const told = (reason: string, message: string, secondsAgo: number): KubeObject => anEvent('shop/cart', { reason, message, secondsAgo });
  const events = [told('RolloutAborted', 'Rollout aborted update to revision 6', 300), told('RolloutCompleted', 'Rollout completed update to revision 6', 200)];
  assert.match(press(after(events), 'u')[0].question?.fields[0]?.rows?.[1]?.text ?? '', /cart:6 {2}18m old$/);
});

test('in the list of revisions u is for the one under the cursor, and the bottom line says the key', () => {
  const [list] = press(after(), 'v');
  assert.match(printFrame(render(list)).split('\n').findLast((line) => line.trim() !== '') ?? '', /^ *u undo/);
  assert.equal(press(list, 'down', 'down', 'u')[0].question?.fields[0]?.value, '6');
  assert.equal(press(list, 'down', 'down', 'down', 'u')[0].question?.fields[0]?.value, '5');
  assert.equal(press(list, 'u')[0].question?.fields[0]?.value, '7', 'what serves is no choice');
});

test('the age of a revision that came back is the same in both lists', () => {
  const back = aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 0, image: 'shop/cart:6', ageSeconds: 777_600, annotations: { 'rollout.argoproj.io/revision-history': '3' } });
  const model = standing(gate().build(), { replicaSets: [sets[0] ?? back, back], events: [anEvent('shop/cart', { reason: 'RolloutUpdated', message: 'Rollout updated to revision 6', secondsAgo: 1800 })] });
  assert.match(press(model, 'u')[0].question?.fields[0]?.rows?.[0]?.text ?? '', /stable, 30m old$/);
  assert.match(printFrame(render(press(model, 'v')[0])), /cart:6.* 30m/);
});

test('i takes another image, and refuses one that is there already', () => {
  const [asked] = press(standing(), 'i');
  assert.equal(asked.question?.fields[0]?.value, 'shop/cart:7');
  assert.match(press(asked, 'enter')[0].question?.hint ?? '', /^It has the image shop\/cart:7 already/);
  const [, effects] = press(asked, 'ctrl-u', ...keys('shop/cart:8'), 'enter', 'y');
  assert.deepEqual(written(effects), [{ op: 'add', path: '/spec/template/spec/containers/0/image', value: 'shop/cart:8' }]);
});

test('R replaces the pods, once', () => {
  assert.match(written(press(standing(), 'R', 'y')[1])[0]?.path ?? '', /restartAt/);
  const running = gate().spec({ template, restartAt: '2026-11-21T12:00:00Z' }).build();
  assert.match(press(standing(running), 'R')[0].notice?.text ?? '', /being restarted already/);
});

test('t ends the analysis that runs; of several, the chosen one', () => {
  assert.match(press(standing(), 't')[0].notice?.text ?? '', /no analysis that is running/);
  const run = (name: string): KubeObject => anAnalysisRun('shop/cart', { name, metric: 'm', values: ['[1]'] });
  const [, one] = press(standing(gate().build(), { analysisRuns: [run('cart-1')] }), 't', 'y');
  assert.equal(applied(one)[0]?.changes[0]?.ref.name, 'cart-1');
  const [, second] = press(standing(gate().build(), { analysisRuns: [run('cart-1'), run('cart-2')] }), 't', 'down', 'enter', 'y');
  assert.equal(applied(second)[0]?.changes[0]?.ref.name, 'cart-2');
  assert.deepEqual(written(second), [{ op: 'add', path: '/spec/terminate', value: true }]);
});

const OWNED: readonly (readonly [string, Partial<KubeObject['metadata']>, RegExp | undefined])[] = [
  ['nobody', {}, undefined],
  ['the label that Helm sets too', { labels: { 'app.kubernetes.io/instance': 'cart' } }, undefined],
  ['Argo CD by annotation', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:argoproj.io/Rollout:shop/cart' } }, /^Argo CD application shop$/],
  ['Argo CD by label', { labels: { 'argocd.argoproj.io/instance': 'shop' } }, /^Argo CD application shop$/],
  ['Argo CD as a field manager', { managedFields: [{ manager: 'argocd-controller' }] }, /^an Argo CD application/],
  ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, /^Flux Kustomization apps$/],
  ['Flux by Helm', { labels: { 'helm.toolkit.fluxcd.io/name': 'cart' } }, /^Flux HelmRelease cart$/],
];

for (const [name, metadata, wanted] of OWNED) {
  test(`who owns the spec: ${name}`, () => {
    const owner = findGitOpsOwner({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', ...metadata } });
    if (wanted === undefined) assert.equal(owner, undefined);
    else assert.match(owner ?? '', wanted);
  });
}

test('an undo that GitOps will take back says so and asks for a reason', () => {
  const owned = gate().metadata({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }).build();
  const [asked] = press(standing(owned), 'u');
  assert.match(asked.question?.proposal.warnings.join() ?? '', /Flux Kustomization apps applies this object from git/);
  const [none] = press(asked, 'enter', 'enter');
  assert.match(none.question?.hint ?? '', /reason must be given/);
  assert.equal(applied(press(none, ...keys('incident 4'), 'enter', 'y')[1])[0]?.about.reason, 'incident 4');
});

const settings = (values: SettingsLayers['flags']): SettingsLayers => ({ ...NO_SETTINGS, flags: values });

test('type-name: the name is typed, not pasted, and Enter behind it does it', () => {
  const model = standing(gate().build(), {}, settings({ confirm: 'type-name', takeBack: 3000 }));
  const [asked] = press(model, 'p');
  assert.equal(asked.question?.fields[0]?.wanted, 'cart');
  const pasted = send(asked, { type: 'key', key: { name: 'paste', text: 'cart', burst: true }, now: asked.now });
  assert.match(pasted.question?.hint ?? '', /typed, not pasted/);
  const [wrong, nothing] = press(asked, ...keys('car'), 'enter');
  assert.deepEqual([wrong.question?.hint, applied(nothing)], ['Type exactly cart.', []]);
  const [sent, effects] = press(wrong, 't', 'enter');
  assert.deepEqual([applied(effects).length, sent.outgoing.length], [1, 0], 'what was typed goes out at once');
});

test('an abort asks for a key at most, wherever it is', () => {
  const [asked] = press(standing(gate().build(), {}, settings({ confirm: 'type-name-and-reason' })), 'a');
  assert.deepEqual(asked.question?.fields, []);
  assert.equal(applied(press(asked, 'y')[1]).length, 1);
});

test('none: the key alone does it, but never past a doubt', () => {
  const model = standing(gate().build(), {}, settings({ confirm: 'none', takeBack: 0 }));
  assert.equal(applied(press(model, 'p')[1]).length, 1);
  const doubtful = standing(gate().build(), { analysisRuns: [anAnalysisRun('shop/cart', { name: 'cart-1', metric: 'm', values: ['[1]'] })] }, settings({ confirm: 'none' }));
  assert.match(press(doubtful, 'P')[0].question?.proposal.warnings.join() ?? '', /analysis cart-1 is unfinished/);
});

test('a production context starts at type-name', () => {
  const model = standing(gate().build(), { context: 'prod-eu' }, settings({}));
  assert.equal(press(model, 'p')[0].question?.fields[0]?.wanted, 'cart');
});

test('read-only refuses every act, before the key is pressed', () => {
  const model = standing(gate().build(), {}, settings({ readOnly: true }));
  for (const key of ['p', 'P', 'a', 'z', 'H', 'u', 'X', 'i', 'E', 'R']) {
    const [pressed, effects] = press(model, key);
    assert.deepEqual([pressed.question, applied(effects)], [undefined, []], key);
    assert.match(pressed.notice?.text ?? '', /read-only/, key);
  }
});

test('a mistake in the settings refuses every act, says which, and stands in the header until it is mended', () => {
  const mistake = '/etc/config.yaml:1:1: theem: is no setting';
  const broken = { settings: { ...NO_SETTINGS, mistake }, keymap: standing().keymap, utcOffsetMinutes: 0 };
  const model = send(standing(), { type: 'settings-changed', ...broken });
  assert.match(printFrame(render(model)), /^ sluice {2}\[RO: mistake in the settings\]/);
  const [pressed, effects] = press(model, 'a');
  assert.deepEqual([pressed.question, effects.filter(({ type }) => type === 'apply')], [undefined, []]);
  assert.match(pressed.notice?.text ?? '', /^Nothing is written to sluice: the settings have a mistake, .*theem: is no setting\)\.$/);
  const mended = send(pressed, { type: 'settings-changed', ...broken, settings: NO_SETTINGS });
  assert.doesNotMatch(printFrame(render(mended)), /\[RO/);
  assert.ok(press(mended, 'a')[0].question !== undefined);
});

test('rights are asked for once, and a key without one says so', () => {
  const [model, effects] = press(standing(), 'j');
  assert.deepEqual(effects, [], 'asked when the cursor came there');
  const known = send(model, { type: 'rights', cluster: 'sluice', namespace: 'shop', denied: ['patch rollouts/status'], now: NOW });
  assert.match(press(known, 'a')[0].notice?.text ?? '', /you may not patch rollouts\/status in namespace shop/);
  assert.ok(press(known, 'z')[0].question !== undefined, 'another right is not missing');
});

test('a hold says beforehand how until may be written, and no longer once something is', () => {
  const asking = press(aModel(100, 30), 'H')[0];
  assert.match(printFrame(render(asking)), /until +30m, 2 hours or 16:45, for people to read; may stay empty/);
  assert.doesNotMatch(printFrame(render(press(asking, 'x', 'enter', '5')[0])), /or 16:45/);
});

test('i says of an image what came of it before', () => {
  const notes = (image: string): readonly string[] => press(after(), 'i', 'ctrl-u', ...keys(image))[0].question?.proposal.notes ?? [];
  assert.deepEqual(notes('shop/cart:6').map((note) => note.replace(/ 5m.*/, '')), ['this image was out before: revision 6 (cart:6) was aborted']);
  assert.deepEqual(notes('shop/cart:5'), []);
});

test('r says which analysis failed and by what, and asks for a reason; after an abort by hand it does not', () => {
  const aborted = gate().aborted(1, 60).spec({ template }).build();
  const run = anAnalysisRun('shop/cart', { name: 'cart-7-1', metric: 'error-rate', phase: 'Failed', failure: 'result[0] > 0.05', failureLimit: 3, failed: 4, values: ['[0.14]'], phases: ['Failed'] });
  const [asked] = press(standing(aborted, { analysisRuns: [run] }), 'r');
  assert.deepEqual(asked.question?.proposal.warnings, ['analysis cart-7-1 has failed: error-rate 0.14 > 0.05; 4 failed, limit 3']);
  assert.equal(press(asked, 'enter')[0].question?.hint, 'A reason must be given.');
  assert.equal(applied(press(asked, ...keys('network'), 'enter', 'y')[1])[0]?.about.reason, 'network');
  assert.deepEqual(press(standing(aborted), 'r')[0].question?.fields, []);
});
