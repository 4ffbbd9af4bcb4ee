// When a step is done. At most one step is taken in a pass.

import type { TrafficWeights } from '../../kinds/rollout-status.js';
import { unreachable } from '../../lib/assert.js';
import { atDesiredCounts } from './desired-counts.js';
import { currentStep } from './pass.js';
import type { Pass } from './pass.js';
import { isPauseOver } from './pause.js';
import { isCanaryServed } from './services.js';
import { availableOf, hashOf } from './sets.js';
import { stableCanCarry } from './traffic.js';

export type StepKind = 'pause' | 'setCanaryScale' | 'setWeight' | 'experiment' | 'analysis' | 'setHeaderRoute' | 'setMirrorRoute' | 'plugin';

/** In the order in which they count, should a step have several. */
export const STEP_KINDS: readonly StepKind[] = ['pause', 'setCanaryScale', 'setWeight', 'experiment', 'analysis', 'setHeaderRoute', 'setMirrorRoute', 'plugin'];

export function kindOfStep(step: Readonly<Partial<Record<StepKind, unknown>>>): StepKind | undefined {
  return STEP_KINDS.find((kind) => step[kind] !== undefined);
}

/** How far the step's own analysis run, experiment or plugin is. */
export type StepPhases = { readonly runPhase: string | undefined; readonly experimentPhase: string | undefined; readonly pluginPhase: string | undefined };

/** `pass.sets` and `weights` are as this pass leaves them. */
export function isStepDone(pass: Pass, weights: TrafficWeights | undefined, found: StepPhases): boolean {
  const step = currentStep(pass);
  const kind = step === undefined ? undefined : kindOfStep(step);
  if (kind === undefined) return false;
  switch (kind) {
    case 'pause':
      return isPauseOver(pass);
    case 'setCanaryScale':
      return atDesiredCounts(pass, weights);
    case 'setWeight':
      return atDesiredCounts(pass, weights) && weights?.verified !== false && trafficIsThere(pass, weights);
    case 'analysis':
      return found.runPhase === 'Successful';
    case 'setHeaderRoute':
    case 'setMirrorRoute':
      // Asked for in this pass, and in every one from now on (promised-routes.ts).
      return stableCanCarry(pass, weights?.canary.weight ?? 0);
    case 'experiment':
      return found.experimentPhase === 'Successful';
    case 'plugin':
      return found.pluginPhase === 'Successful';
    default:
      return unreachable(kind);
  }
}

/**
 * With a router a weight is only reached when the router has been asked for it, and for this version: the guard on the stable version
 * may have kept it back, what an earlier canary has is not this one's, and a Service that was made anew may not select it yet
 * (simulation, seeds 796, 978 and 6417).
 */
function trafficIsThere(pass: Pass, weights: TrafficWeights | undefined): boolean {
  const step = currentStep(pass)?.setWeight;
  if (!pass.routed || step === undefined) return true;
  const { newest } = pass.sets;
  const wanted = availableOf(newest) === 0 ? 0 : step;
  if ((weights?.canary.weight ?? 0) !== wanted) return false;
  if (wanted === 0 || newest === undefined) return true;
  return (weights?.canary.podTemplateHash ?? hashOf(newest)) === hashOf(newest) && isCanaryServed(pass);
}
