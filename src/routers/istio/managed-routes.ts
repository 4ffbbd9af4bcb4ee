// The header and mirror routes that steps promise: before all other routes of a VirtualService, in the order of `managedRoutes`.

import type { HttpRoute, IstioDestination, RouteDestination } from '../../kinds/istio.js';
import type { Note } from '../../kinds/change.js';
import type { ManagedRoute } from '../../kinds/traffic.js';
import { deepEqual } from '../../lib/deep.js';

export type Arrangement = {
  /** Names that only these routes may have, in their order. */
  readonly names: readonly string[];
  readonly wanted: readonly ManagedRoute[] | 'keep';
  /** Where header routes send requests, and mirror routes their copies. */
  readonly canary: IstioDestination;
  /** The destinations of the route that carries the weights, as they are from now on. */
  readonly base: readonly RouteDestination[];
  /** Gives destinations that are there already their weights. */
  readonly weigh: (route: readonly RouteDestination[]) => readonly RouteDestination[];
};

export type Arranged = { readonly http: readonly HttpRoute[]; readonly changed: readonly ManagedRoute[] };

/** The same list when all is in its place. */
export function arrange(http: readonly HttpRoute[], arrangement: Arrangement): Arranged {
  const { names, wanted } = arrangement;
  if (names.length === 0) return { http, changed: [] };
  const isManaged = (route: HttpRoute): boolean => route.name !== undefined && names.includes(route.name);
  if (wanted === 'keep')
    return {
      http: sameOr(
        http,
        http.map((route) => (isManaged(route) && route['mirror'] !== undefined ? weighed(route, arrangement) : route)),
      ),
      changed: [],
    };
  const changed: ManagedRoute[] = [];
  const managed: HttpRoute[] = [];
  for (const route of wanted) {
    const present = http.find(({ name }) => name === route.name);
    const next = route.match.length === 0 ? undefined : routeFor(route, present, arrangement);
    if (next !== present) changed.push(route);
    if (next !== undefined) managed.push(next);
  }
  return { http: sameOr(http, [...managed, ...http.filter((route) => !isManaged(route))]), changed };
}

/** Argo's words; a step that takes its route away is told of like one that makes it. */
export function routeNote(virtualService: string, { type, name }: ManagedRoute): Note {
  return { type: 'Normal', reason: 'Updated VirtualService', message: `VirtualService \`${virtualService}\` set ${type}Route '${name}'` };
}

function sameOr(before: readonly HttpRoute[], after: readonly HttpRoute[]): readonly HttpRoute[] {
  return before.length === after.length && after.every((route, index) => route === before[index]) ? before : after;
}

function weighed(route: HttpRoute, { weigh }: Arrangement): HttpRoute {
  const before = route.route ?? [];
  const after = weigh(before);
  return after === before ? route : { ...route, route: after };
}

/** The present route when it says what is promised; else that with what is promised written over it. */
function routeFor(wanted: ManagedRoute, present: HttpRoute | undefined, arrangement: Arrangement): HttpRoute {
  const own: HttpRoute = wanted.type === 'header' ? headerRoute(wanted, arrangement) : mirrorRoute(wanted, present, arrangement);
  if (present === undefined) return own;
  const stale = wanted.type === 'header' && (present['mirror'] !== undefined || present['mirrorPercentage'] !== undefined);
  if (!stale && Object.entries(own).every(([field, value]) => deepEqual(present[field], value))) return present;
  const { mirror: _, mirrorPercentage: __, ...rest } = present;
  return { ...rest, ...own };
}

function headerRoute(wanted: Extract<ManagedRoute, { type: 'header' }>, { canary }: Arrangement): HttpRoute {
  return {
    name: wanted.name,
    match: wanted.match.map(({ headerName, headerValue }) => ({ headers: { [headerName]: headerValue } })),
    route: [{ destination: canary, weight: 100 }],
  };
}

function mirrorRoute(wanted: Extract<ManagedRoute, { type: 'mirror' }>, present: HttpRoute | undefined, { base, canary, weigh }: Arrangement): HttpRoute {
  const hasAll =
    present?.route !== undefined &&
    deepEqual(
      present.route.map(({ destination }) => destination),
      base.map(({ destination }) => destination),
    );
  return {
    name: wanted.name,
    match: wanted.match.map(({ method, path, headers }) => ({
      ...(method === undefined ? {} : { method }),
      ...(path === undefined ? {} : { uri: path }),
      ...(headers === undefined ? {} : { headers }),
    })),
    route: hasAll ? weigh(present.route) : base.map(withoutZero),
    mirror: canary,
    mirrorPercentage: { value: wanted.percentage },
  };
}

/** As Argo writes it: no weight is 0. */
function withoutZero(destination: RouteDestination): RouteDestination {
  if (destination.weight !== 0) return destination;
  const { weight: _, ...rest } = destination;
  return rest;
}
