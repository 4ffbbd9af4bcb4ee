// Puts one measurement into the results: counters, retention, and texts free of secrets.

import type { AnalysisRunStatus, Measurement, MetricResult } from '../../kinds/analysis-run.js';
import { formatTime, type Instant } from '../../lib/instant.js';
import { maskSecrets, maskValue } from './mask.js';

export type Measured = {
  readonly metric: string;
  readonly dryRun: boolean;
  readonly startedAt: Instant;
  /** When the provider answered; the end of the measurement, unless it is Running. */
  readonly finishedAt: Instant;
  readonly phase: 'Successful' | 'Failed' | 'Inconclusive' | 'Error' | 'Running';
  /** Of one that is Running: when to look again; absent: when something of its provider changes. */
  readonly resumeAt?: Instant;
  readonly value?: string;
  readonly message?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Added to the metadata of the metric. */
  readonly metricMetadata?: Readonly<Record<string, string>>;
  /** Texts that must never be written. */
  readonly secrets: readonly string[];
};

const DEFAULT_RETENTION = 10;

/** How many measurements of a metric are kept, by the limit of the rule that names it. */
export const keptMeasurements = (limit: number | undefined): number => (limit !== undefined && limit > 0 ? limit : DEFAULT_RETENTION);

function maskAll(texts: Readonly<Record<string, string>>, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, maskSecrets(text, secrets)]));
}

/** The status with the measurement added; an unfinished one of that metric is finished by it. */
export function recordMeasurement(status: AnalysisRunStatus, measured: Measured, retention: number | undefined): AnalysisRunStatus {
  const results = status.metricResults ?? [];
  const old = results.find((result) => result.name === measured.metric);
  const known: MetricResult = old ?? { name: measured.metric, phase: 'Running', ...(measured.dryRun ? { dryRun: true } : {}) };
  const next = withMeasurement(known, measured, retention);
  return { ...status, metricResults: old === undefined ? [...results, next] : results.map((result) => (result === old ? next : result)) };
}

function withMeasurement(result: MetricResult, measured: Measured, retention: number | undefined): MetricResult {
  const before = result.measurements ?? [];
  const unfinished = before.at(-1)?.finishedAt === undefined ? before.at(-1) : undefined;
  const kept = unfinished === undefined ? before : before.slice(0, -1);
  const measurements = [...kept, measurementOf(measured, unfinished)].slice(-keptMeasurements(retention));
  const metadata =
    measured.metricMetadata === undefined || Object.keys(measured.metricMetadata).length === 0
      ? {}
      : { metadata: { ...result.metadata, ...maskAll(measured.metricMetadata, measured.secrets) } };
  return { ...(measured.phase === 'Running' ? result : counted(result, measured.phase)), ...metadata, measurements };
}

function measurementOf(measured: Measured, unfinished: Measurement | undefined): Measurement {
  const metadata = { ...unfinished?.metadata, ...maskAll(measured.metadata ?? {}, measured.secrets) };
  return {
    phase: measured.phase,
    startedAt: unfinished?.startedAt ?? formatTime(measured.startedAt),
    ...(measured.phase === 'Running' ? {} : { finishedAt: formatTime(measured.finishedAt) }),
    ...(measured.resumeAt === undefined ? {} : { resumeAt: formatTime(measured.resumeAt) }),
    ...(measured.value === undefined || measured.value === '' ? {} : { value: maskValue(measured.value, measured.secrets) }),
    ...(measured.message === undefined || measured.message === '' ? {} : { message: maskSecrets(measured.message, measured.secrets) }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

/** Zero counters are left out, as Argo leaves them. */
function counted(result: MetricResult, phase: Measured['phase']): MetricResult {
  const { count = 0, successful = 0, failed = 0, inconclusive = 0, error = 0, consecutiveError = 0, consecutiveSuccess = 0, ...rest } = result;
  const one = (wanted: Measured['phase']): number => (phase === wanted ? 1 : 0);
  const counters = {
    count: phase === 'Error' ? count : count + 1,
    successful: successful + one('Successful'),
    failed: failed + one('Failed'),
    inconclusive: inconclusive + one('Inconclusive'),
    error: error + one('Error'),
    consecutiveError: phase === 'Error' ? consecutiveError + 1 : 0,
    consecutiveSuccess: phase === 'Successful' ? consecutiveSuccess + 1 : 0,
  };
  return { ...rest, ...Object.fromEntries(Object.entries(counters).filter(([, value]) => value > 0)) };
}
