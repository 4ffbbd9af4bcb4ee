// One writer at a time, whatever happens to clocks, networks and processes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../src/cluster/cluster.js';
import { leaseNamespace, leaseRef, observeLease, readRecord } from '../../src/controllers/lease-record.js';
import { RENEW_DEADLINE_MS, startLease } from '../../src/controllers/lease.js';
import type { Lease, LeaseState } from '../../src/controllers/lease.js';
import { LEASE, NAMESPACE } from '../../src/kinds/resource-type.js';
import { sleep, VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { failure, scriptedCluster } from '../cluster/scripted-cluster.js';

const START = Date.parse('2026-11-21T10:00:00Z');
const ref = leaseRef('argo-rollouts');

type Candidate = { readonly lease: Lease; readonly states: LeaseState[] };

function enter(cluster: Cluster, clock: VirtualClock, identity: string, createNamespace = false): Candidate {
  const states: LeaseState[] = [];
  const lease = startLease({ cluster, clock, rng: createRng(identity.length + identity.charCodeAt(0)), namespace: 'argo-rollouts', identity, createNamespace, onChange: (state) => states.push(state) });
  return { lease, states };
}

/** The same cluster as one engine sees it whose network can be cut. */
function cuttable(cluster: Cluster): { readonly cluster: Cluster; cut: boolean } {
  const link = { cut: false, cluster };
  const gone = { ok: false as const, error: failure(0, 'NoAnswer') };
  link.cluster = {
    ...cluster,
    get: (wanted) => (link.cut ? Promise.resolve(gone) : cluster.get(wanted)),
    create: (wanted, object, options) => (link.cut ? Promise.resolve(gone) : cluster.create(wanted, object, options)),
    update: (wanted, object, options) => (link.cut ? Promise.resolve(gone) : cluster.update(wanted, object, options)),
  };
  return link;
}

test('the first takes it, the second stands by and names the first', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const first = enter(cluster, clock, 'a_1');
  await clock.runUntil(START + 100);
  const second = enter(cluster, clock, 'b_2');
  await clock.runUntil(START + 10 * 60_000);
  assert.deepEqual(first.states, [{ type: 'leading' }]);
  assert.deepEqual(second.states, [{ type: 'waiting', holder: 'a_1', reason: 'another engine leads' }]);
  assert.ok(first.lease.holds());
  assert.ok(!second.lease.holds());
  const view = await observeLease(cluster, 'argo-rollouts', clock.now());
  assert.ok(view.ok && view.value !== undefined);
  assert.equal(view.value.holder, 'a_1');
  assert.ok((view.value.ageMs ?? Infinity) < 3000);
  assert.equal(view.value.expired, false);
  assert.deepEqual(cluster.all(LEASE).map((lease) => lease['spec']).map((spec) => (spec as Record<string, unknown>)['leaseDurationSeconds']), [15]);
});

/** A machine's time that is set anew while its timers run on. */
function settable(base: VirtualClock): { readonly clock: VirtualClock; jump(byMs: number): void } {
  let offset = 0;
  const clock = Object.assign(Object.create(base) as VirtualClock, {
    now: () => base.now() + offset,
    after: (delayMs: number, action: () => void) => base.after(delayMs, action),
  });
  return { clock, jump: (byMs) => { offset += byMs; } };
}

for (const byMs of [20_000, 3_600_000, -3_600_000]) {
  test(`a clock that is set by ${byMs / 1000} s does not take a lease that is renewed`, async () => {
    const cluster = scriptedCluster();
    const clock = new VirtualClock(START);
    // Its renewals are late, so that two looks of the other see the same.
    const slow = { ...cluster, update: async (...args: Parameters<Cluster['update']>) => { await sleep(clock, 3000); return cluster.update(...args); } };
    const first = enter(slow, clock, 'a_1');
    await clock.runUntil(START + 100);
    const other = settable(clock);
    const second = enter(cluster, other.clock, 'b_2');
    for (let turn = 1; turn <= 20; turn += 1) {
      await clock.runUntil(START + turn * 61_300);
      other.jump(byMs);
    }
    await clock.runUntil(clock.now() + 60_000);
    assert.deepEqual(first.states, [{ type: 'leading' }]);
    assert.ok(!second.states.some(({ type }) => type === 'leading'));
  });
}

test('a clean stop gives it back, and the next leads within a retry', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const first = enter(cluster, clock, 'a_1');
  await clock.runUntil(START + 100);
  const second = enter(cluster, clock, 'b_2');
  await clock.runUntil(START + 60_000);
  await first.lease.stop();
  assert.equal(readRecord(cluster.all(LEASE)[0] ?? assert.fail()).holder, '');
  await clock.runUntil(clock.now() + 2500);
  assert.ok(second.lease.holds());
  assert.equal(readRecord(cluster.all(LEASE)[0] ?? assert.fail()).transitions, 1);
});

test('one that vanishes is followed after the duration of its lease, not before', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const link = cuttable(cluster);
  enter(link.cluster, clock, 'a_1');
  await clock.runUntil(START + 30_000);
  const second = enter(cluster, clock, 'b_2');
  await clock.runUntil(START + 40_000);
  link.cut = true;
  const cutAt = clock.now();
  await clock.runUntil(cutAt + 12_000);
  assert.ok(!second.lease.holds());
  await clock.runUntil(cutAt + 21_000);
  assert.ok(second.lease.holds());
});

test('who is cut off stops writing before another may begin, and stands by when it is back', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const link = cuttable(cluster);
  const first = enter(link.cluster, clock, 'a_1');
  await clock.runUntil(START + 20_000);
  const second = enter(cluster, clock, 'b_2');
  for (let turn = 0; turn < 200; turn += 1) {
    link.cut = turn % 50 >= 10;
    await clock.runUntil(clock.now() + 500);
    assert.ok(!(first.lease.holds() && second.lease.holds()), `both may write at ${clock.now() - START} ms`);
  }
  assert.ok(second.lease.holds());
  assert.ok(first.states.some((state) => state.type === 'waiting' && state.reason.includes('could not be renewed')));
  assert.deepEqual(first.states.at(-1), link.cut ? first.states.at(-1) : { type: 'waiting', holder: 'b_2', reason: 'another engine leads' });
});

test('the fence falls by the own clock, without any answer', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  let hang = false;
  const never = new Promise<never>(() => undefined);
  const first = enter({ ...cluster, update: (wanted, object) => (hang ? never : cluster.update(wanted, object)) }, clock, 'a_1');
  await clock.runUntil(START + 20_000);
  assert.ok(first.lease.holds());
  hang = true;
  await clock.runUntil(START + 20_000 + RENEW_DEADLINE_MS + 1);
  assert.ok(!first.lease.holds());
  assert.equal(first.states.at(-1)?.type, 'waiting');
});

test('a lease taken away is noticed at the next renewal', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const first = enter(cluster, clock, 'a_1');
  await clock.runUntil(START + 20_000);
  cluster.put(LEASE, { ...(cluster.all(LEASE)[0] ?? assert.fail()), spec: { holderIdentity: 'thief', leaseDurationSeconds: 15 } });
  await clock.runUntil(START + 23_000);
  assert.deepEqual(first.states.at(-1), { type: 'waiting', holder: 'thief', reason: 'another engine has taken the lease' });
  await clock.runUntil(START + 60_000);
  assert.ok(first.lease.holds(), 'the thief never renewed');
});

test('short faults of the server cost nothing', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const first = enter(cluster, clock, 'a_1');
  await clock.runUntil(START + 5000);
  cluster.fail('update', failure(500, 'InternalError'), failure(0, 'NoAnswer'), failure(429, 'TooManyRequests'));
  await clock.runUntil(START + 60_000);
  assert.deepEqual(first.states, [{ type: 'leading' }]);
});

test('a missing namespace is made only where that is asked for, and told otherwise', async () => {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const needsNamespace: Cluster = {
    ...cluster,
    create: (wanted, object) => (wanted.type === LEASE && !cluster.all(NAMESPACE).some(({ metadata }) => metadata.name === wanted.namespace) ? Promise.resolve({ ok: false, error: failure(404, 'NotFound') }) : cluster.create(wanted, object)),
  };
  const shy = enter(needsNamespace, clock, 'a_1');
  await clock.runUntil(START + 5000);
  const last = shy.states.at(-1);
  assert.ok(last?.type === 'waiting' && last.reason.includes('POD_NAMESPACE'));
  assert.deepEqual(cluster.all(NAMESPACE), []);
  await shy.lease.stop();
  const bold = enter(needsNamespace, clock, 'b_2', true);
  await clock.runUntil(START + 10_000);
  assert.ok(bold.lease.holds());
});

const NAMESPACES: readonly (readonly [Readonly<Record<string, string>>, string | undefined, string])[] = [
  [{ POD_NAMESPACE: 'own' }, 'account', 'own'],
  [{ POD_NAMESPACE: '' }, 'account', 'account'],
  [{}, undefined, 'argo-rollouts'],
];

test('the namespace of the lease is that of the controller', () => {
  for (const [environment, account, wanted] of NAMESPACES) assert.equal(leaseNamespace(environment, account), wanted);
  assert.equal(ref.name, 'argo-rollouts-controller-lock');
});
