import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TrafficRouting } from '../../src/kinds/traffic-routing.js';
import { ROUTERS, routerOf } from '../../src/routers/index.js';
import { gateway } from '../../src/routers/gateway/gateway.js';
import { aRollout } from '../routers/istio-fixture.js';
import { ROUTER_CASES } from './router-cases.js';
import { routerContract } from './router-contract.js';

for (const row of ROUTER_CASES) routerContract(row);

describe('the registry of routers', () => {
  it('knows each router by the field that chooses it', () => {
    for (const router of ROUTERS.filter(({ name }) => !name.startsWith('plugins.'))) assert.equal(routerOf({ ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { [router.name]: {} } } } } }), router);
  });
  it('has a row in the contract for every router', () => assert.deepEqual(new Set(ROUTER_CASES.map(({ router }) => router)), new Set(ROUTERS)));
  it('knows a plugin by its name', () => {
    const rollout = { ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': {} } } } } } };
    assert.equal(routerOf(rollout), gateway);
  });
  it('has none for a rollout without one', () => assert.equal(routerOf({ ...aRollout({}), spec: { strategy: { canary: {} } } }), undefined));
  it('guesses nothing', () => {
    const unknown = routerOf({ ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { linkerd: {} } as TrafficRouting } } } });
    assert.ok(unknown !== undefined && 'type' in unknown);
    assert.match(unknown.reason, /unknown traffic router; known are: istio/);
  });
  it('drives one at a time', () => {
    const two = routerOf({ ...aRollout({}), spec: { strategy: { canary: { trafficRouting: { istio: {}, smi: {} } } } } });
    assert.ok(two !== undefined && 'type' in two);
  });
});
