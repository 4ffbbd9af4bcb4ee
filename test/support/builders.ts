// Objects of a cluster for tests, as short as what a test is about: `aRollout('shop/cart').canary(steps).paused(3).build()`.
// Everything has believable defaults; times count back from NOW.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { formatTime, type Instant } from '../../src/lib/instant.js';

/** 2026-11-21T12:04:31Z: the moment of all fixtures. */
export const NOW: Instant = 1_795_262_671_000;

const SECOND = 1000;

export const ago = (seconds: number): string => formatTime(NOW - seconds * SECOND);

type Fields = Readonly<Record<string, unknown>>;

const HASH = 'rollouts-pod-template-hash';
const REVISION = 'rollout.argoproj.io/revision';

const split = (key: string): { namespace: string; name: string } => ({ namespace: key.split('/')[0] ?? '', name: key.split('/')[1] ?? '' });

export const uidOf = (key: string): string => `uid-${key}`;

export const CANARY_HASH = '6f9c7d8b54';
export const STABLE_HASH = '5bd8c6f7d9';

export const DEFAULT_STEPS: readonly Fields[] = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, { pause: { duration: '5m' } }, { setWeight: 60 }, { pause: { duration: '10m' } }];

type RolloutDraft = { readonly metadata: Fields; readonly spec: Fields; readonly strategy: Fields; readonly status: Fields };

export type RolloutBuilder = {
  canary(steps: readonly Fields[], more?: Fields): RolloutBuilder;
  blueGreen(more: Fields): RolloutBuilder;
  istio(virtualService: Fields, more?: Fields): RolloutBuilder;
  /** At a step (counted from 0), moving. */
  at(stepIndex: number): RolloutBuilder;
  /** Paused by the step it stands at. */
  paused(stepIndex: number, sinceSeconds: number, reason?: string): RolloutBuilder;
  aborted(stepIndex: number, secondsAgo: number, message?: string): RolloutBuilder;
  healthy(): RolloutBuilder;
  invalid(message: string): RolloutBuilder;
  status(fields: Fields): RolloutBuilder;
  spec(fields: Fields): RolloutBuilder;
  metadata(fields: Fields): RolloutBuilder;
  build(): KubeObject;
};

function rolloutBuilder(key: string, draft: RolloutDraft): RolloutBuilder {
  const next = (change: Partial<RolloutDraft>): RolloutBuilder => rolloutBuilder(key, { ...draft, ...change });
  const status = (fields: Fields): RolloutBuilder => next({ status: { ...draft.status, ...fields } });
  const { name } = split(key);
  const count = (): number => ((draft.strategy['canary'] as { steps?: readonly unknown[] } | undefined)?.steps ?? []).length;
  return {
    canary: (steps, more = {}) => next({ strategy: { canary: { ...more, steps } } }),
    blueGreen: (more) => next({ strategy: { blueGreen: more } }),
    istio: (virtualService, more = {}) => next({ strategy: { canary: { ...(draft.strategy['canary'] as Fields), canaryService: `${name}-canary`, stableService: `${name}-stable`, trafficRouting: { istio: virtualService }, ...more } } }),
    at: (currentStepIndex) => status({ currentStepIndex, phase: 'Progressing', message: 'more replicas need to be updated' }),
    paused: (currentStepIndex, sinceSeconds, reason = 'CanaryPauseStep') => status({
      currentStepIndex, phase: 'Paused', message: reason, controllerPause: true, pauseConditions: [{ reason, startTime: ago(sinceSeconds) }],
    }),
    aborted: (currentStepIndex, secondsAgo, message = 'Rollout aborted update to revision 7') => status({
      currentStepIndex, phase: 'Degraded', message: `RolloutAborted: ${message}`, abort: true, abortedAt: ago(secondsAgo),
      conditions: [{ type: 'Progressing', status: 'False', reason: 'RolloutAborted', message, lastTransitionTime: ago(secondsAgo) }],
    }),
    healthy: () => status({ phase: 'Healthy', message: '', stableRS: draft.status['currentPodHash'], currentStepIndex: count() }),
    invalid: (message) => status({
      phase: 'Degraded', message: `InvalidSpec: ${message}`,
      conditions: [{ type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message: `The Rollout "${name}" is invalid: ${message}`, lastTransitionTime: ago(60) }],
    }),
    status,
    spec: (fields) => next({ spec: { ...draft.spec, ...fields } }),
    metadata: (fields) => next({ metadata: { ...draft.metadata, ...fields } }),
    build: () => ({
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout',
      metadata: { name, namespace: split(key).namespace, ...draft.metadata },
      spec: { ...draft.spec, strategy: draft.strategy },
      status: draft.status,
    }),
  };
}

export function aRollout(key = 'shop/cart'): RolloutBuilder {
  return rolloutBuilder(key, {
    metadata: { uid: uidOf(key), generation: 4, resourceVersion: '100', creationTimestamp: ago(864_000), annotations: { [REVISION]: '7' } },
    spec: { replicas: 5 },
    strategy: { canary: { steps: DEFAULT_STEPS } },
    status: { observedGeneration: '4', currentPodHash: CANARY_HASH, stableRS: STABLE_HASH, currentStepIndex: 0, phase: 'Progressing', message: '', replicas: 5 },
  });
}

export type SetOptions = { readonly revision: number; readonly hash: string; readonly wanted: number; readonly ready?: number; readonly image?: string; readonly ageSeconds?: number; readonly annotations?: Readonly<Record<string, string>> };

/** A ReplicaSet of a rollout; its uid follows from the rollout's key and its hash. */
export function aReplicaSet(key: string, options: SetOptions): KubeObject {
  const { namespace, name } = split(key);
  const ready = options.ready ?? options.wanted;
  return {
    apiVersion: 'apps/v1', kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${options.hash}`, namespace, uid: uidOf(`${key}-${options.hash}`), generation: 2, creationTimestamp: ago(options.ageSeconds ?? 1080),
      labels: { [HASH]: options.hash }, annotations: { [REVISION]: String(options.revision), ...options.annotations },
      ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid: uidOf(key), controller: true }],
    },
    spec: { replicas: options.wanted, template: { spec: { containers: [{ name, image: options.image ?? `registry.example/${name}:2.4.${options.revision}` }] } } },
    status: { observedGeneration: 2, replicas: options.wanted, readyReplicas: ready, availableReplicas: ready },
  };
}

export type PodOptions = { readonly hash: string; readonly suffix: string; readonly ready?: boolean; readonly restarts?: number; readonly waiting?: string; readonly message?: string; readonly ageSeconds?: number; readonly image?: string };

export function aPod(key: string, options: PodOptions): KubeObject {
  const { namespace, name } = split(key);
  const ready = options.ready ?? options.waiting === undefined;
  const image = options.image ?? `registry.example/${name}:2.4.7`;
  const state = options.waiting === undefined ? { running: {} } : { waiting: { reason: options.waiting, ...(options.message === undefined ? {} : { message: options.message }) } };
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      name: `${name}-${options.hash}-${options.suffix}`, namespace, uid: uidOf(`${key}-${options.suffix}`), creationTimestamp: ago(options.ageSeconds ?? 1020),
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${options.hash}`, uid: uidOf(`${key}-${options.hash}`), controller: true }],
    },
    spec: { containers: [{ name, image }] },
    status: { phase: options.waiting === undefined ? 'Running' : 'Pending', containerStatuses: [{ name, image, ready, restartCount: options.restarts ?? 0, state, ...(options.waiting === undefined ? { containerID: 'containerd://1' } : {}) }] },
  };
}

export type RunOptions = {
  readonly name: string; readonly metric?: string; readonly phase?: string; readonly values?: readonly (string | undefined)[]; readonly success?: string; readonly failure?: string;
  readonly hash?: string; readonly revision?: number; readonly failed?: number; readonly errors?: number; readonly failureLimit?: number; readonly type?: string; readonly message?: string; readonly phases?: readonly string[];
};

/** Measurements half a minute apart, the newest now; undefined values are measurements in error. */
export function anAnalysisRun(key: string, options: RunOptions): KubeObject {
  const { namespace, name } = split(key);
  const values = options.values ?? [];
  const metric = options.metric ?? options.name;
  const phase = options.phase ?? 'Running';
  const measurements = values.map((value, place) => {
    const at = ago((values.length - 1 - place) * 30);
    if (value === undefined) return { phase: 'Error', startedAt: at, finishedAt: at, message: options.message ?? 'connection refused' };
    return { phase: options.phases?.[place] ?? 'Successful', startedAt: at, finishedAt: at, value };
  });
  const failed = options.failed ?? 0;
  const errors = options.errors ?? values.filter((value) => value === undefined).length;
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun',
    metadata: {
      name: options.name, namespace, uid: uidOf(`${key}-${options.name}`), creationTimestamp: ago(900),
      labels: { [HASH]: options.hash ?? CANARY_HASH, 'rollout-type': options.type ?? 'Background' }, annotations: { [REVISION]: String(options.revision ?? 7) },
      ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid: uidOf(key), controller: true }],
    },
    spec: { metrics: [{ name: metric, interval: '30s', failureLimit: options.failureLimit ?? 0, ...(options.success === undefined ? {} : { successCondition: options.success }), ...(options.failure === undefined ? {} : { failureCondition: options.failure }) }] },
    status: {
      phase, ...(options.message === undefined ? {} : { message: options.message }),
      metricResults: [{ name: metric, phase, count: values.length, successful: values.length - failed - errors, failed, error: errors, measurements }],
    },
  };
}

/** A running experiment of the rollout, with two templates and an analysis. */
export function anExperiment(key: string): KubeObject {
  const { namespace, name } = split(key);
  const template = (each: string, image: string, weight?: number): Fields => ({ name: each, replicas: 1, ...(weight === undefined ? {} : { weight }), template: { spec: { containers: [{ name, image }] } } });
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment',
    metadata: { name: `${name}-7-0`, namespace, uid: uidOf(`experiment ${key}`), creationTimestamp: ago(120), annotations: { [REVISION]: '7' }, ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid: uidOf(key), controller: true }] },
    spec: { duration: '10m', templates: [template('baseline', 'shop/app:1'), template('canary', 'shop/app:2', 5)], analyses: [{ name: 'compare', templateName: 'compare' }] },
    status: {
      phase: 'Running', availableAt: ago(90),
      templateStatuses: [{ name: 'baseline', status: 'Running', availableReplicas: 1, podTemplateHash: '5b6d9f8c7' }, { name: 'canary', status: 'Progressing', availableReplicas: 0, podTemplateHash: '7f4c8d6b5' }],
      analysisRuns: [{ name: 'compare', analysisRun: `${name}-7-0-compare`, phase: 'Running' }],
    },
  };
}

export type EventOptions = { readonly reason: string; readonly message: string; readonly secondsAgo: number; readonly type?: 'Normal' | 'Warning'; readonly count?: number };

/** An event about the rollout itself. */
export function anEvent(key: string, { reason, message, secondsAgo, type = 'Normal', count = 1 }: EventOptions): KubeObject {
  const { namespace, name } = split(key);
  return {
    apiVersion: 'v1', kind: 'Event',
    metadata: { name: `${name}.${reason.toLowerCase()}`, namespace, uid: uidOf(`event ${key} ${reason} ${message}`) },
    involvedObject: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', namespace, name, uid: uidOf(key) },
    type, reason, message, count, firstTimestamp: ago(secondsAgo), lastTimestamp: ago(secondsAgo), source: { component: 'rollouts-controller' },
  };
}

export function aVirtualService(key: string, routes: readonly { readonly name?: string; readonly canary: number; readonly canaryHost?: string; readonly stableHost?: string; readonly subsets?: boolean }[]): KubeObject {
  const { namespace, name } = split(key);
  return {
    apiVersion: 'networking.istio.io/v1alpha3', kind: 'VirtualService',
    metadata: { name, namespace, uid: uidOf(`vs ${key}`) },
    spec: {
      hosts: [name],
      http: routes.map((route) => ({
        ...(route.name === undefined ? {} : { name: route.name }),
        route: [
          { destination: route.subsets === true ? { host: name, subset: 'stable' } : { host: route.stableHost ?? `${name}-stable` }, weight: 100 - route.canary },
          { destination: route.subsets === true ? { host: name, subset: 'canary' } : { host: route.canaryHost ?? `${name}-canary` }, weight: route.canary },
        ],
      })),
    },
  };
}

export function aDestinationRule(key: string, subsets: readonly string[]): KubeObject {
  const { namespace, name } = split(key);
  return {
    apiVersion: 'networking.istio.io/v1alpha3', kind: 'DestinationRule',
    metadata: { name, namespace, uid: uidOf(`dr ${key}`) },
    spec: { host: name, subsets: subsets.map((subset) => ({ name: subset, labels: { app: name } })) },
  };
}

export function aSnapshot(fields: Partial<Snapshot> = {}): Snapshot {
  return {
    context: 'sluice', embedded: true, connection: { type: 'live', lastSignalAt: NOW }, driver: { type: 'self', identity: 'this console' }, latencyMs: 3,
    rollouts: [], replicaSets: [], pods: [], analysisRuns: [], services: [], virtualServices: [], destinationRules: [], events: [],
    ...fields,
  };
}
