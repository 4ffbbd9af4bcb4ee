// The embedded demo as it is after its first minute, always the same: store, sandbox, metric sources and engine of the program on a
// virtual clock that then stands still, served over HTTPS like any cluster.

import { randomBytes } from 'node:crypto';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { serve } from '../../src/apiserver/http/serve.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { startAutoplay } from '../../src/app/demo/autoplay.js';
import { loadScenarios } from '../../src/app/demo/load.js';
import type { Addresses, Scenario } from '../../src/app/demo/scenario.js';
import { SCENARIOS } from '../../src/app/demo/scenarios.js';
import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { startEngine } from '../../src/controllers/engine.js';
import { createExperimentReconciler } from '../../src/controllers/experiment.js';
import { createDestinationRuleReleaseReconciler, createIngressReleaseReconciler, createServiceReleaseReconciler } from '../../src/controllers/release.js';
import { createRolloutReconciler } from '../../src/controllers/rollout.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { VirtualClock } from '../../src/lib/clock.js';
import type { HttpSend } from '../../src/lib/http.js';
import { err, ok } from '../../src/lib/result.js';
import { createRng } from '../../src/lib/rng.js';
import { createApmStore } from '../../src/sandbox/metrics/apm-store.js';
import type { EndAnswer, EndRequest } from '../../src/sandbox/metrics/http-answer.js';
import { recordIstio } from '../../src/sandbox/metrics/istio.js';
import { answerPrometheus } from '../../src/sandbox/metrics/prometheus.js';
import { createSeriesStore } from '../../src/sandbox/metrics/series-store.js';
import { answerSkywalking } from '../../src/sandbox/metrics/skywalking.js';
import { startSandbox } from '../../src/sandbox/run.js';

const START = Date.parse('2026-11-21T12:40:00Z');

/** By then each demo is in its opening scene, and metrics have been measured a few times. */
const PLAYED_MS = 75_000;

const SCRAPE_MS = 5000;

const PROMETHEUS = 'http://127.0.0.1:9090';
const SKYWALKING = 'http://127.0.0.1:12800';
const APPS = 'http://127.0.0.1:8080/';

const ADDRESSES: Addresses = { prometheus: PROMETHEUS, skywalking: SKYWALKING, app: (namespace, name) => `${APPS}${namespace}/${name}` };

export type FrozenDemo = {
  /** What its clocks say. */
  readonly now: number;
  /** Where it is served. */
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
};

type Ends = { prometheus(request: EndRequest): EndAnswer; skywalking(request: EndRequest): EndAnswer; app(namespace: string, name: string): { code: number; body: unknown } };

/** The demo's HTTP without sockets. */
function sendTo(ends: Ends): HttpSend {
  return async ({ method, url, headers = {}, body = '' }) => {
    await Promise.resolve();
    const { origin, pathname, searchParams } = new URL(url);
    if (url.startsWith(APPS)) {
      const [namespace = '', name = ''] = url.slice(APPS.length).split(/[/?]/);
      const given = ends.app(namespace, name);
      return ok({ status: given.code, headers: { 'content-type': 'application/json' }, body: JSON.stringify(given.body) });
    }
    const contentType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    const form = contentType.startsWith('application/x-www-form-urlencoded') ? Object.fromEntries(new URLSearchParams(body)) : {};
    const request = { method, path: pathname, parameters: { ...Object.fromEntries(searchParams), ...form }, body, contentType };
    const answer = origin === PROMETHEUS ? ends.prometheus(request) : origin === SKYWALKING ? ends.skywalking(request) : undefined;
    return answer === undefined ? err({ type: 'refused', message: `nothing listens at ${origin}` }) : ok({ status: answer.status, headers: { 'content-type': answer.contentType }, body: answer.body });
  };
}

export async function openFrozenDemo(): Promise<FrozenDemo> {
  const clock = new VirtualClock(START);
  const store = createStore({ now: START, rng: createRng(1), definitions: customResourceDefinitions(), putOff: (delayMs, work) => void clock.after(delayMs, () => work(clock.now())) });
  const cluster = createInProcessCluster({ store, clock, name: 'demo' });
  const series = createSeriesStore();
  const apm = createApmStore();
  let scrapedAt = Number.NEGATIVE_INFINITY;
  const sandbox = startSandbox({
    cluster, clock, rng: createRng(2), pace: { inTurn: true },
    behaviours: Object.assign({}, ...SCENARIOS.map((scenario) => scenario.behaviours)) as Scenario['behaviours'],
    onBatches: (batches) => {
      for (const batch of batches) {
        recordIstio(series, batch);
        apm.record(batch);
      }
      if (clock.now() - scrapedAt < SCRAPE_MS) return;
      scrapedAt = clock.now();
      series.scrape(scrapedAt);
    },
  });
  const http = sendTo({
    prometheus: (request) => answerPrometheus(series, request, clock.now()),
    skywalking: (request) => answerSkywalking(apm, request, clock.now(), 0),
    app: (namespace, name) => sandbox.answer({ host: { namespace, name }, path: '/', headers: {}, fail: false }),
  });
  startEngine({
    cluster, clock, rng: createRng(3), log: () => {}, hostname: 'demo', environment: {}, mode: 'embedded',
    reconcilers: [
      createRolloutReconciler(), createServiceReleaseReconciler(), createDestinationRuleReleaseReconciler(), createIngressReleaseReconciler(), createExperimentReconciler(),
      createAnalysisRunReconciler({ http, environment: {}, utcOffsetMinutes: () => 0 }),
    ],
  });
  const loaded = await loadScenarios(cluster, SCENARIOS, ADDRESSES, undefined);
  if (!loaded.ok) throw new Error(loaded.error);
  startAutoplay({ cluster, clock, rng: createRng(4), scenarios: SCENARIOS, repeats: false });
  await clock.runUntil(START + PLAYED_MS);
  const token = randomBytes(16).toString('hex');
  const served = await serve({ store, clock, readLogs: sandbox.readLogs, token });
  if (!served.ok) throw new Error(served.error);
  // Nothing moves the clock any more: sandbox and engine need no end.
  return { now: clock.now(), url: served.value.door.url, token, stop: () => served.value.stop() };
}
