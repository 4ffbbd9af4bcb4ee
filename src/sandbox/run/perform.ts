// Turns the Changes of the sandbox's controllers into requests, one after the other.

import type { Cache } from '../../cluster/cache.js';
import type { Cluster, ClusterError } from '../../cluster/cluster.js';
import { performChange } from '../../cluster/perform.js';
import type { Change } from '../../kinds/change.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { Step } from '../world.js';

export const FIELD_MANAGER = 'sandbox';

/** Asks whether a write has come back through the watch. */
export type Seen = () => boolean;

export type Performed = { readonly seen: readonly Seen[]; readonly failure: { readonly change: Change | undefined; readonly error: ClusterError } | undefined };

/** Stops at the first failure. An object that is gone already (404) is no failure for those who patch or delete it. */
export async function performStep(cluster: Cluster, cache: Cache, step: Step): Promise<Performed> {
  const seen: Seen[] = [];
  for (const change of step.changes) {
    const done = await performChange(cluster, change, FIELD_MANAGER);
    if (done.ok) seen.push(seenBy(cache, change, done.value));
    else if (done.error.code !== 404 || change.type === 'create') return { seen, failure: { change, error: done.error } };
  }
  for (const { ref, uid } of step.vanish) {
    const done = await cluster.delete(ref, { uid, gracePeriodSeconds: 0 });
    if (done.ok) seen.push(() => cache.get(ref)?.metadata.uid !== uid);
    else if (done.error.code !== 404) return { seen, failure: { change: undefined, error: done.error } };
  }
  return { seen, failure: undefined };
}

function seenBy(cache: Cache, change: Change, written: KubeObject): Seen {
  const { ref } = change;
  if (change.type === 'delete') {
    return () => {
      const object = cache.get(ref);
      return object === undefined || object.metadata.deletionTimestamp !== undefined || (change.uid !== undefined && object.metadata.uid !== change.uid);
    };
  }
  const version = written.metadata.resourceVersion;
  // What nobody watches can not be waited for.
  return () => version === undefined || cache.stateOf(ref.type) !== 'listed' || cache.hasSeen(ref.type, version) !== false;
}
