// What is wrong with the metrics of a run or a template, in Argo's words.

import type { Metric } from '../../kinds/metric.js';
import { isRecord } from '../../lib/deep.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import { consecutiveErrorLimit, consecutiveSuccessLimit, effectiveCount, failureLimit, hasText, inconclusiveLimit, limitOf } from './limits.js';

/** The first complaint, or undefined. */
export function validateMetrics(metrics: readonly Metric[]): string | undefined {
  if (metrics.length === 0) return 'no metrics specified';
  const names = new Set<string>();
  for (const [index, metric] of metrics.entries()) {
    const complaint = names.has(metric.name) ? `duplicate name '${metric.name}'` : validateMetric(metric);
    if (complaint !== undefined) return `metrics[${index}]: ${complaint}`;
    names.add(metric.name);
  }
  return undefined;
}

function validateMetric(metric: Metric): string | undefined {
  return validateCounts(metric) ?? validateDurations(metric) ?? validateLimits(metric) ?? validateProvider(metric);
}

function validateCounts(metric: Metric): string | undefined {
  const count = limitOf(metric.count) ?? 0;
  if (count <= 0) return undefined;
  const failures = failureLimit(metric);
  const successes = consecutiveSuccessLimit(metric);
  if (failures >= 0 && successes >= 0 && count < failures + successes) {
    return `count (${count}) must be >= failureLimit + consecutiveSuccessLimit (${failures} + ${successes}) if both >= 0`;
  }
  if (failures < 0 && count < successes) return `count (${count}) must be >= consecutiveSuccessLimit (${successes})`;
  return count < inconclusiveLimit(metric) ? `count (${count}) must be >= inconclusiveLimit (${inconclusiveLimit(metric)})` : undefined;
}

function validateDurations(metric: Metric): string | undefined {
  if ((limitOf(metric.count) ?? 0) > 1 && !hasText(metric.interval)) return 'interval must be specified when count > 1';
  if (hasText(metric.interval) && parseGoDuration(metric.interval) === undefined)
    return `invalid interval string: time: invalid duration ${JSON.stringify(metric.interval)}`;
  if (hasText(metric.initialDelay) && parseGoDuration(metric.initialDelay) === undefined)
    return `invalid startDelay string: time: invalid duration ${JSON.stringify(metric.initialDelay)}`;
  return undefined;
}

function validateLimits(metric: Metric): string | undefined {
  if (failureLimit(metric) < -1) return 'failureLimit must be >= -1';
  if (consecutiveSuccessLimit(metric) < 0) return 'consecutiveSuccessLimit must be >= 0';
  if (failureLimit(metric) === -1 && consecutiveSuccessLimit(metric) === 0) return 'failureLimit and consecutiveSuccessLimit cannot both be disabled';
  if (inconclusiveLimit(metric) < 0) return 'inconclusiveLimit must be >= 0';
  return consecutiveErrorLimit(metric) < 0 ? 'consecutiveErrorLimit must be >= 0' : undefined;
}

function validateProvider(metric: Metric): string | undefined {
  const names = providersOf(metric);
  if (names.length === 0) return 'no provider specified';
  return names.length > 1 ? 'multiple providers specified' : undefined;
}

/** The names of the providers of a metric: one, if it is valid. Each plugin counts. */
export function providersOf(metric: Metric): readonly string[] {
  const provider: unknown = metric.provider;
  if (!isRecord(provider)) return [];
  return Object.entries(provider).flatMap(([name, spec]) => {
    if (spec === undefined || spec === null) return [];
    return name === 'plugin' && isRecord(spec) ? Object.keys(spec).map(() => 'plugin') : [name];
  });
}

/** The plugin that a metric names; undefined when its provider is built in. */
export function pluginOf(metric: Metric): string | undefined {
  const provider: unknown = metric.provider;
  const plugin = isRecord(provider) ? provider['plugin'] : undefined;
  return isRecord(plugin) ? Object.keys(plugin)[0] : undefined;
}

/** For templates that are not a background analysis: every metric must end by itself. */
export function endlessMetric(template: string, metrics: readonly Metric[]): string | undefined {
  const endless = metrics.find((metric) => effectiveCount(metric) === undefined);
  if (endless === undefined) return undefined;
  return `AnalysisTemplate ${template} has metric ${endless.name} which runs indefinitely. Invalid value for count: ${limitOf(endless.count) ?? '<nil>'}`;
}
