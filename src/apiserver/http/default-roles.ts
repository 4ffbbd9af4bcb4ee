// The roles that every cluster has, for those who bind service accounts to them: cluster-admin, admin, edit, view.

import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, type ResourceType } from '../../kinds/resource-type.js';
import type { Instant } from '../../lib/instant.js';
import type { ApiStore } from '../store/api.js';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

type Row = { readonly groups: readonly string[]; readonly read: readonly string[]; /** For those who edit. */ readonly more: readonly string[] };

const ROWS: readonly Row[] = [
  {
    groups: [''],
    read: [
      'configmaps',
      'endpoints',
      'events',
      'namespaces',
      'pods',
      'pods/log',
      'pods/status',
      'podtemplates',
      'resourcequotas',
      'resourcequotas/status',
      'serviceaccounts',
      'services',
      'services/status',
    ],
    more: ['configmaps', 'events', 'pods', 'pods/eviction', 'secrets', 'serviceaccounts', 'serviceaccounts/token', 'services'],
  },
  {
    groups: ['apps'],
    read: ['deployments', 'deployments/scale', 'deployments/status', 'replicasets', 'replicasets/scale', 'replicasets/status'],
    more: ['deployments', 'deployments/scale', 'replicasets', 'replicasets/scale'],
  },
  { groups: ['autoscaling'], read: ['horizontalpodautoscalers', 'horizontalpodautoscalers/status'], more: ['horizontalpodautoscalers'] },
  { groups: ['batch'], read: ['jobs', 'jobs/status'], more: ['jobs'] },
  { groups: ['policy'], read: ['poddisruptionbudgets', 'poddisruptionbudgets/status'], more: ['poddisruptionbudgets'] },
  { groups: ['networking.k8s.io'], read: ['ingresses', 'ingresses/status'], more: ['ingresses'] },
  { groups: ['discovery.k8s.io'], read: ['endpointslices'], more: ['endpointslices'] },
  { groups: ['coordination.k8s.io'], read: ['leases'], more: ['leases'] },
  { groups: ['argoproj.io', 'networking.istio.io'], read: ['*'], more: ['*'] },
];

const VIEW = ROWS.map(({ groups, read }) => ({ apiGroups: groups, resources: read, verbs: READ }));
const EDIT = [
  ...VIEW,
  { apiGroups: [''], resources: ['secrets'], verbs: READ },
  ...ROWS.map(({ groups, more }) => ({ apiGroups: groups, resources: more, verbs: WRITE })),
];
const ADMIN = [...EDIT, { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: [...READ, ...WRITE] }];
const CLUSTER_ADMIN = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

const ROLES: Readonly<Record<string, readonly object[]>> = { admin: ADMIN, 'cluster-admin': CLUSTER_ADMIN, edit: EDIT, view: VIEW };

/** What is there already stays as it is. */
export function seedRoles(store: ApiStore, now: Instant): void {
  const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
  const create = (type: ResourceType, body: object): void => {
    store.execute({ verb: 'create', type, namespace: '', body, options: { fieldManager: 'kube-apiserver' } }, now);
  };
  for (const [name, rules] of Object.entries(ROLES)) create(CLUSTER_ROLE, { metadata: { name, labels }, rules });
  const subjects = [{ kind: 'Group', name: 'system:masters' }];
  create(CLUSTER_ROLE_BINDING, { metadata: { name: 'cluster-admin', labels }, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects });
}
