// Keeps one type of a cluster in a cache: lists, watches from there, and when a watch ends or fails goes on from what it has.
// Five states, and none is the last: nothing that a server does stops it for good (informers that stop on the first error do).

import type { KubeObject } from '../kinds/kube-object.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { sleep } from '../lib/clock.js';
import type { Clock } from '../lib/clock.js';
import type { Instant } from '../lib/instant.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Rng } from '../lib/rng.js';
import type { Cache } from './cache.js';
import type { Cluster, ClusterError, WatchEvent } from './cluster.js';
import { badAnswer, isExpired, timedOut } from './errors.js';

const STATES = ['empty', 'listing', 'listed', 'watching', 'backing-off'] as const;
export type ReflectorState = (typeof STATES)[number];

export type ReflectorStatus = {
  readonly type: ResourceType;
  readonly state: ReflectorState;
  readonly since: Instant;
  /** Objects that the list under way has brought so far. */
  readonly read: number;
  /** The last answer, event or bookmark. */
  readonly lastSignalAt: Instant | undefined;
  /** Why the last attempt failed; undefined once a watch runs again. */
  readonly error: ClusterError | undefined;
  /** False while the server says that it has no such type. */
  readonly served: boolean;
};

export type ReflectorOptions = {
  readonly cluster: Cluster;
  readonly type: ResourceType;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly onStatus?: (status: ReflectorStatus) => void;
};

export interface Reflector {
  status(): ReflectorStatus;
  /** Lists anew, for someone who knows that the watch has fallen behind. */
  relist(): void;
  /** Tries again at once, if it waits after a failure. */
  hurry(): void;
  /** Nothing is written to the cache after this. */
  stop(): void;
}

export const PAGE_SIZE = 500;
/** Bounds a list whose continue tokens never end. */
const MOST_PAGES = 2000;
const SHORTEST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A CustomResourceDefinition may be installed any time, but most that are missing stay so. */
export const ABSENT_RETRY_MS = 30_000;
/** API servers send a bookmark about once a minute; a stream that says less is taken for dead. */
export const SILENCE_LIMIT_MS = 150_000;
/** Watches end by themselves after a time between this and its double, so that those of many clients do not end together. */
const WATCH_SECONDS = 300;
/** A watch that ends sooner than this without an event counts as a failure: ending at once for ever must not become a busy loop. */
const SHORTEST_GOOD_WATCH_MS = 1000;

type Ending = { readonly error: ClusterError | undefined; readonly signals: number };

export function startReflector(options: ReflectorOptions): Reflector {
  const { cluster, type, cache, clock, rng } = options;
  const stopping = new AbortController();
  let watching: AbortController | undefined;
  let napping = new AbortController();
  let version: string | undefined;
  let failures = 0;
  let status: ReflectorStatus = { type, state: 'empty', since: clock.now(), read: 0, lastSignalAt: undefined, error: undefined, served: true };

  const scope = {
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(options.labelSelector === undefined ? {} : { labelSelector: options.labelSelector }),
    ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
  };
  const become = (state: ReflectorState, more: Partial<ReflectorStatus> = {}): void => {
    status = { ...status, ...more, state, since: state === status.state ? status.since : clock.now() };
    options.onStatus?.(status);
  };
  const signal = (): void => {
    status = { ...status, lastSignalAt: clock.now() };
  };

  const pause = async (error: ClusterError | undefined): Promise<void> => {
    const absent = error?.code === 404;
    if (absent) cache.markAbsent(type);
    const growing = Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS * 2 ** Math.min(failures, 16)) * (1 + rng.next());
    failures += 1;
    become('backing-off', { error, served: !absent });
    napping = new AbortController();
    await sleep(clock, absent ? ABSENT_RETRY_MS : Math.max(growing, error?.retryAfterMs ?? 0), AbortSignal.any([stopping.signal, napping.signal]));
  };

  const list = async (): Promise<void> => {
    become('listing', { read: 0 });
    const listed = await listAll(cluster, type, scope, stopping.signal, (read) => become('listing', { read }));
    if (stopping.signal.aborted) return;
    if (!listed.ok) {
      await pause(listed.error);
      return;
    }
    signal();
    version = listed.value.version;
    cache.replace(type, listed.value.objects, version);
    become('listed', { served: true, error: undefined });
  };

  const take = (event: WatchEvent): ClusterError | undefined => {
    signal();
    if (event.type === 'ERROR') return event.error;
    if (event.type === 'BOOKMARK') {
      version = event.resourceVersion;
      cache.reached(type, version);
      return undefined;
    }
    version = event.object.metadata.resourceVersion ?? version;
    if (event.type === 'DELETED') cache.remove(type, event.object);
    else cache.put(type, event.object);
    return undefined;
  };

  const watchOnce = async (from: string): Promise<Ending> => {
    const ending = new AbortController();
    watching = ending;
    const onStop = (): void => ending.abort();
    stopping.signal.addEventListener('abort', onStop, { once: true });
    let silent: ClusterError | undefined;
    const giveUp = (): void => {
      silent = timedOut(`nothing was heard of ${type.plural} for ${SILENCE_LIMIT_MS / 1000} s`);
      ending.abort();
    };
    let cancel = clock.after(SILENCE_LIMIT_MS, giveUp);
    let signals = 0;
    try {
      const timeoutSeconds = WATCH_SECONDS + rng.int(WATCH_SECONDS);
      for await (const event of cluster.watch(type, { ...scope, resourceVersion: from, timeoutSeconds }, ending.signal)) {
        if (ending.signal.aborted) break;
        cancel();
        const error = take(event);
        if (error !== undefined) return { error, signals };
        signals += 1;
        failures = 0;
        cancel = clock.after(SILENCE_LIMIT_MS, giveUp);
      }
      return { error: silent, signals };
    } finally {
      cancel();
      stopping.signal.removeEventListener('abort', onStop);
    }
  };

  /** A watch of quiet objects says nothing, so after a failure one small request shows that the server is back. */
  const probe = async (): Promise<boolean> => {
    const answer = await cluster.list(type, { ...scope, limit: 1, signal: stopping.signal });
    if (stopping.signal.aborted) return false;
    if (!answer.ok) {
      await pause(answer.error);
      return false;
    }
    signal();
    become('listed', { error: undefined, served: true });
    return true;
  };

  const watch = async (from: string): Promise<void> => {
    if (status.error !== undefined && !(await probe())) return;
    const startedAt = clock.now();
    become('watching');
    const { error, signals } = await watchOnce(from);
    if (stopping.signal.aborted) return;
    if (error !== undefined && isExpired(error)) version = undefined;
    // What was missed is in the cluster's log or in the next list, so nothing is lost by waiting.
    const alive = signals > 0 || clock.now() - startedAt >= SHORTEST_GOOD_WATCH_MS;
    if (alive && (error === undefined || isExpired(error) || error.reason === 'Timeout')) failures = 0;
    else if (version !== undefined || failures > 0) await pause(error);
    else failures += 1;
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await (version === undefined ? list() : watch(version));
      } catch (fault) {
        // Whoever throws here has a fault, but an engine that no longer hears of its cluster has a worse one.
        version = undefined;
        await pause(badAnswer(`fault in the watch of ${type.plural}: ${String(fault)}`));
      }
    }
  };
  void run();

  return {
    status: () => status,
    relist() {
      version = undefined;
      watching?.abort();
    },
    hurry() {
      failures = 0;
      napping.abort();
    },
    stop: () => stopping.abort(),
  };
}

type Listed = { readonly objects: readonly KubeObject[]; readonly version: string };

/** The whole of a type, page by page, as of one version. A page that has expired begins anew, once, without pages. */
async function listAll(
  cluster: Cluster,
  type: ResourceType,
  scope: { readonly namespace?: string },
  signal: AbortSignal,
  onPage: (read: number) => void,
): Promise<Result<Listed, ClusterError>> {
  const objects: KubeObject[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES && !signal.aborted; page += 1) {
    const listed = await cluster.list(type, { ...scope, signal, limit: PAGE_SIZE, ...(next === undefined ? {} : { continue: next }) });
    if (!listed.ok) {
      if (next === undefined || !isExpired(listed.error)) return listed;
      const whole = await cluster.list(type, { ...scope, signal });
      return whole.ok ? ok({ objects: complete(type, whole.value.items), version: whole.value.metadata.resourceVersion }) : whole;
    }
    for (const object of complete(type, listed.value.items)) objects.push(object);
    if (!signal.aborted) onPage(objects.length);
    next = listed.value.metadata.continue === '' ? undefined : listed.value.metadata.continue;
    if (next === undefined) return ok({ objects, version: listed.value.metadata.resourceVersion });
  }
  return err(timedOut(`the list of ${type.plural} did not end`));
}

/** Items of a list of built-in kinds come without their kind; whoever reads the cache may rely on it. */
function complete(type: ResourceType, items: readonly KubeObject[]): readonly KubeObject[] {
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  return items.map((item) => ((item as Partial<KubeObject>).kind === undefined ? { ...item, apiVersion, kind: type.kind } : item));
}
