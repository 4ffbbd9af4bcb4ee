// The figures for Prometheus: the words of dashboards, what is told of objects and of work, and for how long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFigures, type Figures } from '../../src/app/figures/figures.js';
import { createObjectFigures } from '../../src/app/figures/objects.js';
import { countRequests, requestLabels } from '../../src/app/figures/requests.js';
import { createWorkFigures, KEPT_MS } from '../../src/app/figures/work.js';
import { metricType, rolloutPhase, strategyName, trafficRouter } from '../../src/app/figures/words.js';
import { Registry } from 'prom-client';
import type { Cache } from '../../src/cluster/cache.js';
import { createCache } from '../../src/cluster/cache.js';
import type { Exchange } from '../../src/cluster/transport.js';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, EXPERIMENT, INGRESS, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { PROVIDER_NAMES } from '../../src/kinds/metric-provider.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { asRollout } from '../../src/kinds/rollout.js';
import { aRollout } from '../support/builders.js';
import { type Exposition, readExposition } from '../support/exposition.js';

type World = { readonly cache: Cache; readonly figures: Figures; now: number; leads: boolean; read(): Promise<Exposition> };

function world(instanceId = ''): World {
  const cache = createCache();
  const made: World = {
    cache,
    now: 1000,
    leads: true,
    figures: createFigures({ cache: () => (made.leads ? cache : undefined), instanceId, now: () => made.now }),
    read: async () => readExposition(await made.figures.text()),
  };
  return made;
}

const put = ({ cache }: World, type: ResourceType, ...objects: readonly KubeObject[]): void => cache.replace(type, objects, '1');
const custom = (kind: string, name: string, fields: Readonly<Record<string, unknown>>, metadata: Partial<KubeObject['metadata']> = { namespace: 'shop' }): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, ...metadata }, ...fields });
const withReason = (reason: string, more: readonly unknown[] = []): KubeObject => aRollout('shop/cart').status({ conditions: [...more, { type: 'Progressing', status: 'True', reason, message: '' }, { type: 'Available', status: 'True', reason: 'AvailableReason', message: '' }] }).build();
const CART = { type: ROLLOUT, namespace: 'shop', name: 'cart' };

test('the phase of a rollout is told by its Progressing condition, in words of its own', () => {
  const phases = ['NewReplicaSetAvailable', 'RolloutPaused', 'ReplicaSetCreateError', 'ProgressDeadlineExceeded', 'RolloutAborted', 'ReplicaSetUpdated', 'RolloutResumed', 'RolloutRetry', 'constructor'].map((reason) => rolloutPhase(asRollout(withReason(reason))));
  assert.deepEqual(phases, ['Completed', 'Paused', 'Error', 'Timeout', 'Abort', 'Progressing', 'Progressing', 'Progressing', 'Progressing']);
  assert.equal(rolloutPhase(asRollout(withReason('NewReplicaSetAvailable', [{ type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message: '' }]))), 'InvalidSpec');
  assert.equal(rolloutPhase({ ...asRollout(withReason('')), status: undefined }), 'Progressing');
});

test('strategies and routers have the names of dashboards; the last router of the order counts, later ones have none', () => {
  const routed = (trafficRouting: Readonly<Record<string, unknown>>): string => trafficRouter(asRollout(custom('Rollout', 'r', { spec: { strategy: { canary: { trafficRouting } } } })));
  assert.deepEqual(['alb', 'ambassador', 'istio', 'nginx', 'smi', 'appMesh', 'traefik', 'apisix', 'plugins'].map((name) => routed({ [name]: {} })), ['ALB', 'Ambassador', 'Istio', 'Nginx', 'SMI', 'AppMesh', '', '', '']);
  assert.deepEqual([routed({ smi: {}, alb: {} }), routed({ istio: {}, traefik: {} }), routed({ nginx: {}, istio: {} })], ['SMI', 'Istio', 'Nginx']);
  const strategies = [{ canary: {} }, { blueGreen: { activeService: 'a' } }, {}].map((strategy) => strategyName(asRollout(custom('Rollout', 'r', { spec: { strategy } }))));
  assert.deepEqual(strategies, ['canary', 'blueGreen', '']);
});

test('each provider of metrics has a name', () => {
  const types = PROVIDER_NAMES.map((name) => metricType({ name: 'm', provider: name === 'plugin' ? { plugin: { 'acme/edge': {} } } : { [name]: {} } }));
  assert.equal(new Set(types).size, PROVIDER_NAMES.length);
  assert.ok(!types.includes(''));
});

test('a rollout: its phase, its pods, and the old series with one that is 1', async () => {
  const here = world();
  put(here, ROLLOUT, aRollout('shop/cart').istio({ name: 'cart' }).spec({ replicas: 5 }).status({ replicas: 7, availableReplicas: 4, updatedReplicas: 2, conditions: [{ type: 'Progressing', status: 'Unknown', reason: 'RolloutPaused', message: '' }] }).build(), aRollout('shop/bare').spec({ replicas: undefined }).status({ replicas: undefined, availableReplicas: undefined, updatedReplicas: undefined }).build());
  const text = await here.read();
  const place = { namespace: 'shop', name: 'cart' };
  assert.deepEqual(text.series.filter(({ name, labels }) => name === 'rollout_info' && labels['name'] === 'cart'), [{ name: 'rollout_info', labels: { ...place, strategy: 'canary', traffic_router: 'Istio', phase: 'Paused' }, value: 1 }]);
  const pods = (name: string): readonly number[] => ['available', 'unavailable', 'desired', 'updated'].flatMap((each) => text.values(`rollout_info_replicas_${each}`, { namespace: 'shop', name }));
  assert.deepEqual([pods('cart'), pods('bare')], [[4, 3, 5, 2], [0, 0, 1, 0]]);
  const old = text.series.filter(({ name, labels }) => name === 'rollout_phase' && labels['name'] === 'cart');
  assert.deepEqual(Object.fromEntries(old.map(({ labels, value }) => [labels['phase'], value])), { Completed: 0, Progressing: 0, Paused: 1, Timeout: 0, Error: 0, Abort: 0 });
  assert.ok(old.every(({ labels }) => labels['strategy'] === 'canary'));
});

test('experiments, analysis runs with their metrics, and templates of a namespace and of the cluster', async () => {
  const here = world();
  const metrics = [{ name: 'errors "5xx"\\\n', provider: { prometheus: { query: 'q' } } }, { name: 'smoke', provider: { job: { spec: {} } } }];
  put(here, EXPERIMENT, custom('Experiment', 'trial', { spec: { templates: [] }, status: { phase: 'Running' } }), custom('Experiment', 'new', { spec: { templates: [] } }));
  put(here, ANALYSIS_RUN, custom('AnalysisRun', 'run', { spec: { metrics }, status: { phase: 'Failed', metricResults: [{ name: metrics[0]?.name, phase: 'Failed', dryRun: true }] } }));
  put(here, ANALYSIS_TEMPLATE, custom('AnalysisTemplate', 'rate', { spec: { metrics } }));
  put(here, CLUSTER_ANALYSIS_TEMPLATE, custom('ClusterAnalysisTemplate', 'rate', { spec: { metrics: metrics.slice(1) } }, {}));
  const text = await here.read();
  const ofPhase = (name: string, labels: Readonly<Record<string, string>>): readonly string[] => text.series.filter((one) => one.name === name && one.value === 1 && Object.entries(labels).every(([label, value]) => one.labels[label] === value)).map(({ labels: { phase = '' } }) => phase);
  assert.deepEqual([ofPhase('experiment_info', { name: 'trial' }), ofPhase('experiment_phase', { name: 'trial' }), ofPhase('experiment_info', { name: 'new' })], [['Running'], ['Running'], ['Pending']]);
  assert.deepEqual([ofPhase('analysis_run_info', { name: 'run' }), ofPhase('analysis_run_phase', { name: 'run' })], [['Failed'], ['Failed']]);
  assert.deepEqual(ofPhase('analysis_run_metric_phase', { metric: 'errors "5xx"\\\n', type: 'Prometheus', dry_run: 'true' }), ['Failed']);
  assert.deepEqual(ofPhase('analysis_run_metric_phase', { metric: 'smoke', type: 'Job', dry_run: 'false' }), ['Pending']);
  assert.equal(text.values('analysis_run_metric_type').length, 2);
  assert.deepEqual(text.series.filter(({ name }) => name === 'analysis_template_info').map(({ labels }) => labels), [{ namespace: 'shop', name: 'rate' }, { namespace: '', name: 'rate' }]);
  assert.deepEqual(text.series.filter(({ name, labels }) => name === 'analysis_template_metric_info' && labels['namespace'] === '').map(({ labels }) => labels), [{ namespace: '', name: 'rate', type: 'Job', metric: 'smoke' }]);
});

test('what is gone, and what another instance drives, is not told of; nor anything by an engine that does not lead', async () => {
  const here = world('blue');
  put(here, ROLLOUT, aRollout('shop/cart').build(), custom('Rollout', 'mine', {}, { namespace: 'shop', labels: { 'argo-rollouts.argoproj.io/controller-instance-id': 'blue' } }));
  assert.deepEqual((await here.read()).series.filter(({ name }) => name === 'rollout_info').map(({ labels }) => labels['name']), ['mine']);
  here.leads = false;
  assert.deepEqual((await here.read()).values('rollout_info'), []);
  here.leads = true;
  put(here, ROLLOUT);
  assert.deepEqual((await here.read()).values('rollout_phase'), []);
});

test('an object of nonsense hides no other, and those beyond the limit are counted', async () => {
  const cache = createCache();
  cache.replace(ROLLOUT, [custom('Rollout', 'odd', { status: { conditions: 'none' } }), ...['a', 'b', 'c'].map((name) => aRollout(`shop/${name}`).build())], '1');
  const registry = new Registry();
  await createObjectFigures(registry, '', () => Promise.resolve(), 3).read(cache);
  const text = readExposition(await registry.metrics());
  assert.deepEqual(text.series.filter(({ name }) => name === 'rollout_info').map(({ labels }) => labels['name']), ['a', 'b']);
  assert.deepEqual(text.values('sluice_objects_left_out', { kind: 'rollouts' }), [2]);
});

test('passes are counted by object with their time, failures from 0 on', async () => {
  const here = world();
  put(here, ROLLOUT, aRollout('shop/cart').build());
  const pass = (milliseconds: number, failed: boolean): void => {
    const end = here.figures.work.passes(CART);
    here.now += milliseconds;
    end(failed);
  };
  pass(5, false);
  const place = { namespace: 'shop', name: 'cart' };
  assert.deepEqual((await here.read()).values('rollout_reconcile_error', place), [0]);
  pass(200, false);
  pass(700, true);
  here.figures.work.passes({ type: SERVICE, namespace: 'shop', name: 'cart' })(true);
  const text = await here.read();
  assert.deepEqual(text.series.filter(({ name }) => name === 'rollout_reconcile_bucket').map(({ labels, value }) => [labels['le'], value]), [['0.01', 1], ['0.15', 1], ['0.25', 2], ['0.5', 2], ['1', 3], ['+Inf', 3]]);
  assert.deepEqual([text.values('rollout_reconcile_sum', place), text.values('rollout_reconcile_error', place)], [[0.905], [1]]);
  assert.deepEqual([text.values('workqueue_retries_total', { name: 'Rollouts' }), text.values('workqueue_retries_total', { name: 'Services' })], [[1], [1]]);
});

test('events of rollouts are counted by reason, those of other objects not', async () => {
  const here = world();
  const cart = aRollout('shop/cart').build();
  put(here, ROLLOUT, cart);
  for (let times = 0; times < 3; times += 1) here.figures.work.records(cart, { type: 'Warning', reason: 'RolloutAborted', message: `because of ${times}` });
  here.figures.work.records(custom('AnalysisRun', 'cart', {}), { type: 'Normal', reason: 'AnalysisRunSuccessful', message: '' });
  const text = await here.read();
  assert.deepEqual(text.series.filter(({ name }) => name === 'rollout_events_total'), [{ name: 'rollout_events_total', labels: { namespace: 'shop', name: 'cart', type: 'Warning', reason: 'RolloutAborted' }, value: 3 }]);
});

test('what was counted of an object goes 65 s after it, and stays when it comes back', async () => {
  const here = world();
  const cart = aRollout('shop/cart').build();
  const counts = async (): Promise<readonly number[]> => {
    const text = await here.read();
    return ['rollout_reconcile_count', 'rollout_reconcile_error', 'rollout_events_total'].map((name) => text.values(name, { name: 'cart' }).length);
  };
  put(here, ROLLOUT, cart, aRollout('shop/other').build());
  here.figures.work.passes(CART)(true);
  here.figures.work.records(cart, { type: 'Normal', reason: 'RolloutUpdated', message: '' });
  put(here, ROLLOUT, aRollout('shop/other').build());
  // The pass for its end, and the event of it.
  here.figures.work.passes(CART)(false);
  here.figures.work.records(cart, { type: 'Normal', reason: 'RolloutDeleted', message: '' });
  here.now += KEPT_MS - 1;
  assert.deepEqual(await counts(), [1, 1, 2]);
  put(here, ROLLOUT, cart);
  here.now += KEPT_MS;
  assert.deepEqual(await counts(), [1, 1, 2]);
  put(here, ROLLOUT);
  assert.deepEqual(await counts(), [1, 1, 2]);
  here.leads = false;
  here.now += KEPT_MS;
  assert.deepEqual(await counts(), [1, 1, 2]);
  here.leads = true;
  assert.deepEqual(await counts(), [1, 1, 2]);
  here.now += KEPT_MS;
  assert.deepEqual(await counts(), [0, 0, 0]);
  // What is over is not begun anew.
  here.figures.work.passes(CART)(false);
  assert.deepEqual(await counts(), [0, 0, 0]);
});

test('the time of what is gone runs from its end, not from the first scrape after it', async () => {
  const here = world();
  put(here, ROLLOUT, aRollout('shop/cart').build());
  here.figures.work.passes(CART)(false);
  put(here, ROLLOUT);
  here.figures.work.passes(CART)(false);
  here.now += KEPT_MS;
  assert.deepEqual((await here.read()).values('rollout_reconcile_count'), []);
});

test('beyond the limit what comes new is not counted, until a scrape has forgotten what is gone', async () => {
  const cache = createCache();
  const registry = new Registry();
  let now = 0;
  const work = createWorkFigures({ registry, cache: () => cache, instanceId: '', now: () => now, mostObjects: 1 });
  const counted = async (): Promise<readonly unknown[]> => {
    work.read();
    return readExposition(await registry.metrics()).series.filter(({ name }) => name === 'rollout_reconcile_count').map(({ labels }) => labels['name']);
  };
  cache.replace(ROLLOUT, ['a', 'b'].map((name) => aRollout(`shop/${name}`).build()), '1');
  for (const name of ['a', 'b']) work.passes({ ...CART, name })(false);
  assert.deepEqual(await counted(), ['a']);
  cache.replace(ROLLOUT, [aRollout('shop/b').build()], '2');
  work.passes({ ...CART, name: 'a' })(false);
  now += KEPT_MS;
  work.read();
  work.passes({ ...CART, name: 'b' })(false);
  assert.deepEqual(await counted(), ['b']);
});

test('queues: how many came, wait and are worked on, and for how long', async () => {
  const here = world();
  const { work } = here.figures;
  const ingress = { type: INGRESS, namespace: 'shop', name: 'i' };
  work.waits(CART);
  here.now += 500;
  work.waits(CART);
  work.waits({ ...CART, name: 'other' });
  work.waits(ingress);
  const done = work.takes(CART);
  here.now += 2000;
  const midway = await here.read();
  const of = (text: Exposition, name: string): readonly number[] => text.values(`workqueue_${name}`, { name: 'Rollouts' });
  assert.deepEqual(['adds_total', 'depth', 'queue_duration_seconds_sum', 'work_duration_seconds_count', 'unfinished_work_seconds', 'longest_running_processor_seconds'].map((name) => of(midway, name)[0]), [2, 1, 0.5, undefined, 2, 2]);
  assert.deepEqual(midway.values('workqueue_depth', { name: 'Ingresses' }), [1]);
  done();
  work.stops(ROLLOUT);
  const after = await here.read();
  assert.deepEqual(['depth', 'work_duration_seconds_sum', 'unfinished_work_seconds'].map((name) => of(after, name)[0]), [0, 2, 0]);
  assert.deepEqual(after.values('workqueue_depth', { name: 'Ingresses' }), [1]);
});

const exchange = (method: Exchange['method'], path: string, more: Partial<Exchange> = {}): Exchange => ({ method, path, status: 200, milliseconds: 1, bytes: 1, ended: true, ...more });
const APPS = '/apis/apps/v1';
const ARGO = '/apis/argoproj.io/v1alpha1';

test('requests are counted by what they were about', () => {
  const told = (...of: Parameters<typeof exchange>): string => Object.values(requestLabels(exchange(...of)) ?? {}).join(' | ');
  const rows: readonly (readonly [string, string])[] = [
    [told('GET', `${ARGO}/rollouts?limit=500`), 'rollouts |  | N/A | List | 200'],
    [told('GET', `${ARGO}/rollouts?watch=true`, { ended: false }), 'rollouts |  |  | Watch | 200'],
    [told('GET', `${APPS}/replicasets?watch=true`, { ended: false }), 'replicasets |  | N/A | Watch | 200'],
    [told('GET', `${ARGO}/rollouts?watch=true`), ''],
    [told('GET', '/apis/coordination.k8s.io/v1/namespaces/argo-rollouts/leases/argo-rollouts-controller-lock'), 'leases | argo-rollouts | argo-rollouts-controller-lock | Get | 200'],
    [told('PATCH', `${ARGO}/namespaces/shop/rollouts/cart/status?fieldManager=x`, { status: 409 }), 'rollouts | shop | cart | Patch | 409'],
    [told('POST', '/api/v1/namespaces/shop/events', { status: 201 }), 'events | shop | N/A | Create | 201'],
    [told('PATCH', '/api/v1/namespaces/shop/events/cart.17f'), 'events | shop | N/A | Patch | 200'],
    [told('PUT', `${APPS}/namespaces/shop/replicasets/cart-5bd8`), 'replicasets | shop | N/A | Update | 200'],
    [told('DELETE', `${ARGO}/namespaces/shop/analysisruns/cart-1-2`), 'analysisruns | shop | N/A | Delete | 200'],
    [told('POST', '/api/v1/namespaces/shop/pods/cart-5bd8-x/eviction', { status: 429 }), 'pods | shop | N/A | Create | 429'],
    [told('POST', '/api/v1/namespaces', { status: 201 }), 'namespaces |  | N/A | Create | 201'],
    [told('GET', '/api/v1/namespaces/shop'), 'namespaces |  | shop | Get | 200'],
    [told('GET', ARGO), 'Unknown |  | N/A | Get | 200'],
    [told('GET', `${ARGO}/rollouts`, { status: undefined, problem: 'connection refused' }), ''],
  ];
  for (const [seen, wanted] of rows) assert.equal(seen, wanted);
});

test('beyond so many series requests are counted without names', async () => {
  const registry = new Registry();
  const count = countRequests(registry, 2);
  for (const name of ['a', 'b', 'c', 'd', 'a']) count(exchange('GET', `/api/v1/namespaces/shop/services/${name}`));
  const text = readExposition(await registry.metrics());
  assert.deepEqual(text.series.map(({ labels, value }) => [labels['namespace'], labels['name'], value]), [['shop', 'a', 2], ['shop', 'b', 1], ['', 'N/A', 2]]);
});

test('the program says which version it does as, what it is, and how the process fares', async () => {
  const text = await world().read();
  assert.match(text.series.find(({ name }) => name === 'argo_rollouts_controller_info')?.labels['version'] ?? '', /^v1\.9\.\d+\+sluice\.\d+\.\d+\.\d+$/);
  assert.deepEqual(text.values('build_info'), [1]);
  assert.equal(text.types.get('process_cpu_seconds_total'), 'counter');
  assert.equal(text.types.get('process_resident_memory_bytes'), 'gauge');
});
