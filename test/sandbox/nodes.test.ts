// Nodes: there from the start, bound to, cordoned, and added by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPodReady } from '../../src/kinds/pod.js';
import { NODE, REPLICA_SET } from '../../src/kinds/resource-type.js';
import { aWorld, replicaSet, template } from './world.js';
import type { TestWorld } from './world.js';

const nodes = async (world: TestWorld): Promise<readonly unknown[]> => {
  const listed = await world.cluster.list(NODE);
  if (!listed.ok) throw new Error(listed.error.message);
  return listed.value.items.map(({ metadata: { name }, ...node }) => [name, (node['status'] as { conditions?: { type: string; status: string }[] }).conditions?.find(({ type }) => type === 'Ready')?.status]);
};

const cordon = async (world: TestWorld, name: string, unschedulable: boolean): Promise<void> => {
  const done = await world.cluster.patch({ type: NODE, namespace: '', name }, 'merge', { spec: { unschedulable } });
  assert.equal(done.ok, true);
};

const OWN = ['sandbox-node-1', 'sandbox-node-2', 'sandbox-node-3'];

test('three nodes are ready before there is a pod, and one that is deleted comes back', async () => {
  const world = await aWorld();
  await world.run(100);
  assert.deepEqual(await nodes(world), OWN.map((name) => [name, 'True']));
  await world.cluster.delete({ type: NODE, namespace: '', name: 'sandbox-node-2' });
  await world.run(100);
  assert.equal((await nodes(world)).length, 3);
  await world.sandbox.stop();
});

test('a node that somebody adds is ready, and takes pods', async () => {
  const world = await aWorld();
  await world.run(100);
  for (const name of OWN) await cordon(world, name, true);
  await world.cluster.create({ type: NODE, namespace: '', name: 'mine' }, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'mine' }, spec: {} });
  await world.create(REPLICA_SET, replicaSet('web', 2, template('web', 'web:v1')));
  await world.run(2000);
  assert.deepEqual((await nodes(world)).find((node) => Array.isArray(node) && node[0] === 'mine'), ['mine', 'True']);
  assert.deepEqual((await world.pods()).map((pod) => [pod.spec.nodeName, isPodReady(pod), pod.status?.hostIP !== undefined]), [['mine', true, true], ['mine', true, true]]);
  await world.sandbox.stop();
});

test('pods wait while no node takes any, and no longer', async () => {
  const world = await aWorld();
  await world.run(100);
  for (const name of OWN) await cordon(world, name, true);
  await world.create(REPLICA_SET, replicaSet('web', 2, template('web', 'web:v1')));
  await world.run(5000);
  assert.deepEqual((await world.pods()).map((pod) => [pod.spec.nodeName, pod.status?.phase]), [[undefined, 'Pending'], [undefined, 'Pending']]);
  await cordon(world, 'sandbox-node-3', false);
  await world.run(2000);
  assert.deepEqual((await world.pods()).map((pod) => [pod.spec.nodeName, isPodReady(pod)]), [['sandbox-node-3', true], ['sandbox-node-3', true]]);
  await world.sandbox.stop();
});
