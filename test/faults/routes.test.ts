// Route objects that are missing, wrong, deleted or edited by somebody, before a release and in the middle of one: the engine says
// in Argo's words what is wrong, moves nothing, and goes on when it is right again.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { DESTINATION_RULE, REPLICA_SET, ROLLOUT, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { list, record } from '../scenarios/reduce.js';
import { byHosts, bySubsets, destinationRule, hostRoute, HOSTS, rollout, service, SERVICES, setImage, subsetRoute, SUBSETS, virtualService } from './manifests.js';
import { conditionOf, destinationsOf, openStage, specOf } from './stage.js';
import type { Stage } from './stage.js';

const FIELD = 'spec.strategy.canary.trafficRouting.istio';
const said = async (stage: Stage): Promise<unknown> => conditionOf(await stage.get(ROLLOUT, 'cart'), 'InvalidSpec')['message'];
const invalid = (text: string): string => `The Rollout "cart" is invalid: ${text}`;

type Row = readonly [name: string, wrong: readonly KubeObject[], text: string, mend: (stage: Stage) => Promise<void>];

const putRoute = (...http: readonly ReturnType<typeof hostRoute>[]) => async (stage: Stage): Promise<void> => stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http } });

const BEFORE: readonly Row[] = [
  ['no VirtualService', [...SERVICES, rollout(HOSTS)], `${FIELD}.virtualService.name: Invalid value: "cart": virtualservices.networking.istio.io "cart" not found`, (stage) => stage.create(virtualService(hostRoute()))],
  ['no such route', [...SERVICES, virtualService(hostRoute('other')), rollout(HOSTS)],
    `${FIELD}.virtualService.name: Invalid value: "cart": Istio VirtualService has invalid HTTP routes. Error: HTTP Route 'primary' is not found in the defined Virtual Service.`, putRoute(hostRoute())],
  ['no canary destination', [...SERVICES, virtualService(hostRoute('primary', 'x')), rollout(HOSTS)],
    `${FIELD}.virtualService.name: Invalid value: "cart": Istio VirtualService has invalid HTTP routes. Error: Canary Service 'cart-canary' not found in route`, putRoute(hostRoute())],
  ['no stable destination', [...SERVICES, virtualService(hostRoute('primary', 'cart-canary', 'x')), rollout(HOSTS)],
    `${FIELD}.virtualService.name: Invalid value: "cart": Istio VirtualService has invalid HTTP routes. Error: Stable Service 'cart-stable' not found in route`, putRoute(hostRoute())],
  ['no DestinationRule', [service('cart'), virtualService(subsetRoute), rollout(SUBSETS)], `${FIELD}.destinationRule.name: Invalid value: "cart": DestinationRule \`cart\` not found`, (stage) => stage.create(destinationRule('stable', 'canary'))],
  ['no canary subset', [service('cart'), destinationRule('stable'), virtualService(subsetRoute), rollout(SUBSETS)], `${FIELD}.destinationRule.name: Invalid value: "cart": DestinationRule \`cart\` has no subset 'canary'`,
    (stage) => stage.patch(DESTINATION_RULE, 'cart', { spec: { subsets: [{ name: 'stable', labels: { app: 'cart' } }, { name: 'canary', labels: { app: 'cart' } }] } })],
];

describe('wrong from the beginning', () => {
  for (const [name, objects, text, mend] of BEFORE) {
    test(name, async () => {
      const stage = await openStage();
      await stage.create(...objects);
      await stage.run(5);
      assert.equal(await said(stage), invalid(text));
      const status = await stage.status();
      assert.equal(status['phase'], 'Degraded');
      assert.equal(status['message'], `InvalidSpec: ${invalid(text)}`);
      assert.deepEqual(await stage.list(REPLICA_SET), []);
      await mend(stage);
      await stage.untilPhase('Healthy', 60);
      assert.equal(await said(stage), undefined);
      await stage.stop();
    });
  }
});

/** A release that waits at 20 % for a person. */
async function atTheGate(objects: readonly KubeObject[]): Promise<Stage> {
  const stage = await openStage();
  await stage.create(...objects);
  await stage.untilPhase('Healthy');
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  assert.equal(await stage.weight(), 20);
  return stage;
}

async function finishes(stage: Stage): Promise<void> {
  await stage.person('promote cart');
  await stage.untilPhase('Healthy', 180);
  await stage.run(60);
  assert.equal(await stage.weight(), 0);
  assert.deepEqual((await stage.list(REPLICA_SET)).map((set) => Number(specOf(set)['replicas'])).toSorted((a, b) => a - b), [0, 4]);
}

const sizes = async (stage: Stage): Promise<readonly unknown[]> => (await stage.list(REPLICA_SET)).map((set) => [set.metadata.name, specOf(set)['replicas']]);

describe('in the middle of a release', () => {
  test('the VirtualService is deleted: said, pods stay, and the weights are put back with it', async () => {
    const stage = await atTheGate(byHosts());
    const before = await sizes(stage);
    await stage.remove(VIRTUAL_SERVICE, 'cart');
    await stage.run(60);
    assert.match(String(await said(stage)), /virtualservices\.networking\.istio\.io "cart" not found/);
    assert.equal((await stage.status())['phase'], 'Degraded');
    assert.deepEqual(await sizes(stage), before);
    assert.deepEqual(stage.podsDeleted, []);
    await stage.create(virtualService(hostRoute()));
    await stage.until('20 % again', async () => (await stage.weight()) === 20, 30);
    assert.equal(await said(stage), undefined);
    assert.equal((await stage.status())['phase'], 'Paused');
    await finishes(stage);
    await stage.stop();
  });

  test('the route is renamed: nothing in it is touched until it has its name again', async () => {
    const stage = await atTheGate(byHosts());
    await stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http: [hostRoute('renamed')] } });
    const version = (await stage.get(VIRTUAL_SERVICE, 'cart'))?.metadata.resourceVersion;
    await stage.person('promote cart');
    await stage.run(60);
    assert.equal((await stage.get(VIRTUAL_SERVICE, 'cart'))?.metadata.resourceVersion, version);
    assert.match(String(await said(stage)), /HTTP Route 'primary' is not found/);
    await stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http: [hostRoute()] } });
    await stage.untilPhase('Healthy', 180);
    await stage.stop();
  });

  test('somebody else\'s weights are put back, and what else they wrote stays', async () => {
    const stage = await atTheGate(byHosts());
    const [route] = list(specOf(await stage.get(VIRTUAL_SERVICE, 'cart'))['http']).map(record);
    const drifted = { ...route, timeout: '7s', retries: { attempts: 3 }, route: destinationsOf(await stage.get(VIRTUAL_SERVICE, 'cart')).map((each, index) => ({ ...each, weight: index === 0 ? 10 : 90, headers: { request: { set: { 'x-who': 'me' } } } })) };
    await stage.patch(VIRTUAL_SERVICE, 'cart', { metadata: { labels: { team: 'a' } }, spec: { gateways: ['mesh'], http: [drifted, { name: 'static', route: [{ destination: { host: 'assets' } }] }] } });
    await stage.until('20 % again', async () => (await stage.weight()) === 20, 10);
    const after = await stage.get(VIRTUAL_SERVICE, 'cart');
    const [first, second] = list(specOf(after)['http']).map(record);
    assert.deepEqual([first?.['timeout'], first?.['retries'], second?.['name'], specOf(after)['gateways'], after?.metadata.labels], ['7s', { attempts: 3 }, 'static', ['mesh'], { team: 'a' }]);
    assert.deepEqual(destinationsOf(after).map((each) => [each['weight'], each['headers']]), [80, 20].map((weight) => [weight, { request: { set: { 'x-who': 'me' } } }]));
    assert.equal((await stage.status())['phase'], 'Paused');
    await finishes(stage);
    await stage.stop();
  });

  test('the DestinationRule is deleted, and comes back without hashes', async () => {
    const stage = await atTheGate(bySubsets());
    const before = await sizes(stage);
    await stage.remove(DESTINATION_RULE, 'cart');
    await stage.run(60);
    assert.match(String(await said(stage)), /DestinationRule `cart` not found/);
    assert.equal(await stage.weight(), 20);
    assert.deepEqual(await sizes(stage), before);
    await stage.create(destinationRule('stable', 'canary'));
    await stage.run(5);
    const { stableRS, currentPodHash } = await stage.status();
    const hashes = list(specOf(await stage.get(DESTINATION_RULE, 'cart'))['subsets']).map((subset) => record(record(subset)['labels'])['rollouts-pod-template-hash']);
    assert.deepEqual(hashes, [stableRS, currentPodHash]);
    await finishes(stage);
    await stage.stop();
  });

  test('a subset of the DestinationRule is deleted', async () => {
    const stage = await atTheGate(bySubsets());
    const subsets = list(specOf(await stage.get(DESTINATION_RULE, 'cart'))['subsets']).map(record);
    await stage.patch(DESTINATION_RULE, 'cart', { spec: { subsets: subsets.filter((subset) => subset['name'] === 'stable') } });
    await stage.run(30);
    assert.match(String(await said(stage)), /has no subset 'canary'/);
    assert.equal(await stage.weight(), 20);
    await stage.patch(DESTINATION_RULE, 'cart', { spec: { subsets } });
    await stage.run(5);
    assert.equal(await said(stage), undefined);
    await finishes(stage);
    await stage.stop();
  });
});
