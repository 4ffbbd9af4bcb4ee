// What the in-process door adds to the store: a bounded line to each reader, bookmarks, and faults on request.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInProcessCluster, type Fault, type FaultRequest } from '../../src/apiserver/in-process.js';
import { BOOKMARK_INTERVAL_MS, MOST_WAITING_EVENTS } from '../../src/apiserver/store/limits.js';
import type { Cluster, WatchEvent } from '../../src/cluster/cluster.js';
import { CONFIG_MAP, POD } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { formatTime } from '../../src/lib/instant.js';
import { aConfigMap, aStore, START, type Asking } from './store/a-store.js';

function aCluster(faults?: (request: FaultRequest) => Fault): { ask: Asking; clock: VirtualClock; cluster: Cluster } {
  const ask = aStore();
  const clock = new VirtualClock(START);
  return { ask, clock, cluster: createInProcessCluster({ store: ask.store, clock, name: 'test', ...(faults === undefined ? {} : { faults }) }) };
}

const ref = (name: string): { type: typeof CONFIG_MAP; namespace: string; name: string } => ({ type: CONFIG_MAP, namespace: 'default', name });
const NEVER = new AbortController().signal;

test('answers are frozen: a reader can not change the store', async () => {
  const { ask, cluster } = aCluster();
  ask.create(CONFIG_MAP, aConfigMap('a', { k: '1' }));
  const got = await cluster.get(ref('a'));
  assert.ok(got.ok);
  assert.throws(() => Object.assign(got.value['data'] as object, { k: '2' }), TypeError);
});

test('lines of a log begin with their time where it is asked for: their own, or that at which they are read', async () => {
  const { clock } = aCluster();
  const asked: unknown[] = [];
  async function* readLogs(_ref: unknown, options: unknown): AsyncGenerator<string> {
    asked.push(options);
    yield* ['2026-11-21T09:00:01.250Z one', 'two'];
  }
  const cluster = createInProcessCluster({ store: aStore().store, clock, name: 'test', readLogs });
  const read = async (timestamps: boolean): Promise<readonly string[]> => {
    const lines: string[] = [];
    for await (const line of cluster.logs({ type: POD, namespace: 'default', name: 'a' }, { container: 'c', timestamps }, NEVER)) lines.push(line);
    return lines;
  };
  assert.deepEqual(await read(true), ['2026-11-21T09:00:01.250Z 2026-11-21T09:00:01.250Z one', `${formatTime(START)} two`]);
  assert.deepEqual(await read(false), ['2026-11-21T09:00:01.250Z one', 'two']);
  assert.deepEqual(asked, [{ container: 'c' }, { container: 'c' }]);
});

test('a reader that falls behind is cut off with 410', async () => {
  const { ask, cluster } = aCluster();
  ask.create(CONFIG_MAP, aConfigMap('a'));
  const watch = cluster.watch(CONFIG_MAP, { resourceVersion: ask.store.revision() }, NEVER)[Symbol.asyncIterator]();
  const first = watch.next();
  for (let write = 0; write <= MOST_WAITING_EVENTS + 1; write += 1) ask.patch(CONFIG_MAP, 'a', 'merge', { data: { at: String(write) } });
  const { value } = (await first) as { value: WatchEvent };
  assert.ok(value.type === 'ERROR' && value.error.code === 410 && value.error.reason === 'Expired');
  assert.equal((await watch.next()).done, true);
});

test('a quiet watch says from time to time how far it has come, and ends after its time', async () => {
  const { ask, clock, cluster } = aCluster();
  const events: WatchEvent[] = [];
  const reading = (async (): Promise<void> => {
    for await (const event of cluster.watch(CONFIG_MAP, { resourceVersion: ask.store.revision(), timeoutSeconds: 65 }, NEVER)) events.push(event);
  })();
  await clock.runUntil(START + 2 * BOOKMARK_INTERVAL_MS + 10_000);
  await reading;
  assert.deepEqual(events.map((event) => event.type), ['BOOKMARK', 'BOOKMARK']);
  assert.equal(clock.next(), undefined, 'no timer is left behind');
});

test('faults take the place of answers', async () => {
  let fault: Fault;
  const { ask, cluster } = aCluster(({ verb }) => (verb === 'get' || verb === 'create' ? fault : undefined));
  ask.create(CONFIG_MAP, aConfigMap('a'));
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } };
  fault = { code: 500, reason: 'InternalError', message: 'made up' };
  const refused = await cluster.get(ref('a'));
  assert.ok(!refused.ok && refused.error.code === 500);
  fault = 'drop';
  const dropped = await cluster.create(ref('b'), body);
  assert.ok(!dropped.ok && dropped.error.reason === 'NoAnswer');
  assert.equal(ask.get(CONFIG_MAP, 'b'), undefined);
  fault = 'drop-answer';
  assert.ok(!(await cluster.create(ref('b'), body)).ok);
  assert.ok(ask.get(CONFIG_MAP, 'b') !== undefined, 'it was done, only the answer was lost');
});

test('a dropped watch ends without a word', async () => {
  let events = 0;
  const { ask, cluster } = aCluster(({ verb }) => (verb === 'watch-event' && (events += 1) > 1 ? 'drop' : undefined));
  const seen: WatchEvent[] = [];
  ask.create(CONFIG_MAP, aConfigMap('a'));
  ask.create(CONFIG_MAP, aConfigMap('b'));
  for await (const event of cluster.watch(CONFIG_MAP, { resourceVersion: '0' }, NEVER)) seen.push(event);
  assert.equal(seen.length, 1);
});
