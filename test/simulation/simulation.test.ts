// A few lives of the engine in each run of the tests; many more by `npm run simulate -- --seeds N`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSeed } from './run-seed.js';

const LAST_LINES = 60;

test('seed 1 breaks no invariant', async () => {
  const { violations, lines } = await runSeed(1);
  assert.deepEqual(violations, [], lines.slice(-LAST_LINES).join('\n'));
});

test('the same seed gives the same trace', async () => {
  const [once, again] = [await runSeed(3), await runSeed(3)];
  assert.equal(once.digest, again.digest);
  assert.deepEqual(once.lines, again.lines);
  assert.ok(once.faults > 20 && once.changes > 100 && once.minutes >= 60);
});
