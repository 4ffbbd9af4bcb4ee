// The server as the simulated nodes see it: their events and endpoints, which no engine reads, are not kept, because most of a
// seed's time would go there; and at times no new pod is let in.

import type { Cluster } from '../../src/cluster/cluster.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ENDPOINT_SLICE, ENDPOINTS, EVENT, POD } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { err, ok } from '../../src/lib/result.js';
import type { Result } from '../../src/lib/result.js';
import type { ClusterError } from '../../src/cluster/cluster.js';

const UNKEPT: readonly string[] = [EVENT, ENDPOINTS, ENDPOINT_SLICE].map(({ kind }) => kind);
const isKept = ({ kind }: ResourceType): boolean => !UNKEPT.includes(kind);

const FULL: ClusterError = { code: 403, reason: 'Forbidden', message: 'exceeded quota: the nodes are full, by chance' };

/** Without a version, so that nobody waits to see it. */
const taken = (object: unknown, name: string): Promise<Result<KubeObject, ClusterError>> => Promise.resolve(ok({ ...(object as KubeObject), metadata: { name } }));

export function forSandbox(cluster: Cluster, isFull: () => boolean): Cluster {
  return {
    ...cluster,
    create: (ref, object, wanted) => {
      if (ref.type.kind === POD.kind && isFull()) return Promise.resolve(err(FULL));
      return isKept(ref.type) ? cluster.create(ref, object, wanted) : taken(object, ref.name);
    },
    update: (ref, object, wanted) => (isKept(ref.type) ? cluster.update(ref, object, wanted) : taken(object, ref.name)),
    patch: (ref, patchType, body, wanted) => (isKept(ref.type) ? cluster.patch(ref, patchType, body, wanted) : taken({}, ref.name)),
  };
}
