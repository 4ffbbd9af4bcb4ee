// Every router with the objects that it works on: the rows of the contract, and of where requests really go.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import { alb } from '../../src/routers/alb/alb.js';
import { ambassador } from '../../src/routers/ambassador.js';
import { apisix } from '../../src/routers/apisix.js';
import { appMesh } from '../../src/routers/app-mesh.js';
import { gateway } from '../../src/routers/gateway/gateway.js';
import { istio } from '../../src/routers/istio/istio.js';
import { nginx } from '../../src/routers/nginx.js';
import type { Router } from '../../src/routers/router.js';
import { smi } from '../../src/routers/smi.js';
import { traefik } from '../../src/routers/traefik.js';
import { destinationRule, hosts, RULE, subsets, virtualService } from '../routers/istio-fixture.js';
import { GATEWAY_API, ingress, mapping, meshObjects, routed, routeObject } from '../routers/route-fixture.js';

export type RouterCase = {
  readonly name: string;
  readonly router: Router;
  readonly rollout: Rollout;
  readonly objects: readonly KubeObject[];
  /** What users call; undefined where the sandbox has no users of that sort (TCP, TLS). */
  readonly host: string | undefined;
  /** What else the router can do; the rollout manages the routes "beta" and "shadow" for headers and mirrors. */
  readonly can?: readonly ('additional' | 'headers' | 'mirror' | 'hashes')[];
  /** Objects that the router makes itself when they are missing. */
  readonly makes?: readonly string[];
  /** The objects are found, not named: none of them is missing when it is not there. */
  readonly found?: true;
  /** Passes until nothing is left to write, where one is not enough. */
  readonly passes?: number;
};

const PING_PONG = { canaryService: '', stableService: '', pingPong: { pingService: 'shop-canary', pongService: 'shop-stable' } };
const all = ['additional', 'headers', 'mirror'] as const;
const main = (route: readonly object[], name = 'main'): object => ({ name, route });
const byHosts = { name: 'shop', routes: ['main'] };

const ISTIO: readonly RouterCase[] = [
  { name: 'istio by hosts', router: istio, can: all, rollout: routed({ istio: { virtualService: { name: 'shop' } } }), objects: [virtualService('shop', { http: [{ route: hosts(100, 0) }] })], host: 'shop.test' },
  {
    name: 'istio by subsets', router: istio, can: [...all, 'hashes'], host: 'shop.test',
    rollout: routed({ istio: { virtualService: byHosts, destinationRule: RULE } }, { canaryService: '', stableService: '' }),
    objects: [virtualService('shop', { http: [main(subsets(100, 0)), main([{ destination: { host: 'other' } }], 'else')] }), destinationRule],
  },
  {
    name: 'istio with several VirtualServices and routes', router: istio, can: all, host: 'shop.test',
    rollout: routed({ istio: { virtualServices: [{ name: 'inner', routes: ['a', 'b'] }, { name: 'outer.edge' }] } }),
    objects: [virtualService('inner', { http: [main(hosts(100, 0), 'a'), main(hosts(60, 40), 'b')] }), virtualService('outer', { hosts: ['edge.test'], http: [{ route: hosts(100, 0) }] }, 'edge')],
  },
  {
    name: 'istio by tls and tcp', router: istio, can: ['additional'], host: undefined,
    rollout: routed({ istio: { virtualService: { name: 'shop', tlsRoutes: [{ port: 443, sniHosts: ['a.test'] }], tcpRoutes: [{ port: 9000 }] } } }),
    objects: [virtualService('shop', { tls: [{ match: [{ port: 443, sniHosts: ['a.test'] }], route: hosts(100, 0) }], tcp: [{ match: [{ port: 9000 }], route: hosts(100, 0) }] })],
  },
  { name: 'istio with Services that take turns', router: istio, can: all, rollout: routed({ istio: { virtualService: byHosts } }, PING_PONG), objects: [virtualService('shop', { http: [main(hosts(100, 0))] })], host: 'shop.test' },
];

const NGINX: readonly RouterCase[] = [
  { name: 'nginx', router: nginx, rollout: routed({ nginx: { stableIngress: 'edge' } }), objects: [ingress('edge')], makes: ['shop-edge-canary'], host: 'shop.test' },
  {
    name: 'nginx with several Ingresses', router: nginx, makes: ['shop-inner-canary', 'shop-outer-canary'], host: 'shop.test',
    rollout: routed({ nginx: { stableIngresses: ['inner', 'outer'], annotationPrefix: 'edge.test' } }), objects: [ingress('inner'), ingress('outer')],
  },
];

export const NGINX_BY_HEADER: RouterCase = {
  name: 'nginx by a header', router: nginx, makes: ['shop-edge-canary'], host: 'shop.test', objects: [ingress('edge')],
  rollout: routed({ nginx: { stableIngress: 'edge', additionalIngressAnnotations: { 'canary-by-header': 'X-Beta', 'canary-by-header-value': 'yes' } } }),
};

const stickinessConfig = { enabled: true, durationSeconds: 60 };

const ALB: readonly RouterCase[] = [
  { name: 'alb', router: alb, can: ['additional', 'headers'], rollout: routed({ alb: { ingress: 'edge', servicePort: 80 } }), objects: [ingress('edge')], host: 'shop.test' },
  {
    name: 'alb with several Ingresses and a root Service', router: alb, can: ['additional', 'headers'], host: 'shop.test',
    rollout: routed({ alb: { ingresses: ['inner', 'outer'], servicePort: 443, rootService: 'root', annotationPrefix: 'lb.test', stickinessConfig } }),
    objects: [ingress('inner', 'root'), ingress('outer', 'root')],
  },
  { name: 'alb with Services that take turns', router: alb, can: ['additional', 'headers'], rollout: routed({ alb: { ingress: 'edge', servicePort: 80, rootService: 'root' } }, PING_PONG), objects: [ingress('edge', 'root')], host: 'shop.test' },
];

const backends = [{ name: 'shop-stable', port: 80 }, { name: 'shop-canary', port: 80 }];
const traefikService = (apiVersion: string): KubeObject => routeObject(apiVersion, 'TraefikService', 'split', { weighted: { sticky: { cookie: {} }, services: backends } });
const byTraefik = routed({ traefik: { weightedTraefikServiceName: 'split' } });
const apisixBackends = [{ serviceName: 'shop-stable', servicePort: 80 }, { serviceName: 'shop-canary', servicePort: 80 }];
const apisixRule = { name: 'main', match: { hosts: ['shop.test'], paths: ['/*'] }, backends: apisixBackends };

const OTHERS: readonly RouterCase[] = [
  { name: 'traefik', router: traefik, rollout: byTraefik, objects: [traefikService('traefik.io/v1alpha1')], host: 'split' },
  { name: 'traefik before version 3', router: traefik, rollout: byTraefik, objects: [traefikService('traefik.containo.us/v1alpha1')], host: 'split' },
  {
    name: 'apisix', router: apisix, can: ['headers'], rollout: routed({ apisix: { route: { name: 'edge', rules: ['main'] } } }), host: 'shop.test',
    objects: [routeObject('apisix.apache.org/v2', 'ApisixRoute', 'edge', { http: [apisixRule, { name: 'else', match: { paths: ['/else'] }, backends: [{ serviceName: 'else', servicePort: 80 }] }] })],
  },
  { name: 'smi', router: smi, can: ['additional'], rollout: routed({ smi: {} }), objects: [], makes: ['shop'], host: 'shop-stable' },
  { name: 'smi with names', router: smi, can: ['additional'], rollout: routed({ smi: { rootService: 'shop-root', trafficSplitName: 'split' } }), objects: [], makes: ['split'], host: 'shop-root' },
];

const PLUGIN = 'argoproj-labs/gatewayAPI';
const by = (settings: object, more: object = {}): Rollout => routed({ plugins: { [PLUGIN]: settings } }, more);
const rule = (path: string, more: object = {}): object => ({ ...more, matches: [{ path: { type: 'PathPrefix', value: path } }], backendRefs: backends });
const httpRoute = (name: string, rules: readonly object[]): KubeObject => routeObject(`${GATEWAY_API}/v1`, 'HTTPRoute', name, { hostnames: ['*.test'], parentRefs: [{ name: 'edge' }], rules });
const grpcRoute = routeObject(`${GATEWAY_API}/v1`, 'GRPCRoute', 'calls', { rules: [{ backendRefs: backends }] });
const tcpRoute = routeObject(`${GATEWAY_API}/v1alpha2`, 'TCPRoute', 'stream', { rules: [{ backendRefs: backends }] });

const labelled = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, labels: { team: 'shop' } } });

const GATEWAY: readonly RouterCase[] = [
  {
    name: 'gateway with one HTTPRoute', router: gateway, can: ['additional'], rollout: by({ httpRoute: 'edge' }), host: 'shop.test',
    objects: [httpRoute('edge', [rule('/'), { matches: [{ path: { value: '/static' } }], backendRefs: [{ name: 'static', port: 80, weight: 0 }] }])],
  },
  {
    name: 'gateway with several routes of all kinds', router: gateway, can: all, host: 'shop.test',
    rollout: by({ namespace: 'mall', httpRoutes: [{ name: 'edge', useHeaderRoutes: true }, { name: 'inner', useHeaderRoutes: true }], grpcRoutes: [{ name: 'calls', useHeaderRoutes: true }], tcpRoute: 'stream', tlsRoute: 'sealed' }),
    objects: [httpRoute('edge', [rule('/'), rule('/b', { name: 'second' })]), httpRoute('inner', [rule('/inner')]), grpcRoute, tcpRoute, { ...tcpRoute, apiVersion: `${GATEWAY_API}/v1`, kind: 'TLSRoute', metadata: { ...tcpRoute.metadata, name: 'sealed' } }],
  },
  { name: 'gateway with Services that take turns', router: gateway, can: ['additional', 'mirror'], rollout: by({ httpRoute: 'edge' }, PING_PONG), objects: [httpRoute('edge', [rule('/')])], host: 'shop.test' },
  { name: 'gateway with routes by their labels', router: gateway, can: all, rollout: by({ httpRouteSelector: { matchLabels: { team: 'shop' } } }), objects: [labelled(httpRoute('edge', [rule('/')])), labelled(httpRoute('inner', [rule('/inner')]))], host: 'shop.test', found: true },
];

const byMapping = routed({ ambassador: { mappings: ['edge', 'inner'] } });
const mappings = (apiVersion: string, kind: string): readonly KubeObject[] => [mapping(apiVersion, kind, 'edge', { hostname: 'shop.test' }), mapping(apiVersion, kind, 'inner', { prefix: '/inner' })];
const byMesh = routed({ appMesh: { virtualService: { name: 'shop' }, virtualNodeGroup: { canaryVirtualNodeRef: { name: 'new' }, stableVirtualNodeRef: { name: 'old' } } } });

const MESHES: readonly RouterCase[] = [
  { name: 'ambassador', router: ambassador, rollout: byMapping, objects: mappings('getambassador.io/v2', 'Mapping'), makes: ['edge-canary', 'inner-canary'], passes: 2, host: 'shop.test' },
  { name: 'ambassador by its other group', router: ambassador, rollout: byMapping, objects: mappings('x.getambassador.io/v3alpha1', 'AmbassadorMapping'), makes: ['edge-canary', 'inner-canary'], passes: 2, host: 'shop.test' },
  ...(['httpRoute', 'http2Route', 'grpcRoute', 'tcpRoute'] as const).map((kind): RouterCase => ({ name: `appMesh by ${kind}`, router: appMesh, can: ['hashes'], rollout: byMesh, objects: meshObjects(kind), host: 'shop' })),
];

export const ROUTER_CASES: readonly RouterCase[] = [...ISTIO, ...NGINX, NGINX_BY_HEADER, ...ALB, ...OTHERS, ...GATEWAY, ...MESHES];
