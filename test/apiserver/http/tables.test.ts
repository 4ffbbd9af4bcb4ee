// The rows that `kubectl get` prints, kind by kind: an object in, its cells out. Ages are those at 1970-01-01T01:00:00Z.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import {
  CONFIG_MAP, CUSTOM_RESOURCE_DEFINITION, DEPLOYMENT, ENDPOINTS, EVENT, HORIZONTAL_POD_AUTOSCALER, LEASE, NAMESPACE, POD, POD_TEMPLATE, REPLICA_SET, ROLLOUT, SECRET, SERVICE, SERVICE_ACCOUNT,
} from '../../../src/kinds/resource-type.js';
import type { ResourceType } from '../../../src/kinds/resource-type.js';
import { deepFreeze } from '../../../src/lib/deep.js';
import type { PrinterColumn, ServedType } from '../../../src/apiserver/http/catalogue.js';
import { columnsFor, makeTable } from '../../../src/apiserver/http/tables/table.js';

const NOW = 3_600_000;
const AN_HOUR_AGO = '1970-01-01T00:00:00Z';

const served = (type: ResourceType, printerColumns?: readonly PrinterColumn[]): ServedType => ({
  type, listKind: `${type.kind}List`, custom: type === ROLLOUT, subresources: [], schema: undefined, printerColumns,
});

function cellsOf(type: ResourceType, fields: object, printerColumns?: readonly PrinterColumn[]): readonly unknown[] {
  const object = deepFreeze({ apiVersion: 'v1', kind: type.kind, metadata: { name: 'x', creationTimestamp: AN_HOUR_AGO }, ...fields }) as KubeObject;
  const options = { version: 'v1', includeObject: 'None', withDefinitions: true } as const;
  return makeTable(columnsFor(served(type, printerColumns)), [object], {}, NOW, options).rows[0]?.cells ?? [];
}

const running = (more: object = {}): object => ({ name: 'a', ready: true, restartCount: 0, state: { running: {} }, ...more });
const pod = (status: object, metadata: object = {}, spec: object = {}): object => ({
  metadata: { name: 'x', creationTimestamp: AN_HOUR_AGO, ...metadata },
  spec: { containers: [{ name: 'a' }, { name: 'b' }], ...spec },
  status,
});

const PODS: readonly { name: string; fields: object; want: readonly string[] }[] = [
  { name: 'pending', fields: pod({ phase: 'Pending' }), want: ['0/2', 'Pending', '0'] },
  { name: 'creating', fields: pod({ phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }), want: ['0/2', 'ContainerCreating', '0'] },
  { name: 'running', fields: pod({ phase: 'Running', containerStatuses: [running(), running({ name: 'b' })] }), want: ['2/2', 'Running', '0'] },
  { name: 'not ready', fields: pod({ phase: 'Running', containerStatuses: [running(), running({ ready: false })] }), want: ['1/2', 'Running', '0'] },
  {
    name: 'one container fails to pull', fields: pod({ phase: 'Pending', containerStatuses: [running(), { state: { waiting: { reason: 'ImagePullBackOff' } } }] }),
    want: ['1/2', 'ImagePullBackOff', '0'],
  },
  {
    name: 'crash loop',
    fields: pod({
      phase: 'Running',
      containerStatuses: [{ restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { finishedAt: '1970-01-01T00:59:00Z' } } }, running()],
    }),
    want: ['1/2', 'CrashLoopBackOff', '3 (60s ago)'],
  },
  { name: 'terminated by a signal', fields: pod({ containerStatuses: [{ state: { terminated: { signal: 9 } } }] }), want: ['0/2', 'Signal:9', '0'] },
  { name: 'being deleted', fields: pod({ phase: 'Running', containerStatuses: [running()] }, { deletionTimestamp: AN_HOUR_AGO }), want: ['1/2', 'Terminating', '0'] },
  { name: 'evicted', fields: pod({ phase: 'Failed', reason: 'Evicted' }), want: ['0/2', 'Evicted', '0'] },
  {
    name: 'initialising', fields: pod({ phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }, {}, { initContainers: [{}, {}] }),
    want: ['0/2', 'Init:0/2', '0'],
  },
];

for (const { name, fields, want } of PODS) {
  test(`pods: ${name}`, () => assert.deepEqual(cellsOf(POD, fields), ['x', ...want, '60m', '<none>', '<none>', '<none>', '<none>']));
}

test('pods: what -o wide adds', () => {
  const wide = cellsOf(POD, pod({ phase: 'Running', podIP: '10.1.1.1' }, {}, { nodeName: 'node-1', readinessGates: [{ conditionType: 'g' }] })).slice(5);
  assert.deepEqual(wide, ['10.1.1.1', 'node-1', '<none>', '0/1']);
});

const template = { spec: { containers: [{ name: 'a', image: 'i:1' }, { name: 'b', image: 'j:2' }] } };
const selector = { matchLabels: { b: '2', a: '1' }, matchExpressions: [{ key: 'c', operator: 'In', values: ['y', 'x'] }, { key: 'd', operator: 'DoesNotExist' }] };
const metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 60 } } }];
const autoscaler = (status: object): object => ({
  spec: { scaleTargetRef: { kind: 'Rollout', name: 'r' }, minReplicas: 2, maxReplicas: 5, metrics }, status: { currentReplicas: 3, ...status },
});
const measured = { currentMetrics: [{ type: 'Resource', resource: { current: { averageUtilization: 12 } } }] };

const OTHERS: readonly { name: string; type: ResourceType; fields: object; want: readonly unknown[] }[] = [
  {
    name: 'deployments', type: DEPLOYMENT, fields: { spec: { replicas: 3, selector, template }, status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 } },
    want: ['x', '2/3', 1, 2, '60m', 'a,b', 'i:1,j:2', 'a=1,b=2,c in (x,y),!d'],
  },
  { name: 'replicasets', type: REPLICA_SET, fields: { spec: { replicas: 3 }, status: { replicas: 2, readyReplicas: 1 } }, want: ['x', 3, 2, 1, '60m', '', '', '<none>'] },
  {
    name: 'pod templates', type: POD_TEMPLATE, fields: { template: { ...template, metadata: { labels: { tier: 'web', app: 'a' } } } },
    want: ['x', 'a,b', 'i:1,j:2', 'app=a,tier=web'],
  },
  { name: 'autoscalers', type: HORIZONTAL_POD_AUTOSCALER, fields: autoscaler(measured), want: ['x', 'Rollout/r', 'cpu: 12%/60%', '2', 5, 3, '60m'] },
  { name: 'autoscalers before the first measurement', type: HORIZONTAL_POD_AUTOSCALER, fields: autoscaler({}), want: ['x', 'Rollout/r', 'cpu: <unknown>/60%', '2', 5, 3, '60m'] },
  {
    name: 'services', type: SERVICE,
    fields: { spec: { type: 'NodePort', clusterIP: '10.0.0.1', ports: [{ port: 80, nodePort: 30_000 }, { port: 53, protocol: 'UDP' }], selector: { app: 'w' } } },
    want: ['x', 'NodePort', '10.0.0.1', '<none>', '80:30000/TCP,53/UDP', '60m', 'app=w'],
  },
  {
    name: 'endpoints', type: ENDPOINTS, fields: { subsets: [{ addresses: ['1', '2', '3', '4'].map((last) => ({ ip: `10.0.0.${last}` })), ports: [{ port: 80 }] }] },
    want: ['x', '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...', '60m'],
  },
  { name: 'namespaces', type: NAMESPACE, fields: { status: { phase: 'Active' } }, want: ['x', 'Active', '60m'] },
  { name: 'configmaps', type: CONFIG_MAP, fields: { data: { a: '1' }, binaryData: { b: '' } }, want: ['x', 2, '60m'] },
  { name: 'secrets', type: SECRET, fields: { type: 'Opaque', data: { a: '' } }, want: ['x', 'Opaque', 1, '60m'] },
  { name: 'service accounts', type: SERVICE_ACCOUNT, fields: {}, want: ['x', 0, '60m'] },
  { name: 'leases', type: LEASE, fields: { spec: { holderIdentity: 'me' } }, want: ['x', 'me', '60m'] },
  { name: 'definitions', type: CUSTOM_RESOURCE_DEFINITION, fields: {}, want: ['x', AN_HOUR_AGO] },
  {
    name: 'events', type: EVENT,
    fields: {
      type: 'Normal', reason: 'Done', message: 'all done \n', count: 4, involvedObject: { kind: 'Rollout', name: 'r' }, source: { component: 'c' },
      firstTimestamp: AN_HOUR_AGO, lastTimestamp: '1970-01-01T00:58:00Z',
    },
    want: ['2m', 'Normal', 'Done', 'rollout/r', '', 'c', 'all done', '60m', 4, 'x'],
  },
];

for (const { name, type, fields, want } of OTHERS) {
  test(name, () => assert.deepEqual(cellsOf(type, fields), want));
}

const column = (type: string, jsonPath: string): PrinterColumn => ({ name: jsonPath, type, format: '', description: '', priority: 0, jsonPath });

test('custom resources: each column of the definition, empty where the value is missing or of another type', () => {
  const columns = [
    column('integer', '.spec.replicas'), column('string', '.spec.replicas'), column('boolean', '.spec.paused'), column('integer', '.spec.paused'),
    column('string', '.status.conditions[?(@.type=="Ready")].status'),
    column('string', '.spec.nothing'), column('date', '.metadata.creationTimestamp'), column('string', '.spec.template'),
  ];
  const fields = { spec: { replicas: 3, paused: true, template: { a: 1 } }, status: { conditions: [{ type: 'Ready', status: 'False' }] } };
  assert.deepEqual(cellsOf(ROLLOUT, fields, columns), ['x', 3, '3', true, null, 'False', null, '60m', '{"a":1}']);
  assert.deepEqual(cellsOf(ROLLOUT, fields), ['x', '60m']);
});
