// The job provider on a cluster of a few lines: names, whose a job is, jobs elsewhere, and a server that does not answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Change } from '../../src/kinds/change.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { JOB } from '../../src/kinds/resource-type.js';
import { err, ok } from '../../src/lib/result.js';
import { job, runOfJob } from '../../src/providers/job.js';
import type { ProviderIo } from '../../src/providers/provider.js';
import { ioWith, NOW } from '../conformance/provider.js';

type Failure = { readonly code: number; readonly message: string };

const UID = '3f0e9c0a-4d5c-4b83-9d5e-0b1f5f8c2a11';
const SPEC = { spec: { template: { spec: { containers: [] } } } };
const OTHER = { environment: { ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE: 'jobs' } };
const signal = new AbortController().signal;

/** `seen` is what a read finds; `refused` what writes are answered with. */
function world(seen?: KubeObject | Failure, refused?: Failure, fields: Partial<ProviderIo> = {}): { readonly io: ProviderIo; readonly changes: Change[] } {
  const changes: Change[] = [];
  const gone = { code: 404, message: 'jobs.batch "x" not found' };
  const cluster: ProviderIo['cluster'] = {
    read: () => Promise.resolve(seen === undefined ? err(gone) : 'code' in seen ? err(seen as Failure) : ok(seen)),
    apply: (change) => {
      changes.push(change);
      return Promise.resolve(refused === undefined ? ok(change.type === 'create' ? change.object : { apiVersion: '', kind: '', metadata: { name: '' } }) : err(refused));
    },
    list: () => [],
  };
  const occasion = { run: { namespace: 'shop', name: 'run', uid: UID, startedAt: NOW }, metric: 'smoke', attempt: 3 };
  return { io: ioWith(() => Promise.reject(new Error('no HTTP')), { cluster, occasion, ...fields }), changes };
}

const aJob = (conditions: readonly [type: string, status: string][] = [], metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'batch/v1', kind: 'Job',
  metadata: { name: 'j', namespace: 'shop', uid: 'u-j', ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', name: 'run', uid: UID, controller: true }], ...metadata },
  status: { conditions: conditions.map(([type, status]) => ({ type, status })) },
});
const BEGUN = { metadata: { 'job-name': 'j', 'job-namespace': 'shop' } };
const AGAIN = NOW + 15_000;

test('the name is that of run, metric and attempt, and no longer than a label', async () => {
  for (const [metric, name] of [['smoke', `${UID}.smoke.3`], ['a-very-long-name-of-a-metric', `${UID}.a-very-long-name-of-a-me.3`], ['this-name-is-cut-at-a---x', `${UID}.this-name-is-cut-at-a.3`]] as const) {
    const { io, changes } = world();
    const answer = await job.measure(SPEC, { ...io, occasion: { ...io.occasion, metric } }, signal);
    assert.deepEqual(answer, ok({ result: undefined, text: '', phase: 'Running', metadata: { 'job-name': name, 'job-namespace': 'shop' } }));
    assert.ok(name.length <= 63 && changes[0]?.ref.name === name);
  }
});

test('in a namespace of its own a job has no owner, is known by its label, and is looked at by time too', async () => {
  const { io, changes } = world(undefined, undefined, OTHER);
  const answer = await job.measure(SPEC, io, signal);
  const [change] = changes;
  assert.ok(change?.type === 'create' && answer.ok);
  assert.deepEqual([change.ref.namespace, change.object.metadata.ownerReferences, answer.value.resumeAt], ['jobs', undefined, AGAIN]);
  assert.deepEqual(runOfJob(change.object).map(({ type, namespace, name }) => [type.kind, namespace, name]), [['AnalysisRun', 'shop', 'run']]);
  const there = { metadata: { 'job-name': 'j', 'job-namespace': 'jobs' } };
  const labelled = aJob([['Complete', 'True']], { namespace: 'jobs', ownerReferences: [], labels: { 'analysisrun.argoproj.io/uid': UID } });
  assert.deepEqual(await job.resume?.(SPEC, there, world(labelled).io, signal), ok({ result: undefined, text: '', phase: 'Successful' }));
  assert.deepEqual(runOfJob(aJob()), []);
});

test('in another cluster it is refused, and nothing is made here', async () => {
  const { io, changes } = world(undefined, undefined, { environment: { ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG: '/etc/other' } });
  assert.deepEqual(await job.measure(SPEC, io, signal), err('ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG: jobs in another cluster are not supported yet by this version'));
  assert.deepEqual(changes, []);
  assert.ok((await job.measure(SPEC, world(undefined, undefined, { environment: { ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG: 'in-cluster' } }).io, signal)).ok);
});

test('a job that is there is taken up when the run owns it', async () => {
  const exists = { code: 409, message: 'jobs.batch "j" already exists' };
  assert.ok((await job.measure(SPEC, world(aJob(), exists).io, signal)).ok);
  assert.deepEqual(await job.measure(SPEC, world(aJob([], { ownerReferences: [] }), exists).io, signal), err(exists.message));
  assert.deepEqual(await job.measure(SPEC, world(undefined, { code: 403, message: 'forbidden' }).io, signal), err('forbidden'));
});

const VERDICTS: readonly (readonly [name: string, seen: KubeObject | Failure | undefined, outcome: unknown])[] = [
  ['runs', aJob([['Suspended', 'False']]), ['Running', undefined]],
  ['is about to be complete', aJob([['SuccessCriteriaMet', 'True']]), ['Running', undefined]],
  ['is complete', aJob([['SuccessCriteriaMet', 'True'], ['Complete', 'True']]), ['Successful', undefined]],
  ['has failed', aJob([['FailureTarget', 'True'], ['Failed', 'True']]), ['Failed', undefined]],
  ['has taken it back', aJob([['Complete', 'False']]), ['Running', undefined]],
  ['has a status that is none', { ...aJob(), status: { conditions: 'x' } }, ['Running', undefined]],
  ['is gone', undefined, 'jobs.batch "x" not found'],
  ['belongs to another', aJob([['Complete', 'True']], { ownerReferences: [] }), 'job j belongs to something else'],
  ['can not be asked for', { code: 503, message: 'not now' }, ['Running', AGAIN]],
];

for (const [name, seen, outcome] of VERDICTS) {
  test(`a job that ${name}`, async () => {
    const answer = await job.resume?.(SPEC, BEGUN, world(seen).io, signal);
    assert.deepEqual(answer?.ok === true ? [answer.value.phase, answer.value.resumeAt] : answer?.error, outcome);
  });
}

test('it ends with the run, pods first; what is not the run\'s is left alone', async () => {
  const own = world(aJob());
  assert.deepEqual(await job.terminate?.(SPEC, BEGUN, own.io, signal), ok({ result: undefined, text: '', phase: 'Successful' }));
  assert.deepEqual(own.changes.map((change) => (change.type === 'delete' ? [change.ref.name, change.uid, change.propagation] : change.type)), [['j', 'u-j', 'Foreground']]);
  const strange = world(aJob([], { ownerReferences: [] }));
  assert.ok((await job.terminate?.(SPEC, BEGUN, strange.io, signal))?.ok);
  assert.deepEqual(strange.changes, []);
  assert.deepEqual(await job.terminate?.(SPEC, BEGUN, world(aJob(), { code: 500, message: 'broken' }).io, signal), err('broken'));
  for (const call of [job.resume, job.terminate]) assert.deepEqual(await call?.(SPEC, { metadata: {} }, world().io, signal), err('job metadata reference missing'));
});

test('the newest measurement may be under way: its job is never cleared away', async () => {
  const { io, changes } = world();
  const jobs = [1, 10, 2, 3].map((attempt) => aJob([], { name: `${UID}.smoke.${attempt}`, labels: { 'analysisrun.argoproj.io/uid': UID }, annotations: { 'analysisrun.argoproj.io/metric-name': 'smoke' } }));
  const list: ProviderIo['cluster']['list'] = (type) => (type === JOB ? jobs : []);
  for (const keep of [2, 0]) await job.collect?.(keep, { ...io, cluster: { ...io.cluster, list } });
  assert.deepEqual(changes.map(({ ref }) => ref.name.split('.').at(-1)), ['1', '2', '1', '2', '3']);
});
