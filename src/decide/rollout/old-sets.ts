// The ReplicaSets that are neither stable nor wanted: what is left of them, and when they are forgotten.

import type { Change } from '../../kinds/change.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import { pingPongServices } from '../../kinds/ping-pong.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { Instant } from '../../lib/instant.js';
import { DEFAULT_HISTORY_LIMIT, DEFAULT_SCALE_DOWN_DELAY_SECONDS } from './names.js';
import type { Action } from './observed.js';
import { isFullyPromoted } from './pass.js';
import type { Pass } from './pass.js';
import { boundsOf } from './replicas-basic.js';
import { addDeadline, scaleSet, setRef } from './scale.js';
import type { Scaled } from './scale.js';
import { awaitsTargets } from './verification.js';
import { availableOf, createdOf, deadlineOf, hasDeadline, hashOf, isObserved, newestRevisionFirst, sizeOf, stayingOf, sum } from './sets.js';

export type OldSets = {
  readonly sets: readonly ReplicaSet[];
  readonly actions: readonly Action[];
  readonly resized: boolean;
  readonly wakeAt: Instant | undefined;
};

const WHY = 'an earlier version is no longer needed';

export function scaleOthers(pass: Pass): OldSets {
  if (awaitsTargets(pass)) return { sets: pass.sets.others, actions: [], resized: false, wakeAt: undefined };
  const trimmed = pass.sets.others.map((set) => trim(pass, set));
  let spare = sum(pass.sets.all, stayingOf) - (pass.replicas - boundsOf(pass).unavailable);
  const latest = trimmed.map((scaled) => scaled.set);
  const actions = trimmed.flatMap((scaled) => scaled.actions);
  let resized = trimmed.some((scaled) => scaled.resized);
  let wakeAt: Instant | undefined;
  const changed = new Map<string, ReplicaSet>(latest.map((set) => [set.metadata.name, set]));
  let marked = 0;
  for (const set of [...latest].sort(newestRevisionFirst)) {
    if (sizeOf(set) === 0 || spare <= 0) continue;
    const next = pass.routed ? retire(pass, set, marked) : cut(pass, set, spare);
    if (next === undefined) continue;
    if (!pass.routed) spare -= sizeOf(set) - sizeOf(next.scaled.set);
    if (hasDeadline(next.scaled.set)) marked += 1;
    if (next.at !== undefined) wakeAt = wakeAt === undefined ? next.at : Math.min(wakeAt, next.at);
    actions.push(...next.scaled.actions);
    resized ||= next.scaled.resized;
    changed.set(set.metadata.name, next.scaled.set);
  }
  return { sets: [...changed.values()], actions, resized, wakeAt };
}

/** Pods that never became available hold room for nothing; but where users are sent, those that were lost are to come back (simulation, seed 2238). */
function trim(pass: Pass, set: ReplicaSet): Scaled {
  if (sizeOf(set) === 0 || sizeOf(set) <= availableOf(set) || (pass.routed && referencedHashes(pass).has(hashOf(set))))
    return { set, actions: [], resized: false };
  return scaleSet(set, availableOf(set), { replicas: pass.replicas, keepDeadline: false, why: `${set.metadata.name} gives up pods that are not available` });
}

/** Hashes that traffic may still be sent to. Their pods must not go. */
export function referencedHashes(pass: Pass): ReadonlySet<string> {
  const { canary } = pass.status;
  const { seen } = pass;
  // The canary's one of two that take turns selects what it had last, but is asked only while traffic is sent to it.
  const idle = seen.route?.type === 'route' && seen.route.splits.every((split) => split.canary === 0) ? pingPongServices(pass.rollout)?.canary : undefined;
  const selected = seen.services.filter(({ metadata }) => metadata.name !== idle).map((service) => service.spec.selector?.[HASH_LABEL]);
  const routed = seen.route?.type === 'route' ? seen.route.referencedHashes : [];
  const hashes = [
    pass.stableHash,
    pass.status.currentPodHash,
    canary?.weights?.canary.podTemplateHash,
    canary?.weights?.stable.podTemplateHash,
    ...selected,
    ...routed,
  ];
  return new Set(hashes.filter((hash): hash is string => hash !== undefined && hash !== ''));
}

/** Without a router every pod counts as traffic: as many go as others have come. */
function cut(pass: Pass, set: ReplicaSet, spare: number): Retired {
  return { scaled: scaleSet(set, Math.max(0, sizeOf(set) - spare), { replicas: pass.replicas, keepDeadline: false, why: WHY }), at: undefined };
}

type Retired = { readonly scaled: Scaled; readonly at: Instant | undefined };

/** Behind a router: kept for a while, because proxies learn of a new split one after the other. */
function retire(pass: Pass, set: ReplicaSet, marked: number): Retired | undefined {
  if (referencedHashes(pass).has(hashOf(set))) return undefined;
  const gone = (): Retired => ({ scaled: scaleSet(set, 0, { replicas: pass.replicas, keepDeadline: false, why: WHY }), at: undefined });
  if (!isFullyPromoted(pass) && !hasDeadline(set)) return gone();
  const delaySeconds = pass.canary.scaleDownDelaySeconds ?? DEFAULT_SCALE_DOWN_DELAY_SECONDS;
  const limit = pass.canary.scaleDownDelayRevisionLimit ?? Number.POSITIVE_INFINITY;
  if (pass.dynamic || marked >= limit) return gone();
  if (!hasDeadline(set)) {
    if (delaySeconds === 0) return gone();
    const scaled = addDeadline(set, pass.now + delaySeconds * 1000);
    return { scaled, at: deadlineOf(scaled.set) };
  }
  const deadline = deadlineOf(set);
  return deadline !== undefined && deadline > pass.now ? { scaled: { set, actions: [], resized: false }, at: deadline } : gone();
}

/** The oldest beyond the limit, if they are empty. One that still has pods is passed over, and no younger one goes in its place. */
export function forgetOldSets(pass: Pass): readonly Change[] {
  const alive = pass.sets.others.filter((set) => set.metadata.deletionTimestamp === undefined);
  const excess = alive.length - (pass.rollout.spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT);
  if (excess <= 0) return [];
  return alive
    .slice(0, excess)
    .filter((set) => createdOf(set) === 0 && sizeOf(set) === 0 && isObserved(set))
    .map(
      (set): Change => ({
        type: 'delete',
        ref: setRef(set),
        ...(set.metadata.uid === undefined ? {} : { uid: set.metadata.uid }),
        propagation: 'Background',
        why: `revisions beyond the limit of ${pass.rollout.spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT} are forgotten`,
      }),
    );
}
