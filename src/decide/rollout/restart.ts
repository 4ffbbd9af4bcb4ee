// `restartAt`: every pod older than that is to be replaced, a few at a time.

import type { Change } from '../../kinds/change.js';
import type { Pod } from '../../kinds/pod.js';
import { POD } from '../../kinds/resource-type.js';
import { parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import type { Pass } from './pass.js';
import { boundsOf } from './replicas-basic.js';
import { sizeOf, stayingOf, sum } from './sets.js';

export type Restart = {
  readonly actions: readonly Change[];
  /** Set once every pod is young enough. */
  readonly restartedAt: string | undefined;
  readonly wakeAt: Instant | undefined;
};

const NOTHING: Restart = { actions: [], restartedAt: undefined, wakeAt: undefined };

/** Between two looks while pods are being replaced. */
const LOOK_AGAIN_MS = 30_000;

export function reconcileRestart(pass: Pass): Restart {
  const { restartAt } = pass.rollout.spec;
  const since = parseTime(restartAt);
  if (restartAt === undefined || since === undefined || restartAt === pass.status.restartedAt) return NOTHING;
  if (pass.now <= since) return { ...NOTHING, wakeAt: since + 1 };
  const { newest, stable, all } = pass.sets;
  const ordered = [...new Set([stable, newest, ...all])].filter((set) => set !== undefined);
  const old = ordered.flatMap((set) => podsOf(pass, set.metadata.uid).filter((pod) => (parseTime(pod.metadata.creationTimestamp) ?? 0) < since));
  if (old.length === 0) return { ...NOTHING, restartedAt: restartAt };
  const least = Math.max(pass.replicas, sum(all, sizeOf)) - Math.max(boundsOf(pass).unavailable, 1);
  const allowed = Math.max(0, sum(all, stayingOf) - least);
  const going = old.filter((pod) => pod.metadata.deletionTimestamp === undefined).slice(0, allowed);
  return { actions: going.map((pod) => remove(pod)), restartedAt: undefined, wakeAt: pass.now + LOOK_AGAIN_MS };
}

function podsOf(pass: Pass, uid: string | undefined): readonly Pod[] {
  return pass.seen.pods.filter((pod) => pod.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid));
}

function remove(pod: Pod): Change {
  return {
    type: 'delete',
    ref: { type: POD, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name },
    ...(pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid }),
    evict: true,
    why: `pod ${pod.metadata.name} is older than the restart that was asked for`,
  };
}
