// A sample of the moments: each tale at a few of them, each act at some. All of them: `node .tools/run.mjs test/moments/run.js`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTS, meddle, momentsOf } from './explore.js';
import { TALES } from './tales.js';

/** Each tale is met at so many moments; moments and acts are taken in turn, so that all acts are met. */
const MOMENTS = 4;

const acts = Object.keys(ACTS);
let turn = 0;

for (const tale of TALES) {
  test(tale.name, async () => {
    const moments = await momentsOf(tale);
    assert.ok(moments.length > MOMENTS);
    for (let index = 0; index < MOMENTS; index += 1) {
      const moment = moments[Math.floor(((index + 0.5) * moments.length) / MOMENTS)];
      const act = acts[turn % acts.length];
      turn += 1;
      if (moment !== undefined && act !== undefined) assert.deepEqual(await meddle(tale, moment, act), [], `${act} at ${moment.at} of ${moment.ending}`);
    }
  });
}
