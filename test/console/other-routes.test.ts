// The real weight through the routers that are not Istio: the console reads what their objects say.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildBoard } from '../../src/console/board.js';
import { readRealWeight } from '../../src/console/route-weight.js';
import { HTTP_ROUTE } from '../../src/kinds/route-types.js';
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
