// The controllers' loop: a pass takes the dirty keys, asks each key's controller, performs its step, and waits until the writes
// have come back through the watch, because a controller that does not see its own pods yet would make them twice.

import type { Cache } from '../../cluster/cache.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { podOf } from '../../kinds/pod.js';
import { DEPLOYMENT, HORIZONTAL_POD_AUTOSCALER, INGRESS, JOB, NODE, POD, POD_DISRUPTION_BUDGET, REPLICA_SET, SERVICE } from '../../kinds/resource-type.js';
import type { Cancel, Clock } from '../../lib/clock.js';
import type { Instant } from '../../lib/instant.js';
import type { Rng } from '../../lib/rng.js';
import { stepAutoscaler } from '../autoscaler.js';
import type { AutoscalerMemory, Load } from '../autoscaler.js';
import { behaviourOf } from '../behaviour.js';
import type { BehaviourTable } from '../behaviour.js';
import { stepDeployment } from '../deployment.js';
import { stepBalancer, stepIngress } from '../balancer.js';
import { stepBudget } from '../budget.js';
import { stepEndpointSlice } from '../endpoint-slice.js';
import { stepEndpoints } from '../endpoints.js';
import { stepJob } from '../job.js';
import { releaseOrphans } from '../job-pods.js';
import { stepPod } from '../kubelet.js';
import type { Pace } from '../kubelet.js';
import { NODE_NAMES, registerNode, stepNode } from '../node.js';
import type { PodMemory } from '../pod-memory.js';
import type { PodLogs } from '../pod-log.js';
import { createStartQueue } from '../start-queue.js';
import { stepReplicaSet } from '../replica-set.js';
import { stepScheduler } from '../scheduler.js';
import { announce, NOTHING, together } from '../world.js';
import type { Step } from '../world.js';
import { createDirt } from './dirt.js';
import type { Key } from './dirt.js';
import type { EventWriter } from './events.js';
import { performStep } from './perform.js';
import type { Performed, Seen } from './perform.js';

export type PassesOptions = {
  readonly cluster: Cluster;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly behaviours: BehaviourTable;
  readonly pace: Pace;
  readonly events: EventWriter;
  readonly logs: PodLogs;
  readonly load: Load;
  /** True once all types have been listed: before that, what is missing from the cache may be there. */
  readonly isSynced: () => boolean;
};

export interface Passes {
  /** Looks again, for example because the cache has become complete. */
  nudge(): void;
  stop(): Promise<void>;
}

/** Changes that come together are looked at together. */
const COALESCE_MS = 10;
/** A watch that is this late is not waited for any longer. */
const SEEN_LIMIT_MS = 5000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 30_000;

/** What is to be done about an object that is not there. */
function withoutObject(cache: Cache, key: Key, now: Instant): Step {
  if (key.type === NODE) return registerNode(key.name, now);
  return key.type === JOB ? { ...NOTHING, changes: releaseOrphans(cache, key.namespace, key.name) } : NOTHING;
}

type Outcome = { readonly step: Step; /** Remembers what the step assumed; called when it has been performed. */ readonly commit: () => void };

export function startPasses(options: PassesOptions): Passes {
  const { cluster, cache, clock, rng, events } = options;
  const dirt = createDirt();
  const pods = new Map<string, PodMemory>();
  const queue = createStartQueue();
  let passes = 0;
  const autoscalers = new Map<string, AutoscalerMemory>();
  const failures = new Map<string, number>();
  /** What the server says to the pods of a set that it refuses, by the set's uid. */
  const refusals = new Map<string, string>();
  let stopped = false;
  let running: Promise<void> | undefined;
  let timer: { readonly at: Instant; readonly cancel: Cancel } | undefined;

  const arm = (): void => {
    if (stopped || running !== undefined || !options.isSynced()) return;
    const now = clock.now();
    const next = dirt.isEmpty() ? dirt.next() : now + COALESCE_MS;
    if (next === undefined || (timer !== undefined && timer.at <= next)) return;
    timer?.cancel();
    timer = {
      at: next,
      cancel: clock.after(next - now, () => {
        timer = undefined;
        running = pass().finally(() => {
          running = undefined;
          arm();
        });
      }),
    };
  };

  const decidePod = (object: KubeObject, now: Instant): Outcome => {
    const uid = object.metadata.uid ?? '';
    const known = pods.get(uid);
    const starts = known?.stage === 'creating' && known.dueAt !== undefined && known.dueAt <= now;
    if (options.pace.inTurn && starts && !queue.admits(object.metadata.namespace ?? '', passes, now))
      return { step: { ...NOTHING, wakeAt: now }, commit: () => undefined };
    const setting = { behaviour: behaviourOf(podOf(object), options.behaviours), pace: options.pace };
    const { memory, step, log, isLastOfRun = false } = stepPod(object, known, setting, now, rng);
    return {
      step,
      commit: () => {
        if (memory !== undefined) pods.set(uid, memory);
        if (log.length > 0) options.logs.write(uid, now, log);
        if (isLastOfRun) options.logs.close(uid);
      },
    };
  };

  const decideAutoscaler = (object: KubeObject, now: Instant): Outcome => {
    const uid = object.metadata.uid ?? '';
    const { memory, step } = stepAutoscaler(cache, object, autoscalers.get(uid), options.load, now);
    return {
      step,
      commit: () => {
        autoscalers.set(uid, memory);
      },
    };
  };

  const decide = (key: Key, now: Instant): Outcome => {
    const object = cache.get(key);
    const plain = (step: Step): Outcome => ({ step, commit: () => undefined });
    if (object === undefined) return plain(withoutObject(cache, key, now));
    switch (key.type) {
      case POD:
        return decidePod(object, now);
      case REPLICA_SET:
        return plain(stepReplicaSet(cache, object, now, rng, refusals.get(object.metadata.uid ?? '')));
      case DEPLOYMENT:
        return plain(stepDeployment(cache, object, now));
      case HORIZONTAL_POD_AUTOSCALER:
        return decideAutoscaler(object, now);
      case SERVICE:
        return plain(together(stepEndpoints(cache, object), stepEndpointSlice(cache, object), stepBalancer(object)));
      case JOB:
        return plain(stepJob(cache, object, now, rng));
      case POD_DISRUPTION_BUDGET:
        return plain(stepBudget(cache, object, now));
      case INGRESS:
        return plain(stepIngress(cache, object));
      case NODE:
        return plain(stepNode(object, now));
      default:
        return plain(NOTHING);
    }
  };

  const settle = (key: Key, { step, commit }: Outcome, done: Performed, now: Instant): void => {
    const text = `${key.type.kind}/${key.namespace}/${key.name}`;
    const owner = key.type === REPLICA_SET ? cache.get(key) : undefined;
    const uid = owner?.metadata.uid ?? '';
    if (done.failure === undefined) {
      if (refusals.delete(uid)) dirt.touch(key);
      failures.delete(text);
      commit();
      for (const note of step.notes) events.announce(note);
      if (step.wakeAt !== undefined) dirt.wakeAt(key, step.wakeAt);
      return;
    }
    const count = (failures.get(text) ?? 0) + 1;
    failures.set(text, count);
    dirt.wakeAt(key, now + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(count - 1, 20)));
    const { change, error } = done.failure;
    if (change?.type !== 'create' || owner === undefined) return;
    refusals.set(uid, error.message);
    events.announce(announce('replicaset-controller', owner, 'FailedCreate', `Error creating: ${error.message}`, 'Warning'));
  };

  const handle = async (key: Key, outcome: Outcome): Promise<readonly Seen[]> => {
    const done = await performStep(cluster, cache, outcome.step);
    settle(key, outcome, done, clock.now());
    return done.seen;
  };

  const schedule = async (keys: readonly Key[]): Promise<readonly Seen[]> => {
    const step = stepScheduler(
      cache,
      keys.map((key) => cache.get(key)).filter((pod) => pod !== undefined),
    );
    const done = await performStep(cluster, cache, step);
    if (done.failure === undefined) for (const note of step.notes) events.announce(note);
    else for (const key of keys) dirt.wakeAt(key, clock.now() + FIRST_RETRY_MS);
    return done.seen;
  };

  const pass = async (): Promise<void> => {
    const now = clock.now();
    passes += 1;
    const keys = dirt.collect(now);
    const seen: Seen[] = [];
    seen.push(...(await schedule(keys.filter(({ type }) => type === POD))));
    for (const key of keys) {
      if (stopped) return;
      seen.push(...(await handle(key, decide(key, clock.now()))));
    }
    await untilSeen(seen);
  };

  /** Resolves when all writes of the pass are in the cache, or when that takes too long. */
  const untilSeen = (seen: readonly Seen[]): Promise<void> => {
    const complete = (): boolean => stopped || seen.every((one) => one());
    if (complete()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        unlisten();
        resolve();
      };
      const cancel = clock.after(SEEN_LIMIT_MS, finish);
      const unlisten = cache.listen(() => {
        if (complete()) finish();
      });
      wake = finish;
    });
  };
  let wake: () => void = () => undefined;

  const forget = (object: KubeObject): void => {
    const uid = object.metadata.uid ?? '';
    pods.delete(uid);
    autoscalers.delete(uid);
    refusals.delete(uid);
    options.logs.forget(uid);
  };

  const unlisten = cache.listen((change) => {
    if (change.after === undefined && change.before !== undefined) forget(change.before);
    dirt.take(change, cache);
    arm();
  });

  for (const name of NODE_NAMES) dirt.touch({ type: NODE, namespace: '', name });

  return {
    nudge: arm,
    async stop() {
      stopped = true;
      unlisten();
      timer?.cancel();
      wake();
      await running;
    },
  };
}
