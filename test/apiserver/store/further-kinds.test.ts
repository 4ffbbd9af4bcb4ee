// Jobs, budgets and evictions, bindings, quotas, roles, ingresses, the older autoscalers: defaults, refusals, and what they bring about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiStatus } from '../../../src/apiserver/store/api.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import {
  CLUSTER_ROLE_BINDING, CONFIG_MAP, HORIZONTAL_POD_AUTOSCALER, HORIZONTAL_POD_AUTOSCALER_V1, INGRESS, JOB, LEASE, POD, POD_DISRUPTION_BUDGET, POD_TEMPLATE, RESOURCE_QUOTA, ROLE, SECRET,
} from '../../../src/kinds/resource-type.js';
import { aConfigMap, aPod, aStore, type Asking } from './a-store.js';

const post = (ask: Asking, name: string, subresource: string, body: unknown): { readonly code: number; readonly status?: ApiStatus } => {
  const answer = ask.store.execute({ verb: 'create', type: POD, namespace: 'default', name, subresource, body, options: {} }, ask.now);
  return answer.ok ? { code: answer.value.code } : { code: answer.error.code, status: answer.error };
};

const spec = (object: KubeObject | undefined): Record<string, unknown> => (object?.['spec'] ?? {}) as Record<string, unknown>;

test('a job knows its pods by labels of its own and is not restarted', () => {
  const ask = aStore();
  const template = (restartPolicy?: string): object => ({ spec: { containers: [{ name: 'c', image: 'i' }], ...(restartPolicy === undefined ? {} : { restartPolicy }) } });
  const job = ask.create(JOB, { metadata: { name: 'j' }, spec: { template: template('Never') } });
  const { completions, parallelism, backoffLimit, selector } = spec(job);
  assert.deepEqual([completions, parallelism, backoffLimit, selector], [1, 1, 6, { matchLabels: { 'batch.kubernetes.io/controller-uid': job.metadata.uid } }]);
  assert.match(ask.failure(() => ask.create(JOB, { metadata: { name: 'k' }, spec: { template: template() } })).message, /restartPolicy: Required value: valid values: "OnFailure", "Never"/);
  assert.match(ask.failure(() => ask.patch(JOB, 'j', 'merge', { spec: { completions: 2 } })).message, /spec\.completions: Invalid value: 2: field is immutable/);
});

test('a pod template gets the defaults of pods, and counts what is done to it', () => {
  const ask = aStore();
  const made = ask.create(POD_TEMPLATE, { metadata: { name: 't' }, template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'i:1', ports: [{ containerPort: 80 }] }] } } });
  const pod = (object: KubeObject): string => JSON.stringify(object['template']);
  assert.equal(made.metadata.generation, 1);
  assert.match(pod(made), /"restartPolicy":"Always"/);
  assert.match(pod(made), /"protocol":"TCP"/);
  assert.equal(ask.patch(POD_TEMPLATE, 't', 'merge', { metadata: { labels: { a: 'b' } } }).metadata.generation, 1);
  const moved = ask.patch(POD_TEMPLATE, 't', 'strategic', { template: { spec: { containers: [{ name: 'c', image: 'i:2' }] } } });
  assert.deepEqual([moved.metadata.generation, /"image":"i:2"/.test(pod(moved)), /"containerPort":80/.test(pod(moved))], [2, true, true]);
  assert.match(ask.failure(() => ask.create(POD_TEMPLATE, { metadata: { name: 'u' }, template: { spec: { containers: [{ name: 'c' }] } } })).message, /template\.spec\.containers\[0\]\.image: Required value/);
});

test('an eviction takes from the budget, and waits when there is none left', () => {
  const ask = aStore();
  for (const name of ['a', 'b']) {
    ask.create(POD, { ...aPod(name, { nodeName: 'n' }), metadata: { name, labels: { app: 'x' } } });
    ask.patch(POD, name, 'merge', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }, 'status');
  }
  ask.create(POD_DISRUPTION_BUDGET, { metadata: { name: 'p' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } } });
  assert.match(post(ask, 'a', 'eviction', { metadata: { name: 'a' } }).status?.details?.causes?.[0]?.message ?? '', /still being processed/);
  ask.patch(POD_DISRUPTION_BUDGET, 'p', 'merge', { status: { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 } }, 'status');
  assert.equal(post(ask, 'a', 'eviction', { metadata: { name: 'a' }, deleteOptions: { dryRun: [] } }).code, 201);
  assert.ok(ask.get(POD, 'a')?.metadata.deletionTimestamp !== undefined);
  const { status } = post(ask, 'b', 'eviction', { metadata: { name: 'b' } });
  assert.deepEqual([status?.code, status?.reason, status?.message], [429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget."]);
  assert.equal(status?.details?.causes?.[0]?.message, 'The disruption budget p needs 1 healthy pods and has 2 currently');
  assert.match(ask.failure(() => ask.create(POD_DISRUPTION_BUDGET, { metadata: { name: 'q' }, spec: { minAvailable: 1, maxUnavailable: 1 } })).message, /cannot be both set/);
});

test('a pod is bound once', () => {
  const ask = aStore();
  ask.create(POD, aPod('a'));
  assert.equal(post(ask, 'a', 'binding', { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n1' } }).code, 201);
  assert.equal(spec(ask.get(POD, 'a'))['nodeName'], 'n1');
  assert.match(post(ask, 'a', 'binding', { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n2' } }).status?.message ?? '', /pod a is already assigned to node "n1"/);
});

test('a quota counts pods and what they ask for, and refuses the one too many', () => {
  const ask = aStore();
  ask.create(RESOURCE_QUOTA, { metadata: { name: 'q' }, spec: { hard: { pods: '2', 'requests.cpu': '1' } } });
  const pod = (name: string, cpu?: string): Record<string, unknown> => ({
    metadata: { name }, spec: { containers: [{ name: 'c', image: 'i', ...(cpu === undefined ? {} : { resources: { requests: { cpu } } }) }] },
  });
  assert.match(ask.failure(() => ask.create(POD, pod('none'))).message, /pods "none" is forbidden: failed quota: q: must specify requests\.cpu for: c/);
  ask.create(POD, pod('a', '600m'));
  assert.deepEqual(ask.get(RESOURCE_QUOTA, 'q')?.['status'], { hard: { pods: '2', 'requests.cpu': '1' }, used: { pods: '1', 'requests.cpu': '600m' } });
  const over = ask.failure(() => ask.create(POD, pod('b', '500m')));
  assert.deepEqual([over.code, over.message], [403, 'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1']);
  ask.remove(POD, 'a');
  ask.create(POD, pod('b', '500m'));
});

test('autoscalers of both versions are the same objects', () => {
  const ask = aStore();
  ask.create(HORIZONTAL_POD_AUTOSCALER_V1, { metadata: { name: 'h' }, spec: { scaleTargetRef: { kind: 'Deployment', name: 'w' }, maxReplicas: 3, targetCPUUtilizationPercentage: 70 } });
  assert.deepEqual((spec(ask.get(HORIZONTAL_POD_AUTOSCALER, 'h'))['metrics'] as unknown[])[0], { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } });
  const changed = ask.patch(HORIZONTAL_POD_AUTOSCALER_V1, 'h', 'strategic', { spec: { targetCPUUtilizationPercentage: 50 } });
  assert.deepEqual([changed.apiVersion, spec(changed)['targetCPUUtilizationPercentage'], spec(changed)['metrics']], ['autoscaling/v1', 50, undefined]);
  ask.patch(HORIZONTAL_POD_AUTOSCALER, 'h', 'merge', { spec: { behavior: { scaleDown: { stabilizationWindowSeconds: 5 } } } });
  ask.patch(HORIZONTAL_POD_AUTOSCALER_V1, 'h', 'merge', { spec: { maxReplicas: 4 } });
  const after = ask.get(HORIZONTAL_POD_AUTOSCALER, 'h');
  assert.deepEqual([spec(after)['maxReplicas'], spec(after)['behavior'], after?.metadata.annotations], [4, { scaleDown: { stabilizationWindowSeconds: 5 } }, undefined]);
});

test('roles, bindings and ingresses are held against their rules', () => {
  const ask = aStore();
  assert.match(ask.failure(() => ask.create(ROLE, { metadata: { name: 'r' }, rules: [{ verbs: [], apiGroups: [''], resources: ['pods'] }] })).message, /rules\[0\]\.verbs: Required value/);
  const binding = { metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'User', name: 'u' }] };
  assert.deepEqual(ask.create(CLUSTER_ROLE_BINDING, binding)['subjects'], [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'u' }]);
  assert.match(ask.failure(() => ask.patch(CLUSTER_ROLE_BINDING, 'b', 'merge', { roleRef: { name: 'edit' } })).message, /cannot change roleRef/);
  assert.match(ask.failure(() => ask.create(INGRESS, { metadata: { name: 'i' }, spec: {} })).message, /either `defaultBackend` or `rules` must be specified/);
});

test('what a PUT creates, and a secret whose bytes are none', () => {
  const ask = aStore();
  assert.equal(ask.update(LEASE, { metadata: { name: 'l' }, spec: { holderIdentity: 'me' } }).metadata.name, 'l');
  assert.equal(ask.failure(() => ask.update(CONFIG_MAP, aConfigMap('none'))).code, 404);
  const { message } = ask.failure(() => ask.create(SECRET, { metadata: { name: 's' }, data: { key: 'not base64!' } }));
  assert.match(message, /cannot be handled as a Secret: illegal base64 data/);
  assert.doesNotMatch(message, /not base64!/);
});
