// Lives of the engine by chance, enough of them to meet what a few do not; and those that once broke an invariant.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CASES } from './cases.js';
import { runSeed } from './run-seed.js';

const FIRST_SEED = 100;
const SEEDS = 40;
const LAST_LINES = 60;

const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index).filter((seed) => !CASES.some(([known]) => known === seed));

for (const [seed, what] of [...CASES, ...seeds.map((seed) => [seed, 'by chance'] as const)]) {
  test(`seed ${seed} breaks no invariant: ${what}`, async () => {
    const { violations, lines } = await runSeed(seed);
    assert.deepEqual(violations, [], lines.slice(-LAST_LINES).join('\n'));
  });
}
