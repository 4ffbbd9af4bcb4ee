// Follows the objects of gateways and ingress controllers, of which few clusters serve more than one kind.

import { typeKey } from '../../cluster/cache.js';
import type { Cache } from '../../cluster/cache.js';
import type { Cluster } from '../../cluster/cluster.js';
import { startReflector } from '../../cluster/reflector.js';
import type { Reflector } from '../../cluster/reflector.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import { ROUTE_TYPES } from '../../kinds/route-types.js';
import type { Clock } from '../../lib/clock.js';
import { createRng } from '../../lib/rng.js';

/** Chance of their own: how often an absent kind is asked for must not move what the users of a recorded seed do. */
const SEED = 23;

/** All routing kinds but those that are followed already. */
export function followRoutes(
  options: { readonly cluster: Cluster; readonly cache: Cache; readonly clock: Clock },
  known: readonly ResourceType[],
): readonly Reflector[] {
  const rng = createRng(SEED);
  const followed = new Set(known.map(typeKey));
  return ROUTE_TYPES.filter((type) => !followed.has(typeKey(type))).map((type) => startReflector({ ...options, type, rng }));
}
