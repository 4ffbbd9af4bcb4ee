// The messages that typed kubectl commands send (from 1.32 on in protobuf), by field number as the API publishes them.
// Only what those commands can fill in is listed; a body with more than that is refused, never cut down silently.

/**
 * `text`, `whole`, `truth`, `bytes` (base64 in JSON) and `quantity` are scalars; `time` is a point in time;
 * a message is named by its key in MESSAGES; `ignored` is dropped, as the server would drop it.
 */
export type FieldForm = 'text' | 'whole' | 'truth' | 'bytes' | 'quantity' | 'time' | 'int-or-string' | 'ignored' | MessageName;

export type Field = {
  readonly name: string;
  readonly form: FieldForm;
  readonly holds: 'one' | 'list' | 'map';
  /** Whether a zero value was written by the client on purpose (a Go pointer), or only for want of one. */
  readonly keepsZero: boolean;
};

export type Message = Readonly<Record<number, Field>>;

const one = (name: string, form: FieldForm = 'text'): Field => ({ name, form, holds: 'one', keepsZero: false });
const optional = (name: string, form: FieldForm): Field => ({ name, form, holds: 'one', keepsZero: true });
const list = (name: string, form: FieldForm = 'text'): Field => ({ name, form, holds: 'list', keepsZero: true });
const map = (name: string, form: FieldForm = 'text'): Field => ({ name, form, holds: 'map', keepsZero: true });

export type MessageName =
  | 'ObjectMeta'
  | 'OwnerReference'
  | 'LabelSelector'
  | 'LabelSelectorRequirement'
  | 'LocalObjectReference'
  | 'NamespaceSpec'
  | 'DeploymentSpec'
  | 'DeploymentStrategy'
  | 'RollingUpdate'
  | 'PodTemplateSpec'
  | 'PodSpec'
  | 'Container'
  | 'ContainerPort'
  | 'EnvVar'
  | 'ResourceRequirements'
  | 'ServiceSpec'
  | 'ServicePort'
  | 'AutoscalerSpec'
  | 'ScaleTarget'
  | 'MetricSpec'
  | 'ResourceMetric'
  | 'MetricTarget'
  | 'OlderAutoscalerSpec'
  | 'JobSpec'
  | 'BudgetSpec'
  | 'DeleteOptions'
  | 'QuotaSpec'
  | 'PolicyRule'
  | 'AggregationRule'
  | 'Subject'
  | 'RoleRef'
  | 'TokenSpec'
  | 'IngressSpec'
  | 'IngressTls'
  | 'IngressRule'
  | 'IngressRuleValue'
  | 'IngressHttp'
  | 'IngressPath'
  | 'IngressBackend'
  | 'IngressService'
  | 'IngressPort'
  | 'AccessReviewSpec'
  | 'ResourceAttributes'
  | 'NonResourceAttributes'
  | 'RulesReviewSpec'
  | 'Preconditions';

export const MESSAGES: Readonly<Record<MessageName, Message>> = {
  ObjectMeta: {
    1: one('name'),
    2: one('generateName'),
    3: one('namespace'),
    4: one('selfLink', 'ignored'),
    5: one('uid'),
    6: one('resourceVersion'),
    7: one('generation', 'whole'),
    8: one('creationTimestamp', 'time'),
    9: one('deletionTimestamp', 'time'),
    10: optional('deletionGracePeriodSeconds', 'whole'),
    11: map('labels'),
    12: map('annotations'),
    13: list('ownerReferences', 'OwnerReference'),
    14: list('finalizers'),
    17: one('managedFields', 'ignored'),
  },
  OwnerReference: {
    1: one('kind'),
    3: one('name'),
    4: one('uid'),
    5: one('apiVersion'),
    6: optional('controller', 'truth'),
    7: optional('blockOwnerDeletion', 'truth'),
  },
  LabelSelector: { 1: map('matchLabels'), 2: list('matchExpressions', 'LabelSelectorRequirement') },
  LabelSelectorRequirement: { 1: one('key'), 2: one('operator'), 3: list('values') },
  LocalObjectReference: { 1: one('name') },
  NamespaceSpec: { 1: list('finalizers') },
  DeploymentSpec: {
    1: optional('replicas', 'whole'),
    2: optional('selector', 'LabelSelector'),
    3: one('template', 'PodTemplateSpec'),
    4: one('strategy', 'DeploymentStrategy'),
    5: one('minReadySeconds', 'whole'),
    6: optional('revisionHistoryLimit', 'whole'),
    7: one('paused', 'truth'),
    9: optional('progressDeadlineSeconds', 'whole'),
  },
  DeploymentStrategy: { 1: one('type'), 2: optional('rollingUpdate', 'RollingUpdate') },
  RollingUpdate: { 1: optional('maxUnavailable', 'int-or-string'), 2: optional('maxSurge', 'int-or-string') },
  PodTemplateSpec: { 1: one('metadata', 'ObjectMeta'), 2: one('spec', 'PodSpec') },
  PodSpec: {
    2: list('containers', 'Container'),
    3: one('restartPolicy'),
    4: optional('terminationGracePeriodSeconds', 'whole'),
    6: one('dnsPolicy'),
    7: map('nodeSelector'),
    8: one('serviceAccountName'),
    9: one('serviceAccount'),
    10: one('nodeName'),
    15: list('imagePullSecrets', 'LocalObjectReference'),
    19: one('schedulerName'),
    20: list('initContainers', 'Container'),
  },
  Container: {
    1: one('name'),
    2: one('image'),
    3: list('command'),
    4: list('args'),
    5: one('workingDir'),
    6: list('ports', 'ContainerPort'),
    7: list('env', 'EnvVar'),
    8: one('resources', 'ResourceRequirements'),
    13: one('terminationMessagePath'),
    14: one('imagePullPolicy'),
    16: one('stdin', 'truth'),
    17: one('stdinOnce', 'truth'),
    18: one('tty', 'truth'),
    20: one('terminationMessagePolicy'),
  },
  ContainerPort: { 1: one('name'), 2: one('hostPort', 'whole'), 3: one('containerPort', 'whole'), 4: one('protocol'), 5: one('hostIP') },
  EnvVar: { 1: one('name'), 2: one('value') },
  ResourceRequirements: { 1: map('limits', 'quantity'), 2: map('requests', 'quantity') },
  ServiceSpec: {
    1: list('ports', 'ServicePort'),
    2: map('selector'),
    3: one('clusterIP'),
    4: one('type'),
    5: list('externalIPs'),
    7: one('sessionAffinity'),
    8: one('loadBalancerIP'),
    10: one('externalName'),
  },
  ServicePort: { 1: one('name'), 2: one('protocol'), 3: one('port', 'whole'), 4: one('targetPort', 'int-or-string'), 5: one('nodePort', 'whole') },
  AutoscalerSpec: {
    1: one('scaleTargetRef', 'ScaleTarget'),
    2: optional('minReplicas', 'whole'),
    3: one('maxReplicas', 'whole'),
    4: list('metrics', 'MetricSpec'),
  },
  OlderAutoscalerSpec: {
    1: one('scaleTargetRef', 'ScaleTarget'),
    2: optional('minReplicas', 'whole'),
    3: one('maxReplicas', 'whole'),
    4: optional('targetCPUUtilizationPercentage', 'whole'),
  },
  ScaleTarget: { 1: one('kind'), 2: one('name'), 3: one('apiVersion') },
  MetricSpec: { 1: one('type'), 4: optional('resource', 'ResourceMetric') },
  ResourceMetric: { 1: one('name'), 2: one('target', 'MetricTarget') },
  MetricTarget: { 1: one('type'), 2: optional('value', 'quantity'), 3: optional('averageValue', 'quantity'), 4: optional('averageUtilization', 'whole') },
  AccessReviewSpec: { 1: optional('resourceAttributes', 'ResourceAttributes'), 2: optional('nonResourceAttributes', 'NonResourceAttributes') },
  ResourceAttributes: { 1: one('namespace'), 2: one('verb'), 3: one('group'), 4: one('version'), 5: one('resource'), 6: one('subresource'), 7: one('name') },
  NonResourceAttributes: { 1: one('path'), 2: one('verb') },
  RulesReviewSpec: { 1: one('namespace') },
  JobSpec: {
    1: optional('parallelism', 'whole'),
    2: optional('completions', 'whole'),
    3: optional('activeDeadlineSeconds', 'whole'),
    4: optional('selector', 'LabelSelector'),
    5: optional('manualSelector', 'truth'),
    6: one('template', 'PodTemplateSpec'),
    7: optional('backoffLimit', 'whole'),
    8: optional('ttlSecondsAfterFinished', 'whole'),
    9: optional('completionMode', 'text'),
    10: optional('suspend', 'truth'),
  },
  BudgetSpec: { 1: optional('minAvailable', 'int-or-string'), 2: optional('selector', 'LabelSelector'), 3: optional('maxUnavailable', 'int-or-string') },
  QuotaSpec: { 1: map('hard', 'quantity'), 2: list('scopes') },
  PolicyRule: { 1: list('verbs'), 2: list('apiGroups'), 3: list('resources'), 4: list('resourceNames'), 5: list('nonResourceURLs') },
  AggregationRule: { 1: list('clusterRoleSelectors', 'LabelSelector') },
  Subject: { 1: one('kind'), 2: one('apiGroup'), 3: one('name'), 4: one('namespace') },
  RoleRef: { 1: one('apiGroup'), 2: one('kind'), 3: one('name') },
  TokenSpec: { 1: list('audiences'), 4: optional('expirationSeconds', 'whole') },
  IngressSpec: {
    1: optional('defaultBackend', 'IngressBackend'),
    2: list('tls', 'IngressTls'),
    3: list('rules', 'IngressRule'),
    4: optional('ingressClassName', 'text'),
  },
  IngressTls: { 1: list('hosts'), 2: one('secretName') },
  IngressRule: { 1: one('host'), 2: one('', 'IngressRuleValue') },
  IngressRuleValue: { 1: optional('http', 'IngressHttp') },
  IngressHttp: { 1: list('paths', 'IngressPath') },
  IngressPath: { 1: one('path'), 2: one('backend', 'IngressBackend'), 3: optional('pathType', 'text') },
  IngressBackend: { 4: optional('service', 'IngressService') },
  IngressService: { 1: one('name'), 2: one('port', 'IngressPort') },
  IngressPort: { 1: one('name'), 2: one('number', 'whole') },
  DeleteOptions: {
    1: optional('gracePeriodSeconds', 'whole'),
    2: optional('preconditions', 'Preconditions'),
    3: optional('orphanDependents', 'truth'),
    4: optional('propagationPolicy', 'text'),
    5: list('dryRun'),
  },
  Preconditions: { 1: optional('uid', 'text'), 2: optional('resourceVersion', 'text') },
};

const METADATA = one('metadata', 'ObjectMeta');
const STATUS = one('status', 'ignored');

/** The kinds that may stand in an envelope, by "apiVersion/kind". */
export const KINDS: Readonly<Record<string, Message>> = {
  'v1/Namespace': { 1: METADATA, 2: one('spec', 'NamespaceSpec'), 3: STATUS },
  'v1/ConfigMap': { 1: METADATA, 2: map('data'), 3: map('binaryData', 'bytes'), 4: optional('immutable', 'truth') },
  'v1/Secret': { 1: METADATA, 2: map('data', 'bytes'), 3: one('type'), 4: map('stringData'), 5: optional('immutable', 'truth') },
  'v1/ServiceAccount': { 1: METADATA, 3: list('imagePullSecrets', 'LocalObjectReference'), 4: optional('automountServiceAccountToken', 'truth') },
  'v1/Service': { 1: METADATA, 2: one('spec', 'ServiceSpec'), 3: STATUS },
  'apps/v1/Deployment': { 1: METADATA, 2: one('spec', 'DeploymentSpec'), 3: STATUS },
  'autoscaling/v1/HorizontalPodAutoscaler': { 1: METADATA, 2: one('spec', 'OlderAutoscalerSpec'), 3: STATUS },
  'autoscaling/v2/HorizontalPodAutoscaler': { 1: METADATA, 2: one('spec', 'AutoscalerSpec'), 3: STATUS },
  'authorization.k8s.io/v1/SelfSubjectAccessReview': { 1: METADATA, 2: one('spec', 'AccessReviewSpec'), 3: STATUS },
  'authorization.k8s.io/v1/SelfSubjectRulesReview': { 1: METADATA, 2: one('spec', 'RulesReviewSpec'), 3: STATUS },
  'authentication.k8s.io/v1/SelfSubjectReview': { 1: METADATA, 2: STATUS },
  'authentication.k8s.io/v1/TokenRequest': { 1: METADATA, 2: one('spec', 'TokenSpec'), 3: STATUS },
  'v1/ResourceQuota': { 1: METADATA, 2: one('spec', 'QuotaSpec'), 3: STATUS },
  'batch/v1/Job': { 1: METADATA, 2: one('spec', 'JobSpec'), 3: STATUS },
  'policy/v1/PodDisruptionBudget': { 1: METADATA, 2: one('spec', 'BudgetSpec'), 3: STATUS },
  'policy/v1/Eviction': { 1: METADATA, 2: optional('deleteOptions', 'DeleteOptions') },
  'networking.k8s.io/v1/Ingress': { 1: METADATA, 2: one('spec', 'IngressSpec'), 3: STATUS },
  'rbac.authorization.k8s.io/v1/Role': { 1: METADATA, 2: list('rules', 'PolicyRule') },
  'rbac.authorization.k8s.io/v1/ClusterRole': { 1: METADATA, 2: list('rules', 'PolicyRule'), 3: optional('aggregationRule', 'AggregationRule') },
  'rbac.authorization.k8s.io/v1/RoleBinding': { 1: METADATA, 2: list('subjects', 'Subject'), 3: one('roleRef', 'RoleRef') },
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': { 1: METADATA, 2: list('subjects', 'Subject'), 3: one('roleRef', 'RoleRef') },
  'v1/DeleteOptions': MESSAGES.DeleteOptions,
};
