// Where the routing objects of gateways and ingress controllers send `GET /` for a host, with or without headers: what NGINX, the AWS load balancer controller,
// Gateway API, SMI, Traefik and APISIX would make of them; Ambassador and AWS App Mesh: mesh-objects.ts. Undefined: this kind of object
// says nothing of the host.

import type { KubeObject } from '../kinds/kube-object.js';
import { INGRESS } from '../kinds/resource-type.js';
import { APISIX_ROUTE, GRPC_ROUTE, HTTP_ROUTE, TRAEFIK_SERVICE, TRAEFIK_SERVICE_OLD, TRAFFIC_SPLIT } from '../kinds/route-types.js';
import { byMapping, byMesh } from './mesh-objects.js';
import { headerMatches, meansHost, namespaceOf, numberOf, objectsOf, recordOf, recordsOf, textsOf } from './route-fields.js';
import type { Fields, WantedHost, WeightedService } from './route-fields.js';
import type { World } from './world.js';

export function routesOf(world: World, host: WantedHost): readonly WeightedService[] | undefined {
  return (
    byGateway(world, host) ?? byIngress(world, host) ?? byApisix(world, host) ?? byMapping(world, host) ?? byMesh(world, host) ?? byNamedSplit(world, host)
  );
}

function byGateway(world: World, host: WantedHost): readonly WeightedService[] | undefined {
  const best = gatewayRule(world, host);
  return best === undefined
    ? undefined
    : recordsOf(best.rule['backendRefs']).map((backend) => backendAt(backend, best.namespace, numberOf(backend['weight'], 1)));
}

/** Where copies of the requests go; the weight is a percentage. */
export function mirrorsOf(world: World, host: WantedHost): readonly WeightedService[] {
  const best = gatewayRule(world, host);
  return recordsOf(best?.rule['filters']).flatMap(({ requestMirror }) => {
    const { backendRef, percent } = recordOf(requestMirror);
    return best === undefined || backendRef === undefined ? [] : [backendAt(recordOf(backendRef), best.namespace, numberOf(percent, 100))];
  });
}

function backendAt(backend: Fields, home: string, weight: number): WeightedService {
  return { weight, namespace: typeof backend['namespace'] === 'string' ? backend['namespace'] : home, service: String(backend['name']) };
}

/** Of a route of that host name, or one that is attached to the Service. Of rules that fit, an exact path goes before a prefix. */
function gatewayRule(world: World, host: WantedHost): { readonly rule: Fields; readonly namespace: string } | undefined {
  const rules = objectsOf(world, HTTP_ROUTE, GRPC_ROUTE)
    .filter((object) => isRouteFor(object, host))
    .flatMap((object) => recordsOf(recordOf(object['spec'])['rules']).map((rule) => ({ rule, namespace: namespaceOf(object), rank: rankOf(rule, host) })));
  return rules.filter(({ rank }) => rank > 0).toSorted((x, y) => y.rank - x.rank)[0];
}

function isRouteFor(object: KubeObject, { namespace, name }: WantedHost): boolean {
  const spec = recordOf(object['spec']);
  if (textsOf(spec['hostnames']).some((pattern) => meansHost(pattern, name))) return true;
  return recordsOf(spec['parentRefs']).some(
    (parent) => parent['kind'] === 'Service' && parent['name'] === name && (parent['namespace'] ?? namespaceOf(object)) === namespace,
  );
}

/** An exact path goes before any prefix, whatever headers that rule asks for. */
const EXACT_PATH = 100;

function hasGatewayHeader({ name, type, value }: Fields, host: WantedHost): boolean {
  return headerMatches(host, name, type === 'RegularExpression' ? 'regex' : 'exact', value);
}

/** 0: the request does not take the rule. */
function rankOf(rule: Fields, host: WantedHost): number {
  const matches = recordsOf(rule['matches']);
  if (matches.length === 0) return 1;
  return Math.max(
    0,
    ...matches.map((match) => {
      const headers = recordsOf(match['headers']);
      if (!headers.every((each) => hasGatewayHeader(each, host)) || recordsOf(match['queryParams']).length > 0) return 0;
      if (match['method'] !== undefined && match['method'] !== 'GET') return 0;
      const { type = 'PathPrefix', value = '/' } = recordOf(match['path']);
      if (value !== '/') return 0;
      return (type === 'Exact' ? EXACT_PATH : 1) + headers.length;
    }),
  );
}

/** The Ingress of that host; an action that an annotation describes; beside it a canary Ingress with its share. */
function byIngress(world: World, host: WantedHost): readonly WeightedService[] | undefined {
  const found = objectsOf(world, INGRESS).flatMap((object) => {
    const path = recordsOf(recordOf(object['spec'])['rules'])
      .filter((rule) => typeof rule['host'] === 'string' && meansHost(rule['host'], host.name))
      .flatMap((rule) => recordsOf(recordOf(rule['http'])['paths']))
      .find((each) => isPlainPath(each) && meetsConditions(annotationOf(object, `conditions.${backendOf(each)}`), host));
    return path === undefined ? [] : [{ object, service: backendOf(path) }];
  });
  const main = found.find(({ object }) => annotationOf(object, 'canary') !== 'true');
  if (main === undefined) return undefined;
  const forwards = forwardsOf(main.object, main.service);
  const canary = found.find(({ object }) => annotationOf(object, 'canary') === 'true');
  if (canary === undefined) return forwards;
  const total = Number(annotationOf(canary.object, 'canary-weight-total') ?? 100);
  const share = byCanaryHeader(canary.object, host) ? total : Math.min(total, Number(annotationOf(canary.object, 'canary-weight') ?? 0));
  const whole = forwards.reduce((sum, { weight }) => sum + weight, 0);
  return [
    ...forwards.map((forward) => ({ ...forward, weight: (forward.weight * (total - share)) / Math.max(1, whole) })),
    { weight: share, namespace: namespaceOf(canary.object), service: canary.service },
  ];
}

/** NGINX: a header that takes a request to the canary whatever its weight. */
function byCanaryHeader(canary: KubeObject, host: WantedHost): boolean {
  const name = annotationOf(canary, 'canary-by-header');
  return name !== undefined && headerMatches(host, name, 'exact', annotationOf(canary, 'canary-by-header-value') ?? 'always');
}

/** ALB: what must be so of a request before the action that has the same name is taken. */
function meetsConditions(text: string | undefined, host: WantedHost): boolean {
  return recordsOf(parsed(text ?? '[]')).every((condition) => {
    const { httpHeaderName: name, values } = recordOf(condition['httpHeaderConfig']);
    return condition['field'] === 'http-header' && textsOf(values).some((value) => headerMatches(host, name, 'exact', value));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPlainPath = ({ path }: Fields): boolean => path === undefined || path === '/' || path === '/*';
const backendOf = (path: Fields): string => {
  const { name } = recordOf(recordOf(path['backend'])['service']);
  return typeof name === 'string' ? name : '';
};

/** Whatever prefix the controller was given. */
function annotationOf(object: KubeObject, name: string): string | undefined {
  return Object.entries(object.metadata.annotations ?? {}).find(([key]) => key.endsWith(`/${name}`))?.[1];
}

function forwardsOf(object: KubeObject, service: string): readonly WeightedService[] {
  const text = annotationOf(object, `actions.${service}`);
  const namespace = namespaceOf(object);
  const action = parsed(text ?? '{}');
  // The controller leaves such an Ingress as it was; here nobody answers.
  if (action === undefined) return [];
  const groups = recordsOf(recordOf(recordOf(action)['ForwardConfig'])['TargetGroups']);
  if (groups.length === 0) return [{ weight: 1, namespace, service }];
  return groups.map((group) => ({ weight: numberOf(group['Weight'], 0), namespace, service: String(group['ServiceName']) }));
}

function byApisix(world: World, host: WantedHost): readonly WeightedService[] | undefined {
  const rules = objectsOf(world, APISIX_ROUTE).flatMap((object) =>
    recordsOf(recordOf(object['spec'])['http']).map((rule) => ({ rule, namespace: namespaceOf(object) })),
  );
  const [best] = rules.filter(({ rule }) => isApisixFor(rule, host)).toSorted((a, b) => numberOf(b.rule['priority'], 0) - numberOf(a.rule['priority'], 0));
  if (best === undefined) return undefined;
  return recordsOf(best.rule['backends']).map((backend) => ({
    weight: numberOf(backend['weight'], 100),
    namespace: best.namespace,
    service: String(backend['serviceName']),
  }));
}

function isApisixFor(rule: Fields, host: WantedHost): boolean {
  const match = recordOf(rule['match']);
  const paths = textsOf(match['paths']);
  if (!textsOf(match['hosts']).some((pattern) => meansHost(pattern, host.name)) || !recordsOf(match['exprs']).every((each) => hasApisixHeader(each, host)))
    return false;
  return paths.length === 0 || paths.some((path) => path === '/' || path === '/*');
}

function hasApisixHeader({ subject, op, value }: Fields, host: WantedHost): boolean {
  const { scope, name } = recordOf(subject);
  return scope === 'Header' && headerMatches(host, name, op === 'RegexMatch' ? 'regex' : 'exact', value);
}

/** A TrafficSplit of that Service, or a TraefikService of that name. */
function byNamedSplit(world: World, host: WantedHost): readonly WeightedService[] | undefined {
  const { namespace } = host;
  const split = world.list(TRAFFIC_SPLIT, namespace).find((object) => recordOf(object['spec'])['service'] === host.name);
  if (split !== undefined) {
    const backends = recordsOf(recordOf(split['spec'])['backends']);
    return backends.map(({ service, weight }) => ({ weight: Number.parseFloat(String(weight)), namespace, service: String(service) }));
  }
  const weighted = [TRAEFIK_SERVICE, TRAEFIK_SERVICE_OLD].flatMap((type) => world.list(type, namespace)).find((object) => object.metadata.name === host.name);
  if (weighted === undefined) return undefined;
  return recordsOf(recordOf(recordOf(weighted['spec'])['weighted'])['services']).map(({ name, weight }) => ({
    weight: numberOf(weight, 1),
    namespace,
    service: String(name),
  }));
}
