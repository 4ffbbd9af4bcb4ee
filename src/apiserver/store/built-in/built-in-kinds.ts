// The table of built-in kinds: each type with its schema, subresources and rules. A new kind is one more row.

import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CONFIG_MAP,
  CUSTOM_RESOURCE_DEFINITION,
  DEPLOYMENT,
  ENDPOINT_SLICE,
  ENDPOINTS,
  EVENT,
  HORIZONTAL_POD_AUTOSCALER,
  HORIZONTAL_POD_AUTOSCALER_V1,
  INGRESS,
  INGRESS_CLASS,
  JOB,
  LEASE,
  NAMESPACE,
  NODE,
  POD,
  POD_DISRUPTION_BUDGET,
  POD_TEMPLATE,
  REPLICA_SET,
  RESOURCE_QUOTA,
  ROLE,
  ROLE_BINDING,
  SECRET,
  SERVICE,
  SERVICE_ACCOUNT,
  type ResourceType,
} from '../../../kinds/resource-type.js';
import { builtInSchema } from '../../../kinds/built-in-schemas.js';
import type { StructuralSchema } from '../../../kinds/structural-schema.js';
import { DEFINITION_RULES } from '../definition.js';
import { kindKey, type Kind, type KindRules, type ScalePaths, type ServedVersion } from '../kind.js';
import { AUTOSCALER_V1 } from './autoscaler-v1.js';
import { BINDING_RULES, BUDGET_RULES, ENDPOINTS_RULES, INGRESS_RULES, NODE_RULES, QUOTA_RULES, ROLE_RULES, SLICE_RULES } from './further-kinds.js';
import { JOB_RULES } from './job.js';
import { POD_RULES } from './pod.js';
import { SERVICE_RULES } from './service.js';
import { AUTOSCALER_RULES, CONFIG_MAP_RULES, EVENT_RULES, LEASE_RULES, NAMESPACE_RULES, SECRET_RULES } from './small-kinds.js';
import { DEPLOYMENT_RULES, POD_TEMPLATE_RULES, REPLICA_SET_RULES, WORKLOAD_SCALE } from './workload.js';

type Row = { readonly type: ResourceType; readonly rules: KindRules; readonly hasStatus?: boolean; readonly scale?: ScalePaths; readonly older?: Older };

type Older = { readonly type: ResourceType; readonly conversion: NonNullable<ServedVersion['conversion']> };

const ROWS: readonly Row[] = [
  { type: NAMESPACE, rules: NAMESPACE_RULES, hasStatus: true },
  { type: POD, rules: POD_RULES, hasStatus: true },
  { type: SERVICE, rules: SERVICE_RULES, hasStatus: true },
  { type: ENDPOINTS, rules: ENDPOINTS_RULES },
  { type: CONFIG_MAP, rules: CONFIG_MAP_RULES },
  { type: SECRET, rules: SECRET_RULES },
  { type: SERVICE_ACCOUNT, rules: { answersDeleted: true } },
  { type: EVENT, rules: EVENT_RULES },
  { type: LEASE, rules: LEASE_RULES },
  { type: DEPLOYMENT, rules: DEPLOYMENT_RULES, hasStatus: true, scale: WORKLOAD_SCALE },
  { type: REPLICA_SET, rules: REPLICA_SET_RULES, hasStatus: true, scale: WORKLOAD_SCALE },
  { type: POD_TEMPLATE, rules: POD_TEMPLATE_RULES },
  { type: HORIZONTAL_POD_AUTOSCALER, rules: AUTOSCALER_RULES, hasStatus: true, older: { type: HORIZONTAL_POD_AUTOSCALER_V1, conversion: AUTOSCALER_V1 } },
  { type: JOB, rules: JOB_RULES, hasStatus: true },
  { type: POD_DISRUPTION_BUDGET, rules: BUDGET_RULES, hasStatus: true },
  { type: NODE, rules: NODE_RULES, hasStatus: true },
  { type: RESOURCE_QUOTA, rules: QUOTA_RULES, hasStatus: true },
  { type: ENDPOINT_SLICE, rules: SLICE_RULES },
  { type: INGRESS, rules: INGRESS_RULES, hasStatus: true },
  { type: INGRESS_CLASS, rules: { hasGeneration: true } },
  { type: ROLE, rules: ROLE_RULES },
  { type: ROLE_BINDING, rules: BINDING_RULES },
  { type: CLUSTER_ROLE, rules: ROLE_RULES },
  { type: CLUSTER_ROLE_BINDING, rules: BINDING_RULES },
  { type: CUSTOM_RESOURCE_DEFINITION, rules: DEFINITION_RULES, hasStatus: true },
];

export function builtInKinds(): readonly Kind[] {
  return ROWS.map(({ type, rules, hasStatus = false, scale, older }) => {
    const version = servedVersion(type, hasStatus, scale, undefined);
    const versions = new Map([[type.version, version]]);
    if (older !== undefined) versions.set(older.type.version, servedVersion(older.type, hasStatus, scale, older.conversion));
    return { key: kindKey(type.group, type.plural), custom: false, storage: version, versions, rules };
  });
}

function servedVersion(type: ResourceType, hasStatus: boolean, scale: ScalePaths | undefined, conversion: ServedVersion['conversion']): ServedVersion {
  let schema: StructuralSchema | undefined;
  return {
    type,
    // Large, and most kinds are not written before the first frame is painted.
    get schema() {
      schema ??= builtInSchema(type);
      return schema;
    },
    hasStatus,
    scale,
    conversion,
  };
}
