// Counters over time: what is kept, and what is forgotten.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeriesStore, MOST_SAMPLES } from '../../../src/sandbox/metrics/series-store.js';

const named = (name: string): { name: string; matches(value: string): boolean } => ({ name: '__name__', matches: (value) => value === name });

test('old scrapes are forgotten, and a counter that began later keeps its own times', () => {
  const store = createSeriesStore();
  for (let at = 1; at <= MOST_SAMPLES * 4; at += 1) {
    store.add({ __name__: 'early' }, 1);
    if (at > MOST_SAMPLES * 3) store.add({ __name__: 'late' }, 10);
    store.scrape(at * 1000);
  }
  const last = MOST_SAMPLES * 4;
  const [early] = store.select([named('early')], 0, Number.POSITIVE_INFINITY);
  assert.ok(early !== undefined && early.samples.length >= MOST_SAMPLES && early.samples.length <= MOST_SAMPLES * 2);
  assert.deepEqual(early.samples.at(-1), { at: last * 1000, value: last });
  assert.ok(early.samples.every(({ at, value }) => at === value * 1000));
  const [late] = store.select([named('late')], 0, Number.POSITIVE_INFINITY);
  assert.deepEqual(late?.samples[0], { at: (MOST_SAMPLES * 3 + 1) * 1000, value: 10 });
  assert.equal(late?.samples.length, MOST_SAMPLES);
});

test('a window is open at its start and closed at its end', () => {
  const store = createSeriesStore();
  store.add({ __name__: 'x' }, 1);
  for (const at of [1000, 2000, 3000]) store.scrape(at);
  assert.deepEqual(store.select([named('x')], 1000, 2000)[0]?.samples.map(({ at }) => at), [2000]);
});
