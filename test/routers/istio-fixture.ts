// Istio objects and rollouts for the tables of the router.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import type { CanaryStrategy } from '../../src/kinds/rollout.js';
import type { IstioRouting } from '../../src/kinds/traffic-routing.js';

export function aRollout(istio: IstioRouting, canary: CanaryStrategy = { canaryService: 'shop-canary', stableService: 'shop-stable' }): Rollout {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'mall' },
    spec: { strategy: { canary: { ...canary, trafficRouting: { ...canary.trafficRouting, istio } } } },
  };
}

export function virtualService(name: string, spec: Readonly<Record<string, unknown>>, namespace = 'mall'): KubeObject {
  return { apiVersion: 'networking.istio.io/v1alpha3', kind: 'VirtualService', metadata: { name, namespace, resourceVersion: '7' }, spec: { hosts: ['shop.test'], gateways: ['edge'], ...spec } };
}

export const hosts = (stable: number, canary: number): readonly object[] => [
  { destination: { host: 'shop-stable' }, weight: stable },
  { destination: { host: 'shop-canary.mall.svc.cluster.local', port: { number: 80 } }, weight: canary },
];

export const subsets = (stable: number, canary: number): readonly object[] => [
  { destination: { host: 'shop', subset: 'old' }, weight: stable },
  { destination: { host: 'shop', subset: 'new' }, weight: canary },
];

export const destinationRule: KubeObject = {
  apiVersion: 'networking.istio.io/v1alpha3', kind: 'DestinationRule', metadata: { name: 'shop-rule', namespace: 'mall', resourceVersion: '9' },
  spec: { host: 'shop', subsets: [{ name: 'old', labels: { app: 'shop' }, trafficPolicy: { tls: { mode: 'DISABLE' } } }, { name: 'new', labels: { app: 'shop' } }, { name: 'beta', labels: { app: 'beta' } }] },
};

export const RULE = { name: 'shop-rule', canarySubsetName: 'new', stableSubsetName: 'old' };
