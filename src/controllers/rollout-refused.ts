// What a rollout says when the server will not have its new ReplicaSet: a quota, an admission rule, a template that it finds wrong.

import type { ClusterError } from '../cluster/cluster.js';
import { putCondition } from '../decide/rollout/conditions.js';
import { bareTemplate, sameTemplate } from '../decide/rollout/same-template.js';
import { statusPatch } from '../decide/rollout/sync.js';
import type { Change } from '../kinds/change.js';
import { controllerOf } from '../kinds/kube-object.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { replicaSetOf } from '../kinds/replica-set.js';
import { REPLICA_SET } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import type { ControllerIo } from './reconciler.js';

const REASON = 'ReplicaSetCreateError';
const CONFLICT = 409;
const PASSING = [CONFLICT, 429];

/** A refusal that says something of the request; a server that is busy, broken or away says nothing. */
const isRefusal = ({ code }: ClusterError): boolean => code >= 400 && code < 500 && !PASSING.includes(code);

/** Tells it on the rollout; for any other failure nothing. */
export async function tellRefusedSet(change: Change, error: ClusterError, object: KubeObject, io: ControllerIo): Promise<void> {
  if (change.type !== 'create' || change.ref.type !== REPLICA_SET || !isRefusal(error)) return;
  const message = `Failed to create new replica set "${change.ref.name}": ${error.message}`;
  io.record(object, { type: 'Warning', reason: REASON, message });
  const rollout = asRollout(object);
  const before = rollout.status ?? {};
  const conditions = putCondition(before.conditions ?? [], { type: 'Progressing', status: 'False', reason: REASON, message }, io.now());
  // What fails here too is tried again with the pass.
  for (const patch of statusPatch(rollout, before, { ...before, conditions }, 'say why there is no new ReplicaSet')) await io.apply(patch);
}

/**
 * The name of the new ReplicaSet is taken. By itself, that is only news that has not come yet; by anything else, the template gets
 * another name with the next pass, as in Argo. Whether it does.
 */
export async function evadeTakenName(change: Change, error: ClusterError, object: KubeObject, io: ControllerIo): Promise<boolean> {
  if (change.type !== 'create' || change.ref.type !== REPLICA_SET || error.code !== CONFLICT) return false;
  const found = await io.read(change.ref);
  if (!found.ok) return false;
  // Both without the metadata and the affinity of their version (simulation, seed 2561).
  const wanted = bareTemplate(replicaSetOf(change.object));
  if (controllerOf(found.value)?.uid === object.metadata.uid && sameTemplate(replicaSetOf(found.value), wanted)) return false;
  const rollout = asRollout(object);
  const before = rollout.status ?? {};
  const after = { ...before, collisionCount: (before.collisionCount ?? 0) + 1 };
  io.log(`the name ${change.ref.name} belongs to another ReplicaSet: the new one gets another name`);
  for (const patch of statusPatch(rollout, before, after, `the name ${change.ref.name} is taken`)) await io.apply(patch);
  return true;
}
