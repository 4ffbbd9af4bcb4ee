// The numbers of a metric with Argo's defaults. They may be written as text; text that is no number counts as 0.

import type { Metric } from '../../kinds/metric.js';
import { parseGoDuration } from '../../lib/go-duration.js';

/** A limit as given: undefined when absent. */
export function limitOf(value: number | string | null | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return Math.trunc(value);
  return /^[+-]?\d+$/.test(value) ? Number(value) : 0;
}

const DEFAULT_CONSECUTIVE_ERRORS = 4;
const AFTER_ERROR_MS = 10_000;

export const failureLimit = (metric: Metric): number => limitOf(metric.failureLimit) ?? 0;
export const inconclusiveLimit = (metric: Metric): number => limitOf(metric.inconclusiveLimit) ?? 0;
export const consecutiveErrorLimit = (metric: Metric): number => limitOf(metric.consecutiveErrorLimit) ?? DEFAULT_CONSECUTIVE_ERRORS;
export const consecutiveSuccessLimit = (metric: Metric): number => limitOf(metric.consecutiveSuccessLimit) ?? 0;

/** How many measurements complete the metric; undefined when it goes on until something else ends it. */
export function effectiveCount(metric: Metric): number | undefined {
  const count = limitOf(metric.count) ?? 0;
  if (count > 0) return count;
  return hasText(metric.interval) ? undefined : 1;
}

/** The pause after a measurement. An error is tried again after ten seconds, whatever the interval. */
export function pauseMs(metric: Metric, lastPhase: string): number {
  const interval = hasText(metric.interval) ? parseGoDuration(metric.interval) : undefined;
  return lastPhase === 'Error' || interval === undefined ? AFTER_ERROR_MS : interval;
}

export const initialDelayMs = (metric: Metric): number => (hasText(metric.initialDelay) ? (parseGoDuration(metric.initialDelay) ?? 0) : 0);

export const hasText = (text: string | null | undefined): text is string => text !== undefined && text !== null && text !== '';
