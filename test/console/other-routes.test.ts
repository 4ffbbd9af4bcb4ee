// The real weight through the routers that are not Istio: the console reads what their objects say.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildBoard } from '../../src/console/board.js';
import { readRealWeight } from '../../src/console/route-weight.js';
import { HTTP_ROUTE, MAPPING, MESH_NODE, MESH_ROUTER, MESH_SERVICE } from '../../src/kinds/route-types.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aRollout, aSnapshot } from '../support/builders.js';

const rollout = aRollout().paused(1, 5).build();
const spec = rollout['spec'] as Readonly<Record<string, unknown>>;
const { canary } = spec['strategy'] as { readonly canary: object };
const trafficRouting = { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'edge' } } };
const routed: KubeObject = { ...rollout, spec: { ...spec, strategy: { canary: { ...canary, canaryService: 'cart-canary', stableService: 'cart-stable', trafficRouting } } } };

const route = (weight: number): KubeObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'edge', namespace: 'shop' },
  spec: { rules: [{ backendRefs: [{ name: 'cart-stable', weight: 100 - weight }, { name: 'cart-canary', weight }] }] },
});

function read(objects: readonly KubeObject[]): ReturnType<typeof readRealWeight> {
  const board = buildBoard({ ...aSnapshot({ rollouts: [routed] }), otherRoutes: [{ type: HTTP_ROUTE, objects }] });
  const [facts] = board.all;
  assert.ok(facts !== undefined);
  return readRealWeight(facts, board.index);
}

describe('the real weight of a Gateway API route', () => {
  it('is what the route says', () => assert.deepEqual([read([route(20)]).from, read([route(20)]).canaryPercent, read([route(20)]).agrees], ['routes', 20, true]));
  it('does not agree when somebody has edited it', () => assert.deepEqual([read([route(55)]).canaryPercent, read([route(55)]).agrees], [55, false]));
  it('is unknown, with the reason, when the route is gone', () => assert.match(read([]).problem ?? '', /"edge" not found/));
});

describe('the real weight of the meshes', () => {
  const mesh = (trafficRouting: object): KubeObject => ({ ...rollout, spec: { ...spec, strategy: { canary: { ...canary, canaryService: 'cart-canary', stableService: 'cart-stable', trafficRouting } } } });
  const metadata = (name: string): KubeObject['metadata'] => ({ name, namespace: 'shop' });
  const real = (object: KubeObject, otherRoutes: Snapshot['otherRoutes']): ReturnType<typeof readRealWeight> => {
    const board = buildBoard({ ...aSnapshot({ rollouts: [object] }), otherRoutes: otherRoutes ?? [] });
    const [facts] = board.all;
    assert.ok(facts !== undefined);
    return readRealWeight(facts, board.index);
  };
  it('is that of the canary Mapping', () => {
    const mapping = (name: string, more: object): KubeObject => ({ apiVersion: 'getambassador.io/v2', kind: 'Mapping', metadata: metadata(name), spec: { prefix: '/', ...more } });
    const objects = [mapping('edge', { service: 'cart-stable:80' }), mapping('edge-canary', { service: 'cart-canary:80', weight: 20 })];
    assert.deepEqual([real(mesh({ ambassador: { mappings: ['edge'] } }), [{ type: MAPPING, objects }]).canaryPercent], [20]);
  });
  it('is that of the VirtualRouter that the VirtualService names', () => {
    const of = (kind: string, name: string, body: object): KubeObject => ({ apiVersion: 'appmesh.k8s.aws/v1beta2', kind, metadata: metadata(name), spec: body });
    const target = (name: string, weight: number): object => ({ virtualNodeRef: { name }, weight });
    const routes = [{ name: 'main', httpRoute: { match: { prefix: '/' }, action: { weightedTargets: [target('new', 20), target('old', 80)] } } }];
    const found = real(mesh({ appMesh: { virtualService: { name: 'cart' }, virtualNodeGroup: { canaryVirtualNodeRef: { name: 'new' }, stableVirtualNodeRef: { name: 'old' } } } }), [
      { type: MESH_SERVICE, objects: [of('VirtualService', 'cart', { provider: { virtualRouter: { virtualRouterRef: { name: 'split' } } } })] },
      { type: MESH_ROUTER, objects: [of('VirtualRouter', 'split', { routes })] },
      { type: MESH_NODE, objects: [of('VirtualNode', 'new', {}), of('VirtualNode', 'old', {})] },
    ]);
    assert.deepEqual([found.from, found.canaryPercent, found.objects.map(({ label }) => label)], ['routes', 20, ['VirtualRouter split']]);
  });
});
