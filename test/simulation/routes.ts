// The traffic routers by chance: the objects that a rollout routes through, and the hosts at which its users ask.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rng } from '../../src/lib/rng.js';
import { NAMESPACE, object, once, oneOf, PORT, serviceOf } from './manifests.js';
import type { Fields } from './manifests.js';

export const ROUTER_NAMES = ['istio', 'istio-subset', 'nginx', 'alb', 'traefik', 'apisix', 'smi', 'gateway', 'ambassador', 'app-mesh'] as const;
export type RouterName = (typeof ROUTER_NAMES)[number];

export type RoutePlan = {
  /** Of the rollout. */
  readonly name: string;
  readonly router: RouterName;
  readonly trafficRouting: Fields;
  /** stableService, canaryService or pingPong. */
  readonly strategy: Fields;
  readonly objects: readonly KubeObject[];
  /** As the sandbox resolves them; a rollout that has several is asked at each. */
  readonly hosts: readonly string[];
  readonly maxWeight: number;
  readonly can: { readonly headers: boolean; readonly mirrors: boolean; readonly shares: boolean };
};

const CAN: Readonly<Record<RouterName, string>> = { istio: 'hms', 'istio-subset': 'hms', nginx: '', alb: 'hs', traefik: '', apisix: 'h', smi: 's', gateway: 'h', ambassador: '', 'app-mesh': '' };

/** Named after the rollout: one of APISIX is an object of its own. */
export const headerRoute = (rollout: string): string => `${rollout}-beta`;
export const mirrorRoute = (rollout: string): string => `${rollout}-shadow`;

const stableOf = (name: string): string => `${name}-stable`;
const canaryOf = (name: string): string => `${name}-canary`;

type Named = { readonly name: string; readonly stable: string; readonly canary: string };
type Made = Pick<RoutePlan, 'objects' | 'hosts'> & { readonly routing: Fields; readonly maxWeight?: number };

function ingress(name: string, host: string, service: string, port: Fields = { number: PORT }): KubeObject {
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name: service, port } } };
  return object('networking.k8s.io/v1', 'Ingress', name, { spec: { ingressClassName: 'edge', rules: [{ host, http: { paths: [path] } }] } });
}

function virtualService(name: string, host: string, route: readonly unknown[]): KubeObject {
  return object('networking.istio.io/v1alpha3', 'VirtualService', name, { spec: { hosts: [host], http: [{ name: 'main', route }] } });
}

function istio(rng: Rng, { name, stable, canary }: Named): Made {
  const route = [{ destination: { host: stable }, weight: 100 }, { destination: { host: canary }, weight: 0 }];
  const two = once(rng, 4);
  const names = two ? [name, `${name}-edge`] : [name];
  const refs = names.map((each) => ({ name: each, routes: ['main'] }));
  return {
    routing: { istio: two ? { virtualServices: refs } : { virtualService: refs[0] } },
    objects: names.map((each) => virtualService(each, `${each}.test`, route)),
    hosts: names.map((each) => `${each}.test`),
  };
}

function istioSubset({ name }: Named): Made {
  const route = [{ destination: { host: name, subset: 'stable' }, weight: 100 }, { destination: { host: name, subset: 'canary' }, weight: 0 }];
  const subsets = ['stable', 'canary'].map((subset) => ({ name: subset, labels: { app: name } }));
  return {
    routing: { istio: { virtualService: { name, routes: ['main'] }, destinationRule: { name, stableSubsetName: 'stable', canarySubsetName: 'canary' } } },
    objects: [serviceOf(name, ''), virtualService(name, name, route), object('networking.istio.io/v1alpha3', 'DestinationRule', name, { spec: { host: name, subsets } })],
    hosts: [name],
  };
}

function nginx(rng: Rng, { name, stable }: Named): Made {
  const two = once(rng, 4);
  const names = two ? [name, `${name}-edge`] : [name];
  const maxWeight = once(rng, 4) ? 1000 : 100;
  return {
    routing: { nginx: two ? { stableIngresses: names } : { stableIngress: name }, ...(maxWeight === 100 ? {} : { maxTrafficWeight: maxWeight }) },
    objects: names.map((each) => ingress(each, `${each}.test`, stable)),
    hosts: names.map((each) => `${each}.test`),
    maxWeight,
  };
}

function alb(rng: Rng, { name, stable }: Named, turns: boolean): Made {
  const two = once(rng, 4);
  const names = two ? [name, `${name}-edge`] : [name];
  const rooted = turns || once(rng, 3);
  const action = rooted ? `${name}-root` : stable;
  return {
    routing: { alb: { ...(two ? { ingresses: names } : { ingress: name }), servicePort: PORT, ...(rooted ? { rootService: action } : {}) } },
    objects: [...(rooted ? [serviceOf(name, '-root')] : []), ...names.map((each) => ingress(each, `${each}.test`, action, { name: 'use-annotation' }))],
    hosts: names.map((each) => `${each}.test`),
  };
}

function ambassador(rng: Rng, { name, stable }: Named): Made {
  const names = once(rng, 4) ? [name, `${name}-edge`] : [name];
  const [apiVersion, kind] = once(rng, 3) ? ['x.getambassador.io/v3alpha1', 'AmbassadorMapping'] : ['getambassador.io/v2', 'Mapping'];
  const mapping = (each: string): KubeObject => object(apiVersion, kind, each, { spec: { prefix: '/', hostname: `${each}.test`, host: `${each}.test`, service: `${stable}:${PORT}` } });
  return { routing: { ambassador: { mappings: names } }, objects: names.map(mapping), hosts: names.map((each) => `${each}.test`) };
}

function appMesh(rng: Rng, { name }: Named): Made {
  const version = 'appmesh.k8s.aws/v1beta2';
  const node = (role: string): KubeObject => object(version, 'VirtualNode', `${name}-${role}`, { spec: { podSelector: { matchLabels: { app: name } } } });
  const weightedTargets = [{ virtualNodeRef: { name: `${name}-old` }, weight: 100 }, { virtualNodeRef: { name: `${name}-new` }, weight: 0 }];
  const route = { match: { prefix: '/' }, action: { weightedTargets } };
  return {
    routing: { appMesh: { virtualService: { name, ...(once(rng, 2) ? { routes: ['main'] } : {}) }, virtualNodeGroup: { canaryVirtualNodeRef: { name: `${name}-new` }, stableVirtualNodeRef: { name: `${name}-old` } } } },
    objects: [
      node('old'), node('new'), object(version, 'VirtualRouter', name, { spec: { routes: [{ name: 'main', httpRoute: route }] } }),
      object(version, 'VirtualService', name, { spec: { provider: { virtualRouter: { virtualRouterRef: { name } } } } }),
    ],
    hosts: [name],
  };
}

function made(rng: Rng, router: RouterName, named: Named, turns: boolean): Made {
  const { name, stable, canary } = named;
  switch (router) {
    case 'istio':
      return istio(rng, named);
    case 'istio-subset':
      return istioSubset(named);
    case 'nginx':
      return nginx(rng, named);
    case 'alb':
      return alb(rng, named, turns);
    case 'ambassador':
      return ambassador(rng, named);
    case 'app-mesh':
      return appMesh(rng, named);
    case 'traefik': {
      const services = [{ name: stable, port: PORT, weight: 100 }, { name: canary, port: PORT, weight: 0 }];
      const group = once(rng, 3) ? 'traefik.containo.us/v1alpha1' : 'traefik.io/v1alpha1';
      return { routing: { traefik: { weightedTraefikServiceName: name } }, objects: [object(group, 'TraefikService', name, { spec: { weighted: { services } } })], hosts: [name] };
    }
    case 'apisix': {
      const backends = [{ serviceName: stable, servicePort: PORT, weight: 100 }, { serviceName: canary, servicePort: PORT, weight: 0 }];
      const http = [{ name: 'main', match: { hosts: [`${name}.test`], paths: ['/*'] }, backends }];
      return { routing: { apisix: { route: { name, rules: ['main'] } } }, objects: [object('apisix.apache.org/v2', 'ApisixRoute', name, { spec: { http } })], hosts: [`${name}.test`] };
    }
    case 'smi':
      return { routing: { smi: { rootService: `${name}-root` } }, objects: [serviceOf(name, '-root')], hosts: [`${name}-root`] };
    case 'gateway': {
      const backendRefs = [{ name: stable, port: PORT, weight: 100 }, { name: canary, port: PORT, weight: 0 }];
      const spec = { hostnames: [`${name}.test`], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs }] };
      return {
        routing: { plugins: { 'argoproj-labs/gatewayAPI': { namespace: NAMESPACE, httpRoutes: [{ name, useHeaderRoutes: true }] } } },
        objects: [object('gateway.networking.k8s.io/v1', 'HTTPRoute', name, { spec })],
        hosts: [`${name}.test`],
      };
    }
    default:
      return router satisfies never;
  }
}

/** `turns`: two Services that take turns, where the router can have them. */
export function routePlan(rng: Rng, name: string, turns: boolean): RoutePlan {
  const router: RouterName = turns ? oneOf(rng, ['istio', 'alb'] as const) : oneOf(rng, ROUTER_NAMES);
  const named = turns ? { name, stable: `${name}-pong`, canary: `${name}-ping` } : { name, stable: stableOf(name), canary: canaryOf(name) };
  const { routing, objects, hosts, maxWeight = 100 } = made(rng, router, named, turns);
  const can = { headers: CAN[router].includes('h'), mirrors: CAN[router].includes('m'), shares: CAN[router].includes('s') };
  const managed = can.headers ? { managedRoutes: [headerRoute(name), ...(can.mirrors ? [mirrorRoute(name)] : [])].map((route) => ({ name: route })) } : {};
  const byService = router !== 'istio-subset' || once(rng, 2);
  const services = byService ? { stableService: stableOf(name), canaryService: canaryOf(name) } : {};
  const strategy = turns ? { pingPong: { pingService: `${name}-ping`, pongService: `${name}-pong` } } : services;
  const suffixes = turns ? ['-ping', '-pong'] : byService ? ['-stable', '-canary'] : [];
  return { name, router, trafficRouting: { ...routing, ...managed }, strategy, objects: [...suffixes.map((suffix) => serviceOf(name, suffix)), ...objects], hosts, maxWeight, can };
}
