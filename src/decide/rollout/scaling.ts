// The sizes of all ReplicaSets: stable first, then the newest, then the rest. The first group in which a number of pods
// changes ends the work: what follows depends on the pods that come or go by it.

import type { TrafficWeights } from '../../kinds/rollout-status.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { Instant } from '../../lib/instant.js';
import { DEFAULT_ABORT_DELAY_SECONDS } from './names.js';
import type { Action } from './observed.js';
import { scaleOthers } from './old-sets.js';
import { isFullyPromoted } from './pass.js';
import type { Pass } from './pass.js';
import { nextBasic } from './replicas-basic.js';
import { wantedRouted } from './replicas-routed.js';
import { activeHashOf } from './blue-green-facts.js';
import { addDeadline, removeDeadline, scaleSet } from './scale.js';
import type { Scaled } from './scale.js';
import { availableOf, deadlineOf, hasDeadline, hashOf, sizeOf, withSets } from './sets.js';
import type { Sets } from './sets.js';

export type Scaling = {
  readonly sets: Sets;
  readonly actions: readonly Action[];
  readonly resized: boolean;
  readonly wakeAt: Instant | undefined;
};

/** `newWeights` are the traffic weights as this pass has set them; the stable version keeps the pods for those before, too. */
export function scaleAll(pass: Pass, newWeights: TrafficWeights | undefined): Scaling {
  let sets = pass.sets;
  const actions: Action[] = [];
  let wakeAt: Instant | undefined;
  const take = (scaled: Scaled): boolean => {
    sets = withSets(sets, [scaled.set]);
    actions.push(...scaled.actions);
    return scaled.resized;
  };
  const done = (resized: boolean): Scaling => ({ sets, actions, resized, wakeAt });

  const { newest, stable } = pass.sets;
  if (stable !== undefined && stable !== newest) {
    const kept = removeDeadline(stable);
    take(kept);
    if (take(sizeStable(pass, kept.set, newWeights))) return done(true);
  }
  if (newest !== undefined) {
    const delayed = delayAfterAbort(pass, newest, newWeights);
    if (delayed === undefined) {
      const kept = removeDeadline(newest);
      take(kept);
      if (take(sizeNewest(pass, kept.set, newWeights))) return done(true);
    } else {
      wakeAt = delayed.wakeAt;
      if (take(delayed.scaled)) return done(true);
    }
  }
  const rest = scaleOthers({ ...pass, sets });
  sets = withSets(sets, rest.sets);
  actions.push(...rest.actions);
  wakeAt = earliest(wakeAt, rest.wakeAt);
  return done(rest.resized);
}

export function earliest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

function sizeStable(pass: Pass, stable: ReplicaSet, newWeights: TrafficWeights | undefined): Scaled {
  // The weights before this pass: traffic that was taken away a moment ago may still be on its way. And those of now: a new template takes
  // all of it back to stable while the step at which it begins would have stable smaller (simulation, seed 112).
  const known = [pass.status.canary?.weights, newWeights].filter((weights) => weights !== undefined);
  const sizes = (known.length === 0 ? [undefined] : known).map((weights) => wantedRouted(pass, weights).stable);
  const wanted = pass.routed ? Math.max(...sizes) : nextBasic(pass).stable;
  // Nor do its pods go while a load balancer may still send the former share there.
  const size = newWeights?.verified === false ? Math.max(wanted, sizeOf(stable)) : wanted;
  return scaleSet(stable, size, { replicas: pass.replicas, keepDeadline: false, why: `the stable version needs ${size} pods` });
}

function sizeNewest(pass: Pass, newest: ReplicaSet, newWeights: TrafficWeights | undefined): Scaled {
  const size = pass.routed ? wantedRouted(pass, newWeights).canary : nextBasic(pass).canary;
  return scaleSet(newest, size, { replicas: pass.replicas, keepDeadline: false, why: `the new version needs ${size} pods` });
}

function hasUsers(pass: Pass, newest: ReplicaSet, weights: TrafficWeights | undefined): boolean {
  if (pass.blueGreen !== undefined) return activeHashOf(pass) === hashOf(newest);
  return weights !== undefined && weights.canary.weight > 0 && (weights.canary.podTemplateHash ?? pass.podHash) === hashOf(newest);
}

export type Delayed = { readonly scaled: Scaled; readonly wakeAt: Instant | undefined };

/**
 * After an abort the canary stays up for a while behind its router: the proxies may still know the old split.
 * Undefined when that does not apply, and the canary is sized by its weight.
 */
export function delayAfterAbort(pass: Pass, newest: ReplicaSet, weights?: TrafficWeights): Delayed | undefined {
  const { stable } = pass.sets;
  const delay = pass.canary.abortScaleDownDelaySeconds;
  if (pass.status.abort !== true || isFullyPromoted(pass) || stable === undefined || delay === 0) return undefined;
  if (!pass.routed && pass.blueGreen === undefined) return undefined;
  if (pass.dynamic && delay === undefined) return undefined;
  // Its size stays, and fits the present number of replicas: else sizes came first for ever, and the traffic never left it.
  const keep = scaleSet(newest, sizeOf(newest), { replicas: pass.replicas, keepDeadline: true, why: 'the aborted version stays as it is for a while' });
  // As long as users are sent there, no clock runs and no pod goes (simulation, seed 173: it was aborted and resized at once).
  if (hasUsers(pass, newest, weights)) return { scaled: keep, wakeAt: undefined };
  if (!hasDeadline(newest)) {
    // Only when the stable version can carry everything may the clock start.
    // It may have more pods than that: a least number for each ReplicaSet, or a change of size (simulation, seed 6).
    if (availableOf(stable) < pass.replicas) return { scaled: keep, wakeAt: undefined };
    const at = pass.now + (delay ?? DEFAULT_ABORT_DELAY_SECONDS) * 1000;
    const marked = addDeadline(newest, at);
    return { scaled: marked, wakeAt: deadlineOf(marked.set) };
  }
  const deadline = deadlineOf(newest);
  if (deadline !== undefined && deadline > pass.now) return { scaled: keep, wakeAt: deadline };
  return {
    scaled: scaleSet(newest, 0, { replicas: pass.replicas, keepDeadline: true, why: 'the update was aborted, and its pods have had their time' }),
    wakeAt: undefined,
  };
}
