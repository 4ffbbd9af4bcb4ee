// Gives back what rollouts have left behind: Services and DestinationRules of rollouts that are gone or name others now.

import { managerOf, releaseService } from '../decide/rollout/release.js';
import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { DESTINATION_RULE, ROLLOUT, SERVICE } from '../kinds/resource-type.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import type { Rollout } from '../kinds/rollout.js';
import { serviceOf } from '../kinds/service.js';
import { releaseRule, ruleManager } from '../routers/istio/release.js';
import { retryAfter } from './controller.js';
import type { CacheReader, ControllerIo, Outcome, Reconciler } from './reconciler.js';

const WORKERS = 10;

type Released = {
  readonly name: string;
  readonly type: ResourceType;
  manager(object: KubeObject): string | undefined;
  release(object: KubeObject, manager: Rollout | undefined): readonly Change[];
};

/** Services whose selector a rollout has narrowed to one version. */
export function createServiceReleaseReconciler(): Reconciler {
  return createReleaseReconciler({
    name: 'service-release',
    type: SERVICE,
    manager: (object) => managerOf(serviceOf(object)),
    release: (object, manager) => releaseService(serviceOf(object), manager),
  });
}

/** DestinationRules whose subsets a rollout has bound to its versions. */
export function createDestinationRuleReleaseReconciler(): Reconciler {
  return createReleaseReconciler({ name: 'destination-rule-release', type: DESTINATION_RULE, manager: ruleManager, release: releaseRule });
}

function createReleaseReconciler(released: Released): Reconciler {
  const managedBy = (rollout: KubeObject, cache: CacheReader): readonly ObjectRef[] =>
    cache
      .list(released.type, rollout.metadata.namespace)
      .filter((object) => released.manager(object) === rollout.metadata.name)
      .map((object) => refOf(released.type, object));
  return {
    name: released.name,
    type: released.type,
    watches: [
      { type: released.type, wakes: (object) => [refOf(released.type, object)] },
      { type: ROLLOUT, wakes: managedBy },
    ],
    workers: WORKERS,
    reconcile: (key, io) => reconcile(key, io, released),
  };
}

async function reconcile(key: ObjectRef, io: ControllerIo, released: Released): Promise<Outcome> {
  const object = io.cache.get(key);
  const name = object === undefined ? undefined : released.manager(object);
  if (object === undefined || name === undefined) return { type: 'done' };
  const ref: ObjectRef = { type: ROLLOUT, namespace: key.namespace, name };
  const known = io.cache.get(ref);
  if (released.release(object, known === undefined ? undefined : asRollout(known)).length === 0) return { type: 'done' };
  // Opening a Service to all pods is not to be done on the word of a cache that may be behind.
  const live = await io.read(ref);
  if (!live.ok && live.error.code !== 404) return { type: 'retry', reason: `is rollout ${name} still there? ${live.error.message}` };
  const manager = live.ok ? asRollout(live.value) : undefined;
  // A slip in a spec must not move traffic; the rollout's own next change wakes this key again.
  if (manager !== undefined && !isAccepted(manager)) return { type: 'done' };
  for (const change of released.release(object, manager)) {
    const answer = await io.apply(change);
    if (!answer.ok && answer.error.code !== 404) return retryAfter(change, answer.error);
  }
  return { type: 'done' };
}

/** Its spec, as it is now, has been looked at and found to be sound. */
function isAccepted({ metadata, status }: Rollout): boolean {
  const invalid = status?.conditions?.some(({ type }) => type === 'InvalidSpec') ?? false;
  return !invalid && status?.observedGeneration === String(metadata.generation ?? '');
}
