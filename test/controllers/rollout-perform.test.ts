// What is left of a decision when the world moves under it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTDATED } from '../../src/controllers/apply.js';
import { evadeTakenName } from '../../src/controllers/rollout-refused.js';
import { performActions } from '../../src/controllers/rollout-perform.js';
import type { ControllerIo } from '../../src/controllers/reconciler.js';
import type { Decision } from '../../src/decide/rollout/observed.js';
import type { Change } from '../../src/kinds/change.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { aSet } from '../decide/rollout/fixture.js';
import { err, ok } from '../../src/lib/result.js';

const rollout = (generation: number): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'mall', generation, resourceVersion: String(10 + generation) } });
const resize = (name: string): Change => ({ type: 'patch', ref: { type: REPLICA_SET, namespace: 'mall', name }, patchType: 'merge', body: { spec: { replicas: 0 } }, why: 'it is no longer needed' });
const note: Change = { type: 'patch', ref: { type: ROLLOUT, namespace: 'mall', name: 'shop' }, patchType: 'merge', body: { metadata: { annotations: { revision: '2' } } }, why: 'it is numbered' };

/** Every write is answered when `meanwhile` has happened, and waits until `turn` has; returns what was written. */
async function perform(actions: readonly Change[], meanwhile: (written: number) => KubeObject, pods: (written: number) => readonly number[] = () => [], turn: (written: number) => KubeObject | undefined = () => undefined): Promise<readonly string[]> {
  const written: string[] = [];
  let known = rollout(1);
  const io = {
    cache: { get: () => known, ownedBy: () => pods(written.length).map((count, place) => aSet(place + 1, { size: 3, available: count })) },
    apply: (change: Change, stillHolds: () => boolean) => {
      known = turn(written.length) ?? known;
      if (!stillHolds()) return Promise.resolve(err(OUTDATED));
      written.push(change.ref.name);
      known = meanwhile(written.length);
      return Promise.resolve(ok(change.ref.type === ROLLOUT ? known : rollout(1)));
    },
  } as unknown as ControllerIo;
  await performActions({ actions } as unknown as Decision, { io, object: rollout(1), router: undefined, routeObjects: [] });
  return written;
}

test('a decision for a rollout that was changed while it was written goes no further', async () => {
  assert.deepEqual(await perform([resize('a'), resize('b'), resize('c')], (written) => rollout(written < 2 ? 1 : 2)), ['a', 'b']);
});

test('nor does a write that waited for its turn, when the rollout was changed in that time', async () => {
  assert.deepEqual(await perform([resize('a'), resize('b')], () => rollout(1), () => [], (written) => rollout(written < 1 ? 1 : 2)), ['a']);
});

test('what the pass itself changes is no change by somebody else', async () => {
  assert.deepEqual(await perform([resize('a'), note, resize('b')], (written) => rollout(written < 2 ? 1 : 2)), ['a', 'shop', 'b']);
});

test('pods that are lost meanwhile end it, those that come do not', async () => {
  const same = (): KubeObject => rollout(1);
  assert.deepEqual(await perform([resize('a'), resize('b'), resize('c')], same, (written) => [3, written < 1 ? 3 : 2]), ['a']);
  assert.deepEqual(await perform([resize('a'), resize('b'), resize('c')], same, (written) => [3, written]), ['a', 'b', 'c']);
});

test('its own new ReplicaSet, whose first answer was lost, is no stranger for the metadata of its part', async () => {
  const object: KubeObject = { ...rollout(1), metadata: { ...rollout(1).metadata, uid: 'ro-1' } };
  const set = aSet(2, { annotations: { 'rollout.argoproj.io/ephemeral-metadata': '{"labels":{"role":"canary"}}' } });
  const stored = (image: string): KubeObject => ({ ...set, spec: { ...set.spec, template: { metadata: { labels: { app: 'shop', role: 'canary' } }, spec: { containers: [{ name: 'main', image }] } } } });
  const taken = async (image: string): Promise<boolean> => {
    const io = { read: () => Promise.resolve(ok(stored(image))), apply: () => Promise.resolve(ok(object)), log: () => {}, now: () => 0 } as unknown as ControllerIo;
    return evadeTakenName({ type: 'create', ref: { type: REPLICA_SET, namespace: 'mall', name: set.metadata.name }, object: stored('shop:2'), why: 'it is new' }, { code: 409, reason: 'AlreadyExists', message: 'it exists' }, object, io);
  };
  assert.deepEqual([await taken('shop:2'), await taken('shop:3')], [false, true]);
});
