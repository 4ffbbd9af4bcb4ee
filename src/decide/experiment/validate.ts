// Whether an experiment can be run as it is written.

import type { ExperimentSpec } from '../../kinds/experiment.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import { durationMs } from './ending.js';
import { DEFAULT_DEADLINE_SECONDS } from './templates.js';

/** The first problem, as a sentence with the field before it; undefined when there is none. */
export function experimentProblem(spec: ExperimentSpec): string | undefined {
  if (spec.templates.length === 0) return 'spec.templates: Required value: an experiment needs at least one template';
  const names = new Set<string>();
  for (const [index, template] of spec.templates.entries()) {
    const path = `spec.templates[${index}]`;
    if (template.name === '') return `${path}.name: Required value: Experiment has a template without a name`;
    if (names.has(template.name)) return `${path}.name: Invalid value: "${template.name}": Experiment has two templates with the same name`;
    names.add(template.name);
    const selector = template.selector as typeof template.selector | undefined;
    if (selector === undefined) return `${path}.selector: Required value: Rollout has missing field '.Spec.Templates[${index}].Selector'`;
    const empty = Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
    if (empty) return `${path}.selector: Invalid value: {}: empty selector is invalid for deployment`;
    const labels = template.template.metadata?.labels ?? {};
    const foreign = Object.entries(selector.matchLabels ?? {}).find(([key, value]) => key !== HASH_LABEL && labels[key] !== value);
    if (foreign !== undefined) return `${path}.template.metadata.labels: Invalid value: "${foreign[0]}": \`selector\` does not match template \`labels\``;
    const { minReadySeconds = 0 } = template;
    if (minReadySeconds > (spec.progressDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS)) {
      return `${path}.minReadySeconds: Invalid value: ${minReadySeconds}: must be smaller than progressDeadlineSeconds`;
    }
  }
  const runs = (spec.analyses ?? []).map(({ name }) => name);
  const twice = runs.find((name, index) => runs.indexOf(name) !== index);
  if (twice !== undefined) return `spec.analyses: Invalid value: "${twice}": two analyses have the same name`;
  return spec.duration !== undefined && durationMs(spec.duration) === undefined
    ? `spec.duration: Invalid value: "${spec.duration}": not a duration such as 5m`
    : undefined;
}
