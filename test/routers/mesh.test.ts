import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import { ambassador } from '../../src/routers/ambassador.js';
import { appMesh } from '../../src/routers/app-mesh.js';
import type { Router } from '../../src/routers/router.js';
import { applied, planned, route, wanted } from '../conformance/router-contract.js';
import { mapping, meshObjects, routed } from './route-fixture.js';

const base = mapping('getambassador.io/v2', 'Mapping', 'edge', { retry_policy: { num_retries: 2 } });
const byMapping = routed({ ambassador: { mappings: ['edge'] } });
const after = (router: Router, rollout: Rollout, objects: readonly KubeObject[], ...traffic: Parameters<typeof wanted>): readonly KubeObject[] => applied(objects, planned(router, rollout, objects, wanted(...traffic)));
const reason = (router: Router, rollout: Rollout, objects: readonly KubeObject[]): string => {
  const read = router.read(rollout, objects);
  return read.type === 'route-problem' ? `${read.field}: ${read.reason}` : '';
};

describe('the canary Mapping', () => {
  it('is the base with the canary\'s Service and a weight', () => {
    const [, made] = after(ambassador, byMapping, [base], 25);
    assert.deepEqual([made?.apiVersion, made?.kind, made?.metadata.name], ['getambassador.io/v2', 'Mapping', 'edge-canary']);
    assert.deepEqual(made?.['spec'], { prefix: '/', rewrite: '/', service: 'https://shop-canary.mall:443', retry_policy: { num_retries: 2 }, weight: 25 });
  });
  it('goes with the rollout', () => assert.equal(after(ambassador, byMapping, [base], 25)[1]?.metadata.ownerReferences?.[0]?.uid, 'ro-1'));
  it('is not made without a weight', () => assert.equal(after(ambassador, byMapping, [base], 0).length, 1));
  it('loses its weight first, and goes in a later pass', () => {
    const [, idle] = after(ambassador, byMapping, after(ambassador, byMapping, [base], 25), 0);
    assert.equal((idle?.['spec'] as { readonly weight?: number } | undefined)?.weight, 0);
    assert.equal(after(ambassador, byMapping, [base, ...(idle === undefined ? [] : [idle])], 0).length, 1);
  });
  it('follows its base, and gets an owner when it has none', () => {
    const orphan = mapping('getambassador.io/v2', 'Mapping', 'edge-canary', { service: 'shop-canary:80', weight: 10 });
    const [, made] = after(ambassador, byMapping, [mapping('getambassador.io/v2', 'Mapping', 'edge', { prefix: '/new' }), orphan], 10);
    assert.deepEqual(made?.['spec'], { prefix: '/new', rewrite: '/', service: 'https://shop-canary.mall:443', weight: 10 });
    assert.equal(made?.metadata.ownerReferences?.length, 1);
  });
  it('keeps to the length of names', () => {
    const name = 'e'.repeat(250);
    const [, made] = after(ambassador, routed({ ambassador: { mappings: [name] } }), [mapping('getambassador.io/v2', 'Mapping', name)], 5);
    assert.equal(made?.metadata.name, `${'e'.repeat(246)}-canary`);
  });
  it('tells of its weight when it changes, and only then', () => {
    const plan = planned(ambassador, byMapping, [base], wanted(25));
    assert.deepEqual(plan.flatMap(({ notes }) => notes.map((note) => note.reason)), ['CanaryMappingWeightUpdate']);
  });
});

describe('what Ambassador can not route', () => {
  const rows: readonly (readonly [name: string, mappings: readonly string[], objects: readonly KubeObject[], reason: RegExp])[] = [
    ['no Mapping named', [], [], /ambassador\.mappings: must provide at least one mapping/],
    ['no such Mapping', ['gone'], [base], /mappings\.getambassador\.io "gone" not found/],
    ['a base with a weight', ['edge'], [mapping('getambassador.io/v2', 'Mapping', 'edge', { weight: 10 })], /has a weight of its own/],
    ['a base that leads elsewhere', ['edge'], [mapping('getambassador.io/v2', 'Mapping', 'edge', { service: 'shop-stable-http:80' })], /does not lead to the stable Service shop-stable/],
    ['somebody else\'s canary', ['edge'], [base, { ...mapping('getambassador.io/v2', 'Mapping', 'edge-canary'), metadata: { name: 'edge-canary', namespace: 'mall', ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'other', controller: true }] } }], /controlled by a different object/],
  ];
  for (const [name, mappings, objects, text] of rows) it(name, () => assert.match(reason(ambassador, routed({ ambassador: { mappings } }), objects), text));
});

const byMesh = (routes?: readonly string[]): Rollout => routed({ appMesh: { virtualService: { name: 'shop', ...(routes === undefined ? {} : { routes }) }, virtualNodeGroup: { canaryVirtualNodeRef: { name: 'new' }, stableVirtualNodeRef: { name: 'old' } } } });
const mesh = meshObjects('httpRoute');
const selectors = (objects: readonly KubeObject[]): readonly unknown[] =>
  objects.filter(({ kind }) => kind === 'VirtualNode').map((node) => (node['spec'] as { readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> } }).podSelector.matchLabels['rollouts-pod-template-hash']);
const changed = (...traffic: Parameters<typeof wanted>): readonly string[] => planned(appMesh, byMesh(), after(appMesh, byMesh(), mesh, 100, { canaryHash: 'x', stableHash: 'y' }), wanted(...traffic)).map(({ change }) => change.ref.name);

describe('the VirtualNodes', () => {
  it('stand for the versions', () => assert.deepEqual(selectors(after(appMesh, byMesh(), mesh, 20)), ['old', 'new']));
  it('stand for nobody where there is no version, or none of its own', () => {
    assert.deepEqual(selectors(after(appMesh, byMesh(), mesh, 0, { canaryHash: 'same', stableHash: 'same' })), ['same', 'canary-hash']);
    assert.deepEqual(selectors(after(appMesh, byMesh(), mesh, 0, { canaryHash: 'new', stableHash: '' })), ['stable-hash', 'new']);
    assert.deepEqual(route(appMesh.read(byMesh(), after(appMesh, byMesh(), mesh, 0, { canaryHash: '', stableHash: 'old' }))).hashes, { canary: undefined, stable: 'old' });
  });
  it('are named before they get requests, and lose their pods after them', () => {
    assert.deepEqual(changed(20), ['old', 'new', 'split']);
    assert.deepEqual(changed(0, { canaryHash: 'same', stableHash: 'same' }), ['old', 'split', 'new']);
    assert.deepEqual(changed(0, { order: 'weight-first' }), ['old', 'split', 'new']);
  });
  it('say whose they are', () => assert.ok(after(appMesh, byMesh(), mesh, 20).slice(2).every(({ metadata }) => metadata.annotations?.['argo-rollouts.argoproj.io/managed-by-rollouts'] === 'shop')));
});

describe('the VirtualRouter', () => {
  const spec = mesh[1]?.['spec'] as { readonly routes: readonly object[] };
  const two: readonly KubeObject[] = mesh.map((object, index) => (index === 1 ? { ...object, spec: { ...spec, routes: [...spec.routes, ...spec.routes.map((each) => ({ ...each, name: 'second' }))] } } : object));
  const weights = (objects: readonly KubeObject[], rollout: Rollout): readonly number[] => route(appMesh.read(rollout, objects)).splits.map(({ canary }) => canary);
  it('is weighed in all its routes', () => assert.deepEqual(weights(after(appMesh, byMesh(), two, 20), byMesh()), [20, 20]));
  it('or in those that are named', () => assert.deepEqual(weights(after(appMesh, byMesh(['second']), two, 20), byMesh()), [0, 20]));
  it('may be in another namespace', () => {
    const elsewhere = mesh.map((object, index): KubeObject => (index === 0 ? { ...object, spec: { provider: { virtualRouter: { virtualRouterRef: { name: 'split', namespace: 'edge' } } } } } : index === 1 ? { ...object, metadata: { ...object.metadata, namespace: 'edge' } } : object));
    assert.deepEqual(weights(after(appMesh, byMesh(), elsewhere, 20), byMesh()), [20]);
  });
});

describe('what App Mesh can not route', () => {
  const without = (index: number): readonly KubeObject[] => mesh.filter((_, at) => at !== index);
  const withRoutes = (routes: readonly object[]): readonly KubeObject[] => mesh.map((object, index) => (index === 1 ? { ...object, spec: { routes } } : object));
  const target = (name: string): object => ({ virtualNodeRef: { name }, weight: 50 });
  const rows: readonly (readonly [name: string, objects: readonly KubeObject[], reason: RegExp, routes?: readonly string[]])[] = [
    ['no VirtualService', without(0), /virtualservices\.appmesh\.k8s\.aws "shop" not found/],
    ['no VirtualRouter behind it', mesh.map((object, index) => (index === 0 ? { ...object, spec: { provider: { virtualNode: {} } } } : object)), /is not provided by a VirtualRouter/],
    ['no such VirtualRouter', without(1), /virtualrouters\.appmesh\.k8s\.aws "split" not found/],
    ['no stable VirtualNode', without(2), /stableVirtualNodeRef: virtualnodes\.appmesh\.k8s\.aws "old" not found/],
    ['no such route', mesh, /has no route `gone`/, ['gone']],
    ['no route at all', withRoutes([]), /has no routes/],
    ['a route of no kind', withRoutes([{ name: 'main' }]), /is of no known kind/],
    ['three targets', withRoutes([{ name: 'main', tcpRoute: { action: { weightedTargets: [target('old'), target('new'), target('x')] } } }]), /exactly two weighted targets, not 3/],
    ['targets that are others', withRoutes([{ name: 'main', tcpRoute: { action: { weightedTargets: [target('old'), target('x')] } } }]), /does not lead to VirtualNode `new`/],
  ];
  for (const [name, objects, text, routes] of rows) it(name, () => assert.match(reason(appMesh, byMesh(routes), objects), text));
});
