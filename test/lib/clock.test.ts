import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock, within } from '../../src/lib/clock.js';

test('work that is done in time: its value or its failure, and no timer is left', async () => {
  const clock = new VirtualClock(0);
  assert.equal(await within(clock, 10, Promise.resolve('done')), 'done');
  assert.equal(clock.next(), undefined);
  await assert.rejects(within(clock, 10, Promise.reject(new Error('it broke'))), /it broke/);
  assert.equal(clock.next(), undefined);
});

test('work that is late: undefined at the limit, not before, and nobody hears of its failure', async () => {
  const clock = new VirtualClock(0);
  let fail: (fault: Error) => void = () => {};
  const work = new Promise<string>((_, reject) => {
    fail = reject;
  });
  const told: unknown[] = [];
  const waiting = within(clock, 10, work).then((value) => told.push(value));
  await clock.runUntil(9);
  assert.deepEqual(told, []);
  await clock.runUntil(10);
  await waiting;
  assert.deepEqual(told, [undefined]);
  const unheard: unknown[] = [];
  const hear = (fault: unknown): void => void unheard.push(fault);
  process.on('unhandledRejection', hear);
  fail(new Error('too late'));
  await clock.runUntil(20);
  process.off('unhandledRejection', hear);
  assert.deepEqual(unheard, []);
});
