// The rules of one canary step.

import type { CanaryStep } from '../../../kinds/rollout.js';
import type { Pass } from '../pass.js';
import { pauseDurationMs } from '../pause.js';
import { STEP_KINDS } from '../steps.js';
import { firstOf, invalid, required } from './field-error.js';

const EXCLUSIVE = [['Experiment', 'experiment'], ['Pause', 'pause'], ['SetWeight', 'setWeight'], ['Analysis', 'analysis']] as const;
const OTHERS = ['SetCanaryScale', 'SetHeaderRoute', 'SetMirrorRoute', 'Plugin'] as const;

const HINT = 'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause';

export function stepProblem(pass: Pass, index: number): string | undefined {
  const step = pass.steps[index];
  if (step === undefined) return undefined;
  const path = `spec.strategy.steps[${index}]`;
  return firstOf([
    () => kindProblem(step, path),
    () => weightProblem(pass, step, path),
    () => (step.pause !== undefined && (pauseDurationMs(step.pause) ?? 0) < 0 ? invalid(`${path}.pause.duration`, Math.trunc((pauseDurationMs(step.pause) ?? 0) / 1000) || -1, 'Duration needs to be greater than 0') : undefined),
    () => (step.setCanaryScale !== undefined && !pass.routed ? required('spec.strategy.trafficRouting', 'SetCanaryScale requires TrafficRouting to be set') : undefined),
    () => routeStepProblem(pass, step, path),
  ]);
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
    return invalid(`${path}.setHeaderRoute`, header, 'SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix');
  }
  if (mirror !== undefined && routing?.istio === undefined) return invalid(`${path}.setMirrorRoute`, mirror, 'SetMirrorRoute requires TrafficRouting, supports Istio only');
  const name = header?.name ?? mirror?.name;
  if (name === undefined) return undefined;
  const managed = routing?.managedRoutes;
  if (managed === undefined || managed.length === 0) {
    return required('spec.strategy.trafficRouting.managedRoutes', 'Rollout has missing field \'spec.strategy.canary.trafficRouting.managedRoutes\'');
  }
  if (managed.some((route) => route.name === name)) return undefined;
  return invalid(`${path}.${header === undefined ? 'setMirrorRoute' : 'setHeaderRoute'}`, name, 'Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes');
}
