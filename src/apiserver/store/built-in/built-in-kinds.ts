// The table of built-in kinds: each type with its schema, subresources and rules. A new kind is one more row.

import {
  CONFIG_MAP, CUSTOM_RESOURCE_DEFINITION, DEPLOYMENT, ENDPOINTS, EVENT, HORIZONTAL_POD_AUTOSCALER, LEASE, NAMESPACE, POD, REPLICA_SET, SECRET, SERVICE, SERVICE_ACCOUNT,
  type ResourceType,
} from '../../../kinds/resource-type.js';
import { builtInSchema } from '../../../kinds/built-in-schemas.js';
import type { StructuralSchema } from '../../../kinds/structural-schema.js';
import { DEFINITION_RULES } from '../definition.js';
import { kindKey, type Kind, type KindRules, type ScalePaths, type ServedVersion } from '../kind.js';
import { POD_RULES } from './pod.js';
import { SERVICE_RULES } from './service.js';
import { AUTOSCALER_RULES, CONFIG_MAP_RULES, EVENT_RULES, LEASE_RULES, NAMESPACE_RULES, SECRET_RULES } from './small-kinds.js';
import { DEPLOYMENT_RULES, REPLICA_SET_RULES, WORKLOAD_SCALE } from './workload.js';

type Row = { readonly type: ResourceType; readonly rules: KindRules; readonly hasStatus?: boolean; readonly scale?: ScalePaths };

const ROWS: readonly Row[] = [
  { type: NAMESPACE, rules: NAMESPACE_RULES, hasStatus: true },
  { type: POD, rules: POD_RULES, hasStatus: true },
  { type: SERVICE, rules: SERVICE_RULES, hasStatus: true },
  { type: ENDPOINTS, rules: {} },
  { type: CONFIG_MAP, rules: CONFIG_MAP_RULES },
  { type: SECRET, rules: SECRET_RULES },
  { type: SERVICE_ACCOUNT, rules: {} },
  { type: EVENT, rules: EVENT_RULES },
  { type: LEASE, rules: LEASE_RULES },
  { type: DEPLOYMENT, rules: DEPLOYMENT_RULES, hasStatus: true, scale: WORKLOAD_SCALE },
  { type: REPLICA_SET, rules: REPLICA_SET_RULES, hasStatus: true, scale: WORKLOAD_SCALE },
  { type: HORIZONTAL_POD_AUTOSCALER, rules: AUTOSCALER_RULES, hasStatus: true },
  { type: CUSTOM_RESOURCE_DEFINITION, rules: DEFINITION_RULES, hasStatus: true },
];

export function builtInKinds(): readonly Kind[] {
  return ROWS.map(({ type, rules, hasStatus = false, scale }) => {
    let schema: StructuralSchema | undefined;
    const version: ServedVersion = {
      type,
      // Large, and most kinds are not written before the first frame is painted.
      get schema() {
        schema ??= builtInSchema(type);
        return schema;
      },
      hasStatus,
      scale,
    };
    return { key: kindKey(type.group, type.plural), custom: false, storage: version, versions: new Map([[type.version, version]]), rules };
  });
}
