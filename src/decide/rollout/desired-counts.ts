// Whether canary and stable have the sizes that the present step asks for.

import type { TrafficWeights } from '../../kinds/rollout-status.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { Pass } from './pass.js';
import { nextBasic, wantedBasic } from './replicas-basic.js';
import { wantedRouted } from './replicas-routed.js';
import { availableOf, createdOf, isObserved, isWhole, sizeOf, sum } from './sets.js';

/** Available enough for the traffic that is meant for it: all of it, or the share that the rollout calls progress. */
export function isAvailableEnough(pass: Pass, set: ReplicaSet, desired: number): boolean {
  const threshold = pass.canary.replicaProgressThreshold;
  if (threshold === undefined || threshold.value < 0) return isWhole(set, desired);
  if (!isObserved(set)) return false;
  if (threshold.type === 'Pods') return availableOf(set) >= threshold.value;
  return desired === 0 || (availableOf(set) / desired) * 100 >= threshold.value - 1e-10;
}

/** By its weight, and as far as surge and unavailability let it go now; a canary that is held back by them is not there yet. */
export function atDesiredCounts(pass: Pass, weights: TrafficWeights | undefined): boolean {
  const { newest, stable, others } = pass.sets;
  const wanted = pass.routed ? wantedRouted(pass, weights) : nextBasic(pass);
  if (!pass.routed && wanted.canary !== wantedBasic(pass).canary) return false;
  if (newest !== undefined && !isAvailableEnough(pass, newest, wanted.canary)) return false;
  if (!pass.dynamic && (stable === undefined || sizeOf(stable) !== wanted.stable || createdOf(stable) !== wanted.stable)) return false;
  return pass.routed || sum(others, availableOf) === 0;
}
