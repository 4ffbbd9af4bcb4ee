// What must hold at every write, looked at when it is made.

import type { ApiStore } from '../../src/apiserver/store/api.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { DESTINATION_RULE, REPLICA_SET, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import type { Instant } from '../../src/lib/instant.js';
import { list, plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';

const HASH = 'rollouts-pod-template-hash';

export type Watching = {
  readonly violations: string[];
  readonly changedAt: Instant[];
  /** While a person writes, what is written is not the engine's doing. */
  byHand: boolean;
  close(): void;
};

const specOf = (object: KubeObject | undefined): Fields => record(object?.['spec']);
const statusOf = (object: KubeObject | undefined): Fields => record(object?.['status']);

export function watchWrites(store: ApiStore, now: () => Instant): Watching {
  const objects = new Map<string, KubeObject>();
  const violations: string[] = [];
  const changedAt: Instant[] = [];
  const get = (kind: string, name: string): KubeObject | undefined => objects.get(`${kind}/${name}`);
  const violate = (line: string): void => { violations.push(`at ${now()}: ${line}`); };
  const availableOf = (hash: string): number =>
    Math.max(0, ...[...objects.values()].filter(({ kind, metadata }) => kind === 'ReplicaSet' && metadata.labels?.[HASH] === hash).map((set) => Number(statusOf(set)['availableReplicas'] ?? 0)));
  const hashBehind = (destination: Fields): string => {
    const subset = list(specOf(get('DestinationRule', plain(destination['host'])))['subsets']).map(record).find(({ name }) => name === destination['subset']);
    return plain(subset === undefined ? record(specOf(get('Service', plain(destination['host'])))['selector'])[HASH] : record(subset['labels'])[HASH]);
  };
  const primary = (): readonly Fields[] => {
    const routes = list(specOf(get('VirtualService', 'cart'))['http']).map(record);
    return list((routes.find(({ name }) => name === 'primary') ?? {})['route']).map(record);
  };

  const wanted = (): number => Number(specOf(get('Rollout', 'cart'))['replicas'] ?? 1);

  const checkRoute = (): void => {
    const weights = primary().map(({ weight }) => Number(weight ?? 0));
    if (weights.length > 0 && (weights.reduce((a, b) => a + b, 0) !== 100 || weights.some((weight) => weight < 0))) violate(`the weights are ${weights.join('/')}`);
    for (const { destination, weight } of primary()) {
      const hash = hashBehind(record(destination));
      if (Number(weight ?? 0) > 0 && hash !== '' && availableOf(hash) === 0 && wanted() > 0) violate(`${Number(weight)} % go to ${JSON.stringify(destination)} (${hash}), which has no pods`);
    }
  };
  const checkActive = (): void => {
    const hash = plain(record(specOf(get('Service', 'cart-live'))['selector'])[HASH]);
    if (hash !== '' && availableOf(hash) === 0 && wanted() > 0) violate(`the users are sent to ${hash}, which has no pods`);
  };
  /** A gate: a pause without an end. It is passed only when it was held, unless all of them are waived. */
  const checkGates = (before: KubeObject | undefined, after: KubeObject): void => {
    const was = statusOf(before);
    const is = statusOf(after);
    const waived = is['promoteFull'] === true || was['promoteFull'] === true || is['stableRS'] === is['currentPodHash'];
    if (was['currentPodHash'] !== is['currentPodHash'] || waived || specOf(after)['rollbackWindow'] !== undefined) return;
    const steps = list(record(record(specOf(after)['strategy'])['canary'])['steps']).map(record);
    const from = Number(was['currentStepIndex'] ?? 0);
    for (let index = from; index < Number(is['currentStepIndex'] ?? 0); index += 1) {
      const { pause } = steps[index] ?? {};
      if (pause !== undefined && record(pause)['duration'] === undefined && !held.has(`${plain(is['currentPodHash'])}/${index}`) && !watching.byHand) violate(`gate ${index} was passed unseen`);
    }
    if (list(is['pauseConditions']).map(record).some(({ reason }) => reason === 'CanaryPauseStep')) held.add(`${plain(is['currentPodHash'])}/${plain(is['currentStepIndex'])}`);
  };
  const held = new Set<string>();

  const follow = (type: ResourceType): (() => void) => {
    const handle = store.watch({ type, options: {} }, (event) => {
      if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
      const key = `${type.kind}/${event.object.metadata.name}`;
      const before = objects.get(key);
      if (event.type === 'DELETED') objects.delete(key);
      else objects.set(key, { ...event.object, kind: type.kind });
      if (changedAt.at(-1) !== now()) changedAt.push(now());
      if (type === VIRTUAL_SERVICE || type === DESTINATION_RULE) checkRoute();
      if (type === SERVICE && event.object.metadata.name === 'cart-live') checkActive();
      if (type === SERVICE) checkRoute();
      if (type === ROLLOUT && event.type !== 'DELETED') checkGates(before, event.object);
    });
    if (!handle.ok) throw new Error(handle.error.message);
    return () => handle.value.close();
  };
  const watching: Watching = { violations, changedAt, byHand: false, close: () => { for (const close of closes) close(); } };
  const closes = [ROLLOUT, REPLICA_SET, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE].map(follow);
  return watching;
}
