// Which analysis templates a linted object refers to, with stand-ins for those that the file does not hold; and what is wrong with a
// template by itself.

import { flattenTemplates, type TemplateSource } from '../decide/analysis/flatten.js';
import { validateMetrics } from '../decide/analysis/validate.js';
import { syntaxProblem } from '../decide/expression/evaluate.js';
import type { Argument, TemplateRef } from '../kinds/analysis-spec.js';
import { type AnalysisTemplate, asAnalysisTemplate, type Metric } from '../kinds/analysis-template.js';
import { ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { findProvider } from '../providers/index.js';
import type { ObjectReader } from '../routers/gather.js';
import type { Findings } from './lint-file.js';

type Source = { readonly source: TemplateSource; readonly absent: readonly string[] };

/** What an argument's place in a metric looks like. */
const ARGUMENT_MARK = '{{';

/** For the duration that an argument will bring. */
const SOME_DURATION = '1m';

const LIMITS = ['count', 'failureLimit', 'inconclusiveLimit', 'consecutiveErrorLimit', 'consecutiveSuccessLimit'] as const;

/** Follows the references. What is not in the file gets an empty template, in which nothing can be wrong. */
export function templateSource(file: ObjectReader, namespace: string, refs: readonly TemplateRef[]): Source {
  const templates = file.list(ANALYSIS_TEMPLATE, namespace).map(asAnalysisTemplate);
  const clusterTemplates = file.list(CLUSTER_ANALYSIS_TEMPLATE, '').map(asAnalysisTemplate);
  const absent = new Set<string>();
  const nested = [...templates, ...clusterTemplates].flatMap(({ spec }) => spec.templates ?? []);
  for (const { templateName = '', clusterScope = false } of [...refs, ...nested]) {
    const [known, kind] = clusterScope ? [clusterTemplates, CLUSTER_ANALYSIS_TEMPLATE.kind] : [templates, ANALYSIS_TEMPLATE.kind];
    if (known.some(({ metadata }) => metadata.name === templateName)) continue;
    known.push(asAnalysisTemplate({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name: templateName }, spec: { metrics: [] } }));
    if (refs.some((ref) => ref.templateName === templateName)) absent.add(`${kind} ${templateName}`);
  }
  return { source: { templates, clusterTemplates }, absent: [...absent] };
}

const isOpen = (value: unknown): boolean => typeof value === 'string' && value.includes(ARGUMENT_MARK);

/** What hangs on an argument is not known yet: it is taken as right. */
function withoutArguments(metric: Metric): Metric {
  const open = LIMITS.some((limit) => isOpen(metric[limit]));
  const { count: _c, failureLimit: _f, inconclusiveLimit: _i, consecutiveErrorLimit: _e, consecutiveSuccessLimit: _s, ...rest } = metric;
  return {
    ...(open ? rest : metric),
    ...(isOpen(metric.interval) ? { interval: SOME_DURATION } : {}),
    ...(isOpen(metric.initialDelay) ? { initialDelay: SOME_DURATION } : {}),
  };
}

function* conditionProblems(metrics: readonly Metric[]): Iterable<string> {
  for (const [index, metric] of metrics.entries()) {
    for (const field of ['successCondition', 'failureCondition'] as const) {
      const source = metric[field] ?? '';
      const problem = source === '' || isOpen(source) ? undefined : syntaxProblem(source);
      if (problem !== undefined) yield `spec.metrics[${index}].${field}: Invalid value: ${JSON.stringify(source)}: ${problem.split('\n')[0]}`;
    }
  }
}

function* sourceProblems(metrics: readonly Metric[]): Iterable<string> {
  for (const [index, { provider }] of metrics.entries()) {
    for (const [name, spec] of Object.entries<unknown>(provider)) {
      const found = findProvider(name);
      // Which fields go together may hang on a method that an argument brings.
      const problem = found.ok && isRecord(spec) && !isOpen(spec['method']) ? found.value.problem?.(spec) : undefined;
      if (problem !== undefined) yield `spec.metrics[${index}].provider.${name}: ${problem}`;
    }
  }
}

export function metricProblems(metrics: readonly Metric[], args: readonly Argument[] = []): readonly string[] {
  const both = args
    .filter((arg) => arg.value !== undefined && arg.valueFrom !== undefined)
    .map(({ name }) => `arg '${name}' has both Value and ValueFrom fields`);
  const complaint = validateMetrics(metrics.map(withoutArguments));
  return [...both, ...(complaint === undefined ? [] : [`spec.${complaint}`]), ...conditionProblems(metrics), ...sourceProblems(metrics)];
}

export function lintTemplate(template: AnalysisTemplate, isGlobal: boolean, file: ObjectReader, namespace: string): Findings {
  const { metadata, spec } = template;
  const nested = spec.templates ?? [];
  const { source, absent } = templateSource(file, namespace, nested);
  const flat = flattenTemplates([{ templateName: metadata.name, clusterScope: isGlobal }], source);
  const metrics = spec.metrics ?? [];
  const own = metrics.length === 0 && nested.length > 0 ? [] : metricProblems(metrics, spec.args);
  return { problems: [...own, ...(flat.ok ? [] : [flat.error])], absent };
}
