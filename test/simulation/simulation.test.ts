// A few lives of the engine in each run of the tests; many more by `npm run simulate -- --seeds N`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSeed } from './run-seed.js';

/** Seeds that once broke an invariant. */
const FAILED_SEEDS: readonly number[] = [12, 34, 55, 82, 126, 221, 386];

for (const seed of [1, 2, ...FAILED_SEEDS]) {
  test(`seed ${seed} breaks no invariant`, async () => {
    const { violations, lines } = await runSeed(seed);
    assert.deepEqual(violations, [], lines.slice(-60).join('\n'));
  });
}

test('the same seed gives the same trace', async () => {
  const [once, again] = [await runSeed(3), await runSeed(3)];
  assert.equal(once.digest, again.digest);
  assert.deepEqual(once.lines, again.lines);
  assert.ok(once.faults > 20 && once.events > 100);
});
