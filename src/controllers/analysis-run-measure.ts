// Measures one metric of an AnalysisRun: resolves its arguments, asks its provider, and has the value judged.

import type { Due } from '../decide/analysis/decide.js';
import { judge } from '../decide/analysis/judge.js';
import type { Measured } from '../decide/analysis/measurement.js';
import { resolveMetric } from '../decide/analysis/template-args.js';
import { pluginOf, providersOf } from '../decide/analysis/validate.js';
import { evaluateTime } from '../decide/expression/evaluate.js';
import { ANY_SLICE, FLOAT_SLICE, INT64 } from '../decide/expression/go-type.js';
import { type GoValue, integer, slice } from '../decide/expression/go-value.js';
import { fromJson, fromTyped } from '../decide/expression/json-value.js';
import type { Metric } from '../kinds/metric.js';
import type { HttpSend } from '../lib/http.js';
import type { Instant } from '../lib/instant.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { findProvider } from '../providers/index.js';
import type { CloudWatch, MetricItem, MetricValue, Occasion, Provider, ProviderAnswer, ProviderCluster, ProviderIo, SignForAws } from '../providers/provider.js';
import { readSecret, type RunArguments } from './analysis-run-secrets.js';

export type MeasureOptions = {
  readonly http: HttpSend;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly utcOffsetMinutes: number;
  /** Providers that modules bring, by plugin name. */
  readonly plugins: ReadonlyMap<string, Provider>;
  readonly run: Occasion['run'];
  readonly cluster: ProviderCluster;
  readonly cloudWatch?: CloudWatch | undefined;
  readonly signForAws?: SignForAws | undefined;
  /** Where the Secrets of this engine are. */
  readonly engineNamespace: string;
  now(): Instant;
};

/**
 * The metric as the manifest has it; `secrets` are the texts that must not be written. Undefined when its provider leaves a
 * measurement that is to be ended as it is. Never throws.
 */
export async function measureMetric(
  due: Due,
  dryRun: boolean,
  { values, secrets }: RunArguments,
  options: MeasureOptions,
  signal: AbortSignal,
): Promise<Measured | undefined> {
  const startedAt = options.now();
  const resolved = resolveMetric(due.metric, values);
  const { provider, ...choice } = resolved.ok ? chosen(resolved.value, options.plugins) : { provider: err(resolved.error), name: '', spec: undefined };
  if (due.ending && provider.ok && provider.value.terminate === undefined) return undefined;
  // What the provider reads from Secrets joins those of the arguments.
  const hidden = [...secrets];
  const io = ioFor({ ...due, metric: resolved.ok ? resolved.value : due.metric }, startedAt, options, hidden);
  const answer = provider.ok ? await ask(provider.value, { ...choice, ...due }, io, signal) : provider;
  const metricMetadata = provider.ok ? provider.value.describe?.(choice.spec) : undefined;
  const common = {
    metric: due.metric.name,
    dryRun,
    startedAt,
    finishedAt: options.now(),
    secrets: hidden,
    ...(metricMetadata === undefined ? {} : { metricMetadata }),
  };
  if (!resolved.ok || !answer.ok) return { ...common, phase: 'Error', message: answer.ok ? '' : answer.error };
  return { ...common, ...judged(resolved.value, answer.value, due.ending, common.finishedAt) };
}

function judged(
  metric: Metric,
  answer: ProviderAnswer,
  ending: boolean,
  now: Instant,
): Pick<Measured, 'phase' | 'value' | 'message' | 'metadata' | 'resumeAt'> {
  const { result, text, metadata, phase = 'Successful', resumeAt } = answer;
  const more = metadata === undefined ? {} : { metadata };
  const verdict = result === undefined ? { phase } : judge(metric, goValueOf(result), now);
  if (verdict.phase === 'Running') return { ...more, phase: 'Running', ...(resumeAt === undefined ? {} : { resumeAt }) };
  // An error says why in place of a value, as in the original.
  if (verdict.phase === 'Error') return { ...more, phase: 'Error', message: 'message' in verdict ? verdict.message : '' };
  return { ...more, phase: verdict.phase, value: text, ...(ending && verdict.phase === 'Successful' ? { message: TERMINATED } : {}) };
}

const TERMINATED = 'Metric Terminated';

/** Clears away what measurements of that metric have left, where its provider leaves something. The error is a sentence. */
export async function collectLeftovers(due: Due, keep: number, options: MeasureOptions): Promise<Result<undefined, string>> {
  const { provider } = chosen(due.metric, options.plugins);
  const { collect } = provider.ok ? provider.value : {};
  return collect === undefined ? ok(undefined) : collect(keep, ioFor(due, options.now(), options, []));
}

/** Of a run that is over: ends what still goes on for that metric. The error is a sentence. */
export async function sweepLeftovers(metric: Metric, options: MeasureOptions): Promise<Result<undefined, string>> {
  const { provider } = chosen(metric, options.plugins);
  const { sweep } = provider.ok ? provider.value : {};
  return sweep === undefined ? ok(undefined) : sweep(ioFor({ metric, attempt: 0, ending: true }, options.now(), options, []));
}

function ioFor({ metric, attempt }: Due, now: Instant, options: MeasureOptions, hidden: string[]): ProviderIo {
  const { run, cluster, cloudWatch, signForAws, http, utcOffsetMinutes, environment, engineNamespace } = options;
  return {
    now,
    http,
    utcOffsetMinutes,
    environment,
    cluster,
    cloudWatch,
    signForAws,
    occasion: { run, metric: metric.name, attempt, ...(metric.interval === undefined ? {} : { interval: metric.interval }) },
    hide: (text) => hidden.push(text),
    secret: async ({ name, place, plain = [] }) => {
      const read = await readSecret(cluster, place === 'run' ? run.namespace : engineNamespace, name);
      if (read.ok) for (const [key, text] of Object.entries(read.value ?? {})) if (!plain.includes(key)) hidden.push(text);
      return read.ok ? read : err(read.error.message);
    },
    evaluateTime: (expression, instant) => {
      const verdict = evaluateTime(expression, instant);
      return 'error' in verdict ? err(verdict.message) : ok(verdict.value);
    },
  };
}

type Asked = Pick<Due, 'begun' | 'ending'> & Omit<Chosen, 'provider'>;

async function ask(provider: Provider, { name, spec, begun, ending }: Asked, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>> {
  try {
    const known = { metadata: begun?.metadata ?? {} };
    if (ending && provider.terminate !== undefined) return await provider.terminate(spec, known, io, signal);
    if (begun !== undefined && provider.resume !== undefined) return await provider.resume(spec, known, io, signal);
    return await provider.measure(spec, io, signal);
  } catch (error) {
    // A provider that breaks costs one measurement, not the engine.
    return err(`metric provider ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
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

const itemOf = (item: MetricItem): GoValue => (typeof item === 'bigint' ? integer(INT64, item) : fromJson(item));

/** The value with the Go type that conditions see. */
export function goValueOf(value: MetricValue): GoValue {
  switch (value.type) {
    case 'json':
      return fromJson(value.value);
    case 'float64':
      return value.value;
    case '[]float64':
      return slice(FLOAT_SLICE, value.value);
    case '[]any':
      return slice(ANY_SLICE, value.value.map(itemOf));
    case 'NRDBResult':
    case '[]NRDBResult':
    case '[]MetricDataResult':
      return fromTyped(value.type, value.value);
  }
}
