// Whether the objects that a rollout names are there and fit.

import type { RolloutAnalysis } from '../../../kinds/analysis-spec.js';
import { HASH_LABEL, MANAGED_BY } from '../../../kinds/labels.js';
import type { ExperimentStep } from '../../../kinds/rollout.js';
import { analysisProblem as referencesProblem } from '../../analysis/references.js';
import type { Pass } from '../pass.js';
import { findService } from '../services.js';
import { pluginProblem } from '../support.js';
import { invalid, problemsOf } from './field-error.js';

export function referenceProblems(pass: Pass): Iterable<string> {
  return problemsOf([
    () => servicesProblem(pass, 'stableService', pass.canary.stableService),
    () => servicesProblem(pass, 'canaryService', pass.canary.canaryService),
    () => servicesProblem(pass, 'pingPong.pingService', pass.canary.pingPong?.pingService),
    () => servicesProblem(pass, 'pingPong.pongService', pass.canary.pingPong?.pongService),
    () => servicesProblem(pass, 'activeService', pass.blueGreen?.activeService),
    () => servicesProblem(pass, 'previewService', pass.blueGreen?.previewService),
    () => analysisProblem(pass, pass.blueGreen?.prePromotionAnalysis, 'spec.strategy.blueGreen.prePromotionAnalysis.templates'),
    () => analysisProblem(pass, pass.blueGreen?.postPromotionAnalysis, 'spec.strategy.blueGreen.postPromotionAnalysis.templates'),
    () => analysisProblem(pass, pass.canary.analysis, 'spec.strategy.canary.analysis.templates', true),
    ...pass.steps.map((step, index) => () => analysisProblem(pass, step.analysis, `spec.strategy.canary.steps[${index}].analysis.templates`)),
    ...pass.steps.map((step, index) => () => experimentProblem(pass, step.experiment, `spec.strategy.canary.steps[${index}].experiment`)),
    () => routeProblem(pass),
  ]);
}

function servicesProblem(pass: Pass, field: string, name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  const path = `spec.strategy.${pass.blueGreen === undefined ? 'canary' : 'blueGreen'}.${field}`;
  const service = findService(pass, name);
  if (service === undefined) return invalid(path, name, `service "${name}" not found`);
  const labels = pass.template.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(service.spec.selector ?? {})) {
    if (key !== HASH_LABEL && labels[key] !== value) return invalid(path, name, `Service "${name}" has unmatch label "${key}" in rollout`);
  }
  const manager = service.metadata.annotations?.[MANAGED_BY];
  return manager !== undefined && manager !== pass.rollout.metadata.name ? invalid(path, name, `Service "${name}" is managed by another Rollout`) : undefined;
}

function analysisProblem(pass: Pass, analysis: RolloutAnalysis | undefined, path: string, background = false): string | undefined {
  if (analysis === undefined) return undefined;
  const problem = referencesProblem(analysis, { templates: pass.seen.templates, clusterTemplates: pass.seen.clusterTemplates }, background, metricPlugin(pass));
  return problem === undefined ? undefined : invalid(path, problem.name, problem.reason);
}

/** An experiment's analysis may run for ever: it ends with the experiment. */
function experimentProblem(pass: Pass, step: ExperimentStep | undefined, path: string): string | undefined {
  for (const [index, { templateName, clusterScope = false, args = [] }] of (step?.analyses ?? []).entries()) {
    const source = { templates: pass.seen.templates, clusterTemplates: pass.seen.clusterTemplates };
    const problem = referencesProblem({ templates: [{ templateName, clusterScope }], args }, source, true, metricPlugin(pass));
    if (problem !== undefined) return invalid(`${path}.analyses[${index}].templateName`, problem.name, problem.reason);
  }
  return undefined;
}

const metricPlugin =
  (pass: Pass) =>
  (name: string): string | undefined =>
    pluginProblem('metric', name, pass.seen.plugins);

function routeProblem(pass: Pass): string | undefined {
  const { route } = pass.seen;
  return route?.type === 'route-problem' ? invalid(route.field, route.value, route.reason) : undefined;
}
