// When a metric is to be measured next.

import type { AnalysisRunStatus, MetricResult } from '../../kinds/analysis-run.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import type { Metric } from '../../kinds/metric.js';
import { type Instant, parseTime } from '../../lib/instant.js';
import { effectiveCount, initialDelayMs, pauseMs } from './limits.js';

/** The exact end of the last measurement of a metric, where this process made it; written times are cut to seconds. */
export type FinishTimes = (metric: string) => Instant | undefined;

// A cut time may lie this much before the real one. Waiting it out keeps intervals from ending early.
const CUT_MS = 999;

/** The instant at which the metric is due (perhaps past), or undefined when it is not to be measured again. */
export function dueAt(
  metric: Metric,
  status: AnalysisRunStatus,
  result: MetricResult | undefined,
  terminating: boolean,
  finished: FinishTimes,
): Instant | undefined {
  if (result !== undefined && isCompleted(result.phase)) return undefined;
  const last = result?.measurements?.at(-1);
  if (last !== undefined && last.finishedAt === undefined) return terminating ? 0 : (parseTime(last.resumeAt) ?? 0);
  if (terminating) return undefined;
  if (last === undefined) {
    const delay = initialDelayMs(metric);
    return delay === 0 ? 0 : cutTime(status.startedAt) + delay;
  }
  const count = effectiveCount(metric);
  if (count !== undefined && (result?.count ?? 0) >= count) return undefined;
  return (finished(metric.name) ?? cutTime(last.finishedAt)) + pauseMs(metric, last.phase);
}

/** Whether its last measurement goes on and has no time at which to look at it again: something of its own has to change. */
export function waitsForChange(result: MetricResult | undefined): boolean {
  const last = result?.measurements?.at(-1);
  return last !== undefined && last.finishedAt === undefined && last.resumeAt === undefined && !isCompleted(result?.phase);
}

/** The latest instant that a written time can stand for. */
function cutTime(text: string | undefined): Instant {
  const instant = parseTime(text) ?? 0;
  return instant % 1000 === 0 ? instant + CUT_MS : instant;
}
