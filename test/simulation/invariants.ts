// What must hold whatever happens: looked at with each change of the store, at the moment of the change.

import type { ApiStore, StoreEvent } from '../../src/apiserver/store/api.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { DESTINATION_RULE, EXPERIMENT, REPLICA_SET, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import type { Instant } from '../../src/lib/instant.js';
import { list, plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';
import type { Plan } from './manifests.js';

/** An engine sees the world through a watch that may be cut: for so long it may act on what has just changed. */
const GRACE_MS = 120_000;
const HASH = 'rollouts-pod-template-hash';
const TYPES: readonly ResourceType[] = [EXPERIMENT, ROLLOUT, REPLICA_SET, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE];

export interface Invariants {
  readonly violations: readonly string[];
  /** Somebody outside changed sizes or took pods away: floors may be missed for a while. */
  disturbed(name: string): void;
  /** The share of requests that a VirtualService gives to the canary; undefined without one. */
  canaryWeight(name: string): number | undefined;
  object(type: ResourceType, name: string): KubeObject | undefined;
  setsOf(name: string): readonly KubeObject[];
  experimentsOf(name: string): readonly KubeObject[];
  stop(): void;
}

export function watchInvariants(store: ApiStore, plans: readonly Plan[], now: () => Instant, onEvent: (event: StoreEvent, kind: string) => void, say: (line: string) => void): Invariants {
  const objects = new Map<string, KubeObject>();
  const lostAt = new Map<string, Instant>();
  const disturbedAt = new Map<string, Instant>();
  const violations: string[] = [];
  const get = (type: ResourceType, name: string): KubeObject | undefined => objects.get(`${type.kind}/${name}`);
  const specOf = (object: KubeObject | undefined): Fields => record(object?.['spec']);
  const statusOf = (object: KubeObject | undefined): Fields => record(object?.['status']);
  const violated = (line: string): void => {
    violations.push(`at ${now()}: ${line}`);
    say(`VIOLATION ${line}`);
  };
  const setsOf = (name: string): readonly KubeObject[] => [...objects.values()].filter((object) => object.kind === 'ReplicaSet' && object.metadata.ownerReferences?.some((owner) => owner.name === name) === true);
  const experimentsOf = (name: string): readonly KubeObject[] => [...objects.values()].filter((object) => object.kind === 'Experiment' && object.metadata.ownerReferences?.some((owner) => owner.name === name) === true);
  const quiet = (name: string): boolean => now() - (disturbedAt.get(name) ?? Number.NEGATIVE_INFINITY) > GRACE_MS;
  const destinations = (name: string): readonly Fields[] => list(record(list(specOf(get(VIRTUAL_SERVICE, name))['http'])[0])['route']).map(record);
  const canaryWeight = (name: string): number | undefined => {
    const [, canary] = destinations(name);
    return canary === undefined ? undefined : Number(canary['weight'] ?? 0);
  };
  const canaryHash = (name: string): string => {
    const subset = list(specOf(get(DESTINATION_RULE, name))['subsets']).map(record).find((each) => each['name'] === 'canary');
    return plain(subset === undefined ? record(specOf(get(SERVICE, `${name}-canary`))['selector'])[HASH] : record(subset['labels'])[HASH]);
  };

  const activeHash = (name: string): string => plain(record(specOf(get(SERVICE, `${name}-live`))['selector'])[HASH]);

  /** The weights sum to 100, and a canary that gets more is available, or was lately. */
  const checkRoute = (name: string, before: number): void => {
    const weights = destinations(name).map((destination) => Number(destination['weight'] ?? 0));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100 || weights.some((weight) => weight < 0 || weight > 100)) violated(`${name}: the weights are ${weights.join('/')}`);
    for (const { destination, weight } of destinations(name).slice(2)) {
      const host = plain(record(destination)['host']);
      if (Number(weight) > 0 && get(SERVICE, host) === undefined) violated(`${name}: ${plain(weight)} % to '${host}', which is not there`);
    }
    const weight = canaryWeight(name) ?? 0;
    const hash = canaryHash(name);
    if (weight <= before || hash === statusOf(get(ROLLOUT, name))['stableRS']) return;
    const available = setsOf(name).some((set) => set.metadata.labels?.[HASH] === hash && Number(statusOf(set)['availableReplicas'] ?? 0) > 0);
    if (!available && now() - (lostAt.get(`${name}/${hash}`) ?? Number.NEGATIVE_INFINITY) > GRACE_MS) violated(`${name}: ${weight} % to canary ${hash || '(none)'}, which has no available pod`);
  };

  /** The stable version keeps all its pods while a canary is beside it; without routing enough pods are available in all. */
  const checkFloor = (plan: Plan, set: KubeObject, before: KubeObject | undefined): void => {
    const rollout = get(ROLLOUT, plan.name);
    const wanted = Number(specOf(rollout)['replicas'] ?? 1);
    const shrinks = Number(specOf(set)['replicas'] ?? 0) < Number(specOf(before)['replicas'] ?? 0);
    if (!shrinks || rollout === undefined || !quiet(plan.name)) return;
    const hash = set.metadata.labels?.[HASH];
    if (plan.routed && !plan.dynamic && hash === statusOf(rollout)['stableRS'] && Number(specOf(set)['replicas']) < wanted) violated(`${plan.name}: stable ${hash ?? ''} is scaled to ${plain(specOf(set)['replicas'])} of ${wanted}`);
    if (plan.blueGreen && hash === activeHash(plan.name) && Number(specOf(set)['replicas']) < wanted) violated(`${plan.name}: ${hash ?? ''}, which the users have, is scaled to ${plain(specOf(set)['replicas'])} of ${wanted}`);
    if (plan.routed || plan.blueGreen) return;
    const available = setsOf(plan.name).reduce((total, each) => total + Math.min(Number(statusOf(each)['availableReplicas'] ?? 0), Number(specOf(each)['replicas'] ?? 0)), 0);
    const was = available + Math.max(0, Number(statusOf(set)['availableReplicas'] ?? 0) - Number(specOf(set)['replicas'] ?? 0));
    if (available < wanted - plan.maxUnavailable && available < was) violated(`${plan.name}: ${available} available pods are left of ${wanted} (at most ${plan.maxUnavailable} may be missing)`);
  };

  /** The users are only ever sent to a version that answers, or did lately. */
  const checkSwitch = (plan: Plan, before: string): void => {
    const hash = activeHash(plan.name);
    if (hash === before || hash === '') return;
    const available = setsOf(plan.name).some((set) => set.metadata.labels?.[HASH] === hash && Number(statusOf(set)['availableReplicas'] ?? 0) > 0);
    if (!available && now() - (lostAt.get(`${plan.name}/${hash}`) ?? Number.NEGATIVE_INFINITY) > GRACE_MS) violated(`${plan.name}: the users are sent to ${hash}, which has no available pod`);
  };

  const take = (type: ResourceType, event: StoreEvent): void => {
    if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
    const { object } = event;
    const key = `${type.kind}/${object.metadata.name}`;
    const before = objects.get(key);
    const plan = plans.find(({ name }) => name === object.metadata.name || object.metadata.ownerReferences?.some((owner) => owner.name === name) === true);
    const served = type === SERVICE ? plans.find(({ name, blueGreen }) => blueGreen && `${name}-live` === object.metadata.name) : undefined;
    const active = served === undefined ? '' : activeHash(served.name);
    const weight = type === VIRTUAL_SERVICE ? (canaryWeight(object.metadata.name) ?? 0) : 0;
    if (event.type === 'DELETED') objects.delete(key);
    else objects.set(key, { ...object, kind: type.kind });
    onEvent(event, type.kind);
    if (served !== undefined) checkSwitch(served, active);
    if (plan === undefined || event.type === 'DELETED') return;
    if (type === REPLICA_SET && Number(statusOf(object)['availableReplicas'] ?? 0) === 0 && Number(statusOf(before)['availableReplicas'] ?? 0) > 0) lostAt.set(`${plan.name}/${object.metadata.labels?.[HASH] ?? ''}`, now());
    if (type === REPLICA_SET) checkFloor(plan, object, before);
    if (type === VIRTUAL_SERVICE) checkRoute(plan.name, weight);
    // A new stable version and a new size both move the floor.
    if (type === ROLLOUT && before !== undefined && (statusOf(before)['stableRS'] !== statusOf(object)['stableRS'] || specOf(before)['replicas'] !== specOf(object)['replicas'])) disturbedAt.set(plan.name, now());
  };

  const handles = TYPES.map((type) => {
    const handle = store.watch({ type, options: { resourceVersion: store.revision() } }, (event) => take(type, event));
    if (!handle.ok) throw new Error(handle.error.message);
    return handle.value;
  });
  return {
    violations,
    disturbed: (name) => { disturbedAt.set(name, now()); },
    canaryWeight,
    object: get,
    setsOf,
    experimentsOf,
    stop: () => { for (const handle of handles) handle.close(); },
  };
}
