// The list keeps the rows that it has made. Whatever happens, what is kept is what would be made anew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RolloutFacts } from '../../src/console/facts.js';
import { ASCII_GLYPHS } from '../../src/console/glyphs.js';
import type { Model } from '../../src/console/model.js';
import { viewRollouts } from '../../src/console/screens/rollouts/view.js';
import { update } from '../../src/console/update.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { anEvent, aReplicaSet, aVirtualService, NOW, uidOf } from '../support/builders.js';
import { aModel, demoSnapshot, press, severalClusters } from '../support/console-scenes.js';

/** The same model of other objects: nothing has been kept for them. */
function afresh(model: Model): Model {
  const copies = new Map(model.board.all.map((facts) => [facts, { ...facts }]));
  const copy = (facts: RolloutFacts): RolloutFacts => copies.get(facts) ?? facts;
  const { all, waiting, byKey } = model.board;
  return { ...model, board: { ...model.board, all: all.map(copy), waiting: waiting.map(copy), byKey: new Map([...byKey].map(([key, facts]) => [key, copy(facts)])) } };
}

type Turn = readonly [what: string, turn: (model: Model) => Model];

const before = demoSnapshot();
const seen = (fields: Partial<Snapshot>, now = NOW): Turn[1] => (model) => update(model, { type: 'cluster-changed', snapshot: { ...before, ...fields }, now })[0];
const later = (seconds: number): Turn[1] => (model) => update(model, { type: 'tick', now: NOW + seconds * 1000 })[0];
const [run, ...runs] = before.analysisRuns;
const moreMeasured = [{ ...run, status: { ...(run?.['status'] as object), metricResults: [] } } as NonNullable<typeof run>, ...runs];
const lost: Snapshot['connection'] = { type: 'lost', since: NOW, lastSignalAt: NOW - 5000, reason: 'nobody answers' };

const TURNS: readonly Turn[] = [
  ['nothing happens', (model) => model],
  ...[0.2, 0.4, 0.6, 0.8].map((part): Turn => [`${part} of a second passes`, later(part)]),
  ['a second passes', later(1)],
  ['a minute passes', later(61)],
  ['hours pass', later(90_000)],
  ['the server turns out to have another clock', seen({ skewMs: 600_000 })],
  ['somebody else drives', seen({ driver: { type: 'other', identity: 'argo-rollouts-1', renewedAt: NOW } })],
  ['nobody drives', seen({ driver: { type: 'nobody', reason: 'the lease has run out' } })],
  ['a route takes more', seen({ virtualServices: [aVirtualService('bookinfo/reviews', [{ name: 'primary', canary: 70, subsets: true }])] })],
  ['the routes are gone', seen({ virtualServices: [], destinationRules: [] })],
  ['the pods are gone', seen({ pods: [] })],
  ['a ReplicaSet is older', seen({ replicaSets: [aReplicaSet('bookinfo/reviews-rollout', { revision: 7, hash: '6f9c7d8b54', wanted: 2, ageSeconds: 999_999 })] })],
  ['the ReplicaSets are gone', seen({ replicaSets: [] })],
  ['measurements are gone', seen({ analysisRuns: moreMeasured })],
  ['the runs are gone', seen({ analysisRuns: [] })],
  ['a warning comes', seen({ events: [{ ...anEvent('default/myapp', { reason: 'FailedCreate', message: 'exceeded quota', secondsAgo: 3, type: 'Warning' }), involvedObject: { uid: uidOf('default/myapp') } }] })],
  ['the services are gone', seen({ services: [] })],
  ['some may not be seen', seen({ unseen: ['services'] })],
  ['the line is lost', seen({ connection: lost })],
  ['all are marked', (model) => ({ ...model, list: { ...model.list, marks: new Set(model.board.byKey.keys()) } })],
  ['the cursor moves', (model) => press(model, 'down', 'down', 'down')[0]],
  ['the window is narrower', (model) => update(model, { type: 'resized', size: { columns: 80, rows: 24 } })[0]],
  ['one is a favourite', (model) => ({ ...model, list: { ...model.list, favourites: new Set([model.board.all[1]?.key ?? '']) } })],
  ['other signs are to be used', (model) => ({ ...model, glyphs: ASCII_GLYPHS })],
];

for (const [name, made] of [['one cluster', () => aModel(200, 50, before)], ['one cluster, narrow', () => aModel(100, 30, before)], ['several clusters', () => severalClusters(160, 40)], ['several clusters, narrow', () => severalClusters(44, 24)]] as const)
  test(`${name}: kept rows are what would be made anew`, () => {
    for (const [what, turn] of TURNS) {
      const model = made();
      viewRollouts(model);
      const next = turn(model);
      assert.deepEqual(viewRollouts(next), viewRollouts(afresh(next)), what);
      assert.deepEqual(viewRollouts(model), viewRollouts(afresh(model)), `${what}, and back`);
    }
  });

test('a row is kept while other rollouts change', () => {
  // Told anew with every snapshot, where some kinds may not be seen.
  const unseen = (): readonly string[] => ['services'];
  const model = aModel(200, 50, { ...before, unseen: unseen() });
  const rowOf = (from: Model): unknown => {
    const pane = viewRollouts(from).find(({ id }) => id === 'all');
    return pane?.body.type === 'text' ? pane.body.lines.find((line) => line.some(({ text }) => text.includes('default/colorapi'))) : undefined;
  };
  const others = before.rollouts.map((rollout) => (rollout.metadata.name === 'colorapi' ? rollout : { ...rollout }));
  assert.ok(rowOf(model) !== undefined);
  assert.equal(rowOf(seen({ rollouts: others, unseen: unseen() }, NOW + 30_000)(model)), rowOf(model));
});
