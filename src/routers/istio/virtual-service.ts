// VirtualServices: reading the weights of the chosen routes, and planning the write that changes them.

import type { Note } from '../../kinds/change.js';
import type { IstioDestination, RouteDestination, VirtualService } from '../../kinds/istio.js';
import { destinationRuleOf, virtualServiceOf } from '../../kinds/istio.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { ManagedRoute, RouteProblem, RouteSplit, Traffic } from '../../kinds/traffic.js';
import type { PlannedChange } from '../router.js';
import { arrange, routeNote } from './managed-routes.js';
import { absent, findObject, notFound } from '../objects.js';
import { destinationRuleRef, marksOf } from './references.js';
import type { Marks, VirtualServiceUse } from './references.js';
import { selectRoutes } from './route-selection.js';
import type { RoutePlace } from './route-selection.js';
import { misshapen, VIRTUAL_SERVICE_SHAPE } from './shape.js';
import { missingDestination, splitOf, weigh } from './weights.js';

type Chosen = { readonly object: KubeObject; readonly virtualService: VirtualService; readonly places: readonly RoutePlace[] };

function problem(use: VirtualServiceUse, reason: string): RouteProblem {
  return { type: 'route-problem', field: use.field, value: use.settings.name, reason };
}

function choose(rollout: Rollout, use: VirtualServiceUse, objects: readonly KubeObject[]): Chosen | RouteProblem {
  const object = findObject(objects, use.ref);
  if (object === undefined) return absent(problem(use, notFound(use.ref)));
  const wrong = misshapen(object, VIRTUAL_SERVICE_SHAPE);
  if (wrong !== undefined) return problem(use, `VirtualService \`${use.ref.name}\` can not be read: ${wrong}`);
  const virtualService = virtualServiceOf(object);
  const places = selectRoutes(rollout, use, virtualService);
  if (!places.ok) return problem(use, places.error);
  for (const place of places.value) {
    const missing = missingDestination(destinationsAt(virtualService, place), marksOf(rollout));
    if (missing !== undefined) return problem(use, `Istio VirtualService has invalid ${place.protocol.toUpperCase()} routes. Error: ${missing}`);
  }
  return { object, virtualService, places: places.value };
}

const isProblem = (value: Chosen | RouteProblem): value is RouteProblem => 'type' in value;

function destinationsAt(virtualService: VirtualService, place: RoutePlace): readonly RouteDestination[] {
  return virtualService.spec[place.protocol]?.[place.index]?.route ?? [];
}

export function readVirtualService(rollout: Rollout, use: VirtualServiceUse, objects: readonly KubeObject[]): readonly RouteSplit[] | RouteProblem {
  const chosen = choose(rollout, use, objects);
  if (isProblem(chosen)) return chosen;
  return chosen.places.map((place) => ({
    object: `VirtualService/${use.ref.name}`,
    place: `${place.protocol}/${placeName(chosen.virtualService, place)}`,
    ...splitOf(destinationsAt(chosen.virtualService, place), marksOf(rollout)),
  }));
}

function placeName(virtualService: VirtualService, place: RoutePlace): string {
  const name = place.protocol === 'http' ? virtualService.spec.http?.[place.index]?.name : undefined;
  return name ?? String(place.index);
}

/** A whole write with the version that was read: an edit that came in between is never overwritten. */
export function planVirtualService(
  rollout: Rollout,
  use: VirtualServiceUse,
  objects: readonly KubeObject[],
  traffic: Traffic,
): readonly PlannedChange[] | RouteProblem {
  const chosen = choose(rollout, use, objects);
  if (isProblem(chosen)) return chosen;
  const { object, virtualService, places } = chosen;
  const weighed = weighPlaces(virtualService, places, marksOf(rollout), traffic);
  const arranged = arrangeHttp(rollout, weighed, objects, traffic, places);
  if (arranged.spec === virtualService.spec) return [];
  const hasWeights = weighed !== virtualService.spec;
  const notes: Note[] = arranged.changed.filter((route) => !hasWeights || changesMore(route, virtualService)).map((route) => routeNote(use.ref.name, route));
  if (hasWeights)
    notes.push({ type: 'Normal', reason: 'Updated VirtualService', message: `VirtualService \`${use.ref.name}\` set to desiredWeight '${traffic.weight}'` });
  const why = `VirtualService ${use.ref.name} sends ${traffic.weight} of ${traffic.maxWeight} to the canary`;
  return [{ change: { type: 'update', ref: use.ref, object: { ...object, spec: arranged.spec }, why }, notes }];
}

type Spec = VirtualService['spec'];

/** The same spec when all weights are as wanted. */
function weighPlaces(virtualService: VirtualService, places: readonly RoutePlace[], marks: Marks, traffic: Traffic): Spec {
  let { spec } = virtualService;
  for (const place of places) {
    const before = destinationsAt(virtualService, place);
    const after = weigh(before, marks, traffic);
    if (after === before) continue;
    const routes = (spec[place.protocol] ?? []).map((route, index) => (index === place.index ? { ...route, route: after } : route));
    spec = { ...spec, [place.protocol]: routes };
  }
  return spec;
}

type ArrangedSpec = { readonly spec: Spec; readonly changed: readonly ManagedRoute[] };

/** The same spec when all managed routes are as wanted. */
function arrangeHttp(rollout: Rollout, spec: Spec, objects: readonly KubeObject[], traffic: Traffic, places: readonly RoutePlace[]): ArrangedSpec {
  const base = places.find(({ protocol }) => protocol === 'http');
  const http = spec.http ?? [];
  const destinations = base === undefined ? [] : (http[base.index]?.route ?? []);
  const marks = marksOf(rollout);
  const arranged = arrange(http, {
    names: (rollout.spec.strategy?.canary?.trafficRouting?.managedRoutes ?? []).map(({ name }) => name),
    // A VirtualService without HTTP has no headers to go by.
    wanted: base === undefined && traffic.managedRoutes !== 'keep' ? [] : traffic.managedRoutes,
    canary: canaryDestination(rollout, objects, destinations),
    base: destinations,
    weigh: (route) => weigh(route, marks, traffic),
  });
  return { spec: arranged.http === http ? spec : { ...spec, http: arranged.http }, changed: arranged.changed };
}

/** A mirror route that only follows the weights is not news. */
function changesMore(route: ManagedRoute, before: VirtualService): boolean {
  return route.type === 'header' || route.match.length === 0 || before.spec.http?.some(({ name }) => name === route.name) !== true;
}

/** Where a request goes that is the canary's as a whole. The port is that of the route's first destination. */
function canaryDestination(rollout: Rollout, objects: readonly KubeObject[], route: readonly RouteDestination[]): IstioDestination {
  const { canaryService, canarySubset } = marksOf(rollout);
  const ref = destinationRuleRef(rollout);
  const rule = ref === undefined ? undefined : findObject(objects, ref);
  const port = route[0]?.destination?.port;
  const host = (rule === undefined ? undefined : destinationRuleOf(rule).spec.host) ?? canaryService;
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(canarySubset === undefined ? {} : { subset: canarySubset }),
  };
}
