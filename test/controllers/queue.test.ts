// The queue's promises: once however often, never twice at a time, pauses that grow, one wish for a later pass.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueue, GATHER_MS } from '../../src/controllers/queue.js';
import { VirtualClock } from '../../src/lib/clock.js';

test('a key added many times within the gathering time is handed out once', async () => {
  const clock = new VirtualClock(0);
  let calls = 0;
  const queue = createQueue(clock, () => { calls += 1; });
  for (let i = 0; i < 100; i += 1) queue.add('a');
  queue.add('b');
  assert.equal(queue.take(), undefined);
  await clock.runUntil(GATHER_MS);
  assert.equal(calls, 2);
  assert.deepEqual([queue.take(), queue.take(), queue.take()], ['a', 'b', undefined]);
  assert.equal(queue.busy(), 2);
});

test('a key added while its pass runs gets one more pass, and only after it', async () => {
  const clock = new VirtualClock(0);
  const queue = createQueue(clock, () => undefined);
  queue.add('a');
  await clock.runUntil(GATHER_MS);
  assert.equal(queue.take(), 'a');
  queue.add('a');
  queue.add('a');
  await clock.runUntil(1000);
  assert.equal(queue.take(), undefined);
  queue.done('a');
  assert.equal(queue.take(), 'a');
  queue.done('a');
  assert.equal(queue.take(), undefined);
  assert.equal(queue.busy(), 0);
});

test('pauses double from 1 ms to 10 s, and begin anew after forget', async () => {
  const clock = new VirtualClock(0);
  const queue = createQueue(clock, () => undefined);
  const pauses: number[] = [];
  const measure = async (): Promise<void> => {
    const from = clock.now();
    queue.retry('a');
    await clock.runWhile(() => queue.busy() === 0, 60_000);
    pauses.push(clock.now() - from);
    queue.take();
    queue.done('a');
  };
  for (let i = 0; i < 16; i += 1) await measure();
  queue.forget('a');
  await measure();
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 10_000, 10_000, 1]);
});

test('the newest wish for a time counts, and a pass before it takes it away', async () => {
  const clock = new VirtualClock(0);
  const queue = createQueue(clock, () => undefined);
  queue.addAt('a', 1000);
  queue.addAt('a', 5000);
  await clock.runUntil(4999);
  assert.equal(queue.take(), undefined);
  await clock.runUntil(5000);
  assert.equal(queue.take(), 'a');
  queue.done('a');
  queue.addAt('a', 9000);
  queue.add('a');
  await clock.runUntil(6000);
  assert.equal(queue.take(), 'a');
  queue.done('a');
  await clock.runUntil(60_000);
  assert.equal(queue.take(), undefined);
  assert.equal(queue.sleeping(), 0);
});

test('after stop nothing comes any more', async () => {
  const clock = new VirtualClock(0);
  const queue = createQueue(clock, () => undefined);
  queue.add('a');
  queue.addAt('b', 10);
  queue.stop();
  queue.add('c');
  await clock.runUntil(1000);
  assert.equal(queue.take(), undefined);
  assert.equal(clock.next(), undefined);
});
