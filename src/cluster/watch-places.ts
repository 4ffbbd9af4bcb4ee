// Types watched in the whole cluster, or in those namespaces only that a person may see: for each type one list.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Clock } from '../lib/clock.js';
import type { Rng } from '../lib/rng.js';
import { type Cache, type CacheChange, createCache, typeKey } from './cache.js';
import type { Cluster } from './cluster.js';
import { type Reflector, type ReflectorStatus, startReflector } from './reflector.js';

/** A namespace, or the whole cluster. */
export type Place = string | undefined;

export type PlaceStatus = ReflectorStatus & { readonly place: Place };

export type WatchPlacesOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly places: readonly Place[];
  onChange(change: CacheChange): void;
  onStatus(status: PlaceStatus): void;
};

export interface WatchedPlaces {
  places(): readonly Place[];
  /** What is no longer named is forgotten. */
  setPlaces(places: readonly Place[]): void;
  /** One type more; nothing when it is watched already. */
  add(type: ResourceType): void;
  /** The very same list for as long as nothing of the type has changed. */
  list(type: ResourceType): readonly KubeObject[];
  /** True once the type has been listed everywhere where it may be. */
  has(type: ResourceType): boolean;
  statuses(): readonly PlaceStatus[];
  /** What waits after a failure tries again at once. */
  hurry(): void;
  stop(): void;
}

type Watched = { readonly cache: Cache; readonly reflectors: Map<string, Reflector>; forget(): void };

export function watchPlaces(options: WatchPlacesOptions): WatchedPlaces {
  const { cluster, clock, rng } = options;
  const watched = new Map<Place, Watched>();
  const types = new Map<string, ResourceType>();
  const lists = new Map<string, readonly KubeObject[]>();

  const watch = (place: Place, { cache, reflectors }: Watched, type: ResourceType): void => {
    const namespace = place === undefined ? {} : { namespace: place };
    reflectors.set(
      typeKey(type),
      startReflector({ cluster, type, cache, clock, rng, ...namespace, onStatus: (status) => options.onStatus({ ...status, place }) }),
    );
  };
  const open = (place: Place): void => {
    const cache = createCache();
    const forget = cache.listen((change) => {
      lists.delete(typeKey(change.type));
      options.onChange(change);
    });
    const one: Watched = { cache, reflectors: new Map(), forget };
    watched.set(place, one);
    for (const type of types.values()) watch(place, one, type);
  };
  const close = (one: Watched): void => {
    one.forget();
    for (const reflector of one.reflectors.values()) reflector.stop();
    lists.clear();
  };
  const setPlaces = (places: readonly Place[]): void => {
    for (const [place, one] of watched) {
      if (places.includes(place)) continue;
      close(one);
      watched.delete(place);
    }
    for (const place of places) if (!watched.has(place)) open(place);
  };
  setPlaces(options.places);

  return {
    places: () => [...watched.keys()],
    setPlaces,
    add(type) {
      if (types.has(typeKey(type))) return;
      types.set(typeKey(type), type);
      for (const [place, one] of watched) watch(place, one, type);
    },
    list(type) {
      const key = typeKey(type);
      const known = lists.get(key) ?? [...watched.values()].flatMap(({ cache }) => cache.list(type));
      lists.set(key, known);
      return known;
    },
    has: (type) =>
      watched.size > 0 &&
      [...watched.values()].every(({ cache, reflectors }) => cache.has(type) || reflectors.get(typeKey(type))?.status().error?.code === 403),
    statuses: () =>
      [...watched].flatMap(([place, { reflectors }]) => [...reflectors.values()].map((reflector): PlaceStatus => ({ ...reflector.status(), place }))),
    hurry() {
      for (const { reflectors } of watched.values()) for (const reflector of reflectors.values()) reflector.hurry();
    },
    stop() {
      for (const one of watched.values()) close(one);
    },
  };
}
