// The object that a rollout takes its pod template from, read for verbs that change it.

import { workloadRefOf } from '../decide/rollout/workload.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import { asRollout, type Rollout } from '../kinds/rollout.js';
import { err, ok, type Result } from '../lib/result.js';
import { errorText, type Target } from './connect.js';

export type RolloutAndWorkload = {
  readonly rollout: Rollout;
  /** Undefined where the rollout has a template of its own. */ readonly workload: KubeObject | undefined;
};

/** The failure is the server's message. */
export async function readRolloutAndWorkload({ cluster, namespace }: Target, name: string): Promise<Result<RolloutAndWorkload, string>> {
  const found = await cluster.get({ type: ROLLOUT, namespace, name });
  if (!found.ok) return err(errorText(found.error));
  const rollout = asRollout(found.value);
  const ref = workloadRefOf(rollout);
  if (ref === undefined) return ok({ rollout, workload: undefined });
  const workload = await cluster.get(ref);
  return workload.ok ? ok({ rollout, workload: workload.value }) : err(errorText(workload.error));
}
