// The small pure models of the sandbox, one table each.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podOf } from '../../src/kinds/pod.js';
import type { Pod } from '../../src/kinds/pod.js';
import { createRng } from '../../src/lib/rng.js';
import { behaviourOf } from '../../src/sandbox/behaviour.js';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import { binomial, multinomial, pick } from '../../src/sandbox/chance.js';
import { matchesSelector } from '../../src/kinds/label-selector.js';
import { drawLatencies } from '../../src/sandbox/latency.js';
import { inDeletionOrder } from '../../src/sandbox/pod-ranking.js';
import { limitsOf, nextNewSize, shrinkOld } from '../../src/sandbox/rolling-update.js';
import { tagOf } from '../../src/sandbox/world.js';
import { object } from './objects.js';

const LIMITS: readonly [number, number | string | undefined, number | string | undefined, number, number][] = [
  [10, undefined, undefined, 3, 2],
  [3, '25%', '25%', 1, 0],
  [4, 0, 0, 0, 1],
  [5, 2, '40%', 2, 2],
];

test('surge is rounded up, what may be missing is rounded down, and never both are nought', () => {
  for (const [replicas, surge, unavailable, maxSurge, maxUnavailable] of LIMITS) assert.deepEqual(limitsOf(replicas, surge, unavailable), { replicas, maxSurge, maxUnavailable });
});

test('a rolling update keeps between its limits, whatever the number of replicas', () => {
  for (let replicas = 1; replicas <= 12; replicas += 1) {
    for (const [surge, unavailable] of [['25%', '25%'], [1, 0], [0, 1], ['100%', 0], [3, 2]] as const) {
      const limits = limitsOf(replicas, surge, unavailable);
      let newest = { name: 'new', wanted: 0, available: 0 };
      let old = { name: 'old', wanted: replicas, available: replicas };
      for (let step = 0; step < 60 && (newest.wanted < replicas || old.wanted > 0); step += 1) {
        newest = { ...newest, wanted: nextNewSize(newest, [old], limits) };
        const [shrunk] = shrinkOld(newest, [old], limits);
        if (shrunk !== undefined) old = { name: 'old', wanted: shrunk.to, available: shrunk.to };
        const where = `${replicas} replicas, surge ${surge}, unavailable ${unavailable}, step ${step}`;
        assert.ok(newest.wanted + old.wanted <= replicas + limits.maxSurge, where);
        assert.ok(newest.available + old.available >= replicas - limits.maxUnavailable, where);
        newest = { ...newest, available: newest.wanted };
      }
      assert.deepEqual([newest.wanted, old.wanted], [replicas, 0]);
    }
  }
});

test('pods that never served go before those that serve', () => {
  assert.deepEqual(shrinkOld({ name: 'new', wanted: 1, available: 1 }, [{ name: 'broken', wanted: 2, available: 0 }, { name: 'old', wanted: 3, available: 3 }], limitsOf(4, 1, 0)), [{ name: 'broken', from: 2, to: 0 }]);
});

const aPod = (name: string, more: { readonly node?: string; readonly phase?: string; readonly readyAt?: string; readonly restarts?: number; readonly createdAt?: string; readonly cost?: string } = {}): Pod => podOf(object('Pod', name, {
  spec: { ...(more.node === undefined ? {} : { nodeName: more.node }), containers: [] },
  status: {
    phase: more.phase ?? 'Running',
    conditions: more.readyAt === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: more.readyAt }],
    containerStatuses: [{ name: 'a', ready: true, restartCount: more.restarts ?? 0, image: '', imageID: '' }],
  },
}, { creationTimestamp: more.createdAt ?? '2026-11-21T09:00:00Z', annotations: more.cost === undefined ? {} : { 'controller.kubernetes.io/pod-deletion-cost': more.cost } }));

test('deletion takes unbound, pending, unready, cheap, crowded, young and restarted pods first, in that order', () => {
  const early = '2026-11-21T09:00:10Z';
  const wanted = [
    aPod('unbound', { phase: 'Pending' }),
    aPod('pending', { node: 'b', phase: 'Pending' }),
    aPod('unready', { node: 'b' }),
    aPod('cheap', { node: 'b', readyAt: early, cost: '-5' }),
    aPod('ready-late', { node: 'a', readyAt: '2026-11-21T09:05:00Z' }),
    aPod('restarted', { node: 'a', readyAt: early, restarts: 3 }),
    aPod('made-late', { node: 'a', readyAt: early, createdAt: '2026-11-21T09:00:05Z' }),
    aPod('old-1', { node: 'a', readyAt: early }),
  ];
  assert.deepEqual(inDeletionOrder(wanted.toReversed()).map((pod) => pod.metadata.name), wanted.map((pod) => pod.metadata.name));
});

const BEHAVIOURS: readonly { readonly image: string; readonly annotations?: Readonly<Record<string, string>>; readonly command?: readonly string[]; readonly wanted: Behaviour }[] = [
  { image: 'shop:v1', wanted: {} },
  { image: 'shop:v3', wanted: { errorPercent: 30, slowFactor: 4 } },
  { image: 'registry:5000/acme/shop:v3', wanted: { slowFactor: 4 } },
  { image: 'shop:bad', wanted: { pull: 'never' } },
  { image: 'shop:v1', command: ['/bad-command-x'], wanted: { crash: 'loop' } },
  { image: 'shop:v3', annotations: { 'error-percent': '5%', 'slow-factor': '2', 'ready-after': '1m', answer: '{"color":"red","n":1}' }, wanted: { errorPercent: 5, slowFactor: 2, readyAfterMs: 60_000, answer: { color: 'red', n: '1' } } },
  { image: 'shop:v1', annotations: { 'error-percent': 'many', 'slow-factor': '', 'ready-after': 'soon', answer: '{', pull: 'always' }, wanted: {} },
];

test('behaviours come from words in tags, the table and annotations, the last winning', () => {
  const table = { 'shop:v3': { errorPercent: 30 }, '*:v3': { slowFactor: 4 } };
  for (const { image, annotations = {}, command, wanted } of BEHAVIOURS) {
    const full = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`sandbox.sluice.dev/${key}`, value]));
    const pod = podOf(object('Pod', 'a', { spec: { containers: [{ name: 'a', image, ...(command === undefined ? {} : { command }) }] } }, { annotations: full }));
    assert.deepEqual(behaviourOf(pod, table), wanted, `${image} ${JSON.stringify(annotations)}`);
  }
});

test('tags are found behind registries with ports and before digests', () => {
  for (const [image, tag] of [['a', 'latest'], ['a:1', '1'], ['r:5000/a', 'latest'], ['r:5000/a:1', '1'], ['a:1@sha256:00ff', '1'], ['a@sha256:0123456789abcdef', 'sha256:0123456789ab']] as const) assert.equal(tagOf(image), tag);
});

test('selectors know their operators, and an empty one claims nobody', () => {
  const labels = { app: 'shop', tier: 'front' };
  const one = (operator: string, key: string, values?: readonly string[]): boolean => matchesSelector({ matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }] }, labels);
  assert.deepEqual([one('In', 'tier', ['front', 'back']), one('NotIn', 'tier', ['front']), one('NotIn', 'zone', ['x']), one('Exists', 'app'), one('DoesNotExist', 'app'), one('Near', 'app')], [true, false, true, true, false, false]);
  assert.deepEqual([matchesSelector({}, labels), matchesSelector({ matchLabels: { app: 'shop' } }, labels), matchesSelector({ matchLabels: { app: 'shop' } }, undefined)], [false, true, false]);
});

test('draws keep their sums and their means', () => {
  const rng = createRng(9);
  for (const share of [0, 1e-20, 0.003, 0.4, 0.999, 1]) {
    const mean = Array.from({ length: 2000 }, () => binomial(rng, 100, share)).reduce((sum, count) => sum + count, 0) / 2000;
    assert.ok(Math.abs(mean - 100 * share) < 0.6, `${share}: ${mean}`);
  }
  assert.equal(multinomial(rng, 1234, [1, 0, 5, 0.001]).reduce((sum, count) => sum + count, 0), 1234);
  assert.deepEqual([multinomial(rng, 10, [0, 0]), pick(rng, [0, 0]), pick(rng, [0, 2])], [[0, 0], undefined, 1]);
  const { counts, sumMs } = drawLatencies(rng, 10_000, 1);
  const cumulative = counts.slice(0, 5).reduce((sum, count) => sum + count, 0);
  assert.ok(cumulative > 3000 && cumulative < 4600, `${cumulative} of 10000 within 25 ms`);
  assert.ok(sumMs / 10_000 > 30 && sumMs / 10_000 < 45, `${sumMs / 10_000} ms`);
});
