// What the console sees of one cluster: caches filled by watches, in all namespaces or in those that may be seen, a heartbeat
// that notices a dead line when watches stay silent, and who holds the engine's Lease. Nothing here writes to the cluster.

import type { Cluster } from '../cluster/cluster.js';
import { typeKey } from '../cluster/cache.js';
import { type PlaceStatus, watchPlaces, type WatchedPlaces } from '../cluster/watch-places.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import {
  ANALYSIS_RUN,
  DEPLOYMENT,
  DESTINATION_RULE,
  EVENT,
  POD,
  REPLICA_SET,
  type ResourceType,
  ROLLOUT,
  SERVICE,
  VIRTUAL_SERVICE,
} from '../kinds/resource-type.js';
import type { Connection, Snapshot, WatchedNamespaces } from '../kinds/snapshot.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { isRecord } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';
import { rememberLast } from '../lib/remember.js';
import type { Rng } from '../lib/rng.js';
import { type Beat, sentence, startHeartbeat } from './heartbeat.js';
import { createNarrowing } from './narrowing.js';
import { routeTypesOf } from './route-types.js';

const FIRST_TYPES: readonly ResourceType[] = [ROLLOUT, REPLICA_SET, POD, ANALYSIS_RUN, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE];

/** Events are more than all the rest together, and no list shows them: they are asked for once the rollouts are on the screen. */
const SHOWN_TYPES: readonly ResourceType[] = [...FIRST_TYPES, EVENT];

/** Between two looks at whether the rollouts are there, and how long the events wait for them. */
const FIRST_LOOK_MS = 100;
const LONGEST_FIRST_MS = 10_000;

export type ObserveOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly embedded: boolean;
  /** None: all, or where those may not be seen, those that may. */
  readonly namespaces: readonly string[];
  /** Where to look first for some that may be seen. */
  likelyNamespaces(): readonly string[];
  readonly lease: ObjectRef;
  /** The identity under which an engine in this process leads, while it does. */
  leadingAs(): string | undefined;
  onChange(): void;
  /** How many objects have come so far, while lists are being read. */
  onRead(count: number): void;
};

export interface ClusterView {
  snapshot(): Snapshot;
  /** True once the rollouts have been listed. */
  listed(): boolean;
  /** True once every kind has been listed, refused or found missing. */
  isRead(): boolean;
  /** Tries again at once whatever waits after a failure. */
  hurry(): void;
  stop(): void;
}

export function observeCluster(options: ObserveOptions): ClusterView {
  const { cluster, clock, rng, namespaces, onChange } = options;
  const startedAt = clock.now();
  const routeTypes: ResourceType[] = [];
  const workloadTypes: ResourceType[] = [];
  const listing = new Set<string>();
  /** Undefined when a kind has another state since: it is asked with every object that comes. */
  let read: boolean | undefined;
  const seen = watchPlaces({
    cluster,
    clock,
    rng,
    places: namespaces.length === 0 ? [undefined] : namespaces,
    onChange({ type, after }) {
      if (type === ROLLOUT && after !== undefined) follow(after);
      onChange();
    },
    onStatus(status) {
      read = undefined;
      narrowing.look(status);
      const key = `${typeKey(status.type)} ${status.place ?? ''}`;
      const goesOn = status.state === 'listing' && listing.has(key);
      if (status.state === 'listing') listing.add(key);
      else listing.delete(key);
      // Pages of one list are no news for the screen but for their number.
      if (goesOn) options.onRead(seen.statuses().reduce((sum, { read }) => sum + read, 0));
      else onChange();
    },
  });
  /** The kinds that a rollout's router reads, and the one that its pod template comes from. */
  const follow = (rollout: KubeObject): void => {
    const workload = workloadTypeOf(rollout);
    if (workload !== undefined && !workloadTypes.includes(workload)) workloadTypes.push(workload);
    for (const used of routeTypesOf(rollout)) if (!SHOWN_TYPES.includes(used) && !routeTypes.includes(used)) routeTypes.push(used);
    for (const type of [...routeTypes, ...workloadTypes]) seen.add(type);
  };
  const narrowing = createNarrowing({ cluster, clock, seen, likely: options.likelyNamespaces, given: namespaces.length > 0, onChange });
  for (const type of FIRST_TYPES) seen.add(type);
  const cancelEvents = whenListed(clock, seen, () => seen.add(EVENT));
  const heart = startHeartbeat({
    cluster,
    clock,
    lease: options.lease,
    leadingAs: options.leadingAs,
    watched: () => seen.places().filter((place) => place !== undefined),
    onBeat: onChange,
  });

  // The same lists make the same list: what did not change is not read again.
  const gathered = rememberLast((...parts: readonly (readonly KubeObject[])[]) => parts.flat());

  return {
    snapshot() {
      const statuses = seen.statuses();
      const beat = heart.beat();
      const trouble = cluster.entrance?.trouble();
      const watched = watchedNamespaces(statuses, namespaces.length > 0 ? 'given' : 'permitted');
      const unseen = [...new Set(statuses.filter(isForbidden).map(({ type }) => type))].filter((type) => type !== ROLLOUT).map(({ plural }) => plural);
      return {
        context: cluster.name,
        embedded: options.embedded,
        connection: connectionOf(statuses, beat, narrowing.connection(startedAt, beat.lastOkAt), startedAt, seen.has(ROLLOUT)),
        driver: heart.driver(),
        latencyMs: beat.latencyMs,
        skewMs: cluster.skewMs?.() ?? 0,
        ...(trouble === undefined ? {} : { trouble }),
        ...(watched === undefined ? {} : { namespaces: watched }),
        ...(unseen.length === 0 ? {} : { unseen }),
        rollouts: seen.list(ROLLOUT),
        replicaSets: seen.list(REPLICA_SET),
        pods: seen.list(POD),
        analysisRuns: seen.list(ANALYSIS_RUN),
        services: seen.list(SERVICE),
        virtualServices: seen.list(VIRTUAL_SERVICE),
        destinationRules: seen.list(DESTINATION_RULE),
        otherRoutes: routeTypes.map((type) => ({ type, objects: seen.list(type) })),
        workloads: gathered(...workloadTypes.map((type) => seen.list(type))),
        events: seen.list(EVENT),
      };
    },
    listed: () => seen.has(ROLLOUT),
    isRead: () => (read ??= isAllRead(seen.statuses())),
    hurry() {
      seen.hurry();
      heart.again();
    },
    stop() {
      cancelEvents();
      narrowing.stop();
      heart.stop();
      seen.stop();
    },
  };
}

const isAllRead = (statuses: readonly PlaceStatus[]): boolean =>
  SHOWN_TYPES.every((type) => {
    const own = statuses.filter((status) => status.type === type);
    return own.length > 0 && own.every(({ state }) => state !== 'empty' && state !== 'listing');
  });

/** Once the rollouts have been listed and shown, or can not be listed in that time. */
function whenListed(clock: Clock, seen: WatchedPlaces, action: () => void): Cancel {
  const limitAt = clock.now() + LONGEST_FIRST_MS;
  const look = (): Cancel =>
    clock.after(FIRST_LOOK_MS, () => {
      if (seen.has(ROLLOUT) || clock.now() >= limitAt) action();
      else cancel = look();
    });
  let cancel = look();
  return () => cancel();
}

/** The type of the object that a rollout takes its pod template from. */
function workloadTypeOf(object: KubeObject): ResourceType | undefined {
  const ref = isRecord(object['spec']) ? object['spec']['workloadRef'] : undefined;
  if (!isRecord(ref)) return undefined;
  return ref['kind'] === 'ReplicaSet' ? REPLICA_SET : DEPLOYMENT;
}

const isForbidden = ({ error }: PlaceStatus): boolean => error?.code === 403;

function watchedNamespaces(statuses: readonly PlaceStatus[], why: WatchedNamespaces['why']): WatchedNamespaces | undefined {
  const rollouts = statuses.filter(({ type, place }) => type === ROLLOUT && place !== undefined);
  if (rollouts.length === 0) return undefined;
  const names = (some: readonly PlaceStatus[]): readonly string[] => some.map(({ place }) => place ?? '');
  return { names: names(rollouts), why, forbidden: names(rollouts.filter(isForbidden)) };
}

/** What may not be seen is told elsewhere: it leaves the rest as true as it is. Only where no rollouts at all may be seen is nothing. */
function connectionOf(statuses: readonly PlaceStatus[], beat: Beat, narrowing: Connection | undefined, startedAt: Instant, listed: boolean): Connection {
  const shown = statuses.filter(({ type }) => SHOWN_TYPES.includes(type));
  const rollouts = shown.filter(({ type }) => type === ROLLOUT);
  const lastSignalAt = Math.max(beat.lastOkAt ?? 0, ...shown.map((status) => status.lastSignalAt ?? 0)) || undefined;
  if (beat.failure !== undefined) return { type: 'lost', since: beat.failure.since, lastSignalAt, reason: beat.failure.reason };
  if (narrowing !== undefined) return narrowing;
  const missing = rollouts.find(({ served }) => !served);
  if (missing !== undefined) {
    const reason = 'the server does not serve rollouts.argoproj.io: install the CustomResourceDefinitions of Argo Rollouts';
    return { type: 'lost', since: missing.since, lastSignalAt, reason };
  }
  const denied = rollouts.length > 0 && rollouts.every(isForbidden);
  const failing = shown.find((status) => status.error !== undefined && status.served && (!isForbidden(status) || (denied && status.type === ROLLOUT)));
  if (failing?.error !== undefined)
    return { type: 'lost', since: failing.since, lastSignalAt: failing.lastSignalAt, reason: `${failing.type.plural}: ${sentence(failing.error)}` };
  return listed && lastSignalAt !== undefined ? { type: 'live', lastSignalAt } : { type: 'connecting', since: startedAt };
}
