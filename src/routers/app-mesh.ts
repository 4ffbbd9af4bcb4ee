// AWS App Mesh: the routes of a VirtualRouter weigh two VirtualNodes, whose pod selectors say which version each stands for.

import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL, MANAGED_BY } from '../kinds/labels.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { MESH_NODE, MESH_ROUTER, MESH_SERVICE } from '../kinds/route-types.js';
import type { Rollout } from '../kinds/rollout.js';
import type { Route, RouteProblem, RouteSplit, Traffic } from '../kinds/traffic.js';
import { absent, findObject, notFound, recordOf, recordsOf, routeProblem, splitOf, writeChange } from './objects.js';
import type { Fields } from './objects.js';
import type { PlannedChange, Router } from './router.js';

const WHOLE = 100;
const ROUTE_KINDS = ['httpRoute', 'tcpRoute', 'http2Route', 'grpcRoute'] as const;
/** What a node selects while no ReplicaSet is to be behind it: the label of no pod. */
const NO_HASH = { canary: 'canary-hash', stable: 'stable-hash' } as const;

export const appMesh: Router = { name: 'appMesh', needs, further, read, plan };

type Role = 'canary' | 'stable';
type Node = { readonly ref: ObjectRef; readonly object: KubeObject };
type Found = { readonly router: Node; readonly places: ReadonlySet<Fields>; readonly nodes: Readonly<Record<Role, Node>> };

function settingsOf(rollout: Rollout): { readonly service: string; readonly routes: readonly string[]; readonly nodes: Readonly<Record<Role, string>> } {
  const { virtualService, virtualNodeGroup } = rollout.spec.strategy?.canary?.trafficRouting?.appMesh ?? {};
  return {
    service: virtualService?.name ?? '',
    routes: virtualService?.routes ?? [],
    nodes: { canary: virtualNodeGroup?.canaryVirtualNodeRef.name ?? '', stable: virtualNodeGroup?.stableVirtualNodeRef.name ?? '' },
  };
}

function needs(rollout: Rollout): readonly ObjectRef[] {
  const { namespace = '' } = rollout.metadata;
  const { service, nodes } = settingsOf(rollout);
  return [
    { type: MESH_SERVICE, namespace, name: service },
    { type: MESH_NODE, namespace, name: nodes.canary },
    { type: MESH_NODE, namespace, name: nodes.stable },
  ];
}

/** The VirtualRouter, which only the VirtualService names. */
function further(rollout: Rollout, needed: readonly KubeObject[]): readonly ObjectRef[] {
  const { namespace = '' } = rollout.metadata;
  const service = findObject(needed, { type: MESH_SERVICE, namespace, name: settingsOf(rollout).service });
  const { name = '', namespace: where = namespace } = recordOf(
    recordOf(recordOf(recordOf(service?.['spec'])['provider'])['virtualRouter'])['virtualRouterRef'],
  );
  return [{ type: MESH_ROUTER, namespace: String(where), name: String(name) }];
}

function find(rollout: Rollout, objects: readonly KubeObject[]): Found | RouteProblem {
  const { service, routes } = settingsOf(rollout);
  const problem = (reason: string): RouteProblem => routeProblem('appMesh.virtualService', service, reason);
  const [serviceRef, canaryRef, stableRef] = needs(rollout);
  if (serviceRef === undefined || canaryRef === undefined || stableRef === undefined) return problem('no VirtualService is named');
  if (findObject(objects, serviceRef) === undefined) return absent(problem(notFound(serviceRef)));
  const [routerRef] = further(rollout, objects);
  if (routerRef === undefined || routerRef.name === '') return problem(`VirtualService \`${service}\` is not provided by a VirtualRouter`);
  const router = findObject(objects, routerRef);
  if (router === undefined) return absent(problem(notFound(routerRef)));
  const canary = findObject(objects, canaryRef);
  if (canary === undefined) return absent(routeProblem('appMesh.virtualNodeGroup.canaryVirtualNodeRef', canaryRef.name, notFound(canaryRef)));
  const stable = findObject(objects, stableRef);
  if (stable === undefined) return absent(routeProblem('appMesh.virtualNodeGroup.stableVirtualNodeRef', stableRef.name, notFound(stableRef)));
  const missing = routes.find((wanted) => !routesOf(router).some(({ name }) => name === wanted));
  if (missing !== undefined) return problem(`VirtualRouter \`${routerRef.name}\` has no route \`${missing}\``);
  const places = routesOf(router).filter(({ name }) => routes.length === 0 || routes.includes(String(name)));
  if (places.length === 0) return problem(`VirtualRouter \`${routerRef.name}\` has no routes`);
  for (const place of places) {
    const reason = placeProblem(rollout, place);
    if (reason !== undefined) return problem(`route \`${String(place['name'])}\` of VirtualRouter \`${routerRef.name}\` ${reason}`);
  }
  return {
    router: { ref: routerRef, object: router },
    places: new Set(places),
    nodes: { canary: { ref: canaryRef, object: canary }, stable: { ref: stableRef, object: stable } },
  };
}

const routesOf = (router: KubeObject): readonly Fields[] => recordsOf(recordOf(router['spec'])['routes']);
const kindOf = (place: Fields): (typeof ROUTE_KINDS)[number] | undefined => ROUTE_KINDS.find((kind) => place[kind] !== undefined);
const nodeOf = (target: Fields): unknown => recordOf(target['virtualNodeRef'])['name'];

function targetsOf(place: Fields): readonly Fields[] {
  const kind = kindOf(place);
  return kind === undefined ? [] : recordsOf(recordOf(recordOf(place[kind])['action'])['weightedTargets']);
}

function placeProblem(rollout: Rollout, place: Fields): string | undefined {
  if (kindOf(place) === undefined) return `is of no known kind: ${ROUTE_KINDS.join(', ')}`;
  const targets = targetsOf(place);
  const { nodes } = settingsOf(rollout);
  if (targets.length !== 2) return `must have exactly two weighted targets, not ${targets.length}`;
  const absent = [nodes.canary, nodes.stable].find((name) => !targets.some((target) => nodeOf(target) === name));
  return absent === undefined ? undefined : `does not lead to VirtualNode \`${absent}\``;
}

const labelsOf = (node: KubeObject): Fields => recordOf(recordOf(recordOf(node['spec'])['podSelector'])['matchLabels']);

function hashAt(node: KubeObject, role: Role): string | undefined {
  const hash = labelsOf(node)[HASH_LABEL];
  return typeof hash !== 'string' || hash === NO_HASH[role] ? undefined : hash;
}

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const splits = [...found.places].map((place) => splitAt(rollout, found.router.ref, place));
  const hashes = { canary: hashAt(found.nodes.canary.object, 'canary'), stable: hashAt(found.nodes.stable.object, 'stable') };
  return { type: 'route', router: 'appMesh', splits, hashes, referencedHashes: [hashes.canary, hashes.stable].filter((hash) => hash !== undefined) };
}

function splitAt(rollout: Rollout, { name }: ObjectRef, place: Fields): RouteSplit {
  const parts = { canary: 0, stable: 0, other: 0 };
  for (const target of targetsOf(place)) {
    const whose = nodeOf(target) === settingsOf(rollout).nodes.canary ? 'canary' : 'stable';
    parts[whose] += typeof target['weight'] === 'number' ? target['weight'] : 0;
  }
  return splitOf({ object: `VirtualRouter/${name}`, place: String(place['name']) }, parts, WHOLE);
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const { canaryHash, stableHash } = traffic;
  // One version is not behind both nodes at once: its pods would belong to two of them.
  const own = canaryHash === stableHash ? '' : canaryHash;
  const stable = planNode(rollout, found.nodes.stable, 'stable', stableHash);
  const canary = planNode(rollout, found.nodes.canary, 'canary', own);
  const weights = planRouter(rollout, found, traffic);
  // Stable stands for what it is to carry before it carries it; the canary's node loses its pods only after its requests.
  return traffic.order === 'weight-first' || own === '' ? [...stable, ...weights, ...canary] : [...stable, ...canary, ...weights];
}

function planNode(rollout: Rollout, { ref, object }: Node, role: Role, wanted: string): readonly PlannedChange[] {
  const hash = wanted === '' ? NO_HASH[role] : wanted;
  const spec = recordOf(object['spec']);
  const podSelector = { ...recordOf(spec['podSelector']), matchLabels: { ...labelsOf(object), [HASH_LABEL]: hash } };
  const annotations = { ...object.metadata.annotations, [MANAGED_BY]: rollout.metadata.name };
  const after = { ...object, metadata: { ...object.metadata, annotations }, spec: { ...spec, podSelector } };
  const change = writeChange(ref, object, after, `VirtualNode ${ref.name} stands for ${hash}`);
  return change === undefined ? [] : [{ change, notes: [] }];
}

function planRouter(rollout: Rollout, { router: { ref, object }, places }: Found, { weight }: Traffic): readonly PlannedChange[] {
  const { nodes } = settingsOf(rollout);
  const routes = routesOf(object).map((place) => {
    const kind = kindOf(place);
    if (!places.has(place) || kind === undefined) return place;
    const weightedTargets = targetsOf(place).map((target) => ({ ...target, weight: nodeOf(target) === nodes.canary ? weight : WHOLE - weight }));
    const { [kind]: route } = place;
    return { ...place, [kind]: { ...recordOf(route), action: { ...recordOf(recordOf(route)['action']), weightedTargets } } };
  });
  const after = { ...object, spec: { ...recordOf(object['spec']), routes } };
  const change = writeChange(ref, object, after, `VirtualRouter ${ref.name} sends ${weight} of ${WHOLE} to the canary`);
  return change === undefined ? [] : [{ change, notes: [] }];
}
