// Enough bad input to meet what a few inputs do not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFuzz } from './run-fuzz.js';

const FIRST_RUN = 1000;
const RUNS = 1500;

test('every parser explains much bad input', async () => {
  const { failures } = await runFuzz({ runs: RUNS, from: FIRST_RUN });
  assert.deepEqual(failures, []);
});
