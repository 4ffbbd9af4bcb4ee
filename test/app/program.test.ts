// How soon a change is on the screen: events in a burst cost one frame, a key does not wait for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_THEME } from '../../src/app/default-themes.js';
import { startProgram } from '../../src/app/program.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { NOW } from '../support/builders.js';
import { aModel, demoSnapshot } from '../support/console-scenes.js';

test('a burst of events is one frame in 33 ms; a key is answered 16 ms after the frame before, also when a frame of events was on its way', async () => {
  const clock = new VirtualClock(NOW);
  const painted: number[] = [];
  const size = { columns: 80, rows: 24 };
  const program = startProgram({
    model: aModel(80, 24), theme: DEFAULT_THEME, clock, perform: () => {}, need: () => {},
    screen: { size: () => size, paint: () => void painted.push(clock.now() - NOW), isReady: () => true, isSlow: () => false, close: () => Promise.resolve(), closeNow: () => {} },
  });
  const event = (): void => program.post({ type: 'cluster-changed', snapshot: demoSnapshot(), now: clock.now() });
  const key = (): void => program.post({ type: 'key', key: { name: 'j', burst: false }, now: clock.now() });
  program.paintNow();
  event();
  event();
  await clock.runUntil(clock.now() + 100);
  assert.deepEqual(painted, [0, 33]);
  event();
  await clock.runUntil(clock.now() + 10);
  event();
  key();
  key();
  await clock.runUntil(clock.now() + 100);
  assert.deepEqual(painted, [0, 33, 100, 116]);
  key();
  await clock.runUntil(clock.now() + 10);
  assert.deepEqual(painted, [0, 33, 100, 116, 210]);
  program.stop();
});
