// The AnalysisRun controller on a scripted cluster, a virtual clock and scripted metric sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { startControllers } from '../../src/controllers/loop.js';
import type { Controllers } from '../../src/controllers/loop.js';
import { asAnalysisRun, type AnalysisRun, type AnalysisRunSpec } from '../../src/kinds/analysis-run.js';
import { ANALYSIS_RUN, EVENT, SECRET } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import type { HttpRequest, HttpSend } from '../../src/lib/http.js';
import { err, ok } from '../../src/lib/result.js';
import { createRng } from '../../src/lib/rng.js';
import { scriptedCluster, type ScriptedCluster } from '../cluster/scripted-cluster.js';

const START = Date.parse('2026-11-21T10:00:00.400Z');

type World = { readonly cluster: ScriptedCluster; readonly clock: VirtualClock; readonly loop: Controllers; readonly asked: HttpRequest[]; run(name?: string): AnalysisRun };

/** `answer` gives the body for each request, or undefined for a source that is down. */
async function start(specs: Readonly<Record<string, AnalysisRunSpec>>, answer: (request: HttpRequest) => string | undefined, prepare: (cluster: ScriptedCluster) => void = () => undefined): Promise<World> {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(START);
  const asked: HttpRequest[] = [];
  prepare(cluster);
  for (const [name, spec] of Object.entries(specs)) cluster.put(ANALYSIS_RUN, { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name, namespace: 'a' }, spec });
  const http: HttpSend = (request) => {
    asked.push(request);
    const body = answer(request);
    return Promise.resolve(body === undefined ? err({ type: 'refused' as const, message: 'connection refused' }) : ok({ status: 200, headers: {}, body }));
  };
  const reconcilers = [createAnalysisRunReconciler({ http, environment: {}, utcOffsetMinutes: () => 0 })];
  const loop = startControllers({ cluster, reconcilers, clock, rng: createRng(7), log: () => undefined });
  await clock.runUntil(START + 500);
  const run = (name = 'r'): AnalysisRun => asAnalysisRun(cluster.all(ANALYSIS_RUN).find((object) => object.metadata.name === name) ?? { apiVersion: '', kind: '', metadata: { name } });
  return { cluster, clock, loop, asked, run };
}

const web = (name: string, fields: Partial<AnalysisRunSpec['metrics'][number]> = {}): AnalysisRunSpec['metrics'][number] => ({ name, successCondition: 'result > 0.9', provider: { web: { url: `http://app/${name}` } }, ...fields });
const writes = (world: World): number => world.cluster.requests.filter((request) => /^patch .*analysisruns|^patch .*AnalysisRun/i.test(request)).length;

test('measures at its interval, writes once for each measurement and rests when it has ended', async () => {
  const world = await start({ r: { metrics: [web('m', { count: 3, interval: '10s' })] } }, () => '0.95');
  await world.clock.runUntil(START + 60_000);
  assert.equal(world.run().status?.phase, 'Successful');
  assert.equal(world.asked.length, 3);
  const times = world.run().status?.metricResults?.[0]?.measurements?.map((item) => item.finishedAt);
  assert.deepEqual(times, ['2026-11-21T10:00:00Z', '2026-11-21T10:00:10Z', '2026-11-21T10:00:20Z']);
  assert.equal(writes(world), 3);
  assert.deepEqual(world.cluster.all(EVENT).map((event) => event['reason']), ['MetricSuccessful', 'AnalysisRunSuccessful']);
  const before = world.cluster.requests.length;
  await world.clock.runUntil(START + 3_600_000);
  assert.deepEqual([...new Set(world.cluster.requests.slice(before).map((request) => request.split(' ')[0]))], ['watch']);
  await world.loop.stop();
});

test('a source that is down is measured again after ten seconds, and ends the run at its limit', async () => {
  const world = await start({ r: { metrics: [web('m', { consecutiveErrorLimit: 1, interval: '5m' })] } }, () => undefined);
  await world.clock.runUntil(START + 9000);
  assert.deepEqual([world.asked.length, world.run().status?.phase], [1, 'Running']);
  await world.clock.runUntil(START + 12_000);
  assert.equal(world.run().status?.phase, 'Error');
  assert.equal(world.run().status?.message, 'Metric "m" assessed Error due to consecutiveErrors (2) > consecutiveErrorLimit (1): "Error Message: Get "http://app/m": connection refused"');
  await world.loop.stop();
});

test('a failed metric ends a run whose other metrics go on for ever', async () => {
  const world = await start({ r: { metrics: [web('good', { interval: '1s' }), web('bad')] } }, (request) => (request.url.endsWith('bad') ? '0' : '1'));
  await world.clock.runUntil(START + 5000);
  assert.equal(world.run().status?.phase, 'Failed');
  assert.deepEqual(world.run().status?.metricResults?.map((result) => result.phase), ['Successful', 'Failed']);
  await world.loop.stop();
});

test('terminate ends it at once', async () => {
  const world = await start({ r: { metrics: [web('m', { interval: '1h' })] } }, () => '1');
  const object = world.cluster.all(ANALYSIS_RUN)[0];
  assert.ok(object !== undefined);
  world.cluster.put(ANALYSIS_RUN, { ...object, spec: { ...world.run().spec, terminate: true } });
  await world.clock.runUntil(START + 2000);
  assert.deepEqual([world.run().status?.phase, world.run().status?.message], ['Successful', 'Run Terminated']);
  await world.loop.stop();
});

const SECRET_ARG = [{ name: 'token', valueFrom: { secretKeyRef: { name: 'tok', key: 'key' } } }];

test('a secret is sent to the source and written nowhere', async () => {
  const metric = web('m', { consecutiveErrorLimit: 0, provider: { web: { url: 'http://app/{{args.token}}', headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }] } } });
  const world = await start({ r: { metrics: [metric], args: SECRET_ARG } }, () => undefined, (cluster) => {
    cluster.put(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tok', namespace: 'a' }, data: { key: Buffer.from('s3cret').toString('base64') } });
  });
  await world.clock.runUntil(START + 2000);
  assert.equal(world.asked[0]?.headers?.['Authorization'], 'Bearer s3cret');
  assert.equal(world.run().status?.phase, 'Error');
  assert.match(world.run().status?.message ?? '', /http:\/\/app\/\*{5}/);
  assert.ok(!JSON.stringify([world.cluster.all(ANALYSIS_RUN), world.cluster.all(EVENT)]).includes('s3cret'));
  await world.loop.stop();
});

test('a missing secret or key is said, and nobody is asked', async () => {
  const spec: AnalysisRunSpec = { metrics: [web('m')], args: SECRET_ARG };
  const missing = await start({ r: spec }, () => '1');
  assert.deepEqual([missing.run().status?.phase, missing.run().status?.message], ['Error', 'Unable to resolve metric arguments: secrets "tok" not found']);
  await missing.loop.stop();
  const keyless = await start({ r: spec }, () => '1', (cluster) => { cluster.put(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tok', namespace: 'a' }, data: {} }); });
  assert.equal(keyless.run().status?.message, "Unable to resolve metric arguments: key 'key' does not exist in secret 'tok'");
  assert.equal(missing.asked.length + keyless.asked.length, 0);
  await keyless.loop.stop();
});

test('a provider of a later version of the format is an error that names it', async () => {
  const world = await start({ r: { metrics: [web('m', { provider: { oracle: { query: 'x' } } as object, consecutiveErrorLimit: 0 })] } }, () => '1');
  assert.match(world.run().status?.message ?? '', /unknown metric provider "oracle" \(known: prometheus, job, /);
  await world.loop.stop();
});

test('an expired run is deleted, others stay', async () => {
  const world = await start({ old: { metrics: [web('m')], ttlStrategy: { secondsAfterCompletion: 300 } }, r: { metrics: [web('m')] } }, () => '1');
  await world.clock.runUntil(START + 290_000);
  assert.equal(world.cluster.all(ANALYSIS_RUN).length, 2);
  await world.clock.runUntil(START + 310_000);
  assert.deepEqual(world.cluster.all(ANALYSIS_RUN).map((object) => object.metadata.name), ['r']);
  await world.loop.stop();
});

test('a restarted controller goes on where the last one wrote', async () => {
  const spec: AnalysisRunSpec = { metrics: [web('m', { count: 4, interval: '10s' })] };
  const first = await start({ r: spec }, () => '1');
  await first.clock.runUntil(START + 15_000);
  const left = first.cluster.all(ANALYSIS_RUN)[0];
  await first.loop.stop();
  assert.ok(left !== undefined);
  const second = await start({}, () => '1', (cluster) => { cluster.put(ANALYSIS_RUN, left); });
  await second.clock.runUntil(START + 60_000);
  assert.deepEqual([second.run().status?.phase, second.run().status?.metricResults?.[0]?.count, first.asked.length + second.asked.length], ['Successful', 4, 4]);
  await second.loop.stop();
});
