import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROUTERS, routerOf } from '../../src/routers/index.js';
import { gateway } from '../../src/routers/gateway/gateway.js';
import { istio } from '../../src/routers/istio/istio.js';
import { aRollout, destinationRule, hosts, RULE, subsets, virtualService } from '../routers/istio-fixture.js';
import { routerContract } from './router-contract.js';

const http = (route: readonly object[], name?: string): object => ({ ...(name === undefined ? {} : { name }), route });

const SERVICES = { canaryService: 'shop-canary', stableService: 'shop-stable' };
const managed = { trafficRouting: { managedRoutes: [{ name: 'beta' }, { name: 'shadow' }] } };
const all = ['additional', 'headers', 'mirror'] as const;

routerContract({ name: 'istio by hosts', router: istio, can: all, rollout: aRollout({ virtualService: { name: 'shop' } }, { ...SERVICES, ...managed }), objects: [virtualService('shop', { http: [http(hosts(100, 0))] })] });

routerContract({
  name: 'istio by subsets',
  router: istio,
  rollout: aRollout({ virtualService: { name: 'shop', routes: ['main'] }, destinationRule: RULE }, managed),
  can: all,
  objects: [virtualService('shop', { http: [http([{ destination: { host: 'other' } }], 'else'), http(subsets(100, 0), 'main')] }), destinationRule],
});

routerContract({
  name: 'istio with several VirtualServices and routes',
  router: istio,
  rollout: aRollout({ virtualServices: [{ name: 'inner', routes: ['a', 'b'] }, { name: 'outer.edge' }] }, { ...SERVICES, ...managed }),
  can: all,
  objects: [virtualService('inner', { http: [http(hosts(100, 0), 'a'), http(hosts(60, 40), 'b')] }), virtualService('outer', { http: [http(hosts(100, 0))] }, 'edge')],
});

routerContract({
  name: 'istio by tls and tcp',
  router: istio,
  can: ['additional'],
  rollout: aRollout({ virtualService: { name: 'shop', tlsRoutes: [{ port: 443, sniHosts: ['a.test'] }], tcpRoutes: [{ port: 9000 }] } }),
  objects: [virtualService('shop', { tls: [{ match: [{ port: 443, sniHosts: ['a.test'] }], route: hosts(100, 0) }], tcp: [{ match: [{ port: 9000 }], route: hosts(100, 0) }] })],
});

describe('the registry of routers', () => {
  it('knows each router by the field that chooses it', () => {
    for (const router of ROUTERS.filter(({ name }) => !name.startsWith('plugins.'))) assert.equal(routerOf({ ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { [router.name]: {} } } } } }), router);
  });
  it('knows a plugin by its name', () => {
    const rollout = { ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': {} } } } } } };
    assert.equal(routerOf(rollout), gateway);
  });
  it('has none for a rollout without one', () => assert.equal(routerOf({ ...aRollout({}), spec: { strategy: { canary: {} } } }), undefined));
  it('guesses nothing', () => {
    const unknown = routerOf({ ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { appMesh: {} } } } } });
    assert.ok(unknown !== undefined && 'type' in unknown);
    assert.match(unknown.reason, /unknown traffic router; known are: istio/);
  });
  it('drives one at a time', () => {
    const two = routerOf({ ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { istio: {}, smi: {} } } } } });
    assert.ok(two !== undefined && 'type' in two);
  });
});
