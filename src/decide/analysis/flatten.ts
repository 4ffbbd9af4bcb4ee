// The templates that a list of references stands for: nested ones followed depth-first, each template once.

import type { TemplateRef } from '../../kinds/analysis-spec.js';
import type { AnalysisTemplate } from '../../kinds/analysis-template.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';

export type TemplateSource = { readonly templates: readonly AnalysisTemplate[]; readonly clusterTemplates: readonly AnalysisTemplate[] };

/** Namespaced templates come before cluster ones. A missing template or a circle of templates is an error. */
export function flattenTemplates(refs: readonly TemplateRef[], source: TemplateSource): Result<readonly AnalysisTemplate[], string> {
  const found: { readonly template: AnalysisTemplate; readonly cluster: boolean }[] = [];
  const failure = collect(refs, source, [], found);
  if (failure !== undefined) return err(failure);
  const unique = (cluster: boolean): readonly AnalysisTemplate[] => {
    const byName = new Map<string, AnalysisTemplate>();
    for (const item of found) if (item.cluster === cluster && !byName.has(item.template.metadata.name)) byName.set(item.template.metadata.name, item.template);
    return [...byName.values()];
  };
  return ok([...unique(false), ...unique(true)]);
}

type Found = { readonly template: AnalysisTemplate; readonly cluster: boolean };

function collect(refs: readonly TemplateRef[], source: TemplateSource, path: readonly string[], found: Found[]): string | undefined {
  for (const ref of refs) {
    const cluster = ref.clusterScope === true;
    const name = ref.templateName ?? '';
    const kind = cluster ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
    const template = (cluster ? source.clusterTemplates : source.templates).find((item) => item.metadata.name === name);
    if (template === undefined) return `${kind} '${name}' not found`;
    const key = `${kind} '${name}'`;
    if (path.includes(key)) return `${key} contains itself: ${[...path.slice(path.indexOf(key)), key].join(' -> ')}`;
    // A template met before brings its children with it once; looking again would only cost time.
    if (found.some((item) => item.template === template)) continue;
    found.push({ template, cluster });
    const failure = collect(template.spec.templates ?? [], source, [...path, key], found);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
