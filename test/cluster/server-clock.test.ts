// The distance of two clocks, from dates that hold whole seconds and come at an unknown time between question and answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServerClock, type ServerClock } from '../../src/cluster/server-clock.js';
import { createRng } from '../../src/lib/rng.js';

const BASE = Date.parse('2026-11-21T12:04:31.000Z');

/** An answer to a question sent at `sentAt`, written `delayMs` later by a clock that is `skewMs` ahead. */
function answer(clock: ServerClock, sentAt: number, delayMs: number, skewMs: number, backMs = delayMs): void {
  clock.heard(new Date(Math.floor((sentAt + delayMs + skewMs) / 1000) * 1000).toUTCString(), sentAt, sentAt + delayMs + backMs);
}

test('nothing is known before an answer, nor from an answer without a date that can be read', () => {
  const clock = createServerClock();
  assert.equal(clock.skewMs(), undefined);
  clock.heard(undefined, BASE, BASE + 10);
  clock.heard('yesterday', BASE, BASE + 10);
  assert.equal(clock.skewMs(), undefined);
});

test('equal clocks are equal, however slow the line', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const rng = createRng(seed);
    const clock = createServerClock();
    for (let place = 0; place < 20; place += 1) answer(clock, BASE + rng.int(100_000), rng.int(3000), 0, rng.int(3000));
    assert.equal(clock.skewMs(), 0, `seed ${seed}`);
  }
});

test('many answers tell the distance within a fraction of a second', () => {
  for (const skew of [-86_400_000, -30_000, -2500, 2500, 7000, 3_600_000]) {
    const rng = createRng(Math.abs(skew));
    const clock = createServerClock();
    for (let place = 0; place < 60; place += 1) answer(clock, BASE + place * 1537, rng.int(40), skew, rng.int(40));
    assert.ok(Math.abs((clock.skewMs() ?? 0) - skew) < 150, `${skew}: ${clock.skewMs()}`);
  }
});

test('a clock that is set is believed at once', () => {
  const clock = createServerClock();
  for (let place = 0; place < 30; place += 1) answer(clock, BASE + place * 700, 10, 0);
  answer(clock, BASE + 60_000, 10, 45_000);
  assert.ok(Math.abs((clock.skewMs() ?? 0) - 45_000) <= 1000);
});
