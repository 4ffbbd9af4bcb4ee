// Whether an analysis that a rollout names can become a run: its templates, their metrics and arguments.

import type { Argument, RolloutAnalysis } from '../../kinds/analysis-spec.js';
import type { AnalysisTemplate } from '../../kinds/analysis-template.js';
import { flattenTemplates, type TemplateSource } from './flatten.js';
import { buildRunSpec, mergeArguments } from './run-spec.js';
import { resolveMetrics } from './template-args.js';
import { endlessMetric, pluginOf } from './validate.js';

/** The template that is wrong by its name, or all of them in the words of Argo Rollouts (its issue 1851), and why. */
export type ReferenceProblem = { readonly name: string; readonly reason: string };

/** Why a metric plugin of that name can not be used; undefined when it can. */
export type PluginProblem = (name: string) => string | undefined;

// Stands for values that are known only when the run is made.
const LATER = '1';

/** A background analysis may run for ever; any other must come to an end by itself. */
export function analysisProblem(
  analysis: RolloutAnalysis,
  source: TemplateSource,
  background: boolean,
  pluginProblem: PluginProblem,
): ReferenceProblem | undefined {
  const refs = analysis.templates ?? [];
  const all: AnalysisTemplate[] = [];
  for (const ref of refs) {
    const templates = flattenTemplates([ref], source);
    const name = ref.templateName ?? '';
    if (!templates.ok) return { name, reason: templates.error };
    const reason = (background ? undefined : endlessProblem(templates.value, analysis)) ?? pluginsProblem(templates.value, pluginProblem);
    if (reason !== undefined) return { name, reason };
    all.push(...templates.value);
  }
  const reason = argumentsProblem(all, analysis, background) ?? runProblem(analysis, source);
  return reason === undefined ? undefined : { name: `templateNames: [${refs.map((ref) => ref.templateName ?? '').join(' ')}]`, reason };
}

function runProblem(analysis: RolloutAnalysis, source: TemplateSource): string | undefined {
  const args = (analysis.args ?? []).map((arg): Argument => ({ name: arg.name, value: arg.value ?? LATER }));
  const { templates: refs = [], dryRun = [], measurementRetention = [] } = analysis;
  const spec = buildRunSpec({ ...source, refs, args, dryRun, measurementRetention });
  return spec.ok ? undefined : spec.error;
}

function pluginsProblem(templates: readonly AnalysisTemplate[], pluginProblem: PluginProblem): string | undefined {
  for (const { metadata, spec } of templates) {
    for (const metric of spec.metrics ?? []) {
      const name = pluginOf(metric);
      const problem = name === undefined ? undefined : pluginProblem(name);
      if (problem !== undefined) return `AnalysisTemplate ${metadata.name} has metric ${metric.name}: ${problem}`;
    }
  }
  return undefined;
}

function argumentsProblem(templates: readonly AnalysisTemplate[], analysis: RolloutAnalysis, background: boolean): string | undefined {
  const declared = mergeArguments(templates);
  if (!declared.ok) return declared.error;
  const both = declared.value.find((arg) => arg.value !== undefined && arg.valueFrom !== undefined);
  if (both !== undefined) return `arg '${both.name}' has both Value and ValueFrom fields`;
  const given = new Set((analysis.args ?? []).map((arg) => arg.name));
  const missing = declared.value.find((arg) => arg.value === undefined && arg.valueFrom === undefined && !given.has(arg.name));
  if (missing === undefined) return undefined;
  return background ? `args.${missing.name} was not resolved` : missing.name;
}

/** Of a reference with the templates that it takes in. What its arguments lack is another question. */
function endlessProblem(templates: readonly AnalysisTemplate[], analysis: RolloutAnalysis): string | undefined {
  const declared = mergeArguments(templates);
  if (!declared.ok) return undefined;
  const given = new Map((analysis.args ?? []).map((arg) => [arg.name, arg.value ?? LATER]));
  const values = new Map(declared.value.map((arg) => [arg.name, given.get(arg.name) ?? arg.value ?? LATER]));
  for (const template of templates) {
    const metrics = resolveMetrics(template.spec.metrics ?? [], values);
    if (!metrics.ok) return metrics.error;
    const endless = endlessMetric(template.metadata.name, metrics.value);
    if (endless !== undefined) return endless;
  }
  return undefined;
}
