// Subresources: status and scale of built-in and custom kinds, binding, and eviction that disruption budgets hold up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_MAP, DEPLOYMENT, POD, POD_DISRUPTION_BUDGET, ROLLOUT } from '../../../src/kinds/resource-type.js';
import { eventually } from '../api-door.js';
import type { Begin } from '../api-contract.js';
import type { Door } from '../doors.js';
import { at, boundPod, configMap, deployment, rollout, waitingPod } from './bodies.js';

const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

const eviction = (name: string, extra: object = {}): object => ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...extra });

export function subresourceContract(begin: Begin, door: Door): void {
  test('status is written apart from the spec, and a creation brings none', async () => {
    const { create, update, patch, get } = await begin();
    const made = await create(ROLLOUT, { ...rollout('r'), status: { phase: 'Healthy' } });
    assert.equal(made['status'], undefined);
    const written = await update(ROLLOUT, { ...made, status: { phase: 'Degraded' }, spec: { replicas: 9 } }, {}, 'status');
    assert.deepEqual([at(written, 'status', 'phase'), at(written, 'spec', 'replicas'), written.metadata.generation], ['Degraded', 0, 1]);
    await patch(ROLLOUT, 'r', 'merge', { spec: { paused: true }, status: { phase: 'Healthy' } });
    const { metadata, ...rest } = await get(ROLLOUT, 'r');
    assert.deepEqual([at(rest, 'status', 'phase'), metadata.generation], ['Degraded', 2]);
    assert.equal(at(await create(POD, { ...waitingPod('p'), status: { phase: 'Running' } }), 'status', 'phase'), 'Pending');
  });

  test('scale speaks of any kind that has replicas; less than none is refused', async () => {
    const { create, get, update, patch, refused } = await begin();
    await create(DEPLOYMENT, deployment('x'));
    await create(ROLLOUT, rollout('x'));
    for (const type of [DEPLOYMENT, ROLLOUT]) {
      const scale = await get(type, 'x', 'scale');
      assert.deepEqual([scale.apiVersion, scale.kind, scale['spec']], ['autoscaling/v1', 'Scale', {}]);
      await patch(type, 'x', 'merge', { spec: { replicas: 1 } }, {}, 'scale');
      await refused(patch(type, 'x', 'merge', { spec: { replicas: -1 } }, {}, 'scale'), 422, 'Invalid');
      await patch(type, 'x', 'merge', { spec: { replicas: 0 } }, {}, 'scale');
      assert.equal(at(await get(type, 'x'), 'spec', 'replicas'), 0);
    }
    const { metadata } = await get(ROLLOUT, 'x', 'scale');
    const scaled = await update(ROLLOUT, { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: 2 } }, {}, 'scale');
    assert.deepEqual(scaled['spec'], { replicas: 2 });
    await refused(update(ROLLOUT, { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: 3 } }, {}, 'scale'), 409, 'Conflict');
    await refused(patch(ROLLOUT, 'x', 'strategic', { spec: { replicas: 3 } }, {}, 'scale'), 415);
  });

  test('a subresource that a kind does not have is not found', async () => {
    const { create, get, refused } = await begin();
    await create(CONFIG_MAP, configMap('a'));
    assert.equal((await refused(get(CONFIG_MAP, 'a', 'status'), 404, 'NotFound')).message, 'the server could not find the requested resource');
  });

  test('a pod is bound once, to a node that is named', async () => {
    const { create, post, get, refused } = await begin();
    await create(POD, waitingPod('p'));
    const binding = (name: string, target: object): object => ({ apiVersion: 'v1', kind: 'Binding', metadata: { name }, target });
    await refused(post(POD, 'p', 'binding', binding('other', { kind: 'Node', name: 'n' })), 400, 'BadRequest');
    await refused(post(POD, 'p', 'binding', binding('p', { kind: 'Node' })), 500);
    await post(POD, 'p', 'binding', binding('p', { kind: 'Node', name: 'n' }));
    const bound = await get(POD, 'p');
    assert.equal(at(bound, 'spec', 'nodeName'), 'n');
    assert.equal((at(bound, 'status', 'conditions') as readonly { type: string; status: string }[]).find(({ type }) => type === 'PodScheduled')?.status, 'True');
    const again = await refused(post(POD, 'p', 'binding', binding('p', { kind: 'Node', name: 'm' })), 409, 'Conflict');
    assert.equal(again.message, 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"');
  });

  test('an eviction deletes, unless a disruption budget has nothing to give', async () => {
    const { create, patch, post, get, refused } = await begin();
    for (const name of ['lone', 'kept']) {
      await create(POD, boundPod(name, { app: name }));
      await patch(POD, name, 'strategic', { status: READY }, {}, 'status');
    }
    await create(POD_DISRUPTION_BUDGET, { metadata: { name: 'b' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'kept' } } } });
    if (door.isReal) await eventually('the budget is counted', async () => at(await get(POD_DISRUPTION_BUDGET, 'b'), 'status', 'currentHealthy') === 1);
    else await patch(POD_DISRUPTION_BUDGET, 'b', 'merge', { status: { observedGeneration: 1, expectedPods: 1, currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0 } }, {}, 'status');
    const done = await post(POD, 'lone', 'eviction', eviction('lone'));
    assert.equal(done['status'], 'Success');
    assert.ok((await get(POD, 'lone')).metadata.deletionTimestamp !== undefined);
    const refusal = await refused(post(POD, 'kept', 'eviction', eviction('kept')), 429, 'TooManyRequests');
    assert.equal(refusal.message, "Cannot evict pod as it would violate the pod's disruption budget.");
    assert.deepEqual(refusal.details?.causes, [{ reason: 'DisruptionBudget', message: 'The disruption budget b needs 1 healthy pods and has 1 currently' }]);
    assert.equal((await get(POD, 'kept')).metadata.deletionTimestamp, undefined);
    await refused(post(POD, 'kept', 'eviction', eviction('another')), 400, 'BadRequest');
    await refused(post(POD, 'none', 'eviction', eviction('none')), 404, 'NotFound');
  });

  test('an eviction takes from what the budget has, and a dry run does not', async () => {
    const { create, patch, post, get } = await begin();
    for (const name of ['a', 'b']) {
      await create(POD, boundPod(name, { app: 'web' }));
      await patch(POD, name, 'strategic', { status: READY }, {}, 'status');
    }
    await create(POD_DISRUPTION_BUDGET, { metadata: { name: 'b' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } });
    if (door.isReal) await eventually('the budget is counted', async () => at(await get(POD_DISRUPTION_BUDGET, 'b'), 'status', 'disruptionsAllowed') === 1);
    else await patch(POD_DISRUPTION_BUDGET, 'b', 'merge', { status: { observedGeneration: 1, expectedPods: 2, currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1 } }, {}, 'status');
    await post(POD, 'a', 'eviction', eviction('a', { deleteOptions: { dryRun: ['All'] } }));
    assert.equal((await get(POD, 'a')).metadata.deletionTimestamp, undefined);
    await post(POD, 'a', 'eviction', eviction('a'));
    assert.ok((await get(POD, 'a')).metadata.deletionTimestamp !== undefined);
    await eventually('none is left to give', async () => (at(await get(POD_DISRUPTION_BUDGET, 'b'), 'status', 'disruptionsAllowed') ?? 0) === 0);
  });
}
