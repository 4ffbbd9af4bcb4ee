// A whole release through every router, by the engine on the embedded server: at each step, after an abort and at the end, the pods
// that requests really reach are those that the steps promise.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { apiVersionOf, NAMESPACE, POD, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import { BUILT_IN_TYPES } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';
import { routeHost } from '../../src/sandbox/routing.js';
import type { World } from '../../src/sandbox/world.js';
import { runCommand } from '../scenarios/operate.js';
import type { PlayWorld } from '../scenarios/play-world.js';
import { startWorld } from '../scenarios/world.js';
import { ROUTER_CASES } from './router-cases.js';
import type { RouterCase } from './router-cases.js';

const MALL = 'mall';
const LONGEST_MS = 120_000;
const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }];
const HEADER = { setHeaderRoute: { name: 'beta', match: [{ headerName: 'X-Beta', headerValue: { exact: 'yes' } }] } };

const service = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: MALL }, spec: { selector: { app: 'shop' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } });

function rolloutOf({ rollout, can = [] }: RouterCase): KubeObject {
  const canary = { ...rollout.spec.strategy?.canary, scaleDownDelaySeconds: 1, steps: can.includes('headers') ? [...STEPS.slice(0, 1), HEADER, ...STEPS.slice(1)] : STEPS };
  const containers = [{ name: 'main', image: 'reg.test/shop:1', ports: [{ containerPort: 8080 }] }];
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: MALL },
    spec: { replicas: 5, selector: { matchLabels: { app: 'shop' } }, template: { metadata: { labels: { app: 'shop' } }, spec: { containers } }, strategy: { canary } },
  };
}

async function createAll(cluster: Cluster, objects: readonly KubeObject[]): Promise<void> {
  for (const { metadata: { resourceVersion: _, ...metadata }, ...object } of objects) {
    const type = [...BUILT_IN_TYPES, ROLLOUT, ...ROUTE_TYPES].find((each) => each.kind === object.kind && apiVersionOf(each) === object.apiVersion);
    assert.ok(type !== undefined, object.kind);
    const made = await cluster.create({ type, namespace: metadata.namespace ?? '', name: metadata.name }, { ...object, metadata });
    assert.ok(made.ok, made.ok ? '' : made.error.message);
  }
}

async function seen(cluster: Cluster): Promise<World> {
  const lists = new Map<ResourceType, readonly KubeObject[]>();
  for (const type of [...ROUTE_TYPES, SERVICE, POD]) {
    const listed = await cluster.list(type);
    lists.set(type, listed.ok ? listed.value.items : []);
  }
  const list: World['list'] = (type, namespace) => (lists.get(type) ?? []).filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  return { list, get: (ref) => list(ref.type, ref.namespace).find(({ metadata }) => metadata.name === ref.name), ownedBy: () => [] };
}

/** Percent of the requests by the image of the pods that they reach; "mixed" for a target that is several versions at once. */
async function shares(cluster: Cluster, host: string, headers?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, number>>> {
  const { targets } = routeHost(await seen(cluster), { namespace: MALL, name: host }, headers);
  const whole = targets.reduce((sum, { weight }) => sum + weight, 0);
  const found: Record<string, number> = {};
  for (const { weight, pods } of targets.filter((target) => target.weight > 0)) {
    const images = new Set(pods.map((pod) => (pod['spec'] as { readonly containers: readonly { readonly image: string }[] }).containers[0]?.image.replace(/.*:/, 'v')));
    const version = images.size === 0 ? 'nobody' : images.size > 1 ? 'mixed' : String([...images][0]);
    found[version] = (found[version] ?? 0) + (weight * 100) / whole;
  }
  return found;
}

type Status = { readonly phase?: string; readonly currentStepIndex?: number; readonly observedGeneration?: string };

async function until(world: PlayWorld, what: string, holds: (status: Status) => boolean): Promise<void> {
  let status: Status = {};
  for (const end = world.now() + LONGEST_MS; world.now() < end; await world.runUntil(world.now() + 200)) {
    const found = await world.cluster.get({ type: ROLLOUT, namespace: MALL, name: 'shop' });
    assert.ok(found.ok);
    status = found.value['status'] ?? {};
    if (status.observedGeneration === String(found.value.metadata.generation) && holds(status)) return;
  }
  assert.fail(`${what} did not come: ${JSON.stringify(status)}\n${world.log().join('\n')}`);
}

async function release(row: RouterCase, host: string): Promise<void> {
  const world = await startWorld();
  const { cluster } = world;
  const person = async (words: string): Promise<void> => assert.equal(await runCommand(cluster, MALL, `argo rollouts ${words}`, world.now()), undefined);
  const asked = (headers?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, number>>> => shares(cluster, host, headers);
  const beta = row.can?.includes('headers') === true ? { 'x-beta': 'yes' } : undefined;
  for (const namespace of [MALL, 'edge']) await createAll(cluster, [{ apiVersion: apiVersionOf(NAMESPACE), kind: 'Namespace', metadata: { name: namespace } }]);
  await createAll(cluster, [...['shop', 'shop-stable', 'shop-canary'].map(service), ...row.objects, rolloutOf(row)]);
  const healthy = async (): Promise<void> => {
    await until(world, 'Healthy', ({ phase }) => phase === 'Healthy');
    // The old pods go a second later.
    await world.runUntil(world.now() + 5000);
  };
  await healthy();
  assert.deepEqual(await asked(), { v1: 100 });

  await person('set image shop main=reg.test/shop:2');
  await until(world, 'the first pause', ({ phase }) => phase === 'Paused');
  assert.deepEqual(await asked(), { v1: 80, v2: 20 });
  if (beta !== undefined) assert.deepEqual(await asked(beta), { v2: 100 });
  await person('promote shop');
  await until(world, 'the second pause', ({ phase, currentStepIndex = 0 }) => phase === 'Paused' && currentStepIndex > 2);
  assert.deepEqual(await asked(), { v1: 40, v2: 60 });
  await person('abort shop');
  await until(world, 'the abort', ({ phase }) => phase === 'Degraded');
  await world.runUntil(world.now() + 2000);
  assert.deepEqual([await asked(), await asked(beta)], [{ v1: 100 }, { v1: 100 }]);
  await person('retry rollout shop');
  await until(world, 'the pause of the second try', ({ phase }) => phase === 'Paused');
  assert.deepEqual(await asked(), { v1: 80, v2: 20 });
  await person('promote shop --full');
  await healthy();
  assert.deepEqual([await asked(), await asked(beta)], [{ v2: 100 }, { v2: 100 }]);
  await world.stop();
}

describe('a release', () => {
  for (const row of ROUTER_CASES) if (row.host !== undefined) it(row.name, () => release(row, row.host ?? ''));
});
