// Every router is judged by where requests go: what it plans is read by the sandbox, which knows nothing of rollouts,
// and at each weight the pods of the canary must get that share, and of a header route's requests none more.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { apiVersionOf } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import type { ManagedRoute } from '../../src/kinds/traffic.js';
import { ROUTERS, routerOf } from '../../src/routers/index.js';
import { routeHost } from '../../src/sandbox/routing.js';
import type { World } from '../../src/sandbox/world.js';
import { hosts, virtualService } from '../routers/istio-fixture.js';
import { ingress, routed, routeObject } from '../routers/route-fixture.js';
import { applied, planned, wanted } from './router-contract.js';

function service(name: string, version: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'mall' }, spec: { selector: { version }, ports: [{ port: 80 }] } };
}

function pod(version: string): KubeObject {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${version}`, namespace: 'mall', labels: { version } },
    spec: { nodeName: 'n', containers: [{ name: 'main', image: `shop:${version}` }] }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

const VERSIONS = [service('shop-stable', 'old'), service('shop-canary', 'new'), service('shop-trial', 'trial'), pod('old'), pod('new'), pod('trial')];

function worldOf(objects: readonly KubeObject[]): World {
  const list = (type: ResourceType, namespace?: string): readonly KubeObject[] =>
    objects.filter((object) => object.kind === type.kind && object.apiVersion === apiVersionOf(type) && (namespace === undefined || object.metadata.namespace === namespace));
  return { list, get: (ref) => list(ref.type, ref.namespace).find(({ metadata }) => metadata.name === ref.name), ownedBy: () => [] };
}

/** Percent of the requests by the version whose pods they reach. */
function shares(objects: readonly KubeObject[], host: string): Readonly<Record<string, number>> {
  const { targets } = routeHost(worldOf([...objects, ...VERSIONS]), { namespace: 'mall', name: host });
  const whole = targets.reduce((sum, { weight }) => sum + weight, 0);
  const found: Record<string, number> = {};
  for (const { weight, pods } of targets) {
    const version = pods[0]?.metadata.labels?.['version'] ?? 'nobody';
    if (weight > 0) found[version] = (found[version] ?? 0) + (weight * 100) / whole;
  }
  return found;
}

const backends = [{ name: 'shop-stable', port: 80 }, { name: 'shop-canary', port: 80 }];
const apisixBackends = [{ serviceName: 'shop-stable', servicePort: 80 }, { serviceName: 'shop-canary', servicePort: 80 }];

type Case = { readonly rollout: Rollout; readonly objects: readonly KubeObject[]; readonly host: string; readonly additional?: true; readonly headers?: true };

const CASES: Readonly<Record<string, Case>> = {
  istio: { rollout: routed({ istio: { virtualService: { name: 'shop', routes: ['main'] } } }), objects: [virtualService('shop', { http: [{ name: 'main', route: hosts(100, 0) }] })], host: 'shop.test', additional: true, headers: true },
  nginx: { rollout: routed({ nginx: { stableIngress: 'edge' } }), objects: [ingress('edge')], host: 'shop.test' },
  alb: { rollout: routed({ alb: { ingress: 'edge', servicePort: 80 } }), objects: [ingress('edge')], host: 'shop.test', additional: true, headers: true },
  traefik: { rollout: routed({ traefik: { weightedTraefikServiceName: 'split' } }), objects: [routeObject('traefik.io/v1alpha1', 'TraefikService', 'split', { weighted: { services: backends } })], host: 'split' },
  apisix: {
    rollout: routed({ apisix: { route: { name: 'edge', rules: ['main'] } } }),
    objects: [routeObject('apisix.apache.org/v2', 'ApisixRoute', 'edge', { http: [{ name: 'main', match: { hosts: ['shop.test'], paths: ['/*'] }, backends: apisixBackends }] })],
    host: 'shop.test',
    headers: true,
  },
  smi: { rollout: routed({ smi: { rootService: 'shop' } }), objects: [], host: 'shop', additional: true },
  'plugins.argoproj-labs/gatewayAPI': {
    rollout: routed({ plugins: { 'argoproj-labs/gatewayAPI': { httpRoutes: [{ name: 'edge', useHeaderRoutes: true }] } } }),
    objects: [routeObject('gateway.networking.k8s.io/v1', 'HTTPRoute', 'edge', { hostnames: ['*.test'], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: backends }] })],
    host: 'shop.test',
    additional: true,
    headers: true,
  },
};

const HEADER: ManagedRoute = { type: 'header', name: 'beta', match: [{ headerName: 'X-Beta', headerValue: { exact: 'yes' } }] };

describe('requests go where they are promised', () => {
  it('by every router', () => assert.deepEqual(Object.keys(CASES).toSorted(), ROUTERS.map(({ name }) => name).toSorted()));
  for (const [name, { rollout, objects, host, additional, headers }] of Object.entries(CASES)) {
    const router = routerOf(rollout);
    assert.ok(router !== undefined && !('type' in router));
    const at = (...traffic: Parameters<typeof wanted>): Readonly<Record<string, number>> => shares(applied(objects, planned(router, rollout, objects, wanted(...traffic))), host);
    it(`${name}: at every weight`, () => {
      for (const weight of [0, 1, 20, 50, 99, 100]) assert.deepEqual(at(weight), { ...(weight < 100 ? { old: 100 - weight } : {}), ...(weight > 0 ? { new: weight } : {}) });
    });
    if (additional) it(`${name}: with an experiment`, () => assert.deepEqual(at(20, { additional: [{ service: 'shop-trial', hash: 'trial', weight: 15 }] }), { old: 65, new: 20, trial: 15 }));
    if (headers) it(`${name}: beside a header route`, () => assert.deepEqual(at(20, { managedRoutes: [HEADER] }), { old: 80, new: 20 }));
  }
});
