// Releases an image as a person would: on the rollout, or on the Deployment that it refers to. Guarded, so that it never
// undoes what somebody else did at the same moment.

import type { Cluster } from '../../cluster/cluster.js';
import { performChange } from '../../cluster/perform.js';
import { promote } from '../../decide/rollout/commands.js';
import { setImage } from '../../decide/rollout/template-commands.js';
import type { Change } from '../../kinds/change.js';
import { DEMO_MANAGER } from '../../kinds/field-managers.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { DEPLOYMENT, ROLLOUT } from '../../kinds/resource-type.js';
import { asRollout, type Rollout } from '../../kinds/rollout.js';
import type { Scenario } from './scenario.js';

export type Seen = { readonly rollout: Rollout; readonly workload: KubeObject | undefined };

/** The rollout and the Deployment it refers to; undefined when it is gone or can not be read. */
export async function look(cluster: Cluster, scenario: Scenario): Promise<Seen | undefined> {
  const { namespace } = scenario;
  const found = await cluster.get({ type: ROLLOUT, namespace, name: scenario.rollout });
  if (!found.ok) return undefined;
  const rollout = asRollout(found.value);
  const name = rollout.spec.workloadRef?.name;
  if (name === undefined) return { rollout, workload: undefined };
  const workload = await cluster.get({ type: DEPLOYMENT, namespace, name });
  return { rollout, workload: workload.ok ? workload.value : undefined };
}

async function perform(cluster: Cluster, changes: readonly Change[]): Promise<boolean> {
  for (const change of changes) {
    const answer = await performChange(cluster, change, DEMO_MANAGER);
    if (!answer.ok) return false;
  }
  return changes.length > 0;
}

/** False when it was refused: somebody else was quicker, or the container is gone. */
export async function releaseImage(cluster: Cluster, scenario: Scenario, seen: Seen, image: string): Promise<boolean> {
  const commanded = setImage(seen.rollout, seen.workload, [{ container: scenario.container, image }], 'guarded');
  return 'type' in commanded ? false : perform(cluster, commanded);
}

export async function endPause(cluster: Cluster, seen: Seen): Promise<boolean> {
  const commanded = promote(seen.rollout, 'guarded');
  return 'type' in commanded ? false : perform(cluster, commanded);
}
