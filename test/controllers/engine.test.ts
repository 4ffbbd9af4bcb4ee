// The lease and the controllers together: no write without it, none after it, and the work goes on with whoever leads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../src/cluster/cluster.js';
import { startEngine } from '../../src/controllers/engine.js';
import type { Engine, EngineEvent } from '../../src/controllers/engine.js';
import type { Reconciler } from '../../src/controllers/reconciler.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { LEASE, ROLLOUT } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { failure, scriptedCluster } from '../cluster/scripted-cluster.js';
import type { ScriptedCluster } from '../cluster/scripted-cluster.js';

const START = Date.parse('2026-11-21T10:00:00Z');

const aRollout = (turn: number): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'r', namespace: 'a' }, spec: { turn } });
const turnOf = (object: KubeObject | undefined, part: string): unknown => (object?.[part] as Record<string, unknown> | undefined)?.['turn'];

/** Repeats the spec in the status, and says who did it. */
const copying = (who: string): Reconciler => ({
  name: 'rollout',
  type: ROLLOUT,
  watches: [],
  workers: 1,
  async reconcile(key, io) {
    const seen = io.cache.get(key);
    if (seen === undefined || turnOf(seen, 'status') === turnOf(seen, 'spec')) return { type: 'done' };
    const written = await io.apply({ type: 'patch', ref: key, patchType: 'merge', subresource: 'status', body: { status: { turn: turnOf(seen, 'spec'), who } }, why: 'copy' });
    return written.ok ? { type: 'done' } : { type: 'retry', reason: written.error.message };
  },
});

function engine(cluster: Cluster, clock: VirtualClock, who: string): { readonly engine: Engine; readonly events: EngineEvent[] } {
  const events: EngineEvent[] = [];
  const started = startEngine({ cluster, reconcilers: [copying(who)], clock, rng: createRng(who.charCodeAt(0)), log: () => undefined, hostname: who, environment: {}, mode: 'embedded', onEvent: (event) => events.push(event) });
  return { engine: started, events };
}

const statusOf = (cluster: ScriptedCluster): Record<string, unknown> => (cluster.all(ROLLOUT)[0]?.['status'] ?? {}) as Record<string, unknown>;

test('takes the lease before the first write, and says so', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  cluster.put(ROLLOUT, aRollout(1));
  const { engine: one, events } = engine(cluster, clock, 'one');
  await clock.runUntil(START + 1000);
  assert.match(one.identity, /^one_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(events, [{ type: 'leading', identity: one.identity }]);
  assert.deepEqual(cluster.requests.filter((request) => /^(create|update|patch)/.test(request)).slice(0, 2), ['create leases', 'patch rollouts']);
  assert.ok(one.idle());
});

test('while another leads nothing is written, watched or listed', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  cluster.put(ROLLOUT, aRollout(1));
  cluster.put(LEASE, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'argo-rollouts-controller-lock', namespace: 'argo-rollouts' }, spec: { holderIdentity: 'argo_1', leaseDurationSeconds: 3600 } });
  const { events } = engine(cluster, clock, 'one');
  await clock.runUntil(START + 60_000);
  assert.deepEqual(events, [{ type: 'standing-by', holder: 'argo_1', reason: 'another engine leads' }]);
  assert.deepEqual([...new Set(cluster.requests)], ['get leases']);
});

test('a lost lease stops the controllers first; then it leads again, in the same process', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  cluster.put(ROLLOUT, aRollout(1));
  const { engine: one, events } = engine(cluster, clock, 'one');
  await clock.runUntil(START + 10_000);
  cluster.fail('update', ...Array.from({ length: 12 }, () => failure(0, 'NoAnswer')));
  cluster.fail('get', ...Array.from({ length: 6 }, () => failure(0, 'NoAnswer')));
  await clock.runUntil(START + 22_500);
  assert.equal(events.at(-1)?.type, 'standing-by');
  cluster.put(ROLLOUT, { ...aRollout(2), status: { turn: 1 } });
  await clock.runUntil(START + 23_000);
  assert.equal(statusOf(cluster)['turn'], 1, 'written without the lease');
  await clock.runUntil(START + 90_000);
  assert.equal(statusOf(cluster)['turn'], 2);
  const types = events.map(({ type }) => type);
  assert.deepEqual(types.filter((type, index) => type !== types[index - 1]), ['leading', 'standing-by', 'leading']);
  assert.ok(one.idle());
});

test('two engines in turn: the second goes on where the first was stopped', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  cluster.put(ROLLOUT, aRollout(1));
  const first = engine(cluster, clock, 'one');
  await clock.runUntil(START + 500);
  const second = engine(cluster, clock, 'two');
  await clock.runUntil(START + 5000);
  assert.deepEqual(statusOf(cluster), { turn: 1, who: 'one' });
  await first.engine.stop();
  cluster.put(ROLLOUT, { ...aRollout(2), status: { turn: 1 } });
  await clock.runUntil(clock.now() + 5000);
  assert.deepEqual(statusOf(cluster), { turn: 2, who: 'two' });
  assert.deepEqual(second.events.map(({ type }) => type), ['standing-by', 'leading']);
  await second.engine.stop();
  const asked = cluster.requests.length;
  await clock.runUntil(clock.now() + 600_000);
  assert.equal(cluster.requests.length, asked);
});
