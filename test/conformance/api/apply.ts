// Server-side apply: who owns what, conflicts, force, what falls away, subresources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_MAP, DEPLOYMENT, ROLLOUT } from '../../../src/kinds/resource-type.js';
import type { Begin } from '../api-contract.js';
import { at, configMap, deployment, ownersOf, rollout } from './bodies.js';

export function applyContract(begin: Begin): void {
  test('what is applied is created and owned; what is applied no longer goes', async () => {
    const { patch } = await begin();
    const made = await patch(CONFIG_MAP, 'a', 'apply', { metadata: { labels: { x: '1' } }, data: { k: '1', l: '2' } }, { fieldManager: 'one' });
    assert.deepEqual(ownersOf(made), { 'one Apply': { 'f:metadata': { 'f:labels': { 'f:x': {} } }, 'f:data': { 'f:k': {}, 'f:l': {} } } });
    const less = await patch(CONFIG_MAP, 'a', 'apply', { data: { k: '1' } }, { fieldManager: 'one' });
    assert.deepEqual([less['data'], less.metadata.labels], [{ k: '1' }, undefined]);
    const again = await patch(CONFIG_MAP, 'a', 'apply', { data: { k: '1' } }, { fieldManager: 'one' });
    assert.equal(again.metadata.resourceVersion, less.metadata.resourceVersion, 'nothing changed, nothing is written');
  });

  test('conflicts name the manager and the field, several by manager; force takes', async () => {
    const { create, patch, refused } = await begin();
    await patch(CONFIG_MAP, 'a', 'apply', { data: { k: '1', l: '1' } }, { fieldManager: 'one' });
    const single = await refused(patch(CONFIG_MAP, 'a', 'apply', { data: { k: '2' } }, { fieldManager: 'two' }), 409, 'Conflict');
    assert.equal(single.message, 'Apply failed with 1 conflict: conflict with "one": .data.k');
    assert.deepEqual(single.details?.causes, [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.k' }]);
    const forced = await patch(CONFIG_MAP, 'a', 'apply', { data: { k: '2' } }, { fieldManager: 'two', force: true });
    assert.deepEqual(forced['data'], { k: '2', l: '1' });
    assert.deepEqual(ownersOf(forced), { 'one Apply': { 'f:data': { 'f:l': {} } }, 'two Apply': { 'f:data': { 'f:k': {} } } });
    await create(DEPLOYMENT, deployment('d'), { fieldManager: 'maker' });
    const wanted = { spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:2' }] } } } };
    const several = await refused(patch(DEPLOYMENT, 'd', 'apply', wanted, { fieldManager: 'two' }), 409, 'Conflict');
    assert.equal(several.message, 'Apply failed with 2 conflicts: conflicts with "maker" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name="web"].image');
  });

  test('a value that two apply is shared, and stays while one of them applies it', async () => {
    const { patch } = await begin();
    await patch(CONFIG_MAP, 'a', 'apply', { data: { k: '1' } }, { fieldManager: 'one' });
    await patch(CONFIG_MAP, 'a', 'apply', { data: { k: '1' } }, { fieldManager: 'two' });
    assert.deepEqual((await patch(CONFIG_MAP, 'a', 'apply', { data: {} }, { fieldManager: 'one' }))['data'], { k: '1' });
    assert.equal((await patch(CONFIG_MAP, 'a', 'apply', {}, { fieldManager: 'two' }))['data'], undefined);
  });

  test('lists with keys are merged by key', async () => {
    const { create, patch } = await begin();
    await create(DEPLOYMENT, deployment('d'), { fieldManager: 'maker' });
    const containers = async (list: readonly object[]): Promise<unknown> => {
      const applied = await patch(DEPLOYMENT, 'd', 'apply', { spec: { template: { spec: { containers: list } } } }, { fieldManager: 'sidecar' });
      return (at(applied, 'spec', 'template', 'spec', 'containers') as readonly { name: string }[]).map(({ name }) => name);
    };
    assert.deepEqual(await containers([{ name: 'side', image: 'side:1' }]), ['web', 'side']);
    assert.deepEqual(await containers([]), ['web']);
  });

  test('an update takes what it changes, and is told apart from an apply', async () => {
    const { create, patch, refused } = await begin();
    const made = await create(CONFIG_MAP, configMap('a'), { fieldManager: 'maker' });
    assert.deepEqual(ownersOf(made), { 'maker Update': { 'f:data': { '.': {}, 'f:k': {} } } });
    const changed = await patch(CONFIG_MAP, 'a', 'merge', { data: { k: '2', l: '2' } }, { fieldManager: 'other' });
    assert.deepEqual(ownersOf(changed), { 'maker Update': { 'f:data': {} }, 'other Update': { 'f:data': { 'f:k': {}, 'f:l': {} } } });
    const conflict = await refused(patch(CONFIG_MAP, 'a', 'apply', { data: { k: '3' } }, { fieldManager: 'one' }), 409);
    assert.equal(conflict.message, 'Apply failed with 1 conflict: conflict with "other" using v1: .data.k');
  });

  test('what the server sets by itself is nobody\'s, and parts that are always there are not owned', async () => {
    const { create } = await begin();
    const made = ownersOf(await create(DEPLOYMENT, deployment('d'), { fieldManager: 'maker' }))['maker Update'];
    assert.equal(at(made, 'f:status'), undefined);
    assert.equal(at(made, 'f:spec', '.'), undefined);
    assert.deepEqual(at(made, 'f:spec', 'f:strategy'), { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {}, 'f:maxUnavailable': {} }, 'f:type': {} });
    const containers = at(made, 'f:spec', 'f:template', 'f:spec', 'f:containers');
    assert.deepEqual([at(containers, '.'), at(containers, 'k:{"name":"web"}', '.')], [undefined, {}]);
  });

  test('each subresource has its own owners', async () => {
    const { create, patch } = await begin();
    await create(ROLLOUT, rollout('r'), { fieldManager: 'maker' });
    await patch(ROLLOUT, 'r', 'apply', { status: { phase: 'Healthy' } }, { fieldManager: 'engine' }, 'status');
    const scaled = await patch(ROLLOUT, 'r', 'merge', { spec: { replicas: 2 } }, { fieldManager: 'scaler' }, 'scale');
    assert.equal(scaled.kind, 'Scale');
    const owners = ownersOf(await patch(ROLLOUT, 'r', 'merge', {}));
    assert.deepEqual(owners['engine Apply status'], { 'f:status': { 'f:phase': {} } });
    assert.deepEqual(owners['scaler Update scale'], { 'f:spec': { 'f:replicas': {} } });
    assert.equal(at(owners['maker Update'], 'f:spec', 'f:replicas'), undefined);
  });

  test('an apply that says too little or too much is refused', async () => {
    const { create, patch, refused, api, namespace } = await begin();
    await create(CONFIG_MAP, configMap('a'));
    const target = { verb: 'patch', type: CONFIG_MAP, namespace, name: 'a', patchType: 'apply', options: { fieldManager: 'x' } } as const;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    const bare = await api.ask({ ...target, body, options: {} });
    assert.ok(!bare.ok && bare.error.code === 422);
    assert.equal(bare.error.message, 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
    const untyped = await api.ask({ ...target, body: { metadata: { name: 'a' } } });
    assert.ok(!untyped.ok && untyped.error.code === 400);
    assert.equal((await refused(patch(CONFIG_MAP, 'a', 'apply', { metadata: { managedFields: [{ manager: 'z' }] } }), 400)).message, 'metadata.managedFields must be nil');
    assert.match((await refused(patch(CONFIG_MAP, 'a', 'apply', { metadata: { name: 'b' } }), 400)).message, /the name of the object \(b\) does not match the name on the URL \(a\)/);
    await refused(patch(CONFIG_MAP, 'a', 'merge', {}, { force: true }), 422, 'Invalid');
    const nameless = await api.ask({ ...target, name: 'new', body: { apiVersion: 'v1', kind: 'ConfigMap', data: {} } });
    assert.equal(nameless.ok ? '' : nameless.error.message, 'the name of the object (new based on URL) was undeterminable: name must be provided');
  });
}
