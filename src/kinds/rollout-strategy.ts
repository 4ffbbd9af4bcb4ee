// How a rollout brings a new revision out: canary with its steps, or blue-green.

import { labelSelectorSchema, metadataSchema, dryRunSchema, rolloutAnalysisFields, rolloutAnalysisSchema, rolloutArgumentSchema } from './analysis-spec.js';
import { anyObject, bool, int, intOrText, list, map, object, required, text } from './schema.js';
import type { Infer } from './schema.js';
import { trafficRoutingSchema } from './traffic-routing.js';

const stringMatchSchema = object({ exact: text(), prefix: text(), regex: text() });

export type StringMatch = Infer<typeof stringMatchSchema>;

const experimentStepSchema = object({
  templates: required(
    list(
      object({
        name: required(text()),
        specRef: required(text()),
        replicas: int(),
        metadata: metadataSchema,
        selector: labelSelectorSchema,
        weight: int(),
        service: object({ name: text() }),
      }),
    ),
  ),
  duration: text(),
  analyses: list(
    object({
      name: required(text()),
      templateName: required(text()),
      clusterScope: bool(),
      args: list(rolloutArgumentSchema),
      requiredForCompletion: bool(),
    }),
  ),
  dryRun: dryRunSchema,
  analysisRunMetadata: metadataSchema,
  scaleDownDelaySeconds: int(),
});

export type ExperimentStep = Infer<typeof experimentStepSchema>;

const headerMatchSchema = object({ headerName: required(text()), headerValue: required(stringMatchSchema) });
const routeMatchSchema = object({ method: stringMatchSchema, path: stringMatchSchema, headers: map(stringMatchSchema) });

/** What a setHeaderRoute step asks of a request's header. */
export type HeaderMatch = Infer<typeof headerMatchSchema>;
/** What a setMirrorRoute step asks of a request. */
export type RouteMatch = Infer<typeof routeMatchSchema>;

const canaryStepSchema = object({
  setWeight: int(),
  pause: object({ duration: intOrText() }),
  experiment: experimentStepSchema,
  analysis: rolloutAnalysisSchema,
  setCanaryScale: object({ weight: int(), replicas: int(), matchTrafficWeight: bool() }),
  setHeaderRoute: object({
    name: text(),
    match: list(headerMatchSchema),
  }),
  setMirrorRoute: object({
    name: required(text()),
    match: list(routeMatchSchema),
    percentage: int(),
  }),
  plugin: object({ name: required(text()), config: anyObject() }),
});

/** One step; exactly one of its fields should be set. */
export type CanaryStep = Infer<typeof canaryStepSchema>;

const antiAffinitySchema = object({
  requiredDuringSchedulingIgnoredDuringExecution: object({}),
  preferredDuringSchedulingIgnoredDuringExecution: object({ weight: required(int()) }),
});

export type AntiAffinity = Infer<typeof antiAffinitySchema>;

export const canarySchema = object({
  canaryService: text(),
  stableService: text(),
  steps: list(canaryStepSchema),
  trafficRouting: trafficRoutingSchema,
  maxUnavailable: intOrText(),
  maxSurge: intOrText(),
  analysis: object({ ...rolloutAnalysisFields, startingStep: int() }),
  antiAffinity: antiAffinitySchema,
  canaryMetadata: metadataSchema,
  stableMetadata: metadataSchema,
  scaleDownDelaySeconds: int(),
  scaleDownDelayRevisionLimit: int(),
  abortScaleDownDelaySeconds: int(),
  dynamicStableScale: bool(),
  pingPong: object({ pingService: required(text()), pongService: required(text()) }),
  minPodsPerReplicaSet: int(),
  replicaProgressThreshold: object({ type: required(text()), value: required(int()) }),
});

export type CanaryStrategy = Infer<typeof canarySchema>;

export const blueGreenSchema = object({
  activeService: required(text()),
  previewService: text(),
  previewReplicaCount: int(),
  autoPromotionEnabled: bool(),
  autoPromotionSeconds: int(),
  maxUnavailable: intOrText(),
  scaleDownDelaySeconds: int(),
  scaleDownDelayRevisionLimit: int(),
  abortScaleDownDelaySeconds: int(),
  prePromotionAnalysis: rolloutAnalysisSchema,
  postPromotionAnalysis: rolloutAnalysisSchema,
  antiAffinity: antiAffinitySchema,
  activeMetadata: metadataSchema,
  previewMetadata: metadataSchema,
});

export type BlueGreenStrategy = Infer<typeof blueGreenSchema>;
