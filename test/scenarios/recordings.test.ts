// The engine against recordings of the real controller: what was created and done is created and done again, on the embedded server
// and the sandbox, and everything that can be observed must be the same but for what is chance or is intended to be otherwise.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Intended } from './intended.js';
import { asPlayed, INTENDED, meaning } from './intended.js';
import { play } from './player.js';
import { readTraces, TOPICS } from './trace.js';
import { startWorld } from './world.js';

/** All that were recorded and handed out. */
const RECORDED = 92;

const needed = new Set<Intended | undefined>();

for (const topic of TOPICS) {
  describe(topic, async () => {
    for (const trace of await readTraces(topic)) {
      test(`${trace.id}: ${trace.title}`, async () => {
        const { findings, log } = await play(asPlayed(trace), startWorld);
        for (const finding of findings) needed.add(meaning(trace.id, finding));
        assert.deepEqual(findings.filter((finding) => meaning(trace.id, finding) === undefined), [], log.join('\n'));
      });
    }
  });
}

// After all plays: tests of a file run in their order.
test('all recordings are played, and each difference that is meant is still there', async () => {
  const ids = (await Promise.all(TOPICS.map(readTraces))).flat().map(({ id }) => id);
  assert.equal(new Set(ids).size, RECORDED);
  assert.deepEqual(INTENDED.filter((each) => !needed.has(each)).map(({ trace, path }) => `${trace}: ${path}`), []);
});
