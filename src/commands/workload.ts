// The object that a rollout takes its pod template from, read for verbs that change it.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { DEPLOYMENT, REPLICA_SET, ROLLOUT } from '../kinds/resource-type.js';
import { asRollout, type Rollout } from '../kinds/rollout.js';
import { err, ok, type Result } from '../lib/result.js';
import { errorText, type Target } from './connect.js';

export type RolloutAndWorkload = {
  readonly rollout: Rollout;
  /** Undefined where the rollout has a template of its own. */ readonly workload: KubeObject | undefined;
};

function workloadRef(rollout: Rollout, namespace: string): ObjectRef | undefined {
  const { workloadRef: wanted } = rollout.spec;
  if (wanted?.name === undefined) return undefined;
  return { type: wanted.kind === 'ReplicaSet' ? REPLICA_SET : DEPLOYMENT, namespace, name: wanted.name };
}

/** The failure is the server's message. */
export async function readRolloutAndWorkload({ cluster, namespace }: Target, name: string): Promise<Result<RolloutAndWorkload, string>> {
  const found = await cluster.get({ type: ROLLOUT, namespace, name });
  if (!found.ok) return err(errorText(found.error));
  const rollout = asRollout(found.value);
  const ref = workloadRef(rollout, namespace);
  if (ref === undefined) return ok({ rollout, workload: undefined });
  const workload = await cluster.get(ref);
  return workload.ok ? ok({ rollout, workload: workload.value }) : err(errorText(workload.error));
}
