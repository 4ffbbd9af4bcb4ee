// Deletion: preconditions, finalizers, grace, dependents, collections, and namespaces that empty themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_MAP, DEPLOYMENT, JOB, NAMESPACE, POD, SERVICE } from '../../../src/kinds/resource-type.js';
import { eventually } from '../api-door.js';
import type { Begin } from '../api-contract.js';
import { at, boundPod, configMap, deployment, TEMPLATE, waitingPod } from './bodies.js';

export function deletionContract(begin: Begin): void {
  test('preconditions are conflicts in the words of the server', async () => {
    const { create, remove, refused } = await begin();
    const { metadata } = await create(CONFIG_MAP, configMap('a'));
    const uid = await refused(remove(CONFIG_MAP, 'a', { preconditions: { uid: 'another' } }), 409, 'Conflict');
    assert.equal(uid.message, `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (another) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`);
    const version = await refused(remove(CONFIG_MAP, 'a', { preconditions: { resourceVersion: '1' } }), 409, 'Conflict');
    assert.match(version.message, /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)\. The object might have been modified/);
    await remove(CONFIG_MAP, 'a', { preconditions: { uid: metadata.uid, resourceVersion: metadata.resourceVersion } });
  });

  test('options that make no sense are refused', async () => {
    const { create, remove, refused } = await begin();
    await create(CONFIG_MAP, configMap('a'));
    const unknown = await refused(remove(CONFIG_MAP, 'a', { propagationPolicy: 'Sideways' }), 422, 'Invalid');
    assert.equal(unknown.message, 'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"');
    await refused(remove(CONFIG_MAP, 'a', { propagationPolicy: 'Orphan', orphanDependents: true }), 422, 'Invalid');
  });

  test('a finalizer holds the object; none may be added then; without the last one it goes', async () => {
    const { create, remove, patch, find, refused } = await begin();
    await create(CONFIG_MAP, configMap('a', { finalizers: ['contract.io/hold'] }));
    const held = await remove(CONFIG_MAP, 'a');
    assert.ok(held.kind === 'ConfigMap' && held.metadata.deletionTimestamp !== undefined);
    const more = await refused(patch(CONFIG_MAP, 'a', 'merge', { metadata: { finalizers: ['contract.io/hold', 'contract.io/more'] } }), 422);
    assert.match(more.message, /no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"contract\.io\/more"\}/);
    await patch(CONFIG_MAP, 'a', 'merge', { metadata: { finalizers: null } });
    assert.equal(await find(CONFIG_MAP, 'a'), undefined);
    await refused(create(CONFIG_MAP, configMap('b', { finalizers: ['unqualified'] })), 422, 'Invalid');
  });

  test('a pod with a node gets its grace, which can be cut short and not drawn out; one without goes at once', async () => {
    const { create, remove, get, find } = await begin();
    await create(POD, waitingPod('free'));
    const free = await remove(POD, 'free');
    assert.deepEqual([free.kind, free.metadata.deletionGracePeriodSeconds], ['Pod', 0]);
    assert.equal(await find(POD, 'free'), undefined);
    const { metadata } = await create(POD, boundPod('bound'));
    assert.equal((await remove(POD, 'bound')).metadata.deletionGracePeriodSeconds, 30);
    assert.equal((await get(POD, 'bound')).metadata.generation, (metadata.generation ?? 0) + 1);
    assert.equal((await remove(POD, 'bound', { gracePeriodSeconds: 5 })).metadata.deletionGracePeriodSeconds, 5);
    assert.equal((await remove(POD, 'bound', { gracePeriodSeconds: 500 })).metadata.deletionGracePeriodSeconds, 5);
    await remove(POD, 'bound', { gracePeriodSeconds: 0 });
    assert.equal(await find(POD, 'bound'), undefined);
  });

  test('some kinds answer with the object, others with the news that it is gone', async () => {
    const { create, remove } = await begin();
    await create(SERVICE, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
    await create(CONFIG_MAP, configMap('a'));
    assert.equal((await remove(SERVICE, 's')).kind, 'Service');
    const gone = await remove(CONFIG_MAP, 'a');
    assert.deepEqual([gone.kind, gone['status'], at(gone, 'details', 'kind')], ['Status', 'Success', 'configmaps']);
  });

  test('dependents: in the background they go after the owner, in the foreground before it, orphans stay', async () => {
    const { create, remove, patch, find, get } = await begin();
    const owned = async (child: string, owner: string, extra: object = {}): Promise<void> => {
      const { metadata } = await create(CONFIG_MAP, configMap(owner));
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: metadata.uid, blockOwnerDeletion: true }];
      await create(CONFIG_MAP, configMap(child, { ownerReferences, ...extra }));
    };
    await owned('child-1', 'background');
    await owned('child-2', 'foreground', { finalizers: ['contract.io/hold'] });
    await owned('child-3', 'orphaning');
    await remove(CONFIG_MAP, 'background', { propagationPolicy: 'Background' });
    const front = await remove(CONFIG_MAP, 'foreground', { propagationPolicy: 'Foreground' });
    assert.deepEqual(front.metadata.finalizers, ['foregroundDeletion']);
    const back = await remove(CONFIG_MAP, 'orphaning', { propagationPolicy: 'Orphan' });
    assert.deepEqual(back.metadata.finalizers, ['orphan']);
    await eventually('the dependent goes', async () => (await find(CONFIG_MAP, 'child-1')) === undefined);
    await eventually('the held one is on its way', async () => (await get(CONFIG_MAP, 'child-2')).metadata.deletionTimestamp !== undefined);
    assert.ok(await find(CONFIG_MAP, 'foreground'), 'its owner waits for it');
    await patch(CONFIG_MAP, 'child-2', 'merge', { metadata: { finalizers: null } });
    await eventually('the owner goes after it', async () => (await find(CONFIG_MAP, 'foreground')) === undefined);
    await eventually('the orphan has no owner', async () => (await get(CONFIG_MAP, 'child-3')).metadata.ownerReferences === undefined);
    assert.equal(await find(CONFIG_MAP, 'orphaning'), undefined);
  });

  test('a job leaves its pods unless told otherwise', async () => {
    const { create, remove } = await begin();
    await create(JOB, { metadata: { name: 'j' }, spec: { suspend: true, template: { spec: { ...TEMPLATE.spec, restartPolicy: 'Never' } } } });
    assert.deepEqual((await remove(JOB, 'j')).metadata.finalizers, ['orphan']);
  });

  test('a collection goes by its selector, and in a dry run not at all', async () => {
    const { create, removeAll, list } = await begin();
    for (const [name, tier] of [['a', 'web'], ['b', 'db'], ['c', 'web']] as const) await create(CONFIG_MAP, configMap(name, { labels: { tier } }));
    const names = async (): Promise<string> => (await list(CONFIG_MAP, { labelSelector: 'tier' })).items.map((item) => item.metadata.name).join();
    await removeAll(CONFIG_MAP, { labelSelector: 'tier=web', dryRun: true });
    assert.equal(await names(), 'a,b,c');
    await removeAll(CONFIG_MAP, { labelSelector: 'tier=web' });
    assert.equal(await names(), 'b');
  });

  test('a namespace is Terminating while it still holds things, which can be deleted meanwhile; nothing new comes in', async () => {
    const { api, namespace, create, find, remove, patch, get, refused } = await begin();
    await create(CONFIG_MAP, configMap('a'));
    await create(DEPLOYMENT, deployment('d'));
    await create(CONFIG_MAP, configMap('held', { finalizers: ['contract.io/hold'] }));
    const answer = await api.ask({ verb: 'delete', type: NAMESPACE, namespace: '', name: namespace, options: {} });
    assert.ok(answer.ok);
    assert.deepEqual([at(answer.value.object, 'status', 'phase'), at(answer.value.object, 'spec', 'finalizers')], ['Terminating', ['kubernetes']]);
    // What kubectl does with a file that holds a namespace and things in it.
    await remove(CONFIG_MAP, 'a');
    await remove(DEPLOYMENT, 'd', { propagationPolicy: 'Background' });
    const late = await refused(create(CONFIG_MAP, configMap('late')), 403, 'Forbidden');
    assert.match(late.message, /unable to create new content in namespace \S+ because it is being terminated/);
    const remaining = async (): Promise<unknown> => {
      const conditions = at(await get(NAMESPACE, namespace), 'status', 'conditions') as readonly { type: string; status: string; message: string }[] | undefined;
      return conditions?.find(({ type, status }) => type === 'NamespaceFinalizersRemaining' && status === 'True')?.message;
    };
    await eventually('it says what holds it', async () => (await remaining()) === 'Some content in the namespace has finalizers remaining: contract.io/hold in 1 resource instances');
    await patch(CONFIG_MAP, 'held', 'merge', { metadata: { finalizers: null } });
    await eventually('it is gone', async () => (await find(NAMESPACE, namespace)) === undefined);
  });

  test('namespaces that every cluster has stay', async () => {
    const { remove, refused } = await begin();
    const kept = await refused(remove(NAMESPACE, 'default'), 403, 'Forbidden');
    assert.equal(kept.message, 'namespaces "default" is forbidden: this namespace may not be deleted');
  });
}
