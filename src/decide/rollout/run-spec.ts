// Temporary: replaced by decide/analysis.
import type { AnalysisRunSpec } from '../../kinds/analysis-run.js';
import type { Argument, TemplateRef } from '../../kinds/analysis-spec.js';
import type { AnalysisTemplate } from '../../kinds/analysis-template.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';

export function buildRunSpec(input: { templates: readonly AnalysisTemplate[]; clusterTemplates: readonly AnalysisTemplate[]; refs: readonly TemplateRef[]; args: readonly Argument[]; dryRun: readonly { metricName: string }[]; measurementRetention: readonly { metricName: string; limit: number }[] }): Result<AnalysisRunSpec, string> {
  const metrics = [];
  for (const ref of input.refs) {
    const found = (ref.clusterScope === true ? input.clusterTemplates : input.templates).find((template) => template.metadata.name === ref.templateName);
    if (found === undefined) return err(`AnalysisTemplate '${ref.templateName}' not found`);
    metrics.push(...(found.spec.metrics ?? []));
  }
  return ok({ metrics, ...(input.args.length === 0 ? {} : { args: input.args }) });
}
