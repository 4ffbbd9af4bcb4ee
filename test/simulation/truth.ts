// The world as the store has it, followed event by event: what is there, and where the users of each rollout go. The engine does
// not read this, and this does not read what the engine says of its traffic.

import type { ApiStore, StoreEvent } from '../../src/apiserver/store/api.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, apiVersionOf, DEPLOYMENT, DESTINATION_RULE, EXPERIMENT, POD, REPLICA_SET, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { MESH_NODE, ROUTE_TYPES } from '../../src/kinds/route-types.js';
import { routeHost } from '../../src/sandbox/routing.js';
import type { World } from '../../src/sandbox/world.js';
import { list, plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';
import { NAMESPACE } from './manifests.js';
import type { Plan } from './plans.js';

export const HASH = 'rollouts-pod-template-hash';

/** One destination of a rollout's users: the version that the objects name, '' when it is all of them or none. */
export type Share = { readonly host: string; readonly weight: number; readonly service: string; readonly hash: string; readonly exists: boolean };

export type Change = { readonly type: ResourceType; readonly event: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject; readonly before: KubeObject | undefined };

export interface Truth {
  get(type: ResourceType, name: string): KubeObject | undefined;
  list(type: ResourceType): readonly KubeObject[];
  /** ReplicaSets or Experiments that the named object owns. */
  owned(type: ResourceType, owner: string): readonly KubeObject[];
  shares(plan: Plan): readonly Share[];
  /** The share of the users that a version gets, at the host that gives it most. */
  weightOf(plan: Plan, hash: string): number;
  readonly world: World;
  stop(): void;
}

export const ROUTING: readonly ResourceType[] = [SERVICE, ...ROUTE_TYPES];
const FOLLOWED: readonly ResourceType[] = [ROLLOUT, REPLICA_SET, EXPERIMENT, ANALYSIS_RUN, DEPLOYMENT, POD, ...ROUTING];

export const specOf = (object: KubeObject | undefined): Fields => record(object?.['spec']);
export const statusOf = (object: KubeObject | undefined): Fields => record(object?.['status']);
export const numberIn = (fields: Fields, field: string, otherwise = 0): number => (typeof fields[field] === 'number' ? fields[field] : otherwise);
export const hashOf = (set: KubeObject): string => set.metadata.labels?.[HASH] ?? '';
export const sizeOf = (set: KubeObject | undefined): number => numberIn(specOf(set), 'replicas');
export const availableOf = (set: KubeObject | undefined): number => numberIn(statusOf(set), 'availableReplicas');
export const imageIn = (object: KubeObject | undefined): string => plain(record(list(record(record(specOf(object)['template'])['spec'])['containers'])[0])['image']);

/** The rollout that an object belongs to, by its name. */
export const belongsTo = (plans: readonly Plan[], name: string): Plan | undefined => plans.find((plan) => name === plan.name || name.startsWith(`${plan.name}-`));

/** A mesh node that is to select nothing says so with a hash that no version has. */
const versionOf = (labels: Fields): string => plain(labels[HASH]).replace(/^(canary|stable)-hash$/, '');

export function followTruth(store: ApiStore, onChange: (change: Change) => void): Truth {
  const shelves = new Map<string, Map<string, KubeObject>>();
  const keyOf = ({ group, kind }: ResourceType): string => `${group}/${kind}`;
  const shelf = (type: ResourceType): Map<string, KubeObject> => {
    const known = shelves.get(keyOf(type));
    if (known !== undefined) return known;
    const made = new Map<string, KubeObject>();
    shelves.set(keyOf(type), made);
    return made;
  };
  const get = (type: ResourceType, name: string): KubeObject | undefined => shelf(type).get(name);
  const listed = (type: ResourceType): readonly KubeObject[] => [...shelf(type).values()];
  const world: World = {
    get: ({ type, name }) => get(type, name),
    list: listed,
    ownedBy: (type, uid) => listed(type).filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true),
  };

  const subsetHash = (service: string, subset: string): { readonly hash: string; readonly exists: boolean } => {
    const rule = listed(DESTINATION_RULE).find((each) => specOf(each)['host'] === service);
    const found = list(specOf(rule)['subsets']).map(record).find((each) => each['name'] === subset);
    return { hash: plain(record(found?.['labels'])[HASH]), exists: found !== undefined };
  };
  const shareOf = (host: string, weight: number, service: string, subset: string | undefined): Share => {
    const object = get(SERVICE, service);
    const node = get(MESH_NODE, service);
    if (object === undefined && node !== undefined) return { host, weight, service, hash: versionOf(record(record(specOf(node)['podSelector'])['matchLabels'])), exists: true };
    const bySubset = subset === undefined ? undefined : subsetHash(service, subset);
    const hash = bySubset === undefined || bySubset.hash === '' ? plain(record(specOf(object)['selector'])[HASH]) : bySubset.hash;
    return { host, weight, service, hash, exists: object !== undefined && bySubset?.exists !== false };
  };
  const shares = (plan: Plan): readonly Share[] => {
    const hosts = plan.route?.hosts ?? (plan.blueGreen ? [`${plan.name}-live`] : []);
    return hosts.flatMap((host) => routeHost(world, { namespace: NAMESPACE, name: host }).targets.map(({ weight, service, subset }) => shareOf(host, weight, service.name, subset)));
  };

  const take = (type: ResourceType, event: StoreEvent): void => {
    if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
    const { name } = event.object.metadata;
    const before = get(type, name);
    const object = { ...event.object, kind: type.kind, apiVersion: apiVersionOf(type) };
    if (event.type === 'DELETED') shelf(type).delete(name);
    else shelf(type).set(name, object);
    onChange({ type, event: event.type, object, before });
  };
  const handles = FOLLOWED.map((type) => {
    const handle = store.watch({ type, namespace: NAMESPACE, options: { resourceVersion: store.revision() } }, (event) => take(type, event));
    if (!handle.ok) throw new Error(handle.error.message);
    return handle.value;
  });

  return {
    get,
    list: listed,
    owned: (type, owner) => listed(type).filter(({ metadata }) => metadata.ownerReferences?.some(({ name }) => name === owner) === true),
    shares,
    weightOf: (plan, hash) => {
      const byHost = new Map<string, number>();
      for (const share of shares(plan)) if (share.hash === hash) byHost.set(share.host, (byHost.get(share.host) ?? 0) + share.weight);
      return Math.max(0, ...byHost.values());
    },
    world,
    stop: () => { for (const handle of handles) handle.close(); },
  };
}
