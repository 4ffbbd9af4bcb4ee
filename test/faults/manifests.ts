// The rollout `cart` in its several forms, and what it refers to.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { NAMESPACE } from './stage.js';

type Fields = Readonly<Record<string, unknown>>;

export const object = (apiVersion: string, kind: string, name: string, more: Fields): KubeObject => ({ apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...more });

/** Through Istio, by two Services. */
export const HOSTS: Fields = { canaryService: 'cart-canary', stableService: 'cart-stable', trafficRouting: { istio: { virtualService: { name: 'cart', routes: ['primary'] } } } };
/** Through Istio, by the subsets of a DestinationRule. */
export const SUBSETS: Fields = { trafficRouting: { istio: { virtualService: { name: 'cart', routes: ['primary'] }, destinationRule: { name: 'cart', canarySubsetName: 'canary', stableSubsetName: 'stable' } } } };

export const GATED = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: { duration: '10s' } }];

export const image = (tag: string): string => `shop.test/cart:${tag}`;

export function rollout(canary: Fields, spec: Fields = {}): KubeObject {
  return object('argoproj.io/v1alpha1', 'Rollout', 'cart', {
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'cart' } },
      template: { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'main', image: image('v1'), ports: [{ containerPort: 8080 }] }] } },
      strategy: { canary: { steps: GATED, ...canary } },
      ...spec,
    },
  });
}

export const service = (name: string, selector: Fields = { app: 'cart' }): KubeObject => object('v1', 'Service', name, { spec: { selector, ports: [{ port: 80, targetPort: 8080 }] } });

export const SERVICES = [service('cart-stable'), service('cart-canary')];

const NETWORKING = 'networking.istio.io/v1alpha3';

export const hostRoute = (name = 'primary', canaryHost = 'cart-canary', stableHost = 'cart-stable'): Fields => ({ name, route: [{ destination: { host: stableHost }, weight: 100 }, { destination: { host: canaryHost }, weight: 0 }] });
export const subsetRoute: Fields = { name: 'primary', route: [{ destination: { host: 'cart', subset: 'stable' }, weight: 100 }, { destination: { host: 'cart', subset: 'canary' }, weight: 0 }] };
export const virtualService = (...http: readonly Fields[]): KubeObject => object(NETWORKING, 'VirtualService', 'cart', { spec: { hosts: ['cart.test'], http } });
export const destinationRule = (...subsets: readonly string[]): KubeObject => object(NETWORKING, 'DestinationRule', 'cart', { spec: { host: 'cart', subsets: subsets.map((name) => ({ name, labels: { app: 'cart' } })) } });

/** All that `cart` needs of its surroundings, the rollout last. */
export const byHosts = (canary: Fields = {}, spec: Fields = {}): readonly KubeObject[] => [...SERVICES, virtualService(hostRoute()), rollout({ ...HOSTS, ...canary }, spec)];
export const bySubsets = (canary: Fields = {}, spec: Fields = {}): readonly KubeObject[] => [service('cart'), destinationRule('stable', 'canary'), virtualService(subsetRoute), rollout({ ...SUBSETS, ...canary }, spec)];

export const template = (name: string, metric: Fields = {}, provider: Fields = { web: { url: 'http://metrics.test/cart', jsonPath: '{$.value}' } }, args: readonly Fields[] = []): KubeObject =>
  object('argoproj.io/v1alpha1', 'AnalysisTemplate', name, { spec: { args, metrics: [{ name: 'rate', interval: '5s', count: 3, successCondition: 'result >= 0.95', provider, ...metric }] } });

export const setImage = (tag: string): string => `set image cart main=${image(tag)}`;
