// Rollouts by chance: blue-green, or canaries by replicas only or through Istio, with steps, analyses and delays of every sort that the engine knows.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rng } from '../../src/lib/rng.js';

export const NAMESPACE = 'sim';
export const WEB = 'web.sim:80';

export type Plan = {
  readonly name: string;
  readonly routed: boolean;
  readonly dynamic: boolean;
  readonly blueGreen: boolean;
  readonly maxUnavailable: number;
  readonly objects: readonly KubeObject[];
};

const object = (apiVersion: string, kind: string, name: string, more: Record<string, unknown>): KubeObject => ({ apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...more });

/** Tags: "good…" become ready and measure well, "sick…" measure badly, "bad" never becomes ready. */
export function imageOf(rng: Rng, name: string, turn: number): string {
  const chance = rng.next();
  return `sim.test/${name}:${chance < 0.7 ? `good${turn}` : chance < 0.9 ? `sick${turn}` : 'bad'}`;
}

function experimentStep(rng: Rng, weighed: boolean): unknown {
  const measured = rng.int(2) === 0;
  return {
    ...(!measured || rng.int(2) === 0 ? { duration: `${3 + rng.int(30)}s` } : {}),
    ...(rng.int(2) === 0 ? { scaleDownDelaySeconds: rng.int(20) } : {}),
    templates: [
      { name: 'base', specRef: 'stable', replicas: 1 },
      { name: 'cand', specRef: 'canary', replicas: 1, ...(weighed && rng.int(2) === 0 ? { weight: 1 + rng.int(20) } : {}) },
    ],
    ...(measured ? { analyses: [{ name: 'quick', templateName: 'quick', requiredForCompletion: rng.int(2) === 0 }] } : {}),
  };
}

function steps(rng: Rng, routed: boolean): readonly unknown[] {
  const result: unknown[] = [];
  let weight = 0;
  while (weight < 100 && result.length < 8) {
    weight = Math.min(100, weight + 10 + rng.int(50));
    result.push({ setWeight: weight });
    const next = rng.int(6);
    if (next === 0) result.push({ pause: {} });
    if (next === 1 || next === 2) result.push({ pause: { duration: `${1 + rng.int(20)}s` } });
    if (next === 3) result.push({ analysis: { templates: [{ templateName: 'quick' }] } });
    if (next === 5) result.push({ experiment: experimentStep(rng, routed && weight <= 80) });
    if (next === 4 && routed && rng.int(2) === 0) result.push({ setCanaryScale: { weight: 10 + rng.int(80) } });
  }
  return result;
}

const metric = (count: number | undefined, limit: number): unknown => ({
  name: 'rate',
  interval: '3s',
  ...(count === undefined ? {} : { count }),
  failureLimit: limit,
  consecutiveErrorLimit: 4,
  successCondition: 'result >= 0.9',
  provider: { web: { url: `http://${WEB}/{{args.name}}`, jsonPath: '{$.value}' } },
});

export function templates(): readonly KubeObject[] {
  const template = (name: string, count: number | undefined, limit: number): KubeObject =>
    object('argoproj.io/v1alpha1', 'AnalysisTemplate', name, { spec: { args: [{ name: 'name', value: 'any' }], metrics: [metric(count, limit)] } });
  return [template('quick', 3, 1), template('endless', undefined, 2)];
}

function blueGreenPlan(rng: Rng, name: string): Plan {
  const analysis = (): unknown => ({ templates: [{ templateName: 'quick' }] });
  const gate = rng.int(3);
  const strategy = {
    activeService: `${name}-live`,
    ...(rng.int(3) > 0 ? { previewService: `${name}-look` } : {}),
    ...(gate === 0 ? { autoPromotionEnabled: false } : gate === 1 ? { autoPromotionSeconds: 1 + rng.int(30) } : {}),
    ...(rng.int(3) === 0 ? { previewReplicaCount: 1 } : {}),
    ...(rng.int(3) === 0 ? { prePromotionAnalysis: analysis() } : {}),
    ...(rng.int(3) === 0 ? { postPromotionAnalysis: analysis() } : {}),
    ...(rng.int(2) === 0 ? { scaleDownDelaySeconds: 5 + rng.int(60) } : {}),
    ...(rng.int(2) === 0 ? { abortScaleDownDelaySeconds: 1 + rng.int(40) } : {}),
    ...(rng.int(3) === 0 ? { scaleDownDelayRevisionLimit: 1 } : {}),
  };
  const rollout = rolloutOf(rng, name, { blueGreen: strategy }, rng.int(3) === 0 ? { rollbackWindow: { revisions: 2 } } : {});
  return { name, routed: false, dynamic: false, blueGreen: true, maxUnavailable: 0, objects: [serviceOf(name, '-live'), serviceOf(name, '-look'), rollout] };
}

function rolloutOf(rng: Rng, name: string, strategy: unknown, more: Record<string, unknown> = {}): KubeObject {
  return object('argoproj.io/v1alpha1', 'Rollout', name, {
    spec: {
      replicas: 1 + rng.int(5),
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 60,
      ...(rng.int(3) === 0 ? { progressDeadlineAbort: true } : {}),
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: `sim.test/${name}:good0`, ports: [{ containerPort: 8080 }] }] } },
      strategy,
      ...more,
    },
  });
}

const serviceOf = (name: string, suffix: string): KubeObject => object('v1', 'Service', `${name}${suffix}`, { spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } });

export function plan(rng: Rng, name: string): Plan {
  if (rng.int(3) === 0) return blueGreenPlan(rng, name);
  const routed = rng.int(3) > 0;
  const bySubset = rng.int(2) === 0;
  const dynamic = routed && rng.int(4) === 0;
  const maxUnavailable = rng.int(2);
  const routing = { istio: { virtualService: { name, routes: ['main'] }, ...(bySubset ? { destinationRule: { name, stableSubsetName: 'stable', canarySubsetName: 'canary' } } : {}) } };
  const services = routed && !bySubset ? { stableService: `${name}-stable`, canaryService: `${name}-canary` } : {};
  const canary = {
    maxSurge: 1 + rng.int(2),
    maxUnavailable,
    steps: steps(rng, routed),
    ...services,
    ...(routed ? { trafficRouting: routing } : {}),
    ...(dynamic ? { dynamicStableScale: true } : {}),
    ...(routed && rng.int(2) === 0 ? { abortScaleDownDelaySeconds: rng.int(40) } : {}),
    ...(routed && !dynamic && rng.int(2) === 0 ? { scaleDownDelaySeconds: 5 + rng.int(30) } : {}),
    ...(rng.int(3) === 0 ? { analysis: { templates: [{ templateName: 'endless' }], startingStep: 1 + rng.int(2) } } : {}),
  };
  const rollout = rolloutOf(rng, name, { canary });
  const service = (suffix: string): KubeObject => serviceOf(name, suffix);
  const target = (host: string, weight: number, subset?: string): unknown => ({ destination: { host, ...(subset === undefined ? {} : { subset }) }, weight });
  const route = bySubset ? [target(name, 100, 'stable'), target(name, 0, 'canary')] : [target(`${name}-stable`, 100), target(`${name}-canary`, 0)];
  const virtual = object('networking.istio.io/v1alpha3', 'VirtualService', name, { spec: { hosts: [name], http: [{ name: 'main', route }] } });
  const rule = object('networking.istio.io/v1alpha3', 'DestinationRule', name, { spec: { host: name, subsets: [{ name: 'stable', labels: { app: name } }, { name: 'canary', labels: { app: name } }] } });
  const objects = !routed ? [rollout] : bySubset ? [service(''), virtual, rule, rollout] : [service('-stable'), service('-canary'), virtual, rollout];
  return { name, routed, dynamic, blueGreen: false, maxUnavailable, objects };
}
