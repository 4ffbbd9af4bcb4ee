// An AnalysisRun: the metrics to be measured now, every measurement so far, and the verdict.

import { isRecord } from '../lib/deep.js';
import { argumentSchema, dryRunSchema, measurementRetentionSchema } from './analysis-spec.js';
import { createParser } from './check-schema.js';
import { wholeObject } from './kind-schema.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';
import { metricSchema } from './metric.js';
import { bool, int, list, map, object, raw, required, text, time } from './schema.js';
import type { Infer } from './schema.js';

export type { Metric } from './metric.js';

/** "" stands for a run, a metric or a measurement that nobody has looked at yet. */
export type AnalysisPhase = '' | 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive';

const phaseSchema = raw<AnalysisPhase>(() => ({ type: 'string' }));

export const analysisRunSpecSchema = object({
  metrics: required(list(metricSchema)),
  args: list(argumentSchema),
  terminate: bool(),
  dryRun: dryRunSchema,
  measurementRetention: measurementRetentionSchema,
  ttlStrategy: object({ secondsAfterCompletion: int(), secondsAfterFailure: int(), secondsAfterSuccess: int() }),
});

export type AnalysisRunSpec = Infer<typeof analysisRunSpecSchema>;

const measurementSchema = object({
  phase: required(phaseSchema),
  message: text(),
  startedAt: time(),
  finishedAt: time(),
  resumeAt: time(),
  value: text(),
  metadata: map(text()),
});

export type Measurement = Infer<typeof measurementSchema>;

const metricResultSchema = object({
  name: required(text()),
  phase: required(phaseSchema),
  message: text(),
  measurements: list(measurementSchema),
  count: int(),
  successful: int(),
  failed: int(),
  inconclusive: int(),
  error: int(),
  consecutiveError: int(),
  consecutiveSuccess: int(),
  dryRun: bool(),
  metadata: map(text()),
});

export type MetricResult = Infer<typeof metricResultSchema>;

const summarySchema = object({ count: int(), successful: int(), failed: int(), inconclusive: int(), error: int() });

export type RunSummary = Infer<typeof summarySchema>;

export const analysisRunStatusSchema = object({
  phase: required(phaseSchema),
  message: text(),
  startedAt: time(),
  completedAt: time(),
  metricResults: list(metricResultSchema),
  runSummary: summarySchema,
  dryRunSummary: summarySchema,
});

export type AnalysisRunStatus = Infer<typeof analysisRunStatusSchema>;

export type AnalysisRun = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: AnalysisRunSpec;
  readonly status?: AnalysisRunStatus | undefined;
};

export const analysisRunSchema = wholeObject<AnalysisRun>(analysisRunSpecSchema, analysisRunStatusSchema);

/** Reads untrusted input. */
export const parseAnalysisRun = createParser(analysisRunSchema);

/** Takes an accepted object for what it is; a missing spec counts as one without metrics. */
export function asAnalysisRun(object: KubeObject): AnalysisRun {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const metrics = Array.isArray(spec['metrics']) ? (spec['metrics'] as AnalysisRunSpec['metrics']) : [];
  const status = isRecord(object['status']) ? (object['status'] as AnalysisRunStatus) : undefined;
  return { ...object, spec: { ...spec, metrics }, status };
}

/** Whether nothing more will be measured. */
export function isCompleted(phase: string | undefined): boolean {
  return phase === 'Successful' || phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive';
}
