// What is compared of a play: the whole state at certain moments, and for each aspect of each object the values it went through.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';
import { compareText, createFold, list, plain, record } from './reduce.js';
import type { Change, Fields } from './reduce.js';
import type { Json, TraceEvent } from './trace.js';

export type Mark = { readonly at: string; readonly time: number };

export type Played = {
  readonly checkpoints: readonly { readonly at: string; readonly state: Readonly<Record<string, unknown>> }[];
  readonly lanes: ReadonlyMap<string, readonly unknown[]>;
  readonly events: readonly TraceEvent[];
  readonly hashes: ReadonlyMap<string, string>;
  readonly final: ReadonlyMap<string, readonly Json[]>;
};

const CHECKPOINT = ('phase message step replicas revision podHash stable abort abortedAtSet promoteFull specPaused controllerPause pause weights experiment stepAnalysis backgroundAnalysis '
  + 'active preview checkpoint prePromotion postPromotion stablePingPong restartedAtSet workloadObservedGeneration observed').split(' ');
const SIMPLE: Readonly<Record<string, readonly string[]>> = { Rollout: ['step', 'weights', 'counts'], ReplicaSet: ['spec', 'deadlineIn'], Service: ['selector', 'managedBy'], Deployment: ['spec'] };
const GROUPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Rollout: {
    '.flags': 'abort promoteFull specPaused controllerPause pause',
    '.identity': 'podHash stable revision stepHash stablePingPong',
    '.analysis': 'stepAnalysis backgroundAnalysis prePromotion postPromotion experiment',
    '.blueGreen': 'active preview checkpoint',
  },
  ReplicaSet: { '.meta': 'revision revisionHistory desired ephemeral podLabels podAnnotations antiAffinity' },
};
const SINGLE: Readonly<Record<string, string>> = { Service: 'selector', AnalysisRun: 'phase', Experiment: 'phase' };
const ROUTERS = new Set(ROUTE_TYPES.map(({ kind }) => kind));

const pick = (from: Fields, names: readonly string[]): Fields => Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

/** JSON with sorted keys and Python's spacing, as the recordings' match clauses are written. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}: ${sortedJson(item)}`).join(', ')}}`;
}

function routeOf(kind: string, object: Fields): unknown {
  const spec = record(object['spec']);
  if (kind === 'DestinationRule') return { subsets: spec['subsets'] ?? null, annotations: object['annotations'] ?? null };
  if (kind === 'Ingress') return { annotations: object['annotations'] ?? null, rules: object['rules'] ?? null };
  if (kind !== 'VirtualService') return object['spec'] ?? null;
  const destination = (value: unknown): string => {
    const { host, subset } = record(value);
    return `${plain(host, 'None')}${typeof subset === 'string' && subset !== '' ? `/${subset}` : ''}`;
  };
  return ['http', 'tls', 'tcp'].flatMap((protocol) => list(spec[protocol]).map(record).map((route, index) => {
    const targets = list(route['route']).map(record).map((target) => `${destination(target['destination'])}=${plain(target['weight'], '-')}`);
    const mirror = route['mirror'] === undefined ? '' : ` mirror=${destination(route['mirror'])}@${String(record(route['mirrorPercentage'])['value'])}`;
    const match = list(route['match']).length === 0 ? '' : ` match=${sortedJson(route['match'])}`;
    return `${protocol}/${plain(route['name'], String(index))}: ${targets.join(', ')}${mirror}${match}`;
  }));
}

function snapshot(objects: ReadonlyMap<string, Fields>): Record<string, unknown> {
  const state: Record<string, unknown> = {};
  for (const [key, object] of objects) {
    const kind = key.slice(0, key.indexOf('/'));
    const single = SINGLE[kind];
    if (kind === 'Rollout') {
      const { ready: _ready, ...counts } = record(object['counts']);
      state[key] = { ...pick(object, CHECKPOINT), conditions: list(object['conditions']).map(String).sort(compareText), counts };
    } else if (kind === 'ReplicaSet' || kind === 'Deployment') {
      state[key] = pick(object, ['spec', 'available', 'deadlineIn']);
    } else if (ROUTERS.has(kind)) {
      state[key] = routeOf(kind, object);
    } else if (single !== undefined) {
      state[key] = object[single] ?? null;
    }
  }
  return state;
}

function lanesOf(kind: string, object: Fields): (readonly [string, unknown])[] {
  const lanes: (readonly [string, unknown])[] = (SIMPLE[kind] ?? []).map((name) => [`.${name}`, object[name] ?? null]);
  for (const [suffix, names] of Object.entries(GROUPS[kind] ?? {})) lanes.push([suffix, pick(object, names.split(' '))]);
  if (ROUTERS.has(kind)) lanes.push(['.route', routeOf(kind, object)]);
  if (kind === 'Rollout' || kind === 'AnalysisRun' || kind === 'Experiment') lanes.push(['.phase', [object['phase'] ?? null, object['message'] ?? '']]);
  if (kind === 'AnalysisRun') lanes.push(['.results', list(object['results']).map(record).map(({ measurements: _measurements, ...rest }) => rest)]);
  if (kind === 'Experiment') lanes.push(['.templates', list(object['templates']).map(record).map((each) => [each['name'], each['status'], each['message'] ?? null])]);
  for (const condition of kind === 'Rollout' ? list(object['conditions']).map(String) : []) {
    const cut = condition.indexOf('=');
    lanes.push([`.condition.${condition.slice(0, cut)}`, condition.slice(cut + 1)]);
  }
  return lanes;
}

function finalOf(kind: string, object: KubeObject): Fields {
  const { uid: _uid, resourceVersion: _version, managedFields: _managed, creationTimestamp: _created, namespace: _namespace, ...metadata } = object.metadata;
  const { generation: _generation, ...withoutGeneration } = metadata;
  const status = { ...record(object['status']) };
  const spec = { ...record(object['spec']) };
  if (kind !== 'Rollout') delete status['observedGeneration'];
  if (Array.isArray(status['conditions'])) status['conditions'] = status['conditions'].map(record).sort((a, b) => compareText(String(a['type']), String(b['type'])));
  if (Array.isArray(status['metricResults'])) status['metricResults'] = status['metricResults'].map(record).sort((a, b) => compareText(String(a['name']), String(b['name'])));
  if (kind === 'Service') {
    for (const name of ['clusterIP', 'clusterIPs', 'nodePort']) delete spec[name];
    spec['ports'] = list(spec['ports']).map(record).map(({ nodePort: _nodePort, ...port }) => port);
  }
  return { ...object, metadata: kind === 'Rollout' ? metadata : withoutGeneration, spec, status };
}

const OF_KUBERNETES = /endpoint|replicaset-controller|deployment-controller|job-controller|kubelet|scheduler|horizontal-pod|controllermanager|kwok|disruption|allocator/;

function eventOf(object: KubeObject): readonly TraceEvent[] {
  const about = record(object['involvedObject']);
  const by = plain(record(object['source'])['component'] ?? object['reportingComponent']);
  const kind = String(about['kind']);
  if (!['Rollout', 'AnalysisRun', 'Experiment', 'Service'].includes(kind) || OF_KUBERNETES.test(by)) return [];
  return [{ obj: `${kind}/${String(about['name'])}`, type: String(object['type']), reason: String(object['reason']), message: plain(object['message']) }];
}

/** Puts what was observed into the form of a recording. `changes` are in the order of the writes. */
export function digest(namespace: string, web: string, changes: readonly Change[], marks: readonly Mark[], finals: readonly { readonly kind: string; readonly object: KubeObject }[], rollouts: readonly string[]): Played {
  const fold = createFold(namespace, web);
  const rank = (change: Change): number => {
    const index = rollouts.findIndex((name) => change.object.metadata.ownerReferences?.some((owner) => owner.kind === 'Rollout' && owner.name === name) === true);
    return index === -1 ? rollouts.length : index;
  };
  for (const change of changes.filter(({ kind }) => kind === 'ReplicaSet').sort((a, b) => rank(a) - rank(b))) fold.learn(change.object);
  const lanes = new Map<string, unknown[]>();
  const checkpoints: { at: string; state: Record<string, unknown> }[] = [];
  const events: TraceEvent[] = [];
  const todo = [...marks];
  for (const change of changes) {
    for (let [mark] = todo; mark !== undefined && todo.length > 1 && change.at > mark.time; [mark] = todo) {
      checkpoints.push({ at: mark.at, state: snapshot(fold.objects()) });
      todo.shift();
    }
    if (change.kind === 'Event' && change.type !== 'DELETED') events.push(...eventOf(change.object));
    if (!fold.feed(change) || change.kind === 'Pod') continue;
    enterLanes(lanes, fold.text(`${change.kind}/${change.object.metadata.name}`), change.kind, fold.objects());
  }
  for (const mark of todo) checkpoints.push({ at: mark.at, state: snapshot(fold.objects()) });
  const final = new Map<string, Json[]>();
  for (const { kind, object } of finals) {
    const key = fold.text(`${kind}/${object.metadata.name}`);
    final.set(key, [...(final.get(key) ?? []), fold.normal(finalOf(kind, object))]);
  }
  return { checkpoints, lanes, events: events.map((event) => fold.normal(event) as unknown as TraceEvent), hashes: new Map([...fold.roles].map(([hash, role]) => [role, hash])), final };
}

function enterLanes(lanes: Map<string, unknown[]>, key: string, kind: string, objects: ReadonlyMap<string, Fields>): void {
  const object = objects.get(key);
  const now = new Map(object === undefined ? [] : lanesOf(kind, object).map(([suffix, value]) => [key + suffix, value]));
  for (const [lane, values] of lanes) {
    if (!lane.startsWith(`${key}.`) || (now.size > 0 && (!lane.includes('.condition.') || now.has(lane)))) continue;
    if (now.size === 0 || values.at(-1) !== 'absent') values.push(now.size === 0 ? 'deleted' : 'absent');
  }
  for (const [lane, value] of now) {
    const values = lanes.get(lane);
    if (values === undefined) lanes.set(lane, [value]);
    else if (sortedJson(values.at(-1)) !== sortedJson(value)) values.push(value);
  }
}
