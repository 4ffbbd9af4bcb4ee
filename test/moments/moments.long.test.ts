// More of the moments than every run of the tests can take: every act, at every sixteenth moment, another one for each act.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTS, meddle, momentsOf } from './explore.js';
import { TALES } from './tales.js';

const STRIDE = 16;

for (const tale of TALES) {
  test(tale.name, async () => {
    const moments = await momentsOf(tale);
    for (const [offset, act] of Object.keys(ACTS).entries()) {
      for (const moment of moments.filter((_, index) => index % STRIDE === offset % STRIDE)) {
        assert.deepEqual(await meddle(tale, moment, act), [], `${act} at ${moment.at} of ${moment.ending}`);
      }
    }
  });
}
