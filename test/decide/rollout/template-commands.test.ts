// Setting images and going back to a revision: which object is changed, and how.

import assert from 'node:assert/strict';
import test from 'node:test';
import { deepFreeze } from '../../../src/lib/deep.js';
import { defaultPodTemplate } from '../../../src/kinds/pod-defaults.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import type { PodTemplateSpec } from '../../../src/kinds/pod-template.js';
import { replicaSetOf } from '../../../src/kinds/replica-set.js';
import type { ReplicaSet } from '../../../src/kinds/replica-set.js';
import { asRollout } from '../../../src/kinds/rollout.js';
import type { Rollout } from '../../../src/kinds/rollout.js';
import { setImage, undo } from '../../../src/decide/rollout/template-commands.js';
import { stepText } from '../../../src/decide/rollout/step-text.js';

const template = (image: string): PodTemplateSpec => ({ metadata: { labels: { app: 'shop' } }, spec: { initContainers: [{ name: 'init', image: 'tool:1' }], containers: [{ name: 'main', image }, { name: 'side', image: 'side:1' }] } });

const rollout: Rollout = deepFreeze(asRollout({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'a', uid: 'u', resourceVersion: '7' }, spec: { template: template('shop:3') } }));

const referring: Rollout = deepFreeze(asRollout({ ...rollout, spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' } } }));

const deployment: KubeObject = deepFreeze({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop', namespace: 'a', uid: 'd', resourceVersion: '9' }, spec: { selector: {}, template: template('shop:3') } });

const podTemplate: KubeObject = deepFreeze({ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'shop', namespace: 'a', uid: 'p' }, template: template('shop:3') });

test('plain: the object is written whole, at the version that was read', () => {
  const changes = setImage(rollout, undefined, [{ container: 'main', image: 'shop:4' }], 'plain');
  assert.ok(!('type' in changes));
  const [change] = changes;
  assert.ok(change?.type === 'update');
  assert.equal(change.object.metadata.resourceVersion, '7');
  assert.deepEqual(asRollout(change.object).spec.template, template('shop:4'));
});

test('plain: "*" means every container, init containers too', () => {
  const changes = setImage(referring, deployment, [{ container: '*', image: 'all:1' }], 'plain');
  assert.ok(!('type' in changes));
  const [change] = changes;
  assert.ok(change?.type === 'update');
  assert.equal(change.ref.type.kind, 'Deployment');
  assert.equal(JSON.stringify(change.object).match(/all:1/g)?.length, 3);
});

test('guarded: only the images are patched, and what was seen is tested', () => {
  const changes = setImage(rollout, undefined, [{ container: 'main', image: 'shop:4' }], 'guarded');
  assert.ok(!('type' in changes));
  const [change] = changes;
  assert.deepEqual(change?.type === 'patch' ? change.body : undefined, [
    { op: 'test', path: '/metadata/uid', value: 'u' },
    { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'main' },
    { op: 'test', path: '/spec/template/spec/containers/0/image', value: 'shop:3' },
    { op: 'add', path: '/spec/template/spec/containers/0/image', value: 'shop:4' },
  ]);
});

test('guarded: a PodTemplate holds its template elsewhere', () => {
  const changes = setImage(referring, podTemplate, [{ container: 'side', image: 'side:2' }], 'guarded');
  assert.ok(!('type' in changes));
  assert.match(JSON.stringify(changes), /"path":"\/template\/spec\/containers\/1\/image","value":"side:2"/);
});

test('what can not be changed is refused', () => {
  assert.deepEqual(setImage(rollout, undefined, [{ container: 'nope', image: 'x' }], 'plain'), { type: 'refusal', reason: 'unable to find container named "nope"' });
  assert.deepEqual(setImage(referring, undefined, [{ container: 'main', image: 'x' }], 'plain'), { type: 'refusal', reason: 'Deployment "shop", which the rollout refers to, is not found' });
});

function setOf(revision: number, image: string): ReplicaSet {
  const labels = { app: 'shop', 'rollouts-pod-template-hash': `h${revision}` };
  const full = defaultPodTemplate(template(image));
  return replicaSetOf(deepFreeze({
    apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: `shop-h${revision}`, annotations: { 'rollout.argoproj.io/revision': String(revision) } },
    spec: { selector: {}, template: { ...full, metadata: { labels } } },
  }));
}

const sets = [setOf(2, 'shop:2'), setOf(3, 'shop:3'), setOf(1, 'shop:1')];

const UNDONE: readonly (readonly [string, number | undefined, string])[] = [['the last but one', undefined, 'shop:2'], ['a revision by number', 1, 'shop:1']];

for (const [name, revision, image] of UNDONE) {
  test(`undo goes back to ${name}`, () => {
    const changes = undo(rollout, undefined, sets, revision, 'plain');
    assert.ok(!('type' in changes));
    const [change] = changes;
    assert.ok(change?.type === 'patch' && change.patchType === 'json');
    assert.deepEqual(change.body, [{ op: 'replace', path: '/spec/template', value: defaultPodTemplate(template(image)) }]);
  });
}

test('undo says what it does not do', () => {
  assert.deepEqual(undo(rollout, undefined, sets, 3, 'plain'), { type: 'unchanged', reason: 'skipped rollback (current template already matches revision 3)' });
  assert.deepEqual(undo(rollout, undefined, sets, 9, 'plain'), { type: 'refusal', reason: 'unable to find specified revision 9 in history' });
  assert.deepEqual(undo(rollout, undefined, [], undefined, 'plain'), { type: 'refusal', reason: 'no revision found for rollout "shop"' });
});

const TEXTS: readonly (readonly [Parameters<typeof stepText>[0], string])[] = [
  [{ setWeight: 20 }, 'setWeight: 20'], [{ pause: {} }, 'pause'], [{ pause: { duration: '10s' } }, 'pause: 10s'], [{ pause: { duration: 1 } }, 'pause: 1'],
  [{ experiment: { templates: [] } }, 'experiment'], [{ analysis: {} }, 'analysis'], [{ setCanaryScale: { weight: 5, replicas: 2 } }, 'setCanaryScale{weight: 5}'],
  [{ setCanaryScale: { matchTrafficWeight: true } }, 'setCanaryScale{matchTrafficWeight: true}'], [{ setCanaryScale: { replicas: 2 } }, 'setCanaryScale{replicas: 2}'],
  [{ plugin: { name: 'org/p' } }, 'plugin: org/p'], [{ setHeaderRoute: { name: 'beta' } }, 'setHeaderRoute: beta'], [{ setMirrorRoute: { name: 'shadow' } }, 'setMirrorRoute: shadow'],
  [{}, 'invalid'], [undefined, 'invalid'],
];

for (const [step, text] of TEXTS) test(`the step ${JSON.stringify(step)} reads ${text}`, () => assert.equal(stepText(step), text));
