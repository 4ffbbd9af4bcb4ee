// Since when routes have not been where the completed steps promise: remembered from snapshot to snapshot, because no object tells.

import type { Instant } from '../lib/instant.js';
import type { Board } from './board.js';
import { comparePromise } from './promise.js';

export type Drifts = ReadonlyMap<string, Instant>;

export const NO_DRIFTS: Drifts = new Map();

/** By key of the rollout. What did not change is not compared again. */
export function followDrifts(known: Drifts, before: Board, after: Board, now: Instant): Drifts {
  const sameRoutes = before.index.routeObjects === after.index.routeObjects;
  const found = new Map<string, Instant>();
  for (const facts of after.all) {
    const since = known.get(facts.key);
    const differs =
      sameRoutes && before.byKey.get(facts.key) === facts ? since !== undefined : (comparePromise(facts, after.index)?.differences.length ?? 0) > 0;
    if (differs) found.set(facts.key, since ?? now);
  }
  return found;
}
