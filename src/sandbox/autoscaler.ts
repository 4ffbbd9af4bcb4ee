// The HorizontalPodAutoscaler on simulated load: what pods use follows from the requests that they get.
// An annotation "sandbox.sluice.dev/capacity: 40rps" on the autoscaler says at how many requests a second a pod uses all the CPU it asked for.

import type { Change } from '../kinds/change.js';
import { horizontalPodAutoscalerOf } from '../kinds/autoscaler.js';
import type { HorizontalPodAutoscaler, HpaMetric } from '../kinds/autoscaler.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { DEPLOYMENT, HORIZONTAL_POD_AUTOSCALER, REPLICA_SET, ROLLOUT } from '../kinds/resource-type.js';
import { deepEqual, isRecord } from '../lib/deep.js';
import { formatTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import { quantityValue } from '../lib/quantity.js';
import { ANNOTATION_PREFIX } from './behaviour.js';
import { announce, mergeStatus, NOTHING, recordAt } from './world.js';
import type { Announcement, Step, World } from './world.js';

export const AUTOSCALER_PERIOD_MS = 15_000;
const DEFAULT_CAPACITY_RPS = 50;
const TOLERANCE = 0.1;
const DEFAULT_DOWN_WINDOW_SECONDS = 300;
/** Memory does not follow the load of a stateless app. */
const MEMORY_PERCENT = 40;

export type AutoscalerMemory = { readonly syncedAt: Instant; readonly advice: readonly { readonly at: Instant; readonly replicas: number }[] };

/** Requests a second that reach all pods of a workload, lately. */
export type Load = (namespace: string, workload: string) => number;

type Reading = { readonly status: Readonly<Record<string, unknown>>; readonly ratio: number; readonly what: string };

export type AutoscalerStep = { readonly memory: AutoscalerMemory; readonly step: Step };

export function stepAutoscaler(world: World, object: KubeObject, memory: AutoscalerMemory | undefined, load: Load, now: Instant): AutoscalerStep {
  const dueAt = memory === undefined ? now : memory.syncedAt + AUTOSCALER_PERIOD_MS;
  if (memory !== undefined && now < dueAt) return { memory, step: { ...NOTHING, wakeAt: dueAt } };
  const autoscaler = horizontalPodAutoscalerOf(object);
  const wakeAt = now + AUTOSCALER_PERIOD_MS;
  const found = targetOf(world, autoscaler);
  if (found === undefined) {
    const { kind, name } = autoscaler.spec.scaleTargetRef;
    const message = `the HPA controller was unable to get the target's current scale: ${kind} "${name}" not found`;
    const blame = condition(autoscaler, 'AbleToScale', false, 'FailedGetScale', message, now);
    const changes = statusChange(object, autoscaler, { ...autoscaler.status, desiredReplicas: 0, conditions: [blame] });
    return { memory: { syncedAt: now, advice: [] }, step: { ...NOTHING, changes, wakeAt } };
  }
  const current = found.replicas;
  const readings =
    current === 0 ? [] : (autoscaler.spec.metrics ?? []).map((metric) => read(metric, object, load, current)).filter((reading) => reading !== undefined);
  const raw = readings.reduce((most, { ratio }) => Math.max(most, Math.abs(ratio - 1) <= TOLERANCE ? current : Math.ceil(ratio * current)), 0);
  const least = autoscaler.spec.minReplicas ?? 1;
  const bounded = Math.min(autoscaler.spec.maxReplicas, Math.max(least, raw));
  const { desired, advice } = stabilise(autoscaler, memory, readings.length === 0 ? current : bounded, current, now);
  const conditions = conditionsOf(autoscaler, { current, desired, raw, readings }, now);
  const status = {
    observedGeneration: object.metadata.generation,
    currentReplicas: current,
    desiredReplicas: desired,
    currentMetrics: readings.map((reading) => reading.status),
    conditions,
    lastScaleTime: desired === current ? autoscaler.status?.lastScaleTime : formatTime(now),
  };
  const rescale: Change = { type: 'patch', ref: found.ref, patchType: 'merge', subresource: 'scale', body: { spec: { replicas: desired } }, why: 'load' };
  const scale = desired === current ? [] : [rescale];
  const notes: readonly Announcement[] = desired === current ? [] : [rescaled(object, desired, desired > current, readings[0]?.what ?? '')];
  return { memory: { syncedAt: now, advice }, step: { changes: [...scale, ...statusChange(object, autoscaler, status)], notes, vanish: [], wakeAt } };
}

const rescaled = (about: KubeObject, desired: number, up: boolean, what: string): Announcement =>
  announce(
    'horizontal-pod-autoscaler',
    about,
    'SuccessfulRescale',
    `New size: ${desired}; reason: ${up ? `${what} above target` : 'All metrics below target'}`,
  );

function targetOf(world: World, autoscaler: HorizontalPodAutoscaler): { readonly ref: ObjectRef; readonly replicas: number } | undefined {
  const { kind, name } = autoscaler.spec.scaleTargetRef;
  const type = [ROLLOUT, DEPLOYMENT, REPLICA_SET].find((one) => one.kind === kind);
  if (type === undefined) return undefined;
  const ref: ObjectRef = { type, namespace: autoscaler.metadata.namespace ?? '', name };
  const target = world.get(ref);
  if (target === undefined) return undefined;
  const replicas = recordAt(target, 'spec')['replicas'];
  return { ref, replicas: typeof replicas === 'number' ? replicas : 1 };
}

function read(metric: HpaMetric, object: KubeObject, load: Load, replicas: number): Reading | undefined {
  const { namespace = '' } = object.metadata;
  const total = load(namespace, horizontalPodAutoscalerOf(object).spec.scaleTargetRef.name);
  const perPod = total / replicas;
  if (metric.type === 'Resource' && metric.resource !== undefined) {
    const capacity = Number((object.metadata.annotations?.[`${ANNOTATION_PREFIX}capacity`] ?? '').replace(/rps$/, '')) || DEFAULT_CAPACITY_RPS;
    const { name, target } = metric.resource;
    const percent = name === 'cpu' ? Math.round((100 * perPod) / capacity) : MEMORY_PERCENT;
    if (target.averageUtilization === undefined) return undefined;
    return {
      status: { type: 'Resource', resource: { name, current: { averageUtilization: percent, averageValue: name === 'cpu' ? `${percent}m` : `${percent}Mi` } } },
      ratio: percent / target.averageUtilization,
      what: `${name} resource utilization (percentage of request)`,
    };
  }
  const field = metric.type === 'Pods' ? 'pods' : metric.type === 'Object' ? 'object' : 'external';
  const source = recordAt(metric, field);
  const target = recordAt(source, 'target');
  const average = target['averageValue'];
  const wanted = quantityOf(average ?? target['value']);
  if (wanted === undefined || wanted <= 0) return undefined;
  const value = average === undefined ? total : perPod;
  const named = isRecord(source['metric']) ? source['metric'] : {};
  const current = average === undefined ? { value: `${Math.round(value * 1000)}m` } : { averageValue: `${Math.round(value * 1000)}m` };
  const name = typeof named['name'] === 'string' ? named['name'] : '';
  return { status: { type: metric.type, [field]: { metric: named, current } }, ratio: value / wanted, what: `${field} metric ${name}` };
}

const quantityOf = (value: unknown): number | undefined => (typeof value === 'string' || typeof value === 'number' ? quantityValue(value) : undefined);

type Stabilised = { readonly desired: number; readonly advice: AutoscalerMemory['advice'] };

/** Grows at once (at most by 4 pods or to the double); shrinks only to the highest size advised within the window. */
function stabilise(autoscaler: HorizontalPodAutoscaler, memory: AutoscalerMemory | undefined, wanted: number, current: number, now: Instant): Stabilised {
  const given = recordAt(autoscaler.spec.behavior, 'scaleDown')['stabilizationWindowSeconds'];
  const windowMs = (typeof given === 'number' ? given : DEFAULT_DOWN_WINDOW_SECONDS) * 1000;
  const advice = [...(memory?.advice ?? []).filter(({ at }) => at > now - windowMs), { at: now, replicas: wanted }];
  // What it was when this controller first looked counts as advice too: a new autoscaler does not begin by shrinking.
  const highest = Math.max(wanted, ...advice.map(({ replicas }) => replicas), ...(memory === undefined ? [current] : []));
  if (memory === undefined) advice.push({ at: now, replicas: current });
  const least = autoscaler.spec.minReplicas ?? 1;
  if (current === 0) return { desired: 0, advice };
  const desired = wanted > current ? Math.min(wanted, Math.max(current + 4, current * 2)) : Math.min(current, highest);
  return { desired: Math.min(autoscaler.spec.maxReplicas, Math.max(least, desired)), advice };
}

type Outcome = { readonly current: number; readonly desired: number; readonly raw: number; readonly readings: readonly Reading[] };

function conditionsOf(autoscaler: HorizontalPodAutoscaler, { current, desired, raw, readings }: Outcome, now: Instant): readonly unknown[] {
  const say = (type: string, holds: boolean, reason: string, message: string): unknown => condition(autoscaler, type, holds, reason, message, now);
  const able =
    desired === current
      ? say('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size')
      : say('AbleToScale', true, 'SucceededRescale', `the HPA controller was able to update the target scale to ${desired}`);
  if (current === 0) return [able, say('ScalingActive', false, 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero')];
  const [first] = readings;
  const unknown = 'the HPA was unable to compute the replica count: no metric that the sandbox knows';
  if (first === undefined) return [able, say('ScalingActive', false, 'FailedGetResourceMetric', unknown)];
  const active = say('ScalingActive', true, 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${first.what}`);
  const least = autoscaler.spec.minReplicas ?? 1;
  if (raw > autoscaler.spec.maxReplicas)
    return [able, active, say('ScalingLimited', true, 'TooManyReplicas', 'the desired replica count is more than the maximum replica count')];
  if (raw < least) return [able, active, say('ScalingLimited', true, 'TooFewReplicas', 'the desired replica count is less than the minimum replica count')];
  return [able, active, say('ScalingLimited', false, 'DesiredWithinRange', 'the desired count is within the acceptable range')];
}

function condition(
  autoscaler: HorizontalPodAutoscaler,
  type: string,
  holds: boolean,
  reason: string,
  message: string,
  now: Instant,
): Readonly<Record<string, unknown>> {
  const status = holds ? 'True' : 'False';
  const before = autoscaler.status?.conditions?.find((one) => one['type'] === type);
  const lastTransitionTime = before?.['status'] === status ? before['lastTransitionTime'] : formatTime(now);
  return { type, status, lastTransitionTime, reason, message };
}

function statusChange(object: KubeObject, autoscaler: HorizontalPodAutoscaler, status: Readonly<Record<string, unknown>>): readonly Change[] {
  const before = recordAt(autoscaler, 'status');
  const same = Object.entries(status).every(([key, value]) => deepEqual(before[key], value));
  return same ? [] : [mergeStatus(HORIZONTAL_POD_AUTOSCALER, object, status, 'load')];
}
