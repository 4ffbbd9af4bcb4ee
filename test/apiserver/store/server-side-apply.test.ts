// Server-side apply and the owners of fields: who owns what after which write, conflicts, force, and what falls away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiOptions, ApiStatus } from '../../../src/apiserver/store/api.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { CONFIG_MAP, DEPLOYMENT, SERVICE, type ResourceType } from '../../../src/kinds/resource-type.js';
import { aConfigMap, aDefinition, aDeployment, aStore, WIDGET, type Asking } from './a-store.js';

type Entry = { readonly manager: string; readonly operation: string; readonly subresource?: string; readonly apiVersion: string; readonly fieldsV1: unknown };

const entries = (object: KubeObject | undefined): readonly Entry[] => (object?.metadata.managedFields ?? []) as readonly Entry[];

const fieldsOf = (object: KubeObject | undefined, manager: string, subresource?: string): unknown =>
  entries(object).find((entry) => entry.manager === manager && entry.subresource === subresource)?.fieldsV1;

type How = ApiOptions & { readonly subresource?: string };

type Ran = { readonly code: number; readonly object?: KubeObject; readonly status?: ApiStatus };

function run(ask: Asking, patchType: 'apply' | 'merge', type: ResourceType, name: string, body: object, { subresource, ...options }: How): Ran {
  const config = patchType === 'apply' && subresource !== 'scale' ? { apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`, kind: type.kind, ...body, metadata: { name, ...(body as Partial<KubeObject>).metadata } } : body;
  const target = subresource === undefined ? {} : { subresource };
  const answer = ask.store.execute({ verb: 'patch', type, namespace: 'default', name, ...target, patchType, body: config, options }, ask.now);
  return answer.ok ? { code: answer.value.code, object: answer.value.object as KubeObject } : { code: answer.error.code, status: answer.error };
}

const apply = (ask: Asking, type: ResourceType, name: string, body: object, manager: string, more: How = {}): ReturnType<typeof run> =>
  run(ask, 'apply', type, name, body, { fieldManager: manager, ...more });

test('what is applied is created, owned, and gone when it is applied no longer', () => {
  const ask = aStore();
  const made = apply(ask, CONFIG_MAP, 'a', { metadata: { name: 'a', labels: { x: '1' } }, data: { k: '1', l: '2' } }, 'one');
  assert.equal(made.code, 201);
  assert.deepEqual(entries(made.object).map(({ manager, operation, apiVersion }) => [manager, operation, apiVersion]), [['one', 'Apply', 'v1']]);
  assert.deepEqual(fieldsOf(made.object, 'one'), { 'f:metadata': { 'f:labels': { 'f:x': {} } }, 'f:data': { 'f:k': {}, 'f:l': {} } });
  const less = apply(ask, CONFIG_MAP, 'a', { data: { k: '1' } }, 'one');
  assert.equal(less.code, 200);
  assert.deepEqual([less.object?.['data'], less.object?.metadata.labels], [{ k: '1' }, undefined]);
  const again = apply(ask, CONFIG_MAP, 'a', { data: { k: '1' } }, 'one');
  assert.equal(again.object?.metadata.resourceVersion, less.object?.metadata.resourceVersion);
});

test('a field of another manager is a conflict, shared when equal, taken by force', () => {
  const ask = aStore();
  apply(ask, CONFIG_MAP, 'a', { data: { k: '1', own: 'x' } }, 'one');
  const refused = apply(ask, CONFIG_MAP, 'a', { data: { k: '2' } }, 'two').status;
  assert.deepEqual([refused?.code, refused?.reason], [409, 'Conflict']);
  assert.equal(refused?.message, 'Apply failed with 1 conflict: conflict with "one": .data.k');
  assert.deepEqual(refused?.details?.causes, [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.k' }]);
  assert.deepEqual(ask.get(CONFIG_MAP, 'a')?.['data'], { k: '1', own: 'x' });
  apply(ask, CONFIG_MAP, 'a', { data: { k: '1' } }, 'three');
  const kept = apply(ask, CONFIG_MAP, 'a', { data: { own: 'x' } }, 'one').object;
  assert.deepEqual(kept?.['data'], { k: '1', own: 'x' }, 'three owns it still');
  const forced = apply(ask, CONFIG_MAP, 'a', { data: { k: '2', own: 'y' } }, 'two', { force: true }).object;
  assert.deepEqual(forced?.['data'], { k: '2', own: 'y' });
  assert.deepEqual(entries(forced).map(({ manager }) => manager), ['two']);
});

test('several conflicts are listed by manager; updates are named with their version', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('a', { k: '1', l: '2' }), { fieldManager: 'kubectl-create' });
  const { status } = apply(ask, CONFIG_MAP, 'a', { data: { k: 'x', l: 'y' } }, 'two');
  assert.equal(status?.message, 'Apply failed with 2 conflicts: conflicts with "kubectl-create" using v1:\n- .data.k\n- .data.l');
});

test('ordinary writes own what they change, and take it from others without asking', () => {
  const ask = aStore();
  apply(ask, CONFIG_MAP, 'a', { data: { k: '1', l: '2' } }, 'one');
  const written = run(ask, 'merge', CONFIG_MAP, 'a', { data: { k: '9', m: '3' } }, { fieldManager: 'editor' }).object;
  assert.deepEqual(fieldsOf(written, 'editor'), { 'f:data': { 'f:k': {}, 'f:m': {} } });
  assert.deepEqual(fieldsOf(written, 'one'), { 'f:data': { 'f:l': {} } });
  const removed = run(ask, 'merge', CONFIG_MAP, 'a', { data: { l: null, m: null } }, { fieldManager: 'other' }).object;
  assert.deepEqual(entries(removed).map(({ manager, fieldsV1 }) => [manager, fieldsV1]), [['editor', { 'f:data': { 'f:k': {} } }]]);
});

test('lists are owned item by item', () => {
  const ask = aStore();
  const spec = (containers: object[]): object => ({
    spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers } } },
  });
  apply(ask, DEPLOYMENT, 'web', spec([{ name: 'web', image: 'web:1', ports: [{ containerPort: 80 }] }]), 'one');
  const side = { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }] } } } };
  const both = apply(ask, DEPLOYMENT, 'web', side, 'two').object;
  type Spec = { readonly template: { readonly spec: { readonly containers: readonly { readonly name: string }[] } } };
  const names = (object: KubeObject | undefined): string[] | undefined => (object?.['spec'] as Spec | undefined)?.template.spec.containers.map(({ name }) => name);
  assert.deepEqual(names(both)?.toSorted(), ['side', 'web']);
  assert.deepEqual(fieldsOf(both, 'two'), { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"side"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } } } });
  assert.match(apply(ask, DEPLOYMENT, 'web', spec([{ name: 'side', image: 'side:2' }]), 'three').status?.message ?? '', /conflict with "two": \.spec\.template\.spec\.containers\[name="side"\]\.image/);
  assert.deepEqual(names(apply(ask, DEPLOYMENT, 'web', { spec: {} }, 'two').object), ['web']);
  assert.match(JSON.stringify(entries(ask.get(DEPLOYMENT, 'web'))), /k:\{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"\}/);
});

test('status and scale have managers of their own', () => {
  const ask = aStore();
  ask.create(DEPLOYMENT, aDeployment('web', { replicas: 1 }), { fieldManager: 'maker' });
  const status = run(ask, 'merge', DEPLOYMENT, 'web', { status: { replicas: 1 } }, { subresource: 'status', fieldManager: 'controller' }).object;
  assert.deepEqual(fieldsOf(status, 'controller', 'status'), { 'f:status': { 'f:replicas': {} } });
  run(ask, 'merge', DEPLOYMENT, 'web', { spec: { replicas: 3 } }, { subresource: 'scale', fieldManager: 'kubectl-scale' });
  assert.deepEqual(fieldsOf(ask.get(DEPLOYMENT, 'web'), 'kubectl-scale', 'scale'), { 'f:spec': { 'f:replicas': {} } });
  const refused = apply(ask, DEPLOYMENT, 'web', { spec: { replicas: 5 } }, 'git').status;
  assert.equal(refused?.message, 'Apply failed with 1 conflict: conflict with "kubectl-scale" with subresource "scale" using apps/v1: .spec.replicas');
  const scaled = apply(ask, DEPLOYMENT, 'web', { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 7 } }, 'applier', { subresource: 'scale', force: true }).object;
  assert.deepEqual([scaled?.kind, scaled?.['spec']], ['Scale', { replicas: 7 }]);
  assert.equal(apply(ask, DEPLOYMENT, 'web', { status: { replicas: 9 } }, 'git').object?.['status'] === undefined, false);
  assert.deepEqual(ask.get(DEPLOYMENT, 'web')?.['status'], { replicas: 1 }, 'a status is applied through its subresource');
});

test('custom resources: granular maps, lists by the keys of their schema, atomic ones whole', () => {
  const text = { type: 'string' };
  const item = { type: 'object', properties: { name: text, value: text } };
  const properties = {
    keyed: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: item },
    whole: { type: 'array', items: text },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
  };
  const ask = aStore([aDefinition({ type: 'object', properties: { spec: { type: 'object', properties } } })]);
  apply(ask, WIDGET, 'w', { spec: { keyed: [{ name: 'a', value: '1' }], whole: ['x'], set: ['p'] } }, 'one');
  const joined = apply(ask, WIDGET, 'w', { spec: { keyed: [{ name: 'b', value: '2' }], set: ['q'] } }, 'two').object;
  assert.deepEqual(joined?.['spec'], { keyed: [{ name: 'a', value: '1' }, { name: 'b', value: '2' }], whole: ['x'], set: ['p', 'q'] });
  assert.match(apply(ask, WIDGET, 'w', { spec: { whole: ['y'] } }, 'two').status?.message ?? '', /conflict with "one": \.spec\.whole/);
  assert.deepEqual(fieldsOf(ask.get(WIDGET, 'w'), 'two'), { 'f:spec': { 'f:keyed': { 'k:{"name":"b"}': { '.': {}, 'f:name': {}, 'f:value': {} } }, 'f:set': { 'v:"q"': {} } } });
});

test('owners may be rewritten and cleared by a patch, and not applied', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('a', { k: '1' }), { fieldManager: 'kubectl-client-side-apply' });
  const [entry] = entries(ask.get(CONFIG_MAP, 'a'));
  const moved = run(ask, 'merge', CONFIG_MAP, 'a', { metadata: { managedFields: [{ ...entry, manager: 'kubectl', operation: 'Apply' }] } }, {}).object;
  assert.deepEqual(entries(moved).map(({ manager, operation }) => [manager, operation]), [['kubectl', 'Apply']]);
  assert.equal(apply(ask, CONFIG_MAP, 'a', { metadata: { managedFields: [entry] } }, 'one').status?.message, 'metadata.managedFields must be nil');
  assert.equal(run(ask, 'merge', CONFIG_MAP, 'a', { metadata: { managedFields: [{}] } }, {}).object?.metadata.managedFields, undefined);
});

test('an apply needs a manager, a force needs an apply, a dry run leaves nothing', () => {
  const ask = aStore();
  assert.equal(run(ask, 'apply', CONFIG_MAP, 'a', {}, {}).status?.message, 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
  assert.match(run(ask, 'merge', CONFIG_MAP, 'a', {}, { force: true }).status?.message ?? '', /force: Forbidden: may not be specified for non-apply patch/);
  assert.equal(apply(ask, CONFIG_MAP, 'a', { data: {} }, 'one', { dryRun: true }).code, 201);
  assert.equal(ask.get(CONFIG_MAP, 'a'), undefined);
  const service = apply(ask, SERVICE, 's', { spec: { ports: [{ port: 80 }] } }, 'one').object;
  assert.deepEqual(fieldsOf(service, 'one'), { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } } } });
});

test('many managers of updates become one', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('a'), { fieldManager: 'm0' });
  for (let index = 1; index <= 15; index += 1) {
    ask.now += 1000;
    run(ask, 'merge', CONFIG_MAP, 'a', { data: { [`k${index}`]: 'x' } }, { fieldManager: `m${index}` });
  }
  const managers = entries(ask.get(CONFIG_MAP, 'a')).map(({ manager }) => manager);
  assert.equal(managers.length, 10);
  assert.ok(managers.includes('ancient-changes'));
});
