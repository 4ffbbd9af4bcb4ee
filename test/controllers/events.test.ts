// Events are merged, bounded, in order, and never in the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventRecorder, EVENT_SOURCE } from '../../src/controllers/events.js';
import type { EventRecorder } from '../../src/controllers/events.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { EVENT } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { failure, scriptedCluster } from '../cluster/scripted-cluster.js';
import type { ScriptedCluster } from '../cluster/scripted-cluster.js';

const START = Date.parse('2026-11-21T10:00:00Z');
const rollout: KubeObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'r', namespace: 'a', uid: 'u1', resourceVersion: '7' } };

type World = { readonly cluster: ScriptedCluster; readonly clock: VirtualClock; readonly recorder: EventRecorder; readonly logged: string[]; mayWrite: boolean };

function start(): World {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const logged: string[] = [];
  const world: World = { cluster, clock, logged, mayWrite: true, recorder: createEventRecorder({ cluster, clock, rng: createRng(5), log: (line) => logged.push(line), mayWrite: () => world.mayWrite }) };
  return world;
}

const messages = (cluster: ScriptedCluster): readonly unknown[] => cluster.all(EVENT).map((event) => event['message']);

test('an event says who, about what, and when', async () => {
  const { cluster, clock, recorder } = start();
  recorder.record(rollout, { type: 'Warning', reason: 'RolloutAborted', message: 'no good' });
  await clock.runUntil(START);
  const [event] = cluster.all(EVENT);
  assert.ok(event);
  assert.match(event.metadata.name, /^r\.[0-9a-f]+$/);
  assert.equal(event.metadata.namespace, 'a');
  assert.deepEqual(event['involvedObject'], { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'r', namespace: 'a', uid: 'u1', resourceVersion: '7' });
  assert.deepEqual([event['type'], event['reason'], event['message'], event['count'], event['firstTimestamp']], ['Warning', 'RolloutAborted', 'no good', 1, '2026-11-21T10:00:00Z']);
  assert.deepEqual(event['source'], { component: EVENT_SOURCE });
});

test('a burst keeps its order and loses nothing', async () => {
  const { cluster, clock, recorder } = start();
  const wanted = Array.from({ length: 100 }, (_, index) => `step ${index}`);
  for (const message of wanted) recorder.record(rollout, { type: 'Normal', reason: 'RolloutStepCompleted', message });
  assert.equal(recorder.pending(), 100);
  await clock.runUntil(START + 1000);
  assert.deepEqual(messages(cluster), wanted);
  assert.equal(recorder.pending(), 0);
});

test('repeats are counted, not added; after the server has dropped it, it begins anew', async () => {
  const { cluster, clock, recorder } = start();
  const note = { type: 'Normal', reason: 'SwitchService', message: 'to and fro' } as const;
  for (let turn = 0; turn < 5; turn += 1) {
    recorder.record(rollout, note);
    await clock.runUntil(clock.now() + 10_000);
  }
  const [event] = cluster.all(EVENT);
  assert.equal(cluster.all(EVENT).length, 1);
  assert.deepEqual([event?.['count'], event?.['firstTimestamp'], event?.['lastTimestamp']], [5, '2026-11-21T10:00:00Z', '2026-11-21T10:00:40Z']);
  cluster.take({ type: EVENT, namespace: 'a', name: event?.metadata.name ?? '' });
  recorder.record(rollout, note);
  await clock.runUntil(clock.now() + 1000);
  assert.deepEqual(cluster.all(EVENT).map((each) => each['count']), [1]);
});

test('failures are told and do not hold up the next', async () => {
  const { cluster, clock, recorder, logged } = start();
  cluster.fail('create', failure(403, 'Forbidden'));
  recorder.record(rollout, { type: 'Normal', reason: 'One', message: 'lost' });
  recorder.record(rollout, { type: 'Normal', reason: 'Two', message: 'kept' });
  await clock.runUntil(START + 10);
  assert.deepEqual(messages(cluster), ['kept']);
  assert.deepEqual(logged, ['event One of a/r is lost: Forbidden (403): Forbidden by script']);
});

test('what a server refuses for a moment is written a moment later, in order', async () => {
  const { cluster, clock, recorder, logged } = start();
  cluster.fail('create', failure(0, 'NoAnswer'), failure(503, 'ServiceUnavailable'), failure(409, 'AlreadyExists'));
  recorder.record(rollout, { type: 'Normal', reason: 'One', message: 'there already' });
  recorder.record(rollout, { type: 'Normal', reason: 'Two', message: 'after it' });
  await clock.runUntil(START + 10_000);
  assert.deepEqual(messages(cluster), ['after it']);
  assert.deepEqual(logged, []);
});

test('who has lost the lease while it waited does not ask again', async () => {
  for (const [verb, notes] of [['create', 1], ['patch', 2]] as const) {
    const world = start();
    for (let turn = 0; turn < notes; turn += 1) world.recorder.record(rollout, { type: 'Normal', reason: 'One', message: 'too late' });
    world.cluster.fail(verb, failure(503, 'ServiceUnavailable'));
    await world.clock.runUntil(START + 100);
    world.mayWrite = false;
    await world.clock.runUntil(START + 60_000);
    assert.deepEqual(world.cluster.all(EVENT).map((event) => event['count']), verb === 'create' ? [] : [1]);
    assert.match(world.logged[0] ?? '', /^event One of a\/r is lost: .*this engine does not lead/);
  }
});

test('no more than a thousand wait; without the lease none is written', async () => {
  const world = start();
  for (let index = 0; index < 1200; index += 1) world.recorder.record(rollout, { type: 'Normal', reason: 'Flood', message: String(index) });
  assert.equal(world.recorder.pending(), 1000);
  assert.equal(world.logged.length, 200);
  world.mayWrite = false;
  await world.recorder.stop();
  assert.ok(world.cluster.all(EVENT).length <= 1);
  world.recorder.record(rollout, { type: 'Normal', reason: 'Late', message: 'late' });
  assert.equal(world.recorder.pending(), 0);
});
