// The figures that do not depend on the machine, held: what rollouts at rest cost, what a release asks, what a changed row writes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureEngine } from './engine-work.js';
import { measurePainting } from './painting.js';

/** Argo Rollouts 1.9.1 in the same work. */
const ARGO_REQUESTS = 47;

test('rollouts at rest ask nothing, and a pass that changes nothing writes nothing', async () => {
  const { rollouts, update, rest, idlePasses } = await measureEngine(12);
  assert.equal(rest.requests, 0);
  assert.ok(idlePasses.passes >= rollouts, `${idlePasses.passes} passes`);
  assert.equal(idlePasses.writes, 0);
  assert.ok(update.requests / rollouts < ARGO_REQUESTS, `${update.requests / rollouts} requests a rollout`);
  assert.equal(update.reads, 0);
});

test('a changed row, a moved mark and a scrolled list write what has changed', async () => {
  const { changedRow, mark, scroll, whole } = await measurePainting();
  assert.ok(changedRow > 0 && changedRow < 100, `${changedRow} bytes for a row`);
  assert.ok(mark < 1500, `${mark} bytes for the mark`);
  assert.ok(scroll < whole / 2, `${scroll} bytes for a scroll, ${whole} for the screen`);
});
