// The fields of the built-in kinds that the embedded server stores, beside those of pod templates.
// The notation is explained in field-notation.ts.

/** Struct name to its fields. */
export const BUILT_IN_FIELDS: Readonly<Record<string, string>> = {
  Namespace: 'apiVersion kind metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus',
  NamespaceSpec: 'finalizers:[]s',
  NamespaceStatus: 'phase conditions:[]NamespaceCondition@type',
  NamespaceCondition: 'type! status! lastTransitionTime:T reason message',

  Pod: 'apiVersion kind metadata:ObjectMeta spec:PodSpec status:PodStatus',
  PodStatus: `
    observedGeneration:l phase conditions:[]PodCondition@type message reason nominatedNodeName hostIP hostIPs:[]PodIP@ip podIP podIPs:[]PodIP@ip startTime:T
    initContainerStatuses:[]ContainerStatus containerStatuses:[]ContainerStatus ephemeralContainerStatuses:[]ContainerStatus qosClass resize
    resourceClaimStatuses:[]PodResourceClaimStatus@name+retain`,
  PodCondition: 'type! observedGeneration:l status! lastProbeTime:T lastTransitionTime:T reason message',
  PodIP: 'ip!',
  PodResourceClaimStatus: 'name! resourceClaimName',
  ContainerStatus: `
    name! state:ContainerState lastState:ContainerState ready:b! restartCount:i! image! imageID! containerID started:b allocatedResources:{}Q
    resources:ResourceRequirements volumeMounts:[]VolumeMountStatus@mountPath user:any allocatedResourcesStatus:[]any stopSignal`,
  ContainerState: 'waiting:*ContainerStateWaiting running:*ContainerStateRunning terminated:*ContainerStateTerminated',
  ContainerStateWaiting: 'reason message',
  ContainerStateRunning: 'startedAt:T',
  ContainerStateTerminated: 'exitCode:i! signal:i reason message startedAt:T finishedAt:T containerID',
  VolumeMountStatus: 'name! mountPath! readOnly:b recursiveReadOnly',

  Service: 'apiVersion kind metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus',
  ServiceSpec: `
    ports:[]ServicePort@port,protocol selector:{}s clusterIP clusterIPs:[]s type externalIPs:[]s sessionAffinity sessionAffinityConfig:*SessionAffinityConfig
    loadBalancerIP loadBalancerSourceRanges:[]s loadBalancerClass externalName externalTrafficPolicy internalTrafficPolicy healthCheckNodePort:i
    publishNotReadyAddresses:b ipFamilies:[]s ipFamilyPolicy allocateLoadBalancerNodePorts:b trafficDistribution`,
  ServicePort: 'name protocol appProtocol port:i! targetPort:IS nodePort:i',
  SessionAffinityConfig: 'clientIP:*ClientIPConfig',
  ClientIPConfig: 'timeoutSeconds:i',
  ServiceStatus: 'loadBalancer:LoadBalancerStatus conditions:[]Condition@type',
  LoadBalancerStatus: 'ingress:[]LoadBalancerIngress',
  LoadBalancerIngress: 'ip hostname ipMode ports:[]PortStatus',
  PortStatus: 'port:i! protocol! error',
  Condition: 'type! status! observedGeneration:l lastTransitionTime:T! reason! message!',

  Endpoints: 'apiVersion kind metadata:ObjectMeta subsets:[]EndpointSubset',
  EndpointSubset: 'addresses:[]EndpointAddress notReadyAddresses:[]EndpointAddress ports:[]EndpointPort',
  EndpointAddress: 'ip! hostname nodeName targetRef:*ObjectReference',
  EndpointPort: 'name port:i! protocol appProtocol',
  ObjectReference: 'kind namespace name uid apiVersion resourceVersion fieldPath',

  ConfigMap: 'apiVersion kind metadata:ObjectMeta immutable:b data:{}s binaryData:{}y',
  Secret: 'apiVersion kind metadata:ObjectMeta immutable:b data:{}y stringData:{}s type',
  ServiceAccount: `
    apiVersion kind metadata:ObjectMeta secrets:[]ObjectReference@name imagePullSecrets:[]LocalObjectReference automountServiceAccountToken:b`,

  Event: `
    apiVersion kind metadata:ObjectMeta! involvedObject:ObjectReference! reason message source:EventSource firstTimestamp:T lastTimestamp:T count:i type
    eventTime:MT series:*EventSeries action related:*ObjectReference reportingComponent reportingInstance`,
  EventSource: 'component host',
  EventSeries: 'count:i lastObservedTime:MT',

  Lease: 'apiVersion kind metadata:ObjectMeta spec:LeaseSpec',
  LeaseSpec: 'holderIdentity leaseDurationSeconds:i acquireTime:MT renewTime:MT leaseTransitions:i strategy preferredHolder',

  Deployment: 'apiVersion kind metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus',
  DeploymentSpec: `
    replicas:i selector:LabelSelector! template:PodTemplateSpec! strategy:DeploymentStrategy@+retain minReadySeconds:i revisionHistoryLimit:i paused:b
    progressDeadlineSeconds:i`,
  DeploymentStrategy: 'type rollingUpdate:*RollingUpdate',
  RollingUpdate: 'maxUnavailable:IS maxSurge:IS',
  DeploymentStatus: `
    observedGeneration:l replicas:i updatedReplicas:i readyReplicas:i availableReplicas:i unavailableReplicas:i terminatingReplicas:i
    conditions:[]DeploymentCondition@type collisionCount:i`,
  DeploymentCondition: 'type! status! lastUpdateTime:T lastTransitionTime:T reason message',

  ReplicaSet: 'apiVersion kind metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus',
  ReplicaSetSpec: 'replicas:i minReadySeconds:i selector:LabelSelector! template:PodTemplateSpec',
  ReplicaSetStatus: `
    replicas:i! fullyLabeledReplicas:i readyReplicas:i availableReplicas:i terminatingReplicas:i observedGeneration:l
    conditions:[]ReplicaSetCondition@type`,
  ReplicaSetCondition: 'type! status! lastTransitionTime:T reason message',

  PodTemplate: 'apiVersion kind metadata:ObjectMeta template:PodTemplateSpec',

  HorizontalPodAutoscaler: 'apiVersion kind metadata:ObjectMeta spec:HpaSpec status:HpaStatus',
  HpaSpec: 'scaleTargetRef:CrossVersionObjectReference! minReplicas:i maxReplicas:i! metrics:[]MetricSpec behavior:*HpaBehavior',
  CrossVersionObjectReference: 'kind! name! apiVersion',
  HpaBehavior: 'scaleUp:*HpaScalingRules scaleDown:*HpaScalingRules',
  HpaScalingRules: 'stabilizationWindowSeconds:i selectPolicy policies:[]HpaScalingPolicy tolerance:Q',
  HpaScalingPolicy: 'type! value:i! periodSeconds:i!',
  MetricSpec: `
    type! object:*ObjectMetricSource pods:*PodsMetricSource resource:*ResourceMetricSource containerResource:*ContainerResourceMetricSource
    external:*ExternalMetricSource`,
  MetricTarget: 'type! value:Q averageValue:Q averageUtilization:i',
  MetricIdentifier: 'name! selector:LabelSelector',
  ObjectMetricSource: 'describedObject:CrossVersionObjectReference! target:MetricTarget! metric:MetricIdentifier!',
  PodsMetricSource: 'metric:MetricIdentifier! target:MetricTarget!',
  ResourceMetricSource: 'name! target:MetricTarget!',
  ContainerResourceMetricSource: 'name! target:MetricTarget! container!',
  ExternalMetricSource: 'metric:MetricIdentifier! target:MetricTarget!',
  HpaStatus: `
    observedGeneration:l lastScaleTime:T currentReplicas:i desiredReplicas:i! currentMetrics:[]MetricStatus conditions:[]HpaCondition@type`,
  HpaCondition: 'type! status! lastTransitionTime:T reason message',
  MetricStatus: `
    type! object:ObjectMetricStatus pods:PodsMetricStatus resource:ResourceMetricStatus containerResource:ContainerResourceMetricStatus
    external:PodsMetricStatus`,
  MetricValueStatus: 'value:Q averageValue:Q averageUtilization:i',
  ObjectMetricStatus: 'metric:MetricIdentifier! current:MetricValueStatus! describedObject:CrossVersionObjectReference!',
  PodsMetricStatus: 'metric:MetricIdentifier! current:MetricValueStatus!',
  ResourceMetricStatus: 'name! current:MetricValueStatus!',
  ContainerResourceMetricStatus: 'name! current:MetricValueStatus! container!',

  CustomResourceDefinition: 'apiVersion kind metadata:ObjectMeta spec:CrdSpec! status:CrdStatus',
  CrdSpec: 'group! names:CrdNames! scope! versions:[]CrdVersion! conversion:*CrdConversion preserveUnknownFields:b',
  CrdNames: 'plural! singular shortNames:[]s kind! listKind categories:[]s',
  CrdVersion: `
    name! served:b! storage:b! deprecated:b deprecationWarning schema:*CrdValidation subresources:*CrdSubresources
    additionalPrinterColumns:[]CrdColumn selectableFields:[]CrdSelectableField`,
  CrdValidation: 'openAPIV3Schema:any',
  CrdSubresources: 'status:any scale:*CrdScale',
  CrdScale: 'specReplicasPath! statusReplicasPath! labelSelectorPath',
  CrdColumn: 'name! type! format description priority:i jsonPath!',
  CrdSelectableField: 'jsonPath!',
  CrdConversion: 'strategy! webhook:any',
  CrdStatus: 'conditions:[]CrdCondition@type acceptedNames:CrdNames storedVersions:[]s',
  CrdCondition: 'type! status! lastTransitionTime:T reason message',
};
