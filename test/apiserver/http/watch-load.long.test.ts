// The server under load: every watcher sees every version once and in order, and what it has delivered it does not keep.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadServer } from '../../support/watch-load.js';

/** Watch logs, buffers and the garbage between two collections; what a leak of events would cost is many times that. */
const MOST_GROWTH_MIB = 200;

test('100 watchers of 1,000 objects, 10,000 writes from eight sides', async () => {
  const { writes, wrong, memoryMib } = await loadServer({ watchers: 100, objects: 1000, until: { writes: 10_000 } });
  assert.deepEqual(wrong, []);
  assert.equal(writes, 10_000);
  const [first = 0, ...later] = memoryMib;
  assert.ok(Math.max(...later) - first < MOST_GROWTH_MIB, `memory of the server in MiB: ${memoryMib.map(Math.round).join(', ')}`);
});
