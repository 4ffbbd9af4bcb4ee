// Jobs whose pods end as their command says, budgets that count, addresses and slices: the sandbox on the real store.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEPLOYMENT, ENDPOINT_SLICE, INGRESS, INGRESS_CLASS, JOB, POD, POD_DISRUPTION_BUDGET, REPLICA_SET, SERVICE } from '../../src/kinds/resource-type.js';
import { recordAt } from '../../src/sandbox/world.js';
import { aWorld, replicaSet, template } from './world.js';
import type { TestWorld } from './world.js';

const job = (name: string, script: string, more: Record<string, unknown> = {}, restartPolicy = 'Never'): Record<string, unknown> => ({
  metadata: { name }, spec: { template: { spec: { restartPolicy, containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', script] }] } }, ...more },
});

const conditions = async (world: TestWorld, name: string): Promise<unknown> =>
  ((recordAt(await world.get(JOB, name), 'status')['conditions'] ?? []) as { type: string; reason: string }[]).map(({ type, reason }) => `${type} ${reason}`);

test('a job is complete when its command ends with 0, and not before', async () => {
  const world = await aWorld();
  await world.create(JOB, job('ok', 'sleep 3 && exit 0'));
  await world.run(3500);
  assert.deepEqual(await conditions(world, 'ok'), []);
  assert.equal(recordAt(await world.get(JOB, 'ok'), 'status')['active'], 1);
  await world.run(1500);
  assert.deepEqual(await conditions(world, 'ok'), ['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
  const [pod] = await world.pods();
  assert.deepEqual([pod?.status?.phase, pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode], ['Succeeded', 0]);
  await world.sandbox.stop();
});

test('a job that fails too often has failed', async () => {
  const world = await aWorld();
  await world.create(JOB, job('bad', 'sleep 1 && exit 3', { backoffLimit: 1 }));
  await world.run(9000);
  assert.deepEqual((await world.pods()).length, 1, 'the next try waits ten seconds');
  assert.deepEqual(await conditions(world, 'bad'), []);
  await world.run(10_000);
  assert.deepEqual(await conditions(world, 'bad'), ['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
  assert.deepEqual((await world.pods()).map((pod) => [pod.status?.phase, pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode]), [['Failed', 3], ['Failed', 3]]);
  await world.sandbox.stop();
});

test('several completions, a deadline, and an end of its own', async () => {
  const world = await aWorld();
  await world.create(JOB, job('many', 'true', { completions: 3, parallelism: 2 }));
  await world.create(JOB, job('late', 'sleep 60', { activeDeadlineSeconds: 2 }));
  await world.create(JOB, job('gone', 'exit 0', { ttlSecondsAfterFinished: 2 }));
  await world.run(12_000);
  assert.equal(recordAt(await world.get(JOB, 'many'), 'status')['succeeded'], 3);
  assert.deepEqual(await conditions(world, 'late'), ['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
  assert.equal(await world.get(JOB, 'gone'), undefined);
  await world.sandbox.stop();
});

const status = async (world: TestWorld, name: string): Promise<Readonly<Record<string, unknown>>> => recordAt(await world.get(JOB, name), 'status');

test('each pod is counted once, and let go: nobody who deletes it takes it back', async () => {
  const world = await aWorld();
  await world.create(JOB, job('two', 'sleep 1', { completions: 2 }));
  await world.run(500);
  assert.deepEqual((await world.pods()).map((pod) => pod.metadata.finalizers), [['batch.kubernetes.io/job-tracking']]);
  await world.run(2000);
  const [first] = (await world.pods()).filter((pod) => pod.status?.phase === 'Succeeded');
  assert.deepEqual(first?.metadata.finalizers ?? [], []);
  await world.cluster.delete({ type: POD, namespace: 'default', name: first?.metadata.name ?? '' });
  await world.run(5000);
  const { succeeded, uncountedTerminatedPods, active, terminating } = await status(world, 'two');
  assert.deepEqual({ succeeded, uncountedTerminatedPods, active, terminating }, { succeeded: 2, uncountedTerminatedPods: {}, active: undefined, terminating: 0 });
  await world.sandbox.stop();
});

test('a running pod that somebody deletes has failed, and one of a suspended job has not', async () => {
  const world = await aWorld();
  await world.create(JOB, job('lost', 'sleep 60', { backoffLimit: 0 }));
  await world.create(JOB, job('held', 'sleep 60', { backoffLimit: 0 }));
  await world.run(3000);
  const mine = (await world.pods()).find((pod) => pod.metadata.name.startsWith('lost-'));
  await world.cluster.delete({ type: POD, namespace: 'default', name: mine?.metadata.name ?? '' });
  await world.merge(JOB, 'held', { spec: { suspend: true } });
  await world.run(3000);
  assert.deepEqual(await conditions(world, 'lost'), ['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
  assert.deepEqual([(await status(world, 'lost'))['failed'], (await status(world, 'held'))['failed']], [1, undefined]);
  assert.deepEqual([await conditions(world, 'held'), (await status(world, 'held'))['startTime'], await world.pods()], [['Suspended JobSuspended'], undefined, []]);
  await world.merge(JOB, 'held', { spec: { suspend: false } });
  await world.run(3000);
  assert.deepEqual([await conditions(world, 'held'), (await status(world, 'held'))['active']], [['Suspended JobResumed'], 1]);
  await world.sandbox.stop();
});

test('a job that is over says so only when its last pod has gone', async () => {
  const world = await aWorld();
  const stubborn = job('late', 'sleep 60', { activeDeadlineSeconds: 3 });
  const template = (stubborn['spec'] as { template: { metadata?: unknown } }).template;
  template.metadata = { annotations: { 'kwok-delete-delay': '5s' } };
  await world.create(JOB, stubborn);
  await world.run(6000);
  assert.deepEqual([await conditions(world, 'late'), (await status(world, 'late'))['terminating']], [['FailureTarget DeadlineExceeded'], 1]);
  await world.run(4000);
  assert.deepEqual([await conditions(world, 'late'), (await status(world, 'late'))['failed']], [['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded'], 1]);
  await world.sandbox.stop();
});

test('restarts in a pod are tries too, and fewer pods at a time is a wish that is followed', async () => {
  const world = await aWorld();
  await world.create(JOB, job('again', 'sleep 1 && exit 1', { backoffLimit: 2 }, 'OnFailure'));
  await world.create(JOB, job('wide', 'sleep 60', { completions: 6, parallelism: 4 }));
  await world.run(4000);
  assert.deepEqual(await conditions(world, 'again'), []);
  assert.equal((await status(world, 'wide'))['active'], 4);
  await world.merge(JOB, 'wide', { spec: { parallelism: 1 } });
  await world.run(12_000);
  assert.deepEqual(await conditions(world, 'again'), ['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
  assert.deepEqual([(await status(world, 'wide'))['active'], (await status(world, 'wide'))['failed']], [1, undefined]);
  await world.sandbox.stop();
});

test('a job that is deleted leaves nothing behind', async () => {
  const world = await aWorld();
  await world.create(JOB, job('gone', 'sleep 60', { parallelism: 2, completions: 2 }));
  await world.run(2000);
  assert.equal((await world.pods()).length, 2);
  await world.cluster.delete({ type: JOB, namespace: 'default', name: 'gone' }, { propagation: 'Background' });
  await world.run(2000);
  assert.deepEqual(await world.pods(), []);
  await world.sandbox.stop();
});

const BUDGETS: readonly { readonly spec: Record<string, unknown>; readonly counts: readonly [expected: number, healthy: number, desired: number, allowed: number] }[] = [
  { spec: { minAvailable: '50%' }, counts: [3, 3, 2, 1] },
  { spec: { minAvailable: 3 }, counts: [3, 3, 3, 0] },
  { spec: { maxUnavailable: 1 }, counts: [3, 3, 2, 1] },
  { spec: { maxUnavailable: '70%' }, counts: [3, 3, 0, 3] },
  { spec: {}, counts: [0, 3, 0, 0] },
];

for (const { spec, counts } of BUDGETS) {
  test(`a budget allows what is left above it: ${JSON.stringify(spec)}`, async () => {
    const world = await aWorld();
    await world.create(REPLICA_SET, replicaSet('web', 3, template('web', 'web:v1')));
    await world.create(POD_DISRUPTION_BUDGET, { metadata: { name: 'b' }, spec: { ...spec, selector: { matchLabels: { app: 'web' } } } });
    await world.run(3000);
    const { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed } = recordAt(await world.get(POD_DISRUPTION_BUDGET, 'b'), 'status');
    assert.deepEqual([expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed], counts);
    await world.sandbox.stop();
  });
}

test('what a Deployment wants is counted once, however many sets have its pods', async () => {
  const world = await aWorld();
  const deployment = (image: string): Record<string, unknown> => ({ replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template('web', image), strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 0 } } });
  await world.create(DEPLOYMENT, { metadata: { name: 'web' }, spec: deployment('web:v1') });
  await world.create(POD_DISRUPTION_BUDGET, { metadata: { name: 'b' }, spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } } });
  await world.run(3000);
  await world.merge(DEPLOYMENT, 'web', { spec: deployment('web:bad') });
  await world.run(3000);
  const { expectedPods, currentHealthy, desiredHealthy } = recordAt(await world.get(POD_DISRUPTION_BUDGET, 'b'), 'status');
  assert.deepEqual([(await world.pods()).length, expectedPods, currentHealthy, desiredHealthy], [6, 3, 3, 2]);
  await world.sandbox.stop();
});

test('services and ingresses get addresses, services a slice', async () => {
  const world = await aWorld();
  await world.create(REPLICA_SET, replicaSet('web', 2, template('web', 'web:v1')));
  await world.create(SERVICE, { metadata: { name: 'web' }, spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] } });
  await world.create(INGRESS_CLASS, { metadata: { name: 'plain' }, spec: { controller: 'sandbox.sluice.dev/balancer' } });
  await world.create(INGRESS, { metadata: { name: 'web' }, spec: { ingressClassName: 'plain', defaultBackend: { service: { name: 'web', port: { number: 80 } } } } });
  await world.run(3000);
  for (const type of [SERVICE, INGRESS]) assert.match(JSON.stringify(recordAt(await world.get(type, 'web'), 'status')), /"ip":"172\.18\.255\.\d+"/);
  const [slice] = await world.list(ENDPOINT_SLICE);
  assert.equal(slice?.metadata.labels?.['kubernetes.io/service-name'], 'web');
  assert.deepEqual((slice?.['endpoints'] as { conditions: { ready: boolean } }[] | undefined)?.map((endpoint) => endpoint.conditions.ready), [true, true]);
  await world.sandbox.stop();
});
