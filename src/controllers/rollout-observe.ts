// What a rollout's decision starts from, gathered from the cache alone.

import { managedServices } from '../decide/rollout/release.js';
import { workloadRefOf } from '../decide/rollout/workload.js';
import type { ObservedRollout, ObservedWorkload } from '../decide/rollout/observed.js';
import { asAnalysisRun } from '../kinds/analysis-run.js';
import { asAnalysisTemplate } from '../kinds/analysis-template.js';
import { asExperiment } from '../kinds/experiment.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { controllerOf } from '../kinds/kube-object.js';
import { podOf } from '../kinds/pod.js';
import { replicaSetOf } from '../kinds/replica-set.js';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, EXPERIMENT, POD, REPLICA_SET, SERVICE } from '../kinds/resource-type.js';
import type { Rollout } from '../kinds/rollout.js';
import { serviceOf } from '../kinds/service.js';
import { gather } from '../routers/gather.js';
import { routerOf } from '../routers/index.js';
import type { Router } from '../routers/router.js';
import { instanceOf, ofInstance } from './instance.js';
import { knownPlugins, type Plugins } from './plugins.js';
import type { CacheReader } from './reconciler.js';

export type Observation = { readonly seen: ObservedRollout; readonly router: Router | undefined; readonly routeObjects: readonly KubeObject[] };

export function observeRollout(rollout: Rollout, cache: CacheReader, plugins: Plugins): Observation {
  const { uid = '', namespace = '', name } = rollout.metadata;
  // Without a controller of their own they may be the rollout's; the decision looks at their labels.
  const replicaSets = cache.list(REPLICA_SET, namespace).filter((set) => (controllerOf(set)?.uid ?? uid) === uid);
  const router = routerOf(rollout, plugins.routers);
  const known = router === undefined || 'type' in router ? undefined : router;
  const routeObjects = known === undefined ? [] : gather(known, rollout, cache);
  const route = router === undefined || 'type' in router ? router : router.read(rollout, routeObjects);
  const instance = instanceOf(rollout);
  const seen: ObservedRollout = {
    rollout,
    replicaSets: replicaSets.map(replicaSetOf),
    pods: replicaSets.flatMap((set) => cache.ownedBy(POD, set.metadata.uid ?? '')).map(podOf),
    services: serviceNames(rollout)
      .map((service) => cache.get({ type: SERVICE, namespace, name: service }))
      .filter((object) => object !== undefined)
      .map(serviceOf),
    runs: cache
      .list(ANALYSIS_RUN, namespace)
      .filter((run) => run.metadata.name.startsWith(`${name}-`) || controllerOf(run)?.uid === uid)
      .map(asAnalysisRun),
    experiments: cache
      .list(EXPERIMENT, namespace)
      .filter((one) => one.metadata.name.startsWith(`${name}-`) || controllerOf(one)?.uid === uid)
      .map(asExperiment),
    templates: ofInstance(cache.list(ANALYSIS_TEMPLATE, namespace), instance).map(asAnalysisTemplate),
    clusterTemplates: ofInstance(cache.list(CLUSTER_ANALYSIS_TEMPLATE), instance).map(asAnalysisTemplate),
    workload: observeWorkload(rollout, cache),
    route,
    plugins: knownPlugins(plugins),
  };
  return { seen, router: known, routeObjects };
}

export function serviceNames(rollout: Rollout): readonly string[] {
  return managedServices(rollout);
}

function observeWorkload(rollout: Rollout, cache: CacheReader): ObservedWorkload | undefined {
  const ref = workloadRefOf(rollout);
  if (ref === undefined) return undefined;
  const object = cache.get(ref);
  if (object !== undefined) return { type: 'found', object };
  return { type: 'missing', reason: `${ref.type.plural}${ref.type.group === '' ? '' : `.${ref.type.group}`} "${ref.namespace}/${ref.name}" not found` };
}
