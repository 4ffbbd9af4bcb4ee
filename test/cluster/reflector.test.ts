// What a server can do to a watch, and that the cache is right again after each of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCache } from '../../src/cluster/cache.js';
import type { Cache } from '../../src/cluster/cache.js';
import { ABSENT_RETRY_MS, SILENCE_LIMIT_MS, startReflector } from '../../src/cluster/reflector.js';
import type { Reflector, ReflectorState } from '../../src/cluster/reflector.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { POD } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { failure, scriptedCluster } from './scripted-cluster.js';
import type { ScriptedCluster } from './scripted-cluster.js';

const pod = (name: string, more: Record<string, unknown> = {}): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'a' }, ...more });
const refOfPod = (name: string): { type: typeof POD; namespace: string; name: string } => ({ type: POD, namespace: 'a', name });

type World = { readonly cluster: ScriptedCluster; readonly clock: VirtualClock; readonly cache: Cache; readonly reflector: Reflector; readonly states: ReflectorState[] };

async function start(prepare: (cluster: ScriptedCluster) => void = () => undefined): Promise<World> {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(0);
  const cache = createCache();
  const states: ReflectorState[] = [];
  prepare(cluster);
  const reflector = startReflector({ cluster, type: POD, cache, clock, rng: createRng(1), onStatus: ({ state }) => states.push(state) });
  await clock.runUntil(0);
  return { cluster, clock, cache, reflector, states };
}

const names = (cache: Cache): readonly string[] => cache.list(POD).map(({ metadata }) => metadata.name);

test('lists in pages, then follows the watch', async () => {
  const { cluster, clock, cache, states } = await start((world) => {
    world.pageSize = 2;
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) world.put(POD, pod(name));
  });
  assert.deepEqual(names(cache), ['p1', 'p2', 'p3', 'p4', 'p5']);
  // Each page is told, for whoever shows how far the list is.
  assert.deepEqual(states, ['listing', 'listing', 'listing', 'listing', 'listed', 'watching']);
  assert.equal(cluster.requests.filter((request) => request === 'list pods').length, 3);
  cluster.put(POD, pod('p2', { spec: { changed: true } }));
  cluster.take(refOfPod('p3'));
  cluster.put(POD, pod('p6'));
  await clock.runUntil(1);
  assert.deepEqual(names(cache), ['p1', 'p2', 'p4', 'p5', 'p6']);
  assert.deepEqual(cache.get(refOfPod('p2'))?.['spec'], { changed: true });
});

test('asks nothing while nothing changes, but for a watch now and then', async () => {
  const { cluster, clock } = await start((world) => world.put(POD, pod('p1')));
  const before = cluster.requests.length;
  await clock.runUntil(60 * 60_000);
  const asked = cluster.requests.slice(before);
  assert.ok(asked.length <= 60 * 60_000 / SILENCE_LIMIT_MS + 1, `${asked.length} requests`);
  assert.deepEqual([...new Set(asked)], ['watch pods']);
});

const FAULTS: readonly { readonly name: string; readonly act: (cluster: ScriptedCluster) => void; readonly relists: boolean }[] = [
  { name: 'the stream ends', act: (cluster) => cluster.dropWatches(), relists: false },
  { name: 'the log is compacted (410)', act: (cluster) => { cluster.compact(); cluster.dropWatches(); }, relists: true },
  { name: 'the next watch answers 410 as an event', act: (cluster) => { cluster.fail('watch', failure(410, 'Expired')); cluster.dropWatches(); }, relists: true },
  { name: 'the next watches answer 500', act: (cluster) => { cluster.fail('watch', failure(500, 'InternalError'), failure(500, 'InternalError')); cluster.dropWatches(); }, relists: false },
  { name: 'the server is down for a while', act: (cluster) => { cluster.fail('watch', failure(0, 'NoAnswer')); cluster.fail('list', failure(0, 'NoAnswer'), failure(0, 'NoAnswer')); cluster.dropWatches(); }, relists: false },
  { name: 'the next watch answers 429', act: (cluster) => { cluster.fail('watch', failure(429, 'TooManyRequests', { retryAfterMs: 7000 })); cluster.dropWatches(); }, relists: false },
  { name: 'a conflict, which no watch should give', act: (cluster) => { cluster.fail('watch', failure(409, 'Conflict')); cluster.dropWatches(); }, relists: false },
  { name: 'silence', act: (cluster) => cluster.muteWatches(), relists: false },
];

for (const { name, act, relists } of FAULTS) {
  test(`nothing is missed after: ${name}`, async () => {
    const { cluster, clock, cache, reflector } = await start((world) => { world.put(POD, pod('p1')); world.put(POD, pod('p2')); });
    await clock.runUntil(60_000);
    act(cluster);
    cluster.take(refOfPod('p1'));
    cluster.put(POD, pod('p2', { spec: { changed: true } }));
    cluster.put(POD, pod('p3'));
    await clock.runUntil(60_000 + SILENCE_LIMIT_MS + 60_000);
    assert.deepEqual(names(cache), ['p2', 'p3']);
    assert.deepEqual(cache.get(refOfPod('p2'))?.['spec'], { changed: true });
    assert.equal(reflector.status().state, 'watching');
    assert.equal(reflector.status().error, undefined);
    assert.equal(cluster.openWatches(), 1);
    const lists = cluster.requests.filter((request) => request === 'list pods').length;
    if (relists) assert.equal(lists, 2);
  });
}

test('pauses grow while a server fails, and end soon after it is well', async () => {
  const { cluster, clock, cache, reflector } = await start((world) => {
    world.put(POD, pod('p1'));
    world.fail('list', ...Array.from({ length: 9 }, () => failure(500, 'InternalError')));
  });
  assert.equal(reflector.status().state, 'backing-off');
  assert.equal(reflector.status().error?.code, 500);
  await clock.runUntil(20_000);
  assert.ok(cluster.requests.length <= 7, `${cluster.requests.length} requests in 20 s of failure`);
  assert.equal(cache.has(POD), false);
  await clock.runUntil(300_000);
  assert.deepEqual(names(cache), ['p1']);
  assert.equal(reflector.status().error, undefined);
});

test('waits as long as the server asks', async () => {
  const { cluster, clock } = await start((world) => world.fail('list', failure(429, 'TooManyRequests', { retryAfterMs: 25_000 })));
  await clock.runUntil(24_999);
  assert.deepEqual(cluster.requests, ['list pods']);
  await clock.runUntil(25_001);
  assert.deepEqual(cluster.requests, ['list pods', 'list pods', 'watch pods']);
});

test('a watch that always ends at once does not become a busy loop', async () => {
  const { cluster, clock } = await start((world) => world.put(POD, pod('p1')));
  const end = clock.now() + 60_000;
  while (clock.now() < end) {
    cluster.dropWatches();
    await clock.runUntil(clock.now() + 10);
  }
  assert.ok(cluster.requests.length < 20, `${cluster.requests.length} requests in a minute`);
});

test('a type that is not served is asked for slowly, and taken up when it is', async () => {
  const absent = failure(404, 'NotFound');
  const { cluster, clock, cache, reflector } = await start((world) => world.fail('list', absent, absent));
  assert.equal(cache.stateOf(POD), 'absent');
  assert.equal(reflector.status().served, false);
  cluster.put(POD, pod('p1'));
  await clock.runUntil(ABSENT_RETRY_MS + 1);
  assert.equal(cluster.requests.length, 2);
  await clock.runUntil(2 * ABSENT_RETRY_MS + 1);
  assert.deepEqual(names(cache), ['p1']);
  assert.equal(reflector.status().served, true);
});

test('a relist tells of each difference, after all of it is in the cache', async () => {
  const { cluster, clock, cache } = await start((world) => { world.put(POD, pod('p1')); world.put(POD, pod('p2')); });
  const told: string[] = [];
  cache.listen(({ before, after }) => told.push(`${before?.metadata.name ?? '-'}>${after?.metadata.name ?? '-'} of ${names(cache).join(',')}`));
  cluster.compact();
  cluster.muteWatches();
  cluster.take(refOfPod('p1'));
  cluster.put(POD, pod('p3'));
  cluster.dropWatches();
  await clock.runUntil(5000);
  assert.deepEqual(told, ['p1>- of p2,p3', '->p3 of p2,p3']);
});

test('after stop nothing is written any more', async () => {
  const { cluster, clock, cache, reflector } = await start();
  reflector.stop();
  cluster.put(POD, pod('late'));
  await clock.runUntil(600_000);
  assert.deepEqual(names(cache), []);
  assert.equal(cluster.openWatches(), 0);
});
