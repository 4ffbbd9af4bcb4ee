// All that is around one rollout, read once: what the console watches, for verbs that look and end.

import { type ClusterIndex, buildBoard } from '../console/board.js';
import { rolloutKey } from '../console/rollout-key.js';
import type { RolloutFacts } from '../console/facts.js';
import type { Cluster } from '../cluster/cluster.js';
import { serviceAccountNamespace } from '../cluster/kubeconfig.js';
import { driverFrom, findLease } from '../app/driver.js';
import { routeTypesOf } from '../app/route-types.js';
import type { KubeObject } from '../kinds/kube-object.js';
import {
  ANALYSIS_RUN,
  DESTINATION_RULE,
  EVENT,
  POD,
  REPLICA_SET,
  RESOURCE_QUOTA,
  type ResourceType,
  ROLLOUT,
  SERVICE,
  VIRTUAL_SERVICE,
} from '../kinds/resource-type.js';
import type { Driver } from '../kinds/snapshot.js';
import { err, ok, type Result } from '../lib/result.js';
import type { CommandIo } from './command.js';
import { errorText } from './connect.js';

export type ReadAll = {
  readonly facts: RolloutFacts;
  readonly index: ClusterIndex;
  readonly driver: Driver;
  readonly quotas: readonly KubeObject[];
  readonly events: readonly KubeObject[];
};

/** What can not be read (a kind that is not served, no right to see it) reads as nothing. */
async function listOf(cluster: Cluster, namespace: string, type: ResourceType): Promise<readonly KubeObject[]> {
  const list = await cluster.list(type, { namespace });
  return list.ok ? list.value.items.map((item) => ({ ...item, kind: type.kind })) : [];
}

/** The failure is a sentence. */
export async function readWorld(cluster: Cluster, namespace: string, name: string, io: CommandIo): Promise<Result<ReadAll, string>> {
  const rollout = await cluster.get({ type: ROLLOUT, namespace, name });
  if (!rollout.ok) return err(rollout.error.code === 404 ? `rollout.argoproj.io "${name}" not found` : errorText(rollout.error));
  const list = (type: ResourceType): Promise<readonly KubeObject[]> => listOf(cluster, namespace, type);
  const further = routeTypesOf(rollout.value).filter((type) => type !== SERVICE && type !== VIRTUAL_SERVICE && type !== DESTINATION_RULE);
  const [replicaSets, pods, analysisRuns, services, virtualServices, destinationRules, events, quotas, lease, otherRoutes] = await Promise.all([
    list(REPLICA_SET),
    list(POD),
    list(ANALYSIS_RUN),
    list(SERVICE),
    list(VIRTUAL_SERVICE),
    list(DESTINATION_RULE),
    list(EVENT),
    list(RESOURCE_QUOTA),
    findLease(cluster, io.environment, await serviceAccountNamespace(), [namespace]),
    Promise.all(further.map(async (type) => ({ type, objects: await list(type) }))),
  ]);
  const now = io.clock.now();
  const driver = driverFrom(lease.record, now, lease.make);
  const board = buildBoard({
    context: cluster.name,
    embedded: false,
    connection: { type: 'live', lastSignalAt: now },
    driver,
    latencyMs: undefined,
    rollouts: [rollout.value],
    replicaSets,
    pods,
    analysisRuns,
    services,
    virtualServices,
    destinationRules,
    otherRoutes,
    events,
  });
  const facts = board.byKey.get(rolloutKey(cluster.name, namespace, name));
  return facts === undefined ? err(`rollout.argoproj.io "${name}" not found`) : ok({ facts, index: board.index, driver, quotas, events });
}
