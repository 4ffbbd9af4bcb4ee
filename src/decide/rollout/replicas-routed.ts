// The sizes of canary and stable behind a router: the router splits the traffic, so the stable version may stay whole.

import type { TrafficWeights } from '../../kinds/rollout-status.js';
import type { Pass } from './pass.js';
import type { Sizes } from './replicas-basic.js';
import { sizeOf } from './sets.js';
import { activeCanaryScale, canarySize } from './weight.js';

/** Behind a router no version has fewer pods than that, be there fewer replicas (simulation, seed 4: for ever not healthy). */
export function atLeastMinimum(pass: Pass, count: number): number {
  return count === 0 || !pass.routed ? count : Math.max(count, pass.canary.minPodsPerReplicaSet ?? 0);
}

const share = (pass: Pass, weight: number): number => Math.ceil((weight * pass.replicas) / pass.maxWeight);

/** `weights` are those in force: a version never has fewer pods than the traffic it gets, unless a step asks for just so many. */
export function wantedRouted(pass: Pass, weights: TrafficWeights | undefined): Sizes {
  const size = canarySize(pass);
  const weight = size.type === 'weight' ? size.weight : 0;
  const least = carriedBy(pass, weights);
  const canary = Math.max(least, size.type === 'replicas' ? size.replicas : atLeastMinimum(pass, share(pass, weight)));
  if (!pass.dynamic) return { canary, stable: pass.replicas };
  const stableWeight = Math.max(pass.maxWeight - weight, stablesShare(pass, weights));
  // All traffic is on its way back to it after an abort: what it has by now stays (simulation, seed 1426).
  const kept = pass.status.abort === true ? Math.min(sizeOf(pass.sets.stable), pass.replicas) : 0;
  return { canary, stable: Math.max(kept, atLeastMinimum(pass, share(pass, stableWeight))) };
}

/** After a promotion stable has the canary's share, too, until its own route has taken that over (simulation, seed 2693). */
function stablesShare({ stableHash }: Pass, weights: TrafficWeights | undefined): number {
  if (weights === undefined) return 0;
  return weights.stable.weight + (weights.canary.podTemplateHash === stableHash ? weights.canary.weight : 0);
}

/**
 * The canary's pods for the traffic that it still has: where stable is too small to take it back at once, steps that were edited
 * to begin with less would leave it to nobody (simulation, seeds 338 and 356).
 */
function carriedBy(pass: Pass, weights: TrafficWeights | undefined): number {
  if (weights === undefined || (weights.canary.podTemplateHash ?? pass.podHash) !== pass.podHash) return 0;
  const asked = pass.status.abort !== true && activeCanaryScale(pass) !== undefined;
  return asked ? 0 : atLeastMinimum(pass, share(pass, weights.canary.weight));
}
