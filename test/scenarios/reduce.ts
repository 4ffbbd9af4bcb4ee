// Objects as the recordings show them: the fields that a rollout's life is told by, without uids, times and real hashes.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';
import { deepEqual, isRecord } from '../../src/lib/deep.js';
import { parseTime } from '../../src/lib/instant.js';
import type { Instant } from '../../src/lib/instant.js';
import type { Json } from './trace.js';

export type Fields = Record<string, unknown>;

const REVISION = 'rollout.argoproj.io/revision';
const RO = 'rollout.argoproj.io/';
const HASH = 'rollouts-pod-template-hash';
const MANAGED = 'argo-rollouts.argoproj.io/managed-by-rollouts';
const SET_ANNOTATIONS = [
  REVISION, `${RO}revision-history`, `${RO}desired-replicas`, 'scale-down-deadline', `${RO}ephemeral-metadata`,
  'deployment.kubernetes.io/revision', 'deployment.kubernetes.io/desired-replicas', 'deployment.kubernetes.io/max-replicas',
];

export const record = (value: unknown): Fields => (isRecord(value) ? value : {});
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Numbers and truth values as text, texts as they are, anything else as `otherwise`. */
export const plain = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0);
const without = (fields: Fields, unwanted: (value: unknown) => boolean): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => !unwanted(value)));
/** Absent, false and empty fields are left out. */
const some = (fields: Fields): Fields => without(fields, (value) => value === false || isEmpty(value));

/** Without empty values at any depth. */
export function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isRecord(value)) return value;
  return without(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item)])), isEmpty);
}

/** "a b:c" → { a: from.a, b: from.c } */
function fields(names: string, from: Fields): Fields {
  return Object.fromEntries(names.split(' ').map((name) => {
    const [to = '', source = to] = name.split(':');
    return [to, from[source]];
  }));
}

const annotationsOf = (object: KubeObject): Readonly<Record<string, string>> => object.metadata.annotations ?? {};
const otherAnnotations = (object: KubeObject, known: readonly string[] = []): Fields =>
  Object.fromEntries(Object.entries(annotationsOf(object)).filter(([key]) => !known.includes(key) && !key.startsWith('kubectl.kubernetes.io/')));
const imagesOf = (template: unknown): readonly unknown[] => list(record(record(template)['spec'])['containers']).map((container) => record(container)['image']);
const conditionsOf = (status: Fields): readonly string[] =>
  list(status['conditions']).map(record).map((condition) => `${plain(condition['type'])}=${plain(condition['status'])} ${plain(condition['reason'])}: ${plain(condition['message'])}`);

/** "Rollout/mill"; undefined without an owner. */
export function ownerOf(object: KubeObject): string | undefined {
  const owners = object.metadata.ownerReferences ?? [];
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  return owner === undefined ? undefined : `${owner.kind}/${owner.name}`;
}

type Reduce = (object: KubeObject, spec: Fields, status: Fields) => Fields;

const general = (object: KubeObject): Fields => ({ owner: ownerOf(object), labels: object.metadata.labels, annotations: otherAnnotations(object) });

const reduceRollout: Reduce = (object, spec, status) => ({
  ...some({
    replicas: spec['replicas'],
    specPaused: spec['paused'],
    restartRequested: !isEmpty(spec['restartAt']),
    images: imagesOf(spec['template']),
    revision: annotationsOf(object)[REVISION],
    workloadGeneration: annotationsOf(object)[`${RO}workload-generation`],
    abortedAtSet: !isEmpty(status['abortedAt']),
    restartedAtSet: !isEmpty(status['restartedAt']),
    pause: list(status['pauseConditions']).map((condition) => record(condition)['reason']),
    conditions: conditionsOf(status),
    counts: without(fields('total:replicas updated:updatedReplicas ready:readyReplicas available:availableReplicas hpa:HPAReplicas', status), (value) => value === undefined || value === null),
    ...fields('phase message step:currentStepIndex stepHash:currentStepHash podHash:currentPodHash stable:stableRS abort promoteFull controllerPause selector workloadObservedGeneration collisionCount alb albs', status),
    ...fields('weights stepAnalysis:currentStepAnalysisRunStatus backgroundAnalysis:currentBackgroundAnalysisRunStatus experiment:currentExperiment stablePingPong stepPlugins:stepPluginStatuses', record(status['canary'])),
    ...fields('active:activeSelector preview:previewSelector checkpoint:scaleUpPreviewCheckPoint prePromotion:prePromotionAnalysisRunStatus postPromotion:postPromotionAnalysisRunStatus', record(status['blueGreen'])),
  }),
  observed: String(status['observedGeneration']) === String(object.metadata.generation),
});

const reduceSet: Reduce = (object, spec, status) => {
  const annotations = annotationsOf(object);
  const template = record(spec['template']);
  const metadata = record(template['metadata']);
  const deadline = annotations['scale-down-deadline'];
  return without({
    owner: ownerOf(object),
    revision: annotations[REVISION],
    revisionHistory: annotations[`${RO}revision-history`],
    desired: annotations[`${RO}desired-replicas`],
    spec: spec['replicas'],
    replicas: status['replicas'] ?? 0,
    ready: status['readyReplicas'] ?? 0,
    available: status['availableReplicas'] ?? 0,
    _deadline: deadline === undefined ? undefined : (parseTime(deadline) ?? '<unparsable>'),
    minReadySeconds: spec['minReadySeconds'],
    ephemeral: annotations[`${RO}ephemeral-metadata`],
    podLabels: metadata['labels'],
    podAnnotations: metadata['annotations'],
    images: imagesOf(template),
    antiAffinity: record(record(template['spec'])['affinity'])['podAntiAffinity'],
    otherAnnotations: otherAnnotations(object, SET_ANNOTATIONS),
    conditions: conditionsOf(status),
  }, isEmpty);
};

const MEASUREMENT = ['phase', 'value', 'message', 'metadata', 'resumeAt'];

const reduceRun: Reduce = (object, spec, status) => some({
  ...general(object),
  ...fields('terminate args dryRun', spec),
  ...fields('phase message runSummary dryRunSummary', status),
  metrics: list(spec['metrics']).map((metric) => record(metric)['name']),
  results: list(status['metricResults'])
    .map(record)
    .map((metric) => ({ ...metric, measurements: list(metric['measurements']).map((measurement) => Object.fromEntries(Object.entries(record(measurement)).filter(([key]) => MEASUREMENT.includes(key)))) }))
    .sort((a, b) => compareText(plain(record(a)['name']), plain(record(b)['name']))),
  completedAtSet: !isEmpty(status['completedAt']),
});

const reduceExperiment: Reduce = (object, spec, status) => some({
  ...general(object),
  ...fields('terminate duration', spec),
  ...fields('phase message', status),
  templates: list(status['templateStatuses']).map(record).map(({ lastTransitionTime: _time, ...rest }) => rest),
  analyses: status['analysisRuns'],
  conditions: conditionsOf(status),
  availableAtSet: !isEmpty(status['availableAt']),
});

const reduceService: Reduce = (object, spec) => some({
  selector: spec['selector'],
  managedBy: annotationsOf(object)[MANAGED],
  owner: ownerOf(object),
  annotations: otherAnnotations(object, [MANAGED]),
});

const reduceDeployment: Reduce = (object, spec, status) => ({ spec: spec['replicas'], replicas: status['replicas'] ?? 0, available: status['availableReplicas'] ?? 0, generation: object.metadata.generation, images: imagesOf(spec['template']) });
const reduceSpec: Reduce = (object, spec) => record(cleaned({ ...general(object), spec }));

const reduceIngress: Reduce = (object, spec) => record(cleaned({ ...general(object), ...fields('className:ingressClassName rules tls', spec) }));

export const REDUCE: Readonly<Record<string, Reduce>> = {
  ...Object.fromEntries(ROUTE_TYPES.map(({ kind }) => [kind, reduceSpec])),
  Ingress: reduceIngress,
  Rollout: reduceRollout,
  ReplicaSet: reduceSet,
  AnalysisRun: reduceRun,
  Experiment: reduceExperiment,
  Service: reduceService,
  Deployment: reduceDeployment,
};

export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d( UTC)?)?/g;

type Pod = { readonly name: string; readonly set: string; readonly ready: boolean; readonly gate: string | undefined; readonly created: string; readonly gone: boolean };
export type Change = { readonly at: Instant; readonly kind: string; readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject };

/** Folds watch events into the current reduced objects, and gives each hash the name of its role. */
export function createFold(namespace: string, web: string): {
  readonly roles: ReadonlyMap<string, string>;
  readonly pods: ReadonlyMap<string, Pod>;
  learn(object: KubeObject): void;
  text(raw: string): string;
  normal(value: unknown): Json;
  objects(): ReadonlyMap<string, Fields>;
  /** True when the reduced state has changed. */
  feed(change: Change): boolean;
} {
  const roles = new Map<string, string>();
  const reduced = new Map<string, Fields>();
  const pods = new Map<string, Pod>();
  const podCounts = new Map<string, Fields>();
  const deadlines = new Map<string, number>();
  let shown: Map<string, Fields> | undefined;

  const text = (raw: string): string => {
    let result = raw.replaceAll(web, '${WEB}').replaceAll(namespace, '<ns>');
    for (const [hash, role] of roles) result = result.replaceAll(hash, role);
    return result.replace(TIME, '<time>').replace(UID, '<uid>');
  };
  const normal = (value: unknown): Json => JSON.parse(text(JSON.stringify(value))) as Json;

  const learn = (object: KubeObject): void => {
    const [kind = '', name = ''] = (ownerOf(object) ?? '').split('/');
    const hash = object.metadata.labels?.[kind === 'Deployment' ? 'pod-template-hash' : HASH];
    if (hash === undefined || hash === '' || roles.has(hash) || !['Rollout', 'Deployment', 'Experiment'].includes(kind)) return;
    if (kind === 'Experiment') {
      roles.set(hash, `<hash:exp:${annotationsOf(object)['experiment.argoproj.io/template-name'] ?? ''}>`);
      shown = undefined;
      return;
    }
    const revision = annotationsOf(object)[REVISION] ?? '?';
    const names = kind === 'Rollout' ? [`<hash:rev${revision}>`, `<hash:${name}:rev${revision}>`] : Array.from({ length: 98 }, (_, index) => `<dep-hash:${index + 1}>`);
    const taken = new Set(roles.values());
    roles.set(hash, names.find((role) => !taken.has(role)) ?? names[1] ?? '');
    shown = undefined;
  };

  const feedPod = (type: Change['type'], object: KubeObject): boolean => {
    const [kind, set = ''] = (ownerOf(object) ?? '').split('/');
    if (kind !== 'ReplicaSet') return false;
    const conditions = list(record(object['status'])['conditions']).map(record);
    const gate = record(list(record(object['spec'])['readinessGates'])[0])['conditionType'];
    const ready = conditions.some((condition) => condition['type'] === 'Ready' && condition['status'] === 'True');
    const { name, creationTimestamp = '', deletionTimestamp } = object.metadata;
    if (type === 'DELETED') pods.delete(name);
    else pods.set(name, { name, set, ready, gate: typeof gate === 'string' ? gate : undefined, created: creationTimestamp, gone: deletionTimestamp !== undefined });
    const own = [...pods.values()].filter((pod) => pod.set === set);
    const counts = { total: own.length, ready: own.filter((pod) => pod.ready && !pod.gone).length, terminating: own.filter((pod) => pod.gone).length };
    if (deepEqual(podCounts.get(set), counts)) return false;
    podCounts.set(set, counts);
    shown = undefined;
    return true;
  };

  const show = (key: string, fieldsOf: Fields): Fields => {
    const { _deadline: deadline, ...rest } = fieldsOf;
    const result = record(normal(rest));
    return deadline === undefined ? result : { ...result, deadlineIn: typeof deadline === 'string' ? deadline : (deadlines.get(`${key} ${plain(deadline)}`) ?? null) };
  };

  return {
    roles,
    pods,
    learn,
    text,
    normal,
    objects() {
      shown ??= new Map([...[...reduced].map(([key, value]): [string, Fields] => [text(key), show(key, value)]), ...[...podCounts].map(([set, counts]): [string, Fields] => [text(`Pods/${set}`), counts])]);
      return shown;
    },
    feed({ at, kind, type, object }) {
      if (kind === 'ReplicaSet') learn(object);
      const reduce = REDUCE[kind];
      if (reduce === undefined) return kind === 'Pod' && feedPod(type, object);
      const key = `${kind}/${object.metadata.name}`;
      const next = type === 'DELETED' ? undefined : reduce(object, record(object['spec']), record(object['status']));
      const before = reduced.get(key);
      if (next === undefined ? before === undefined : deepEqual(before, next)) return false;
      const deadline = next?.['_deadline'];
      if (typeof deadline === 'number' && !deadlines.has(`${key} ${deadline}`)) deadlines.set(`${key} ${deadline}`, Math.max(0, Math.ceil((deadline - at) / 1000)));
      if (next === undefined) reduced.delete(key);
      else reduced.set(key, next);
      shown = undefined;
      return true;
    },
  };
}
