// Where requests for a host go, as the objects in the cluster say it and nobody else: VirtualService routes, DestinationRule subsets,
// the routes of gateways and ingress controllers (route-objects.ts), Service selectors, ready pods. A rollout's own claims are not read here, so that a wrong route shows.

import { destinationRuleOf, virtualServiceOf } from '../kinds/istio.js';
import type { HttpRoute, IstioDestination, VirtualService } from '../kinds/istio.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import { DESTINATION_RULE, POD, SERVICE, VIRTUAL_SERVICE } from '../kinds/resource-type.js';
import { serviceOf } from '../kinds/service.js';
import { isRecord } from '../lib/deep.js';
import { hasLabels } from './label-match.js';
import { isActive } from './pod-ranking.js';
import { headerMatches } from './route-fields.js';
import type { Headers, WantedHost, WeightedService } from './route-fields.js';
import { mirrorsOf as mirrorsOfRoute, routesOf } from './route-objects.js';
import type { World } from './world.js';

export type Host = { readonly namespace: string; /** A Service's name, or a name that only a VirtualService knows. */ readonly name: string };

/** One place that a share of the requests goes to. No pods: they are answered with 503. */
export type Target = {
  readonly weight: number;
  readonly service: Host;
  readonly subset: string | undefined;
  readonly pods: readonly KubeObject[];
};

export type Routing = {
  readonly targets: readonly Target[];
  /** Copies of requests that go elsewhere too; nobody waits for their answers. The weight is a percentage. */
  readonly mirrors: readonly Target[];
};

const DOMAIN = '.svc.cluster.local';

/** `headers` are the request's, by names in lower case. */
export function routeHost(world: World, host: Host, headers?: Headers): Routing {
  const routes = virtualServicesOf(world, host).flatMap(({ spec, metadata }) =>
    (spec.http ?? []).map((http) => ({ http, namespace: metadata.namespace ?? host.namespace })),
  );
  const route = routes.find(({ http }) => takesRequest(http, headers));
  if (route === undefined) return otherRouting(world, { ...host, headers });
  const { http, namespace } = route;
  const destinations = http.route ?? [];
  // A single destination takes everything, whatever its weight says; that is how Envoy reads it.
  const targets = destinations.map(({ destination, weight }) => targetOf(world, destination ?? {}, namespace, destinations.length === 1 ? 1 : (weight ?? 0)));
  return { targets, mirrors: mirrorsOf(http).map(({ destination, percent }) => targetOf(world, destination, namespace, percent)) };
}

/** By the objects of other routers; without any, the Service itself. */
function otherRouting(world: World, host: WantedHost): Routing {
  const routes = routesOf(world, host) ?? [{ weight: 1, namespace: host.namespace, service: host.name }];
  const targetAt = ({ weight, namespace, service: name, labels }: WeightedService): Target => ({
    weight,
    service: { namespace, name },
    subset: undefined,
    pods: labels === undefined ? podsOfService(world, { namespace, name }) : podsWithLabels(world, namespace, labels),
  });
  return { targets: routes.map(targetAt), mirrors: mirrorsOfRoute(world, host).map(targetAt) };
}

/** Those whose hosts name this one, by the order of their age: Istio merges them so. */
function virtualServicesOf(world: World, host: Host): readonly VirtualService[] {
  const full = fullName(host.name, host.namespace);
  // A name of the outside world means the same in every namespace, a short one only in its own.
  const means = (name: string, namespace: string): boolean =>
    name === host.name ? namespace === host.namespace || name.includes('.') : fullName(name, namespace) === full;
  return world
    .list(VIRTUAL_SERVICE)
    .filter((object) => object.metadata.deletionTimestamp === undefined)
    .map(virtualServiceOf)
    .filter(({ spec, metadata }) => spec.hosts?.some((name) => means(name, metadata.namespace ?? '')) === true)
    .toSorted((a, b) =>
      (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : Number(a.metadata.creationTimestamp !== b.metadata.creationTimestamp),
    );
}

/** "reviews" and "reviews.bookinfo" mean the same Service; names of the outside world stay as they are. */
function fullName(name: string, namespace: string): string {
  const { name: service, namespace: where } = hostOf(name, namespace);
  return name.includes('.') && !name.endsWith(DOMAIN) && name.split('.').length > 2 ? name : `${service}.${where}${DOMAIN}`;
}

function hostOf(name: string, namespace: string): Host {
  const [service = '', where] = name.replace(DOMAIN, '').split('.');
  return { name: service, namespace: where === undefined || where === 'svc' ? namespace : where };
}

/** Whether `GET /` with these headers takes this route. */
function takesRequest(http: HttpRoute, headers: Headers | undefined): boolean {
  if (http.match === undefined || http.match.length === 0) return true;
  return http.match.some((match) =>
    Object.entries(match).every(([field, wanted]) => {
      switch (field) {
        case 'uri':
          return isRecord(wanted) && (wanted['exact'] === '/' || wanted['prefix'] === '/' || wanted['regex'] === '.*' || wanted['regex'] === '/.*');
        case 'method':
          return isRecord(wanted) && wanted['exact'] === 'GET';
        case 'headers':
          return isRecord(wanted) && Object.entries(wanted).every(([name, value]) => hasHeader(headers, name, value));
        case 'queryParams':
          return isRecord(wanted) && Object.keys(wanted).length === 0;
        case 'sourceLabels':
        case 'sourceNamespace':
          return false;
        default:
          return true;
      }
    }),
  );
}

function hasHeader(headers: Headers | undefined, name: string, wanted: unknown): boolean {
  return isRecord(wanted) && (['exact', 'prefix', 'regex'] as const).some((how) => headerMatches({ headers }, name, how, wanted[how]));
}

function mirrorsOf(http: HttpRoute): readonly { readonly destination: IstioDestination; readonly percent: number }[] {
  const percentage = http['mirrorPercentage'];
  const percent = isRecord(percentage) && typeof percentage['value'] === 'number' ? percentage['value'] : 100;
  return isRecord(http['mirror']) ? [{ destination: http['mirror'], percent }] : [];
}

function targetOf(world: World, destination: IstioDestination, namespace: string, weight: number): Target {
  const service = hostOf(destination.host ?? '', namespace);
  const pods = podsOfService(world, service);
  if (destination.subset === undefined) return { weight, service, subset: undefined, pods };
  const labels = subsetLabels(world, service, destination.subset);
  // Envoy has no cluster for a subset that no rule defines: such requests fail, they go nowhere else.
  return { weight, service, subset: destination.subset, pods: labels === undefined ? [] : pods.filter((pod) => hasLabels(pod.metadata.labels, labels)) };
}

function subsetLabels(world: World, service: Host, subset: string): Readonly<Record<string, string>> | undefined {
  const full = fullName(service.name, service.namespace);
  const rules = world
    .list(DESTINATION_RULE)
    .map(destinationRuleOf)
    .filter(({ spec, metadata }) => fullName(spec.host ?? '', metadata.namespace ?? '') === full);
  const found = rules.flatMap(({ spec }) => spec.subsets ?? []).find(({ name }) => name === subset);
  return found === undefined ? undefined : (found.labels ?? {});
}

/** The ready pods behind a Service; none when there is no such Service or it selects nothing. */
export function podsOfService(world: World, { namespace, name }: Host): readonly KubeObject[] {
  const service = world.get({ type: SERVICE, namespace, name });
  const selector = service === undefined ? undefined : serviceOf(service).spec.selector;
  return selector === undefined ? [] : podsWithLabels(world, namespace, selector);
}

/** Without labels none: that would be every pod. */
function podsWithLabels(world: World, namespace: string, labels: Readonly<Record<string, string>>): readonly KubeObject[] {
  if (Object.keys(labels).length === 0) return [];
  return world.list(POD, namespace).filter((object) => {
    if (!hasLabels(object.metadata.labels, labels)) return false;
    const pod = podOf(object);
    return isActive(pod) && isPodReady(pod);
  });
}
