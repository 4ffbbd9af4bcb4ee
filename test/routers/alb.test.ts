import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { AlbRouting } from '../../src/kinds/traffic-routing.js';
import type { ManagedRoute } from '../../src/kinds/traffic.js';
import { alb } from '../../src/routers/alb/alb.js';
import { ingressManagers, releaseIngress } from '../../src/routers/alb/release.js';
import { applied, planned, route, wanted } from '../conformance/router-contract.js';
import { ingress, routed } from './route-fixture.js';

const ONE: AlbRouting = { ingress: 'edge', servicePort: 80 };
const PING_PONG = { canaryService: '', stableService: '', pingPong: { pingService: 'ping', pongService: 'pong' } };

const after = (rollout: ReturnType<typeof routed>, traffic: Parameters<typeof wanted>, objects = [ingress('edge')]): KubeObject | undefined =>
  applied(objects, planned(alb, rollout, objects, wanted(...traffic)))[0];
const group = (ServiceName: string, Weight: number): object => ({ ServiceName, ServicePort: '80', Weight });
const header = (...values: readonly (readonly [string, string])[]): ManagedRoute => ({ type: 'header', name: 'beta', match: values.map(([headerName, exact]) => ({ headerName, headerValue: { exact } })) });

describe('the annotations', () => {
  it('say who gets what, in the words of Argo', () => {
    assert.deepEqual(after(routed({ alb: ONE }), [25])?.metadata.annotations, {
      'alb.ingress.kubernetes.io/actions.shop-stable': JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: [group('shop-canary', 25), group('shop-stable', 75)] } }),
      'rollouts.argoproj.io/managed-alb-annotations': '{"shop":["alb.ingress.kubernetes.io/actions.shop-stable"]}',
    });
  });
  it('name the Service whose turn it is', () => {
    for (const [turn, canary, stable] of [['ping', 'pong', 'ping'], ['pong', 'ping', 'pong']] as const) {
      const object = after(routed({ alb: { ...ONE, rootService: 'root' } }, PING_PONG, { canary: { stablePingPong: turn } }), [30], [ingress('edge', 'root')]);
      assert.deepEqual(JSON.parse(object?.metadata.annotations?.['alb.ingress.kubernetes.io/actions.root'] ?? ''), { Type: 'forward', ForwardConfig: { TargetGroups: [group(canary, 30), group(stable, 70)] } });
    }
  });
  it('keep the lists of other rollouts', () => {
    const object = after(routed({ alb: ONE }), [25], [ingress('edge', 'shop-stable', { 'rollouts.argoproj.io/managed-alb-annotations': '{"other":["x"]}' })]);
    assert.equal(object?.metadata.annotations?.['rollouts.argoproj.io/managed-alb-annotations'], '{"other":["x"],"shop":["alb.ingress.kubernetes.io/actions.shop-stable"]}');
  });
  it('are read as they are', () => {
    const text = JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: [group('shop-canary', 1), group('shop-stable', 3)] } });
    const object = ingress('edge', 'shop-stable', { 'alb.ingress.kubernetes.io/actions.shop-stable': text });
    assert.equal(route(alb.read(routed({ alb: ONE }), [object])).splits[0]?.canary, 25);
    const torn = ingress('edge', 'shop-stable', { 'alb.ingress.kubernetes.io/actions.shop-stable': '{"Type' });
    assert.equal(route(alb.read(routed({ alb: ONE }), [torn])).splits[0]?.canary, 0);
  });
});

describe('what is left behind', () => {
  const MANAGED = 'rollouts.argoproj.io/managed-alb-annotations';
  const used = after(routed({ alb: ONE }), [25, { managedRoutes: [header(['X-Beta', 'yes'])] }], [ingress('edge', 'shop-stable', { [MANAGED]: '{"other":["a/actions.theirs"]}', 'rollouts.argoproj.io/managed-alb-actions': 'old', 'a/actions.theirs': 'kept' })]);
  const object = used ?? ingress('edge');
  const released = (manager: ReturnType<typeof routed> | undefined): KubeObject | undefined => applied([object], releaseIngress(object, 'shop', manager).map((change) => ({ change, notes: [] })))[0];
  it('names every rollout that has something in it', () => assert.deepEqual(ingressManagers(object), ['other', 'shop']));
  it('goes to the Service of its action, without header routes, and with what others have', () => {
    assert.deepEqual(released(undefined)?.metadata.annotations, {
      'alb.ingress.kubernetes.io/actions.shop-stable': JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: [group('shop-stable', 100)] } }),
      [MANAGED]: '{"other":["a/actions.theirs"]}', 'a/actions.theirs': 'kept',
    });
    assert.deepEqual(released(undefined)?.['spec'], ingress('edge')['spec']);
  });
  it('is nothing while the rollout uses it', () => assert.equal(released(routed({ alb: ONE })), object));
  it('is let go by one that uses another Ingress or another router', () => {
    for (const routing of [{ alb: { ...ONE, ingress: 'else' } }, { nginx: { stableIngress: 'edge' } }]) assert.notEqual(released(routed(routing)), object);
  });
});

describe('a header route of ALB', () => {
  const object = after(routed({ alb: ONE }), [25, { managedRoutes: [header(['X-Beta', 'yes'], ['X-Beta', 'on'], ['X-Team', 'a'])] }]);
  it('has an action, and conditions with one entry for each header', () => {
    const { annotations } = object?.metadata ?? {};
    assert.equal(annotations?.['alb.ingress.kubernetes.io/conditions.beta'],
      '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"X-Beta","values":["yes","on"]}},{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"X-Team","values":["a"]}}]');
    assert.deepEqual(JSON.parse(annotations?.['alb.ingress.kubernetes.io/actions.beta'] ?? ''), { Type: 'forward', ForwardConfig: { TargetGroups: [group('shop-canary', 100)] } });
  });
  it('is the first path of every rule', () => {
    const { rules } = (object ?? ingress('edge'))['spec'] as { readonly rules: readonly { readonly http: { readonly paths: readonly { readonly backend: { readonly service: { readonly name: string } } }[] } }[] };
    assert.deepEqual(rules.map(({ http }) => http.paths.map(({ backend }) => backend.service.name)), [['beta', 'shop-stable', 'other'], ['beta', 'other']]);
  });
});

describe('what ALB can not route', () => {
  const rows: readonly (readonly [name: string, routing: AlbRouting, objects: readonly KubeObject[], reason: RegExp])[] = [
    ['neither one nor several', { servicePort: 80 }, [], /Neither are configured/],
    ['one and several', { ...ONE, ingresses: ['x'] }, [], /Both are configured/],
    ['no rule for the action', { ...ONE, rootService: 'root' }, [ingress('edge')], /has no rules using service root backend/],
    ['clients that stay for ever', { ...ONE, stickinessConfig: { enabled: true, durationSeconds: 604_801 } }, [ingress('edge')], /between 1 and 604800 seconds/],
  ];
  for (const [name, routing, objects, reason] of rows) {
    it(name, () => {
      const read = alb.read(routed({ alb: routing }), objects);
      assert.match(read.type === 'route-problem' ? read.reason : '', reason);
    });
  }
});
