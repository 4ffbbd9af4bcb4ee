// Analyses that were cut short: their phase is Successful, but nobody may read that as a verdict.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { readSeries } from '../../src/console/metric-series.js';
import { metricWord, phaseWord } from '../../src/console/reason-analysis.js';
import { render } from '../../src/console/render.js';
import { anAnalysisRun, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, type RunOptions, STABLE_HASH } from '../support/builders.js';
import { aModel, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const HASHES = { stableHash: STABLE_HASH, canaryHash: CANARY_HASH };
const run = (options: Partial<RunOptions> = {}, spec: object = {}): KubeObject => {
  const made = anAnalysisRun('shop/cart', { name: 'cart-7-2', phase: 'Successful', values: ['1', '1'], message: 'Run Terminated', ...options });
  return { ...made, spec: { ...(made['spec'] as object), ...spec } };
};
const counted = { metrics: [{ name: 'cart-7-2', interval: '30s', count: 10 }] };

const WORDS: readonly (readonly [string, KubeObject, object | undefined, string])[] = [
  ['of the release that was aborted', run(), HASHES, 'ended early'],
  ['without an end of its own, with the release that it was for', run({ hash: STABLE_HASH }), HASHES, 'Successful'],
  ['of another release, which may have been completed', run({ hash: 'aaaa' }), HASHES, 'ended'],
  ['with measurements still to come, whatever became of its release', run({ hash: STABLE_HASH }, counted), HASHES, 'ended early'],
  ['by its spec alone', run({ message: '' }, { ...counted, terminate: true }), undefined, 'ended early'],
  ['that failed all the same', run({ phase: 'Failed' }), HASHES, 'Failed'],
  ['that went its whole way', run({ message: '' }, counted), HASHES, 'Successful'],
];
for (const [what, object, facts, wanted] of WORDS)
  test(`a run ${what}: ${wanted}`, () => assert.equal(phaseWord(object, facts as typeof HASHES | undefined), wanted));

const done = { metrics: [{ name: 'cart-7-2', interval: '30s', count: 2 }, { name: 'errors', interval: '30s', count: 10 }] };
const inRow = { metrics: [{ name: 'cart-7-2', interval: '30s', consecutiveSuccessLimit: 2 }] };
const withRow = (made: KubeObject): KubeObject => {
  const [result] = (made['status'] as { metricResults: object[] }).metricResults;
  return { ...made, status: { ...(made['status'] as object), metricResults: [{ ...result, consecutiveSuccess: 2 }] } };
};

const METRICS: readonly (readonly [string, KubeObject, readonly string[]])[] = [
  ['with measurements still to come', run({}, counted), ['ended early']],
  ['that has its count, beside one that was never measured', run({}, done), ['Successful', 'ended early']],
  ['that had its successes in a row', withRow(run({}, inRow)), ['Successful']],
  ['that failed before it', run({ phase: 'Failed', failed: 1 }, counted), ['Failed']],
  ['of a run that nobody cut short', run({ message: '' }, counted), ['Successful']],
];
for (const [what, object, wanted] of METRICS)
  test(`a metric ${what}: ${wanted.join(', ')}`, () => assert.deepEqual(readSeries([object]).map((series) => metricWord(series, HASHES)), wanted));

test('the metric\'s own line says so, too: of the analysis and of the rollout, wide and narrow', () => {
  const snapshot = aSnapshot({ rollouts: [aRollout('shop/cart').canary(STEPS).aborted(1, 60).build()], analysisRuns: [run({}, counted)] });
  const shown = (columns: number, key: string): string => printFrame(render(press(aModel(columns, 40, snapshot), key)[0]));
  assert.match(shown(80, 'm'), /cart-7-2 ended early  2 passed, 0 failed/);
  assert.match(shown(80, 'enter'), /2 passed, 0 failed, ended early/);
  assert.match(shown(220, 'enter'), /2 passed, 0 failed, ended early/);
  assert.match(shown(140, 'enter'), /✔2 ✖0 early/);
});

for (const [screen, keys] of [
  ['revisions', ['v']], ['the tree', ['enter']], ['analysis', ['m']], ['the timeline', ['T']],
] as const)
  test(`${screen} calls no analysis successful that an abort has cut short`, () => {
    const sets = [[7, CANARY_HASH], [6, STABLE_HASH]].map(([revision, hash]) => aReplicaSet('shop/cart', { revision: Number(revision), hash: String(hash), wanted: 2 }));
    const cut = run({}, counted);
    const analysisRuns = [{ ...cut, status: { ...(cut['status'] as object), completedAt: '2026-11-21T12:00:00Z' } }];
    const model = aModel(140, 40, aSnapshot({ rollouts: [aRollout('shop/cart').canary(STEPS).aborted(1, 60).build()], replicaSets: sets, analysisRuns }));
    const frame = printFrame(render(press(model, ...keys)[0]));
    assert.match(frame, /ended early/);
    assert.doesNotMatch(frame, /ended Successful|canary.*Successful|^ *Successful/m);
  });

// A server that checks no schema may have stored anything under these names.
for (const [what, metricResults] of [
  ['are no list', { name: 'cart-7-2' }], ['have none', [null]],
  ['have no list of measurements', [{ name: 'cart-7-2', measurements: 7 }]],
  ['have measurements of nothing', [{ name: 'cart-7-2', measurements: [null, 3, { phase: 'Successful' }] }]],
] as const)
  test(`a run that was cut short and whose results ${what} is read all the same`, () => {
    const made = run({}, counted);
    const object = { ...made, status: { ...(made['status'] as object), metricResults } };
    assert.deepEqual(readSeries([object]).map((series) => series.cut), ['counted']);
    assert.equal(phaseWord(object, HASHES), 'ended early');
  });
