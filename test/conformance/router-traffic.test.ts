// Every router is judged by where requests go: what it plans is read by the sandbox, which knows nothing of rollouts,
// and at each weight the pods of the canary must get that share, and of a header route's requests none more.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { apiVersionOf } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import type { HeaderMatch } from '../../src/kinds/rollout-strategy.js';
import type { ManagedRoute } from '../../src/kinds/traffic.js';
import { ROUTERS } from '../../src/routers/index.js';
import { routeHost } from '../../src/sandbox/routing.js';
import type { Routing, Target } from '../../src/sandbox/routing.js';
import type { World } from '../../src/sandbox/world.js';
import { NGINX_BY_HEADER, ROUTER_CASES } from './router-cases.js';
import { applied, planned, wanted } from './router-contract.js';

function service(name: string, version: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'mall' }, spec: { selector: { version }, ports: [{ port: 80 }] } };
}

function pod(version: string): KubeObject {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${version}`, namespace: 'mall', labels: { version, app: 'shop', 'rollouts-pod-template-hash': version } },
    spec: { nodeName: 'n', containers: [{ name: 'main', image: `shop:${version}` }] }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

const everyVersion: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'mall' }, spec: { selector: { app: 'shop' }, ports: [{ port: 80 }] } };

const VERSIONS = [everyVersion, service('shop-stable', 'old'), service('shop-canary', 'new'), service('shop-trial', 'trial'), pod('old'), pod('new'), pod('trial')];

function worldOf(objects: readonly KubeObject[]): World {
  const list = (type: ResourceType, namespace?: string): readonly KubeObject[] =>
    objects.filter((object) => object.kind === type.kind && object.apiVersion === apiVersionOf(type) && (namespace === undefined || object.metadata.namespace === namespace));
  return { list, get: (ref) => list(ref.type, ref.namespace).find(({ metadata }) => metadata.name === ref.name), ownedBy: () => [] };
}

const routingOf = (objects: readonly KubeObject[], host: string, headers?: Readonly<Record<string, string>>): Routing =>
  routeHost(worldOf([...objects, ...VERSIONS]), { namespace: 'mall', name: host }, headers);
const versionOf = ({ pods }: Target): string => pods[0]?.metadata.labels?.['version'] ?? 'nobody';

/** Percent of the requests by the version whose pods they reach. */
function shares(objects: readonly KubeObject[], host: string, headers?: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  const { targets } = routingOf(objects, host, headers);
  const whole = targets.reduce((sum, { weight }) => sum + weight, 0);
  const found: Record<string, number> = {};
  for (const target of targets) if (target.weight > 0) found[versionOf(target)] = (found[versionOf(target)] ?? 0) + (target.weight * 100) / whole;
  return found;
}

const copies = (objects: readonly KubeObject[], host: string): Readonly<Record<string, number>> =>
  Object.fromEntries(routingOf(objects, host).mirrors.map((target) => [versionOf(target), target.weight]));

/** A value that fits, the match, and a value that does not. */
const MATCHES: readonly (readonly [value: string, match: HeaderMatch['headerValue'], other: string])[] = [
  ['yes', { exact: 'yes' }, 'yes!'],
  ['v2.1', { prefix: 'v2.' }, 'v21'],
  ['ab', { regex: 'a(b|c)' }, 'ad'],
];

describe('requests go where they are promised', () => {
  const rows = ROUTER_CASES.filter(({ host }) => host !== undefined);
  it('by the header that NGINX is told of', () => {
    const { router, rollout, objects, host = '' } = NGINX_BY_HEADER;
    const present = applied(objects, planned(router, rollout, objects, wanted(20)));
    assert.deepEqual([shares(present, host, { 'x-beta': 'yes' }), shares(present, host, { 'x-beta': 'no' })], [{ new: 100 }, { old: 80, new: 20 }]);
  });
  it('by every router', () => assert.deepEqual(new Set(rows.map(({ router }) => router)), new Set(ROUTERS)));
  for (const { name, router, rollout, objects, host = '', can = [] } of rows) {
    const after = (from: readonly KubeObject[], ...traffic: Parameters<typeof wanted>): readonly KubeObject[] => applied(from, planned(router, rollout, from, wanted(...traffic)));
    const at = (...traffic: Parameters<typeof wanted>): Readonly<Record<string, number>> => shares(after(objects, ...traffic), host);
    const plain = (weight: number): Readonly<Record<string, number>> => ({ ...(weight < 100 ? { old: 100 - weight } : {}), ...(weight > 0 ? { new: weight } : {}) });
    it(`${name}: at every weight`, () => {
      for (const weight of [0, 1, 20, 50, 99, 100]) assert.deepEqual(at(weight), plain(weight));
    });
    it(`${name}: at each step of an update, and back after an abort`, () => {
      let present = objects;
      for (const weight of [0, 10, 60, 100, 30, 0, 0]) {
        present = after(present, weight);
        assert.deepEqual(shares(present, host), plain(weight));
      }
    });
    if (can.includes('additional')) it(`${name}: with an experiment`, () => assert.deepEqual(at(20, { additional: [{ service: 'shop-trial', hash: 'trial', weight: 15 }] }), { old: 65, new: 20, trial: 15 }));
    if (can.includes('mirror')) it(`${name}: copies to the canary, beside the split`, () => {
      const managedRoutes: readonly ManagedRoute[] = [{ type: 'mirror', name: 'shadow', match: [{ path: { prefix: '/' } }], percentage: 40 }];
      const present = after(objects, 20, { managedRoutes });
      assert.deepEqual(shares(present, host), plain(20));
      assert.deepEqual(copies(present, host), { new: 40 });
      assert.deepEqual(copies(after(present, 20), host), {});
    });
    if (can.includes('headers')) {
      for (const [value, headerValue, other] of MATCHES.filter(([, match]) => match.exact !== undefined || router.name !== 'alb')) {
        it(`${name}: by ${Object.keys(headerValue).join()} of a header, and beside it`, () => {
          const managedRoutes: readonly ManagedRoute[] = [{ type: 'header', name: 'beta', match: [{ headerName: 'X-Beta', headerValue }] }];
          const present = after(objects, 20, { managedRoutes });
          assert.deepEqual(shares(present, host, { 'x-beta': value }), { new: 100 });
          assert.deepEqual(shares(present, host, { 'x-beta': other }), plain(20));
          assert.deepEqual(shares(present, host), plain(20));
          assert.deepEqual(shares(after(present, 20), host, { 'x-beta': value }), plain(20));
        });
      }
    }
  }
});
