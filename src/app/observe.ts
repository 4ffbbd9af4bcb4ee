// What the console sees of one cluster: caches filled by watches, a heartbeat that notices a dead line when watches
// stay silent, and who holds the engine's Lease. Nothing here writes to the cluster.

import { createCache } from '../cluster/cache.js';
import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { type Reflector, type ReflectorStatus, startReflector } from '../cluster/reflector.js';
import { type LeaseRecord, readRecord } from '../controllers/lease-record.js';
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
import type { Connection, Driver, Snapshot } from '../kinds/snapshot.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { isRecord } from '../lib/deep.js';
import type { Cancel, Clock } from '../lib/clock.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import type { Rng } from '../lib/rng.js';
import { driverFrom, isAnswer, type Make, makeOf, otherLeases } from './driver.js';
import { routeTypesOf } from './route-types.js';

const SHOWN_TYPES: readonly ResourceType[] = [ROLLOUT, REPLICA_SET, POD, ANALYSIS_RUN, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE, EVENT];

/** A silent watch says nothing about the line: one small read this often does, and shows that nothing is older than two seconds. */
export const HEARTBEAT_MS = 1500;

/** A heartbeat without an answer for so long means that what is shown may be stale. */
export const HEARTBEAT_LIMIT_MS = 4000;

/** Other namespaces are searched for a Lease this often while there is none at the usual place. */
const LEASE_SEARCH_MS = 60_000;

export type ObserveOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly embedded: boolean;
  /** Absent: all namespaces. */
  readonly namespace?: string;
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
  stop(): void;
}

type Beat = {
  readonly latencyMs: number | undefined;
  readonly lastOkAt: Instant | undefined;
  readonly failure: { readonly since: Instant; readonly reason: string } | undefined;
  /** Undefined: there is none, or this person may not see it. */
  readonly lease: LeaseRecord | undefined;
  readonly make: Make;
};

function sentence(error: ClusterError): string {
  return error.code === 0 ? error.message : `${error.message} (${error.code} ${error.reason})`;
}

export function observeCluster(options: ObserveOptions): ClusterView {
  const { cluster, clock } = options;
  const startedAt = clock.now();
  const cache = createCache();
  const statuses = new Map<ResourceType, ReflectorStatus>();
  const watch = (type: ResourceType): Reflector =>
    startReflector({
      cluster,
      type,
      cache,
      clock,
      rng: options.rng,
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
      onStatus: (status) => {
        const goesOn = status.state === 'listing' && statuses.get(type)?.state === 'listing';
        statuses.set(type, status);
        // Pages of one list are no news for the screen but for their number.
        if (goesOn) options.onRead([...statuses.values()].reduce((sum, { read }) => sum + read, 0));
        else options.onChange();
      },
    });
  const reflectors: Reflector[] = SHOWN_TYPES.map(watch);
  const routeTypes: ResourceType[] = [];
  const workloadTypes: ResourceType[] = [];
  const forget = cache.listen(({ type, after }) => {
    if (type === ROLLOUT && after !== undefined) {
      for (const used of routeTypesOf(after)) {
        if (SHOWN_TYPES.includes(used) || routeTypes.includes(used)) continue;
        routeTypes.push(used);
        reflectors.push(watch(used));
      }
      const workload = workloadTypeOf(after);
      if (workload !== undefined && !workloadTypes.includes(workload)) {
        workloadTypes.push(workload);
        if (!SHOWN_TYPES.includes(workload)) reflectors.push(watch(workload));
      }
    }
    options.onChange();
  });
  // A routing kind that this person may not see leaves the rest as true as it is.
  const shownStatuses = (): readonly ReflectorStatus[] => [...statuses.values()].filter(({ type }) => SHOWN_TYPES.includes(type));
  let beat: Beat = { latencyMs: undefined, lastOkAt: undefined, failure: undefined, lease: undefined, make: {} };
  let stopped = false;
  let cancel: Cancel = () => {};

  let lease = options.lease;
  let searchAt: Instant = clock.now();

  /** A namespaced install keeps its Lease in its own namespace; looked for while there is none at the usual place. */
  const searchLease = async (): Promise<void> => {
    if (clock.now() < searchAt) return;
    searchAt = clock.now() + LEASE_SEARCH_MS;
    for (const ref of await otherLeases(cluster, options.lease, options.namespace)) {
      const found = await cluster.get(ref);
      if (found.ok && readRecord(found.value).holder !== '') lease = ref;
    }
  };

  /** The engine's make is asked for once for each holder. */
  const takeLease = async (record: LeaseRecord | undefined): Promise<void> => {
    const holder = record?.holder ?? '';
    if (holder === '' && options.leadingAs() === undefined) void searchLease();
    if (holder === (beat.lease?.holder ?? '')) beat = { ...beat, lease: record };
    else beat = { ...beat, lease: record, make: holder === '' || holder === options.leadingAs() ? {} : await makeOf(cluster, lease, holder) };
  };

  const pulse = async (): Promise<void> => {
    const sentAt = clock.now();
    const answer = await withLimit(clock, cluster.get(lease));
    if (stopped) return;
    const now = clock.now();
    if (answer === undefined)
      beat = { ...beat, failure: { since: beat.failure?.since ?? sentAt, reason: `the API server has not answered for ${HEARTBEAT_LIMIT_MS / 1000} s` } };
    else if (answer.ok || isAnswer(answer.error)) {
      beat = { ...beat, latencyMs: now - sentAt, lastOkAt: now, failure: undefined };
      if (answer.ok || answer.error.code === 404) await takeLease(answer.ok ? readRecord(answer.value) : undefined);
    }
    // Lost since the first failure, for the reason of the last: a server that is back may refuse for another one.
    else beat = { ...beat, failure: { since: beat.failure?.since ?? now, reason: sentence(answer.error) } };
    options.onChange();
    cancel = clock.after(HEARTBEAT_MS, () => void pulse());
  };
  void pulse();

  // The same lists make the same list: what did not change is not read again.
  let workloads: { readonly parts: readonly (readonly KubeObject[])[]; readonly all: readonly KubeObject[] } = { parts: [], all: [] };
  const gathered = (parts: readonly (readonly KubeObject[])[]): readonly KubeObject[] => {
    if (parts.length !== workloads.parts.length || parts.some((part, place) => part !== workloads.parts[place])) workloads = { parts, all: parts.flat() };
    return workloads.all;
  };

  return {
    snapshot: () => ({
      context: cluster.name,
      embedded: options.embedded,
      connection: connectionOf(statuses.get(ROLLOUT), shownStatuses(), beat, startedAt, cache.has(ROLLOUT)),
      driver: driverOf(options.leadingAs(), beat, clock.now(), cluster.skewMs?.() ?? 0),
      latencyMs: beat.latencyMs,
      skewMs: cluster.skewMs?.() ?? 0,
      rollouts: cache.list(ROLLOUT),
      replicaSets: cache.list(REPLICA_SET),
      pods: cache.list(POD),
      analysisRuns: cache.list(ANALYSIS_RUN),
      services: cache.list(SERVICE),
      virtualServices: cache.list(VIRTUAL_SERVICE),
      destinationRules: cache.list(DESTINATION_RULE),
      otherRoutes: routeTypes.map((type) => ({ type, objects: cache.list(type) })),
      workloads: gathered(workloadTypes.map((type) => cache.list(type))),
      events: cache.list(EVENT),
    }),
    listed: () => cache.has(ROLLOUT),
    isRead: () => SHOWN_TYPES.every((type) => !['unknown', 'empty', 'listing'].includes(statuses.get(type)?.state ?? 'unknown')),
    stop: () => {
      stopped = true;
      cancel();
      forget();
      for (const reflector of reflectors) reflector.stop();
    },
  };
}

/** The type of the object that a rollout takes its pod template from. */
function workloadTypeOf(object: KubeObject): ResourceType | undefined {
  const ref = isRecord(object['spec']) ? object['spec']['workloadRef'] : undefined;
  if (!isRecord(ref)) return undefined;
  return ref['kind'] === 'ReplicaSet' ? REPLICA_SET : DEPLOYMENT;
}

function withLimit<T, E>(clock: Clock, work: Promise<Result<T, E>>): Promise<Result<T, E> | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(HEARTBEAT_LIMIT_MS, () => resolve(undefined));
    void work.then((answer) => {
      cancel();
      resolve(answer);
    });
  });
}

function connectionOf(rollouts: ReflectorStatus | undefined, all: readonly ReflectorStatus[], beat: Beat, startedAt: Instant, listed: boolean): Connection {
  const signals = all.map((status) => status.lastSignalAt).filter((at) => at !== undefined);
  const lastSignalAt = Math.max(beat.lastOkAt ?? 0, ...signals) || undefined;
  if (beat.failure !== undefined) return { type: 'lost', since: beat.failure.since, lastSignalAt, reason: beat.failure.reason };
  if (rollouts !== undefined && !rollouts.served)
    return {
      type: 'lost',
      since: rollouts.since,
      lastSignalAt,
      reason: 'the server does not serve rollouts.argoproj.io: install the CustomResourceDefinitions of Argo Rollouts',
    };
  const failing = all.find((status) => status.error !== undefined && status.served);
  if (failing?.error !== undefined)
    return { type: 'lost', since: failing.since, lastSignalAt: failing.lastSignalAt, reason: `${failing.type.plural}: ${sentence(failing.error)}` };
  return listed && lastSignalAt !== undefined ? { type: 'live', lastSignalAt } : { type: 'connecting', since: startedAt };
}

/** Of a lost cluster only what was so is known: a lease that could not be read has not run out. */
function driverOf(leadingAs: string | undefined, beat: Beat, now: Instant, skewMs: number): Driver {
  if (leadingAs !== undefined) return { type: 'self', identity: leadingAs };
  // The holder's clock is as the server's, not as this machine's.
  return driverFrom(beat.lease, skewMs + (beat.failure === undefined ? now : (beat.lastOkAt ?? now)), beat.make);
}
