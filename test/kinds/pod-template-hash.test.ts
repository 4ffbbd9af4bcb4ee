// Hashes agree with Argo's: published vectors, and every template and step list that the recordings of the real controller hold.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { podTemplateHash, podTemplateJson, stepHash } from '../../src/kinds/pod-template-hash.js';
import type { PodTemplateSpec } from '../../src/kinds/pod-template.js';
import type { CanaryStep } from '../../src/kinds/rollout.js';

const here = path.join(process.env['SLUICE_ROOT'] ?? '.', 'test/kinds');

const PUBLISHED: readonly (readonly [string, string])[] = [
  ['{"metadata":{"labels":{"app":"canary-scaledowndelay"}},"spec":{"containers":[{"name":"canary-scaledowndelay","image":"nginx:1.19-alpine","ports":[{"name":"http","containerPort":80,"protocol":"TCP"}],'
    + '"resources":{"requests":{"cpu":"5m","memory":"16Mi"}}}]}}', '674d8cf959'],
  ['{"metadata":{"labels":{"app":"abort-retry-promote"}},"spec":{"containers":[{"name":"abort-retry-promote","image":"nginx:1.19-alpine","resources":{"requests":{"cpu":"1m","memory":"16Mi"}}}]}}', '67589bccf7'],
  ['{"metadata":{"labels":{"app":"dynamic-stable-scale"}},"spec":{"containers":[{"name":"dynamic-stable-scale","image":"nginx:1.19-alpine","ports":[{"name":"http","containerPort":80,"protocol":"TCP"}],'
    + '"resources":{"requests":{"cpu":"5m","memory":"16Mi"}}}],"readinessGates":[{"conditionType":"argoproj.io/e2e-readiness"}]}}', '6b56c8cdb4'],
];

for (const [json, hash] of PUBLISHED) {
  test(`the template of ${hash} is written and hashed as by Go`, () => {
    const template = JSON.parse(json) as PodTemplateSpec;
    assert.equal(podTemplateJson(template), json);
    assert.equal(podTemplateHash(template), hash);
  });
}

test('a collision count changes the hash, and 0 is not none', () => {
  const template: PodTemplateSpec = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  assert.equal(podTemplateJson(template), '{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"i","resources":{}}]}}');
  assert.equal(podTemplateHash(template), '78c48c466');
  assert.equal(podTemplateHash(template, 0), '84784b579d');
  assert.equal(podTemplateHash(template, 1), '5749c9b8f9');
});

const JSON_CASES: readonly (readonly [string, unknown, string])[] = [
  ['order, whatever the input has', { spec: { restartPolicy: 'Always', containers: [{ image: 'i', name: 'c' }] } }, '{"metadata":{},"spec":{"containers":[{"name":"c","image":"i","resources":{}}],"restartPolicy":"Always"}}'],
  ['no containers', {}, '{"metadata":{},"spec":{"containers":null}}'],
  ['empty pointers are kept, empty values dropped', { spec: { containers: [], securityContext: {}, hostNetwork: false, hostUsers: false, nodeSelector: {}, volumes: [{ name: 'v', emptyDir: {} }] } },
    '{"metadata":{},"spec":{"volumes":[{"name":"v","emptyDir":{}}],"containers":[],"securityContext":{},"hostUsers":false}}'],
  ['unknown fields vanish', { metadata: { creationTimestamp: null, labels: { b: '<2>', a: '1' } }, spec: { containers: [{ name: 'c', nonsense: 1, ports: [{ containerPort: 80 }] }] }, extra: true },
    '{"metadata":{"labels":{"a":"1","b":"\\u003c2\\u003e"}},"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}],"resources":{}}]}}'],
  ['quantities in canonical form', { spec: { containers: [{ name: 'c', resources: { limits: { memory: '1024Mi', cpu: 1 } } }] } },
    '{"metadata":{},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}]}}'],
  ['inlined structs', { spec: { containers: [{ name: 'c', env: [{ name: 'E', valueFrom: { configMapKeyRef: { key: 'k', name: 'm' } } }], readinessProbe: { periodSeconds: 5, grpc: { port: 1 } } }] } },
    '{"metadata":{},"spec":{"containers":[{"name":"c","env":[{"name":"E","valueFrom":{"configMapKeyRef":{"name":"m","key":"k"}}}],"resources":{},"readinessProbe":{"grpc":{"port":1,"service":null},"periodSeconds":5}}]}}'],
];

for (const [name, template, json] of JSON_CASES) {
  test(`template JSON: ${name}`, () => assert.equal(podTemplateJson(template as PodTemplateSpec), json));
}

test('every template of the recordings has the hash that the controller gave it', () => {
  const vectors = JSON.parse(readFileSync(path.join(here, 'hash-vectors.json'), 'utf8')) as { hash: string; template: PodTemplateSpec }[];
  assert.ok(vectors.length >= 40);
  for (const { hash, template } of vectors) assert.equal(podTemplateHash(template), hash, JSON.stringify(template));
});

const STEPS: readonly (readonly [readonly CanaryStep[] | undefined, string])[] = [
  [[{ pause: {} }], '6b9b86fbd5'],
  [[{ pause: {} }, { pause: {} }], '79c9b9f6bf'],
  [undefined, '5ffbfbbd64'],
  [[{ setWeight: 50 }, { pause: { duration: '3s' } }], '77fbc56786'],
];

for (const [steps, hash] of STEPS) {
  test(`the steps ${JSON.stringify(steps)} have the hash ${hash}`, () => assert.equal(stepHash(steps), hash));
}

test('every step list of the recordings has the hash that the controller gave it', () => {
  const vectors = JSON.parse(readFileSync(path.join(here, 'step-hash-vectors.json'), 'utf8')) as { hash: string; steps: CanaryStep[] | null }[];
  assert.ok(vectors.length >= 20);
  for (const { hash, steps } of vectors) assert.equal(stepHash(steps ?? undefined), hash, JSON.stringify(steps));
});
