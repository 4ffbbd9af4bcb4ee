// JSON, merge and strategic merge patches, the scale subresource, and the defaults of built-in kinds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_MAP, DEPLOYMENT, HORIZONTAL_POD_AUTOSCALER, POD, SERVICE } from '../../../src/kinds/resource-type.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { aConfigMap, aDefinition, aDeployment, aPod, aStore, WIDGET } from './a-store.js';

type Template = { template: { spec: { containers: { name: string; image: string; env?: { name: string; value: string }[] }[] } } };

const containers = (object: KubeObject): Template['template']['spec']['containers'] => (object['spec'] as Template).template.spec.containers;

test('a JSON patch whose test fails changes nothing and is 422', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('a', { k: '1' }));
  const status = ask.failure(() => ask.patch(CONFIG_MAP, 'a', 'json', [{ op: 'test', path: '/data/k', value: '0' }, { op: 'replace', path: '/data/k', value: '2' }]));
  assert.deepEqual([status.code, status.reason, status.message], [422, 'Invalid', 'the server rejected our request due to an error in our request']);
  assert.equal(status.details?.causes?.[0]?.message, 'a test of the JSON patch failed at test /data/k');
  assert.deepEqual(ask.get(CONFIG_MAP, 'a')?.['data'], { k: '1' });
  ask.patch(CONFIG_MAP, 'a', 'json', [{ op: 'test', path: '/data/k', value: '1' }, { op: 'replace', path: '/data/k', value: '2' }]);
  assert.deepEqual(ask.get(CONFIG_MAP, 'a')?.['data'], { k: '2' });
  assert.equal(ask.failure(() => ask.patch(CONFIG_MAP, 'a', 'json', [{ op: 'replace', path: '/data/none', value: 'x' }])).code, 422);
  assert.equal(ask.failure(() => ask.patch(CONFIG_MAP, 'a', 'json', { op: 'x' })).code, 400);
});

test('a strategic merge patch merges lists by their keys', () => {
  const ask = aStore();
  ask.create(DEPLOYMENT, aDeployment('web'));
  const patch = (list: unknown, extra: object = {}): KubeObject => ask.patch(DEPLOYMENT, 'web', 'strategic', { spec: { template: { spec: { containers: list, ...extra } } } });
  assert.deepEqual(containers(patch([{ name: 'app', image: 'app:2' }])).map(({ name, image }) => `${name} ${image}`), ['app app:2']);
  assert.deepEqual(containers(patch([{ name: 'side', image: 'side:1' }])).map(({ name }) => name).toSorted(), ['app', 'side']);
  const env = patch([{ name: 'app', env: [{ name: 'A', value: '1' }] }]);
  assert.deepEqual(containers(env).find(({ name }) => name === 'app')?.env, [{ name: 'A', value: '1' }]);
  assert.deepEqual(containers(patch([], { '$setElementOrder/containers': [{ name: 'side' }, { name: 'app' }] })).map(({ name }) => name), ['side', 'app']);
  assert.deepEqual(containers(patch([{ $patch: 'delete', name: 'side' }])).map(({ name }) => name), ['app']);
  assert.deepEqual(containers(patch([{ $patch: 'replace' }, { name: 'new', image: 'new:1' }])).map(({ name }) => name), ['new']);
});

test('primitive lists, nulls and whole replacement in strategic patches', () => {
  const ask = aStore();
  ask.create(POD, { ...aPod('p'), metadata: { name: 'p', finalizers: ['a.io/x', 'b.io/x'], labels: { a: '1', b: '2' } } });
  const patched = ask.patch(POD, 'p', 'strategic', { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.io/x'], labels: { a: null } } });
  assert.deepEqual(patched.metadata.finalizers, ['b.io/x']);
  assert.deepEqual(patched.metadata.labels, { b: '2' });
  assert.deepEqual(ask.patch(POD, 'p', 'strategic', { metadata: { labels: { $patch: 'replace', c: '3' } } }).metadata.labels, { c: '3' });
});

test('custom resources refuse strategic merge patches with 415', () => {
  const ask = aStore([aDefinition({ type: 'object', properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } })]);
  ask.create(WIDGET, { metadata: { name: 'w' }, spec: {} });
  const status = ask.failure(() => ask.patch(WIDGET, 'w', 'strategic', { spec: { a: 1 } }));
  assert.deepEqual([status.code, status.reason], [415, 'UnsupportedMediaType']);
});

test('scale reads and writes the replicas', () => {
  const ask = aStore();
  ask.create(DEPLOYMENT, aDeployment('web', { replicas: 2 }));
  ask.patch(DEPLOYMENT, 'web', 'merge', { status: { replicas: 1 } }, 'status');
  const scale = ask.get(DEPLOYMENT, 'web', 'scale');
  assert.equal(scale?.kind, 'Scale');
  assert.deepEqual(scale['spec'], { replicas: 2 });
  assert.deepEqual(scale['status'], { replicas: 1, selector: 'app=web' });
  const scaled = ask.patch(DEPLOYMENT, 'web', 'merge', { spec: { replicas: 5 } }, 'scale');
  assert.deepEqual([scaled.apiVersion, scaled.kind, scaled['spec']], ['autoscaling/v1', 'Scale', { replicas: 5 }]);
  assert.deepEqual(ask.get(DEPLOYMENT, 'web', 'scale')?.['spec'], { replicas: 5 });
  assert.equal(ask.get(DEPLOYMENT, 'web')?.metadata.generation, 2);
  assert.equal(ask.failure(() => ask.update(DEPLOYMENT, { metadata: { name: 'web' }, spec: { replicas: -1 } }, 'scale')).code, 422);
  assert.equal(ask.failure(() => ask.update(DEPLOYMENT, { metadata: { name: 'web', resourceVersion: '1' }, spec: { replicas: 1 } }, 'scale')).code, 409);
  assert.equal(ask.get(CONFIG_MAP, 'web', 'scale'), undefined);
});

test('a patch that gives a field the wrong type is 422 and says so', () => {
  const ask = aStore();
  ask.create(DEPLOYMENT, aDeployment('web'));
  const status = ask.failure(() => ask.patch(DEPLOYMENT, 'web', 'merge', { spec: { replicas: 'two' } }));
  assert.equal(status.code, 422);
  assert.match(status.message, /^ "" is invalid: patch: Invalid value: .*json: cannot unmarshal string into Go struct field spec\.replicas of type int32$/);
});

test('node ports are given and kept', () => {
  const ask = aStore();
  const portOf = (service: KubeObject): number => (service['spec'] as { ports: { nodePort: number }[] }).ports[0]?.nodePort ?? 0;
  const made = ask.create(SERVICE, { metadata: { name: 'web' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
  assert.ok(portOf(made) >= 30_000 && portOf(made) <= 32_767);
  assert.equal(portOf(ask.update(SERVICE, { metadata: { name: 'web' }, spec: { type: 'NodePort', ports: [{ port: 80, targetPort: 8080 }] } })), portOf(made));
});

test('services get an address of the cluster and keep it', () => {
  const ask = aStore();
  const service = ask.create(SERVICE, { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  const spec = service['spec'] as Record<string, unknown>;
  assert.match(String(spec['clusterIP']), /^10\.96\.\d+\.\d+$/);
  assert.deepEqual(
    { ...spec, clusterIP: 'x', clusterIPs: ['x'] },
    { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }], type: 'ClusterIP', sessionAffinity: 'None', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster', clusterIP: 'x', clusterIPs: ['x'] },
  );
  const again = ask.update(SERVICE, { metadata: { name: 'web' }, spec: { ports: [{ port: 81 }] } });
  assert.equal((again['spec'] as Record<string, unknown>)['clusterIP'], spec['clusterIP']);
  const other = ask.create(SERVICE, { metadata: { name: 'other' }, spec: { ports: [{ port: 80 }] } });
  assert.notEqual((other['spec'] as Record<string, unknown>)['clusterIP'], spec['clusterIP']);
  const headless = ask.create(SERVICE, { metadata: { name: 'headless' }, spec: { clusterIP: 'None' } });
  assert.equal((headless['spec'] as Record<string, unknown>)['clusterIP'], 'None');
  assert.match(ask.failure(() => ask.create(SERVICE, { metadata: { name: '1st' }, spec: { ports: [{ port: 80 }] } })).message, /a DNS-1035 label must/);
});

test('deployments, pods and autoscalers get the defaults of the real server', () => {
  const ask = aStore();
  const spec = ask.create(DEPLOYMENT, aDeployment('web'))['spec'] as Record<string, unknown>;
  assert.equal(spec['replicas'], 1);
  assert.equal(spec['revisionHistoryLimit'], 10);
  assert.equal(spec['progressDeadlineSeconds'], 600);
  assert.deepEqual(spec['strategy'], { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } });
  const pod = (spec['template'] as { spec: Record<string, unknown> }).spec;
  assert.equal(pod['restartPolicy'], 'Always');
  assert.equal((pod['containers'] as Record<string, unknown>[])[0]?.['imagePullPolicy'], 'IfNotPresent');
  const made = ask.create(POD, aPod('p'));
  assert.deepEqual(made['status'], { phase: 'Pending', qosClass: 'BestEffort' });
  assert.match(ask.failure(() => ask.patch(POD, 'p', 'merge', { spec: { hostNetwork: true } })).message, /pod updates may not change fields other than/);
  assert.equal((ask.patch(POD, 'p', 'merge', { spec: { nodeName: 'node-1' } })['spec'] as { nodeName: string }).nodeName, 'node-1');
  const scaler = ask.create(HORIZONTAL_POD_AUTOSCALER, { metadata: { name: 'h' }, spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' } } });
  assert.equal((scaler['spec'] as Record<string, unknown>)['minReplicas'], 1);
});
