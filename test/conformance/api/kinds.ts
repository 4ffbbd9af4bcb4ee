// Every built-in kind: what it is filled up with when little is said, which dry runs leave nothing, and quotas.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CLUSTER_ROLE, CLUSTER_ROLE_BINDING, CONFIG_MAP, DEPLOYMENT, ENDPOINT_SLICE, ENDPOINTS, EVENT, HORIZONTAL_POD_AUTOSCALER, HORIZONTAL_POD_AUTOSCALER_V1, INGRESS, INGRESS_CLASS,
  JOB, LEASE, NODE, POD, POD_DISRUPTION_BUDGET, POD_TEMPLATE, REPLICA_SET, RESOURCE_QUOTA, ROLE, ROLE_BINDING, SECRET, SERVICE, SERVICE_ACCOUNT, type ResourceType,
} from '../../../src/kinds/resource-type.js';
import { eventually } from '../api-door.js';
import type { Begin } from '../api-contract.js';
import { at, configMap, deployment, TEMPLATE, waitingPod } from './bodies.js';

type Row = {
  readonly type: ResourceType;
  readonly spec: object;
  /** Paths and what is wanted there. */
  readonly wanted: readonly (readonly [path: string, value: unknown])[];
  readonly generation?: number;
};

const WORKLOAD = { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE };
const RBAC = 'rbac.authorization.k8s.io';

const ROWS: readonly Row[] = [
  {
    type: POD, spec: { spec: { schedulerName: 'nobody', containers: [{ name: 'a', image: 'a:latest', ports: [{ containerPort: 80 }] }] } }, generation: 1,
    wanted: [
      ['spec.restartPolicy', 'Always'], ['spec.terminationGracePeriodSeconds', 30], ['spec.dnsPolicy', 'ClusterFirst'], ['spec.enableServiceLinks', true], ['spec.serviceAccountName', 'default'],
      ['spec.priority', 0], ['spec.preemptionPolicy', 'PreemptLowerPriority'], ['spec.containers.0.imagePullPolicy', 'Always'], ['spec.containers.0.ports.0.protocol', 'TCP'],
      ['spec.containers.0.terminationMessagePath', '/dev/termination-log'], ['status.phase', 'Pending'], ['status.qosClass', 'BestEffort'],
    ],
  },
  {
    type: SERVICE, spec: { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
    wanted: [
      ['spec.sessionAffinity', 'None'], ['spec.ports.0.protocol', 'TCP'], ['spec.ports.0.targetPort', 80], ['spec.ipFamilies', ['IPv4']], ['spec.ipFamilyPolicy', 'SingleStack'],
      ['spec.internalTrafficPolicy', 'Cluster'], ['spec.externalTrafficPolicy', 'Cluster'], ['status', { loadBalancer: {} }],
    ],
  },
  { type: ENDPOINTS, spec: { subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }] }, wanted: [['subsets.0.ports.0.protocol', 'TCP']] },
  { type: CONFIG_MAP, spec: { data: { a: 'b' } }, wanted: [['data', { a: 'b' }]] },
  { type: SECRET, spec: { stringData: { a: 'b' } }, wanted: [['data', { a: 'Yg==' }], ['type', 'Opaque'], ['stringData', undefined]] },
  { type: SERVICE_ACCOUNT, spec: {}, wanted: [] },
  { type: LEASE, spec: { spec: { holderIdentity: 'x' } }, wanted: [['spec.holderIdentity', 'x']] },
  {
    type: DEPLOYMENT, spec: { spec: WORKLOAD }, generation: 1,
    wanted: [['spec.strategy', { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } }], ['spec.revisionHistoryLimit', 10], ['spec.progressDeadlineSeconds', 600], ['spec.template.spec.schedulerName', 'default-scheduler']],
  },
  { type: REPLICA_SET, spec: { spec: WORKLOAD }, generation: 1, wanted: [['spec.template.spec.restartPolicy', 'Always'], ['status.replicas', 0]] },
  { type: POD_TEMPLATE, spec: { template: TEMPLATE }, generation: 1, wanted: [['template.spec.restartPolicy', 'Always']] },
  {
    type: HORIZONTAL_POD_AUTOSCALER, spec: { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }, maxReplicas: 3 } },
    wanted: [['spec.minReplicas', 1], ['spec.metrics.0.resource.target', { type: 'Utilization', averageUtilization: 80 }]],
  },
  {
    type: HORIZONTAL_POD_AUTOSCALER_V1, spec: { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }, maxReplicas: 3, targetCPUUtilizationPercentage: 50 } },
    wanted: [['apiVersion', 'autoscaling/v1'], ['spec.targetCPUUtilizationPercentage', 50], ['spec.metrics', undefined]],
  },
  {
    type: JOB, spec: { spec: { suspend: true, template: { spec: { ...TEMPLATE.spec, restartPolicy: 'Never' } } } }, generation: 1,
    wanted: [['spec.completions', 1], ['spec.parallelism', 1], ['spec.backoffLimit', 6], ['spec.completionMode', 'NonIndexed'], ['spec.podReplacementPolicy', 'TerminatingOrFailed'], ['spec.template.metadata.labels.job-name', 'x'], ['metadata.labels.job-name', 'x']],
  },
  { type: POD_DISRUPTION_BUDGET, spec: { spec: { maxUnavailable: '50%', selector: { matchLabels: { a: 'b' } } } }, generation: 1, wanted: [['status.disruptionsAllowed', 0]] },
  {
    type: ENDPOINT_SLICE, spec: { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.2.3'] }], ports: [{ port: 80 }] }, generation: 1,
    wanted: [['endpoints.0.conditions', {}], ['ports.0', { name: '', port: 80, protocol: 'TCP' }]],
  },
  {
    type: INGRESS, spec: { spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }] } }] } }, generation: 1,
    wanted: [['status', { loadBalancer: {} }]],
  },
  { type: ROLE, spec: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }, wanted: [['rules.0.verbs', ['get']]] },
  { type: ROLE_BINDING, spec: { roleRef: { apiGroup: RBAC, kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'u' }] }, wanted: [['subjects.0.apiGroup', RBAC]] },
  { type: EVENT, spec: { involvedObject: { kind: 'Pod', name: 'p' }, reason: 'R', message: 'm', type: 'Normal' }, wanted: [['reason', 'R']] },
];

const CLUSTER_WIDE: readonly Row[] = [
  { type: NODE, spec: { spec: { unschedulable: true } }, wanted: [['spec.unschedulable', true], ['status.nodeInfo.kubeletVersion', '']] },
  { type: INGRESS_CLASS, spec: { spec: { controller: 'contract.io/none' } }, generation: 1, wanted: [['spec.controller', 'contract.io/none']] },
  { type: CLUSTER_ROLE, spec: { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }, wanted: [['rules.0.nonResourceURLs', ['/x']]] },
  { type: CLUSTER_ROLE_BINDING, spec: { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'none' }, subjects: [{ kind: 'Group', name: 'nobody' }] }, wanted: [['subjects.0.kind', 'Group']] },
];

function check(object: unknown, { type, wanted, generation }: Row): void {
  for (const [path, value] of wanted) assert.deepEqual(at(object, ...path.split('.')), value, `${type.kind} ${path}`);
  assert.equal(at(object, 'metadata', 'generation'), generation, `${type.kind} metadata.generation`);
}

export function kindContract(begin: Begin): void {
  for (const row of ROWS) {
    test(`${row.type.kind} (${row.type.version}) is filled up, found, listed and deleted`, async () => {
      const { create, get, list, remove, namespace } = await begin();
      const spec = row.type === EVENT ? { ...row.spec, involvedObject: { kind: 'Pod', name: 'p', namespace } } : row.spec;
      check(await create(row.type, { metadata: { name: 'x' }, ...spec }), row);
      assert.equal((await get(row.type, 'x')).metadata.name, 'x');
      const listed = await list(row.type, { fieldSelector: 'metadata.name=x' });
      assert.deepEqual([listed.kind, listed.items.map((item) => item.metadata.name)], [`${row.type.kind}List`, ['x']]);
      await remove(row.type, 'x', { propagationPolicy: 'Background' });
    });
  }

  for (const row of CLUSTER_WIDE) {
    test(`${row.type.kind} (of the whole cluster) is filled up, found and deleted`, async () => {
      const { create, get, remove, namespace } = await begin();
      check(await create(row.type, { metadata: { name: namespace }, ...row.spec }), row);
      assert.equal((await get(row.type, namespace)).metadata.name, namespace);
      await remove(row.type, namespace);
    });
  }

  test('a dry run answers as the real thing would, and leaves nothing', async () => {
    const { create, update, patch, remove, get, find, list } = await begin();
    const dry = { dryRun: true };
    assert.ok((await create(CONFIG_MAP, configMap('none'), dry)).metadata.uid !== undefined);
    assert.equal(await find(CONFIG_MAP, 'none'), undefined);
    const made = await create(CONFIG_MAP, configMap('a'));
    assert.deepEqual((await update(CONFIG_MAP, { ...made, data: { k: '2' } }, dry))['data'], { k: '2' });
    assert.deepEqual((await patch(CONFIG_MAP, 'a', 'merge', { data: { k: '3' } }, dry))['data'], { k: '3' });
    assert.deepEqual((await patch(CONFIG_MAP, 'a', 'apply', { data: { k: '4' } }, { ...dry, force: true }))['data'], { k: '4' });
    assert.equal(at(await patch(CONFIG_MAP, 'new', 'apply', { data: { k: '4' } }, dry), 'metadata', 'name'), 'new');
    await remove(CONFIG_MAP, 'a', undefined, dry);
    await create(DEPLOYMENT, deployment('d'));
    assert.equal(at(await patch(DEPLOYMENT, 'd', 'merge', { spec: { replicas: 5 } }, dry, 'scale'), 'spec', 'replicas'), 5);
    assert.equal(at(await get(DEPLOYMENT, 'd'), 'spec', 'replicas'), 0);
    const { resourceVersion, uid } = (await get(CONFIG_MAP, 'a')).metadata;
    assert.deepEqual([resourceVersion, uid], [made.metadata.resourceVersion, made.metadata.uid]);
    assert.equal((await list(CONFIG_MAP, { fieldSelector: 'metadata.name=new' })).items.length, 0);
  });

  test('quotas: what pods ask for is counted, the one too many is refused', async () => {
    const { create, get, refused } = await begin();
    await create(RESOURCE_QUOTA, { metadata: { name: 'q' }, spec: { hard: { pods: '1', 'requests.cpu': '1' } } });
    const used = async (): Promise<unknown> => at(await get(RESOURCE_QUOTA, 'q'), 'status', 'used');
    await eventually('the quota is counted', async () => at(await used(), 'pods') === '0');
    const asking = (name: string, cpu?: string): object =>
      waitingPod(name, { containers: [{ name: 'app', image: 'app:1', ...(cpu === undefined ? {} : { resources: { requests: { cpu } } }) }] });
    assert.equal((await refused(create(POD, asking('p')), 403, 'Forbidden')).message, 'pods "p" is forbidden: failed quota: q: must specify requests.cpu for: app');
    const over = await refused(create(POD, asking('p', '2')), 403, 'Forbidden');
    assert.equal(over.message, 'pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1');
    await refused(create(POD, asking('p', '2'), { dryRun: true }), 403, 'Forbidden');
    await create(POD, asking('p', '500m'));
    await eventually('what is used is written down', async () => JSON.stringify(await used()) === '{"pods":"1","requests.cpu":"500m"}');
    const second = await refused(create(POD, asking('p2', '100m')), 403, 'Forbidden');
    assert.equal(second.message, 'pods "p2" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1');
  });
}
