// Where the Mappings of Ambassador and the VirtualRouters of AWS App Mesh send `GET /` for a host.

import type { KubeObject } from '../kinds/kube-object.js';
import { AMBASSADOR_MAPPING, MAPPING, MESH_NODE, MESH_ROUTER, MESH_SERVICE } from '../kinds/route-types.js';
import { meansHost, namespaceOf, numberOf, objectsOf, recordOf, recordsOf } from './route-fields.js';
import type { Fields, WantedHost, WeightedService } from './route-fields.js';
import type { World } from './world.js';

const WHOLE = 100;

/** Mappings of the same requests: each with a weight takes that, the others share what is left. */
export function byMapping(world: World, host: WantedHost): readonly WeightedService[] | undefined {
  const found = objectsOf(world, MAPPING, AMBASSADOR_MAPPING).filter((object) => takesPlain(recordOf(object['spec']), host));
  if (found.length === 0) return undefined;
  const weighed = found.filter((object) => typeof recordOf(object['spec'])['weight'] === 'number');
  const left = weighed.reduce((rest, object) => rest - numberOf(recordOf(object['spec'])['weight'], 0), WHOLE);
  const share = Math.max(0, left) / Math.max(1, found.length - weighed.length);
  return found.map((object) => ({ weight: numberOf(recordOf(object['spec'])['weight'], share), ...addressOf(object) }));
}

function takesPlain({ prefix, host, hostname, headers, method }: Fields, { name }: WantedHost): boolean {
  if (prefix !== '/' || headers !== undefined || (method !== undefined && method !== 'GET')) return false;
  const pattern = hostname ?? host ?? '*';
  // Names inside the cluster are not called through its edge.
  return pattern === '*' ? name.includes('.') : typeof pattern === 'string' && meansHost(pattern, name);
}

/** "https://shop.mall:443" */
function addressOf(object: KubeObject): { readonly namespace: string; readonly service: string } {
  const { service } = recordOf(object['spec']);
  const [, name = '', namespace = namespaceOf(object)] = /^(?:\w+:\/\/)?([^.:/]*)(?:\.([^.:/]+))?/.exec(typeof service === 'string' ? service : '') ?? [];
  return { service: name, namespace };
}

const ROUTES = ['httpRoute', 'http2Route', 'grpcRoute', 'tcpRoute'] as const;

/** The VirtualService of that name, its VirtualRouter, and of that the first route that takes everything. */
export function byMesh(world: World, { namespace, name }: WantedHost): readonly WeightedService[] | undefined {
  const service = world.get({ type: MESH_SERVICE, namespace, name });
  const ref = recordOf(recordOf(recordOf(recordOf(service?.['spec'])['provider'])['virtualRouter'])['virtualRouterRef']);
  const where = typeof ref['namespace'] === 'string' ? ref['namespace'] : namespace;
  const router = typeof ref['name'] === 'string' ? world.get({ type: MESH_ROUTER, namespace: where, name: ref['name'] }) : undefined;
  if (router === undefined) return undefined;
  const routes = recordsOf(recordOf(router['spec'])['routes']).flatMap((route) => ROUTES.map((kind) => recordOf(route[kind])));
  const route = routes.find((each) => each['action'] !== undefined && takesAll(recordOf(each['match'])));
  if (route === undefined) return undefined;
  return recordsOf(recordOf(route['action'])['weightedTargets']).map((target) => {
    const node = recordOf(target['virtualNodeRef']);
    return { weight: numberOf(target['weight'], 0), ...nodeAt(world, typeof node['namespace'] === 'string' ? node['namespace'] : where, String(node['name'])) };
  });
}

const takesAll = ({ prefix, headers, method }: Fields): boolean =>
  (prefix === undefined || prefix === '/') && headers === undefined && (method === undefined || method === 'GET');

/** By DNS a node is whoever answers to a name; else it is the pods that it selects. */
function nodeAt(world: World, namespace: string, name: string): Omit<WeightedService, 'weight'> {
  const spec = recordOf(world.get({ type: MESH_NODE, namespace, name })?.['spec']);
  const { hostname } = recordOf(recordOf(spec['serviceDiscovery'])['dns']);
  if (typeof hostname !== 'string') return { namespace, service: name, labels: labelsOf(recordOf(spec['podSelector'])['matchLabels']) };
  const [service = '', where = namespace] = hostname.split('.');
  return { namespace: where, service };
}

function labelsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(recordOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
