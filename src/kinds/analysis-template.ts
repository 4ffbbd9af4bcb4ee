// Templates of analyses, for one namespace or for the whole cluster: metrics, arguments, and further templates.

import { isRecord } from '../lib/deep.js';
import { argumentSchema, dryRunSchema, measurementRetentionSchema, templateRefSchema } from './analysis-spec.js';
import { createParser } from './check-schema.js';
import { wholeObject } from './kind-schema.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';
import { metricSchema } from './metric.js';
import { list, object } from './schema.js';
import type { Infer } from './schema.js';

export type { Argument, TemplateRef } from './analysis-spec.js';
export type { Metric } from './metric.js';

export const analysisTemplateSpecSchema = object({
  metrics: list(metricSchema),
  args: list(argumentSchema),
  dryRun: dryRunSchema,
  measurementRetention: measurementRetentionSchema,
  templates: list(templateRefSchema),
});

export type AnalysisTemplateSpec = Infer<typeof analysisTemplateSpecSchema>;

export type AnalysisTemplate = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: AnalysisTemplateSpec;
};

/** The same, without a namespace. */
export type ClusterAnalysisTemplate = AnalysisTemplate;

export const analysisTemplateSchema = wholeObject<AnalysisTemplate>(analysisTemplateSpecSchema);

/** Reads untrusted input, of either kind of template. */
export const parseAnalysisTemplate = createParser(analysisTemplateSchema);

export function asAnalysisTemplate(object: KubeObject): AnalysisTemplate {
  return { ...object, spec: isRecord(object['spec']) ? object['spec'] : {} };
}
