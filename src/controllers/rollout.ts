// The rollout controller: observe, decide, perform. What it knows of rollouts stands in decide/rollout.

import { ANALYSIS_RUN, DEPLOYMENT, EXPERIMENT, POD, REPLICA_SET, ROLLOUT, SERVICE } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import { decideRollout, dueCalls } from '../decide/rollout/decide.js';
import { instanceOf } from './instance.js';
import { observeRollout } from './rollout-observe.js';
import { performActions } from './rollout-perform.js';
import { takeSteps } from './rollout-steps.js';
import { mayBeUnseenGate } from './step-by-hand.js';
import { demandedTypes, rolloutWatches } from './rollout-watches.js';
import { NO_PLUGINS, type Plugins } from './plugins.js';
import type { ControllerIo, Outcome, Reconciler } from './reconciler.js';
import { createVerifier } from './verify.js';
import type { LoadBalancers, Verify } from './verify.js';
import { TARGET_GROUP_BINDING } from '../kinds/route-types.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Rollout } from '../kinds/rollout.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refKey } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';

export type RolloutReconcilerOptions = {
  /** Asked whether they have followed; absent: they are taken to have. */
  readonly balancers?: LoadBalancers;
  /** Only rollouts with this instance id; without one, only those that have none. */
  readonly instanceId?: string;
  /** What modules bring beside the built-in parts; absent: nothing. */
  readonly plugins?: Plugins;
};

const WORKERS = 10;

/** Types that must have been listed before any decision: an unseen ReplicaSet would be made a second time. */
const NEEDED = [REPLICA_SET, SERVICE, ANALYSIS_RUN, POD, DEPLOYMENT];

export function createRolloutReconciler(options: RolloutReconcilerOptions = {}): Reconciler {
  const plugins = options.plugins ?? NO_PLUGINS;
  // Each rollout is greeted once in the life of an engine, and seen off.
  const greeted = new Map<string, KubeObject>();
  const verify = options.balancers === undefined ? undefined : createVerifier(options.balancers);
  const greet = (key: ObjectRef, object: KubeObject | undefined, io: ControllerIo): void => {
    const known = greeted.get(refKey(key));
    if (known !== undefined && known.metadata.uid !== object?.metadata.uid) {
      greeted.delete(refKey(key));
      io.record(known, { type: 'Normal', reason: 'RolloutDeleted', message: `Rollout ${key.name}/${key.namespace} is deleted.` });
    }
    if (object === undefined || greeted.has(refKey(key))) return;
    const {
      apiVersion,
      kind,
      metadata: { name, namespace = '', uid = '' },
    } = object;
    greeted.set(refKey(key), { apiVersion, kind, metadata: { name, namespace, uid } });
    io.record(object, { type: 'Normal', reason: 'RolloutAddedToInformer', message: `Rollout resource added to informer: ${namespace}/${name}` });
  };
  const steps = new Map<string, readonly (number | undefined)[]>();
  return {
    name: 'rollout',
    type: ROLLOUT,
    watches: rolloutWatches(plugins),
    demands: (object) => typesOf(asRollout(object), { ...options, plugins }),
    workers: WORKERS,
    reconcile: (key, io, signal) => reconcile(key, { io, signal, greet, verify, steps }, { ...options, plugins }),
  };
}

type Greet = (key: ObjectRef, object: KubeObject | undefined, io: ControllerIo) => void;

type Equipped = RolloutReconcilerOptions & { readonly plugins: Plugins };

/** What is watched because of that rollout. */
function typesOf(rollout: Rollout, { balancers, plugins }: Equipped): readonly ResourceType[] {
  return [...demandedTypes(rollout, plugins), ...(balancers === undefined ? [] : [TARGET_GROUP_BINDING])];
}

type Work = {
  readonly io: ControllerIo;
  readonly signal: AbortSignal;
  readonly greet: Greet;
  readonly verify: Verify | undefined;
  /** Between which steps the last whole pass of each rollout has moved it. */
  readonly steps: Map<string, readonly (number | undefined)[]>;
};

async function reconcile(key: ObjectRef, work: Work, options: Equipped): Promise<Outcome> {
  const { io, signal, greet, verify, steps } = work;
  const object = io.cache.get(key);
  if (object === undefined) {
    greet(key, object, io);
    steps.delete(refKey(key));
  }
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return { type: 'done' };
  if (instanceOf(object) !== (options.instanceId ?? '')) return { type: 'done' };
  const rollout = asRollout(object);
  const needed = rollout.spec.strategy?.canary?.steps?.some((step) => step.experiment !== undefined) === true ? [...NEEDED, EXPERIMENT] : NEEDED;
  const unseen = needed.find((type) => !io.cache.has(type));
  if (unseen !== undefined) return { type: 'retry', reason: `${unseen.plural} have not been listed yet` };
  const unlisted = typesOf(rollout, options).find((type) => io.cache.stateOf(type) === 'unknown');
  if (unlisted !== undefined) return { type: 'retry', reason: `${unlisted.plural} have not been listed yet` };
  greet(key, object, io);
  const { seen, router, routeObjects } = observeRollout(rollout, io.cache, options.plugins);
  const verification = verify === undefined ? undefined : await verify(seen, routeObjects, io.cache, io.now());
  for (const note of verification?.notes ?? []) io.record(object, note);
  const stepAnswers = await takeSteps(dueCalls(seen, io.now()), options.plugins, io, signal);
  // Whoever takes over asks anew.
  if (signal.aborted) return { type: 'done' };
  const memory = refKey(key);
  const from = rollout.status?.currentStepIndex;
  const formerSteps = steps.get(memory) ?? (mayBeUnseenGate(rollout) ? [] : [from]);
  steps.set(memory, formerSteps);
  const decision = decideRollout({ ...seen, verification, stepAnswers, formerSteps }, io.now());
  const failure = await performActions(decision, { io, object, router, routeObjects });
  if (failure !== undefined) return failure;
  // Only now: a step that another hand has set is somebody's promotion until a whole pass has dealt with it (simulation, seed 5360).
  steps.set(memory, [from, decision.status.currentStepIndex]);
  if (decision.failure !== undefined) {
    io.record(object, { type: 'Warning', reason: 'ReconciliationError', message: `Reconciliation failed with error: ${decision.failure}` });
    return { type: 'retry', reason: decision.failure };
  }
  return decision.wakeAt === undefined ? { type: 'done' } : { type: 'at', wakeAt: decision.wakeAt };
}
