// What the engine reads of a cluster and of metric sources: kinds of its own as the server lets them through, other people's routing
// objects, and the answers of providers.

import { createStore } from '../../src/apiserver/store/store.js';
import { concludeAnalysisRun, decideAnalysisRun } from '../../src/decide/analysis/decide.js';
import { goValueOf } from '../../src/controllers/analysis-run-measure.js';
import { judge } from '../../src/decide/analysis/judge.js';
import { decideExperiment } from '../../src/decide/experiment/decide.js';
import { fromJson } from '../../src/decide/expression/json-value.js';
import { decideRollout } from '../../src/decide/rollout/decide.js';
import { asAnalysisRun, parseAnalysisRun } from '../../src/kinds/analysis-run.js';
import { asAnalysisTemplate } from '../../src/kinds/analysis-template.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { asExperiment } from '../../src/kinds/experiment.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { podTemplateHash } from '../../src/kinds/pod-template-hash.js';
import { replicaSetOf } from '../../src/kinds/replica-set.js';
import { ANALYSIS_RUN, EXPERIMENT, ROLLOUT } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { asRollout, parseRollout } from '../../src/kinds/rollout.js';
import { serviceOf } from '../../src/kinds/service.js';
import { isRecord } from '../../src/lib/deep.js';
import { ok } from '../../src/lib/result.js';
import { createRng } from '../../src/lib/rng.js';
import { prometheus } from '../../src/providers/prometheus.js';
import type { Provider, ProviderIo } from '../../src/providers/provider.js';
import { skywalking } from '../../src/providers/skywalking.js';
import { web } from '../../src/providers/web.js';
import { routerOf } from '../../src/routers/index.js';
import { isProblem } from '../../src/routers/router.js';
import { managedServices } from '../../src/decide/rollout/release.js';
import { engineSecrets, ioWith, type Secrets } from '../conformance/provider.js';
import { VENDORS } from '../providers/vendors.js';
import { templates } from '../simulation/manifests.js';
import { routePlan, ROUTER_NAMES } from '../simulation/routes.js';
import { planOf, loneExperiment } from '../simulation/plans.js';
import { complaint } from './target.js';
import type { Outcome, Target } from './target.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const store = createStore({ now: NOW, rng: createRng(1), definitions: customResourceDefinitions() });
const inNamespace = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, namespace: 'default' } });

/** As the server would store it; undefined when it refuses. */
function stored(type: ResourceType, body: unknown): KubeObject | undefined {
  const made = store.execute({ verb: 'create', type, namespace: 'default', body, options: { dryRun: true } }, NOW);
  return made.ok ? (made.value.object as KubeObject) : undefined;
}

const rng = createRng(7);
const KINDS = ['canary', 'routed', 'dynamic', 'ping-pong', 'blue-green', 'routed', 'routed', 'routed', 'canary'] as const;
const PLANS = KINDS.map((kind, index) => planOf(rng, `shop${index}`, kind));
const rolloutIn = (objects: readonly KubeObject[]): KubeObject => inNamespace(objects.at(-1) ?? { apiVersion: '', kind: '', metadata: { name: '' } });

/** What the rollouts refer to, so that they are looked at further than their references. */
const ROUTE_OBJECTS = PLANS.flatMap(({ objects }) => objects.slice(0, -1)).map(inNamespace);
const TEMPLATES = templates().map(inNamespace).map(asAnalysisTemplate);

const STATUS = {
  phase: 'Progressing', currentPodHash: 'abc', stableRS: 'def', currentStepIndex: 1, currentStepHash: 'x', observedGeneration: '1', replicas: 3, updatedReplicas: 1, pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-11-21T11:00:00Z' }],
  controllerPause: true, abort: false, conditions: [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: '', lastUpdateTime: '2026-11-21T11:00:00Z', lastTransitionTime: '2026-11-21T11:00:00Z' }],
  canary: { weights: { canary: { weight: 20, podTemplateHash: 'abc' }, stable: { weight: 80, podTemplateHash: 'def' }, additional: [{ weight: 1, serviceName: 'x' }] } }, blueGreen: { activeSelector: 'def', previewSelector: 'abc' },
};

/** A rollout whose template and those before it have ReplicaSets, and Services that select something. */
function decideAll(object: KubeObject, strange: KubeObject = object): Outcome {
  const rollout = asRollout(object);
  const set = (hash: string, age: number): KubeObject => ({
    ...strange, apiVersion: 'apps/v1', kind: 'ReplicaSet',
    metadata: { ...strange.metadata, name: `${rollout.metadata.name}-${hash}`, uid: hash, labels: { 'rollouts-pod-template-hash': hash }, creationTimestamp: `2026-11-2${age}T00:00:00Z`, ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: rollout.metadata.name, uid: rollout.metadata.uid ?? '', controller: true }] },
  });
  const hash = podTemplateHash(rollout.spec.template ?? {});
  const replicaSets = [set('def', 0), set(hash, 1)].map(replicaSetOf);
  const services = managedServices(rollout).map((name) => serviceOf({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector: { app: rollout.metadata.name } } }));
  const router = routerOf(rollout);
  const route = router === undefined || 'type' in router ? router : router.read(rollout, ROUTE_OBJECTS);
  const { status, why } = decideRollout({ rollout, replicaSets, pods: [], services, runs: [], experiments: [], templates: TEMPLATES, clusterTemplates: [], route }, NOW);
  return status.phase === 'Degraded' ? (status.message ?? '') : why === '' ? 'a pass without a reason' : undefined;
}

const run = inNamespace({
  apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: 'run' },
  spec: {
    args: [{ name: 'a', value: 'b' }, { name: 's', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } }], dryRun: [{ metricName: 'm.*' }], measurementRetention: [{ metricName: 'm', limit: 3 }], ttlStrategy: { secondsAfterCompletion: 60 },
    metrics: [{ name: 'm', interval: '5s', count: 3, failureLimit: '1', initialDelay: '1s', successCondition: 'result > {{args.a}}', provider: { web: { url: 'http://x/{{ args.a }}', jsonPath: '{$.v}' } } }, { name: 'p', count: '2', interval: '1m', inconclusiveLimit: 1, consecutiveErrorLimit: 2, provider: { prometheus: { address: 'http://p', query: 'up' } } }],
  },
  status: { phase: 'Running', startedAt: '2026-11-21T11:00:00Z', metricResults: [{ name: 'm', phase: 'Running', count: 1, successful: 1, measurements: [{ phase: 'Successful', startedAt: '2026-11-21T11:00:00Z', finishedAt: '2026-11-21T11:00:01Z', value: '1' }] }] },
});

function decideRun(object: KubeObject): Outcome {
  const decision = decideAnalysisRun(asAnalysisRun(object), NOW);
  if (decision.type === 'refused') return decision.status.message ?? '';
  if (decision.type === 'measure') concludeAnalysisRun(decision.plan, [], NOW);
  return undefined;
}

const io = (body: string, status = 200): ProviderIo =>
  ioWith(() => Promise.resolve(ok({ status, headers: { 'content-type': 'application/json' }, body })), { now: NOW, utcOffsetMinutes: 60, evaluateTime: () => ok(NOW) });
type Source = { readonly provider: Provider; readonly spec: unknown; readonly secrets?: Secrets; readonly samples: readonly string[] };

const SOURCES: readonly Source[] = [
  { provider: prometheus, spec: { address: 'http://p', query: 'up' }, samples: ['{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0.5"]}]}}', '{"status":"success","data":{"resultType":"scalar","result":[1,"NaN"]},"warnings":["w"]}', '{"status":"error","errorType":"bad_data","error":"1:1: parse error"}', '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"2"]]}]}}'] },
  { provider: web, spec: { url: 'http://w', jsonPath: '{$.value}' }, samples: ['{"value": 0.97}', '{"value": {"a": [1, "2", null]}}', '[1,2]', 'plain'] },
  { provider: skywalking, spec: { address: 'http://s', query: 'query($duration: Duration!) { x }', interval: '5m' }, samples: ['{"data":{"service_apdex":{"values":{"values":[{"value":9999}]}}}}', '{"errors":[{"message":"no"}]}', '{"data":null}'] },
  ...VENDORS.map(({ provider, spec, secrets, answers, refusal, empty }) => ({ provider, spec: spec('http://v'), secrets: secrets('http://v'), samples: [...Object.values(answers), ...(refusal ?? []).slice(0, 1), ...(empty?.[0] ?? [])].filter((sample) => sample !== '') })),
];
/** What a source answers, at every question; what is a value is one for conditions too. */
async function measureAll({ provider, spec, secrets = {} }: Source, text: string): Promise<Outcome> {
  const signal = new AbortController().signal;
  const asked = { ...io(text), secret: engineSecrets(secrets) };
  const measured = await provider.measure(spec, asked, signal);
  if (measured.ok && measured.value.result !== undefined) goValueOf(measured.value.result);
  const resumed = await provider.resume?.(spec, { metadata: { canaryExecutionId: '1' } }, asked, signal);
  return complaint(resumed?.ok === true ? resumed : measured);
}

const routes = ROUTER_NAMES.map((name, index) => routePlan(createRng(index * 31 + name.length), 'shop', false));
const routed = routes.map((plan) => ({ plan, rollout: asRollout({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'sim', uid: 'u' }, spec: { strategy: { canary: { ...plan.strategy, trafficRouting: plan.trafficRouting } } } }) }));

function explained(reason: string): string {
  if (reason.trim() === '') throw new Error('a router complains without a word');
  return reason;
}

/** Every router reads and writes objects that anybody may have edited. */
function routeThrough(objects: readonly KubeObject[]): Outcome {
  const said: string[] = [];
  for (const { rollout } of routed) {
    const router = routerOf(rollout);
    if (router === undefined || 'type' in router) throw new Error('a plan without a router');
    const known = objects.filter((object) => isRecord(object) && isRecord(object.metadata) && typeof object.metadata.name === 'string' && typeof object.metadata.namespace === 'string' && typeof object.kind === 'string' && typeof object.apiVersion === 'string');
    // So much any server makes sure of.
    const read = router.read(rollout, known);
    if (isProblem(read)) said.push(explained(read.reason));
    const planned = router.plan(rollout, known, { weight: 20, maxWeight: 100, canaryHash: 'new', stableHash: 'old', additional: [{ service: 'trial', hash: 't', weight: 5 }], order: 'hash-first', managedRoutes: [{ type: 'header', name: 'beta', match: [{ headerName: 'x', headerValue: { exact: 'y' } }] }] });
    if (isProblem(planned)) said.push(explained(planned.reason));
  }
  return said.length < routed.length * 2 ? undefined : said[0];
}

export const ENGINE_TARGETS: readonly Target[] = [
  { name: 'rollout manifests', type: 'value', samples: PLANS.map(({ objects }) => rolloutIn(objects)), run: (value) => complaint(parseRollout(value, { unknownFields: 'refuse' })) },
  { name: 'rollouts that the server takes', type: 'value', samples: PLANS.map(({ objects }) => rolloutIn(objects)), run: (value) => {
    const object = stored(ROLLOUT, value);
    return object === undefined ? 'the server refuses it' : decideAll(object);
  } },
  { name: 'rollouts with any status', type: 'value', samples: PLANS.map(({ objects }) => ({ ...rolloutIn(objects), status: STATUS })), run: (value) => {
    const object = isRecord(value) ? stored(ROLLOUT, { ...value, status: undefined }) : undefined;
    // The status has a schema of its own: only what fits it gets through.
    const parsed = parseRollout(value);
    return object === undefined || !parsed.ok ? 'the server refuses it' : decideAll({ ...object, status: (value as KubeObject)['status'] });
  } },
  { name: 'analysis runs', type: 'value', samples: [run], run: (value) => {
    const object = stored(ANALYSIS_RUN, value);
    parseAnalysisRun(value);
    return object === undefined ? 'the server refuses it' : decideRun(object);
  } },
  { name: 'experiments', type: 'value', samples: [inNamespace(loneExperiment(createRng(1), 'lab')), inNamespace(loneExperiment(createRng(5), 'lab'))], run: (value) => {
    const object = stored(EXPERIMENT, value);
    if (object === undefined) return 'the server refuses it';
    decideExperiment({ experiment: asExperiment(object), replicaSets: [], services: [], runs: [], templates: [asAnalysisTemplate(run)], clusterTemplates: [], routedServices: [] }, NOW);
    return undefined;
  } },
  { name: 'values to judge', type: 'value', samples: [1, 0.5, [2], 'x'], run: (value) => judge({ name: 'm', successCondition: 'result > 1', failureCondition: 'result < 0', provider: {} }, fromJson(value), NOW).message },
  ...SOURCES.map((source, index): Target => ({ name: `answers of ${source.provider.name} (${index})`, type: 'text', samples: source.samples, run: (text) => measureAll(source, text) })),
  { name: 'routing objects', type: 'value', samples: [...routes.map(({ objects }) => objects), routes.flatMap(({ objects }) => objects)], run: (value) => (Array.isArray(value) ? routeThrough(value as readonly KubeObject[]) : 'no list of objects') },
];
