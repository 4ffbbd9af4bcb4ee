// Performs a decision, in its order. The first write that fails ends the pass: what comes after relies on it.

import type { ClusterError } from '../cluster/cluster.js';
import { availableOf } from '../decide/rollout/sets.js';
import type { Action, Decision } from '../decide/rollout/observed.js';
import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import { replicaSetOf } from '../kinds/replica-set.js';
import { REPLICA_SET, ROLLOUT } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import { unreachable } from '../lib/assert.js';
import { isRecord } from '../lib/deep.js';
import { isProblem } from '../routers/router.js';
import type { Router } from '../routers/router.js';
import { retryAfter } from './controller.js';
import { OUTDATED } from './apply.js';
import type { ControllerIo, Outcome } from './reconciler.js';
import { evadeTakenName, tellRefusedSet } from './rollout-refused.js';

export type Performing = {
  readonly io: ControllerIo;
  /** The rollout as it was observed. */
  readonly object: KubeObject;
  readonly router: Router | undefined;
  readonly routeObjects: readonly KubeObject[];
};

/** The outcome when the pass ended early; undefined when everything was done. */
export async function performActions(decision: Decision, performing: Performing): Promise<Outcome | undefined> {
  const { io, object } = performing;
  let { resourceVersion: version, generation = 0 } = object.metadata;
  const available = availableIn(performing);
  // What has happened while a write took its time, or waited for its turn, has woken the next pass: the rest was decided for another
  // size, or for pods that are gone (simulation, seeds 1272, 4506 and 9483). What was written is told of all the same.
  const stillHolds = (): boolean =>
    (io.cache.get(refOf(ROLLOUT, object))?.metadata.generation ?? 0) <= generation && !hasLostPods(availableIn(performing), available);
  const write = async (change: Change): Promise<Outcome | undefined> => {
    const answer = await io.apply(onVersion(change, version), stillHolds);
    if (!answer.ok) {
      if (answer.error === OUTDATED) return { type: 'done' };
      await tellRefusedSet(change, answer.error, object, io);
      if (await evadeTakenName(change, answer.error, object, io)) return { type: 'retry', reason: answer.error.message };
      return afterFailure(change, answer.error);
    }
    if (change.ref.type === ROLLOUT) ({ resourceVersion: version, generation = 0 } = answer.value.metadata);
    return undefined;
  };
  for (const action of decision.actions) {
    const failure = await perform(action, performing, write);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

type Availability = ReadonlyMap<string, number>;

function availableIn({ io, object }: Performing): Availability {
  const sets = io.cache.ownedBy(REPLICA_SET, object.metadata.uid ?? '');
  return new Map(sets.map((set) => [set.metadata.name, availableOf(replicaSetOf(set))]));
}

const hasLostPods = (now: Availability, before: Availability): boolean => [...before].some(([name, count]) => (now.get(name) ?? 0) < count);

async function perform(action: Action, performing: Performing, write: (change: Change) => Promise<Outcome | undefined>): Promise<Outcome | undefined> {
  const { io, object } = performing;
  switch (action.type) {
    case 'note':
      io.record(object, action.note);
      return undefined;
    case 'route':
      return route(action, performing, write);
    case 'create':
    case 'update':
    case 'patch':
    case 'delete':
      return write(action);
    default:
      return unreachable(action);
  }
}

async function route(
  action: Extract<Action, { type: 'route' }>,
  performing: Performing,
  write: (change: Change) => Promise<Outcome | undefined>,
): Promise<Outcome | undefined> {
  const { io, object, router, routeObjects } = performing;
  if (router === undefined) return undefined;
  const planned = router.plan(asRollout(object), routeObjects, action.traffic);
  if (isProblem(planned)) {
    io.record(object, { type: 'Warning', reason: 'TrafficRoutingError', message: planned.reason });
    return { type: 'retry', reason: planned.reason };
  }
  for (const { change, notes } of planned) {
    const failure = await write(change);
    if (failure !== undefined) return failure;
    for (const note of notes) io.record(object, note);
  }
  return undefined;
}

/** A write to the rollout holds only for the version it was decided on: what somebody else has changed meanwhile is looked at first. */
function onVersion(change: Change, version: string | undefined): Change {
  if (change.type !== 'patch' || change.ref.type !== ROLLOUT || change.patchType !== 'merge' || version === undefined || !isRecord(change.body)) return change;
  const metadata = isRecord(change.body['metadata']) ? change.body['metadata'] : {};
  return { ...change, body: { ...change.body, metadata: { ...metadata, resourceVersion: version } } };
}

/** What has gone by itself is as good as deleted; after a conflict, the world is looked at anew. */
function afterFailure(change: Change, error: ClusterError): Outcome | undefined {
  if (change.type === 'delete' && error.code === 404) return undefined;
  // A budget holds the pod for now: the rest of the pass goes on, and the next look asks again.
  if (change.type === 'delete' && change.evict === true && error.code === 429) return undefined;
  return retryAfter(change, error);
}
