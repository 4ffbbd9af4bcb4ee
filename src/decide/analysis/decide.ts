// What to do about an AnalysisRun now: which metrics to measure, what to write, when to look again.

import type { AnalysisRun, AnalysisRunStatus, Measurement } from '../../kinds/analysis-run.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import type { Note } from '../../kinds/change.js';
import type { Metric } from '../../kinds/metric.js';
import { formatTime, type Instant } from '../../lib/instant.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import { assessRun } from './assess.js';
import { dueAt, type FinishTimes, waitsForChange } from './due.js';
import { type Measured, recordMeasurement } from './measurement.js';
import { matchRules } from './rules.js';
import { argumentValues, resolveMetrics } from './template-args.js';
import { expiresAt } from './ttl.js';
import { validateMetrics } from './validate.js';

export type AnalysisDecision =
  /** The run has ended; at `expiresAt`, if any, it is to be deleted. */
  | { readonly type: 'ended'; readonly expiresAt: Instant | undefined }
  /** The run can not be worked on: write this status. */
  | { readonly type: 'refused'; readonly status: AnalysisRunStatus; readonly notes: readonly Note[] }
  /** Measure these (perhaps none), then `concludeAnalysisRun`. */
  | { readonly type: 'measure'; readonly due: readonly Due[]; readonly plan: AnalysisPlan };

/** A metric that is to be measured now. */
export type Due = {
  readonly metric: Metric;
  /** Which measurement of the metric it is, counted from 1. */
  readonly attempt: number;
  /** A measurement that has been begun and is to be gone on with, where its provider can. */
  readonly begun?: Measurement;
  /** What was begun is to be ended: the run is over. */
  readonly ending: boolean;
};

/** What stays the same between deciding and concluding one pass. */
export type AnalysisPlan = {
  readonly run: AnalysisRun;
  /** All metrics, arguments resolved; secrets are not in them. */
  readonly metrics: readonly Metric[];
  readonly dryRun: ReadonlySet<string>;
  readonly retention: ReadonlyMap<string, number>;
  readonly status: AnalysisRunStatus;
  readonly terminating: boolean;
};

const NEVER_FINISHED: FinishTimes = () => undefined;

export function decideAnalysisRun(run: AnalysisRun, now: Instant, finished: FinishTimes = NEVER_FINISHED): AnalysisDecision {
  if (isCompleted(run.status?.phase)) return { type: 'ended', expiresAt: expiresAt(run) };
  const prepared = prepare(run, now);
  if (!prepared.ok) return refuseAnalysisRun(run, prepared.error);
  const plan = prepared.value;
  const due = plan.metrics.flatMap((metric): readonly Due[] => {
    const at = dueAt(metric, plan.status, resultOf(plan.status, metric), plan.terminating, finished);
    return at === undefined || at > now ? [] : [dueOf(plan, metric)];
  });
  return { type: 'measure', due, plan };
}

const resultOf = (status: AnalysisRunStatus, metric: Metric): NonNullable<AnalysisRunStatus['metricResults']>[number] | undefined =>
  status.metricResults?.find((result) => result.name === metric.name);

function dueOf({ status, terminating }: AnalysisPlan, metric: Metric): Due {
  const result = resultOf(status, metric);
  const last = result?.measurements?.at(-1);
  const begun = last === undefined || last.finishedAt !== undefined ? {} : { begun: last };
  return { metric, attempt: (result?.count ?? 0) + (result?.error ?? 0) + 1, ...begun, ending: terminating };
}

function prepare(run: AnalysisRun, now: Instant): Result<AnalysisPlan, string> {
  const values = argumentValues(run.spec.args);
  const metrics = values.ok ? resolveMetrics(run.spec.metrics, values.value) : values;
  if (!metrics.ok) return err(unresolved(metrics.error));
  const names = metrics.value.map((metric) => metric.name);
  const dryRun = matchRules('dryRun', run.spec.dryRun ?? [], names);
  if (!dryRun.ok) return err(invalid(dryRun.error));
  const retention = matchRules('measurementRetention', run.spec.measurementRetention ?? [], names);
  if (!retention.ok) return err(invalid(retention.error));
  const complaint = validateMetrics(metrics.value);
  if (complaint !== undefined) return err(invalid(complaint));
  const status: AnalysisRunStatus = { ...run.status, phase: run.status?.phase ?? '', startedAt: run.status?.startedAt ?? formatTime(now) };
  const dry = new Set(dryRun.value.keys());
  const spoiled = (status.metricResults ?? []).some((result) => !dry.has(result.name) && isCompleted(result.phase) && result.phase !== 'Successful');
  return ok({
    run,
    metrics: metrics.value,
    dryRun: dry,
    retention: new Map(Array.from(retention.value, ([name, rule]) => [name, rule.limit])),
    status,
    terminating: run.spec.terminate === true || spoiled,
  });
}

const invalid = (complaint: string): string => `Analysis spec invalid: ${complaint}`;
export const unresolved = (complaint: string): string => `Unable to resolve metric arguments: ${complaint}`;

/** Ends a run that can not be worked on. As in Argo it gets no time of completion. */
export function refuseAnalysisRun(run: AnalysisRun, message: string): Extract<AnalysisDecision, { readonly type: 'refused' }> {
  return {
    type: 'refused',
    status: { ...run.status, phase: 'Error', message },
    notes: [{ type: 'Warning', reason: 'AnalysisRunError', message: 'Analysis Completed. Result: Error' }],
  };
}

export type Conclusion = {
  readonly status: AnalysisRunStatus;
  readonly notes: readonly Note[];
  /** When to look again; undefined when only a change can matter. */
  readonly wakeAt: Instant | undefined;
};

/** Records what was measured and draws the conclusions. */
export function concludeAnalysisRun(plan: AnalysisPlan, measured: readonly Measured[], now: Instant, finished: FinishTimes = NEVER_FINISHED): Conclusion {
  const recorded = measured.reduce((status, one) => recordMeasurement(status, one, plan.retention.get(one.metric)), plan.status);
  const { status, notes } = assessRun({ run: plan.run, metrics: plan.metrics, dryRun: plan.dryRun, status: recorded, terminating: plan.terminating, now });
  return { status, notes, wakeAt: isCompleted(status.phase) ? expiresAt({ ...plan.run, status }) : nextPass(plan, status, now, finished) };
}

function nextPass(plan: AnalysisPlan, status: AnalysisRunStatus, now: Instant, finished: FinishTimes): Instant | undefined {
  // A metric that has just spoiled the run makes the next pass terminate it.
  const spoiled = (status.metricResults ?? []).some((result) => !plan.dryRun.has(result.name) && isCompleted(result.phase) && result.phase !== 'Successful');
  if (spoiled) return now;
  const times = plan.metrics.flatMap((metric) => {
    const result = resultOf(status, metric);
    // What goes on without a time tells of itself: its provider's objects wake the run.
    return waitsForChange(result) ? [] : (dueAt(metric, status, result, plan.terminating, finished) ?? []);
  });
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}
