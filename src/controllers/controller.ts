// One reconciler at work: its queue, its workers, and what it may do in a pass. Many of these share one cache (loop.ts).

import { nameOf } from '../cluster/cache.js';
import type { Cache } from '../cluster/cache.js';
import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { describeError } from '../cluster/errors.js';
import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { unreachable } from '../lib/assert.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { err } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { performChange } from '../cluster/perform.js';
import { FIELD_MANAGER, NOT_LEADING, OUTDATED } from './apply.js';
import type { Throttle } from './apply.js';
import type { EventRecorder } from './events.js';
import { createExpectations } from './expectations.js';
import type { WorkFigures } from './figures.js';
import { createQueue } from './queue.js';
import type { ControllerIo, Outcome, Reconciler } from './reconciler.js';

export type ControllerStats = {
  readonly name: string;
  readonly passes: number;
  /** Passes that threw: faults of the program, not of the cluster. */
  readonly panics: number;
  readonly retries: number;
  readonly writes: number;
  readonly conflicts: number;
};

export type ControllerOptions = {
  readonly reconciler: Reconciler;
  readonly cluster: Cluster;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly throttle: Throttle;
  readonly recorder: EventRecorder;
  /** False when another engine may be leading: no write may leave then. */
  readonly mayWrite: () => boolean;
  readonly relist: (type: ResourceType) => void;
  readonly figures?: WorkFigures | undefined;
  readonly log: (message: string) => void;
};

export interface Controller {
  readonly reconciler: Reconciler;
  /** From now on passes run. */
  start(): void;
  wake(ref: ObjectRef): void;
  /** The cache has changed: passes that wait for their own writes may go on. */
  cacheChanged(): void;
  /** Nothing runs, waits for a worker or for its own writes. Keys that wait for their time do not count. */
  idle(): boolean;
  stats(): ControllerStats;
  /** No pass begins any more; resolves when those that run have ended. */
  stop(): Promise<void>;
}

/** How long a pass waits to hear of its own writes before the server is asked. */
export const EXPECTATION_WAIT_MS = 5000;
const LONGEST_EXPECTATION_WAIT_MS = 40_000;
/** Where versions can not be compared, so many new lists are taken as proof that the cache is up to date. */
const MOST_BLIND_TURNS = 2;

export function createController(options: ControllerOptions): Controller {
  const { reconciler, cluster, cache, clock, figures, log } = options;
  const stopping = new AbortController();
  const expectations = createExpectations(cache);
  const parked = new Map<string, Cancel>();
  const stats = { name: reconciler.name, passes: 0, panics: 0, retries: 0, writes: 0, conflicts: 0 };
  let started = false;
  let running = 0;
  let onEnd: (() => void) | undefined;
  const refOfKey = (key: string): ObjectRef => {
    const cut = key.indexOf('/');
    return { type: reconciler.type, namespace: key.slice(0, cut), name: key.slice(cut + 1) };
  };
  const queue = createQueue(clock, (key) => {
    figures?.waits(refOfKey(key));
    pump();
  });
  const say = (ref: ObjectRef, message: string): void => log(`${reconciler.name} ${ref.namespace}/${ref.name}: ${message}`);

  /** What the server has of an object that a write failed on: the next pass waits until the cache has it too. */
  const catchUp = async (key: string, change: Change): Promise<void> => {
    const seen = await cluster.get(change.ref);
    if (seen.ok) expectations.note(key, { type: 'patch', ref: change.ref, patchType: 'merge', body: {}, why: '' }, seen.value, clock.now());
  };

  const apply = async (key: string, change: Change, stillHolds: () => boolean = () => true): Promise<Result<KubeObject, ClusterError>> => {
    await options.throttle();
    if (stopping.signal.aborted || !options.mayWrite()) return err(NOT_LEADING);
    if (!stillHolds()) return err(OUTDATED);
    stats.writes += 1;
    const answer = await performChange(cluster, change, FIELD_MANAGER);
    if (answer.ok) {
      expectations.note(key, change, answer.value, clock.now());
    } else if (answer.error.code === 409 || answer.error.code === 0) {
      // The cache is behind (409), or the write may have been done and its answer lost.
      if (answer.error.code === 409) stats.conflicts += 1;
      await catchUp(key, change);
    }
    return answer;
  };

  const ioFor = (key: string, ref: ObjectRef): ControllerIo => ({
    cache,
    now: () => clock.now(),
    apply: (change, stillHolds) => apply(key, change, stillHolds),
    read: (wanted) => cluster.get(wanted),
    record: (about, note) => options.recorder.record(about, note),
    log: (message) => say(ref, message),
  });

  const unpark = (key: string): void => {
    parked.get(key)?.();
    parked.delete(key);
  };
  const release = (key: string): void => {
    unpark(key);
    queue.add(key);
  };

  /** The cache does not show what was written: ask for a new list, and wait on. A pass that ran now would decide from the past. */
  const overdue = async (key: string, turn: number): Promise<void> => {
    const [missing] = expectations.open(key);
    if (missing === undefined) {
      release(key);
      return;
    }
    say(refOfKey(key), `waits for the watch to show its write to ${nameOf(missing.ref)}`);
    const live = await cluster.get(missing.ref);
    if (stopping.signal.aborted || !parked.has(key)) return;
    const never = !live.ok && live.error.code === 404 && missing.type === 'version' && cache.get(missing.ref) === undefined;
    if (never || (cache.hasSeen(missing.ref.type, '0') === undefined && turn > MOST_BLIND_TURNS)) {
      expectations.forget(key);
      release(key);
      return;
    }
    options.relist(missing.ref.type);
    const waitMs = Math.min(LONGEST_EXPECTATION_WAIT_MS, EXPECTATION_WAIT_MS * 2 ** turn);
    parked.set(
      key,
      clock.after(waitMs, () => void overdue(key, turn + 1)),
    );
  };

  const settle = (key: string, outcome: Outcome): void => {
    switch (outcome.type) {
      case 'done':
        queue.forget(key);
        if (cache.get(refOfKey(key)) === undefined) queue.drop(key);
        return;
      case 'at':
        queue.forget(key);
        queue.addAt(key, outcome.wakeAt);
        return;
      case 'retry':
        stats.retries += 1;
        say(refOfKey(key), `again soon: ${outcome.reason}`);
        queue.retry(key);
        return;
      default:
        unreachable(outcome);
    }
  };

  const pass = async (key: string): Promise<void> => {
    if (expectations.open(key).length > 0) {
      if (!parked.has(key))
        parked.set(
          key,
          clock.after(EXPECTATION_WAIT_MS, () => void overdue(key, 1)),
        );
      return;
    }
    unpark(key);
    stats.passes += 1;
    const ref = refOfKey(key);
    const counted = figures?.passes(ref);
    try {
      const outcome = await reconciler.reconcile(ref, ioFor(key, ref), stopping.signal);
      counted?.(outcome.type === 'retry');
      if (!stopping.signal.aborted) settle(key, outcome);
    } catch (fault) {
      // One rollout that the program can not handle must not stop the others.
      stats.panics += 1;
      counted?.(true);
      say(ref, `fault in the program: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`);
      if (!stopping.signal.aborted) queue.retry(key);
    }
  };

  const pump = (): void => {
    if (!started) return;
    while (!stopping.signal.aborted && running < reconciler.workers) {
      const key = queue.take();
      if (key === undefined) return;
      running += 1;
      const free = figures?.takes(refOfKey(key));
      void pass(key).finally(() => {
        free?.();
        running -= 1;
        queue.done(key);
        if (running === 0) onEnd?.();
        pump();
      });
    }
  };

  return {
    reconciler,
    start() {
      started = true;
      pump();
    },
    wake: (ref) => queue.add(`${ref.namespace}/${ref.name}`),
    cacheChanged() {
      for (const key of parked.keys()) if (expectations.open(key).length === 0) release(key);
    },
    idle: () => queue.busy() === 0 && parked.size === 0,
    stats: () => ({ ...stats }),
    stop() {
      stopping.abort();
      queue.stop();
      figures?.stops(reconciler.type);
      for (const cancel of parked.values()) cancel();
      parked.clear();
      return running === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            onEnd = resolve;
          });
    },
  };
}

/** For outcomes: a failed write, told with what it was for. */
export function retryAfter(change: Change, error: ClusterError): Outcome {
  return { type: 'retry', reason: `${change.why}: ${describeError(error)}` };
}
