import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import { apisix } from '../../src/routers/apisix.js';
import type { Router } from '../../src/routers/router.js';
import { smi } from '../../src/routers/smi.js';
import { traefik } from '../../src/routers/traefik.js';
import { applied, planned, route, wanted } from '../conformance/router-contract.js';
import { routed, routeObject } from './route-fixture.js';

const traefikService = (apiVersion: string): KubeObject =>
  routeObject(apiVersion, 'TraefikService', 'split', { weighted: { sticky: { cookie: {} }, services: [{ name: 'shop-stable', port: 80 }, { name: 'shop-canary', port: 80 }] } });
const byTraefik = routed({ traefik: { weightedTraefikServiceName: 'split' } });

const backends = [{ serviceName: 'shop-stable', servicePort: 80 }, { serviceName: 'shop-canary', servicePort: 80 }];
const apisixRoute = routeObject('apisix.apache.org/v2', 'ApisixRoute', 'edge', {
  http: [
    { name: 'main', match: { hosts: ['shop.test'], paths: ['/*'] }, backends },
    { name: 'else', match: { paths: ['/else'] }, backends: [{ serviceName: 'else', servicePort: 80 }] },
  ],
});
const byApisix = routed({ apisix: { route: { name: 'edge', rules: ['main'] } } });

describe('what is read', () => {
  const rows: readonly (readonly [name: string, router: Router, rollout: Rollout, objects: readonly KubeObject[], canary: number])[] = [
    ['traefik takes Services without weights for equals', traefik, byTraefik, [traefikService('traefik.io/v1alpha1')], 50],
    ['apisix takes backends without weights for equals', apisix, byApisix, [apisixRoute], 50],
    ['smi without a split gives the canary nothing', smi, routed({ smi: {} }), [], 0],
  ];
  for (const [name, router, rollout, objects, canary] of rows) it(name, () => assert.deepEqual(route(router.read(rollout, objects)).splits.map((split) => split.canary), [canary]));
  it('smi knows quantities', () => {
    const [made] = applied([], planned(smi, routed({ smi: {} }), [], wanted(20)));
    const object = { ...made, spec: { service: 'shop-stable', backends: [{ service: 'shop-canary', weight: '250m' }, { service: 'shop-stable', weight: '750m' }] } } as KubeObject;
    assert.equal(route(smi.read(routed({ smi: {} }), [object])).splits[0]?.canary, 25);
  });
});

describe('what can not be routed', () => {
  const rows: readonly (readonly [name: string, router: Router, rollout: Rollout, objects: readonly KubeObject[], reason: RegExp])[] = [
    ['no canary in the TraefikService', traefik, byTraefik, [routeObject('traefik.io/v1alpha1', 'TraefikService', 'split', { weighted: { services: [{ name: 'shop-stable' }] } })], /traefik canary service was not found/],
    ['no stable in the TraefikService', traefik, byTraefik, [routeObject('traefik.io/v1alpha1', 'TraefikService', 'split', { weighted: { services: [{ name: 'shop-canary' }] } })], /traefik stable service was not found/],
    ['a TrafficSplit of somebody else', smi, routed({ smi: {} }), [routeObject('split.smi-spec.io/v1alpha1', 'TrafficSplit', 'shop', {})], /does not own TrafficSplit `shop`/],
    ['no such rule', apisix, routed({ apisix: { route: { name: 'edge' } } }), [apisixRoute], /has no rule `edge`/],
    ['no canary in the rule', apisix, routed({ apisix: { route: { name: 'edge', rules: ['else'] } } }), [apisixRoute], /has no backend `shop-canary`/],
  ];
  for (const [name, router, rollout, objects, reason] of rows) {
    it(name, () => {
      const read = router.read(rollout, objects);
      assert.match(read.type === 'route-problem' ? read.reason : '', reason);
    });
  }
});

describe('a header route of APISIX', () => {
  const traffic = wanted(20, { managedRoutes: [{ type: 'header', name: 'beta', match: [{ headerName: 'X-Beta', headerValue: { prefix: 'yes' } }] }] });
  it('is a route of its own before the other, to the canary alone', () => {
    const [, made] = applied([apisixRoute], planned(apisix, byApisix, [apisixRoute], traffic));
    assert.deepEqual(made?.['spec'], { http: [{
      name: 'main', priority: 1, backends: [{ serviceName: 'shop-canary', servicePort: 80, weight: 100 }],
      match: { hosts: ['shop.test'], paths: ['/*'], exprs: [{ subject: { scope: 'Header', name: 'X-Beta' }, op: 'RegexMatch', value: '^yes.*' }] },
    }] });
  });
  it('does not take a name that is somebody else\'s', () => {
    const plan = apisix.plan(byApisix, [apisixRoute, routeObject('apisix.apache.org/v2', 'ApisixRoute', 'beta', {})], traffic);
    assert.match('type' in plan ? plan.reason : '', /duplicate ApisixRoute \[beta\] already exists/);
  });
});
