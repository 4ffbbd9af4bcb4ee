// A canary step in a few words, as events and `get rollout` show it.

import type { CanaryStep } from '../../kinds/rollout.js';

/** "setWeight: 20", "pause: 10s", "analysis"; "invalid" for a step that says nothing. */
export function stepText(step: CanaryStep | undefined): string {
  if (step === undefined) return 'invalid';
  if (step.setWeight !== undefined) return `setWeight: ${step.setWeight}`;
  if (step.pause !== undefined) return step.pause.duration === undefined ? 'pause' : `pause: ${step.pause.duration}`;
  if (step.experiment !== undefined) return 'experiment';
  if (step.analysis !== undefined) return 'analysis';
  if (step.setCanaryScale !== undefined) return scaleText(step.setCanaryScale);
  if (step.plugin !== undefined) return `plugin: ${step.plugin.name}`;
  if (step.setHeaderRoute !== undefined) return `setHeaderRoute: ${step.setHeaderRoute.name ?? ''}`;
  if (step.setMirrorRoute !== undefined) return `setMirrorRoute: ${step.setMirrorRoute.name}`;
  return 'invalid';
}

function scaleText(scale: NonNullable<CanaryStep['setCanaryScale']>): string {
  if (scale.weight !== undefined) return `setCanaryScale{weight: ${scale.weight}}`;
  if (scale.matchTrafficWeight === true) return 'setCanaryScale{matchTrafficWeight: true}';
  return scale.replicas === undefined ? 'invalid' : `setCanaryScale{replicas: ${scale.replicas}}`;
}
