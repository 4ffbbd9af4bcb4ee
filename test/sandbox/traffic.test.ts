// Requests go where the routing objects say: weights, subsets, selectors, and 503 where nobody is ready.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { deepFreeze } from '../../src/lib/deep.js';
import { createRng } from '../../src/lib/rng.js';
import { answerApp } from '../../src/sandbox/app-answer.js';
import type { BehaviourTable } from '../../src/sandbox/behaviour.js';
import { LATENCY_BOUNDS_MS } from '../../src/sandbox/request-batch.js';
import type { RequestBatch } from '../../src/sandbox/request-batch.js';
import { chooseBackend, stepTraffic } from '../../src/sandbox/traffic.js';
import type { TrafficState } from '../../src/sandbox/traffic.js';
import { destinationRule, ownedSet, pods, service, virtualService, worldOf } from './objects.js';

const FLAT = { 'sandbox.sluice.dev/traffic': '100rps', 'sandbox.sluice.dev/traffic-shape': 'flat' };
const NOW = Date.parse('2026-11-21T09:00:00Z');

const total = (codes: Readonly<Record<string, number>>): number => Object.values(codes).reduce((sum, count) => sum + count, 0);

function play(objects: readonly KubeObject[], seconds: number, behaviours: BehaviourTable = {}, seed = 1): readonly RequestBatch[] {
  const world = worldOf(deepFreeze([...objects]));
  const rng = createRng(seed);
  const batches: RequestBatch[] = [];
  let state: TrafficState = {};
  for (let second = 1; second <= seconds; second += 1) {
    const done = stepTraffic(world, state, { now: NOW + second * 1000, elapsedMs: 1000, behaviours, real: [] }, rng);
    state = done.state;
    batches.push(...done.batches);
  }
  return batches;
}

/** The share of all requests, in whole percent, by "service/subset version code". */
function shares(batches: readonly RequestBatch[]): Readonly<Record<string, number>> {
  const all = batches.reduce((sum, batch) => sum + total(batch.codes), 0);
  const found: Record<string, number> = {};
  for (const batch of batches) {
    for (const [code, count] of Object.entries(batch.codes)) {
      const key = `${batch.service}/${batch.subset ?? '-'} ${batch.imageTag || 'nobody'} ${code.startsWith('2') ? 'ok' : code}`;
      found[key] = (found[key] ?? 0) + count;
    }
  }
  return Object.fromEntries(Object.entries(found).map(([key, count]) => [key, Math.round((100 * count) / all)]).filter(([, share]) => share !== 0));
}

const near = (actual: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): void => {
  assert.deepEqual(Object.keys(actual).toSorted(), Object.keys(wanted).toSorted());
  for (const [key, share] of Object.entries(wanted)) assert.ok(Math.abs((actual[key] ?? 0) - share) <= 2, `${key}: ${actual[key]} is not near ${share}`);
};

const shop = service('shop', { app: 'shop' }, FLAT);
const both = [...pods('shop', 'v1', 3), ...pods('shop', 'v2', 1)];
const subsets = destinationRule('shop', 'shop', { stable: { 'rollouts-pod-template-hash': 'v1' }, canary: { 'rollouts-pod-template-hash': 'v2' } });
const split = (stable: number, canary: number, more = {}): KubeObject =>
  virtualService('shop', ['shop'], [{ host: 'shop', subset: 'stable', weight: stable }, { host: 'shop', subset: 'canary', weight: canary }], more);
const HOSTS = [service('shop-stable', { app: 'shop', 'rollouts-pod-template-hash': 'v1' }), service('shop-canary', { app: 'shop', 'rollouts-pod-template-hash': 'v2' })];

const cases: readonly { readonly name: string; readonly objects: readonly KubeObject[]; readonly wanted: Readonly<Record<string, number>> }[] = [
  { name: 'without routes, evenly over the ready pods', objects: [shop, ...both], wanted: { 'shop/- v1 ok': 75, 'shop/- v2 ok': 25 } },
  { name: 'pods that are not ready get nothing', objects: [shop, ...pods('shop', 'v1', 3), ...pods('shop', 'v2', 3, { ready: false })], wanted: { 'shop/- v1 ok': 100 } },
  { name: 'by the weights of subsets, however many pods there are', objects: [shop, ...both, subsets, split(40, 60)], wanted: { 'shop/stable v1 ok': 40, 'shop/canary v2 ok': 60 } },
  { name: 'by the weights of hosts', objects: [shop, ...HOSTS, ...both, virtualService('shop', ['shop.default.svc.cluster.local'], [{ host: 'shop-stable', weight: 80 }, { host: 'shop-canary.default', weight: 20 }])], wanted: { 'shop-stable/- v1 ok': 80, 'shop-canary/- v2 ok': 20 } },
  { name: '503 where nobody is ready', objects: [shop, ...pods('shop', 'v1', 2), subsets, split(90, 10)], wanted: { 'shop/stable v1 ok': 90, 'shop/canary nobody 503': 10 } },
  { name: '503 for a subset that no rule defines', objects: [shop, ...both, split(50, 50)], wanted: { 'shop/stable nobody 503': 50, 'shop/canary nobody 503': 50 } },
  { name: '503 for a Service that is not there', objects: [shop, ...both, virtualService('shop', ['shop'], [{ host: 'gone' }])], wanted: { 'gone/- nobody 503': 100 } },
  { name: 'a route for a header is not for everybody', objects: [shop, ...both, subsets, virtualService('shop', ['shop'], [{ host: 'shop', subset: 'canary' }], { match: [{ headers: { beta: { exact: 'yes' } } }] })], wanted: { 'shop/- v1 ok': 75, 'shop/- v2 ok': 25 } },
  { name: 'a mirror gets copies', objects: [shop, ...both, subsets, split(100, 0, { mirror: { host: 'shop', subset: 'canary' }, mirrorPercentage: { value: 50 } })], wanted: { 'shop/stable v1 ok': 67, 'shop/canary v2 ok': 33 } },
  { name: 'a stream declared on a VirtualService calls its first host', objects: [service('shop', { app: 'shop' }), ...both, subsets, virtualService('shop', ['shop.example.com'], [{ host: 'shop', subset: 'canary', weight: 100 }], {}, FLAT)], wanted: { 'shop/canary v2 ok': 100 } },
];

for (const { name, objects, wanted } of cases) test(`traffic is split ${name}`, () => near(shares(play(objects, 60)), wanted));

test('a stream keeps to its rate, and the same seed gives the same requests', () => {
  const batches = play([shop, ...both], 120);
  const rate = batches.reduce((sum, batch) => sum + total(batch.codes), 0) / 120;
  assert.ok(rate > 85 && rate < 115, `${rate} requests a second`);
  assert.deepEqual(play([shop, ...both], 120), batches);
  assert.notDeepEqual(play([shop, ...both], 120, {}, 2), batches);
});

test('days are busier than nights', () => {
  const daily = service('shop', { app: 'shop' }, { 'sandbox.sluice.dev/traffic': '100rps' });
  const at = (hour: number): number => {
    const done = stepTraffic(worldOf([daily, ...both]), {}, { now: Date.parse('2026-11-21T00:00:00Z') + hour * 3_600_000, elapsedMs: 100_000, behaviours: {}, real: [] }, createRng(1));
    return done.batches.reduce((sum, batch) => sum + total(batch.codes), 0);
  };
  assert.ok(at(14) > at(2) * 1.4);
});

test('healthy versions have a few errors, behaviours have more, annotations win over the table', () => {
  const failing = (batches: readonly RequestBatch[], tag: string): number => {
    const own = batches.filter((batch) => batch.imageTag === tag);
    return (100 * own.reduce((sum, batch) => sum + (batch.codes['500'] ?? 0), 0)) / own.reduce((sum, batch) => sum + total(batch.codes), 0);
  };
  const healthy = failing(play([shop, ...both], 300), 'v1');
  assert.ok(healthy > 0.1 && healthy < 0.6, `${healthy} %`);
  const bad = failing(play([shop, ...both], 300, { '*:v2': { errorPercent: 30 } }), 'v2');
  assert.ok(bad > 27 && bad < 33, `${bad} %`);
  const told = failing(play([shop, ...pods('shop', 'v2', 1, { annotations: { 'sandbox.sluice.dev/error-percent': '5' } })], 300, { '*:v2': { errorPercent: 30 } }), 'v2');
  assert.ok(told > 3.5 && told < 6.5, `${told} %`);
});

test('latencies fill the histogram, and a slow version is slower by its factor', () => {
  const batches = play([shop, ...both], 120, { 'shop:v2': { slowFactor: 8 } });
  const mean = (tag: string): number => {
    const own = batches.filter((batch) => batch.imageTag === tag);
    return own.reduce((sum, batch) => sum + batch.latencySumMs, 0) / own.reduce((sum, batch) => sum + total(batch.codes), 0);
  };
  for (const batch of batches) {
    assert.equal(batch.latencyCounts.length, LATENCY_BOUNDS_MS.length + 1);
    assert.equal(batch.latencyCounts.reduce((sum, count) => sum + count, 0), total(batch.codes));
  }
  assert.ok(mean('v1') > 25 && mean('v1') < 55, `${mean('v1')} ms`);
  assert.ok(mean('v2') / mean('v1') > 6 && mean('v2') / mean('v1') < 10);
});

test('a batch names the workload that owns the pods, and their labels', () => {
  const [batch] = play([shop, ...pods('shop', 'v1', 1), ownedSet('shop-v1', 'shop-rollout')], 1);
  assert.deepEqual([batch?.namespace, batch?.workload, batch?.podLabels, batch?.at], ['default', 'shop-rollout', { app: 'shop', 'rollouts-pod-template-hash': 'v1' }, NOW + 1000]);
});

test('one request goes the same ways as many', () => {
  const world = worldOf([shop, ...both, subsets, split(80, 20)]);
  const rng = createRng(5);
  const canary = Array.from({ length: 1000 }, () => chooseBackend(world, { namespace: 'default', name: 'shop' }, rng)).filter(({ pod }) => pod?.metadata.labels?.['rollouts-pod-template-hash'] === 'v2').length;
  assert.ok(canary > 160 && canary < 240, `${canary} of 1000`);
});

test('an app answers with its version; "fail" fails and counts; one version can be asked by itself', () => {
  const table: BehaviourTable = { '*:v1': { errorPercent: 0, answer: { color: 'red', status: 'ok' } }, '*:v2': { errorPercent: 0, answer: { color: 'black', status: 'nok' } } };
  const world = worldOf([shop, ...both, subsets, split(100, 0), ownedSet('shop-v1', 'shop'), ownedSet('shop-v2', 'shop')]);
  const host = { namespace: 'default', name: 'shop' };
  const ask = (path: string, fail = false): ReturnType<typeof answerApp> => answerApp(world, { host, path, fail }, table, createRng(3));
  const { pod, ...body } = ask('/').body;
  assert.deepEqual(body, { app: 'shop', version: 'v1', color: 'red', status: 'ok' });
  assert.match(pod ?? '', /^shop-v1-\d$/);
  assert.deepEqual([ask('/version/v2/status').body['status'], ask('/version/canary').body['color'], ask('/version/stable').body['color']], ['nok', 'black', 'red']);
  assert.deepEqual([ask('/version/v9').code, ask('/', true).code], [503, 500]);
  const { real } = ask('/', true);
  const counted = stepTraffic(world, {}, { now: NOW, elapsedMs: 0, behaviours: table, real: [real, real] }, createRng(1)).batches;
  assert.deepEqual(counted.map(({ codes, imageTag, service: name, subset }) => [codes, imageTag, name, subset]), [[{ 500: 2 }, 'v1', 'shop', 'stable']]);
});
