// Create, update and delete: names, versions, generation, finalizers, grace, owners, namespaces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_MAP, DEPLOYMENT, EVENT, NAMESPACE, POD, REPLICA_SET, SECRET, SERVICE_ACCOUNT } from '../../../src/kinds/resource-type.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { aConfigMap, aDeployment, aPod, aStore, brief, START } from './a-store.js';

const names = (items: readonly KubeObject[]): string[] => items.map((item) => item.metadata.name);

test('what the server sets at creation', () => {
  const ask = aStore();
  const { metadata } = ask.create(DEPLOYMENT, { ...aDeployment('web'), metadata: { name: 'web', uid: 'mine', generation: 7, creationTimestamp: null } });
  assert.equal(metadata.generation, 1);
  assert.equal(metadata.creationTimestamp, '2026-11-21T09:30:00Z');
  assert.match(metadata.uid ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(metadata.resourceVersion, ask.store.revision());
  assert.equal(metadata.namespace, 'default');
  const generated = ask.create(CONFIG_MAP, { metadata: { generateName: 'cm-' } });
  assert.match(generated.metadata.name, /^cm-[a-z0-9]{5}$/);
});

test('creations that are refused, in the words of the real server', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('taken'));
  const rows: [() => unknown, number, string, RegExp][] = [
    [() => ask.create(CONFIG_MAP, aConfigMap('taken')), 409, 'AlreadyExists', /^configmaps "taken" already exists$/],
    [() => ask.create(CONFIG_MAP, { metadata: {} }), 422, 'Invalid', /^ConfigMap "" is invalid: metadata\.name: Required value: name or generateName is required$/],
    [() => ask.create(CONFIG_MAP, aConfigMap('Upper')), 422, 'Invalid', /metadata\.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain must/],
    [() => ask.create(CONFIG_MAP, { metadata: { name: 'x', namespace: 'other' } }), 400, 'BadRequest', /namespace of the provided object does not match/],
    [() => ask.create(CONFIG_MAP, { kind: 'Secret', metadata: { name: 'x' } }), 400, 'BadRequest', /cannot be handled as a ConfigMap/],
    [() => ask.create(CONFIG_MAP, { apiVersion: 'v2', metadata: { name: 'x' } }), 400, 'BadRequest', /^the API version in the data \(v2\) does not match the expected API version \(v1\)$/],
    [() => ask.create(DEPLOYMENT, { metadata: { name: 'x' }, spec: {} }), 422, 'Invalid', /^Deployment\.apps "x" is invalid: .*spec\.selector: Required value/],
    [() => ask.create(POD, aPod('x', { containers: [] })), 422, 'Invalid', /spec\.containers: Required value/],
    [() => ask.create(POD, aPod('x', { containers: [null] })), 422, 'Invalid', /spec\.containers\[0\]\.name: Required value/],
    [() => ask.create(DEPLOYMENT, aDeployment('x', { template: { metadata: { labels: { app: 'x' } }, spec: { containers: [null] } } })), 422, 'Invalid', /spec\.template\.spec\.containers\[0\]\.name: Required value/],
    [() => ask.create(POD, aPod('x', { containers: [{ name: 'a' }] })), 422, 'Invalid', /^Pod "x" is invalid: spec\.containers\[0\]\.image: Required value$/],
    [() => ask.create(POD, aPod('x', { containers: [{ name: 'a', image: 'a' }, { name: 'a', image: 'a' }] })), 422, 'Invalid', /spec\.containers\[1\]\.name: Duplicate value: "a"$/],
    [() => ask.create(CONFIG_MAP, aConfigMap('x', {}, { a: 'b c' })), 422, 'Invalid', /metadata\.labels: Invalid value: "b c": a valid label must be/],
    [() => ask.create(CONFIG_MAP, aConfigMap('x', { big: 'x'.repeat(1_600_000) })), 422, 'Invalid', /Too long: may not be more than 1048576 bytes/],
    [() => ask.create(DEPLOYMENT, aDeployment('x', { replicas: 'two' })), 400, 'BadRequest', /json: cannot unmarshal string into Go struct field .*spec\.replicas of type int32/],
  ];
  for (const [call, code, reason, message] of rows) {
    const status = ask.failure(call);
    assert.deepEqual([status.code, status.reason], [code, reason], status.message);
    assert.match(status.message, message);
  }
  const elsewhere = ask.store.execute({ verb: 'create', type: CONFIG_MAP, namespace: 'nowhere', body: aConfigMap('x'), options: {} }, START);
  assert.ok(!elsewhere.ok && elsewhere.error.message === 'namespaces "nowhere" not found' && elsewhere.error.code === 404);
});

test('strict validation names unknown fields; a warning is the default', () => {
  const ask = aStore();
  const body = { ...aDeployment('web', { replica: 3 }), extra: 1 };
  const status = ask.failure(() => ask.create(DEPLOYMENT, body, { fieldValidation: 'Strict' }));
  assert.equal(status.code, 400);
  assert.equal(status.message, 'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica", unknown field "extra"');
  const warned = ask.store.execute({ verb: 'create', type: DEPLOYMENT, namespace: 'default', body, options: {} }, START);
  assert.ok(warned.ok);
  assert.deepEqual(warned.value.warnings, ['unknown field "spec.replica"', 'unknown field "extra"']);
  assert.equal((warned.value.object as KubeObject)['extra'], undefined);
});

test('an update with an old resourceVersion or another uid is a conflict', () => {
  const ask = aStore();
  const first = ask.create(CONFIG_MAP, aConfigMap('a'));
  ask.update(CONFIG_MAP, { ...first, data: { k: '1' } });
  const stale = ask.failure(() => ask.update(CONFIG_MAP, { ...first, data: { k: '2' } }));
  assert.equal(stale.code, 409);
  assert.equal(stale.message, 'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again');
  const other = ask.failure(() => ask.update(CONFIG_MAP, { ...aConfigMap('a'), metadata: { name: 'a', uid: 'other' } }));
  assert.match(other.message, /Precondition failed: UID in precondition: other, UID in object meta: /);
  assert.match(ask.failure(() => ask.patch(CONFIG_MAP, 'a', 'merge', { metadata: { uid: 'other' }, data: { k: '3' } })).message, /metadata\.uid: Invalid value: "other": field is immutable/);
  assert.equal(ask.failure(() => ask.patch(CONFIG_MAP, 'a', 'merge', { metadata: { resourceVersion: '1' } })).code, 409);
});

test('generation counts changes of the spec; a write that changes nothing is none', () => {
  const ask = aStore();
  ask.create(DEPLOYMENT, aDeployment('web'));
  const events = ask.watch(DEPLOYMENT, { resourceVersion: ask.store.revision() });
  assert.equal(ask.patch(DEPLOYMENT, 'web', 'merge', { metadata: { labels: { a: 'b' } } }).metadata.generation, 1);
  assert.equal(ask.patch(DEPLOYMENT, 'web', 'merge', { status: { replicas: 3 } }, 'status').metadata.generation, 1);
  const scaled = ask.patch(DEPLOYMENT, 'web', 'merge', { spec: { replicas: 3 } });
  assert.equal(scaled.metadata.generation, 2);
  const same = ask.patch(DEPLOYMENT, 'web', 'merge', { spec: { replicas: 3 } });
  assert.equal(same.metadata.resourceVersion, scaled.metadata.resourceVersion);
  assert.equal(events.length, 3);
});

test('status and the rest are written apart', () => {
  const ask = aStore();
  ask.create(DEPLOYMENT, aDeployment('web'));
  const viaStatus = ask.patch(DEPLOYMENT, 'web', 'merge', { spec: { replicas: 9 }, metadata: { labels: { a: 'b' } }, status: { replicas: 1 } }, 'status');
  assert.equal((viaStatus['spec'] as { replicas: number }).replicas, 1);
  assert.deepEqual(viaStatus['status'], { replicas: 1 });
  const viaMain = ask.patch(DEPLOYMENT, 'web', 'merge', { spec: { replicas: 2 }, status: { replicas: 7 } });
  assert.deepEqual(viaMain['status'], { replicas: 1 });
});

test('selectors of workloads are fixed and fit their template', () => {
  const ask = aStore();
  ask.create(DEPLOYMENT, aDeployment('web'));
  const changed = ask.failure(() => ask.patch(DEPLOYMENT, 'web', 'merge', { spec: { selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels: { app: 'other' } } } } }));
  assert.match(changed.message, /spec\.selector: Invalid value: .*: field is immutable/);
  const unfit = ask.failure(() => ask.create(REPLICA_SET, aDeployment('rs', { selector: { matchLabels: { app: 'x' } } })));
  assert.match(unfit.message, /spec\.template\.metadata\.labels: Invalid value: \{"app":"rs"\}: `selector` does not match template `labels`/);
});

test('a finalizer holds a deletion until it falls', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, { metadata: { name: 'a', finalizers: ['test.io/hold'] } });
  const events = ask.watch(CONFIG_MAP, { resourceVersion: ask.store.revision() });
  assert.equal(ask.remove(CONFIG_MAP, 'a').metadata.deletionTimestamp, '2026-11-21T09:30:00Z');
  assert.match(ask.failure(() => ask.patch(CONFIG_MAP, 'a', 'merge', { metadata: { finalizers: ['test.io/hold', 'test.io/more'] } })).message, /no new finalizers can be added/);
  ask.patch(CONFIG_MAP, 'a', 'json', [{ op: 'remove', path: '/metadata/finalizers/0' }]);
  assert.equal(ask.get(CONFIG_MAP, 'a'), undefined);
  assert.deepEqual(brief(events), ['MODIFIED a', 'MODIFIED a', 'DELETED a']);
});

test('a pod on a node gets its grace, another goes at once', () => {
  const ask = aStore();
  ask.create(POD, aPod('bound', { nodeName: 'node-1', terminationGracePeriodSeconds: 10 }));
  ask.create(POD, aPod('free'));
  assert.equal(ask.remove(POD, 'bound').metadata.deletionTimestamp, '2026-11-21T09:30:10Z');
  assert.equal(ask.get(POD, 'bound')?.metadata.deletionGracePeriodSeconds, 10);
  ask.remove(POD, 'free');
  assert.equal(ask.get(POD, 'free'), undefined);
  ask.remove(POD, 'bound', { gracePeriodSeconds: 0 });
  assert.equal(ask.get(POD, 'bound'), undefined);
});

const owned = (name: string, owner: KubeObject, extra: object = {}): Record<string, unknown> => ({
  metadata: { name, ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, ...extra }] },
});

test('dependents go with their last owner', () => {
  const ask = aStore();
  const root = ask.create(DEPLOYMENT, aDeployment('web'));
  const child = ask.create(CONFIG_MAP, owned('child', root));
  ask.create(CONFIG_MAP, owned('grandchild', child));
  ask.create(CONFIG_MAP, aConfigMap('stranger'));
  ask.remove(DEPLOYMENT, 'web');
  assert.deepEqual(names(ask.list(CONFIG_MAP).items), ['stranger']);
  ask.create(CONFIG_MAP, owned('late', root));
  assert.equal(ask.get(CONFIG_MAP, 'late'), undefined, 'an object whose owner is gone is collected');
});

test('orphans stay without their owner, and foreground deletion waits for the dependents', () => {
  const ask = aStore();
  const first = ask.create(DEPLOYMENT, aDeployment('first'));
  ask.create(CONFIG_MAP, owned('orphan', first));
  ask.remove(DEPLOYMENT, 'first', { propagationPolicy: 'Orphan' });
  assert.equal(ask.get(CONFIG_MAP, 'orphan')?.metadata.ownerReferences, undefined);
  const second = ask.create(DEPLOYMENT, aDeployment('second'));
  ask.create(CONFIG_MAP, { metadata: { ...(owned('slow', second, { blockOwnerDeletion: true })['metadata'] as object), finalizers: ['test.io/hold'] } });
  ask.remove(DEPLOYMENT, 'second', { propagationPolicy: 'Foreground' });
  assert.deepEqual(ask.get(DEPLOYMENT, 'second')?.metadata.finalizers, ['foregroundDeletion']);
  ask.patch(CONFIG_MAP, 'slow', 'merge', { metadata: { finalizers: null } });
  assert.equal(ask.get(DEPLOYMENT, 'second'), undefined);
});

test('deletion preconditions and refused deletions', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('a'));
  assert.equal(ask.failure(() => ask.remove(CONFIG_MAP, 'a', { preconditions: { uid: 'other' } })).code, 409);
  assert.equal(ask.failure(() => ask.remove(CONFIG_MAP, 'none')).message, 'configmaps "none" not found');
  assert.equal(ask.failure(() => ask.remove(NAMESPACE, 'default')).code, 403);
});

test('a namespace takes all that it holds with it, and stays until that is gone', () => {
  const ask = aStore();
  ask.create(NAMESPACE, { metadata: { name: 'team' } });
  const inTeam = (body: Record<string, unknown>): boolean => ask.store.execute({ verb: 'create', type: POD, namespace: 'team', body, options: {} }, START).ok;
  assert.ok(inTeam(aPod('bound', { nodeName: 'node-1' })) && inTeam(aPod('free')));
  assert.deepEqual(ask.get(NAMESPACE, 'team')?.metadata.labels, { 'kubernetes.io/metadata.name': 'team' });
  ask.remove(NAMESPACE, 'team');
  const status = ask.get(NAMESPACE, 'team')?.['status'] as { phase: string; conditions: { type: string; status: string; message: string }[] } | undefined;
  assert.equal(status?.phase, 'Terminating');
  assert.deepEqual(status.conditions.filter((each) => each.status === 'True').map(({ type, message }) => [type, message]), [
    ['NamespaceContentRemaining', 'Some resources are remaining: pods. has 1 resource instances'],
  ]);
  const refused = ask.store.execute({ verb: 'create', type: SERVICE_ACCOUNT, namespace: 'team', body: { metadata: { name: 'x' } }, options: {} }, START);
  assert.ok(!refused.ok && refused.error.code === 403);
  assert.match(refused.error.message, /unable to create new content in namespace team because it is being terminated/);
  ask.store.execute({ verb: 'delete', type: POD, namespace: 'team', name: 'bound', body: { gracePeriodSeconds: 0 }, options: {} }, START);
  assert.equal(ask.get(NAMESPACE, 'team'), undefined);
});

test('a dry run answers as if, and leaves nothing', () => {
  const ask = aStore();
  const before = ask.store.revision();
  assert.equal(ask.create(CONFIG_MAP, aConfigMap('a'), { dryRun: true }).metadata.name, 'a');
  assert.equal(ask.store.revision(), before);
  assert.equal(ask.get(CONFIG_MAP, 'a'), undefined);
});

test('deletecollection takes what the selector takes', () => {
  const ask = aStore();
  for (const [name, app] of [['a', 'x'], ['b', 'y'], ['c', 'x']] as const) ask.create(CONFIG_MAP, aConfigMap(name, {}, { app }));
  assert.ok(ask.store.execute({ verb: 'deletecollection', type: CONFIG_MAP, namespace: 'default', options: { labelSelector: 'app=x' } }, START).ok);
  assert.deepEqual(names(ask.list(CONFIG_MAP).items), ['b']);
});

test('secrets fold stringData into data', () => {
  const ask = aStore();
  const secret = ask.create(SECRET, { metadata: { name: 's' }, data: { a: 'eA==' }, stringData: { b: 'zürich' } });
  assert.deepEqual(secret['data'], { a: 'eA==', b: Buffer.from('zürich').toString('base64') });
  assert.equal(secret['type'], 'Opaque');
  assert.equal(secret['stringData'], undefined);
});

test('events are gone an hour after their last write', () => {
  const ask = aStore();
  const event = (name: string): Record<string, unknown> => ({ metadata: { name }, involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' }, reason: 'R', type: 'Normal' });
  ask.create(EVENT, event('old'));
  ask.create(EVENT, event('renewed'));
  ask.now = START + 1_800_000;
  ask.patch(EVENT, 'renewed', 'merge', { count: 2 });
  ask.now = START + 3_700_000;
  ask.create(EVENT, event('new'));
  assert.deepEqual(names(ask.list(EVENT).items), ['new', 'renewed']);
});
