// The sizes of canary and stable behind a router: the router splits the traffic, so the stable version may stay whole.

import type { TrafficWeights } from '../../kinds/rollout-status.js';
import type { Pass } from './pass.js';
import type { Sizes } from './replicas-basic.js';
import { canarySize } from './weight.js';

/** Behind a router no version has fewer pods than that, be there fewer replicas (simulation, seed 4: for ever not healthy). */
export function atLeastMinimum(pass: Pass, count: number): number {
  return count === 0 || !pass.routed ? count : Math.max(count, pass.canary.minPodsPerReplicaSet ?? 0);
}

const share = (pass: Pass, weight: number): number => Math.ceil((weight * pass.replicas) / pass.maxWeight);

/** `weights` are those in force: a version never has fewer pods than the traffic it gets. */
export function wantedRouted(pass: Pass, weights: TrafficWeights | undefined): Sizes {
  const size = canarySize(pass);
  const weight = size.type === 'weight' ? size.weight : 0;
  const canary = size.type === 'replicas' ? size.replicas : atLeastMinimum(pass, share(pass, weight));
  if (!pass.dynamic) return { canary, stable: pass.replicas };
  const stableWeight = Math.max(pass.maxWeight - weight, weights?.stable.weight ?? 0);
  const carried = pass.status.abort === true && weights !== undefined ? atLeastMinimum(pass, share(pass, weights.canary.weight)) : 0;
  return { canary: Math.max(canary, carried), stable: atLeastMinimum(pass, share(pass, stableWeight)) };
}
