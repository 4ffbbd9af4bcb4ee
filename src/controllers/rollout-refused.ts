// What a rollout says when the server will not have its new ReplicaSet: a quota, an admission rule, a template that it finds wrong.

import type { ClusterError } from '../cluster/cluster.js';
import { putCondition } from '../decide/rollout/conditions.js';
import { statusPatch } from '../decide/rollout/sync.js';
import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { REPLICA_SET } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import type { ControllerIo } from './reconciler.js';

const REASON = 'ReplicaSetCreateError';
const PASSING = [409, 429];

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
