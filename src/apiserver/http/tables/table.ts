// `meta.k8s.io` Table: how the server tells kubectl what to print. One row of this registry for each built-in kind.

import type { KubeObject } from '../../../kinds/kube-object.js';
import type { Instant } from '../../../lib/instant.js';
import type { ServedType } from '../catalogue.js';
import type { IncludeObject } from '../query-options.js';
import type { Column } from './column.js';
import { customColumns } from './custom.js';
import { ENDPOINTS_COLUMNS, SERVICE_COLUMNS } from './network.js';
import {
  BINDING_COLUMNS,
  BUDGET_COLUMNS,
  CREATED_COLUMNS,
  INGRESS_CLASS_COLUMNS,
  INGRESS_COLUMNS,
  JOB_COLUMNS,
  NODE_COLUMNS,
  QUOTA_COLUMNS,
  SLICE_COLUMNS,
} from './further.js';
import { POD_COLUMNS } from './pods.js';
import { CONFIG_MAP_COLUMNS, DEFINITION_COLUMNS, EVENT_COLUMNS, LEASE_COLUMNS, NAMESPACE_COLUMNS, SECRET_COLUMNS, SERVICE_ACCOUNT_COLUMNS } from './records.js';
import { AUTOSCALER_COLUMNS, DEPLOYMENT_COLUMNS, POD_TEMPLATE_COLUMNS, REPLICA_SET_COLUMNS } from './workloads.js';

const BUILT_IN: Readonly<Record<string, readonly Column[]>> = {
  Pod: POD_COLUMNS,
  Service: SERVICE_COLUMNS,
  Endpoints: ENDPOINTS_COLUMNS,
  Deployment: DEPLOYMENT_COLUMNS,
  ReplicaSet: REPLICA_SET_COLUMNS,
  PodTemplate: POD_TEMPLATE_COLUMNS,
  HorizontalPodAutoscaler: AUTOSCALER_COLUMNS,
  Namespace: NAMESPACE_COLUMNS,
  ConfigMap: CONFIG_MAP_COLUMNS,
  Secret: SECRET_COLUMNS,
  ServiceAccount: SERVICE_ACCOUNT_COLUMNS,
  Event: EVENT_COLUMNS,
  Lease: LEASE_COLUMNS,
  CustomResourceDefinition: DEFINITION_COLUMNS,
  Node: NODE_COLUMNS,
  ResourceQuota: QUOTA_COLUMNS,
  Job: JOB_COLUMNS,
  PodDisruptionBudget: BUDGET_COLUMNS,
  EndpointSlice: SLICE_COLUMNS,
  Ingress: INGRESS_COLUMNS,
  IngressClass: INGRESS_CLASS_COLUMNS,
  Role: CREATED_COLUMNS,
  ClusterRole: CREATED_COLUMNS,
  RoleBinding: BINDING_COLUMNS,
  ClusterRoleBinding: BINDING_COLUMNS,
};

export function columnsFor(served: ServedType): readonly Column[] {
  return (served.custom ? undefined : BUILT_IN[served.type.kind]) ?? customColumns(served.printerColumns);
}

export type TableOptions = {
  readonly version: 'v1' | 'v1beta1';
  readonly includeObject: IncludeObject;
  /** In a watch only the first table says what its columns are. */
  readonly withDefinitions: boolean;
};

export type Table = {
  readonly kind: 'Table';
  readonly apiVersion: string;
  readonly metadata: unknown;
  readonly columnDefinitions: readonly Omit<Column, 'cell'>[] | null;
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object?: unknown }[];
};

export function makeTable(columns: readonly Column[], objects: readonly KubeObject[], metadata: unknown, now: Instant, options: TableOptions): Table {
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata,
    columnDefinitions: options.withDefinitions
      ? columns.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority }))
      : null,
    rows: objects.map((object) => {
      const cells = columns.map((column) => column.cell(object, now));
      const shown = shownObject(object, options);
      return shown === undefined ? { cells } : { cells, object: shown };
    }),
  };
}

function shownObject(object: KubeObject, { includeObject, version }: TableOptions): unknown {
  if (includeObject === 'None') return undefined;
  return includeObject === 'Object' ? object : partialMetadata(object, version);
}

export function partialMetadata(object: KubeObject, version: 'v1' | 'v1beta1'): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}
