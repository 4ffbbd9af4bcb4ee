import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import { HTTP_ROUTE } from '../../src/kinds/route-types.js';
import { refOf } from '../../src/kinds/object-ref.js';
import type { ManagedRoute } from '../../src/kinds/traffic.js';
import { concerns, gather } from '../../src/routers/gather.js';
import type { ObjectReader } from '../../src/routers/gather.js';
import { gateway } from '../../src/routers/gateway/gateway.js';
import { applied, planned, route, wanted } from '../conformance/router-contract.js';
import { routed, routeObject } from './route-fixture.js';

const rule = (path: string, more: object = {}): object => ({
  ...more,
  matches: [{ path: { type: 'PathPrefix', value: path } }],
  backendRefs: [{ name: 'shop-stable', port: 80 }, { name: 'shop-canary', port: 80 }],
});
const httpRoute = (name: string, rules: readonly object[] = [rule('/')]): KubeObject => routeObject('gateway.networking.k8s.io/v1', 'HTTPRoute', name, { parentRefs: [{ name: 'edge' }], rules });
const by = (settings: object, more: object = {}): Rollout => routed({ plugins: { 'argoproj-labs/gatewayAPI': { namespace: 'mall', ...settings } }, ...more });

const after = (rollout: Rollout, objects: readonly KubeObject[], ...traffic: readonly Parameters<typeof wanted>[]): readonly KubeObject[] =>
  traffic.reduce((present, given) => applied(present, planned(gateway, rollout, present, wanted(...given))), objects);
const rulesOf = (object: KubeObject | undefined): readonly { readonly name?: string; readonly matches?: readonly object[]; readonly backendRefs: readonly { readonly name: string; readonly weight?: number }[] }[] =>
  (object as unknown as { readonly spec: { readonly rules: ReturnType<typeof rulesOf> } }).spec.rules;

describe('rules of a route', () => {
  it('are weighed where they lead to both versions, and nowhere else', () => {
    const other = { matches: [{ path: { type: 'Exact', value: '/x' } }], backendRefs: [{ name: 'shop-stable', port: 80 }] };
    const [object] = after(by({ httpRoute: 'edge' }), [httpRoute('edge', [rule('/'), other])], [30]);
    assert.deepEqual(rulesOf(object).map(({ backendRefs }) => backendRefs.map(({ weight }) => weight)), [[70, 30], [undefined]]);
  });
  it('are only those of one name, where one is named', () => {
    const [object] = after(by({ httpRoute: 'edge', httpRouteRuleName: 'b' }), [httpRoute('edge', [rule('/'), rule('/', { name: 'b' })])], [30]);
    assert.deepEqual(rulesOf(object).map(({ backendRefs }) => backendRefs.map(({ weight }) => weight)), [[undefined, undefined], [70, 30]]);
  });
  it('keep backends that others have put there, with their weights', () => {
    const tap = { ...rule('/'), backendRefs: [...(rule('/') as { readonly backendRefs: readonly object[] }).backendRefs, { name: 'tap', weight: 5 }] };
    const [object] = after(by({ httpRoute: 'edge' }), [httpRoute('edge', [tap])], [30]);
    assert.deepEqual(rulesOf(object)[0]?.backendRefs.at(-1), { name: 'tap', weight: 5 });
  });
  it('share maxTrafficWeight', () => {
    const rollout = by({ httpRoute: 'edge' }, { maxTrafficWeight: 1000 });
    const [object] = after(rollout, [httpRoute('edge')], [5, { maxWeight: 1000 }]);
    assert.deepEqual(rulesOf(object)[0]?.backendRefs.map(({ weight }) => weight), [995, 5]);
    assert.equal(route(gateway.read(rollout, object === undefined ? [] : [object])).splits[0]?.canary, 5);
  });
  it('without weights are halves', () => assert.equal(route(gateway.read(by({ httpRoute: 'edge' }), [httpRoute('edge')])).splits[0]?.canary, 50));
});

describe('rules for headers', () => {
  const rollout = by({ httpRoutes: [{ name: 'edge', useHeaderRoutes: true }, { name: 'plain' }] });
  const managedRoutes = [{ type: 'header' as const, name: 'beta', match: [{ headerName: 'X-Beta', headerValue: { prefix: 'a.b' } }] }];
  const objects = after(rollout, [httpRoute('edge', [rule('/a'), rule('/b')]), httpRoute('plain')], [20, { managedRoutes }]);
  it('are one for each weighed rule, behind all others, to the canary alone', () => {
    assert.deepEqual(rulesOf(objects[0]).slice(2), ['/a', '/b'].map((value, index) => ({
      name: index === 0 ? 'beta' : 'beta-1',
      matches: [{ path: { type: 'PathPrefix', value }, headers: [{ name: 'X-Beta', type: 'RegularExpression', value: '^a\\.b.*' }] }],
      backendRefs: [{ name: 'shop-canary', port: 80, weight: 1 }],
    })));
  });
  it('are made only where they are asked for', () => assert.equal(rulesOf(objects[1]).length, 1));
  it('are put right when somebody turns them to stable', () => {
    const turned = JSON.parse(JSON.stringify(objects).replace('{"name":"shop-canary","port":80,"weight":1}', '{"name":"shop-stable","port":80,"weight":1}')) as readonly KubeObject[];
    assert.notDeepEqual(turned, objects);
    assert.deepEqual(after(rollout, turned, [20, { managedRoutes }]), objects);
  });
  it('are no news when the server has added its defaults', () => {
    const defaulted = JSON.parse(JSON.stringify(objects).replaceAll('"port":80', '"group":"","kind":"Service","port":80')) as readonly KubeObject[];
    assert.deepEqual(planned(gateway, rollout, defaulted, wanted(20, { managedRoutes })), []);
  });
});

describe('routes by their labels', () => {
  const labelled = (name: string, labels: Readonly<Record<string, string>>): KubeObject => ({ ...httpRoute(name), metadata: { ...httpRoute(name).metadata, labels } });
  const rollout = by({ httpRoutes: [{ name: 'named' }], httpRouteSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['a', 'b'] }] } });
  const reader = (objects: readonly KubeObject[]): ObjectReader => ({ get: (ref) => objects.find(({ kind, metadata }) => kind === ref.type.kind && metadata.name === ref.name), list: () => objects });
  const objects = [labelled('named', { team: 'a' }), labelled('one', { team: 'a' }), labelled('two', { team: 'b' }), labelled('other', { team: 'c' })];
  it('are found beside those that are named, each once', () => assert.deepEqual(gather(gateway, rollout, reader(objects)).map(({ metadata }) => metadata.name), ['named', 'one', 'two']));
  it('are all weighed', () => {
    const done = after(rollout, gather(gateway, rollout, reader(objects)), [30]);
    assert.deepEqual(done.map((object) => rulesOf(object)[0]?.backendRefs[1]?.weight), [30, 30, 30]);
  });
  it('wake the rollout, and so does one that has lost the label', () => {
    const wakes = (object: KubeObject): boolean => concerns(gateway, rollout, refOf(HTTP_ROUTE, object), object, reader(objects));
    assert.deepEqual(objects.map(wakes), [true, true, true, false]);
  });
});

describe('rules for mirrors', () => {
  const rollout = by({ httpRoute: 'edge' });
  const match = [{ method: { exact: 'GET' }, path: { prefix: '/a' }, headers: { 'X-Team': { prefix: 'b.' } } }, { path: { exact: '/b' } }];
  const managedRoutes = (percentage: number): readonly ManagedRoute[] => [{ type: 'mirror', name: 'shadow', match, percentage }];
  it('stand before all others, split like the first of them, and copy to the canary', () => {
    const [object] = after(rollout, [httpRoute('edge', [rule('/'), rule('/b')])], [20, { managedRoutes: managedRoutes(40) }]);
    assert.deepEqual(rulesOf(object)[0], {
      name: 'shadow',
      matches: [{ method: 'GET', path: { type: 'PathPrefix', value: '/a' }, headers: [{ name: 'X-Team', type: 'RegularExpression', value: '^b\\..*' }] }, { path: { type: 'Exact', value: '/b' } }],
      backendRefs: [{ name: 'shop-stable', port: 80, weight: 80 }, { name: 'shop-canary', port: 80, weight: 20 }],
      filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'shop-canary', port: 80 }, percent: 40 } }],
    });
    assert.equal(rulesOf(object).length, 3);
  });
  it('follow the weights', () => {
    const [object] = after(rollout, [httpRoute('edge')], [20, { managedRoutes: managedRoutes(100) }], [60, { managedRoutes: managedRoutes(100) }]);
    assert.deepEqual(rulesOf(object)[0]?.backendRefs.map(({ weight }) => weight), [40, 60]);
  });
});

describe('the marks of a canary under way', () => {
  const label = (object: KubeObject | undefined): unknown => object?.metadata.labels?.['rollouts.argoproj.io/gatewayapi-canary'];
  const active = (object: KubeObject | undefined): unknown => object?.metadata.annotations?.['rollouts.argoproj.io/gatewayapi-active-rollouts'];
  it('come and go with its weight', () => {
    const [during] = after(by({ httpRoute: 'edge' }), [httpRoute('edge')], [20]);
    assert.deepEqual([label(during), active(during)], ['in-progress', 'mall/shop']);
    const [over] = after(by({ httpRoute: 'edge' }), [httpRoute('edge')], [20], [0]);
    assert.deepEqual([label(over), active(over)], [undefined, undefined]);
  });
  it('stay while another rollout is at work on the same route', () => {
    const shared = { ...httpRoute('edge'), metadata: { ...httpRoute('edge').metadata, annotations: { 'rollouts.argoproj.io/gatewayapi-active-rollouts': 'mall/other' } } };
    assert.equal(active(after(by({ httpRoute: 'edge' }), [shared], [20])[0]), 'mall/other,mall/shop');
    assert.deepEqual([label, active].map((of) => of(after(by({ httpRoute: 'edge' }), [shared], [20], [0])[0])), ['in-progress', 'mall/other']);
  });
  it('can be left out', () => assert.equal(label(after(by({ httpRoute: 'edge', disableInProgressLabel: true }), [httpRoute('edge')], [20])[0]), undefined));
});

describe('what Gateway API can not route', () => {
  const rows: readonly (readonly [name: string, settings: object, objects: readonly KubeObject[], reason: RegExp])[] = [
    ['no route named', {}, [], /no route is named/],
    ['no route with such labels', { httpRouteSelector: { matchLabels: { app: 'x' } } }, [httpRoute('edge')], /no HTTPRoute in namespace mall has the labels of its selector/],
    ['a selector of nothing', { tlsRouteSelector: {} }, [httpRoute('edge')], /no TLSRoute in namespace mall has the labels of its selector/],
    ['no such route', { grpcRoute: 'calls' }, [httpRoute('calls')], /grpcroutes\.gateway\.networking\.k8s\.io "calls" not found/],
    ['no rule for both', { httpRoute: 'edge' }, [httpRoute('edge', [{ backendRefs: [{ name: 'shop-stable' }] }])], /HTTPRoute `edge` has no rule that leads to both/],
    ['no rule of that name', { httpRoute: 'edge', httpRouteRuleName: 'x' }, [httpRoute('edge')], /has no rule 'x'/],
  ];
  for (const [name, settings, objects, reason] of rows) {
    it(name, () => {
      const read = gateway.read(by(settings), objects);
      assert.match(read.type === 'route-problem' ? read.reason : '', reason);
    });
  }
});
