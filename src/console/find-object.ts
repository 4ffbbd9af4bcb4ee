// Looks up an object by its kind and name among all that the console has read.

import type { KubeObject } from '../kinds/kube-object.js';
import type { Snapshot } from '../kinds/snapshot.js';
import { type Model, snapshotOf } from './model.js';
import type { Page, Subject } from './page.js';
import { readKey } from './rollout-key.js';

const LISTS: Readonly<Record<string, (snapshot: Snapshot) => readonly KubeObject[]>> = {
  Rollout: ({ rollouts }) => rollouts,
  ReplicaSet: ({ replicaSets }) => replicaSets,
  Pod: ({ pods }) => pods,
  AnalysisRun: ({ analysisRuns }) => analysisRuns,
  Service: ({ services }) => services,
  VirtualService: ({ virtualServices }) => virtualServices,
  DestinationRule: ({ destinationRules }) => destinationRules,
  Event: ({ events }) => events,
};

export function findObject(model: Model, { key, subject }: Pick<Page, 'key' | 'subject'>): KubeObject | undefined {
  const { kind, namespace, name } = subject;
  const { cluster } = readKey(key);
  const snapshot = snapshotOf(model, cluster);
  if (snapshot === undefined) return undefined;
  const known = LISTS[kind]?.(snapshot);
  const others = (snapshot.otherRoutes ?? []).filter(({ type }) => type.kind === kind).flatMap(({ objects }) => objects);
  const extra = [...model.extras.values()].filter((each) => each.cluster === cluster && each.resource.kind === kind).flatMap(({ objects }) => objects);
  return [...(known ?? []), ...others, ...extra].find(({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace);
}

export const subjectOf = (object: KubeObject): Subject => ({ kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name });
