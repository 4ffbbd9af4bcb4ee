// How requests of one rollout are to be split between its versions, and how they really are: the words between
// the decisions, which choose a split, and the routers, which write it into objects and read it back.

import type { HeaderMatch, RouteMatch } from './rollout-strategy.js';

export type TrafficShare = { readonly service: string; readonly hash: string; readonly weight: number };

/** What is asked of a router. Weights are parts of `maxWeight`. */
export type Traffic = {
  readonly weight: number;
  readonly maxWeight: number;
  readonly canaryHash: string;
  readonly stableHash: string;
  /** Further versions beside canary and stable (experiments). */
  readonly additional: readonly TrafficShare[];
  /**
   * 'weight-first' takes the traffic off a canary without pods before its name moves to another ReplicaSet;
   * 'hash-first' gives the name before it gives traffic.
   */
  readonly order: 'weight-first' | 'hash-first';
  /**
   * The header and mirror routes that the steps have promised so far, in the order of `managedRoutes`. Any other route of these names
   * is taken away. 'keep': whatever there is stays, because the canary still carries traffic that stable can not.
   */
  readonly managedRoutes: readonly ManagedRoute[] | 'keep';
};

/** Requests that match any of these go to the canary (header), or are copied to it (mirror). Without a match: a step took it away. */
export type ManagedRoute =
  | { readonly type: 'header'; readonly name: string; readonly match: readonly HeaderMatch[] }
  | { readonly type: 'mirror'; readonly name: string; readonly match: readonly RouteMatch[]; readonly percentage: number };

/** One place in one object where requests are split: "shop http/0". */
export type RouteSplit = {
  readonly object: string;
  readonly place: string;
  /** What this place sends to the canary and to the stable version; whatever else it names is in `other`. */
  readonly canary: number;
  readonly stable: number;
  readonly other: number;
};

/** What the route objects really say. */
export type Route = {
  readonly type: 'route';
  readonly router: string;
  readonly splits: readonly RouteSplit[];
  /** The pod-template hashes that subsets (or services) of the route carry now, by role; undefined where the router has none. */
  readonly hashes?: { readonly canary: string | undefined; readonly stable: string | undefined } | undefined;
  /** Hashes that anything in the route still points to. */
  readonly referencedHashes: readonly string[];
};

/** Why the route can not be read or written: a sentence, and what the object in question is. */
export type RouteProblem = {
  readonly type: 'route-problem';
  readonly reason: string;
  /** The field of the rollout that the problem belongs to, for its InvalidSpec condition. */
  readonly field: string;
  readonly value: string;
  /** An object that the rollout names is not there; what would be wrong with it is not known. */
  readonly absent?: true;
};
