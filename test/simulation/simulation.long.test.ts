// Lives of the engine by chance, enough of them to meet what a few do not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSeed } from './run-seed.js';

const FIRST_SEED = 100;
const SEEDS = 40;

for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
  test(`seed ${seed} breaks no invariant`, async () => {
    const { violations, lines } = await runSeed(seed);
    assert.deepEqual(violations, [], lines.slice(-60).join('\n'));
  });
}
