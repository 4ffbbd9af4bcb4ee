// Which kinds a rollout's router reads.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import { typesFor } from '../routers/gather.js';
import { routerOf } from '../routers/index.js';

/** None when it can not be told. */
export function routeTypesOf(object: KubeObject): readonly ResourceType[] {
  try {
    const rollout = asRollout(object);
    const router = routerOf(rollout);
    return router === undefined || 'type' in router ? [] : typesFor(router, rollout);
  } catch {
    // A server without schemas lets anything in; the console shows what can be read of it.
    return [];
  }
}
