// Rollouts and route objects of the routers other than Istio, for the tables.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import type { CanaryStrategy, RolloutStatus } from '../../src/kinds/rollout.js';
import type { TrafficRouting } from '../../src/kinds/traffic-routing.js';

export function routed(trafficRouting: TrafficRouting, more: CanaryStrategy = {}, status?: RolloutStatus): Rollout {
  const managedRoutes = [{ name: 'beta' }, { name: 'shadow' }];
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'mall', uid: 'ro-1' },
    spec: { strategy: { canary: { canaryService: 'shop-canary', stableService: 'shop-stable', ...more, trafficRouting: { managedRoutes, ...trafficRouting } } } },
    ...(status === undefined ? {} : { status }),
  };
}

export function routeObject(apiVersion: string, kind: string, name: string, spec: Readonly<Record<string, unknown>>, annotations: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: 'mall', resourceVersion: '7', annotations }, spec };
}

const path = (where: string, service: string, port: object = { number: 80 }): object => ({ path: where, pathType: 'Prefix', backend: { service: { name: service, port } } });

export function ingress(name: string, service = 'shop-stable', annotations: Readonly<Record<string, string>> = {}): KubeObject {
  return routeObject('networking.k8s.io/v1', 'Ingress', name, {
    ingressClassName: 'edge',
    tls: [{ hosts: ['shop.test'], secretName: 'cert' }],
    rules: [{ host: 'shop.test', http: { paths: [path('/', service), path('/other', 'other')] } }, { host: 'else.test', http: { paths: [path('/', 'other')] } }],
  }, annotations);
}

export const GATEWAY_API = 'gateway.networking.k8s.io';

/** A Mapping of Ambassador that leads to the stable Service. */
export function mapping(apiVersion: string, kind: string, name: string, more: Readonly<Record<string, unknown>> = {}): KubeObject {
  return routeObject(apiVersion, kind, name, { prefix: '/', rewrite: '/', service: 'https://shop-stable.mall:443', ...more });
}

/** A mesh in which the VirtualNodes "old" and "new" are weighed by one route of that kind. */
export function meshObjects(kind: string): readonly KubeObject[] {
  const object = (name: string, what: string, spec: Readonly<Record<string, unknown>>): KubeObject => routeObject('appmesh.k8s.aws/v1beta2', what, name, spec);
  const target = (name: string, weight: number): object => ({ virtualNodeRef: { name }, weight, port: 8080 });
  const node = (name: string): KubeObject => object(name, 'VirtualNode', { podSelector: { matchLabels: { app: 'shop' } }, serviceDiscovery: { awsCloudMap: { namespaceName: 'mall.test', serviceName: name } } });
  const route = { name: 'main', [kind]: { match: kind === 'httpRoute' ? { prefix: '/' } : {}, action: { weightedTargets: [target('old', 100), target('new', 0)] } } };
  return [
    object('shop', 'VirtualService', { provider: { virtualRouter: { virtualRouterRef: { name: 'split' } } } }),
    object('split', 'VirtualRouter', { listeners: [{ portMapping: { port: 80, protocol: 'http' } }], routes: [route] }),
    node('old'),
    node('new'),
  ];
}
