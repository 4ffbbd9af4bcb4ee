// Defaults of pod templates, and which templates count as the same.

import assert from 'node:assert/strict';
import test from 'node:test';
import { deepFreeze } from '../../src/lib/deep.js';
import { defaultPodTemplate, podTemplatesEqual } from '../../src/kinds/pod-defaults.js';
import type { PodTemplateSpec } from '../../src/kinds/pod-template.js';

const template = (container: Record<string, unknown>, spec: Record<string, unknown> = {}): PodTemplateSpec =>
  deepFreeze({ metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'main', image: 'shop:1', ...container }], ...spec } });

test('a template gets what the server fills in', () => {
  assert.deepEqual(defaultPodTemplate(template({ ports: [{ name: 'http', containerPort: 8080 }] })), {
    metadata: { labels: { app: 'shop' } },
    spec: {
      containers: [{
        name: 'main', image: 'shop:1', ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }], resources: {},
        terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent',
      }],
      restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', securityContext: {}, schedulerName: 'default-scheduler',
    },
  });
});

for (const [image, policy] of [['a', 'Always'], ['a:latest', 'Always'], ['a:1', 'IfNotPresent'], ['host:5000/a', 'Always'], ['host:5000/a:2', 'IfNotPresent'], ['a@sha256:00', 'IfNotPresent']] as const) {
  test(`${image} is pulled ${policy}`, () => assert.equal(defaultPodTemplate(template({ image })).spec?.containers[0]?.imagePullPolicy, policy));
}

test('probes, environment and volumes are filled in', () => {
  const { spec } = defaultPodTemplate(template(
    { readinessProbe: { httpGet: { port: 80 }, periodSeconds: 5 }, env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] },
    { volumes: [{ name: 'a' }, { name: 'b', configMap: { name: 'm' } }, { name: 'c', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }], serviceAccountName: 'robot' },
  ));
  assert.deepEqual(spec?.containers[0]?.readinessProbe, { httpGet: { port: 80, path: '/', scheme: 'HTTP' }, periodSeconds: 5, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 });
  assert.deepEqual(spec?.containers[0]?.env, [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP', apiVersion: 'v1' } } }]);
  assert.deepEqual(spec?.['volumes'], [
    { name: 'a', emptyDir: {} },
    { name: 'b', configMap: { name: 'm', defaultMode: 420 } },
    { name: 'c', projected: { defaultMode: 420, sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }] } },
  ]);
  assert.equal(spec?.['serviceAccount'], 'robot');
});

const rich = template(
  { ports: [{ containerPort: 1 }], livenessProbe: { grpc: { port: 2 } }, resources: { limits: { cpu: '1000m' } }, lifecycle: { preStop: { httpGet: { port: 1 } } } },
  { initContainers: [{ name: 'i' }], volumes: [{ name: 'v', downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'f' } }] } }] },
);

test('defaulting twice is defaulting once', () => assert.deepEqual(defaultPodTemplate(defaultPodTemplate(rich)), defaultPodTemplate(rich)));

const EQUAL: readonly (readonly [string, PodTemplateSpec, PodTemplateSpec])[] = [
  ['itself after defaulting', rich, defaultPodTemplate(rich)],
  ['empty and absent', template({ args: [], env: [] }), template({}, { nodeSelector: {}, hostNetwork: false })],
  ['quantities by value', template({ resources: { limits: { memory: '1Ki' } } }), template({ resources: { limits: { memory: '1024' } } })],
  ['the revision label', template({}), { ...template({}), metadata: { labels: { app: 'shop', 'rollouts-pod-template-hash': 'abc' } } }],
  ['the old service account field', template({}, { serviceAccountName: 'a' }), template({}, { serviceAccountName: 'a', serviceAccount: 'a' })],
];

for (const [name, a, b] of EQUAL) test(`equal: ${name}`, () => assert.equal(podTemplatesEqual(a, b), true));

const DIFFERENT: readonly (readonly [string, PodTemplateSpec, PodTemplateSpec])[] = [
  ['image', template({}), template({ image: 'shop:2' })],
  ['label', template({}), { ...template({}), metadata: { labels: { app: 'other' } } }],
  ['a pointer to false', template({}), template({}, { hostUsers: false })],
  ['quantities', template({ resources: { limits: { memory: '1Ki' } } }), template({ resources: { limits: { memory: '1k' } } })],
  ['order of containers', template({}, { containers: [{ name: 'a' }, { name: 'b' }] }), template({}, { containers: [{ name: 'b' }, { name: 'a' }] })],
];

for (const [name, a, b] of DIFFERENT) test(`different: ${name}`, () => assert.equal(podTemplatesEqual(a, b), false));
