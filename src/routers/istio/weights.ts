// The destinations of one route: whose each is, what it gets now, and what it should get.

import type { RouteDestination } from '../../kinds/istio.js';
import type { Traffic } from '../../kinds/traffic.js';
import type { Marks } from './references.js';

export type Share = 'canary' | 'stable' | 'additional' | 'other';

/** The name of the Service in "shop", "shop.mall" and "shop.mall.svc.cluster.local". */
export function hostName(host: string | undefined): string {
  return (host ?? '').split('.')[0] ?? '';
}

export function shareOf(destination: RouteDestination, marks: Marks, additional: readonly string[]): Share {
  const host = hostName(destination.destination?.host);
  const subset = destination.destination?.subset;
  const isCanary = (host !== '' && host === marks.canaryService) || (subset !== undefined && subset === marks.canarySubset);
  if (isCanary) return 'canary';
  const isStable = (host !== '' && host === marks.stableService) || (subset !== undefined && subset === marks.stableSubset);
  if (isStable) return 'stable';
  if (additional.includes(host) || (subset !== undefined && marks.additionalSubsets.includes(subset))) return 'additional';
  return 'other';
}

/** Why the route can not be weighed; undefined when both versions are in it. */
export function missingDestination(route: readonly RouteDestination[], marks: Marks): string | undefined {
  if (marks.canarySubset !== undefined && marks.stableSubset !== undefined) {
    const has = (subset: string): boolean => route.some((destination) => destination.destination?.subset === subset);
    if (!has(marks.canarySubset)) return `Canary DestinationRule subset '${marks.canarySubset}' not found in route`;
    return has(marks.stableSubset) ? undefined : `Stable DestinationRule subset '${marks.stableSubset}' not found in route`;
  }
  const has = (service: string | undefined): boolean => route.some((destination) => hostName(destination.destination?.host) === service);
  if (!has(marks.canaryService)) return `Canary Service '${marks.canaryService ?? ''}' not found in route`;
  return has(marks.stableService) ? undefined : `Stable Service '${marks.stableService ?? ''}' not found in route`;
}

/** The route with the wanted weights; the same object when it has them already. What is neither version's keeps its share, out of stable's. */
export function weigh(route: readonly RouteDestination[], marks: Marks, traffic: Traffic): readonly RouteDestination[] {
  const extras = new Map(traffic.additional.map(({ service, weight }) => [service, weight]));
  const kept = route.reduce((sum, destination) => (shareOf(destination, marks, []) === 'additional' ? sum + (destination.weight ?? 0) : sum), 0);
  const extra = traffic.additional.reduce((sum, { weight }) => sum + weight, 0);
  const stable = Math.max(0, traffic.maxWeight - traffic.weight - kept - extra);
  const shares = new Map<RouteDestination, Share>(route.map((destination) => [destination, shareOf(destination, marks, [...extras.keys()])]));
  // A destination that nobody here knows and that gets traffic would spoil the sum; without traffic it is left alone.
  const known = route.filter((destination) => shares.get(destination) !== 'other' || (destination.weight ?? 0) === 0);
  const weighed = known.map((destination): RouteDestination => {
    const weight = weightFor(destination, shares.get(destination), { canary: traffic.weight, stable, extras });
    // Istio takes a missing weight for 0, but that of an only destination for everything.
    const present = destination.weight ?? (known.length === 1 ? undefined : 0);
    return weight === undefined || weight === present ? destination : { ...destination, weight };
  });
  const present = new Set(known.map((destination) => hostName(destination.destination?.host)));
  const added = traffic.additional
    .filter(({ service }) => !present.has(service))
    .map(({ service, weight }): RouteDestination => ({ weight, destination: { host: service } }));
  const after = [...weighed, ...added];
  return after.length === route.length && after.every((destination, index) => destination === route[index]) ? route : after;
}

type Weights = { readonly canary: number; readonly stable: number; readonly extras: ReadonlyMap<string, number> };

function weightFor(destination: RouteDestination, share: Share | undefined, weights: Weights): number | undefined {
  if (share === 'canary' || share === 'stable') return weights[share];
  return share === 'additional' ? weights.extras.get(hostName(destination.destination?.host)) : undefined;
}

export function splitOf(route: readonly RouteDestination[], marks: Marks): { readonly canary: number; readonly stable: number; readonly other: number } {
  const split = { canary: 0, stable: 0, other: 0 };
  for (const destination of route) {
    const share = shareOf(destination, marks, []);
    // Istio sends everything to an only destination without a weight.
    const weight = destination.weight ?? (route.length === 1 ? 100 : 0);
    if (share === 'canary' || share === 'stable') split[share] += weight;
    else split.other += weight;
  }
  return split;
}
