// An Experiment: short-lived ReplicaSets beside each other, judged by analyses.

import { isRecord } from '../lib/deep.js';
import { argumentSchema, dryRunSchema, labelSelectorSchema, measurementRetentionSchema, metadataSchema } from './analysis-spec.js';
import { createParser } from './check-schema.js';
import { wholeObject } from './kind-schema.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';
import { podTemplateSchema } from './pod-template-schema.js';
import { bool, int, list, object, required, text, time } from './schema.js';
import type { Infer } from './schema.js';

export const experimentSpecSchema = object({
  templates: required(
    list(
      object({
        name: required(text()),
        replicas: int(),
        minReadySeconds: int(),
        selector: required(labelSelectorSchema),
        template: required(podTemplateSchema),
        service: object({ name: text() }),
      }),
    ),
  ),
  duration: text(),
  progressDeadlineSeconds: int(),
  terminate: bool(),
  analyses: list(
    object({
      name: required(text()),
      templateName: required(text()),
      clusterScope: bool(),
      args: list(argumentSchema),
      requiredForCompletion: bool(),
    }),
  ),
  scaleDownDelaySeconds: int(),
  dryRun: dryRunSchema,
  measurementRetention: measurementRetentionSchema,
  analysisRunMetadata: metadataSchema,
});

export type ExperimentSpec = Infer<typeof experimentSpecSchema>;

export type ExperimentTemplate = ExperimentSpec['templates'][number];

export const experimentStatusSchema = object({
  phase: text(),
  message: text(),
  availableAt: time(),
  templateStatuses: list(
    object({
      name: required(text()),
      replicas: required(int()),
      updatedReplicas: required(int()),
      readyReplicas: required(int()),
      availableReplicas: required(int()),
      collisionCount: int(),
      status: text(),
      message: text(),
      lastTransitionTime: time(),
      serviceName: text(),
      podTemplateHash: text(),
    }),
  ),
  analysisRuns: list(
    object({
      name: required(text()),
      analysisRun: required(text()),
      phase: required(text()),
      message: text(),
    }),
  ),
  conditions: list(
    object({
      type: required(text()),
      status: required(text()),
      lastUpdateTime: required(time()),
      lastTransitionTime: required(time()),
      reason: required(text()),
      message: required(text()),
    }),
  ),
});

export type ExperimentStatus = Infer<typeof experimentStatusSchema>;

export type Experiment = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: ExperimentSpec;
  readonly status?: ExperimentStatus | undefined;
};

export const experimentSchema = wholeObject<Experiment>(experimentSpecSchema, experimentStatusSchema);

/** Reads untrusted input. */
export const parseExperiment = createParser(experimentSchema);

/** Takes an accepted object for what it is; a missing spec counts as one without templates. */
export function asExperiment(object: KubeObject): Experiment {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const templates = Array.isArray(spec['templates']) ? (spec['templates'] as ExperimentSpec['templates']) : [];
  const status = isRecord(object['status']) ? (object['status'] as ExperimentStatus) : undefined;
  return { ...object, spec: { ...spec, templates }, status };
}
