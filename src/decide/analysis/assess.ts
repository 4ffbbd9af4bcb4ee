// From counters to phases: of one metric, and of the whole run.

import type { AnalysisPhase, AnalysisRun, AnalysisRunStatus, MetricResult, RunSummary } from '../../kinds/analysis-run.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import type { Note } from '../../kinds/change.js';
import type { Metric } from '../../kinds/metric.js';
import { formatTime, type Instant } from '../../lib/instant.js';
import { consecutiveErrorLimit, consecutiveSuccessLimit, effectiveCount, failureLimit, inconclusiveLimit } from './limits.js';

type Reasoned = { readonly phase: AnalysisPhase; readonly reason?: string };

/** A limit that has been passed; of several the last named here counts. */
function passedLimit(metric: Metric, result: MetricResult): Reasoned | undefined {
  let passed: Reasoned | undefined;
  const failures = failureLimit(metric);
  const inconclusives = inconclusiveLimit(metric);
  const errors = consecutiveErrorLimit(metric);
  const { failed = 0, inconclusive = 0, consecutiveError = 0 } = result;
  if (failures >= 0 && failed > failures) passed = { phase: 'Failed', reason: `failed (${failed}) > failureLimit (${failures})` };
  if (inconclusive > inconclusives) passed = { phase: 'Inconclusive', reason: `inconclusive (${inconclusive}) > inconclusiveLimit (${inconclusives})` };
  if (consecutiveError > errors) passed = { phase: 'Error', reason: `consecutiveErrors (${consecutiveError}) > consecutiveErrorLimit (${errors})` };
  return passed;
}

/** The phase of one metric; a completed one keeps it. */
export function assessMetric(metric: Metric, result: MetricResult, terminating: boolean): AnalysisPhase {
  if (isCompleted(result.phase)) return result.phase;
  const last = result.measurements?.at(-1);
  if (last === undefined) return terminating ? 'Successful' : 'Pending';
  if (last.finishedAt === undefined) return 'Running';
  const passed = passedLimit(metric, result);
  if (passed !== undefined) return passed.phase;
  const wanted = consecutiveSuccessLimit(metric);
  if (wanted > 0 && (result.consecutiveSuccess ?? 0) >= wanted) return 'Successful';
  const count = effectiveCount(metric);
  if (count !== undefined && (result.count ?? 0) >= count) {
    if (wanted === 0) return 'Successful';
    return failureLimit(metric) >= 0 ? 'Inconclusive' : 'Failed';
  }
  return terminating ? 'Successful' : 'Running';
}

/** From best to worst. */
const ORDER: readonly AnalysisPhase[] = ['Successful', 'Running', 'Pending', 'Inconclusive', 'Error', 'Failed'];

type Tally = { count: number; successful: number; failed: number; inconclusive: number; error: number };
const emptyTally = (): Tally => ({ count: 0, successful: 0, failed: 0, inconclusive: 0, error: 0 });
const summaryOf = (tally: Tally): RunSummary => Object.fromEntries(Object.entries(tally).filter(([, value]) => value > 0));

function tallyPhase(tally: Tally, phase: AnalysisPhase): void {
  if (phase === 'Successful') tally.successful += 1;
  else if (phase === 'Failed') tally.failed += 1;
  else if (phase === 'Inconclusive') tally.inconclusive += 1;
  else if (phase === 'Error') tally.error += 1;
}

export type Assessment = { readonly status: AnalysisRunStatus; readonly notes: readonly Note[] };

export type AssessInput = {
  readonly run: AnalysisRun;
  readonly metrics: readonly Metric[];
  readonly dryRun: ReadonlySet<string>;
  /** With the measurements of this pass. */
  readonly status: AnalysisRunStatus;
  /** As found before this pass measured anything. */
  readonly terminating: boolean;
  readonly now: Instant;
};

export function assessRun(input: AssessInput): Assessment {
  const notes: Note[] = [];
  const results = new Map((input.status.metricResults ?? []).map((result) => [result.name, result]));
  const counted = { real: emptyTally(), dry: emptyTally() };
  let worst: AnalysisPhase | undefined;
  let message = input.run.spec.terminate === true ? 'Run Terminated' : '';
  let complete = true;
  for (const metric of input.metrics) {
    const dry = input.dryRun.has(metric.name);
    const tally = dry ? counted.dry : counted.real;
    tally.count += 1;
    const found = results.get(metric.name);
    if (found === undefined) {
      complete = false;
      continue;
    }
    const assessed = advance(metric, found, input.terminating, notes);
    results.set(metric.name, assessed);
    if (!isCompleted(assessed.phase)) {
      complete = false;
      continue;
    }
    const reason = passedLimit(metric, assessed)?.reason;
    // As recorded of Argo: what is inconclusive for want of successes in a row, and passed no limit, is counted with the successful.
    tallyPhase(tally, assessed.phase === 'Inconclusive' && reason === undefined ? 'Successful' : assessed.phase);
    if (dry) {
      worst ??= 'Successful';
      if (reason !== undefined) results.set(metric.name, { ...assessed, message: `Metric assessed ${assessed.phase} due to ${reason}` });
    } else if (worst === undefined || ORDER.indexOf(assessed.phase) > ORDER.indexOf(worst)) {
      worst = assessed.phase;
      if (reason !== undefined) message = worstMessage(metric.name, assessed, reason);
    }
  }
  const verdict = runPhase(input.terminating, complete, worst, message);
  const status = {
    ...input.status,
    metricResults: (input.status.metricResults ?? []).map((result) => results.get(result.name) ?? result),
    runSummary: summaryOf(counted.real),
    dryRunSummary: summaryOf(counted.dry),
  };
  return { status: withVerdict(status, verdict, input.now, notes), notes };
}

function advance(metric: Metric, result: MetricResult, terminating: boolean, notes: Note[]): MetricResult {
  const phase = assessMetric(metric, result, terminating);
  if (phase === result.phase) return result;
  const { message: _, ...rest } = result;
  const message = result.measurements?.at(-1)?.message;
  if (isCompleted(phase)) notes.push({ type: noteType(phase), reason: `Metric${phase}`, message: `Metric '${metric.name}' Completed. Result: ${phase}` });
  return { ...rest, phase, ...(message === undefined || message === '' ? {} : { message }) };
}

const noteType = (phase: AnalysisPhase): 'Normal' | 'Warning' => (phase === 'Failed' || phase === 'Error' ? 'Warning' : 'Normal');

function worstMessage(name: string, result: MetricResult, reason: string): string {
  const detail = result.message === undefined || result.message === '' ? '' : `: "Error Message: ${result.message}"`;
  return `Metric "${name}" assessed ${result.phase} due to ${reason}${detail}`;
}

function runPhase(
  terminating: boolean,
  complete: boolean,
  worst: AnalysisPhase | undefined,
  message: string,
): { readonly phase: AnalysisPhase; readonly message: string } {
  if (terminating) return { phase: worst ?? 'Successful', message };
  return complete && worst !== undefined ? { phase: worst, message } : { phase: 'Running', message: '' };
}

/** Phase, message and time of completion change together, and only when the phase does. */
function withVerdict(
  status: AnalysisRunStatus,
  verdict: { readonly phase: AnalysisPhase; readonly message: string },
  now: Instant,
  notes: Note[],
): AnalysisRunStatus {
  if (status.phase === verdict.phase) return status;
  const { message: _, ...rest } = status;
  const next: AnalysisRunStatus = { ...rest, phase: verdict.phase, ...(verdict.message === '' ? {} : { message: verdict.message }) };
  if (!isCompleted(verdict.phase)) return next;
  notes.push({ type: noteType(verdict.phase), reason: `AnalysisRun${verdict.phase}`, message: `Analysis Completed. Result: ${verdict.phase}` });
  return { ...next, completedAt: status.completedAt ?? formatTime(now) };
}
