import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { NginxRouting } from '../../src/kinds/traffic-routing.js';
import { nginx } from '../../src/routers/nginx.js';
import { applied, planned, route, wanted } from '../conformance/router-contract.js';
import { ingress, routed } from './route-fixture.js';

const ONE: NginxRouting = { stableIngress: 'edge' };
const made = (routing: NginxRouting, more = {}, stable = ingress('edge', 'shop-stable', { 'kubernetes.io/ingress.class': 'nginx' })): KubeObject | undefined =>
  applied([stable], planned(nginx, routed({ nginx: routing, ...more }), [stable], wanted(25)))[1];

describe('the canary Ingress', () => {
  it('takes the rules that lead to stable, and its class and certificates', () => {
    const { spec } = made(ONE) as KubeObject & { readonly spec: { readonly rules: readonly { readonly http: { readonly paths: readonly { readonly backend: { readonly service: { readonly name: string } } }[] } }[] } };
    assert.deepEqual(spec.rules.map((rule) => rule.http.paths.map(({ backend }) => backend.service.name)), [['shop-canary', 'other']]);
    assert.deepEqual({ ...spec, rules: [] }, { ingressClassName: 'edge', tls: [{ hosts: ['shop.test'], secretName: 'cert' }], rules: [] });
  });
  it('has the annotations of the controller, the rollout and the stable one\'s class', () => {
    const annotations = made({ ...ONE, additionalIngressAnnotations: { 'canary-by-header': 'X-Beta' }, canaryIngressAnnotations: { 'own.test/x': '1' } }, { maxTrafficWeight: 1000 })?.metadata.annotations;
    assert.deepEqual(annotations, {
      'kubernetes.io/ingress.class': 'nginx',
      'nginx.ingress.kubernetes.io/canary-by-header': 'X-Beta',
      'own.test/x': '1',
      'nginx.ingress.kubernetes.io/canary': 'true',
      'nginx.ingress.kubernetes.io/canary-weight': '25',
      'nginx.ingress.kubernetes.io/canary-weight-total': '100',
    });
  });
  it('has the usual prefix where an empty one is given', () => assert.equal(made({ ...ONE, annotationPrefix: '' })?.metadata.annotations?.['nginx.ingress.kubernetes.io/canary-weight'], '25'));
  it('belongs to the rollout', () => assert.equal(made(ONE)?.metadata.ownerReferences?.[0]?.uid, 'ro-1'));
  it('keeps to the length of names', () => assert.ok((made({ stableIngress: 'e'.repeat(250) }, {}, ingress('e'.repeat(250)))?.metadata.name.length ?? 0) <= 253));
  it('follows rules that are added to the stable one', () => {
    const rollout = routed({ nginx: ONE });
    const present = applied([ingress('edge')], planned(nginx, rollout, [ingress('edge')], wanted(25)));
    const stable = { ...ingress('edge'), spec: { rules: [{ host: 'new.test', http: { paths: [{ path: '/', backend: { service: { name: 'shop-stable', port: { number: 80 } } } }] } }] } };
    const [, canary] = applied([stable, ...present.slice(1)], planned(nginx, rollout, [stable, ...present.slice(1)], wanted(25)));
    assert.match(JSON.stringify(canary?.['spec']), /new\.test.*shop-canary/);
  });
  it('is read as it is, whatever was asked', () => {
    const rollout = routed({ nginx: ONE });
    const present = applied([ingress('edge')], planned(nginx, rollout, [ingress('edge')], wanted(25)));
    const edited = present.map((object, index) => (index === 0 ? object : { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, 'nginx.ingress.kubernetes.io/canary-weight': '70' } } }));
    assert.deepEqual(route(nginx.read(rollout, edited)).splits, [{ object: 'Ingress/shop-edge-canary', place: 'edge', canary: 70, stable: 30, other: 0 }]);
  });
});

describe('what NGINX can not route', () => {
  it('is told of the one field, also of several Ingresses', () => {
    const read = nginx.read(routed({ nginx: { stableIngresses: ['edge', 'gone'] } }), [ingress('edge')]);
    assert.deepEqual(read, { type: 'route-problem', field: 'spec.strategy.canary.trafficRouting.nginx.stableIngress', value: '', reason: 'ingress.networking.k8s.io "gone" not found', absent: true });
  });
  const rows: readonly (readonly [name: string, routing: NginxRouting, objects: readonly KubeObject[], reason: RegExp])[] = [
    ['neither one nor several', {}, [], /Neither are configured/],
    ['one and several', { stableIngress: 'edge', stableIngresses: ['x'] }, [], /Both are configured/],
    ['no rule for stable', ONE, [ingress('edge', 'elsewhere')], /ingress `edge` has no rules using service shop-stable backend/],
    ['a canary Ingress of somebody else', ONE, [ingress('edge'), ingress('shop-edge-canary')], /canary ingress `shop-edge-canary` controlled by different object/],
  ];
  for (const [name, routing, objects, reason] of rows) {
    it(name, () => {
      const read = nginx.read(routed({ nginx: routing }), objects);
      assert.match(read.type === 'route-problem' ? read.reason : '', reason);
    });
  }
});
