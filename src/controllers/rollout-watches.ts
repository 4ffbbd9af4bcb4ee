// Which objects wake which rollouts.

import { workloadRefOf } from '../decide/rollout/workload.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { controllerOf } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import {
  ANALYSIS_RUN,
  ANALYSIS_TEMPLATE,
  CLUSTER_ANALYSIS_TEMPLATE,
  DEPLOYMENT,
  DESTINATION_RULE,
  EXPERIMENT,
  POD,
  POD_TEMPLATE,
  REPLICA_SET,
  ROLLOUT,
  SERVICE,
  VIRTUAL_SERVICE,
} from '../kinds/resource-type.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { ROUTE_TYPES, TARGET_GROUP_BINDING } from '../kinds/route-types.js';
import { asRollout } from '../kinds/rollout.js';
import type { Rollout } from '../kinds/rollout.js';
import { concerns, typesFor } from '../routers/gather.js';
import { routerOf } from '../routers/index.js';
import type { Plugins } from './plugins.js';
import type { CacheReader, Watched } from './reconciler.js';
import { serviceNames } from './rollout-observe.js';

/** Watched whether a rollout names one or not: what an earlier rollout has left in them is given back. */
const ALWAYS: ReadonlySet<ResourceType> = new Set([VIRTUAL_SERVICE, DESTINATION_RULE]);

/** What only some rollouts use: the types of their route objects, and of a workload that few refer to. */
export function demandedTypes(rollout: Rollout, { routers }: Plugins): readonly ResourceType[] {
  const router = routerOf(rollout, routers);
  const routes = router === undefined || 'type' in router ? [] : typesFor(router, rollout);
  return [...new Set([...routes, ...(workloadRefOf(rollout)?.type === POD_TEMPLATE ? [POD_TEMPLATE] : [])])];
}

export function rolloutWatches(plugins: Plugins): readonly Watched[] {
  return [
    { type: ROLLOUT, wakes: (object) => [refOf(ROLLOUT, object)] },
    { type: REPLICA_SET, wakes: wakesOfSet },
    { type: POD, wakes: wakesOfPod },
    { type: ANALYSIS_RUN, wakes: owner },
    { type: EXPERIMENT, wakes: owner },
    { type: SERVICE, wakes: (object, cache) => rolloutsWhere(object, cache, (rollout) => serviceNames(rollout).includes(object.metadata.name)) },
    { type: DEPLOYMENT, wakes: (object, cache) => wakesOfWorkload(DEPLOYMENT, object, cache) },
    { type: POD_TEMPLATE, wakes: (object, cache) => wakesOfWorkload(POD_TEMPLATE, object, cache), onDemand: true },
    ...[...ROUTE_TYPES, ...plugins.routeTypes].map(
      (type): Watched => ({ type, wakes: (object, cache) => wakesOfRoute(type, object, cache, plugins), ...(ALWAYS.has(type) ? {} : { onDemand: true }) }),
    ),
    { type: TARGET_GROUP_BINDING, wakes: wakesOfBinding, onDemand: true },
    // A template that comes late may be what an invalid rollout waits for.
    { type: ANALYSIS_TEMPLATE, wakes: (object, cache) => rolloutsWhere(object, cache, isInvalid) },
    {
      type: CLUSTER_ANALYSIS_TEMPLATE,
      wakes: (_, cache) =>
        cache
          .list(ROLLOUT)
          .filter((other) => isInvalid(asRollout(other)))
          .map((other) => refOf(ROLLOUT, other)),
    },
  ];
}

function owner(object: KubeObject): readonly ObjectRef[] {
  const controller = controllerOf(object);
  return controller?.kind === ROLLOUT.kind ? [{ type: ROLLOUT, namespace: object.metadata.namespace ?? '', name: controller.name }] : [];
}

function wakesOfSet(object: KubeObject, cache: CacheReader): readonly ObjectRef[] {
  const own = owner(object);
  return own.length > 0 ? own : wakesOfWorkload(REPLICA_SET, object, cache);
}

/** Only while a restart is under way does a rollout look at single pods. */
function wakesOfPod(object: KubeObject, cache: CacheReader): readonly ObjectRef[] {
  const set = controllerOf(object);
  if (set?.kind !== REPLICA_SET.kind) return [];
  const replicaSet = cache.get({ type: REPLICA_SET, namespace: object.metadata.namespace ?? '', name: set.name });
  const refs = replicaSet === undefined ? [] : owner(replicaSet);
  return refs.filter((ref) => {
    const found = cache.get(ref);
    const rollout = found === undefined ? undefined : asRollout(found);
    return rollout?.spec.restartAt !== undefined && rollout.spec.restartAt !== rollout.status?.restartedAt;
  });
}

function rolloutsWhere(object: KubeObject, cache: CacheReader, wanted: (rollout: Rollout) => boolean): readonly ObjectRef[] {
  return cache
    .list(ROLLOUT, object.metadata.namespace)
    .filter((other) => wanted(asRollout(other)))
    .map((other) => refOf(ROLLOUT, other));
}

function wakesOfWorkload(type: ResourceType, object: KubeObject, cache: CacheReader): readonly ObjectRef[] {
  return rolloutsWhere(object, cache, (rollout) => {
    const ref = workloadRefOf(rollout);
    return ref !== undefined && ref.type === type && ref.name === object.metadata.name;
  });
}

/** A VirtualService may be in another namespace than the rollout. */
function wakesOfRoute(type: ResourceType, object: KubeObject, cache: CacheReader, plugins: Plugins): readonly ObjectRef[] {
  const ref = refOf(type, object);
  return cache
    .list(ROLLOUT)
    .filter((other) => {
      const rollout = asRollout(other);
      const router = routerOf(rollout, plugins.routers);
      return router !== undefined && !('type' in router) && concerns(router, rollout, ref, object, cache);
    })
    .map((other) => refOf(ROLLOUT, other));
}

/** Of the Services that a rollout switches. */
function wakesOfBinding(object: KubeObject, cache: CacheReader): readonly ObjectRef[] {
  const { spec } = object;
  const service = isRecord(spec) && isRecord(spec['serviceRef']) ? spec['serviceRef']['name'] : undefined;
  return typeof service === 'string' ? rolloutsWhere(object, cache, (rollout) => serviceNames(rollout).includes(service)) : [];
}

function isInvalid(rollout: Rollout): boolean {
  return rollout.status?.conditions?.some((condition) => condition.type === 'InvalidSpec') ?? false;
}
