// Measures one metric of an AnalysisRun: resolves its arguments, asks its provider, and has the value judged.

import { judge } from '../decide/analysis/judge.js';
import type { Measured } from '../decide/analysis/measurement.js';
import { resolveMetric, type ArgumentValues } from '../decide/analysis/template-args.js';
import { pluginOf, providersOf } from '../decide/analysis/validate.js';
import { evaluateTime } from '../decide/expression/evaluate.js';
import { FLOAT_SLICE } from '../decide/expression/go-type.js';
import { type GoValue, slice } from '../decide/expression/go-value.js';
import { fromJson } from '../decide/expression/json-value.js';
import type { Metric } from '../kinds/metric.js';
import type { HttpSend } from '../lib/http.js';
import type { Instant } from '../lib/instant.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { findProvider } from '../providers/index.js';
import type { MetricValue, Provider, ProviderAnswer, ProviderIo } from '../providers/provider.js';

export type MeasureOptions = {
  readonly http: HttpSend;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly utcOffsetMinutes: number;
  /** Providers that modules bring, by plugin name. */
  readonly plugins: ReadonlyMap<string, Provider>;
  now(): Instant;
};

/** `metric` as the manifest has it; `secrets` are the texts that must not be written. Never throws. */
export async function measureMetric(
  metric: Metric,
  dryRun: boolean,
  values: ArgumentValues,
  secrets: readonly string[],
  options: MeasureOptions,
  signal: AbortSignal,
): Promise<Measured> {
  const startedAt = options.now();
  const resolved = resolveMetric(metric, values);
  const asked = resolved.ok ? await ask(resolved.value, startedAt, options, signal) : { answer: err(resolved.error), metricMetadata: undefined };
  const finishedAt = options.now();
  const common = {
    metric: metric.name,
    dryRun,
    startedAt,
    finishedAt,
    secrets,
    ...(asked.metricMetadata === undefined ? {} : { metricMetadata: asked.metricMetadata }),
  };
  if (!resolved.ok || !asked.answer.ok) return { ...common, phase: 'Error', message: asked.answer.ok ? '' : asked.answer.error };
  const { result, text, metadata } = asked.answer.value;
  const verdict = result === undefined ? { phase: 'Successful' as const } : judge(resolved.value, goValueOf(result), finishedAt);
  const judged = { ...common, ...(metadata === undefined ? {} : { metadata }), phase: verdict.phase };
  // An error says why in place of a value, as in the original.
  return verdict.phase === 'Error' ? { ...judged, message: verdict.message ?? '' } : { ...judged, value: text };
}

type Asked = { readonly answer: Result<ProviderAnswer, string>; readonly metricMetadata: Readonly<Record<string, string>> | undefined };

async function ask(metric: Metric, now: Instant, options: MeasureOptions, signal: AbortSignal): Promise<Asked> {
  const { name, spec, provider } = chosen(metric, options.plugins);
  if (!provider.ok) return { answer: provider, metricMetadata: undefined };
  const io: ProviderIo = {
    now,
    http: options.http,
    utcOffsetMinutes: options.utcOffsetMinutes,
    environment: options.environment,
    evaluateTime: (expression, instant) => {
      const verdict = evaluateTime(expression, instant);
      return 'error' in verdict ? err(verdict.message) : ok(verdict.value);
    },
  };
  const metricMetadata = provider.value.describe?.(spec);
  try {
    return { answer: await provider.value.measure(spec, io, signal), metricMetadata };
  } catch (error) {
    // A provider that breaks costs one measurement, not the engine.
    return { answer: err(`metric provider ${name} failed: ${error instanceof Error ? error.message : String(error)}`), metricMetadata };
  }
}

type Chosen = { readonly name: string; readonly spec: unknown; readonly provider: Result<Provider, string> };

function chosen(metric: Metric, plugins: MeasureOptions['plugins']): Chosen {
  const plugin = pluginOf(metric);
  if (plugin === undefined) {
    const name = providersOf(metric)[0] ?? '';
    return { name, spec: (metric.provider as Readonly<Record<string, unknown>>)[name], provider: findProvider(name) };
  }
  const provider = plugins.get(plugin);
  return {
    name: plugin,
    spec: metric.provider.plugin?.[plugin],
    provider: provider === undefined ? err(`this engine has no metric plugin '${plugin}'`) : ok(provider),
  };
}

/** The value with the Go type that conditions see. */
export function goValueOf(value: MetricValue): GoValue {
  switch (value.type) {
    case 'json':
      return fromJson(value.value);
    case 'float64':
      return value.value;
    case '[]float64':
      return slice(FLOAT_SLICE, value.value);
  }
}
