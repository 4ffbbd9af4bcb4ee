// The experiment controller: observe, decide, perform. What it knows of experiments stands in decide/experiment.

import { decideExperiment } from '../decide/experiment/decide.js';
import type { ObservedExperiment } from '../decide/experiment/observed.js';
import { asAnalysisRun } from '../kinds/analysis-run.js';
import { asAnalysisTemplate } from '../kinds/analysis-template.js';
import type { Change } from '../kinds/change.js';
import { asExperiment } from '../kinds/experiment.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { controllerOf } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { replicaSetOf } from '../kinds/replica-set.js';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, EXPERIMENT, REPLICA_SET, ROLLOUT, SERVICE } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import { serviceOf } from '../kinds/service.js';
import { isRecord } from '../lib/deep.js';
import { retryAfter } from './controller.js';
import { instanceOf, ofInstance } from './instance.js';
import type { CacheReader, ControllerIo, Outcome, Reconciler } from './reconciler.js';

export type ExperimentReconcilerOptions = {
  /** Only experiments with this instance id; without one, only those that have none. */
  readonly instanceId?: string;
};

const WORKERS = 5;
/** Types that must have been listed before any decision. */
const NEEDED = [REPLICA_SET, SERVICE, ANALYSIS_RUN, ANALYSIS_TEMPLATE];

export function createExperimentReconciler(options: ExperimentReconcilerOptions = {}): Reconciler {
  const owner = (object: KubeObject): readonly ObjectRef[] => {
    const controller = controllerOf(object);
    return controller?.kind === EXPERIMENT.kind ? [{ type: EXPERIMENT, namespace: object.metadata.namespace ?? '', name: controller.name }] : [];
  };
  return {
    name: 'experiment',
    type: EXPERIMENT,
    watches: [
      { type: EXPERIMENT, wakes: (object) => [refOf(EXPERIMENT, object)] },
      { type: REPLICA_SET, wakes: owner },
      { type: SERVICE, wakes: owner },
      { type: ANALYSIS_RUN, wakes: owner },
      // Pods stay until the rollout's router no longer sends anything to them.
      { type: ROLLOUT, wakes: (object, cache) => cache.ownedBy(EXPERIMENT, object.metadata.uid ?? '').map((experiment) => refOf(EXPERIMENT, experiment)) },
      { type: ANALYSIS_TEMPLATE, wakes: () => [] },
      { type: CLUSTER_ANALYSIS_TEMPLATE, wakes: () => [] },
    ],
    workers: WORKERS,
    reconcile: (key, io) => reconcile(key, io, options),
  };
}

async function reconcile(key: ObjectRef, io: ControllerIo, options: ExperimentReconcilerOptions): Promise<Outcome> {
  const object = io.cache.get(key);
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return { type: 'done' };
  if (instanceOf(object) !== (options.instanceId ?? '')) return { type: 'done' };
  const unseen = NEEDED.find((type) => !io.cache.has(type));
  if (unseen !== undefined) return { type: 'retry', reason: `${unseen.plural} have not been listed yet` };
  const parent = parentOf(object, io.cache);
  const { actions, wakeAt } = decideExperiment(observe(object, parent, io.cache), io.now());
  for (const action of actions) {
    if (action.type === 'note') {
      const about = action.about === 'parent' ? parent : object;
      if (about !== undefined) io.record(about, action.note);
      continue;
    }
    const answer = await io.apply(onVersion(action, object));
    if (!answer.ok && !(action.type === 'delete' && answer.error.code === 404)) return retryAfter(action, answer.error);
  }
  return wakeAt === undefined ? { type: 'done' } : { type: 'at', wakeAt };
}

/** The rollout that the experiment is a step of; undefined for one that stands alone. */
function parentOf(object: KubeObject, cache: CacheReader): KubeObject | undefined {
  const controller = controllerOf(object);
  if (controller?.kind !== ROLLOUT.kind) return undefined;
  const rollout = cache.get({ type: ROLLOUT, namespace: object.metadata.namespace ?? '', name: controller.name });
  return rollout?.metadata.uid === controller.uid ? rollout : undefined;
}

function observe(object: KubeObject, parent: KubeObject | undefined, cache: CacheReader): ObservedExperiment {
  const experiment = asExperiment(object);
  const { uid = '', namespace = '', name } = object.metadata;
  const named = (type: typeof REPLICA_SET, names: readonly string[]): readonly KubeObject[] => {
    const owned = cache.ownedBy(type, uid);
    const others = names.map((each) => cache.get({ type, namespace, name: each })).filter((each) => each !== undefined);
    return [...new Map([...owned, ...others].map((each) => [each.metadata.name, each])).values()];
  };
  const sets = experiment.spec.templates.map((template) => `${name}-${template.name}`);
  const services = experiment.spec.templates.flatMap(({ service }) => (service?.name === undefined || service.name === '' ? [] : [service.name]));
  const instance = instanceOf(object);
  const weights = parent === undefined ? undefined : asRollout(parent).status?.canary?.weights;
  return {
    experiment,
    replicaSets: named(REPLICA_SET, sets).map(replicaSetOf),
    services: named(SERVICE, [...sets, ...services]).map(serviceOf),
    runs: cache
      .list(ANALYSIS_RUN, namespace)
      .filter((run) => run.metadata.name.startsWith(`${name}-`))
      .map(asAnalysisRun),
    templates: ofInstance(cache.list(ANALYSIS_TEMPLATE, namespace), instance).map(asAnalysisTemplate),
    clusterTemplates: ofInstance(cache.list(CLUSTER_ANALYSIS_TEMPLATE), instance).map(asAnalysisTemplate),
    routedServices: (weights?.additional ?? []).flatMap(({ serviceName }) => (serviceName === undefined ? [] : [serviceName])),
  };
}

/** What is written to the experiment holds for the version that was looked at. */
function onVersion(change: Change, object: KubeObject): Change {
  if (change.type !== 'patch' || change.ref.type !== EXPERIMENT || !isRecord(change.body)) return change;
  return { ...change, body: { ...change.body, metadata: { resourceVersion: object.metadata.resourceVersion } } };
}
