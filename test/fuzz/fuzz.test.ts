// A little bad input for everything that parses, in each run of the tests; any amount by `npm run fuzz -- --runs N`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFuzz } from './run-fuzz.js';
import { TARGETS } from './targets.js';

const RUNS = 40;

test('every parser explains bad input', async () => {
  const { failures, inputs } = await runFuzz({ runs: RUNS });
  assert.deepEqual(failures, []);
  assert.equal(inputs, RUNS * TARGETS.length);
});

test('every good sample is accepted by something', async () => {
  for (const target of TARGETS) {
    const answers = [];
    for (const sample of target.samples) answers.push(await (target.type === 'text' ? target.run(sample as string) : target.run(sample)));
    assert.ok(answers.includes(undefined), `${target.name}: ${String(answers[0])}`);
  }
});
