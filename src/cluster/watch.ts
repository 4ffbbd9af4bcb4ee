// Several types of one cluster kept in one cache: what a controller or a console starts with, and asks whether it can be trusted.

import type { ResourceType } from '../kinds/resource-type.js';
import type { Clock } from '../lib/clock.js';
import type { Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { typeKey } from './cache.js';
import type { Cache } from './cache.js';
import type { Cluster } from './cluster.js';
import { startReflector } from './reflector.js';
import type { Reflector, ReflectorStatus } from './reflector.js';

export type WatchTypesOptions = {
  readonly cluster: Cluster;
  readonly types: readonly ResourceType[];
  readonly cache: Cache;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Absent: all namespaces. Types of the whole cluster are watched whole. */
  readonly namespace?: string;
  readonly onStatus?: (status: ReflectorStatus) => void;
};

export interface Watches {
  statuses(): readonly ReflectorStatus[];
  /** True once each type has been listed or is known not to be served or not to be allowed. */
  settled(): boolean;
  /** The oldest of the types' last signs of life; undefined while one that is served has given none. */
  lastSignalAt(): Instant | undefined;
  relist(type: ResourceType): void;
  /** One type more; nothing when it is watched already. */
  add(type: ResourceType): void;
  stop(): void;
}

/** Starts at once. A type that is named twice is watched once. */
export function watchTypes(options: WatchTypesOptions): Watches {
  const { cluster, cache, clock, rng, namespace, onStatus } = options;
  const reflectors = new Map<string, Reflector>();
  let stopped = false;
  const add = (type: ResourceType): void => {
    if (stopped || reflectors.has(typeKey(type))) return;
    const scope = namespace === undefined || !type.namespaced ? {} : { namespace };
    reflectors.set(typeKey(type), startReflector({ cluster, type, cache, clock, rng, ...scope, ...(onStatus === undefined ? {} : { onStatus }) }));
  };
  for (const type of options.types) add(type);
  const statuses = (): readonly ReflectorStatus[] => [...reflectors.values()].map((reflector) => reflector.status());
  return {
    statuses,
    settled: () => statuses().every(({ type, error }) => cache.stateOf(type) !== 'unknown' || error?.code === 403),
    lastSignalAt() {
      let oldest: Instant | undefined;
      for (const status of statuses()) {
        if (!status.served) continue;
        if (status.lastSignalAt === undefined) return undefined;
        oldest = oldest === undefined ? status.lastSignalAt : Math.min(oldest, status.lastSignalAt);
      }
      return oldest;
    },
    relist: (type) => reflectors.get(typeKey(type))?.relist(),
    add,
    stop() {
      stopped = true;
      for (const reflector of reflectors.values()) reflector.stop();
    },
  };
}
