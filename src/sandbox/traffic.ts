// The pretend users: a stream of requests for each host that an annotation declares, split as the routing objects say.
// Annotations of a Service (or of a VirtualService, whose first host is then the one called):
//   sandbox.sluice.dev/traffic: "120rps"            requests a second, on average
//   sandbox.sluice.dev/traffic-shape: daily | flat  whether nights are quieter than days (the default) or not
//   sandbox.sluice.dev/traffic-host: shop.example   the host that users call, when it is not the Service itself

import { controllerOf } from '../kinds/kube-object.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { virtualServiceOf } from '../kinds/istio.js';
import { refKey, refOf } from '../kinds/object-ref.js';
import { podOf } from '../kinds/pod.js';
import { REPLICA_SET, SERVICE, VIRTUAL_SERVICE } from '../kinds/resource-type.js';
import type { Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { ANNOTATION_PREFIX, behaviourOf, HEALTHY_ERROR_PERCENT } from './behaviour.js';
import type { Behaviour, BehaviourTable } from './behaviour.js';
import { binomial, multinomial, normal, pick, stochasticRound } from './chance.js';
import { addLatencies, drawLatencies, fixedLatencies, NO_BACKEND_MS } from './latency.js';
import type { LatencyDraw } from './latency.js';
import type { RequestBatch } from './request-batch.js';
import type { Headers } from './route-fields.js';
import { routeHost } from './routing.js';
import type { Host, Target } from './routing.js';
import { tagOf } from './world.js';
import type { World } from './world.js';

/** What is remembered of each stream from tick to tick: by how much it runs above or below its rate. */
export type TrafficState = Readonly<Record<string, { readonly drift: number }>>;

export type Stream = { readonly key: string; readonly host: Host; readonly requestsPerSecond: number; readonly daily: boolean };

/** A request that somebody really made over HTTP; it counts like those of the pretend users. */
export type RealRequest = { readonly target: Target; readonly pod: KubeObject | undefined; readonly code: number };

export type TrafficTick = { readonly now: Instant; readonly elapsedMs: number; readonly behaviours: BehaviourTable; readonly real: readonly RealRequest[] };

/** More than this from one stream would be a typing mistake that costs the whole machine. */
export const MOST_REQUESTS_PER_SECOND = 100_000;
const DAY_MS = 86_400_000;
const DAILY_SWING = 0.25;
/** The busiest hour, UTC. */
const PEAK_HOUR = 14;
const DRIFT_MEMORY = 0.95;
const DRIFT_STEP = 0.02;

export function stepTraffic(
  world: World,
  state: TrafficState,
  tick: TrafficTick,
  rng: Rng,
): { readonly batches: readonly RequestBatch[]; readonly state: TrafficState } {
  const count = createCounter(world, tick);
  const next: Record<string, { readonly drift: number }> = {};
  for (const stream of streamsOf(world)) {
    const drift = (state[stream.key]?.drift ?? 0) * DRIFT_MEMORY + DRIFT_STEP * normal(rng);
    next[stream.key] = { drift };
    const rate = stream.requestsPerSecond * (stream.daily ? dayFactor(tick.now) : 1) * Math.max(0, 1 + drift);
    const requests = stochasticRound(rng, (rate * tick.elapsedMs) / 1000);
    const { targets, mirrors } = routeHost(world, stream.host);
    const parts = multinomial(
      rng,
      requests,
      targets.map(({ weight }) => weight),
    );
    for (const [index, target] of targets.entries()) spread(count, target, parts[index] ?? 0, rng);
    for (const mirror of mirrors) spread(count, mirror, binomial(rng, requests, mirror.weight / 100), rng);
  }
  for (const { target, pod, code } of tick.real) {
    const latency = pod === undefined ? fixedLatencies(1, NO_BACKEND_MS) : drawLatencies(rng, 1, count.behaviour(pod).slowFactor ?? 1);
    count.add(target, pod, { [code]: 1 }, latency);
  }
  return { batches: count.batches(), state: next };
}

/** All declared streams, in the order of their objects. */
export function streamsOf(world: World): readonly Stream[] {
  const declared = [
    ...world.list(SERVICE).map((object) => ({ object, type: SERVICE })),
    ...world.list(VIRTUAL_SERVICE).map((object) => ({ object, type: VIRTUAL_SERVICE })),
  ];
  return declared.flatMap(({ object, type }): Stream[] => {
    const requestsPerSecond = rateOf(object.metadata.annotations?.[`${ANNOTATION_PREFIX}traffic`]);
    if (requestsPerSecond === undefined || object.metadata.deletionTimestamp !== undefined) return [];
    const name =
      type === VIRTUAL_SERVICE
        ? virtualServiceOf(object).spec.hosts?.[0]
        : (object.metadata.annotations?.[`${ANNOTATION_PREFIX}traffic-host`] ?? object.metadata.name);
    if (name === undefined) return [];
    const daily = object.metadata.annotations?.[`${ANNOTATION_PREFIX}traffic-shape`] !== 'flat';
    return [{ key: refKey(refOf(type, object)), host: { namespace: object.metadata.namespace ?? '', name }, requestsPerSecond, daily }];
  });
}

function rateOf(text: string | undefined): number | undefined {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(?:rps)?\s*$/.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Math.min(MOST_REQUESTS_PER_SECOND, Number(found));
}

const dayFactor = (now: Instant): number => 1 + DAILY_SWING * Math.cos((2 * Math.PI * (now - PEAK_HOUR * 3_600_000)) / DAY_MS);

/** One backend for one request to a host, by the same rule as the streams. No pod: 503. */
export function chooseBackend(world: World, host: Host, rng: Rng, headers?: Headers): { readonly target: Target; readonly pod: KubeObject | undefined } {
  const { targets } = routeHost(world, host, headers);
  const target = targets[
    pick(
      rng,
      targets.map(({ weight }) => weight),
    ) ?? -1
  ] ?? { weight: 1, service: host, subset: undefined, pods: [] };
  return { target, pod: target.pods[rng.int(Math.max(1, target.pods.length))] };
}

/** One answer of a pod, by its behaviour. */
export function answerCode(behaviour: Behaviour, rng: Rng): number {
  return rng.next() * 100 < (behaviour.errorPercent ?? HEALTHY_ERROR_PERCENT) ? 500 : 200;
}

function spread(count: Counter, target: Target, requests: number, rng: Rng): void {
  if (requests === 0) return;
  if (target.pods.length === 0) {
    count.add(target, undefined, { 503: requests }, fixedLatencies(requests, NO_BACKEND_MS));
    return;
  }
  // Pods of one revision behave alike: one draw for each revision, not for each pod.
  const groups = new Map<string, KubeObject[]>();
  for (const pod of target.pods) {
    const revision = count.revision(pod);
    const group = groups.get(revision);
    if (group === undefined) groups.set(revision, [pod]);
    else group.push(pod);
  }
  const parts = multinomial(
    rng,
    requests,
    [...groups.values()].map((pods) => pods.length),
  );
  for (const [index, pods] of [...groups.values()].entries()) {
    const [pod] = pods;
    const part = parts[index] ?? 0;
    if (pod === undefined || part === 0) continue;
    const behaviour = count.behaviour(pod);
    const failed = binomial(rng, part, (behaviour.errorPercent ?? HEALTHY_ERROR_PERCENT) / 100);
    count.add(target, pod, { 200: part - failed, 500: failed }, drawLatencies(rng, part, behaviour.slowFactor ?? 1));
  }
}

type Counter = {
  add(target: Target, pod: KubeObject | undefined, codes: Readonly<Record<string, number>>, latency: LatencyDraw): void;
  behaviour(pod: KubeObject): Behaviour;
  /** The same text for pods that can not be told apart by labels, image and workload. */
  revision(pod: KubeObject): string;
  batches(): readonly RequestBatch[];
};

function createCounter(world: World, tick: TrafficTick): Counter {
  const rows = new Map<string, { batch: RequestBatch; latency: LatencyDraw }>();
  const behaviours = new Map<string, Behaviour>();
  const revision = (pod: KubeObject): string => JSON.stringify([workloadOf(world, pod), imageOf(pod), pod.metadata.labels, pod.metadata.annotations]);
  const behaviour = (pod: KubeObject): Behaviour => {
    const key = revision(pod);
    const known = behaviours.get(key) ?? behaviourOf(podOf(pod), tick.behaviours);
    behaviours.set(key, known);
    return known;
  };
  return {
    behaviour,
    revision,
    add(target, pod, codes, latency) {
      const key = `${target.service.namespace}/${target.service.name}|${target.subset ?? ''}|${pod === undefined ? '' : revision(pod)}`;
      const row = rows.get(key);
      const seen = Object.fromEntries(Object.entries(codes).filter(([, number]) => number > 0));
      if (row === undefined) rows.set(key, { batch: emptyBatch(world, target, pod, tick.now, seen), latency });
      else rows.set(key, { batch: { ...row.batch, codes: addCodes(row.batch.codes, seen) }, latency: addLatencies(row.latency, latency) });
    },
    batches: () => [...rows.values()].map(({ batch, latency }) => ({ ...batch, latencyCounts: latency.counts, latencySumMs: latency.sumMs })),
  };
}

function addCodes(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return { ...a, ...Object.fromEntries(Object.entries(b).map(([code, number]) => [code, (a[code] ?? 0) + number])) };
}

function emptyBatch(
  world: World,
  { service, subset }: Target,
  pod: KubeObject | undefined,
  at: Instant,
  codes: Readonly<Record<string, number>>,
): RequestBatch {
  return {
    at,
    namespace: service.namespace,
    service: service.name,
    workload: pod === undefined ? 'unknown' : workloadOf(world, pod),
    podLabels: pod?.metadata.labels ?? {},
    subset,
    imageTag: pod === undefined ? '' : tagOf(imageOf(pod)),
    codes,
    latencyCounts: [],
    latencySumMs: 0,
  };
}

const imageOf = (pod: KubeObject): string => podOf(pod).spec.containers[0]?.image ?? '';

/** The name of the workload that a pod belongs to: the owner of its ReplicaSet, or the ReplicaSet, or the pod itself. */
export function workloadOf(world: World, pod: KubeObject): string {
  const owner = controllerOf(pod);
  if (owner === undefined) return pod.metadata.name;
  const replicaSet = world.get({ type: REPLICA_SET, namespace: pod.metadata.namespace ?? '', name: owner.name });
  return (replicaSet === undefined ? undefined : controllerOf(replicaSet)?.name) ?? owner.name;
}
