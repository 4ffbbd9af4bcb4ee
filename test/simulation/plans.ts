// Rollouts by chance: canaries by replicas or through any router, blue-green, and those that take their pods over from a Deployment.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rng } from '../../src/lib/rng.js';
import { NAMESPACE, object, once, podTemplate, serviceOf } from './manifests.js';
import type { Fields } from './manifests.js';
import { routePlan } from './routes.js';
import type { RoutePlan } from './routes.js';
import { quickAnalysis, stepsOf } from './steps.js';

export const PLAN_KINDS = ['canary', 'routed', 'dynamic', 'ping-pong', 'blue-green', 'workload'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

export type Plan = {
  readonly name: string;
  readonly kind: PlanKind;
  readonly route: RoutePlan | undefined;
  readonly blueGreen: boolean;
  /** Its pod template is a Deployment's. */
  readonly workload: boolean;
  readonly objects: readonly KubeObject[];
};

const maybe = (rng: Rng, times: number, fields: Fields): Fields => (once(rng, times) ? fields : {});

const LIFE_FIELDS = (rng: Rng): Fields => ({
  ...maybe(rng, 2, { abortScaleDownDelaySeconds: rng.int(40) }),
  ...maybe(rng, 4, { scaleDownDelayRevisionLimit: 1 }),
  ...maybe(rng, 5, { antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 5 } } }),
});

function canaryStrategy(rng: Rng, route: RoutePlan | undefined, dynamic: boolean): Fields {
  const routed = route !== undefined;
  return {
    canary: {
      maxSurge: 1 + rng.int(2),
      maxUnavailable: rng.int(2),
      ...(once(rng, 12) ? {} : { steps: stepsOf(rng, route) }),
      ...route?.strategy,
      ...(routed ? { trafficRouting: route.trafficRouting } : {}),
      ...(dynamic ? { dynamicStableScale: true } : {}),
      ...LIFE_FIELDS(rng),
      ...(routed && !dynamic ? maybe(rng, 2, { scaleDownDelaySeconds: 5 + rng.int(30) }) : {}),
      ...(routed ? maybe(rng, 5, { minPodsPerReplicaSet: 2 }) : {}),
      ...maybe(rng, 6, { replicaProgressThreshold: once(rng, 2) ? { type: 'Percent', value: 50 } : { type: 'Pods', value: 1 } }),
      ...maybe(rng, 3, { analysis: { templates: [{ templateName: 'endless' }], startingStep: rng.int(3) } }),
      ...maybe(rng, 5, { canaryMetadata: { labels: { role: 'canary' } }, stableMetadata: { labels: { role: 'stable' } } }),
    },
  };
}

function blueGreenStrategy(rng: Rng, name: string): Fields {
  const gate = rng.int(4);
  return {
    blueGreen: {
      activeService: `${name}-live`,
      ...(once(rng, 3) ? {} : { previewService: `${name}-look` }),
      ...(gate === 0 ? { autoPromotionEnabled: false } : gate === 1 ? { autoPromotionSeconds: 1 + rng.int(40) } : {}),
      ...maybe(rng, 3, { previewReplicaCount: 1 }),
      ...maybe(rng, 3, { prePromotionAnalysis: quickAnalysis(rng) }),
      ...maybe(rng, 3, { postPromotionAnalysis: quickAnalysis(rng) }),
      ...maybe(rng, 2, { scaleDownDelaySeconds: 5 + rng.int(60) }),
      ...maybe(rng, 3, { maxUnavailable: 1 }),
      ...maybe(rng, 5, { activeMetadata: { labels: { role: 'active' } }, previewMetadata: { labels: { role: 'preview' } } }),
      ...LIFE_FIELDS(rng),
    },
  };
}

function rolloutOf(rng: Rng, name: string, strategy: Fields, template: Fields): KubeObject {
  return object('argoproj.io/v1alpha1', 'Rollout', name, {
    spec: {
      replicas: 1 + rng.int(5),
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 60 + rng.int(60),
      ...maybe(rng, 3, { progressDeadlineAbort: true }),
      ...maybe(rng, 5, { minReadySeconds: 1 + rng.int(8) }),
      ...maybe(rng, 4, { rollbackWindow: { revisions: 1 + rng.int(3) } }),
      ...maybe(rng, 5, { analysis: { successfulRunHistoryLimit: 1, unsuccessfulRunHistoryLimit: 1 } }),
      selector: { matchLabels: { app: name } },
      strategy,
      ...template,
    },
  });
}

function deployment(rng: Rng, name: string): KubeObject {
  return object('apps/v1', 'Deployment', `${name}-work`, { spec: { replicas: once(rng, 2) ? 0 : 1 + rng.int(3), selector: { matchLabels: { app: name } }, template: podTemplate(name) } });
}

export function planOf(rng: Rng, name: string, kind: PlanKind): Plan {
  const workload = kind === 'workload';
  const blueGreen = kind === 'blue-green' || (workload && once(rng, 3));
  const routed = !blueGreen && kind !== 'canary' && (!workload || once(rng, 2));
  const route = routed ? routePlan(rng, name, kind === 'ping-pong') : undefined;
  const dynamic = kind === 'dynamic' || (kind === 'ping-pong' && once(rng, 4));
  const strategy = blueGreen ? blueGreenStrategy(rng, name) : canaryStrategy(rng, route, dynamic);
  const scaleDown = ['never', 'onsuccess', 'progressively'][rng.int(3)];
  const template = workload ? { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-work`, scaleDown } } : { template: podTemplate(name) };
  const rollout = rolloutOf(rng, name, strategy, template);
  const budget = object('policy/v1', 'PodDisruptionBudget', name, { spec: { maxUnavailable: 1, selector: { matchLabels: { app: name } } } });
  const objects = [
    ...(workload ? [deployment(rng, name)] : []),
    ...(blueGreen ? [serviceOf(name, '-live'), serviceOf(name, '-look')] : []),
    ...(route?.objects ?? []),
    ...(once(rng, 4) ? [budget] : []),
    rollout,
  ];
  return { name, kind, route, blueGreen, workload, objects };
}

/** An Experiment of its own, with nobody's rollout above it. */
export function loneExperiment(rng: Rng, name: string): KubeObject {
  const template = (each: string, image: string): Fields => {
    const labels = { app: name, version: each };
    return {
      name: each,
      replicas: 1 + rng.int(2),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: `sim.test/${image}`, ports: [{ containerPort: 8080 }] }] } },
      ...(once(rng, 2) ? { service: {} } : {}),
    };
  };
  const analyses = [{ name: 'look', templateName: 'quick', requiredForCompletion: once(rng, 2) }];
  return object('argoproj.io/v1alpha1', 'Experiment', name, {
    metadata: { name, namespace: NAMESPACE },
    spec: {
      ...(once(rng, 3) ? {} : { duration: `${5 + rng.int(60)}s` }),
      progressDeadlineSeconds: 60,
      templates: [template('old', 'lab:good'), template('new', once(rng, 4) ? 'lab:bad' : 'lab:good')],
      ...(once(rng, 2) ? { analyses } : {}),
    },
  });
}

/** At least three rollouts of different kinds, and more often four. */
export function plansOf(rng: Rng): readonly Plan[] {
  const names = ['one', 'two', 'three', 'four'];
  const kinds = PLAN_KINDS.map((kind) => ({ kind, turn: rng.next() })).toSorted((a, b) => a.turn - b.turn);
  return names.slice(0, 3 + rng.int(2)).map((name, index) => planOf(rng, name, kinds[index]?.kind ?? 'canary'));
}
