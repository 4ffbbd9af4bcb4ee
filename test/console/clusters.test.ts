// Several clusters in one list: each rollout, act, page and right is of its own, whatever the others are called or do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../src/console/effect.js';
import { snapshotOf, type Model } from '../../src/console/model.js';
import { needsOf } from '../../src/console/needs.js';
import { completions } from '../../src/console/prompt.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS } from '../../src/console/settings/resolve.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { aPod, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, NOW } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

// The worst case: both have the same objects, even with the same uids, as clusters made from one backup have.
const KEY = 'shop/cart';
const cluster = (context: string, more: Partial<Snapshot> = {}): Snapshot => aSnapshot({
  context, embedded: false,
  rollouts: [aRollout(KEY).paused(1, 60).build()],
  replicaSets: [aReplicaSet(KEY, { revision: 7, hash: CANARY_HASH, wanted: 1 })],
  pods: [aPod(KEY, { hash: CANARY_HASH, suffix: context })],
  ...more,
});
const changed = (model: Model, snapshot: Snapshot): Model => send(model, { type: 'cluster-changed', snapshot, now: model.now });
const two = (more: Partial<Snapshot> = {}, settings = NO_SETTINGS): Model => changed(aModel(120, 40, cluster('east'), settings), cluster('west', more));
const applied = (effects: readonly Effect[]): string[] => effects.flatMap((effect) => (effect.type === 'apply' ? [effect.about.context] : []));
const text = (model: Model): string => printFrame(render(model));
const command = (model: Model, line: string): readonly [Model, readonly Effect[]] => press(model, ':', ...[...line].map((letter) => (letter === ' ' ? 'space' : letter)), 'enter');

/** What the app is asked to open and close. */
const asked = (effects: readonly Effect[]): readonly Effect[] => effects.filter(({ type }) => type === 'open-cluster' || type === 'close-cluster');

const LOST = { type: 'lost', since: NOW - 9000, lastSignalAt: NOW - 9000, reason: 'connection refused' } as const;

test('rollouts of one name stand apart, and what is under the cursor is of its own cluster', () => {
  const model = two();
  assert.deepEqual(model.board.all.map(({ key }) => key), [`east ${KEY}`, `west ${KEY}`]);
  const [onWest] = press(model, 'g', 'j', 'enter');
  assert.equal(onWest.detail?.key, `west ${KEY}`);
  const pods = (shown: Model): string => text(shown).split('\n').filter((line) => line.includes('□')).join('');
  assert.match(pods(onWest), /cart-\w+-west/);
  assert.doesNotMatch(pods(onWest), /-east/);
  assert.ok(needsOf(onWest).every((need) => need.cluster === 'west'));
});

test('an act goes to the cluster of the rollout that it was asked of', () => {
  const settings = { ...NO_SETTINGS, environment: { takeBack: 0 } };
  const place = (...keys: readonly string[]): string[] => applied(press(two({}, settings), 'g', ...keys)[1]);
  assert.deepEqual(place('p', 'y'), ['east']);
  assert.deepEqual(place('j', 'p', 'y'), ['west']);
});

test('what the settings and the server say of one holds for that one alone', () => {
  const file = { global: {}, contexts: [{ pattern: 'west', values: { readOnly: true }, namespaces: [] }] };
  const ruled = two({}, { ...NO_SETTINGS, file });
  assert.match(press(ruled, 'g', 'j', 'p')[0].notice?.text ?? '', /^Nothing is written to west/);
  assert.equal(press(ruled, 'g', 'p')[0].question?.key, `east ${KEY}`);
  const denied = send(two(), { type: 'rights', cluster: 'east', namespace: 'shop', denied: ['patch rollouts/status'], now: NOW });
  assert.match(press(denied, 'g', 'p')[0].notice?.text ?? '', /you may not patch rollouts\/status/);
  assert.equal(press(denied, 'g', 'j', 'p')[0].question?.key, `west ${KEY}`);
});

test('a lost cluster keeps its rows, with the time as of which they are; the other goes on', () => {
  const lost = two({ connection: LOST });
  assert.match(text(lost), /west as of 12:04:22/);
  assert.match(text(lost), /⚠ west +as of 12:04:22, 9s ago: connection refused/);
  assert.match(text(lost), /⚠ 1 of 2 not live/);
  assert.match(press(lost, 'g', 'j', 'p')[0].notice?.text ?? '', /^Changes are refused until the data is fresh/);
  assert.equal(press(lost, 'g', 'p')[0].question?.key, `east ${KEY}`);
  const moved = changed(lost, cluster('east', { rollouts: [aRollout(KEY).at(2).build()] }));
  assert.equal(moved.board.byKey.get(`east ${KEY}`)?.stepIndex, 2);
  assert.equal(moved.board.byKey.get(`west ${KEY}`)?.stepIndex, 1);
  const rows = render(lost).panes.find(({ id }) => id === 'all')?.body;
  const styles = rows?.type === 'text' ? rows.lines.map((line) => [...new Set(line.map(({ style }) => style))]) : [];
  assert.deepEqual(styles[1], ['text', 'stale'], 'grey but for the place of the cursor');
  assert.ok(!styles[0]?.includes('stale'));
});

test('an effect is waited for where it was asked, also while another cluster is lost', () => {
  const settings = { ...NO_SETTINGS, environment: { takeBack: 0 } };
  const [sent] = press(two({ connection: LOST }, settings), 'g', 'p', 'y');
  const taken = send(sent, { type: 'applied', id: 1, result: { ok: true, value: undefined }, now: sent.now });
  const seen = changed(taken, cluster('east', { rollouts: [aRollout(KEY).at(2).build()] }));
  assert.match(seen.notice?.text ?? '', /^promote shop\/cart on east: seen at once/);
});

test(':ctx NAME shows one and opens it if need be, + and - add and take away, all shows all', () => {
  const known = send(two(), { type: 'contexts', contexts: ['east', 'west', 'north'].map((name) => ({ name, server: 'https://x', namespace: 'default', user: 'ana' })) });
  assert.deepEqual(completions(known, 'ctx '), ['all', 'east', 'west', 'north', '-east', '-west', '+north'].map((word) => `ctx ${word}`));
  const [one, none] = command(known, 'ctx west');
  assert.deepEqual([one.list.context, asked(none)], ['west', []]);
  assert.equal(command(one, 'ctx all')[0].list.context, undefined);
  assert.equal(press(one, 'escape')[0].list.context, undefined);
  const [more, opening] = command(known, 'ctx +north');
  assert.deepEqual([snapshotOf(more, 'north')?.connection.type, more.list.context, asked(opening)], ['connecting', undefined, [{ type: 'open-cluster', context: 'north' }]]);
  assert.deepEqual([command(known, 'ctx north')[0].list.context, asked(command(known, 'ctx north')[1])], ['north', [{ type: 'open-cluster', context: 'north' }]]);
  const [less, closing] = command(one, 'ctx -west');
  assert.deepEqual([[...less.clusters.keys()], less.list.context, asked(closing)], [['east'], undefined, [{ type: 'close-cluster', context: 'west' }]]);
  assert.deepEqual(less.board.all.map(({ key }) => key), [`east ${KEY}`]);
  assert.match(command(less, 'ctx -east')[0].notice?.text ?? '', /it is the only one/);
  assert.match(command(known, 'ctx south')[0].notice?.text ?? '', /there is no ctx "south"/);
});

test('a context that can not be watched leaves the list, with the reason', () => {
  const known = send(two(), { type: 'contexts', contexts: [{ name: 'north', server: 'https://x', namespace: 'default', user: 'ana' }] });
  const refused = send(command(known, 'ctx north')[0], { type: 'cluster-refused', context: 'north', reason: 'names a user that is not described', now: NOW });
  assert.deepEqual([[...refused.clusters.keys()], refused.list.context], [['east', 'west'], undefined]);
  assert.match(refused.notice?.text ?? '', /^north can not be watched: names a user/);
});

test('what is under way in a cluster keeps it watched', () => {
  const settings = { ...NO_SETTINGS, environment: { takeBack: 0 } };
  const [sent] = press(two({}, settings), 'g', 'j', 'p', 'y');
  const [kept, effects] = command(sent, 'ctx -west');
  assert.match(kept.notice?.text ?? '', /west is still watched: the effect of a change is waited for there/);
  assert.deepEqual(asked(effects), []);
  assert.deepEqual(asked(command(sent, 'ctx -east')[1]), [{ type: 'close-cluster', context: 'east' }]);
});

test('what was open of a cluster goes with it', () => {
  const [open] = press(two(), 'g', 'j', 'enter', 'e');
  const [left] = command(open, 'ctx -west');
  assert.deepEqual([left.screen, left.detail, left.stack], ['rollouts', undefined, []]);
});

test('the screen of contexts: how each is, and enter watches one or leaves it', () => {
  const known = send(two({ connection: LOST }), { type: 'contexts', contexts: ['east', 'west', 'north'].map((name) => ({ name, server: `https://${name}:6443`, namespace: 'default', user: 'ana' })) });
  const [page] = press(known, 'c');
  assert.match(text(page), /east +live/);
  assert.match(text(page), /west +lost .*as of 12:04:22/);
  assert.match(text(page), /north +not watched .*https:\/\/north:6443/);
  const [opened, opening] = press(page, 'G', 'enter');
  assert.deepEqual([snapshotOf(opened, 'north')?.connection.type, asked(opening)], ['connecting', [{ type: 'open-cluster', context: 'north' }]]);
  assert.deepEqual(asked(press(page, 'g', 'j', 'enter')[1]), [{ type: 'close-cluster', context: 'west' }]);
});

test('the bell is for who begins to wait, not for a cluster that is read for the first time', () => {
  const waiting = { rollouts: [aRollout('shop/new').paused(1, 1).build()] };
  const [opening] = command(send(two(), { type: 'contexts', contexts: [{ name: 'north', server: '', namespace: '', user: '' }] }), 'ctx +north');
  const read = changed(opening, cluster('north', waiting));
  assert.equal(read.bells, opening.bells);
  assert.equal(changed(read, cluster('west', waiting)).bells, opening.bells + 1);
});

test('names of contexts are as wild as they like', () => {
  const wild = 'arn:aws:eks:eu-west-1:1/2:cluster/prod blue\u001b[31m';
  const [model] = press(changed(two(), cluster(wild)), 'g', 'enter');
  assert.equal(model.detail?.key, `${wild} ${KEY}`);
  assert.doesNotMatch(text(model), /\u001b/);
  assert.match(text(model), /› shop › cart/);
});

test('the command that is copied asks for whom the console asks', () => {
  const settings = { ...NO_SETTINGS, environment: { takeBack: 0 } };
  const [sent] = press({ ...two({}, settings), asFlags: ['--as', 'eve', '--as-group', 'night shift'] }, 'g', 'j', 'p', 'y');
  assert.match(sent.commandLog.at(-1)?.lines[0] ?? '', /^kubectl --context west --as eve --as-group 'night shift' -n shop patch /);
});
