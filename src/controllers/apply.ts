// The one place where a Change becomes a request.

import type { Cluster, ClusterError } from '../cluster/cluster.js';
import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { unreachable } from '../lib/assert.js';
import type { Clock } from '../lib/clock.js';
import type { Result } from '../lib/result.js';

/** The name under which the server keeps what the engine has set. */
export const FIELD_MANAGER = 'rollouts-controller';

/** One request. Nothing is tried again here: a failure is for the pass that asked. */
export function performChange(cluster: Cluster, change: Change, fieldManager = FIELD_MANAGER): Promise<Result<KubeObject, ClusterError>> {
  const options = { fieldManager };
  switch (change.type) {
    case 'create':
      return cluster.create(change.ref, change.object, options);
    case 'update':
      return cluster.update(change.ref, change.object, { ...options, ...(change.subresource === undefined ? {} : { subresource: change.subresource }) });
    case 'patch':
      return cluster.patch(change.ref, change.patchType, change.body, {
        ...options,
        ...(change.subresource === undefined ? {} : { subresource: change.subresource }),
      });
    case 'delete':
      if (change.evict === true) return cluster.create(change.ref, evictionOf(change.ref, change.uid), { ...options, subresource: 'eviction' });
      return cluster.delete(change.ref, {
        ...(change.uid === undefined ? {} : { uid: change.uid }),
        ...(change.propagation === undefined ? {} : { propagation: change.propagation }),
      });
    default:
      return unreachable(change);
  }
}

function evictionOf({ namespace, name }: ObjectRef, uid: string | undefined): KubeObject {
  const deleteOptions = uid === undefined ? {} : { deleteOptions: { preconditions: { uid } } };
  return { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, ...deleteOptions };
}

/** What one engine may ask of a server that others use too; a pass that is over it waits its turn. */
export const WRITES_PER_SECOND = 200;
export const WRITE_BURST = 400;

/** Resolves when one more write is within the limit, in the order of asking. */
export type Throttle = () => Promise<void>;

/** A bucket of `burst` tokens that fills at `perSecond`. */
export function createThrottle(clock: Clock, perSecond = WRITES_PER_SECOND, burst = WRITE_BURST): Throttle {
  let tokens = burst;
  let filledAt = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    tokens -= 1;
    if (tokens >= 0) return Promise.resolve();
    const waitMs = (-tokens / perSecond) * 1000;
    return new Promise((resolve) => {
      clock.after(waitMs, resolve);
    });
  };
}
