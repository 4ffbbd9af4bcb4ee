// Reading objects as they are: phases, pods, weights of routes, limits of metrics, the tree; nonsense never throws.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBoard, currentRuns } from '../../src/console/board.js';
import { chartRange } from '../../src/console/chart-range.js';
import { measuredNumber, readLimit } from '../../src/console/metric-limit.js';
import { formatNumber, readSeries } from '../../src/console/metric-series.js';
import { readPhase } from '../../src/console/phase.js';
import { readPodState } from '../../src/console/pod-state.js';
import { render } from '../../src/console/render.js';
import { readRealWeight } from '../../src/console/route-weight.js';
import { describeStep, weightAt } from '../../src/console/steps.js';
import { leftText } from '../../src/console/time-words.js';
import { treeRows } from '../../src/console/tree.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { createRng } from '../../src/lib/rng.js';
import { anAnalysisRun, aPod, aReplicaSet, aRollout, aSnapshot, aVirtualService, CANARY_HASH, NOW, STABLE_HASH } from '../support/builders.js';
import { aModel, demoSnapshot, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const LIMITS: readonly (readonly [string | undefined, string | undefined, string | undefined])[] = [
  ['result[0] >= 0.95', undefined, '>= 0.95'],
  ['result < 5', undefined, '< 5'],
  ['0.05 > result[0]', undefined, '< 0.05'],
  ['asFloat(result) >= 99.5', undefined, '>= 99.5'],
  ['all(result.service_apdex.values.values, {asFloat(.value) >= 9900})', undefined, '>= 9900'],
  ['any(result.v, {!.isEmptyValue}) && all(result.v, {.isEmptyValue || asFloat(.value) >= 9900})', undefined, '>= 9900'],
  ['len(result) > 0 && result[0] >= 0.95', undefined, '>= 0.95'],
  ['result.service_apdex.values.values[0].value >= 1e3', undefined, '>= 1000'],
  [undefined, 'result[0] > 0.05', '<= 0.05'],
  ['result == "ok"', 'result[0] < 0.9', '>= 0.9'],
  ['result[0] >= 0.95 && result[0] <= 1', undefined, undefined],
  ['len(result) == 0 || result[0] < 1', undefined, undefined],
  ['default(result, 0) < 1', undefined, undefined],
  [undefined, undefined, undefined],
];

for (const [success, failure, wanted] of LIMITS) {
  test(`limit of ${success ?? failure ?? 'nothing'}`, () => {
    const limit = readLimit(success, failure);
    assert.equal(limit === undefined ? undefined : `${limit.comparison} ${limit.value}`, wanted);
  });
}

const NUMBERS: readonly (readonly [string, string | undefined, number | undefined])[] = [
  ['0.98', undefined, 0.98],
  ['[0.98]', 'result[0] >= 0.9', 0.98],
  ['[0.98 0.5]', undefined, 0.98],
  ['[0.1,0.7]', 'result[1] < 1', 0.7],
  ['[NaN]', 'result[0] >= 0.9', undefined],
  ['NaN', 'result >= 0.9', undefined],
  ['[[42 1e+06] [] [3]]', 'result[0].Values[1] < 70', 1e6],
  ['[[42 1e+06] [] [3]]', 'result[2].Values[0] < 70', 3],
  ['[[42] []]', 'result[1].Values[0] < 70', undefined],
  ['[[7]]', undefined, 7],
  ['{"a":{"b":"7"}}', 'result.a.b > 1', 7],
  ['{"a":{"b":"7"}}', undefined, 7],
  ['{"v":[{"value":9962},{"value":"9941"}]}', 'all(result.v, {asFloat(.value) >= 9900})', 9941],
  ['{"v":[{"value":3},{"value":8}]}', 'all(result.v, {.value < 9})', 8],
  ['{"v":[{"value":0,"isEmptyValue":true},{"value":9950,"isEmptyValue":false}]}', 'all(result.v, {.isEmptyValue || asFloat(.value) >= 9900})', 9950],
  ['"ok"', undefined, undefined],
  ['', undefined, undefined],
  ['{"broken', 'result.x > 1', undefined],
];

for (const [value, condition, wanted] of NUMBERS) {
  test(`number in ${value} by ${condition ?? 'no condition'}`, () => assert.equal(measuredNumber(value, readLimit(condition, undefined)), wanted));
}

test('numbers are written short', () => assert.deepEqual([0.91349, 99.14, 9962, 9962.4, 123.4, 1.5, 0, 100].map(formatNumber), ['0.913', '99.1', '9962', '9962', '123', '1.5', '0', '100']));

test('a series goes on from one run to the next, and a scale holds its limit', () => {
  const runs = [anAnalysisRun('a/b', { name: 'one', metric: 'm', values: ['1', '2'], success: 'result > 0' }), anAnalysisRun('a/b', { name: 'two', metric: 'm', values: ['3', undefined], success: 'result > 0' })];
  const [series, more] = readSeries(runs);
  assert.equal(more, undefined);
  assert.deepEqual(series?.points.map(({ value }) => value), [1, 2, 3, undefined]);
  assert.deepEqual([series?.passed, series?.errors, series?.run], [3, 1, 'two']);
  const range = chartRange(series === undefined ? [] : [series]);
  assert.ok(range.minimum <= 0 && range.maximum > 3);
});

const PHASES: readonly (readonly [string, KubeObject, string])[] = [
  ['as stored', aRollout().paused(1, 5).build(), 'Paused CanaryPauseStep'],
  ['not observed', aRollout().healthy().metadata({ generation: 5 }).build(), 'Progressing waiting for rollout spec update to be observed'],
  ['observed by one that is ahead', aRollout().healthy().status({ observedGeneration: '99' }).build(), 'Healthy '],
  ['observed under a hash', aRollout().healthy().status({ observedGeneration: 'f0c1a' }).build(), 'Healthy '],
  ['about to unpause', aRollout().at(1).status({ controllerPause: true }).build(), 'Progressing waiting for rollout to unpause'],
  ['a word that is none', aRollout().status({ phase: 'Dancing' }).build(), 'Unknown '],
];

for (const [name, rollout, wanted] of PHASES) {
  test(`phase: ${name}`, () => {
    const { phase, message } = readPhase(rollout);
    assert.equal(`${phase} ${message}`, wanted);
  });
}

const podWith = (status: object, more: object = {}): KubeObject => ({ ...aPod('a/b', { hash: CANARY_HASH, suffix: 'x' }), status, ...more });

const PODS: readonly (readonly [string, KubeObject, string])[] = [
  ['running', aPod('a/b', { hash: CANARY_HASH, suffix: 'x' }), 'Running good 1/1'],
  ['pulling', aPod('a/b', { hash: CANARY_HASH, suffix: 'x', waiting: 'ImagePullBackOff' }), 'ImagePullBackOff warning 0/1'],
  ['crashing', aPod('a/b', { hash: CANARY_HASH, suffix: 'x', waiting: 'CrashLoopBackOff' }), 'CrashLoopBackOff bad 0/1'],
  ['creating', aPod('a/b', { hash: CANARY_HASH, suffix: 'x', waiting: 'ContainerCreating' }), 'ContainerCreating progress 0/1'],
  ['terminating', { ...aPod('a/b', { hash: CANARY_HASH, suffix: 'x' }), metadata: { name: 'x', deletionTimestamp: '2026-11-21T12:00:00Z' } }, 'Terminating progress 1/1'],
  ['evicted', podWith({ phase: 'Failed', reason: 'Evicted' }), 'Evicted bad 0/1'],
  ['ended by a signal', podWith({ phase: 'Failed', containerStatuses: [{ state: { terminated: { signal: 9 } } }] }), 'Signal:9 bad 0/1'],
  ['ended by its exit code', podWith({ phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] }), 'ExitCode:3 bad 0/1'],
  ['starting', podWith({ phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }, { spec: { containers: [{}], initContainers: [{}, {}] } }), 'Init:0/2 progress 0/1'],
  ['pending', podWith({ phase: 'Pending' }), 'Pending progress 0/1'],
  ['nothing', podWith({}), 'Unknown unknown 0/1'],
];

for (const [name, pod, wanted] of PODS) {
  test(`pod: ${name}`, () => {
    const { word, mood, ready, containers } = readPodState(pod);
    assert.equal(`${word} ${mood} ${ready}/${containers}`, wanted);
  });
}

const STEPS: readonly (readonly [object, string])[] = [
  [{ setWeight: 20 }, 'setWeight 20'], [{ setWeight: 0 }, 'setWeight 0'], [{ pause: {} }, 'pause for a person'], [{ pause: { duration: '10m' } }, 'pause 10m'], [{ pause: { duration: 30 } }, 'pause 30s'], [{ pause: { duration: '1m0s' } }, 'pause 1m'], [{ pause: { duration: '1h0m0s' } }, 'pause 1h'], [{ pause: { duration: '10s' } }, 'pause 10s'],
  [{ analysis: { templates: [{ templateName: 'a' }, { templateName: 'b' }] } }, 'analysis a, b'], [{ setCanaryScale: { replicas: 3 } }, 'canary scale 3 pods'], [{ setCanaryScale: { weight: 25 } }, 'canary scale 25 %'],
  [{ setCanaryScale: { matchTrafficWeight: true } }, 'canary scale as traffic'], [{ experiment: {} }, 'experiment'], [{ setHeaderRoute: { name: 'x' } }, 'header route x'], [{}, 'unknown step'],
];

for (const [step, wanted] of STEPS) test(`step: ${wanted}`, () => assert.equal(describeStep(step), wanted));

test('the weight in force at a step', () => {
  const steps = [{ pause: {} }, { setWeight: 20 }, { pause: {} }, { setWeight: 60 }];
  assert.deepEqual([0, 1, 2, 3, 4].map((index) => weightAt(steps, index, 100)), [0, 20, 20, 60, 100]);
});

test('time left', () => assert.deepEqual([0, -5, 900, 9000, 130_000, 3_900_000, 200_000_000].map(leftText), ['0s', '0s', '1s', '9s', '2m10s', '1h05m', '2d7h']));

const weightOf = (rollout: KubeObject, virtualServices: readonly KubeObject[], replicaSets: readonly KubeObject[] = []): ReturnType<typeof readRealWeight> => {
  const board = buildBoard(aSnapshot({ rollouts: [rollout], virtualServices, replicaSets }));
  const [facts] = board.all;
  assert.ok(facts !== undefined);
  return readRealWeight(facts, board.index);
};

test('the real weight is what the route objects say, the farthest of several', () => {
  const two = aRollout().istio({ virtualServices: [{ name: 'cart', routes: ['primary', 'secondary'] }, { name: 'other.mesh' }] }).paused(1, 5).build();
  const routes = [aVirtualService('shop/cart', [{ name: 'primary', canary: 20 }, { name: 'secondary', canary: 35 }]), aVirtualService('mesh/other', [{ canary: 20, canaryHost: 'cart-canary.shop.svc', stableHost: 'cart-stable.shop.svc' }])];
  const read = weightOf(two, routes);
  assert.deepEqual([read.canaryPercent, read.agrees, read.objects.map(({ label, canary }) => `${label} ${String(canary)}`)], [35, false, ['VirtualService cart primary 20', 'VirtualService cart secondary 35', 'VirtualService other 20']]);
});

test('what may not be seen is not taken for missing', () => {
  const board = buildBoard(aSnapshot({ rollouts: [aRollout().istio({ virtualService: { name: 'cart' } }).paused(1, 5).build()], unseen: ['virtualservices'] }));
  const [facts] = board.all;
  assert.ok(facts !== undefined);
  assert.equal(readRealWeight(facts, board.index).problem, 'you have no right to see virtualservices, so the real weight is not known');
});

test('without a router the available pods make the weight', () => {
  const sets = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1 }), aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 4, ready: 3 })];
  const read = weightOf(aRollout().paused(1, 5).build(), [], sets);
  assert.deepEqual([read.from, read.canaryPercent], ['pods', 25]);
});

test('the tree: revisions newest first, sets with pods, then runs; past ones folded', () => {
  const board = buildBoard(demoSnapshot());
  const facts = board.byKey.get('sluice bookinfo/reviews-rollout');
  assert.ok(facts !== undefined);
  const rows = treeRows({ facts, index: board.index, folds: new Map([['revision 6', true]]), now: NOW });
  assert.deepEqual(rows.map(({ kind, depth, side, info }) => `${'  '.repeat(depth)}${kind} ${side} ${info}`), [
    'revision canary ', '  replica-set canary canary,ready:2/2', '    pod canary ready:1/1', '    pod canary ready:1/1', '  analysis-run canary background ✔ 8',
    'revision stable ', '  replica-set stable stable,ready:3/3', '    pod stable ready:1/1', '    pod stable ready:1/1', '    pod stable ready:1/1', 'revision past ',
  ]);
});

test('an image released again is judged by its own runs; those of its first release are history', () => {
  const run = (name: string, revision: number, phase: string, value: string): KubeObject => anAnalysisRun('shop/cart', { name, revision, phase, metric: 'errors', values: [value], failed: phase === 'Failed' ? 1 : 0 });
  const sets = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1 }), aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 4 })];
  const board = buildBoard(aSnapshot({ rollouts: [aRollout().build()], replicaSets: sets, analysisRuns: [run('cart-7', 7, 'Running', '[1]'), run('cart-5', 5, 'Failed', '[9]')] }));
  const [facts] = board.all;
  assert.ok(facts !== undefined);
  assert.deepEqual(currentRuns(board.index, facts).map(({ metadata }) => metadata.name), ['cart-7']);
  assert.deepEqual(treeRows({ facts, index: board.index, folds: new Map(), now: NOW }).filter(({ kind }) => kind === 'revision').map(({ name, side }) => `${name} ${side}`), [
    'revision 7 canary', 'revision 6 stable', 'revision 5 past',
  ]);
});

test('a filter never hides that somebody is waited for', () => {
  const title = (filter: string): string => printFrame(render(press(aModel(120, 40), '/', ...filter)[0])).split('\n').find((line) => line.includes('Waiting for you')) ?? '';
  assert.match(title('default'), /Waiting for you \(1 of 2\)/);
  assert.match(title('bookinfo'), /Waiting for you: 2 hidden by the filter/);
});

test('a deadline to scale down is counted down', () => {
  const set = aReplicaSet('shop/cart', { revision: 5, hash: 'old', wanted: 2, annotations: { 'scale-down-deadline': '2026-11-21T12:04:56Z' } });
  const board = buildBoard(aSnapshot({ rollouts: [aRollout().build()], replicaSets: [set] }));
  const [facts] = board.all;
  assert.ok(facts !== undefined);
  assert.match(treeRows({ facts, index: board.index, folds: new Map([['revision 5', true]]), now: NOW })[1]?.info ?? '', /ready:2\/2,delay:25s/);
});

/** Replaces one random place in a copy of an object with nonsense. */
function spoil(value: unknown, pick: (below: number) => number, nonsense: unknown): unknown {
  if (typeof value !== 'object' || value === null) return nonsense;
  const keys = Object.keys(value);
  if (keys.length === 0 || pick(6) === 0) return nonsense;
  const key = keys[pick(keys.length)] ?? '';
  if (Array.isArray(value)) return value.map((item: unknown, place) => (String(place) === key ? spoil(item, pick, nonsense) : item));
  return { ...value, [key]: spoil((value as Record<string, unknown>)[key], pick, nonsense) };
}

test('objects full of nonsense are shown, never thrown over', () => {
  const rng = createRng(20);
  const pick = rng.int;
  const nonsense = [null, 'text', -7, 1e300, [], {}, [null], true, '\u001b[2J', '🚀'];
  const whole = demoSnapshot();
  const spoilAll = (objects: readonly KubeObject[]): KubeObject[] => objects.map((object) => {
    const wrong = nonsense[pick(nonsense.length)];
    // The API server guarantees names and metadata; all else may be anything.
    return { ...object, ...(pick(2) === 0 ? { spec: spoil(object['spec'], pick, wrong) } : { status: spoil(object['status'], pick, wrong) }) };
  });
  for (let round = 0; round < 150; round += 1) {
    const snapshot = { ...whole, rollouts: spoilAll(whole.rollouts), replicaSets: spoilAll(whole.replicaSets), pods: spoilAll(whole.pods), analysisRuns: spoilAll(whole.analysisRuns), virtualServices: spoilAll(whole.virtualServices) };
    let model = aModel(120, 40, snapshot);
    printFrame(render(model));
    for (let place = 0; place < 5; place += 1) {
      [model] = press(model, 'j', 'enter', 'p', 'n', 'a', 'n', 'tab');
      printFrame(render(model));
      [model] = press(model, 'escape', 'escape', 'escape');
    }
  }
});
