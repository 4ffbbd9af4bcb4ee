// The fields of the built-in kinds that rollouts and their users meet now and then: jobs, budgets, quotas, nodes, ingresses, roles.
// The notation is explained in field-notation.ts.

/** Struct name to its fields. */
export const FURTHER_FIELDS: Readonly<Record<string, string>> = {
  HorizontalPodAutoscalerV1: 'apiVersion kind metadata:ObjectMeta spec:HpaV1Spec status:HpaV1Status',
  HpaV1Spec: 'scaleTargetRef:CrossVersionObjectReference! minReplicas:i maxReplicas:i! targetCPUUtilizationPercentage:i',
  HpaV1Status: 'observedGeneration:l lastScaleTime:T currentReplicas:i! desiredReplicas:i! currentCPUUtilizationPercentage:i',

  Node: 'apiVersion kind metadata:ObjectMeta spec:NodeSpec status:NodeStatus',
  NodeSpec: 'podCIDR podCIDRs:[]s@ providerID unschedulable:b taints:[]NodeTaint configSource:any externalID',
  NodeTaint: 'key! value effect! timeAdded:T',
  NodeStatus: `
    capacity:{}Q allocatable:{}Q phase conditions:[]NodeCondition@type addresses:[]NodeAddress@type daemonEndpoints:any nodeInfo:NodeSystemInfo
    images:[]NodeImage volumesInUse:[]s volumesAttached:[]any config:any runtimeHandlers:[]any features:any`,
  NodeCondition: 'type! status! lastHeartbeatTime:T lastTransitionTime:T reason message',
  NodeAddress: 'type! address!',
  NodeImage: 'names:[]s sizeBytes:l',
  NodeSystemInfo: `
    machineID! systemUUID! bootID! kernelVersion! osImage! containerRuntimeVersion! kubeletVersion! kubeProxyVersion! operatingSystem! architecture! swap:any`,

  ResourceQuota: 'apiVersion kind metadata:ObjectMeta spec:ResourceQuotaSpec status:ResourceQuotaStatus',
  ResourceQuotaSpec: 'hard:{}Q scopes:[]s scopeSelector:any',
  ResourceQuotaStatus: 'hard:{}Q used:{}Q',

  Job: 'apiVersion kind metadata:ObjectMeta spec:JobSpec status:JobStatus',
  JobSpec: `
    parallelism:i completions:i activeDeadlineSeconds:l podFailurePolicy:any successPolicy:any backoffLimit:i backoffLimitPerIndex:i maxFailedIndexes:i
    selector:*LabelSelector manualSelector:b template:PodTemplateSpec! ttlSecondsAfterFinished:i completionMode suspend:b podReplacementPolicy managedBy`,
  JobStatus: `
    conditions:[]JobCondition@type startTime:T completionTime:T active:i succeeded:i failed:i terminating:i completedIndexes failedIndexes
    uncountedTerminatedPods:any ready:i`,
  JobCondition: 'type! status! lastProbeTime:T lastTransitionTime:T reason message',

  PodDisruptionBudget: 'apiVersion kind metadata:ObjectMeta spec:PdbSpec status:PdbStatus',
  PdbSpec: 'minAvailable:IS selector:*LabelSelector maxUnavailable:IS unhealthyPodEvictionPolicy',
  PdbStatus: `
    observedGeneration:l disruptedPods:{}T disruptionsAllowed:i! currentHealthy:i! desiredHealthy:i! expectedPods:i! conditions:[]Condition@type`,

  EndpointSlice: 'apiVersion kind metadata:ObjectMeta addressType! endpoints:[]SliceEndpoint! ports:[]SlicePort',
  SliceEndpoint: 'addresses:[]s! conditions:SliceConditions hostname targetRef:*ObjectReference deprecatedTopology:{}s nodeName zone hints:any',
  SliceConditions: 'ready:b serving:b terminating:b',
  SlicePort: 'name protocol port:i appProtocol',

  Ingress: 'apiVersion kind metadata:ObjectMeta spec:IngressSpec status:IngressStatus',
  IngressSpec: 'ingressClassName defaultBackend:*IngressBackend tls:[]IngressTls rules:[]IngressRule',
  IngressBackend: 'service:*IngressServiceBackend resource:*TypedLocalReference',
  IngressServiceBackend: 'name! port:IngressPort',
  IngressPort: 'name number:i',
  TypedLocalReference: 'apiGroup kind! name!',
  IngressTls: 'hosts:[]s secretName',
  IngressRule: 'host http:*IngressHttp',
  IngressHttp: 'paths:[]IngressPath!',
  IngressPath: 'path pathType! backend:IngressBackend!',
  IngressStatus: 'loadBalancer:LoadBalancerStatus',
  IngressClass: 'apiVersion kind metadata:ObjectMeta spec:IngressClassSpec',
  IngressClassSpec: 'controller parameters:*IngressClassParameters',
  IngressClassParameters: 'apiGroup kind! name! scope namespace',

  Role: 'apiVersion kind metadata:ObjectMeta rules:[]PolicyRule',
  ClusterRole: 'apiVersion kind metadata:ObjectMeta rules:[]PolicyRule aggregationRule:*AggregationRule',
  AggregationRule: 'clusterRoleSelectors:[]LabelSelector',
  PolicyRule: 'verbs:[]s! apiGroups:[]s resources:[]s resourceNames:[]s nonResourceURLs:[]s',
  RoleBinding: 'apiVersion kind metadata:ObjectMeta subjects:[]RbacSubject roleRef:RoleRef!',
  ClusterRoleBinding: 'apiVersion kind metadata:ObjectMeta subjects:[]RbacSubject roleRef:RoleRef!',
  RbacSubject: 'kind! apiGroup name! namespace',
  RoleRef: 'apiGroup kind! name!',
};
