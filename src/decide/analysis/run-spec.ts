// The spec of a run from templates: metrics, arguments, dry-run and retention rules merged.

import type { AnalysisRunSpec } from '../../kinds/analysis-run.js';
import type { Argument, TemplateRef } from '../../kinds/analysis-spec.js';
import type { AnalysisTemplate } from '../../kinds/analysis-template.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import { flattenTemplates, type TemplateSource } from './flatten.js';

type DryRunRule = { readonly metricName: string };
type RetentionRule = { readonly metricName: string; readonly limit: number };

export type RunSpecInput = TemplateSource & {
  readonly refs: readonly TemplateRef[];
  /** As the rollout or experiment gives them. Those that no template declares are dropped. */
  readonly args: readonly Argument[];
  readonly dryRun: readonly DryRunRule[];
  readonly measurementRetention: readonly RetentionRule[];
};

export function buildRunSpec(input: RunSpecInput): Result<AnalysisRunSpec, string> {
  const templates = flattenTemplates(input.refs, input);
  if (!templates.ok) return templates;
  const metrics = templates.value.flatMap((template) => template.spec.metrics ?? []);
  const twice = duplicate(metrics.map((metric) => metric.name));
  if (twice !== undefined) return err(`two metrics have the same name '${twice}'`);
  const declared = mergeArguments(templates.value);
  if (!declared.ok) return declared;
  const args = resolveArguments(declared.value, input.args);
  if (!args.ok) return args;
  const dryRun = [...input.dryRun, ...templates.value.flatMap((template) => template.spec.dryRun ?? [])];
  const twiceDry = duplicate(dryRun.map((rule) => rule.metricName));
  if (twiceDry !== undefined) return err(`two Dry-Run metric rules have the same name '${twiceDry}'`);
  const retention = [...input.measurementRetention, ...templates.value.flatMap((template) => template.spec.measurementRetention ?? [])];
  const twiceKept = duplicate(retention.map((rule) => rule.metricName));
  if (twiceKept !== undefined) return err(`two Measurement Retention metric rules have the same name '${twiceKept}'`);
  return ok({
    metrics,
    ...(args.value.length === 0 ? {} : { args: args.value }),
    ...(dryRun.length === 0 ? {} : { dryRun }),
    ...(retention.length === 0 ? {} : { measurementRetention: retention }),
  });
}

function duplicate(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}

/** The first definition of each argument wins; a later one may only add the value. */
export function mergeArguments(templates: readonly AnalysisTemplate[]): Result<readonly Argument[], string> {
  const merged = new Map<string, Argument>();
  for (const arg of templates.flatMap((template) => template.spec.args ?? [])) {
    const known = merged.get(arg.name);
    if (known === undefined) {
      merged.set(arg.name, arg);
    } else if (known.value === undefined) {
      if (arg.value !== undefined) merged.set(arg.name, { ...known, value: arg.value });
    } else if (arg.value !== undefined && arg.value !== known.value) {
      return err(`Argument \`${arg.name}\` specified multiple times with different values: '${known.value}', '${arg.value}'`);
    }
  }
  return ok([...merged.values()]);
}

function resolveArguments(declared: readonly Argument[], given: readonly Argument[]): Result<readonly Argument[], string> {
  const resolved: Argument[] = [];
  for (const arg of declared) {
    const own = given.find((item) => item.name === arg.name);
    const value = own?.value ?? (own?.valueFrom === undefined ? arg.value : undefined);
    const valueFrom = value === undefined ? (own?.valueFrom ?? arg.valueFrom) : undefined;
    if (value === undefined && valueFrom === undefined) return err(`args.${arg.name} was not resolved`);
    resolved.push({ name: arg.name, ...(value === undefined ? {} : { value }), ...(valueFrom === undefined ? {} : { valueFrom }) });
  }
  return ok(resolved);
}
