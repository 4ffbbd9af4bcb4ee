// The canary's measurements beside its baseline's: which two belong together, and how far they are apart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allBeside, baselineValues, differenceText } from '../../src/console/beside.js';
import { readSeries } from '../../src/console/metric-series.js';
import { NO_HASHES, type Sides } from '../../src/console/sides.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { anAnalysisRun, CANARY_HASH, STABLE_HASH } from '../support/builders.js';

const HASHES: Sides = new Map([[CANARY_HASH, 'canary'], [STABLE_HASH, 'stable']]);

type Asked = { readonly name?: string; readonly query: string; readonly values?: readonly string[] };

const values = ['0.9', '0.95'];

/** A run whose metrics ask these, with these arguments. */
function aRun(name: string, asked: readonly Asked[], args: Readonly<Record<string, string>> = {}): KubeObject {
  const runs = asked.map((each) => anAnalysisRun('shop/cart', { name, metric: each.name ?? 'success-rate', values: each.values ?? values }));
  const [first] = runs;
  assert.ok(first !== undefined);
  const metricResults = runs.flatMap((run) => (run['status'] as { readonly metricResults: readonly unknown[] }).metricResults);
  const metrics = asked.map((each) => ({ name: each.name ?? 'success-rate', provider: { prometheus: { address: 'http://stable.test', query: each.query } } }));
  return { ...first, spec: { args: Object.entries(args).map(([arg, value]) => ({ name: arg, value })), metrics }, status: { ...(first['status'] as object), metricResults } };
}

const rate = 'rate(ok{service="{{args.service}}"})';

const CASES: readonly (readonly [string, readonly KubeObject[], Sides, readonly string[]])[] = [
  ['two metrics of a run that differ in a word', [aRun('a', [{ name: 'new', query: 'ok{app="x-canary"}' }, { name: 'old', query: 'ok{app="x-stable"}' }])], NO_HASHES, ['new beside old, stable']],
  ['baseline first, and the word baseline', [aRun('a', [{ name: 'old', query: 'ok{app="baseline"}' }, { name: 'new', query: 'ok{app="canary"}' }])], NO_HASHES, ['new beside old, baseline']],
  ['one template run once for each side', [aRun('a', [{ query: rate }], { service: 'x-canary' }), aRun('b', [{ query: rate }], { service: 'x-stable' })], NO_HASHES, ['success-rate canary beside success-rate stable, stable']],
  ['the hashes of both pod templates', [aRun('a', [{ query: rate }], { service: CANARY_HASH }), aRun('b', [{ query: rate }], { service: STABLE_HASH })], HASHES, ['success-rate canary beside success-rate stable, stable']],
  ['hashes that nobody knows', [aRun('a', [{ query: rate }], { service: 'aaaa' }), aRun('b', [{ query: rate }], { service: 'bbbb' })], HASHES, []],
  ['arguments named after their side', [aRun('a', [{ name: 'new', query: 'ok{h="{{args.canary-hash}}"}' }, { name: 'old', query: 'ok{h="{{args.stable-hash}}"}' }], { 'canary-hash': 'aa', 'stable-hash': 'bb' })], NO_HASHES, ['new beside old, stable']],
  ['something else differs, too', [aRun('a', [{ name: 'new', query: 'ok{app="canary"}[1m]' }, { name: 'old', query: 'ok{app="stable"}[5m]' }])], NO_HASHES, []],
  ['a word within a word is none', [aRun('a', [{ name: 'new', query: 'ok{app="canaryx"}' }, { name: 'old', query: 'ok{app="stablex"}' }])], NO_HASHES, []],
  ['the same is measured twice', [aRun('a', [{ query: 'ok{app="canary"}' }]), aRun('b', [{ query: 'ok{app="canary"}' }])], NO_HASHES, []],
];

for (const [name, runs, sides, wanted] of CASES) {
  test(`beside each other: ${name}`, () => {
    const found = allBeside(readSeries(runs, sides), sides);
    assert.deepEqual(found.map((pair) => `${pair.canary.name} beside ${pair.baseline.name}, ${pair.side}`), wanted);
  });
}

test('one metric measured for both sides is two series; what runs again for the same side is one', () => {
  const side = (run: string, service: string): KubeObject => aRun(run, [{ query: rate }], { service });
  const series = readSeries([side('a', 'canary'), side('b', 'stable'), side('c', 'canary'), side('d', 'stable')]);
  assert.deepEqual(series.map(({ name, run, points }) => [name, run, points.length]), [['success-rate canary', 'c', 4], ['success-rate stable', 'd', 4]]);
});

const pairOf = (canary: readonly string[], baseline: readonly string[]): string | undefined => {
  const [pair] = allBeside(readSeries([aRun('a', [{ name: 'new', query: 'canary', values: canary }, { name: 'old', query: 'stable', values: baseline }])]), NO_HASHES);
  return pair && differenceText(pair);
};

test('the difference is that of values measured at the same time', () => {
  assert.equal(pairOf(['0.99', '0.95'], ['0.9', '0.991']), '0.041 below stable');
  assert.equal(pairOf(['300'], ['250']), '50 above stable');
  assert.equal(pairOf(['1'], ['1']), 'level with stable');
  assert.equal(pairOf(['1'], []), undefined);
});

test('a value that was measured long before is not held against a new one', () => {
  const old = aRun('b', [{ name: 'old', query: 'stable', values: ['1'] }]);
  const results = old['status'] as { readonly metricResults: readonly { readonly measurements: readonly object[] }[] };
  const finishedAt = '2026-11-21T11:00:00Z';
  const aged = { ...old, status: { ...results, metricResults: results.metricResults.map((each) => ({ ...each, measurements: each.measurements.map((one) => ({ ...one, finishedAt })) })) } };
  const [pair] = allBeside(readSeries([aRun('a', [{ name: 'new', query: 'canary' }]), aged]), NO_HASHES);
  assert.ok(pair !== undefined);
  assert.deepEqual(baselineValues(pair), [undefined, undefined]);
  assert.equal(differenceText(pair), undefined);
});
