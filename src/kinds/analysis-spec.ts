// What rollouts, experiments and analysis runs say in the same words: arguments, dry runs, retention, run metadata.

import type { LabelSelector } from './kube-object.js';
import { bool, int, list, map, object, raw, required, text } from './schema.js';
import type { Infer } from './schema.js';

const ATOMIC = { 'x-kubernetes-list-type': 'atomic' } as const;

const selectorSchema = object(
  {
    matchLabels: map(text()),
    matchExpressions: list(object({ key: required(text()), operator: required(text()), values: list(text(), ATOMIC) }), ATOMIC),
  },
  { 'x-kubernetes-map-type': 'atomic' },
);

export const labelSelectorSchema = raw<LabelSelector>(selectorSchema.structural);

/** Labels and annotations put on something that is made or owned. */
export const metadataSchema = object({ labels: map(text()), annotations: map(text()) });

export type EphemeralMetadata = Infer<typeof metadataSchema>;

/** An argument as a rollout or an experiment step gives it. */
export const rolloutArgumentSchema = object({
  name: required(text()),
  value: text(),
  valueFrom: object({ podTemplateHashValue: text(), fieldRef: object({ fieldPath: required(text()) }) }),
});

export type RolloutArgument = Infer<typeof rolloutArgumentSchema>;

/** An argument of a template, a run or an experiment's analysis. */
export const argumentSchema = object({
  name: required(text()),
  value: text(),
  valueFrom: object({
    secretKeyRef: object({ name: required(text()), key: required(text()) }),
    fieldRef: object({ fieldPath: required(text()) }),
  }),
});

export type Argument = Infer<typeof argumentSchema>;

export const templateRefSchema = object({ templateName: text(), clusterScope: bool() });

export type TemplateRef = Infer<typeof templateRefSchema>;

export const dryRunSchema = list(object({ metricName: required(text()) }));

export const measurementRetentionSchema = list(object({ metricName: required(text()), limit: required(int()) }));

/** An analysis as part of a rollout: inline, background, before or after promotion. */
export const rolloutAnalysisFields = {
  templates: list(templateRefSchema),
  args: list(rolloutArgumentSchema),
  dryRun: dryRunSchema,
  measurementRetention: measurementRetentionSchema,
  analysisRunMetadata: metadataSchema,
};

export const rolloutAnalysisSchema = object(rolloutAnalysisFields);

export type RolloutAnalysis = Infer<typeof rolloutAnalysisSchema>;
