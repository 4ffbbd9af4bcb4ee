// The form in which a template is written back, and that nothing is lost by it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writtenTemplate, writtenTemplatePatch } from '../../../src/decide/rollout/written-template.js';
import { podTemplateHash } from '../../../src/kinds/pod-template-hash.js';
import type { PodTemplateSpec } from '../../../src/kinds/pod-template.js';

const template = (containers: readonly unknown[]): PodTemplateSpec => ({ metadata: { labels: { app: 'x' } }, spec: { containers } }) as PodTemplateSpec;

const ROWS: readonly (readonly [string, unknown, unknown])[] = [
  ['resources are always there', { name: 'a', image: 'i' }, { name: 'a', image: 'i', resources: {} }],
  ['quantities are canonical', { name: 'a', resources: { requests: { cpu: '0.5', memory: '1024Mi' } } }, { name: 'a', resources: { requests: { cpu: '500m', memory: '1Gi' } } }],
  ['unknown and empty fields stay', { name: 'a', env: [], later: { x: 1 }, resources: {} }, { name: 'a', env: [], later: { x: 1 }, resources: {} }],
];

for (const [name, stored, wanted] of ROWS) {
  test(name, () => {
    const before = template([stored]);
    const after = writtenTemplate(before);
    assert.deepEqual((after as unknown as { spec: { containers: unknown[] } }).spec.containers[0], wanted);
    assert.equal(podTemplateHash(after), podTemplateHash(before));
    assert.equal(writtenTemplatePatch(after), undefined);
  });
}
