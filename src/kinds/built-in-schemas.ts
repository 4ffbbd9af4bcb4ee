// Schemas of the kinds that are part of the embedded server. Made when first asked for: most runs need only some of them.

import { BUILT_IN_FIELDS, KIND_STRUCTS } from './built-in-fields.js';
import { createStructs } from './field-notation.js';
import { POD_TEMPLATE_FIELDS } from './pod-template-fields.js';
import { apiVersionOf, BUILT_IN_TYPES } from './resource-type.js';
import type { ResourceType } from './resource-type.js';
import type { StructuralSchema } from './structural-schema.js';
import { createStructSchemas } from './struct-schema.js';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  'PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'PodSpec.dnsPolicy': ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  'PodStatus.phase': ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'],
  'Container.imagePullPolicy': PULL_POLICIES,
  'Container.terminationMessagePolicy': ['File', 'FallbackToLogsOnError'],
  'ContainerPort.protocol': PROTOCOLS,
  'Toleration.operator': ['Exists', 'Equal'],
  'Toleration.effect': ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  'HTTPGetAction.scheme': ['HTTP', 'HTTPS'],
  'ServicePort.protocol': PROTOCOLS,
  'ServiceSpec.type': ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
  'ServiceSpec.sessionAffinity': ['ClientIP', 'None'],
  'ServiceSpec.externalTrafficPolicy': ['Cluster', 'Local'],
  'ServiceSpec.internalTrafficPolicy': ['Cluster', 'Local'],
  'EndpointPort.protocol': PROTOCOLS,
  'DeploymentStrategy.type': ['Recreate', 'RollingUpdate'],
  'MetricSpec.type': ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'],
  'MetricTarget.type': ['AverageValue', 'Utilization', 'Value'],
  'JobSpec.completionMode': ['NonIndexed', 'Indexed'],
  'JobSpec.podReplacementPolicy': ['Failed', 'TerminatingOrFailed'],
  'PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy': ['AlwaysAllow', 'IfHealthyBudget'],
  'EndpointSlice.addressType': ['FQDN', 'IPv4', 'IPv6'],
  'DiscoveryEndpointPort.protocol': PROTOCOLS,
  'HTTPIngressPath.pathType': ['Exact', 'ImplementationSpecific', 'Prefix'],
  'Taint.effect': ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  'CustomResourceDefinitionSpec.scope': ['Cluster', 'Namespaced'],
};

let schemas: ((struct: string) => StructuralSchema) | undefined;

/** Undefined for kinds that are not built in: their schema is in a CustomResourceDefinition. */
export function builtInSchema(type: ResourceType): StructuralSchema | undefined {
  if (!BUILT_IN_TYPES.some((builtIn) => builtIn.group === type.group && builtIn.version === type.version && builtIn.kind === type.kind)) return undefined;
  schemas ??= createStructSchemas(createStructs({ ...POD_TEMPLATE_FIELDS, ...BUILT_IN_FIELDS }), { form: 'built-in', enums: ENUMS });
  const struct = KIND_STRUCTS[`${apiVersionOf(type)}/${type.kind}`];
  return struct === undefined ? undefined : schemas(struct);
}
