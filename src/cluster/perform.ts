// The one place where a Change becomes a request.

import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { unreachable } from '../lib/assert.js';
import type { Result } from '../lib/result.js';
import type { Cluster, ClusterError } from './cluster.js';

/** One request. Nothing is tried again here: a failure is for whoever asked. The server keeps `fieldManager` as the name of who has set what. */
export function performChange(cluster: Cluster, change: Change, fieldManager: string, signal?: AbortSignal): Promise<Result<KubeObject, ClusterError>> {
  const stop = signal === undefined ? {} : { signal };
  const options = { fieldManager, ...stop };
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
        ...stop,
      });
    default:
      return unreachable(change);
  }
}

function evictionOf({ namespace, name }: ObjectRef, uid: string | undefined): KubeObject {
  const deleteOptions = uid === undefined ? {} : { deleteOptions: { preconditions: { uid } } };
  return { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, ...deleteOptions };
}
