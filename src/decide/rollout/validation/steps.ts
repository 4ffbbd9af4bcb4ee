// The rules of one canary step.

import type { RolloutArgument } from '../../../kinds/analysis-spec.js';
import type { CanaryStep } from '../../../kinds/rollout.js';
import { headerRouteJson, mirrorRouteJson } from '../../../kinds/step-json.js';
import type { Pass } from '../pass.js';
import { pauseDurationMs } from '../pause.js';
import { STEP_KINDS } from '../steps.js';
import { firstOf, invalid, invalidJson, required } from './field-error.js';

const EXCLUSIVE = [
  ['Experiment', 'experiment'],
  ['Pause', 'pause'],
  ['SetWeight', 'setWeight'],
  ['Analysis', 'analysis'],
] as const;
const OTHERS = ['SetCanaryScale', 'SetHeaderRoute', 'SetMirrorRoute', 'Plugin'] as const;

/** What the downward API gives of an object's metadata. */
const METADATA_FIELD = /^metadata\.(name|namespace|uid|(labels|annotations)(\['.+'\])?)$/;

const HINT = 'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause';

export function stepProblem(pass: Pass, index: number): string | undefined {
  const step = pass.steps[index];
  if (step === undefined) return undefined;
  const path = `spec.strategy.steps[${index}]`;
  return firstOf([
    () => kindProblem(step, path),
    () => weightProblem(pass, step, path),
    () => pauseProblem(step, path),
    () =>
      step.setCanaryScale !== undefined && !pass.routed
        ? required('spec.strategy.trafficRouting', 'SetCanaryScale requires TrafficRouting to be set')
        : undefined,
    () => routeStepProblem(pass, step, path),
    () => headerMatchProblem(pass, step, path),
    () => experimentProblem(pass, step, path),
    () => argumentProblem(step.analysis?.args, `${path}.analysis`),
    () =>
      step.experiment?.analyses?.map(({ args }, at) => argumentProblem(args, `${path}.experiment.analyses[${at}]`)).find((problem) => problem !== undefined),
  ]);
}

function pauseProblem(step: CanaryStep, path: string): string | undefined {
  const durationMs = step.pause === undefined ? 0 : (pauseDurationMs(step.pause) ?? 0);
  return durationMs < 0 ? invalid(`${path}.pause.duration`, Math.min(-1, Math.trunc(durationMs / 1000)), 'Duration needs to be greater than 0') : undefined;
}

function headerMatchProblem(pass: Pass, step: CanaryStep, path: string): string | undefined {
  for (const [index, { headerValue }] of (step.setHeaderRoute?.match ?? []).entries()) {
    const where = `${path}.setHeaderRoute.match[${index}]`;
    const onlyExact = pass.canary.trafficRouting?.alb !== undefined;
    if (onlyExact && (headerValue.exact ?? '') === '')
      return invalid(where, headerValue, "SetHeaderRoute match value invalid. ALB supports 'exact' value only");
    const given = [headerValue.exact, headerValue.regex, headerValue.prefix].filter((value) => (value ?? '') !== '').length;
    if (given > 1) return invalid(where, headerValue, 'StringMatch match value must have exactly one of the following: exact, regex, prefix');
    if (given === 0) return invalid(where, headerValue, 'StringMatch value missed, match value must have one of the following: exact, regex, prefix');
  }
  return undefined;
}

function experimentProblem(pass: Pass, step: CanaryStep, path: string): string | undefined {
  const routing = pass.canary.trafficRouting;
  for (const [index, template] of (step.experiment?.templates ?? []).entries()) {
    if (template.weight === undefined) continue;
    const where = `${path}.experiment.templates[${index}].weight`;
    if (routing === undefined) return invalid(where, template.weight, 'Experiment template weight cannot be set unless TrafficRouting is enabled');
    if (routing.smi !== undefined || routing.alb !== undefined || routing.istio !== undefined || routing.plugins !== undefined) continue;
    return invalid(where, template.weight, 'Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time');
  }
  return undefined;
}

function argumentProblem(args: readonly RolloutArgument[] | undefined, path: string): string | undefined {
  for (const [index, { valueFrom }] of (args ?? []).entries()) {
    const fieldPath = valueFrom?.fieldRef?.fieldPath ?? '';
    if (fieldPath.startsWith('metadata') && !METADATA_FIELD.test(fieldPath))
      return invalid(
        `${path}.args[${index}].valueFrom.fieldRef.fieldPath`,
        fieldPath,
        'Analyses arguments must refer to valid object metadata supported by downwardAPI',
      );
  }
  return undefined;
}

function kindProblem(step: CanaryStep, path: string): string | undefined {
  const given = EXCLUSIVE.filter(([, field]) => step[field] !== undefined);
  if (given.length > 1) return invalid(path, EXCLUSIVE.map(([name, field]) => `step.${name}: ${step[field] !== undefined}`).join(' '), HINT);
  if (STEP_KINDS.some((kind) => step[kind] !== undefined)) return undefined;
  return invalid(path, [...EXCLUSIVE.map(([name]) => name), ...OTHERS].map((name) => `step.${name}: true`).join(' '), HINT);
}

function weightProblem(pass: Pass, step: CanaryStep, path: string): string | undefined {
  if (step.setWeight === undefined || (step.setWeight >= 0 && step.setWeight <= pass.maxWeight)) return undefined;
  return invalid(`${path}.setWeight`, step.setWeight, `SetWeight needs to be between 0 and ${pass.maxWeight}`);
}

function routeStepProblem(pass: Pass, step: CanaryStep, path: string): string | undefined {
  const routing = pass.canary.trafficRouting;
  const header = step.setHeaderRoute;
  const mirror = step.setMirrorRoute;
  if (header !== undefined && routing?.istio === undefined && routing?.alb === undefined && routing?.apisix === undefined && routing?.plugins === undefined) {
    return invalidJson(`${path}.setHeaderRoute`, headerRouteJson(header), 'SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix');
  }
  if (mirror !== undefined && routing?.istio === undefined && routing?.plugins === undefined) {
    return invalidJson(`${path}.setMirrorRoute`, mirrorRouteJson(mirror), 'SetMirrorRoute requires TrafficRouting, supports Istio only');
  }
  const name = header?.name ?? mirror?.name;
  if (name === undefined) return undefined;
  const managed = routing?.managedRoutes;
  if (managed === undefined || managed.length === 0) {
    return required('spec.strategy.trafficRouting.managedRoutes', "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'");
  }
  if (managed.some((route) => route.name === name)) return undefined;
  const field = header === undefined ? 'setMirrorRoute' : 'setHeaderRoute';
  return invalid(`${path}.${field}`, name, 'Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes');
}
