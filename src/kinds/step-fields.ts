// The fields of a canary step in the order in which Argo Rollouts v1.9 writes them; the step hash is taken over that text.
// The notation is explained in field-notation.ts.

/** Struct name to its fields. */
export const STEP_FIELDS: Readonly<Record<string, string>> = {
  CanaryStep: `
    setWeight:*i pause:*Pause experiment:*Experiment analysis:*Analysis setCanaryScale:*SetCanaryScale setHeaderRoute:*SetHeaderRoute
    setMirrorRoute:*SetMirrorRoute plugin:*Plugin`,
  Pause: 'duration:*IS',
  SetCanaryScale: 'weight:*i replicas:*i matchTrafficWeight:b',
  SetHeaderRoute: 'name match:[]HeaderMatch',
  HeaderMatch: 'headerName~ headerValue:*StringMatch~',
  StringMatch: 'exact prefix regex',
  SetMirrorRoute: 'name~ match:[]RouteMatch percentage:*i',
  RouteMatch: 'method:*StringMatch path:*StringMatch headers:{}StringMatch',
  Plugin: 'name~ config:*any',
  Analysis: `
    templates:[]TemplateRef args:[]Argument dryRun:[]DryRun measurementRetention:[]MeasurementRetention analysisRunMetadata:*Metadata`,
  TemplateRef: 'templateName~ clusterScope:b',
  Argument: 'name~ value valueFrom:*ValueFrom',
  ValueFrom: 'podTemplateHashValue:*s fieldRef:*FieldRef',
  FieldRef: 'fieldPath~',
  DryRun: 'metricName~',
  MeasurementRetention: 'metricName~ limit:i~',
  Metadata: 'labels:{}s annotations:{}s',
  Experiment: `
    templates:[]ExperimentTemplate~ duration analyses:[]ExperimentAnalysis dryRun:[]DryRun analysisRunMetadata:Metadata~ scaleDownDelaySeconds:*i`,
  ExperimentTemplate: 'name~ specRef~ replicas:*i metadata:Metadata~ selector:*LabelSelector weight:*i service:*TemplateService',
  TemplateService: 'name',
  LabelSelector: 'matchLabels:{}s matchExpressions:[]LabelSelectorRequirement',
  LabelSelectorRequirement: 'key~ operator~ values:[]s',
  ExperimentAnalysis: 'name~ templateName~ clusterScope:b args:[]Argument requiredForCompletion:b',
};
