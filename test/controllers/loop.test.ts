// The loop on a scripted cluster, with a small controller: for each Rollout one ReplicaSet, and a status that repeats the spec.
// It shows above all that the two faults of writing one's own results into the cache are absent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTDATED } from '../../src/controllers/apply.js';
import type { WorkFigures } from '../../src/controllers/figures.js';
import { startControllers } from '../../src/controllers/loop.js';
import type { Controllers } from '../../src/controllers/loop.js';
import type { ControllerIo, Outcome, Reconciler } from '../../src/controllers/reconciler.js';
import { controllerOf } from '../../src/kinds/kube-object.js';
import type { Change } from '../../src/kinds/change.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { ObjectRef } from '../../src/kinds/object-ref.js';
import { EVENT, REPLICA_SET, ROLLOUT, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { failure, scriptedCluster } from '../cluster/scripted-cluster.js';
import type { ScriptedCluster } from '../cluster/scripted-cluster.js';

const aRollout = (name: string, image: string): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name, namespace: 'a' }, spec: { image } });
const refTo = (name: string): ObjectRef => ({ type: ROLLOUT, namespace: 'a', name });
const field = (object: KubeObject | undefined, part: string): unknown => (object?.[part] as Record<string, unknown> | undefined)?.['image'];

type Pass = (ref: ObjectRef, io: ControllerIo) => Promise<Outcome>;

/** Creates the ReplicaSet when the cache shows none, then writes the status when it differs. */
const follow: Pass = async (ref, io) => {
  const rollout = io.cache.get(ref);
  if (rollout === undefined) return { type: 'done' };
  const uid = rollout.metadata.uid ?? '';
  const image = String(field(rollout, 'spec'));
  if (!io.cache.ownedBy(REPLICA_SET, uid).some((set) => field(set, 'spec') === image)) {
    // The name differs each time, as that of a new revision does: a pass that looks into the past makes a second one.
    const name = `${ref.name}-${image}-${io.now()}`;
    const owner = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: ref.name, uid, controller: true };
    const object: KubeObject = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace: ref.namespace, ownerReferences: [owner] }, spec: { image } };
    const made = await io.apply({ type: 'create', ref: { type: REPLICA_SET, namespace: ref.namespace, name }, object, why: 'a set for the image' });
    if (!made.ok) return { type: 'retry', reason: made.error.message };
    io.record(rollout, { type: 'Normal', reason: 'NewReplicaSetCreated', message: name });
  }
  if (field(rollout, 'status') === image) return { type: 'done' };
  const written = await io.apply({ type: 'patch', ref, patchType: 'merge', subresource: 'status', body: { status: { image } }, why: 'the status follows' });
  return written.ok || written.error.code === 404 ? { type: 'done' } : { type: 'retry', reason: written.error.message };
};

const controller = (reconcile: Pass, workers = 2): Reconciler => ({
  name: 'rollout',
  type: ROLLOUT,
  workers,
  watches: [
    { type: REPLICA_SET, wakes: (set) => { const owner = controllerOf(set); return owner === undefined ? [] : [{ type: ROLLOUT, namespace: set.metadata.namespace ?? '', name: owner.name }]; } },
    { type: VIRTUAL_SERVICE, wakes: () => { throw new Error('a fault in wakes'); } },
  ],
  reconcile,
});

type World = { readonly cluster: ScriptedCluster; readonly clock: VirtualClock; readonly loop: Controllers; readonly logged: string[]; settle(): Promise<void> };

async function start(reconcile: Pass, prepare: (cluster: ScriptedCluster) => void = () => undefined, figures?: WorkFigures): Promise<World> {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(Date.parse('2026-11-21T10:00:00Z'));
  prepare(cluster);
  const logged: string[] = [];
  const loop = startControllers({ cluster, reconcilers: [controller(reconcile)], clock, rng: createRng(7), log: (line) => logged.push(line), figures });
  const settle = async (): Promise<void> => { await clock.runUntil(clock.now() + 60_000); };
  return { cluster, clock, loop, logged, settle };
}

test('a pass with nothing to change writes nothing, and rest costs no request', async () => {
  const { cluster, loop, clock, settle } = await start(follow, (world) => { for (let i = 0; i < 20; i += 1) world.put(ROLLOUT, aRollout(`r${i}`, 'v1')); });
  await settle();
  assert.ok(loop.idle());
  assert.equal(cluster.all(REPLICA_SET).length, 20);
  assert.equal(cluster.all(EVENT).length, 20);
  const before = cluster.requests.length;
  await clock.runUntil(clock.now() + 3 * 60 * 60_000);
  assert.deepEqual([...new Set(cluster.requests.slice(before).map((request) => request.split(' ')[0]))], ['watch']);
  assert.ok((loop.stats()[0]?.passes ?? 0) > 20 * 12, 'each key had its passes meanwhile');
});

test('a change that no longer holds when its turn has come is not sent', async () => {
  const change: Change = { type: 'patch', ref: refTo('late'), patchType: 'merge', body: { spec: { image: 'v2' } }, why: 'it was decided before' };
  const answers: unknown[] = [];
  const { cluster, settle } = await start(async (_, io) => {
    answers.push(await io.apply(change, () => false));
    return { type: 'done' };
  }, (world) => { world.put(ROLLOUT, aRollout('late', 'v1')); });
  await settle();
  assert.deepEqual(answers, [{ ok: false, error: OUTDATED }]);
  assert.equal(cluster.requests.some((request) => request.startsWith('patch')), false);
});

test('passes wait for their own writes: a slow watch makes no second ReplicaSet', async () => {
  const { cluster, settle, clock } = await start(follow);
  await settle();
  cluster.muteWatches(REPLICA_SET);
  cluster.put(ROLLOUT, aRollout('slow', 'v1'));
  // The rollout changes again and again while nothing is heard of its ReplicaSet.
  for (let i = 0; i < 6; i += 1) {
    await clock.runUntil(clock.now() + 700);
    cluster.put(ROLLOUT, { ...aRollout('slow', 'v1'), metadata: { name: 'slow', namespace: 'a', annotations: { turn: String(i) } } });
  }
  cluster.dropWatches();
  await settle();
  assert.equal(cluster.all(REPLICA_SET).length, 1);
});

test('a rollout deleted during a pass stays deleted: its ReplicaSet is not made for ever', async () => {
  let deleteNow = false;
  const { cluster, loop, settle } = await start(follow, (world) => {
    world.put(ROLLOUT, aRollout('doomed', 'v1'));
  });
  cluster.beforeWrite = (verb, ref) => {
    // Just before the status is written, the rollout goes; and its ReplicaSet with it, as garbage collection does.
    if (verb !== 'patch' || ref.type !== ROLLOUT || deleteNow) return;
    deleteNow = true;
    cluster.take(refTo('doomed'));
    for (const set of cluster.all(REPLICA_SET)) cluster.take({ type: REPLICA_SET, namespace: 'a', name: set.metadata.name });
  };
  await settle();
  assert.ok(deleteNow);
  assert.ok(loop.idle());
  assert.equal(loop.cache.get(refTo('doomed')), undefined);
  assert.deepEqual(cluster.all(REPLICA_SET), []);
  assert.equal(cluster.requests.filter((request) => request === 'create replicasets').length, 1);
  assert.ok((loop.stats()[0]?.passes ?? 0) <= 4);
});

test('a spec change between the status patch and its coming back is seen at once', async () => {
  const { cluster, loop, settle, clock } = await start(follow, (world) => world.put(ROLLOUT, aRollout('busy', 'v1')));
  let changed = false;
  cluster.beforeWrite = (verb, ref) => {
    if (verb !== 'patch' || ref.type !== ROLLOUT || changed) return;
    changed = true;
    // After the patch has been done, before the pass that asked for it hears so.
    queueMicrotask(() => queueMicrotask(() => { cluster.put(ROLLOUT, { ...aRollout('busy', 'v2'), status: { image: 'v1' } }); }));
  };
  await clock.runUntil(clock.now() + 500);
  assert.ok(changed);
  assert.equal(field(loop.cache.get(refTo('busy')), 'spec'), 'v2');
  assert.equal(field(loop.cache.get(refTo('busy')), 'status'), 'v2', 'without a resync or any other event');
  await settle();
  assert.deepEqual(cluster.all(REPLICA_SET).map((set) => field(set, 'spec')), ['v1', 'v2']);
});

test('a pass that throws is told, counted and tried again; others go on', async () => {
  let broken = true;
  const { cluster, loop, logged, settle, clock } = await start(async (ref, io) => {
    if (ref.name === 'bad' && broken) throw new Error('no such thing');
    return follow(ref, io);
  }, (world) => { world.put(ROLLOUT, aRollout('bad', 'v1')); world.put(ROLLOUT, aRollout('good', 'v1')); });
  await clock.runUntil(clock.now() + 5000);
  assert.deepEqual(cluster.all(REPLICA_SET).map((set) => controllerOf(set)?.name), ['good']);
  const panics = loop.stats()[0]?.panics ?? 0;
  assert.ok(panics >= 10 && panics <= 14, `${panics} panics in 5 s`);
  assert.ok(logged.some((line) => line.includes('rollout a/bad: fault in the program: Error: no such thing')));
  broken = false;
  await settle();
  assert.equal(cluster.all(REPLICA_SET).length, 2);
});

test('faults of the server are tried again, and end in the same state', async () => {
  const { cluster, loop, settle } = await start(follow, (world) => {
    world.put(ROLLOUT, aRollout('r', 'v1'));
    world.fail('create', failure(500, 'InternalError'), failure(429, 'TooManyRequests'), failure(0, 'NoAnswer'));
    world.fail('patch', failure(409, 'Conflict'), failure(409, 'Conflict'), failure(500, 'InternalError'));
  });
  await settle();
  assert.ok(loop.idle());
  assert.equal(cluster.all(REPLICA_SET).length, 1);
  assert.equal(field(loop.cache.get(refTo('r')), 'status'), 'v1');
  assert.equal(loop.stats()[0]?.conflicts, 2);
});

test('the same key never runs twice at a time, different ones do', async () => {
  const running: string[] = [];
  let most = 0;
  const { cluster, settle } = await start(async (ref, io) => {
    assert.ok(!running.includes(ref.name), 'twice at a time');
    running.push(ref.name);
    most = Math.max(most, running.length);
    const outcome = await follow(ref, io);
    running.splice(running.indexOf(ref.name), 1);
    return outcome;
  }, (world) => { for (const name of ['a', 'b', 'c', 'd']) world.put(ROLLOUT, aRollout(name, 'v1')); });
  await settle();
  assert.equal(most, 2);
  assert.equal(cluster.all(REPLICA_SET).length, 4);
});

test('wishes for a later pass are kept, and an earlier event comes first', async () => {
  const passes: number[] = [];
  const { cluster, clock } = await start(async (_ref, io) => {
    passes.push(io.now());
    return { type: 'at', wakeAt: io.now() + 100_000 };
  }, (world) => world.put(ROLLOUT, aRollout('timed', 'v1')));
  const begin = clock.now();
  await clock.runUntil(begin + 150_000);
  cluster.put(ROLLOUT, aRollout('timed', 'v2'));
  await clock.runUntil(begin + 300_000);
  assert.deepEqual(passes.map((at) => Math.round((at - begin) / 1000)), [0, 100, 150, 250]);
});

test('stop ends it: no pass, no request, no timer', async () => {
  const { cluster, clock, loop, settle } = await start(follow, (world) => world.put(ROLLOUT, aRollout('r', 'v1')));
  await settle();
  await loop.stop();
  const before = cluster.requests.length;
  cluster.put(ROLLOUT, aRollout('late', 'v1'));
  await clock.runUntil(clock.now() + 60 * 60_000);
  assert.equal(cluster.requests.length, before);
  assert.equal(clock.next(), undefined);
});

test('whoever counts is told of each key that waits, is taken, and passes, and of each event; of a stop too', async () => {
  const told: string[] = [];
  const figures: WorkFigures = {
    waits: ({ name }) => void told.push(`${name} waits`),
    takes({ name }) {
      told.push(`${name} taken`);
      return () => void told.push(`${name} done`);
    },
    passes({ name }) {
      told.push(`${name} passes`);
      return (failed) => void told.push(`${name} ${failed ? 'failed' : 'passed'}`);
    },
    records: ({ metadata }, { reason }) => void told.push(`${metadata.name}: ${reason}`),
    sends: () => () => undefined,
    stops: ({ plural }) => void told.push(`no more ${plural}`),
  };
  let turn = 0;
  const { settle, loop } = await start(async (ref, io) => {
    turn += 1;
    if (turn === 1) return { type: 'retry', reason: 'not yet' };
    if (turn === 2) throw new Error('a fault');
    return follow(ref, io);
  }, (world) => world.put(ROLLOUT, aRollout('r', 'v1')), figures);
  await settle();
  const pass = (...within: readonly string[]): readonly string[] => ['r waits', 'r taken', ...within, 'r done'];
  assert.deepEqual(told.slice(0, 16), [...pass('r passes', 'r failed'), ...pass('r passes', 'r failed'), ...pass('r passes', 'r: NewReplicaSetCreated', 'r passed')].slice(0, 16));
  await loop.stop();
  assert.equal(told.at(-1), 'no more rollouts');
});
