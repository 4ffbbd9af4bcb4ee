import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { istio } from '../../src/routers/istio/istio.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { IstioRouting } from '../../src/kinds/traffic-routing.js';
import type { CanaryStrategy } from '../../src/kinds/rollout.js';
import { deepFreeze } from '../../src/lib/deep.js';
import { applied, planned, route, wanted } from '../conformance/router-contract.js';
import { aRollout, destinationRule, hosts, RULE, subsets, virtualService } from './istio-fixture.js';

const byHosts = aRollout({ virtualService: { name: 'shop' } });
const bySubsets = aRollout({ virtualService: { name: 'shop' }, destinationRule: RULE }, {});

function problem(istioRouting: IstioRouting, objects: readonly KubeObject[], canary?: CanaryStrategy): string {
  const read = istio.read(aRollout(istioRouting, canary), deepFreeze(objects));
  return read.type === 'route-problem' ? read.reason : '';
}

describe('what can not be routed', () => {
  const twoRoutes = virtualService('shop', { http: [{ route: hosts(100, 0) }, { route: hosts(100, 0) }] });
  const rows: readonly (readonly [name: string, reason: RegExp, routing: IstioRouting, objects: readonly KubeObject[]])[] = [
    ['neither one nor several', /either VirtualService or VirtualServices must be configured/, {}, []],
    ['no such VirtualService', /^virtualservices\.networking\.istio\.io "shop" not found$/, { virtualService: { name: 'shop' } }, []],
    ['no such route', /HTTP Route 'main' is not found in the defined Virtual Service\./, { virtualService: { name: 'shop', routes: ['main'] } }, [twoRoutes]],
    ['several routes and none named', /it must have exactly one route when omitting .*virtualService\.routes$/, { virtualService: { name: 'shop' } }, [twoRoutes]],
    ['no canary in the route', /Canary Service 'shop-canary' not found in route/, { virtualService: { name: 'shop' } }, [virtualService('shop', { http: [{ route: hosts(100, 0).slice(0, 1) }] })]],
    ['no stable in the route', /Stable Service 'shop-stable' not found in route/, { virtualService: { name: 'shop' } }, [virtualService('shop', { http: [{ route: hosts(100, 0).slice(1) }] })]],
    ['a route that is no list', /VirtualService `shop` can not be read: spec\.http\[0\]\.route is not a list/, { virtualService: { name: 'shop' } }, [virtualService('shop', { http: [{ route: 1 }] })]],
    ['a weight that is no number', /spec\.tcp\[1\]\.route\[0\]\.weight is not a number/, { virtualService: { name: 'shop' } }, [virtualService('shop', { tcp: [{}, { route: [{ weight: 'all' }] }] })]],
    ['a rule whose labels are no object', /DestinationRule `shop-rule` can not be read: spec\.subsets\[0\]\.labels is not an object/, { virtualService: { name: 'shop' }, destinationRule: RULE }, [virtualService('shop', { http: [{ route: subsets(100, 0) }] }), { ...destinationRule, spec: { host: 'shop', subsets: [{ name: 'old', labels: 7 }] } }]],
    ['no such subset in the route', /Canary DestinationRule subset 'new' not found in route/, { virtualService: { name: 'shop' }, destinationRule: RULE }, [virtualService('shop', { http: [{ route: hosts(100, 0) }] }), destinationRule]],
    ['no matching TLS route', /No matching TLS routes found/, { virtualService: { name: 'shop', tlsRoutes: [{ port: 1 }] } }, [virtualService('shop', { tls: [{ match: [{ port: 2 }], route: hosts(100, 0) }] })]],
  ];
  for (const [name, reason, routing, objects] of rows) it(name, () => assert.match(problem(routing, objects), reason));
});

describe('a VirtualService', () => {
  const vs = virtualService('shop', { http: [{ name: 'main', retries: { attempts: 3 }, route: [...hosts(90, 10), { destination: { host: 'mirror' }, weight: 0 }] }], tcp: [] });
  const after = applied([vs], planned(istio, byHosts, deepFreeze([vs]), wanted(30)))[0];
  it('keeps all that is not a weight', () => {
    assert.deepEqual(after?.['spec'], { hosts: ['shop.test'], gateways: ['edge'], http: [{ name: 'main', retries: { attempts: 3 }, route: [...hosts(70, 30), { destination: { host: 'mirror' }, weight: 0 }] }], tcp: [] });
  });
  it('tells of the change', () => {
    assert.deepEqual(planned(istio, byHosts, [vs], wanted(30)).flatMap(({ notes }) => notes.map(({ message }) => message)), ['VirtualService `shop` set to desiredWeight \'30\'']);
  });
  it('is read as it is, whatever was asked', () => assert.deepEqual(route(istio.read(byHosts, [vs])).splits, [{ object: 'VirtualService/shop', place: 'http/main', canary: 10, stable: 90, other: 0 }]));
  it('loses managed routes when they are over', () => {
    const managed = aRollout({ virtualService: { name: 'shop', routes: ['main'] } }, { canaryService: 'shop-canary', stableService: 'shop-stable', trafficRouting: { managedRoutes: [{ name: 'beta' }] } });
    const objects = [virtualService('shop', { http: [{ name: 'beta', route: hosts(0, 100) }, { name: 'main', route: hosts(100, 0) }] })];
    const [done] = applied(objects, planned(istio, managed, objects, wanted(0, { managedRoutes: [] })));
    assert.deepEqual(done?.['spec'], { hosts: ['shop.test'], gateways: ['edge'], http: [{ name: 'main', route: hosts(100, 0) }] });
  });
  it('keeps the share of additional subsets, out of stable\'s', () => {
    const rollout = aRollout({ virtualService: { name: 'shop' }, destinationRule: { ...RULE, additionalSubsetNames: ['beta'] } }, {});
    const objects = [virtualService('shop', { http: [{ route: [...subsets(90, 0), { destination: { host: 'shop', subset: 'beta' }, weight: 10 }] }] }), destinationRule];
    const [split] = route(istio.read(rollout, applied(objects, planned(istio, rollout, objects, wanted(20))))).splits;
    assert.deepEqual([split?.canary, split?.stable, split?.other], [20, 70, 10]);
  });
});

describe('a DestinationRule', () => {
  const objects = deepFreeze([virtualService('shop', { http: [{ route: subsets(100, 0) }] }), destinationRule]);
  const plan = planned(istio, bySubsets, objects, wanted(20));
  it('names the versions, and keeps the rest of each subset and all others', () => {
    const rule = applied(objects, plan)[1];
    assert.deepEqual(rule?.['spec'], { host: 'shop', subsets: [
      { name: 'old', labels: { app: 'shop', 'rollouts-pod-template-hash': 'old' }, trafficPolicy: { tls: { mode: 'DISABLE' } } },
      { name: 'new', labels: { app: 'shop', 'rollouts-pod-template-hash': 'new' } },
      { name: 'beta', labels: { app: 'beta' } },
    ] });
    assert.equal(rule?.metadata.annotations?.['argo-rollouts.argoproj.io/managed-by-rollouts'], 'shop');
  });
  it('is named before traffic comes', () => assert.deepEqual(plan.map(({ change }) => change.ref.type.kind), ['DestinationRule', 'VirtualService']));
  it('and after traffic has gone', () => {
    const kinds = planned(istio, bySubsets, objects, wanted(10, { order: 'weight-first' })).map(({ change }) => change.ref.type.kind);
    assert.deepEqual(kinds, ['VirtualService', 'DestinationRule']);
  });
  it('says what the subsets stand for', () => assert.deepEqual(route(istio.read(bySubsets, applied(objects, plan))).hashes, { canary: 'new', stable: 'old' }));
  it('must have both subsets', () => {
    const rule = { ...destinationRule, spec: { host: 'shop', subsets: [{ name: 'old' }] } };
    assert.match(problem({ virtualService: { name: 'shop' }, destinationRule: RULE }, [objects[0] ?? rule, rule], {}), /has no subset 'new'/);
  });
});
