// Releases that Jobs measure, on the whole embedded world: jobs run, end, are cleared away, and survive the engine that made them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../src/apiserver/in-process.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, EVENT, JOB, POD } from '../../src/kinds/resource-type.js';
import { createRng } from '../../src/lib/rng.js';
import { list, plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';
import { byHosts, object, setImage, template } from './manifests.js';
import { openStage, specOf, statusOf, type Stage } from './stage.js';

const shell = (script: string, more: Fields = {}): Fields => ({
  job: {
    metadata: { labels: { team: 'cart' }, annotations: { note: 'by hand' } },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'test', image: 'busybox', command: ['sh', '-c', script] }] } }, ...more },
  },
});
const measuredBy = (script: string, metric: Fields = {}): KubeObject => template('smoke', { name: 'smoke', interval: undefined, count: undefined, successCondition: undefined, ...metric }, shell(script));
const STEP: Fields = { steps: [{ setWeight: 20 }, { analysis: { templates: [{ templateName: 'smoke' }] } }, { setWeight: 60 }] };

async function released(...templates: readonly KubeObject[]): Promise<Stage> {
  const stage = await openStage();
  await stage.create(...templates, ...byHosts(STEP));
  await stage.untilPhase('Healthy');
  await stage.person(setImage('v2'));
  return stage;
}

const theRun = async (stage: Stage): Promise<KubeObject> => {
  const [run] = await stage.list(ANALYSIS_RUN);
  assert.ok(run !== undefined);
  return run;
};
const measurements = async (stage: Stage): Promise<readonly Fields[]> => list(record(list(statusOf(await theRun(stage))['metricResults'])[0])['measurements']).map(record);
const theJob = async (stage: Stage): Promise<KubeObject | undefined> => (await stage.list(JOB))[0];
const untilJob = (stage: Stage): Promise<void> => stage.until('a job', async () => (await theJob(stage)) !== undefined);

test('a job that completes passes; nobody asks how it stands while it runs', async () => {
  const stage = await released(measuredBy('sleep 30 && exit 0'));
  await stage.until('a measurement that runs', async () => (await stage.list(ANALYSIS_RUN)).length > 0 && (await measurements(stage)).length > 0);
  const run = await theRun(stage);
  const job = await theJob(stage);
  const name = `${run.metadata.uid ?? ''}.smoke.1`;
  assert.deepEqual(job?.metadata.name, name);
  assert.deepEqual(job?.metadata.labels, { 'team': 'cart', 'analysisrun.argoproj.io/uid': run.metadata.uid });
  assert.deepEqual(job?.metadata.annotations, {
    'note': 'by hand', 'analysisrun.argoproj.io/name': run.metadata.name, 'analysisrun.argoproj.io/namespace': 'shop', 'analysisrun.argoproj.io/metric-name': 'smoke',
  });
  assert.deepEqual(job?.metadata.ownerReferences, [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', name: run.metadata.name, uid: run.metadata.uid, controller: true, blockOwnerDeletion: true }]);
  const [first] = await measurements(stage);
  const { startedAt, ...begun } = first ?? {};
  assert.deepEqual(begun, { phase: 'Running', metadata: { 'job-name': name, 'job-namespace': 'shop' } });
  assert.ok(plain(startedAt) !== '');
  await stage.run(3);
  let asked = 0;
  stage.faults = ({ verb, type }) => {
    if (verb === 'get' && type.kind === 'Job') asked += 1;
    return undefined;
  };
  await stage.run(20);
  assert.deepEqual([asked, statusOf(await theRun(stage))['phase']], [0, 'Running']);
  await stage.untilPhase('Healthy');
  const [last] = await measurements(stage);
  assert.deepEqual([last?.['phase'], last?.['value'], last?.['startedAt']], ['Successful', undefined, startedAt]);
  assert.ok(asked <= 3, `looked ${asked} times`);
  assert.deepEqual(stage.weights, [0, 20, 60, 100, 0]);
  await stage.stop();
});

test('a job that fails fails the analysis, and the release is aborted', async () => {
  const stage = await released(measuredBy('sleep 2 && exit 3'));
  await stage.untilPhase('Degraded');
  assert.equal(statusOf(await theRun(stage))['message'], 'Metric "smoke" assessed Failed due to failed (1) > failureLimit (0)');
  assert.equal(stage.weights.at(-1), 0);
  const reasons = (await stage.list(EVENT)).map((event) => `${plain(record(event['involvedObject'])['kind'])} ${plain(event['reason'])}`);
  assert.ok(reasons.includes('Job BackoffLimitExceeded') && reasons.includes('AnalysisRun AnalysisRunFailed'), reasons.join(', '));
  await stage.stop();
});

test('an engine that dies before it has written of its job takes it up again', async () => {
  const stage = await openStage();
  await stage.create(measuredBy('sleep 30 && exit 0'), ...byHosts(STEP));
  await stage.untilPhase('Healthy');
  // From the moment at which the job is there, nothing more reaches the server.
  stage.faults = ({ verb, type }) => (verb === 'patch' && type.kind === 'AnalysisRun' ? 'drop' : undefined);
  await stage.person(setImage('v2'));
  await untilJob(stage);
  stage.killEngine();
  stage.faults = () => undefined;
  const uid = (await theJob(stage))?.metadata.uid;
  stage.startEngine();
  await stage.untilPhase('Healthy');
  assert.deepEqual((await stage.list(JOB)).map((job) => job.metadata.uid), [uid]);
  assert.equal((await measurements(stage)).length, 1);
  await stage.stop();
});

test('an answer that is lost on its way makes no second job', async () => {
  const stage = await openStage();
  await stage.create(measuredBy('sleep 2'), ...byHosts(STEP));
  await stage.untilPhase('Healthy');
  let lost = 0;
  stage.faults = ({ verb, type }) => {
    if (verb !== 'create' || type.kind !== 'Job' || lost > 0) return undefined;
    lost += 1;
    return 'drop-answer';
  };
  await stage.person(setImage('v2'));
  await stage.untilPhase('Healthy');
  assert.deepEqual([lost, (await stage.list(JOB)).length, (await measurements(stage)).map((each) => each['phase'])], [1, 1, ['Successful']]);
  await stage.stop();
});

test('an abort ends the job with its pods', async () => {
  const stage = await released(measuredBy('sleep 600'));
  await stage.until('a pod of the job', async () => (await stage.list(POD)).some((pod) => pod.metadata.labels?.['job-name'] !== undefined && statusOf(pod)['phase'] === 'Running'));
  await stage.person('abort cart');
  await stage.until('no job', async () => (await stage.list(JOB)).length === 0);
  assert.ok(!(await stage.list(POD)).some((pod) => pod.metadata.labels?.['job-name'] !== undefined), 'its pods go before it does');
  const [last] = await measurements(stage);
  assert.deepEqual([last?.['phase'], last?.['message'], plain(last?.['finishedAt']) !== ''], ['Successful', 'Metric Terminated', true]);
  assert.deepEqual([statusOf(await theRun(stage))['phase'], statusOf(await theRun(stage))['message']], ['Successful', 'Run Terminated']);
  await stage.stop();
});

test('a job that somebody deletes is an error, and the next one is tried', async () => {
  const stage = await released(measuredBy('sleep 20'));
  await untilJob(stage);
  await stage.run(2);
  const first = (await theJob(stage))?.metadata.name ?? '';
  await stage.cluster.delete({ type: JOB, namespace: 'shop', name: first }, { propagation: 'Background' });
  await stage.until('an error', async () => (await measurements(stage))[0]?.['phase'] === 'Error');
  assert.match(plain((await measurements(stage))[0]?.['message']), /jobs\.batch ".*\.smoke\.1" not found/);
  await stage.untilPhase('Healthy');
  assert.deepEqual((await stage.list(JOB)).map((job) => job.metadata.name.split('.').slice(1).join('.')), ['smoke.2']);
  await stage.stop();
});

test('jobs beyond the limit go, oldest first, and only those of their metric', async () => {
  const smoke = measuredBy('true', { count: 5, interval: '3s' });
  const more = { ...specOf(smoke), measurementRetention: [{ metricName: 'smoke', limit: 2 }], metrics: [...list(specOf(smoke)['metrics']), { name: 'long', provider: shell('sleep 25') }] };
  const stage = await released(object('argoproj.io/v1alpha1', 'AnalysisTemplate', 'smoke', { spec: more }));
  await stage.untilPhase('Healthy', 200);
  assert.deepEqual((await stage.list(JOB)).map((job) => job.metadata.name.split('.').slice(1).join('.')).toSorted(), ['long.1', 'smoke.4', 'smoke.5']);
  await stage.stop();
});

test('a job that the server refuses is an error with its words', async () => {
  const stage = await released(measuredBy('true', { name: 'Not_A_Name', consecutiveErrorLimit: 0 }));
  await stage.untilPhase('Degraded');
  assert.match(plain(statusOf(await theRun(stage))['message']), /^Metric "Not_A_Name" assessed Error due to consecutiveErrors \(1\) > consecutiveErrorLimit \(0\): "Error Message: Job.batch ".*\.Not_A_Name\.1" is invalid: metadata\.name/);
  assert.equal(stage.weights.at(-1), 0);
  await stage.stop();
});

test('jobs that nobody may watch are looked at', async () => {
  const stage = await openStage();
  await stage.create(measuredBy('sleep 5'), ...byHosts(STEP));
  await stage.untilPhase('Healthy');
  const forbidden = { code: 403, reason: 'Forbidden', message: 'jobs.batch is forbidden' };
  stage.faults = ({ verb, type }) => (type.kind === 'Job' && (verb === 'list' || verb === 'watch') ? forbidden : undefined);
  await stage.person(setImage('v2'));
  await stage.untilPhase('Healthy', 60);
  await stage.stop();
});

test('a job that can not be ended with its run is ended after it', async () => {
  const stage = await released(measuredBy('sleep 600'));
  await untilJob(stage);
  await stage.run(3);
  const refused = { code: 503, reason: 'ServiceUnavailable', message: 'not now' };
  stage.faults = ({ verb, type }) => (type.kind === 'Job' && (verb === 'delete' || verb === 'get') ? refused : undefined);
  await stage.person('abort cart');
  await stage.until('the end of the run', async () => statusOf(await theRun(stage))['phase'] === 'Successful');
  await stage.run(5);
  assert.equal((await stage.list(JOB)).length, 1);
  stage.faults = () => undefined;
  await stage.until('no job', async () => (await stage.list(JOB)).length === 0);
  await stage.stop();
});

const running = async (stage: Stage): Promise<readonly string[]> => (await stage.list(JOB)).filter((job) => !list(statusOf(job)['conditions']).map(record).some(({ type }) => type === 'Complete' || type === 'Failed')).map((job) => job.metadata.name);

const TROUBLES: readonly Fault[] = ['drop', 'drop-answer', { code: 503, reason: 'ServiceUnavailable', message: 'not now' }];

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  // In every second life no job ends by itself before its run does.
  const script = seed % 2 === 0 ? 'sleep 4' : 'sleep 3600';
  test(`requests fail, answers get lost and engines die: each measurement has one job, and none outlives its run (seed ${seed})`, async () => {
    const rng = createRng(seed);
    const stage = await openStage();
    await stage.create(measuredBy(script, { count: 4, interval: '6s', consecutiveErrorLimit: 50 }), ...byHosts(STEP));
    await stage.untilPhase('Healthy');
    stage.faults = ({ verb }) => (verb === 'watch' || verb === 'watch-event' || verb === 'list' || rng.next() > 0.12 ? undefined : TROUBLES[rng.int(TROUBLES.length)]);
    await stage.person(setImage('v2'));
    for (let turn = 0; turn < 4; turn += 1) {
      await stage.run(2 + rng.next() * 10);
      stage.killEngine();
      await stage.run(rng.next() * 3);
      stage.startEngine();
    }
    if (seed % 2 === 1) await stage.person('abort cart');
    await stage.run(4);
    stage.faults = () => undefined;
    await stage.untilPhase(seed % 2 === 0 ? 'Healthy' : 'Degraded', 300);
    const names = (await measurements(stage)).flatMap((each) => plain(record(each['metadata'])['job-name']) || []);
    assert.equal(new Set(names).size, names.length);
    const [result] = list(statusOf(await theRun(stage))['metricResults']).map(record);
    if (seed % 2 === 0) assert.deepEqual([result?.['phase'], result?.['count']], ['Successful', 4]);
    await stage.until('the end of all jobs', async () => (await running(stage)).length === 0);
    // One that was begun and whose answer nobody heard may stay beside those that count, never more of one attempt.
    assert.ok((await stage.list(JOB)).length <= Number(result?.['count'] ?? 0) + Number(result?.['error'] ?? 0));
    await stage.stop();
  });
}
