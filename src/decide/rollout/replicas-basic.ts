// The sizes of canary and stable without a router: the numbers of pods are the weights, within surge and unavailability.

import type { ReplicaSet } from '../../kinds/replica-set.js';
import { resolve } from './int-or-percent.js';
import type { Pass } from './pass.js';
import { sizeOf, stayingOf, sum } from './sets.js';
import { canarySize } from './weight.js';

const DEFAULT_BOUND = '25';

export type Bounds = { readonly surge: number; readonly unavailable: number };

export function boundsOf(pass: Pass): Bounds {
  const total = pass.replicas;
  const surge = resolve(pass.canary.maxSurge ?? DEFAULT_BOUND, total, Math.ceil) ?? 0;
  let unavailable = resolve(pass.canary.maxUnavailable ?? DEFAULT_BOUND, total, Math.floor) ?? 0;
  // Without either, nothing could ever move. Blue-green only asks how many pods may be restarted at a time.
  if (pass.blueGreen === undefined && surge === 0 && unavailable === 0) unavailable = 1;
  return { surge, unavailable: Math.min(unavailable, total) };
}

export type Sizes = { readonly canary: number; readonly stable: number };

/** The split of `total` pods that comes nearest to the weight; with a surge one pod more may be used for it. */
export function idealSplit(total: number, weight: number, maxWeight: number, surge: number): Sizes {
  if (total === 0) return { canary: 0, stable: 0 };
  const exact = (total * weight) / maxWeight;
  const up = Math.ceil(exact);
  const down = Math.floor(exact);
  const tied = (pods: number): boolean => Math.abs((((pods * weight) / maxWeight) % 1) - 0.5) < 1e-9;
  const zeroAllowed = weight === maxWeight || weight === 0 || (total === 1 && surge === 0);
  const downAllowed = down !== 0 || zeroAllowed;
  const options: { canary: number; total: number }[] = [];
  if (up < total || zeroAllowed) options.push({ canary: up, total });
  if (!tied(total) && downAllowed) options.push({ canary: down, total });
  if (surge > 0) {
    options.push({ canary: up, total: total + 1 });
    if (!tied(total + 1) && downAllowed) options.push({ canary: down, total: total + 1 });
  }
  let best = options[0];
  if (best === undefined) return { canary: 0, stable: total };
  const distance = (option: { canary: number; total: number }): number => Math.abs((option.canary * maxWeight) / option.total - weight);
  for (const option of options) if (distance(option) < distance(best) - 1e-9) best = option;
  return { canary: best.canary, stable: best.total - best.canary };
}

/** What the present weight asks for in the end. */
export function wantedBasic(pass: Pass): Sizes {
  const { newest, stable } = pass.sets;
  if (stable === undefined || stable === newest) return { canary: pass.replicas, stable: 0 };
  const size = canarySize(pass);
  if (size.type === 'replicas') return { canary: size.replicas, stable: pass.replicas };
  return idealSplit(pass.replicas, size.weight, pass.maxWeight, boundsOf(pass).surge);
}

/** Pods that the present size lets go count for nothing, even when the next size is larger again (simulation, seed 1280). */
function contribution(set: ReplicaSet | undefined, size: number, ignoreAvailable: boolean): number {
  return ignoreAvailable ? size : Math.min(size, stayingOf(set));
}

/** The next sizes on the way there: up within the surge first, down only as far as enough pods stay available. */
export function nextBasic(pass: Pass): Sizes {
  const { newest, all, others } = pass.sets;
  const stable = pass.sets.stable === newest ? undefined : pass.sets.stable;
  const wanted = wantedBasic(pass);
  const { surge, unavailable } = boundsOf(pass);
  const most = pass.replicas + surge;
  let newSize = sizeOf(newest);
  let stableSize = sizeOf(stable);

  let budget = most - sum(all, sizeOf);
  if (stable !== undefined && stableSize < wanted.stable && budget > 0) {
    const raised = Math.min(wanted.stable, stableSize + budget);
    budget -= raised - stableSize;
    stableSize = raised;
  }
  if (newSize < wanted.canary && budget > 0) newSize = Math.min(wanted.canary, newSize + budget);

  // What is older than both goes first. Pods of stable that are not available and not wanted any more give way where all the room is taken:
  // the older ones may be needed until the canary has its own (simulation, seed 1991).
  if (sum(others, sizeOf) > 0) {
    const useful = newSize < wanted.canary ? Math.max(wanted.stable, stayingOf(stable)) : stableSize;
    return { canary: newSize, stable: Math.min(stableSize, useful) };
  }

  const least = pass.replicas - unavailable;
  const increasing = newest === undefined || wanted.canary >= sizeOf(newest);
  const running = contribution(newest, newSize, !increasing) + contribution(stable, stableSize, increasing);
  if (running <= least) return { canary: newSize, stable: stableSize };
  const spare = running - least;
  const limits = { most, least };
  if (!increasing) {
    if (newSize > wanted.canary) newSize = Math.max(wanted.canary, newSize - spare);
    const { drained, other } = adjust({ drained: newSize, other: stableSize }, newest, stable, limits);
    return { canary: drained, stable: other };
  }
  if (stable === undefined) return { canary: newSize, stable: stableSize };
  if (stableSize > wanted.stable) stableSize = Math.max(wanted.stable, stableSize - spare);
  const { drained, other } = adjust({ drained: stableSize, other: newSize }, stable, newest, limits);
  return { canary: other, stable: drained };
}

type Drain = { readonly drained: number; readonly other: number };

/** Keeps the sum within its maximum and enough pods available; the one that is drained pays. */
function adjust(
  sizes: Drain,
  drainedSet: ReplicaSet | undefined,
  otherSet: ReplicaSet | undefined,
  limits: { readonly most: number; readonly least: number },
): Drain {
  let { drained, other } = sizes;
  other -= Math.max(0, other + drained - limits.most);
  const available = Math.min(stayingOf(drainedSet), drained) + Math.min(stayingOf(otherSet), other);
  const extra = Math.max(0, stayingOf(otherSet) - other);
  const missing = Math.max(0, limits.least - available);
  other += Math.min(extra, missing);
  drained -= Math.max(0, other + drained - limits.most);
  return { drained, other };
}
