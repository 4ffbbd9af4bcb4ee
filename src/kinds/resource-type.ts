// The kinds of objects that Sluice knows by name: where each is served, and what it is called.

export type ResourceType = {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
};

type Extra = { readonly shortNames?: readonly string[]; readonly categories?: readonly string[]; readonly namespaced?: boolean };

/** For kinds in other files of this room: routing objects (route-types.ts). */
export function define(group: string, version: string, kind: string, plural: string, extra: Extra = {}): ResourceType {
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: extra.shortNames ?? [],
    categories: extra.categories ?? [],
    namespaced: extra.namespaced ?? true,
  };
}

export const NAMESPACE = define('', 'v1', 'Namespace', 'namespaces', { shortNames: ['ns'], namespaced: false });
export const POD = define('', 'v1', 'Pod', 'pods', { shortNames: ['po'], categories: ['all'] });
export const SERVICE = define('', 'v1', 'Service', 'services', { shortNames: ['svc'], categories: ['all'] });
export const ENDPOINTS = define('', 'v1', 'Endpoints', 'endpoints', { shortNames: ['ep'] });
export const CONFIG_MAP = define('', 'v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] });
export const SECRET = define('', 'v1', 'Secret', 'secrets');
export const SERVICE_ACCOUNT = define('', 'v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] });
export const EVENT = define('', 'v1', 'Event', 'events', { shortNames: ['ev'] });
export const LEASE = define('coordination.k8s.io', 'v1', 'Lease', 'leases');
export const DEPLOYMENT = define('apps', 'v1', 'Deployment', 'deployments', { shortNames: ['deploy'], categories: ['all'] });
export const REPLICA_SET = define('apps', 'v1', 'ReplicaSet', 'replicasets', { shortNames: ['rs'], categories: ['all'] });
export const POD_TEMPLATE = define('', 'v1', 'PodTemplate', 'podtemplates');
export const HORIZONTAL_POD_AUTOSCALER = define('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
  shortNames: ['hpa'],
  categories: ['all'],
});
/** The older form of the same objects, which older clients ask for. */
export const HORIZONTAL_POD_AUTOSCALER_V1: ResourceType = { ...HORIZONTAL_POD_AUTOSCALER, version: 'v1' };
export const NODE = define('', 'v1', 'Node', 'nodes', { shortNames: ['no'], namespaced: false });
export const RESOURCE_QUOTA = define('', 'v1', 'ResourceQuota', 'resourcequotas', { shortNames: ['quota'] });
export const JOB = define('batch', 'v1', 'Job', 'jobs', { categories: ['all'] });
export const POD_DISRUPTION_BUDGET = define('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', { shortNames: ['pdb'] });
export const ENDPOINT_SLICE = define('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices');
export const INGRESS = define('networking.k8s.io', 'v1', 'Ingress', 'ingresses', { shortNames: ['ing'] });
export const INGRESS_CLASS = define('networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', { namespaced: false });
export const ROLE = define('rbac.authorization.k8s.io', 'v1', 'Role', 'roles');
export const ROLE_BINDING = define('rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings');
export const CLUSTER_ROLE = define('rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles', { namespaced: false });
export const CLUSTER_ROLE_BINDING = define('rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings', { namespaced: false });
export const CUSTOM_RESOURCE_DEFINITION = define('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
});

export const ROLLOUT = define('argoproj.io', 'v1alpha1', 'Rollout', 'rollouts', { shortNames: ['ro'] });
export const ANALYSIS_TEMPLATE = define('argoproj.io', 'v1alpha1', 'AnalysisTemplate', 'analysistemplates', { shortNames: ['at'] });
export const CLUSTER_ANALYSIS_TEMPLATE = define('argoproj.io', 'v1alpha1', 'ClusterAnalysisTemplate', 'clusteranalysistemplates', {
  shortNames: ['cat'],
  namespaced: false,
});
export const ANALYSIS_RUN = define('argoproj.io', 'v1alpha1', 'AnalysisRun', 'analysisruns', { shortNames: ['ar'] });
export const EXPERIMENT = define('argoproj.io', 'v1alpha1', 'Experiment', 'experiments', { shortNames: ['exp'] });

const ISTIO_CATEGORIES = ['istio-io', 'networking-istio-io'];

export const VIRTUAL_SERVICE = define('networking.istio.io', 'v1alpha3', 'VirtualService', 'virtualservices', {
  shortNames: ['vs'],
  categories: ISTIO_CATEGORIES,
});
export const DESTINATION_RULE = define('networking.istio.io', 'v1alpha3', 'DestinationRule', 'destinationrules', {
  shortNames: ['dr'],
  categories: ISTIO_CATEGORIES,
});
export const GATEWAY = define('networking.istio.io', 'v1alpha3', 'Gateway', 'gateways', { shortNames: ['gw'], categories: ISTIO_CATEGORIES });

/** Questions, not objects: what this person may do, and who they are. */
export const SELF_SUBJECT_ACCESS_REVIEW = define('authorization.k8s.io', 'v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', { namespaced: false });
export const SELF_SUBJECT_REVIEW = define('authentication.k8s.io', 'v1', 'SelfSubjectReview', 'selfsubjectreviews', { namespaced: false });

/** The kinds that are part of the server itself, not installed by a CustomResourceDefinition. */
export const BUILT_IN_TYPES: readonly ResourceType[] = [
  NAMESPACE,
  POD,
  SERVICE,
  ENDPOINTS,
  CONFIG_MAP,
  SECRET,
  SERVICE_ACCOUNT,
  EVENT,
  LEASE,
  DEPLOYMENT,
  REPLICA_SET,
  POD_TEMPLATE,
  HORIZONTAL_POD_AUTOSCALER,
  HORIZONTAL_POD_AUTOSCALER_V1,
  NODE,
  RESOURCE_QUOTA,
  JOB,
  POD_DISRUPTION_BUDGET,
  ENDPOINT_SLICE,
  INGRESS,
  INGRESS_CLASS,
  ROLE,
  ROLE_BINDING,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CUSTOM_RESOURCE_DEFINITION,
];

/** "v1", "apps/v1". */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}
