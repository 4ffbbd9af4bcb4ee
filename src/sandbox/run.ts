// The pretend world, running: watches the cluster, lets its controllers work on the clock, and sends the pretend users' requests.
// Everything that it decides is decided in the pure files of this folder.

import { createCache } from '../cluster/cache.js';
import type { Cluster, LogOptions } from '../cluster/cluster.js';
import { startReflector } from '../cluster/reflector.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import {
  DEPLOYMENT,
  DESTINATION_RULE,
  ENDPOINTS,
  ENDPOINT_SLICE,
  HORIZONTAL_POD_AUTOSCALER,
  INGRESS,
  INGRESS_CLASS,
  JOB,
  NODE,
  POD,
  POD_DISRUPTION_BUDGET,
  REPLICA_SET,
  ROLLOUT,
  SERVICE,
  VIRTUAL_SERVICE,
} from '../kinds/resource-type.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { sleep } from '../lib/clock.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { createRng } from '../lib/rng.js';
import type { Rng } from '../lib/rng.js';
import { answerApp } from './app-answer.js';
import type { AppAnswer, AppRequest } from './app-answer.js';
import type { BehaviourTable } from './behaviour.js';
import { DEFAULT_PACE } from './kubelet.js';
import type { Pace } from './kubelet.js';
import { hasLabels } from './label-match.js';
import { createLoadMeter } from './load-meter.js';
import { accessLines, createPodLogs } from './pod-log.js';
import type { RequestBatch } from './request-batch.js';
import { createEventWriter } from './run/events.js';
import { startPasses } from './run/passes.js';
import { followRoutes } from './run/route-watches.js';
import { stepTraffic } from './traffic.js';
import type { RealRequest, TrafficState } from './traffic.js';
import type { World } from './world.js';

export type SandboxOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly rng: Rng;
  /** How versions behave, by image pattern; annotations of pods go before it. */
  readonly behaviours?: BehaviourTable;
  /** How fast nodes are; what is absent is as in DEFAULT_PACE. */
  readonly pace?: Partial<Pace>;
  /** Called once a tick with what the users did, if they did anything. */
  readonly onBatches?: (batches: readonly RequestBatch[]) => void;
  /** Between two looks at the traffic; 1000 by default. */
  readonly tickMs?: number;
};

export interface Sandbox {
  /** The objects as the sandbox sees them. */
  readonly world: World;
  /** Resolves (true) when all kinds have been listed once, or (false) when the sandbox has been stopped before. */
  ready(): Promise<boolean>;
  /** Lines of a pod's log, oldest first; with `follow` it ends when its containers do. */
  readLogs(pod: ObjectRef, options: LogOptions, signal: AbortSignal): AsyncIterable<string>;
  /** One real HTTP request to an app; it counts in the next tick's batches. */
  answer(request: AppRequest): AppAnswer;
  /** Requests a second that a workload gets, lately. */
  loadOf(namespace: string, workload: string): number;
  /** Nothing is written after this resolves. */
  stop(): Promise<void>;
}

const FURTHER: readonly ResourceType[] = [ENDPOINT_SLICE, JOB, NODE, POD_DISRUPTION_BUDGET, INGRESS, INGRESS_CLASS];

const WATCHED: readonly ResourceType[] = [
  ...FURTHER,
  POD,
  SERVICE,
  ENDPOINTS,
  REPLICA_SET,
  DEPLOYMENT,
  HORIZONTAL_POD_AUTOSCALER,
  ROLLOUT,
  VIRTUAL_SERVICE,
  DESTINATION_RULE,
];

const FURTHER_SEED = 17;
const TICK_MS = 1000;
/** After a sleep of the machine the lost time is not made up for. */
const LONGEST_TICK_MS = 5000;
const FOLLOW_MS = 250;
const MOST_REAL_REQUESTS = 100_000;

export function startSandbox(options: SandboxOptions): Sandbox {
  const { cluster, clock, rng } = options;
  const behaviours = options.behaviours ?? {};
  const tickMs = options.tickMs ?? TICK_MS;
  const cache = createCache();
  const logs = createPodLogs();
  const meter = createLoadMeter();
  const events = createEventWriter(cluster, clock);
  const stopping = new AbortController();
  const isSynced = (): boolean => WATCHED.every((type) => cache.stateOf(type) !== 'unknown');
  let waiting: (() => void)[] = [];
  const settleWaiting = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const passes = startPasses({
    cluster,
    cache,
    clock,
    rng,
    behaviours,
    pace: { ...DEFAULT_PACE, ...options.pace },
    events,
    logs,
    load: meter.loadOf,
    isSynced,
  });
  const onStatus = (): void => {
    if (!isSynced()) return;
    passes.nudge();
    settleWaiting();
  };
  // The status is told before the list is in the cache, so both ends are listened to.
  cache.listen(() => {
    if (waiting.length > 0) onStatus();
  });
  // Chance of their own for what was watched later: a further kind must not move what the users of a recorded seed do.
  const furtherRng = createRng(FURTHER_SEED);
  const reflectors = WATCHED.map((type) => startReflector({ cluster, type, cache, clock, rng: FURTHER.includes(type) ? furtherRng : rng, onStatus }));

  let real: RealRequest[] = [];
  const routeReflectors = followRoutes({ cluster, cache, clock }, WATCHED);
  let traffic: TrafficState = {};
  let tickedAt = clock.now();
  let cancelTick: Cancel = () => undefined;

  const tick = (): void => {
    cancelTick = clock.after(tickMs, tick);
    const now = clock.now();
    const elapsedMs = Math.min(now - tickedAt, LONGEST_TICK_MS);
    tickedAt = now;
    if (!isSynced()) return;
    const done = stepTraffic(cache, traffic, { now, elapsedMs, behaviours, real }, rng);
    traffic = done.state;
    real = [];
    meter.take(done.batches, elapsedMs);
    for (const batch of done.batches) {
      const served = (pod: KubeObject): boolean => batch.imageTag !== '' && hasLabels(pod.metadata.labels, batch.podLabels) && isPodReady(podOf(pod));
      const pods = cache.list(POD, batch.namespace).filter(served);
      for (const [uid, lines] of accessLines(batch, pods, rng)) logs.write(uid, now, lines);
    }
    if (done.batches.length > 0) options.onBatches?.(done.batches);
  };
  cancelTick = clock.after(tickMs, tick);

  async function* readLogs(ref: ObjectRef, wanted: LogOptions, signal: AbortSignal): AsyncGenerator<string, void> {
    const uid = cache.get(ref)?.metadata.uid ?? '';
    const tail = (lines: readonly string[]): readonly string[] => {
      if (wanted.tailLines === undefined) return lines;
      return wanted.tailLines <= 0 ? [] : lines.slice(-wanted.tailLines);
    };
    if (wanted.previous === true) {
      yield* tail(logs.readPrevious(uid));
      return;
    }
    let { lines, next, closed } = logs.read(uid, 0);
    yield* tail(lines);
    while (wanted.follow === true && !closed && !signal.aborted && !stopping.signal.aborted) {
      const pod = cache.get(ref);
      if (pod === undefined || pod.metadata.uid !== uid || podOf(pod).status?.phase === 'Succeeded' || podOf(pod).status?.phase === 'Failed') return;
      await sleep(clock, FOLLOW_MS, signal);
      ({ lines, next, closed } = logs.read(uid, next));
      yield* lines;
    }
  }

  return {
    world: cache,
    async ready() {
      while (!isSynced() && !stopping.signal.aborted)
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      return !stopping.signal.aborted;
    },
    readLogs,
    answer(request) {
      const answer = answerApp(cache, request, behaviours, rng);
      if (real.length < MOST_REAL_REQUESTS) real.push(answer.real);
      return answer;
    },
    loadOf: meter.loadOf,
    async stop() {
      stopping.abort();
      cancelTick();
      for (const reflector of [...reflectors, ...routeReflectors]) reflector.stop();
      settleWaiting();
      await passes.stop();
      await events.stop();
    },
  };
}
