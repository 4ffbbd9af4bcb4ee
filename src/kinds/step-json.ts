// Canary steps as Go writes them: what their hash is taken of, and what messages show of them. A real API server gives a step's
// fields back in the order of the alphabet, an engine in Go shows them in that of its structs.

import { createStructs } from './field-notation.js';
import type { CanaryStep } from './rollout-strategy.js';
import { STEP_FIELDS } from './step-fields.js';
import { structJson } from './struct-json.js';

const stepStructs = createStructs(STEP_FIELDS);

export function stepsJson(steps: readonly CanaryStep[]): string {
  return `[${steps.map((step) => structJson(stepStructs, 'CanaryStep', step)).join(',')}]`;
}

export function headerRouteJson(route: NonNullable<CanaryStep['setHeaderRoute']>): string {
  return structJson(stepStructs, 'SetHeaderRoute', route);
}

export function mirrorRouteJson(route: NonNullable<CanaryStep['setMirrorRoute']>): string {
  return structJson(stepStructs, 'SetMirrorRoute', route);
}
