// The three kinds of patches: strategic ones by the keys of every built-in kind that has some, merge patches, JSON patches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CONFIG_MAP, DEPLOYMENT, NAMESPACE, NODE, POD, POD_DISRUPTION_BUDGET, POD_TEMPLATE, REPLICA_SET, ROLLOUT, SERVICE, SERVICE_ACCOUNT, type ResourceType,
} from '../../../src/kinds/resource-type.js';
import type { Begin } from '../api-contract.js';
import { at, boundPod, configMap, deployment, rollout, TEMPLATE, waitingPod } from './bodies.js';

type Row = {
  readonly name: string;
  readonly type: ResourceType;
  readonly body: object;
  readonly patch: object;
  readonly subresource?: string;
  readonly path: readonly (string | number)[];
  /** What is wanted there: of each item, the values of these fields. */
  readonly fields: readonly string[];
  readonly wanted: readonly (readonly unknown[])[];
};

const POD_SPEC = {
  ...waitingPod('x'),
  spec: {
    schedulerName: 'nobody',
    containers: [{ name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }], ports: [{ containerPort: 80 }], volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', emptyDir: {} }],
  },
};

const ofTemplate = (type: ResourceType, spec: object): Row => ({
  name: `${type.kind}: containers by name, and what is in them`,
  type,
  body: { metadata: { name: 'x' }, spec },
  patch: { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }, { name: 'web', env: [{ name: 'X', value: '1' }] }] } } } },
  path: ['spec', 'template', 'spec', 'containers'],
  fields: ['name', 'image', 'env'],
  wanted: [['side', 'side:1', undefined], ['web', 'web:1', [{ name: 'X', value: '1' }]]],
});

const WORKLOAD = { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE };

const ROWS: readonly Row[] = [
  ofTemplate(DEPLOYMENT, WORKLOAD),
  ofTemplate(REPLICA_SET, WORKLOAD),
  {
    name: 'PodTemplate: environment by name', type: POD_TEMPLATE, body: { metadata: { name: 'x' }, template: { spec: { containers: [{ name: 'a', image: 'a', env: [{ name: 'X', value: '1' }] }] } } },
    patch: { template: { spec: { containers: [{ name: 'a', env: [{ name: 'Y', value: '2' }] }] } } }, path: ['template', 'spec', 'containers', 0, 'env'], fields: ['name', 'value'], wanted: [['Y', '2'], ['X', '1']],
  },
  {
    name: 'Service: ports by number', type: SERVICE, body: { metadata: { name: 'x' }, spec: { ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }] } },
    patch: { spec: { ports: [{ port: 81, targetPort: 8081 }] } }, path: ['spec', 'ports'], fields: ['name', 'port', 'targetPort'], wanted: [['a', 80, 80], ['b', 81, 8081]],
  },
  {
    name: 'Service: conditions by type', type: SERVICE, body: { metadata: { name: 'x' }, spec: { ports: [{ port: 80 }] } }, subresource: 'status',
    patch: { status: { conditions: [{ type: 'Good', status: 'True', reason: 'r', message: 'm', lastTransitionTime: '2026-01-01T00:00:00Z' }] } },
    path: ['status', 'conditions'], fields: ['type', 'status'], wanted: [['Good', 'True']],
  },
  {
    name: 'ServiceAccount: secrets by name', type: SERVICE_ACCOUNT, body: { metadata: { name: 'x' }, secrets: [{ name: 'a' }] },
    patch: { secrets: [{ name: 'b' }] }, path: ['secrets'], fields: ['name'], wanted: [['b'], ['a']],
  },
  {
    name: 'Pod: conditions by type', type: POD, body: boundPod('x'), subresource: 'status',
    patch: { status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'Mine', status: 'False' }] } }, path: ['status', 'conditions'], fields: ['type', 'status'], wanted: [['Ready', 'True'], ['Mine', 'False']],
  },
  {
    name: 'Pod: addresses by address', type: POD, body: boundPod('x'), subresource: 'status',
    patch: { status: { podIP: '10.1.0.1', podIPs: [{ ip: '10.1.0.1' }] } }, path: ['status', 'podIPs'], fields: ['ip'], wanted: [['10.1.0.1']],
  },
  {
    name: 'Deployment: conditions by type', type: DEPLOYMENT, body: deployment('x'), subresource: 'status',
    patch: { status: { conditions: [{ type: 'Mine', status: 'True' }] } }, path: ['status', 'conditions', 0], fields: [], wanted: [],
  },
  {
    name: 'PodDisruptionBudget: conditions by type', type: POD_DISRUPTION_BUDGET, body: { metadata: { name: 'x' }, spec: {} }, subresource: 'status',
    patch: { status: { conditions: [{ type: 'Mine', status: 'True', reason: 'r', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }] } }, path: ['status', 'conditions', 0], fields: [], wanted: [],
  },
];

const isList = (row: Row): boolean => row.fields.length > 0;

export function patchContract(begin: Begin): void {
  for (const row of ROWS) {
    test(`strategic, ${row.name}`, async () => {
      const { create, patch } = await begin();
      await create(row.type, row.body);
      const patched = await patch(row.type, 'x', 'strategic', row.patch, {}, row.subresource);
      const found = at(patched, ...row.path);
      if (isList(row)) assert.deepEqual((found as readonly Record<string, unknown>[]).map((item) => row.fields.map((field) => item[field])), row.wanted);
      else assert.equal(at(found, 'type'), 'Mine');
    });
  }

  test('strategic, kinds of the whole cluster: addresses of nodes, conditions of namespaces', async () => {
    const { api, namespace, create, patch, remove } = await begin();
    const node = `${namespace}-node`;
    await create(NODE, { metadata: { name: node }, spec: { unschedulable: true } });
    await patch(NODE, node, 'strategic', { status: { addresses: [{ type: 'InternalIP', address: '10.9.0.1' }] } }, {}, 'status');
    const more = await patch(NODE, node, 'strategic', { status: { addresses: [{ type: 'Hostname', address: 'n' }] } }, {}, 'status');
    assert.deepEqual((at(more, 'status', 'addresses') as readonly { type: string }[]).map(({ type }) => type), ['Hostname', 'InternalIP']);
    await remove(NODE, node);
    const labelled = await api.ask({ verb: 'patch', type: NAMESPACE, namespace: '', name: namespace, patchType: 'strategic', body: { metadata: { labels: { a: 'b' } } }, options: {} });
    assert.ok(labelled.ok && at(labelled.value.object, 'metadata', 'labels', 'kubernetes.io/metadata.name') === namespace);
  });

  test('strategic: the directives $patch, $setElementOrder, $deleteFromPrimitiveList and $retainKeys', async () => {
    const { create, patch } = await begin();
    await create(POD_TEMPLATE, { metadata: { name: 'x', finalizers: ['a.io/a', 'a.io/b'] }, template: { spec: POD_SPEC.spec } });
    const containers = (object: unknown): unknown => (at(object, 'template', 'spec', 'containers') as readonly { name: string }[]).map(({ name }) => name);
    const spec = (patched: object): object => ({ template: { spec: patched } });
    const added = await patch(POD_TEMPLATE, 'x', 'strategic', spec({ $setElementOrder: undefined, '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }], containers: [{ name: 'b', image: 'b:1' }] }));
    assert.deepEqual(containers(added), ['a', 'b']);
    const deleted = await patch(POD_TEMPLATE, 'x', 'strategic', spec({ containers: [{ name: 'a', $patch: 'delete' }] }));
    assert.deepEqual(containers(deleted), ['b']);
    const replaced = await patch(POD_TEMPLATE, 'x', 'strategic', spec({ containers: [{ $patch: 'replace' }, { name: 'c', image: 'c:1' }] }));
    assert.deepEqual(containers(replaced), ['c']);
    const volume = await patch(POD_TEMPLATE, 'x', 'strategic', spec({ volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'm' } }] }));
    assert.deepEqual(Object.keys(at(volume, 'template', 'spec', 'volumes', 0) as object).toSorted(), ['configMap', 'name']);
    const finalizers = await patch(POD_TEMPLATE, 'x', 'strategic', { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.io/a'] } });
    assert.deepEqual(finalizers.metadata.finalizers, ['a.io/b']);
    await patch(POD_TEMPLATE, 'x', 'merge', { metadata: { finalizers: null } });
  });

  test('strategic: what a rolling update leaves behind when a Deployment recreates', async () => {
    const { create, patch } = await begin();
    await create(DEPLOYMENT, deployment('d'));
    const patched = await patch(DEPLOYMENT, 'd', 'strategic', { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } });
    assert.deepEqual(at(patched, 'spec', 'strategy'), { type: 'Recreate' });
  });

  test('merge: null deletes, lists are replaced; custom kinds take no strategic patch', async () => {
    const { create, patch, refused } = await begin();
    await create(CONFIG_MAP, { metadata: { name: 'a', labels: { x: '1', y: '2' } }, data: { k: '1' } });
    const merged = await patch(CONFIG_MAP, 'a', 'merge', { metadata: { labels: { x: null } }, data: { l: '2' } });
    assert.deepEqual([merged.metadata.labels, merged['data']], [{ y: '2' }, { k: '1', l: '2' }]);
    await create(ROLLOUT, rollout('r'));
    const replaced = await patch(ROLLOUT, 'r', 'merge', { spec: { template: { spec: { containers: [{ name: 'other', image: 'o:1' }] } } } });
    assert.deepEqual((at(replaced, 'spec', 'template', 'spec', 'containers') as readonly { name: string }[]).map(({ name }) => name), ['other']);
    const media = await refused(patch(ROLLOUT, 'r', 'strategic', {}), 415, 'UnsupportedMediaType');
    assert.equal(media.message, 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml');
  });

  test('JSON patches: each operation, a test that fails, a path that is none', async () => {
    const { create, patch, get, refused } = await begin();
    await create(CONFIG_MAP, configMap('a'));
    const done = await patch(CONFIG_MAP, 'a', 'json', [
      { op: 'test', path: '/data/k', value: '1' }, { op: 'add', path: '/data/l', value: '2' }, { op: 'copy', from: '/data/l', path: '/data/m' },
      { op: 'move', from: '/data/m', path: '/data/n' }, { op: 'replace', path: '/data/k', value: '9' }, { op: 'remove', path: '/data/l' },
    ]);
    assert.deepEqual(done['data'], { k: '9', n: '2' });
    const failed = await refused(patch(CONFIG_MAP, 'a', 'json', [{ op: 'test', path: '/data/k', value: '1' }, { op: 'remove', path: '/data/k' }]), 422, 'Invalid');
    assert.equal(failed.message, 'the server rejected our request due to an error in our request');
    await refused(patch(CONFIG_MAP, 'a', 'json', [{ op: 'remove', path: '/data/none' }]), 422, 'Invalid');
    await refused(patch(CONFIG_MAP, 'a', 'json', { op: 'remove' }), 400, 'BadRequest');
    assert.deepEqual((await get(CONFIG_MAP, 'a'))['data'], { k: '9', n: '2' });
  });

  test('what names an object can not be patched', async () => {
    const { create, patch, refused } = await begin();
    await create(CONFIG_MAP, configMap('a'));
    await refused(patch(CONFIG_MAP, 'a', 'merge', { metadata: { name: 'b' } }), 400, 'BadRequest');
    await refused(patch(CONFIG_MAP, 'a', 'merge', { metadata: { namespace: 'b' } }), 400, 'BadRequest');
    const uid = await refused(patch(CONFIG_MAP, 'a', 'merge', { metadata: { uid: 'b' } }), 422, 'Invalid');
    assert.equal(uid.message, 'ConfigMap "a" is invalid: metadata.uid: Invalid value: "b": field is immutable');
  });
}
