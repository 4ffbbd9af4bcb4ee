// All that is around one rollout, read once: what the console watches, for verbs that look and end.

import { type ClusterIndex, buildBoard } from '../console/board.js';
import { textAt } from '../lib/read.js';
import { rolloutKey } from '../console/rollout-key.js';
import type { RolloutFacts } from '../console/facts.js';
import type { Cluster, ClusterError } from '../cluster/cluster.js';
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
import type { Driver, Snapshot } from '../kinds/snapshot.js';
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

/** Undefined: all. */
type Namespaces = readonly (string | undefined)[];

/** What can not be read (a kind that is not served, no right to see it) reads as nothing. */
async function listOf(cluster: Cluster, namespaces: Namespaces, type: ResourceType): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(namespaces.map((namespace) => cluster.list(type, namespace === undefined ? {} : { namespace })));
  return lists.flatMap((list) => (list.ok ? list.value.items.map((item) => ({ ...item, kind: type.kind })) : []));
}

const KNOWN_ROUTES: readonly ResourceType[] = [SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE];

/** The kinds of other routers that these rollouts use. */
function furtherTypes(rollouts: readonly KubeObject[]): readonly ResourceType[] {
  const types = rollouts.flatMap(routeTypesOf).filter((type) => !KNOWN_ROUTES.includes(type));
  return [...new Map(types.map((type) => [`${type.plural}.${type.group}`, type])).values()];
}

async function lookAround(cluster: Cluster, namespaces: Namespaces, rollouts: readonly KubeObject[], io: CommandIo): Promise<Snapshot> {
  const list = (type: ResourceType): Promise<readonly KubeObject[]> => listOf(cluster, namespaces, type);
  const named = namespaces.filter((name) => name !== undefined);
  const [replicaSets, pods, analysisRuns, services, virtualServices, destinationRules, events, lease, otherRoutes] = await Promise.all([
    list(REPLICA_SET),
    list(POD),
    list(ANALYSIS_RUN),
    list(SERVICE),
    list(VIRTUAL_SERVICE),
    list(DESTINATION_RULE),
    list(EVENT),
    findLease(cluster, io.environment, await serviceAccountNamespace(), named),
    Promise.all(furtherTypes(rollouts).map(async (type) => ({ type, objects: await list(type) }))),
  ]);
  const now = io.clock.now();
  const skewMs = cluster.skewMs?.();
  return {
    context: cluster.name,
    embedded: false,
    connection: { type: 'live', lastSignalAt: now },
    driver: driverFrom(lease.record, now, lease.make),
    latencyMs: undefined,
    ...(skewMs === undefined ? {} : { skewMs }),
    ...(named.length === 0 ? {} : { namespaces: { names: named, why: 'given', forbidden: [] } }),
    rollouts,
    replicaSets,
    pods,
    analysisRuns,
    services,
    virtualServices,
    destinationRules,
    otherRoutes,
    events,
  };
}

/** The failure is a sentence. */
export async function readWorld(cluster: Cluster, namespace: string, name: string, io: CommandIo): Promise<Result<ReadAll, string>> {
  const rollout = await cluster.get({ type: ROLLOUT, namespace, name });
  if (!rollout.ok) return err(rollout.error.code === 404 ? `rollout.argoproj.io "${name}" not found` : errorText(rollout.error));
  const [snapshot, quotas] = await Promise.all([lookAround(cluster, [namespace], [rollout.value], io), listOf(cluster, [namespace], RESOURCE_QUOTA)]);
  const { driver, events } = snapshot;
  const board = buildBoard(snapshot);
  const facts = board.byKey.get(rolloutKey(cluster.name, namespace, name));
  return facts === undefined ? err(`rollout.argoproj.io "${name}" not found`) : ok({ facts, index: board.index, driver, quotas, events });
}

/** Those that are named, one by one: whoever may read a rollout need not have the right to list them. */
async function rolloutsIn(cluster: Cluster, namespace: string | undefined, names: readonly string[]): Promise<Result<readonly KubeObject[], ClusterError>> {
  if (names.length === 0 || namespace === undefined) {
    const list = await cluster.list(ROLLOUT, namespace === undefined ? {} : { namespace });
    return list.ok ? ok(list.value.items.filter(({ metadata }) => names.length === 0 || names.includes(metadata.name))) : list;
  }
  const answers = await Promise.all(names.map((name) => cluster.get({ type: ROLLOUT, namespace, name })));
  const refused = answers.find((answer) => !answer.ok && answer.error.code !== 404);
  return refused !== undefined && !refused.ok ? refused : ok(answers.flatMap((answer) => (answer.ok ? [answer.value] : [])));
}

/** All rollouts of these namespaces, or those of them that are named, with what is around them. The failure is a sentence. */
export async function readRollouts(cluster: Cluster, namespaces: Namespaces, names: readonly string[], io: CommandIo): Promise<Result<Snapshot, string>> {
  const found = await Promise.all(namespaces.map((namespace) => rolloutsIn(cluster, namespace, names)));
  const refused = found.find((each) => !each.ok);
  if (refused !== undefined && !refused.ok) return err(errorText(refused.error));
  const rollouts = found.flatMap((each) => (each.ok ? each.value : []));
  const missing = names.filter((name) => !rollouts.some(({ metadata }) => metadata.name === name));
  if (missing.length > 0) return err(`${missing.map((name) => `rollout.argoproj.io "${name}"`).join(', ')} not found`);
  const around = await lookAround(cluster, namespaces, rollouts, io);
  if (names.length === 0) return ok(around);
  // What happened to others is not asked for.
  const told = (event: KubeObject): boolean =>
    textAt(event, 'involvedObject', 'kind') !== 'Rollout' || names.includes(textAt(event, 'involvedObject', 'name') ?? '');
  return ok({ ...around, events: around.events.filter(told) });
}
