// Reflectors on the real store behind injected faults: whatever is dropped, refused or compacted, in the end the cache is the store.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import type { Fault, FaultRequest } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { createCache } from '../../src/cluster/cache.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { watchTypes } from '../../src/cluster/watch.js';
import { CONFIG_MAP, SECRET } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import type { Rng } from '../../src/lib/rng.js';

const START = Date.parse('2026-11-21T10:00:00Z');

function faultOf(rng: Rng, request: FaultRequest): Fault {
  const reads = request.verb === 'list' || request.verb === 'watch' || request.verb === 'watch-event';
  if (!reads || rng.next() > 0.15) return undefined;
  const choices: readonly Fault[] = [
    'drop',
    { code: 410, reason: 'Expired', message: 'too old' },
    { code: 429, reason: 'TooManyRequests', message: 'slow down', retryAfterMs: 1000 },
    { code: 500, reason: 'InternalError', message: 'broken' },
    { code: 409, reason: 'Conflict', message: 'conflict' },
  ];
  return choices[rng.int(choices.length)];
}

async function writeSomething(cluster: Cluster, rng: Rng): Promise<void> {
  const ref = { type: CONFIG_MAP, namespace: 'default', name: `c${rng.int(20)}` };
  const choice = rng.int(3);
  if (choice === 0) await cluster.create(ref, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: ref.name, namespace: 'default' }, data: {} });
  else if (choice === 1) await cluster.patch(ref, 'merge', { data: { value: String(rng.next()) } });
  else await cluster.delete(ref);
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`seed ${seed}: the cache ends as the store is`, async () => {
    const rng = createRng(seed);
    const clock = new VirtualClock(START);
    const store = createStore({ now: START, rng: createRng(seed), definitions: [] });
    let faulty = true;
    const cluster = createInProcessCluster({ store, clock, name: 'test', faults: (request) => (faulty ? faultOf(rng, request) : undefined) });
    const cache = createCache();
    const seen = new Map<string, string>();
    cache.listen(({ before, after }) => {
      const key = (after ?? before)?.metadata.name ?? '';
      assert.equal(before?.metadata.resourceVersion, seen.get(key), 'what was before is what was told before');
      if (after === undefined) seen.delete(key);
      else seen.set(key, after.metadata.resourceVersion ?? '');
    });
    const watches = watchTypes({ cluster, types: [CONFIG_MAP, SECRET, CONFIG_MAP], cache, clock, rng: createRng(seed + 100) });
    for (let turn = 0; turn < 300; turn += 1) {
      await writeSomething(cluster, rng);
      await clock.runUntil(clock.now() + rng.int(3000));
    }
    faulty = false;
    await clock.runUntil(clock.now() + 120_000);
    const live = await cluster.list(CONFIG_MAP);
    assert.ok(live.ok);
    const byName = (objects: readonly { readonly metadata: { readonly name: string } }[]): readonly unknown[] => [...objects].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    assert.deepEqual(byName(cache.list(CONFIG_MAP)), byName(live.value.items));
    assert.ok(cache.list(CONFIG_MAP).length > 3);
    assert.ok(watches.settled());
    assert.ok(watches.statuses().every(({ state, error }) => state === 'watching' && error === undefined));
    assert.ok((watches.lastSignalAt() ?? 0) > clock.now() - 120_000);
    watches.stop();
  });
}
