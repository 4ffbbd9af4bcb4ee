// The sandbox on the real store: ReplicaSets and Deployments get pods, pods become ready, fail and vanish, as on a cluster.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPodReady } from '../../src/kinds/pod.js';
import { deploymentOf, replicaSetOf } from '../../src/kinds/replica-set.js';
import { DEPLOYMENT, ENDPOINTS, EVENT, HORIZONTAL_POD_AUTOSCALER, POD, REPLICA_SET, RESOURCE_QUOTA, SERVICE } from '../../src/kinds/resource-type.js';
import { recordAt } from '../../src/sandbox/world.js';
import { aWorld, replicaSet, template } from './world.js';
import type { TestWorld } from './world.js';

const statusOf = async (world: TestWorld, name: string): Promise<unknown> => {
  const { replicas, readyReplicas = 0, availableReplicas = 0 } = replicaSetOf((await world.get(REPLICA_SET, name)) ?? { apiVersion: '', kind: '', metadata: { name } }).status ?? { replicas: 0 };
  return [replicas, readyReplicas, availableReplicas];
};

test('a ReplicaSet gets its pods, and they are ready one second after they were bound', async () => {
  const world = await aWorld();
  await world.create(REPLICA_SET, replicaSet('web', 3, template('web', 'web:v1')));
  await world.run(900);
  const young = await world.pods();
  assert.deepEqual(young.map((pod) => [pod.status?.phase, isPodReady(pod), pod.spec.nodeName === undefined]), [['Pending', false, false], ['Pending', false, false], ['Pending', false, false]]);
  assert.equal(new Set(young.map((pod) => pod.spec.nodeName)).size, 3);
  assert.match(young[0]?.metadata.name ?? '', /^web-[a-z0-9]{5}$/);
  await world.run(300);
  assert.deepEqual((await world.pods()).map((pod) => [pod.status?.phase, isPodReady(pod)]), [['Running', true], ['Running', true], ['Running', true]]);
  assert.deepEqual(await statusOf(world, 'web'), [3, 3, 3]);
  await world.sandbox.stop();
});

test('in turn: one pod of a namespace is ready a moment before the others, which come together', async () => {
  const world = await aWorld({ pace: { inTurn: true } });
  await world.create(REPLICA_SET, replicaSet('web', 4, template('web', 'web:v1')));
  const seen: unknown[] = [];
  for (let step = 0; step < 1500; step += 5) {
    await world.run(5);
    const [, ready] = (await statusOf(world, 'web')) as readonly number[];
    if (seen.at(-1) !== ready) seen.push(ready);
  }
  assert.deepEqual(seen, [0, 1, 4]);
  await world.sandbox.stop();
});

test('pods are made anew when they are deleted, and deleted ones vanish after 0.3 s', async () => {
  const world = await aWorld();
  await world.create(REPLICA_SET, replicaSet('web', 2, template('web', 'web:v1')));
  await world.run(2000);
  const [first] = await world.pods();
  await world.cluster.delete({ type: POD, namespace: 'default', name: first?.metadata.name ?? '' });
  await world.run(200);
  assert.deepEqual((await world.pods()).filter((pod) => pod.metadata.deletionTimestamp !== undefined).map((pod) => pod.metadata.name), [first?.metadata.name]);
  await world.run(2000);
  assert.deepEqual((await world.pods()).map((pod) => [isPodReady(pod), pod.metadata.name === first?.metadata.name]), [[true, false], [true, false]]);
  await world.sandbox.stop();
});

test('the youngest and the unready pods go first when a ReplicaSet shrinks', async () => {
  const world = await aWorld();
  await world.create(REPLICA_SET, replicaSet('web', 1, template('web', 'web:v1')));
  await world.run(3000);
  const [oldest] = await world.pods();
  await world.merge(REPLICA_SET, 'web', { spec: { replicas: 3 } });
  await world.run(3000);
  await world.merge(REPLICA_SET, 'web', { spec: { replicas: 1 } });
  await world.run(1000);
  assert.deepEqual((await world.pods()).map((pod) => pod.metadata.name), [oldest?.metadata.name]);
  await world.merge(REPLICA_SET, 'web', { spec: { replicas: 0 } });
  await world.run(1000);
  assert.deepEqual(await statusOf(world, 'web'), [0, 0, 0]);
  await world.sandbox.stop();
});

test('minReadySeconds holds back availability, not readiness', async () => {
  const world = await aWorld();
  await world.create(REPLICA_SET, replicaSet('web', 2, template('web', 'web:v1'), { minReadySeconds: 5 }));
  await world.run(2000);
  assert.deepEqual(await statusOf(world, 'web'), [2, 2, 0]);
  await world.run(5000);
  assert.deepEqual(await statusOf(world, 'web'), [2, 2, 2]);
  await world.sandbox.stop();
});

test('orphans are adopted, and pods whose labels no longer fit are released', async () => {
  const world = await aWorld();
  await world.create(POD, { metadata: { name: 'stray', labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:v1' }] } });
  await world.create(REPLICA_SET, replicaSet('web', 2, template('web', 'web:v1')));
  await world.run(2000);
  assert.deepEqual((await world.pods()).map((pod) => pod.metadata.ownerReferences?.map(({ name }) => name)), [['web'], ['web']]);
  await world.merge(POD, 'stray', { metadata: { labels: { app: 'other' } } });
  await world.run(2000);
  const pods = await world.pods();
  assert.equal(pods.length, 3);
  assert.deepEqual(pods.find((pod) => pod.metadata.name === 'stray')?.metadata.ownerReferences ?? [], []);
  await world.sandbox.stop();
});

const failures: readonly { readonly name: string; readonly pod: Record<string, unknown>; readonly waiting: RegExp }[] = [
  { name: 'an image tagged bad is never pulled', pod: template('web', 'web:bad'), waiting: /^(ErrImagePull|ImagePullBackOff)$/ },
  { name: 'an image that does not exist is never pulled', pod: template('web', 'acme/does-not-exist'), waiting: /^(ErrImagePull|ImagePullBackOff)$/ },
  { name: 'an annotation keeps an image from being pulled', pod: template('web', 'web:v1', { annotations: { 'sandbox.sluice.dev/pull': 'never' } }), waiting: /^(ErrImagePull|ImagePullBackOff)$/ },
  { name: 'a bad command crash loops', pod: template('web', 'web:v1', { container: { command: ['/bad-command', 'x'] } }), waiting: /^CrashLoopBackOff$/ },
  { name: 'an annotation makes containers crash loop', pod: template('web', 'web:v1', { annotations: { 'sandbox.sluice.dev/crash': 'loop' } }), waiting: /^CrashLoopBackOff$/ },
];

for (const { name, pod, waiting } of failures) {
  test(name, async () => {
    const world = await aWorld();
    await world.create(REPLICA_SET, replicaSet('web', 1, pod));
    await world.run(8000);
    const [seen] = await world.pods();
    assert.match(seen?.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? '', waiting);
    assert.equal(seen === undefined || isPodReady(seen), false);
    await world.run(60_000);
    const [later] = await world.pods();
    assert.equal(later === undefined || isPodReady(later), false);
    if (waiting.test('CrashLoopBackOff')) assert.ok((later?.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2);
    await world.sandbox.stop();
  });
}

test('readiness: probes and annotations delay it, gates hold it until somebody opens them', async () => {
  const world = await aWorld();
  await world.create(POD, { metadata: { name: 'probed' }, spec: { containers: [{ name: 'a', image: 'a:1', readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 4 } }] } });
  await world.create(POD, { metadata: { name: 'slow', annotations: { 'sandbox.sluice.dev/ready-after': '6s' } }, spec: { containers: [{ name: 'a', image: 'a:1' }] } });
  await world.create(POD, { metadata: { name: 'gated' }, spec: { containers: [{ name: 'a', image: 'a:1' }], readinessGates: [{ conditionType: 'golden.test/gate' }] } });
  const ready = async (): Promise<readonly string[]> => (await world.pods()).filter(isPodReady).map((pod) => pod.metadata.name).toSorted();
  await world.run(4500);
  assert.deepEqual(await ready(), []);
  await world.run(1000);
  assert.deepEqual(await ready(), ['probed']);
  await world.run(2000);
  assert.deepEqual(await ready(), ['probed', 'slow']);
  const gated = (await world.pods()).find((pod) => pod.metadata.name === 'gated');
  await world.merge(POD, 'gated', { status: { conditions: [...(gated?.status?.conditions ?? []), { type: 'golden.test/gate', status: 'True' }] } }, 'status');
  await world.run(100);
  assert.deepEqual(await ready(), ['gated', 'probed', 'slow']);
  await world.sandbox.stop();
});

test('what others set in a ready pod\'s Ready condition is left alone', async () => {
  const world = await aWorld();
  await world.create(POD, { metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'a:1' }] } });
  await world.run(1500);
  await world.merge(POD, 'a', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, 'status');
  await world.run(30_000);
  assert.deepEqual((await world.pods()).map(isPodReady), [false]);
  await world.sandbox.stop();
});

test('pods that are refused are told of, the others are counted, and nothing is told when there is room again', async () => {
  const world = await aWorld();
  await world.create(RESOURCE_QUOTA, { metadata: { name: 'few' }, spec: { hard: { pods: '2' } } });
  await world.create(REPLICA_SET, replicaSet('web', 3, template('web', 'web:v1')));
  await world.run(3000);
  const conditions = async (): Promise<unknown> => (replicaSetOf((await world.get(REPLICA_SET, 'web')) ?? { apiVersion: '', kind: '', metadata: { name: '' } }).status?.conditions ?? [])
    .map(({ type, status, reason, message = '' }) => [type, status, reason, /exceeded quota: few/.test(message)]);
  assert.deepEqual([await statusOf(world, 'web'), await conditions()], [[2, 2, 2], [['ReplicaFailure', 'True', 'FailedCreate', true]]]);
  await world.merge(RESOURCE_QUOTA, 'few', { spec: { hard: { pods: '5' } } });
  await world.run(60_000);
  assert.deepEqual([await statusOf(world, 'web'), await conditions()], [[3, 3, 3], []]);
  await world.sandbox.stop();
});

const deployment = (image: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ metadata: { name: 'web' }, spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template: template('web', image), ...more } });

const sizes = async (world: TestWorld): Promise<readonly string[]> =>
  (await world.list(REPLICA_SET)).map(replicaSetOf).map((set) => `revision ${set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? ''}: ${set.spec.replicas ?? 1}`).toSorted();

test('a Deployment rolls from one template to the next without falling below its availability', async () => {
  const world = await aWorld();
  await world.create(DEPLOYMENT, deployment('web:v1'));
  await world.run(4000);
  const fresh = deploymentOf((await world.get(DEPLOYMENT, 'web')) ?? { apiVersion: '', kind: '', metadata: { name: '' } });
  assert.deepEqual([fresh.status?.replicas, fresh.status?.updatedReplicas, fresh.status?.availableReplicas, fresh.status?.unavailableReplicas], [4, 4, 4, undefined]);
  assert.deepEqual(fresh.status?.conditions?.map(({ type, status, reason }) => [type, status, reason]), [['Available', 'True', 'MinimumReplicasAvailable'], ['Progressing', 'True', 'NewReplicaSetAvailable']]);
  await world.merge(DEPLOYMENT, 'web', { spec: { template: template('web', 'web:v2') } });
  let fewest = Infinity;
  let most = 0;
  for (let step = 0; step < 60; step += 1) {
    await world.run(200);
    const pods = (await world.pods()).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    fewest = Math.min(fewest, pods.filter(isPodReady).length);
    most = Math.max(most, pods.length);
  }
  assert.deepEqual([fewest, most], [3, 5]);
  assert.deepEqual(await sizes(world), ['revision 1: 0', 'revision 2: 4']);
  assert.ok((await world.pods()).every((pod) => pod.spec.containers[0]?.image === 'web:v2'));
  await world.merge(DEPLOYMENT, 'web', { spec: { template: template('web', 'web:v1'), replicas: 2 } });
  await world.run(10_000);
  assert.deepEqual(await sizes(world), ['revision 2: 0', 'revision 3: 2']);
  await world.sandbox.stop();
});

test('a Deployment without pods writes on its ReplicaSets what a real one writes', async () => {
  const world = await aWorld();
  await world.create(DEPLOYMENT, deployment('web:v1'));
  await world.run(4000);
  for (const change of [{ replicas: 0 }, { template: template('web', 'web:v2') }, { template: template('web', 'web:v1') }]) {
    await world.merge(DEPLOYMENT, 'web', { spec: change });
    await world.run(4000);
  }
  const sets = (await world.list(REPLICA_SET)).map(replicaSetOf).toSorted((a, b) => (a.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '').localeCompare(b.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? ''));
  const noted = sets.map(({ metadata: { annotations = {} } }) => ['revision', 'revision-history', 'desired-replicas', 'max-replicas'].map((name) => annotations[`deployment.kubernetes.io/${name}`]));
  assert.deepEqual(noted, [['2', undefined, '0', '0'], ['3', '1', '0', '0']]);
  const { status } = deploymentOf((await world.get(DEPLOYMENT, 'web')) ?? { apiVersion: '', kind: '', metadata: { name: '' } });
  // With nothing to bring out, what was said of the version before stays.
  assert.match(status?.conditions?.find(({ type }) => type === 'Progressing')?.message ?? '', new RegExp(`"${sets[0]?.metadata.name ?? '?'}" has successfully`));
  await world.sandbox.stop();
});

test('a Deployment that can not come forward says so at its deadline', async () => {
  const world = await aWorld();
  await world.create(DEPLOYMENT, deployment('web:bad', { progressDeadlineSeconds: 20 }));
  await world.run(30_000);
  const stuck = deploymentOf((await world.get(DEPLOYMENT, 'web')) ?? { apiVersion: '', kind: '', metadata: { name: '' } });
  assert.deepEqual(stuck.status?.conditions?.map(({ type, status, reason }) => [type, status, reason]), [['Available', 'False', 'MinimumReplicasUnavailable'], ['Progressing', 'False', 'ProgressDeadlineExceeded']]);
  await world.sandbox.stop();
});

test('a Deployment without pods keeps what it said last, and its sets carry revisions, sizes and annotations', async () => {
  const world = await aWorld();
  const annotations = { team: 'a', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  await world.create(DEPLOYMENT, { ...deployment('web:v1'), metadata: { name: 'web', annotations } });
  await world.run(4000);
  const first = (await world.list(REPLICA_SET))[0]?.metadata;
  assert.deepEqual(first?.annotations, { team: 'a', 'deployment.kubernetes.io/revision': '1', 'deployment.kubernetes.io/desired-replicas': '4', 'deployment.kubernetes.io/max-replicas': '5' });
  const progressing = async (): Promise<unknown> => deploymentOf((await world.get(DEPLOYMENT, 'web')) ?? { apiVersion: '', kind: '', metadata: { name: '' } }).status?.conditions?.find(({ type }) => type === 'Progressing')?.message;
  await world.merge(DEPLOYMENT, 'web', { spec: { replicas: 0 } });
  await world.run(2000);
  await world.merge(DEPLOYMENT, 'web', { spec: { template: template('web', 'web:v2') } });
  await world.run(2000);
  const second = (await world.list(REPLICA_SET)).find(({ metadata }) => metadata.name !== first?.name)?.metadata.name ?? '';
  assert.equal(await progressing(), `ReplicaSet "${second}" has successfully progressed.`);
  await world.merge(DEPLOYMENT, 'web', { metadata: { annotations: { team: 'b' } }, spec: { template: template('web', 'web:v1') } });
  await world.run(2000);
  const again = (await world.get(REPLICA_SET, first?.name ?? ''))?.metadata.annotations;
  assert.deepEqual(again, { team: 'b', 'deployment.kubernetes.io/revision': '3', 'deployment.kubernetes.io/revision-history': '1', 'deployment.kubernetes.io/desired-replicas': '0', 'deployment.kubernetes.io/max-replicas': '0' });
  assert.equal(await progressing(), `ReplicaSet "${second}" has successfully progressed.`, 'no new set was made');
  await world.sandbox.stop();
});

test('Endpoints follow the ready pods of a Service', async () => {
  const world = await aWorld();
  await world.create(SERVICE, { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] } });
  await world.create(REPLICA_SET, replicaSet('web', 2, template('web', 'web:v1')));
  await world.run(3000);
  const found = await world.get(ENDPOINTS, 'web');
  const [subset] = (found?.['subsets'] ?? []) as readonly { addresses: readonly { ip: string }[]; ports: unknown }[];
  assert.deepEqual(subset?.addresses.map(({ ip }) => ip).toSorted(), (await world.pods()).map((pod) => pod.status?.podIP ?? '').toSorted());
  assert.deepEqual(subset?.ports, [{ port: 8080, protocol: 'TCP' }]);
  await world.merge(REPLICA_SET, 'web', { spec: { replicas: 0 } });
  await world.run(2000);
  assert.deepEqual((await world.get(ENDPOINTS, 'web'))?.['subsets'] ?? [], []);
  await world.sandbox.stop();
});

test('events tell a pod\'s life, and repeats are counted', async () => {
  const world = await aWorld();
  await world.create(REPLICA_SET, replicaSet('web', 1, template('web', 'web:v1', { annotations: { 'sandbox.sluice.dev/crash': 'loop' } })));
  await world.run(60_000);
  const events = await world.list(EVENT);
  const reasons = events.map((event) => String(event['reason']));
  for (const reason of ['SuccessfulCreate', 'Scheduled', 'Pulling', 'Pulled', 'Created', 'Started', 'BackOff']) assert.ok(reasons.includes(reason), `${reason} is missing in ${reasons.join(' ')}`);
  const started = events.find((event) => event['reason'] === 'Started');
  assert.ok(Number(started?.['count']) >= 2);
  await world.sandbox.stop();
});

test('an autoscaler follows the simulated load, and the scale subresource carries it out', async () => {
  const world = await aWorld();
  await world.create(SERVICE, { metadata: { name: 'web', annotations: { 'sandbox.sluice.dev/traffic': '200rps', 'sandbox.sluice.dev/traffic-shape': 'flat' } }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  await world.create(DEPLOYMENT, { ...deployment('web:v1'), spec: { ...(deployment('web:v1')['spec'] as object), replicas: 2 } });
  await world.create(HORIZONTAL_POD_AUTOSCALER, {
    metadata: { name: 'web', annotations: { 'sandbox.sluice.dev/capacity': '50rps' } },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 6, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }] },
  });
  await world.run(120_000);
  assert.equal(recordAt(await world.get(DEPLOYMENT, 'web'), 'spec')['replicas'], 5);
  assert.equal(recordAt(await world.get(HORIZONTAL_POD_AUTOSCALER, 'web'), 'status')['desiredReplicas'], 5);
  await world.sandbox.stop();
});

test('a settled world is left alone: no write while nothing changes', async () => {
  const world = await aWorld();
  await world.create(DEPLOYMENT, deployment('web:v1'));
  await world.create(SERVICE, { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  await world.run(10_000);
  const version = async (): Promise<string> => {
    const listed = await world.cluster.list(POD);
    return listed.ok ? listed.value.metadata.resourceVersion : '';
  };
  const before = await version();
  await world.run(60_000);
  assert.equal(await version(), before);
  await world.sandbox.stop();
});

test('logs begin with the start and follow the traffic', async () => {
  const world = await aWorld();
  await world.create(SERVICE, { metadata: { name: 'web', annotations: { 'sandbox.sluice.dev/traffic': '20rps' } }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  await world.create(REPLICA_SET, replicaSet('web', 1, template('web', 'web:v1')));
  await world.run(20_000);
  const [pod] = await world.pods();
  const ref = { type: POD, namespace: 'default', name: pod?.metadata.name ?? '' };
  const read = async (tailLines?: number): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const line of world.sandbox.readLogs(ref, tailLines === undefined ? {} : { tailLines }, new AbortController().signal)) found.push(line);
    return found;
  };
  const lines = await read();
  assert.match(lines[0] ?? '', /^2026-11-21T09:00:\d\d\.\d{3}Z starting web \(web:v1\)$/);
  assert.match(lines[1] ?? '', /level=\w+ method=GET path=\/ status=\d{3} duration=/);
  assert.equal((await read(3)).length, 3);
  await world.sandbox.stop();
});
