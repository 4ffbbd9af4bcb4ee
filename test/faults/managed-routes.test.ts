// Header and mirror routes are what the steps promised at every moment (#4486): whoever takes them away, or turns them, they come back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { POD, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { list, record } from '../scenarios/reduce.js';
import { byHosts, setImage } from './manifests.js';
import { openStage, specOf } from './stage.js';
import type { Stage } from './stage.js';

const STEPS = [
  { setWeight: 25 },
  { setHeaderRoute: { name: 'beta', match: [{ headerName: 'x-beta', headerValue: { exact: 'yes' } }] } },
  { setMirrorRoute: { name: 'shadow', percentage: 40, match: [{ path: { prefix: '/read' } }] } },
  { pause: {} },
  { setHeaderRoute: { name: 'beta' } },
  { pause: {} },
];

const ROUTING = { trafficRouting: { istio: { virtualService: { name: 'cart', routes: ['primary'] } }, managedRoutes: [{ name: 'beta' }, { name: 'shadow' }] } };

const routesOf = async (stage: Stage): Promise<readonly Readonly<Record<string, unknown>>[]> => list(specOf(await stage.get(VIRTUAL_SERVICE, 'cart'))['http']).map(record);
const names = async (stage: Stage): Promise<readonly unknown[]> => (await routesOf(stage)).map(({ name }) => name);

async function atTheGate(): Promise<Stage> {
  const stage = await openStage();
  const objects = byHosts({ steps: STEPS, ...ROUTING });
  await stage.create(...objects);
  await stage.untilPhase('Healthy');
  await stage.run(5);
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  await stage.run(3);
  assert.deepEqual(await names(stage), ['beta', 'shadow', 'primary']);
  return stage;
}

async function edit(stage: Stage, change: (routes: readonly Readonly<Record<string, unknown>>[]) => readonly unknown[]): Promise<void> {
  await stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http: change(await routesOf(stage)) } });
  await stage.run(5);
}

test('a managed route that somebody takes away, moves or turns is put right; what others add is kept', async () => {
  const stage = await atTheGate();
  const promised = await routesOf(stage);
  await edit(stage, (routes) => routes.filter(({ name }) => name === 'primary'));
  assert.deepEqual(await names(stage), ['beta', 'shadow', 'primary']);
  await edit(stage, (routes) => [...routes].reverse());
  assert.deepEqual(await routesOf(stage), promised);
  await edit(stage, (routes) => routes.map((route) => (route['name'] === 'beta' ? { ...route, route: [{ destination: { host: 'cart-stable' }, weight: 100 }] } : route)));
  assert.deepEqual(await routesOf(stage), promised);
  const theirs = { name: 'theirs', match: [{ uri: { prefix: '/theirs' } }], route: [{ destination: { host: 'else' }, weight: 100 }] };
  await edit(stage, (routes) => [theirs, ...routes.map((route) => (route['name'] === 'beta' ? { ...route, timeout: '3s' } : route))]);
  assert.deepEqual(await names(stage), ['beta', 'shadow', 'theirs', 'primary']);
  assert.equal((await routesOf(stage))[0]?.['timeout'], '3s');
  await stage.stop();
});

test('they go while the canary has no pod, and come back with it', async () => {
  const stage = await atTheGate();
  const canary = (await stage.status())['currentPodHash'];
  const pods = async (): Promise<readonly KubeObject[]> => (await stage.list(POD)).filter(({ metadata }) => metadata.labels?.['rollouts-pod-template-hash'] === canary);
  for (const { metadata } of await pods()) await stage.remove(POD, metadata.name);
  await stage.until('no route to nobody', async () => (await names(stage)).length === 1, 30);
  await stage.until('the routes again', async () => (await names(stage)).length === 3, 60);
  assert.equal((await stage.status())['currentStepIndex'], 3);
  await stage.stop();
});

test('a step takes its own route away, and the end or an abort takes all', async () => {
  const stage = await atTheGate();
  await stage.person('promote cart');
  await stage.untilStep(5);
  await stage.run(5);
  assert.deepEqual(await names(stage), ['shadow', 'primary']);
  await stage.person('abort cart');
  await stage.run(30);
  assert.deepEqual([await names(stage), await stage.weight()], [['primary'], 0]);
  await stage.stop();
});
