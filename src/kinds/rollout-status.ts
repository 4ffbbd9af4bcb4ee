// What an engine reports about a rollout. Field names and meanings are those of Argo Rollouts v1.9, so that either engine can go on where the other stopped.

import { anyObject, bool, int, list, object, raw, required, text, time } from './schema.js';
import type { Infer } from './schema.js';

const pauseConditionSchema = object({ reason: required(text()), startTime: required(time()) });

export type PauseCondition = Infer<typeof pauseConditionSchema>;

const conditionSchema = object({
  type: required(text()),
  status: required(raw<'True' | 'False' | 'Unknown'>(() => ({ type: 'string' }))),
  lastUpdateTime: required(time()),
  lastTransitionTime: required(time()),
  reason: required(text()),
  message: required(text()),
});

export type RolloutCondition = Infer<typeof conditionSchema>;

const runStatusSchema = object({ name: required(text()), status: required(text()), message: text() });

/** What is remembered of the analysis run that is current for a step, in the background, or around a promotion. */
export type AnalysisRunRecord = Infer<typeof runStatusSchema>;

const weightDestinationSchema = object({ weight: required(int()), serviceName: text(), podTemplateHash: text() });

export type WeightDestination = Infer<typeof weightDestinationSchema>;

const weightsSchema = object({
  canary: required(weightDestinationSchema),
  stable: required(weightDestinationSchema),
  additional: list(weightDestinationSchema),
  verified: bool(),
});

export type TrafficWeights = Infer<typeof weightsSchema>;

const stepPluginSchema = object({
  index: required(int()),
  name: required(text()),
  operation: required(text()),
  phase: text(),
  message: text(),
  startedAt: time(),
  updatedAt: time(),
  finishedAt: time(),
  backoff: text(),
  executions: int(),
  disabled: bool(),
  status: anyObject(),
});

export type StepPluginRecord = Infer<typeof stepPluginSchema>;

const canaryStatusSchema = object({
  currentStepAnalysisRunStatus: runStatusSchema,
  currentBackgroundAnalysisRunStatus: runStatusSchema,
  currentExperiment: text(),
  weights: weightsSchema,
  stablePingPong: text(),
  stepPluginStatuses: list(stepPluginSchema),
});

export type CanaryStatus = Infer<typeof canaryStatusSchema>;

const blueGreenStatusSchema = object({
  previewSelector: text(),
  activeSelector: text(),
  scaleUpPreviewCheckPoint: bool(),
  prePromotionAnalysisRunStatus: runStatusSchema,
  postPromotionAnalysisRunStatus: runStatusSchema,
});

export type BlueGreenStatus = Infer<typeof blueGreenStatusSchema>;

const awsResourceSchema = object({ name: required(text()), arn: required(text()), fullName: text() });

export type AlbStatus = Infer<typeof albStatusSchema>;

const albStatusSchema = object({
  loadBalancer: awsResourceSchema,
  canaryTargetGroup: awsResourceSchema,
  stableTargetGroup: awsResourceSchema,
  ingress: text(),
});

export const rolloutStatusSchema = object({
  phase: text(),
  message: text(),
  /** Text of `metadata.generation`. */
  observedGeneration: text(),
  abort: bool(),
  abortedAt: time(),
  promoteFull: bool(),
  pauseConditions: list(pauseConditionSchema),
  controllerPause: bool(),
  currentPodHash: text(),
  currentStepHash: text(),
  currentStepIndex: int(),
  stableRS: text(),
  collisionCount: int(),
  replicas: int(),
  updatedReplicas: int(),
  readyReplicas: int(),
  availableReplicas: int(),
  HPAReplicas: int(),
  selector: text(),
  conditions: list(conditionSchema),
  canary: canaryStatusSchema,
  blueGreen: blueGreenStatusSchema,
  restartedAt: time(),
  workloadObservedGeneration: text(),
  alb: albStatusSchema,
  albs: list(albStatusSchema),
});

export type RolloutStatus = Infer<typeof rolloutStatusSchema>;
