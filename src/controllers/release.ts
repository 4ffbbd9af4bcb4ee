// Gives back what rollouts have left behind: Services, DestinationRules and actions of Ingresses of rollouts that are gone or name others now.

import { managerOf, releaseService } from '../decide/rollout/release.js';
import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { DESTINATION_RULE, INGRESS, ROLLOUT, SERVICE } from '../kinds/resource-type.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import type { Rollout } from '../kinds/rollout.js';
import { serviceOf } from '../kinds/service.js';
import { ingressManagers, releaseIngress } from '../routers/alb/release.js';
import { releaseRule, ruleManager } from '../routers/istio/release.js';
import { retryAfter } from './controller.js';
import type { CacheReader, ControllerIo, Outcome, Reconciler } from './reconciler.js';

const WORKERS = 10;

type Released = {
  readonly name: string;
  readonly type: ResourceType;
  /** The names of the rollouts that have left something in it. */
  managers(object: KubeObject): readonly string[];
  release(object: KubeObject, name: string, manager: Rollout | undefined): readonly Change[];
};

/** Services whose selector a rollout has narrowed to one version. */
export function createServiceReleaseReconciler(): Reconciler {
  return createReleaseReconciler({
    name: 'service-release',
    type: SERVICE,
    managers: (object) => listed(managerOf(serviceOf(object))),
    release: (object, _, manager) => releaseService(serviceOf(object), manager),
  });
}

/** DestinationRules whose subsets a rollout has bound to its versions. */
export function createDestinationRuleReleaseReconciler(): Reconciler {
  return createReleaseReconciler({
    name: 'destination-rule-release',
    type: DESTINATION_RULE,
    managers: (object) => listed(ruleManager(object)),
    release: (object, _, manager) => releaseRule(object, manager),
  });
}

/** Ingresses of AWS load balancers, whose actions rollouts have written. */
export function createIngressReleaseReconciler(): Reconciler {
  return createReleaseReconciler({ name: 'ingress-release', type: INGRESS, managers: ingressManagers, release: releaseIngress });
}

const listed = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);

function createReleaseReconciler(released: Released): Reconciler {
  const managedBy = (rollout: KubeObject, cache: CacheReader): readonly ObjectRef[] =>
    cache
      .list(released.type, rollout.metadata.namespace)
      .filter((object) => released.managers(object).includes(rollout.metadata.name))
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
  if (object === undefined) return { type: 'done' };
  for (const name of released.managers(object)) {
    const outcome = await releaseFrom(object, name, io, released);
    // What was written is seen in the next pass; only then comes the next rollout.
    if (outcome !== undefined) return outcome;
  }
  return { type: 'done' };
}

/** Undefined when there is nothing to do for that rollout. */
async function releaseFrom(object: KubeObject, name: string, io: ControllerIo, released: Released): Promise<Outcome | undefined> {
  const ref: ObjectRef = { type: ROLLOUT, namespace: object.metadata.namespace ?? '', name };
  const known = io.cache.get(ref);
  if (released.release(object, name, known === undefined ? undefined : asRollout(known)).length === 0) return undefined;
  // Opening a Service to all pods is not to be done on the word of a cache that may be behind.
  const live = await io.read(ref);
  if (!live.ok && live.error.code !== 404) return { type: 'retry', reason: `is rollout ${name} still there? ${live.error.message}` };
  const manager = live.ok ? asRollout(live.value) : undefined;
  // A slip in a spec must not move traffic; the rollout's own next change wakes this key again.
  if (manager !== undefined && !isAccepted(manager)) return undefined;
  const changes = released.release(object, name, manager);
  for (const change of changes) {
    const answer = await io.apply(change);
    if (!answer.ok && answer.error.code !== 404) return retryAfter(change, answer.error);
  }
  return changes.length === 0 ? undefined : { type: 'done' };
}

/** Its spec, as it is now, has been looked at and found to be sound. */
function isAccepted({ metadata, status }: Rollout): boolean {
  const invalid = status?.conditions?.some(({ type }) => type === 'InvalidSpec') ?? false;
  return !invalid && status?.observedGeneration === String(metadata.generation ?? '');
}
