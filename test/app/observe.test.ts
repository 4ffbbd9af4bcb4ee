// What is asked of a cluster, and in which order: the first rows wait for nothing that they do not show.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInProcessCluster, type FaultRequest } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { observeCluster } from '../../src/app/observe.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { LEASE } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';

const START = Date.parse('2026-11-21T10:00:00Z');

/** The kinds in the order in which they are listed within so long. */
async function listedIn(ms: number, refused?: string): Promise<readonly string[]> {
  const clock = new VirtualClock(START);
  const store = createStore({ now: START, rng: createRng(1), definitions: customResourceDefinitions() });
  const seen: string[] = [];
  const cluster = createInProcessCluster({
    store, clock, name: 'order',
    faults: ({ verb, type }: FaultRequest) => {
      if (verb === 'list') seen.push(type.kind);
      return verb === 'list' && type.kind === refused ? { code: 500, reason: 'InternalError', message: 'not now' } : undefined;
    },
  });
  const view = observeCluster({ cluster, clock, rng: createRng(2), embedded: true, namespaces: [], likelyNamespaces: () => [], lease: { type: LEASE, namespace: 'argo-rollouts', name: 'x' }, leadingAs: () => undefined, onChange: () => {}, onRead: () => {} });
  await clock.runUntil(START + ms);
  view.stop();
  return seen;
}

test('events are asked for when the rollouts are there', async () => {
  const seen = await listedIn(1000);
  assert.ok(seen.includes('Rollout') && seen.includes('Pod'), seen.join(' '));
  assert.equal(seen.at(-1), 'Event');
  assert.deepEqual((await listedIn(50)).includes('Event'), false);
});

test('they come all the same where rollouts can not be listed', async () => {
  assert.equal((await listedIn(1000, 'Rollout')).includes('Event'), false);
  assert.equal((await listedIn(5000, 'Rollout')).includes('Event'), true);
});
