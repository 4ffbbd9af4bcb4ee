// Moving about with keys: cursor, filter, screens, tree, sections, help; and what new data may not disturb.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../src/console/model.js';
import { findRow, gatherDetail } from '../../src/console/screens/rollout/contents.js';
import { findCursor, visibleLists } from '../../src/console/screens/rollouts/lists.js';
import { update } from '../../src/console/update.js';
import { deepFreeze } from '../../src/lib/deep.js';
import type { Msg } from '../../src/console/message.js';
import { needKey } from '../../src/console/need.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { EXPERIMENT, HORIZONTAL_POD_AUTOSCALER, POD_DISRUPTION_BUDGET, type ResourceType } from '../../src/kinds/resource-type.js';
import { anExperiment, aRollout, aSnapshot, NOW } from '../support/builders.js';
import { aModel, demoSnapshot, press, send } from '../support/console-scenes.js';

const under = (model: Model): string => {
  const place = findCursor(visibleLists(model.board, model.list), model.list);
  return place === undefined ? '' : `${place.section} ${place.facts.name}`;
};

const listed = (model: Model): string[] => visibleLists(model.board, model.list).all.map(({ name }) => name);

const row = (model: Model): string => {
  const { detail } = model;
  const rows = detail === undefined ? [] : (gatherDetail(model, detail)?.rows ?? []);
  return detail === undefined ? '' : (rows[findRow(rows, detail.row)]?.id ?? '');
};

const MOVES: readonly (readonly [string, readonly string[], string])[] = [
  ['starts on the first that waits', [], 'waiting silly-demo'],
  ['j goes down', ['j'], 'waiting myapp'],
  ['the arrow goes on into the second list', ['down', 'down'], 'all myapp'],
  ['k goes up and stops', ['j', 'k', 'k', 'k'], 'waiting silly-demo'],
  ['G goes to the last', ['G'], 'all colorapi'],
  ['g goes to the first', ['G', 'g'], 'waiting silly-demo'],
  ['a page down from the top', ['page-down'], 'all colorapi'],
  ['home after end', ['end', 'home'], 'waiting silly-demo'],
  ['an unknown key does nothing', ['x', 'f5', 'ctrl-x'], 'waiting silly-demo'],
];

for (const [name, keys, wanted] of MOVES) {
  test(`cursor: ${name}`, () => assert.equal(under(press(aModel(80, 24), ...keys)[0]), wanted));
}

test('the cursor keeps its rollout when the order changes, and takes a neighbour when it is gone', () => {
  const model = press(aModel(80, 24), 'G', 'k')[0];
  assert.equal(under(model), 'all canary-demo-app');
  const snapshot = demoSnapshot();
  const reordered = { ...snapshot, rollouts: snapshot.rollouts.map((rollout) => (rollout.metadata.name === 'canary-demo-app' ? aRollout('canary-rollout-demo/canary-demo-app').healthy().build() : rollout)) };
  assert.equal(under(send(model, { type: 'cluster-changed', snapshot: reordered, now: NOW })), 'all canary-demo-app');
  const gone = { ...snapshot, rollouts: snapshot.rollouts.filter(({ metadata }) => metadata.name !== 'canary-demo-app') };
  assert.equal(under(send(model, { type: 'cluster-changed', snapshot: gone, now: NOW })), 'all colorapi');
});

test('a rollout that no longer waits keeps the cursor in the list of all', () => {
  const snapshot = demoSnapshot();
  const going = { ...snapshot, rollouts: snapshot.rollouts.map((rollout) => (rollout.metadata.name === 'silly-demo' ? aRollout('a-team/silly-demo').at(2).build() : rollout)) };
  assert.equal(under(send(aModel(80, 24), { type: 'cluster-changed', snapshot: going, now: NOW })), 'all silly-demo');
});

const FILTERS: readonly (readonly [string, readonly string[]])[] = [
  ['demo', ['silly-demo', 'canary-demo-app']],
  ['DEMO', ['silly-demo', 'canary-demo-app']],
  ['demo !silly', ['canary-demo-app']],
  ['paused', ['silly-demo', 'reviews-rollout']],
  ['default/ api', ['colorapi']],
  ['nothing-like-this', []],
  ['   ', ['myapp', 'silly-demo', 'reviews-rollout', 'canary-demo-app', 'colorapi']],
];

for (const [filter, wanted] of FILTERS) {
  test(`filter: ${filter}`, () => assert.deepEqual(listed(press(aModel(80, 24), '/', ...[...filter.matchAll(/./gsu)].map(([key]) => (key === ' ' ? 'space' : key)))[0]), wanted));
}

test('letters in the filter are text, not commands', () => {
  const [model, effects] = press(aModel(80, 24), '/', 'q', 'p', 'P', 'a', 'r', '?');
  assert.deepEqual(effects, []);
  assert.equal(model.list.filter, 'qpPar?');
  assert.equal(model.question, undefined);
  assert.equal(press(model, 'backspace')[0].list.filter, 'qpPar');
  assert.equal(press(model, 'ctrl-u')[0].list.filter, '');
  assert.deepEqual({ ...press(model, 'escape')[0].list, cursor: 0 }, { ...model.list, filter: '', typing: false, cursor: 0 });
});

test('a paste goes into the filter, disarmed, and nowhere else', () => {
  const pasted = { name: 'paste', text: 'silly\u001b[2J\npPy', burst: true };
  const typing = update(press(aModel(80, 24), '/')[0], { type: 'key', key: pasted, now: NOW })[0];
  assert.equal(typing.list.filter, 'silly pPy');
  const [model, effects] = update(aModel(80, 24), { type: 'key', key: pasted, now: NOW });
  assert.deepEqual(effects, []);
  assert.equal(model.question, undefined);
});

test('Enter keeps the filter, Esc takes it away, then closes nothing more', () => {
  const model = press(aModel(80, 24), '/', 'a', 'p', 'i', 'enter')[0];
  assert.deepEqual([model.list.typing, listed(model)], [false, ['colorapi']]);
  assert.equal(press(model, 'escape')[0].list.filter, '');
});

test('q and ctrl-c end the program; ctrl-c from anywhere', () => {
  assert.deepEqual(press(aModel(80, 24), 'q', 'q')[1], [{ type: 'quit', lines: [] }]);
  for (const keys of [[], ['/'], ['?'], ['p'], ['enter']]) assert.deepEqual(press(aModel(80, 24), ...keys, 'ctrl-c', 'ctrl-c')[1], [{ type: 'quit', lines: [] }], keys.join(' '));
});

test('q leaves what stands over the list, as in a pager', () => {
  const [model, effects] = press(aModel(80, 24), 'y', 'q');
  assert.deepEqual([effects, model.stack], [[], []]);
});

test('Enter opens the rollout, Esc goes back to the same place', () => {
  const model = press(aModel(80, 24), 'j', 'enter')[0];
  assert.deepEqual([model.screen, model.detail?.key], ['rollout', 'sluice default/myapp']);
  const back = press(model, 'escape')[0];
  assert.deepEqual([back.screen, under(back)], ['rollouts', 'waiting myapp']);
});

test('until it was moved, the cursor of the tree stays on its first row as more is listed', () => {
  const { snapshot } = [...aModel(120, 40).clusters.values()][0] ?? {};
  assert.ok(snapshot);
  const early = press(aModel(120, 40, { ...snapshot, replicaSets: [], pods: [] }), 'enter')[0];
  const listed = (model: Model): Model => update(model, { type: 'cluster-changed', snapshot, now: NOW })[0];
  assert.notEqual(row(early), 'revision 7');
  assert.equal(row(listed(early)), 'revision 7');
  const moved = press(early, 'down', 'up')[0];
  assert.equal(row(listed(moved)), row(moved));
});

test('the tree: moving, folding, unfolding, and closing a leaf goes to its parent', () => {
  const open = press(aModel(120, 40), 'enter')[0];
  assert.equal(row(open), 'revision 7');
  const folded = press(open, 'space')[0];
  assert.equal(folded.detail === undefined ? 0 : gatherDetail(folded, folded.detail)?.rows.filter(({ kind }) => kind === 'revision').length, 3);
  assert.equal(folded.detail === undefined ? 0 : gatherDetail(folded, folded.detail)?.rows.some(({ kind }) => kind === 'pod'), false);
  assert.equal(press(folded, 'down')[0].detail?.row.id, 'revision 6');
  assert.match(row(press(open, 'down', 'down')[0]), /^pod /);
  assert.match(row(press(open, 'down', 'down', 'left')[0]), /^set /);
  assert.equal(press(open, 'down', 'left', 'left')[0].detail?.row.id, 'revision 7');
  const stable = press(open, 'down', 'down', 'down', 'right')[0];
  assert.equal(stable.detail?.folds.get('revision 6'), true);
});

const leaf = (of: Model, name: string): string | undefined => (of.detail === undefined ? undefined : gatherDetail(of, of.detail)?.rows.find((each) => each.name === name)?.info);

test('around the revisions stand autoscaler, budgets, Services and routes; below its revision an experiment', () => {
  const key = 'a-team/silly-demo';
  const open = press(aModel(120, 40), 'enter')[0];
  assert.equal(leaf(open, 'silly-demo-canary'), 'sends to all pods');
  const came = (resource: ResourceType, ...objects: readonly KubeObject[]): Msg => ({ type: 'extra', key: needKey({ type: 'objects', cluster: 'sluice', resource, namespace: 'a-team' }), extra: { cluster: 'sluice', resource, namespace: 'a-team', objects, problem: undefined } });
  const plain = (kind: string, name: string, fields: object): KubeObject => ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'a-team' }, ...fields });
  const target = { spec: { scaleTargetRef: { kind: 'Rollout', name: 'silly-demo' }, minReplicas: 2, maxReplicas: 9 }, status: { currentReplicas: 4, desiredReplicas: 6 } };
  const full = [
    came(HORIZONTAL_POD_AUTOSCALER, plain('HorizontalPodAutoscaler', 'silly', target), plain('HorizontalPodAutoscaler', 'other', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'silly-demo' } } })),
    came(POD_DISRUPTION_BUDGET, plain('PodDisruptionBudget', 'guard', { spec: { selector: { matchLabels: {} } }, status: { disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 3 } })),
    came(EXPERIMENT, anExperiment(key), anExperiment('a-team/another')),
  ].reduce<Model>((before, message) => send(before, message), open);
  assert.equal(leaf(full, 'silly'), 'min 2, now 4, max 9');
  assert.equal(leaf(full, 'other'), undefined);
  assert.equal(leaf(full, 'guard'), '3 healthy of at least 3');
  assert.equal(leaf(full, 'silly-demo-7-0'), 'baseline, canary 5%');
  assert.equal(leaf(full, 'another-7-0'), undefined);
});

test('Enter on a leaf opens it', () => {
  const pod = press(aModel(120, 40), 'enter', 'down', 'down', 'enter')[0];
  assert.deepEqual([pod.stack.at(-1)?.screen, pod.stack.at(-1)?.subject.kind], ['describe', 'Pod']);
});

test('what the person folded stays folded when the data changes', () => {
  const folded = press(aModel(120, 40), 'enter', 'space')[0];
  const next = send(folded, { type: 'cluster-changed', snapshot: demoSnapshot({ latencyMs: 9 }), now: NOW + 5000 });
  assert.equal(next.detail?.folds.get('revision 7'), false);
});

test('Tab moves between the sections, and the keys scroll the one that has the cursor', () => {
  const at = (...keys: string[]): string | undefined => press(aModel(80, 24), 'enter', ...keys)[0].detail?.section;
  assert.deepEqual([at(), at('tab'), at('tab', 'tab'), at('tab', 'tab', 'tab'), at('shift-tab')], ['revisions', 'steps', 'metrics', 'revisions', 'metrics']);
  const steps = press(aModel(80, 24, aSnapshot({ rollouts: [aRollout().canary(Array.from({ length: 30 }, (_, place) => ({ setWeight: place }))).paused(0, 5).build()] })), 'enter', 'tab', 'G')[0];
  assert.ok((steps.detail?.stepTop ?? 0) > 15);
});

test('help takes the keys, scrolls, and closes', () => {
  const help = press(aModel(80, 24), '?')[0];
  assert.ok(help.help !== undefined);
  assert.equal(press(help, 'p')[0].question, undefined);
  assert.equal(press(help, 'G', 'escape')[0].help, undefined);
  assert.ok((press(help, 'down')[0].help?.top ?? 0) === 1);
});

test('the bell rings when another rollout begins to wait, not for those that already do', () => {
  const quiet = aModel(80, 24, aSnapshot({ rollouts: [aRollout('a/one').paused(1, 5).build(), aRollout('a/two').at(0).build()] }));
  assert.equal(quiet.bells, 0);
  const again = send(quiet, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [aRollout('a/one').paused(1, 5).build(), aRollout('a/two').at(0).build()] }), now: NOW });
  assert.equal(again.bells, 0);
  assert.equal(send(again, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [aRollout('a/one').paused(1, 5).build(), aRollout('a/two').paused(1, 0).build()] }), now: NOW }).bells, 1);
});

test('a notice goes by itself when it was good, and stays when it was bad', () => {
  const base = aModel(80, 24);
  for (const [level, stays] of [['good', false], ['bad', true]] as const) {
    const told = send(base, { type: 'notice', level, text: 'told', now: NOW });
    assert.equal(send(told, { type: 'tick', now: NOW + 60_000 }).notice !== undefined, stays);
    assert.equal(press(told, 'escape')[0].notice, undefined);
  }
});

test('update changes nothing that it was given', () => {
  let model = deepFreeze(aModel(80, 24));
  for (const name of ['j', 'G', '/', 'a', 'enter', 'escape', 'enter', 'tab', 'space', 'right', 'p', 'y', '?', 'escape', 'escape']) {
    [model] = update(model, deepFreeze({ type: 'key' as const, key: { name, burst: false }, now: model.now + 1000 }));
    deepFreeze(model);
  }
});
