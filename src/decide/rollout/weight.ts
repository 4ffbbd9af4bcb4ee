// What share of the traffic the canary should have, as the steps say it, and as an abort takes it back.

import type { CanaryStep } from '../../kinds/rollout.js';
import { isFullyPromoted } from './pass.js';
import type { Pass } from './pass.js';
import { availableOf } from './sets.js';

/** The last setWeight at or before that index; 0 when there is none. */
export function weightAt(steps: readonly CanaryStep[], index: number): number {
  for (let at = Math.min(index, steps.length - 1); at >= 0; at -= 1) {
    const weight = steps[at]?.setWeight;
    if (weight !== undefined) return weight;
  }
  return 0;
}

/** The weight that belongs to the present step: what `SetWeight` shows. */
export function currentSetWeight(pass: Pass): number {
  if (pass.status.abort === true) return 0;
  const index = pass.status.currentStepIndex ?? 0;
  return index >= pass.steps.length ? pass.maxWeight : weightAt(pass.steps, index);
}

/** What sizes the canary: a share, or a number that a setCanaryScale step fixed. */
export type CanarySize = { readonly type: 'weight'; readonly weight: number } | { readonly type: 'replicas'; readonly replicas: number };

export function canarySize(pass: Pass): CanarySize {
  if (pass.status.promoteFull === true || pass.stableHash === '' || isFullyPromoted(pass)) return { type: 'weight', weight: pass.maxWeight };
  const scale = activeCanaryScale(pass);
  if (scale?.replicas !== undefined) return { type: 'replicas', replicas: scale.replicas };
  if (scale?.weight !== undefined) return { type: 'weight', weight: scale.weight };
  return { type: 'weight', weight: desiredWeight(pass) };
}

/** A setCanaryScale stays in force until a later one, or one that gives the size back to the weight. */
export function activeCanaryScale(pass: Pass): CanaryStep['setCanaryScale'] {
  if (!pass.routed) return undefined;
  // An abort gives the canary's size back, unless its pods were to stay.
  if (pass.status.abort === true && pass.canary.abortScaleDownDelaySeconds !== 0) return undefined;
  const index = pass.status.currentStepIndex ?? 0;
  // After the last step the canary is about to carry everything.
  if (index >= pass.steps.length) return undefined;
  for (let at = index; at >= 0; at -= 1) {
    const scale = pass.steps[at]?.setCanaryScale;
    if (scale !== undefined) return scale.matchTrafficWeight === true ? undefined : scale;
  }
  return undefined;
}

/** The present step's weight; after an abort with a shrunken stable version, the next one down that it can carry. */
export function desiredWeight(pass: Pass): number {
  const { newest, stable } = pass.sets;
  if (pass.status.abort !== true || !pass.dynamic || newest === undefined || stable === undefined) return currentSetWeight(pass);
  // Where an abort keeps the canary's pods for a while they say nothing of what stable still lacks; counted, they would hold the
  // weight where it is for ever, because they go only when stable is whole (simulation, seed 55).
  const keeps = (pass.canary.abortScaleDownDelaySeconds ?? 0) > 0;
  // Nor do those that stay only because no ReplicaSet may have fewer (#4841 of Argo Rollouts).
  const held = keeps || availableOf(newest) <= (pass.canary.minPodsPerReplicaSet ?? 0);
  const missing = Math.max(pass.replicas - availableOf(stable), held ? 0 : availableOf(newest));
  for (let at = pass.steps.length - 1; at >= 0; at -= 1) {
    const weight = pass.steps[at]?.setWeight;
    if (weight !== undefined && Math.ceil((pass.replicas * weight) / pass.maxWeight) < missing) return weight;
  }
  return 0;
}

/**
 * What the canary still has: by the status, or by the routes where they are further on the way back than a status whose write was lost
 * (simulation, seed 1160).
 */
function canarysShare({ status, seen }: Pass): number | undefined {
  const known = status.canary?.weights?.canary.weight;
  const splits = seen.route?.type === 'route' ? seen.route.splits : [];
  return known === undefined || splits.length === 0 ? known : Math.min(known, Math.max(...splits.map(({ canary }) => canary)));
}

/** The weight on the way back to stable: never more to the stable version than its pods can carry. */
export function weightOnTheWayBack(pass: Pass): number {
  const { newest, stable } = pass.sets;
  if (!pass.dynamic || newest === undefined || stable === undefined || pass.replicas === 0) return 0;
  const desired = desiredWeight(pass);
  const carried = Math.floor((pass.maxWeight * availableOf(stable)) / pass.replicas);
  const needed = Math.max(0, pass.maxWeight - carried);
  const present = canarysShare(pass);
  if (present === undefined) return Math.max(needed, desired);
  if (desired <= 0) return Math.min(needed, present);
  if (carried < pass.maxWeight - desired) return present;
  return Math.min(desired, present);
}
