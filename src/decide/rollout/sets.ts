// The ReplicaSets of one rollout by their part in it: the one of the wanted template, the stable one, and the rest.

import { DESIRED_REPLICAS, HASH_LABEL, REVISION, SCALE_DOWN_DEADLINE } from '../../kinds/labels.js';
import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { sameTemplate } from './same-template.js';

export type Sets = {
  /** Oldest first. */
  readonly all: readonly ReplicaSet[];
  /** Of the wanted template; undefined until it is created. */
  readonly newest: ReplicaSet | undefined;
  readonly stable: ReplicaSet | undefined;
  /** All but the newest. */
  readonly older: readonly ReplicaSet[];
  /** Neither newest nor stable. */
  readonly others: readonly ReplicaSet[];
};

export function hashOf(set: ReplicaSet | undefined): string {
  return set?.metadata.labels?.[HASH_LABEL] ?? '';
}

export function sizeOf(set: ReplicaSet | undefined): number {
  return set?.spec.replicas ?? (set === undefined ? 0 : 1);
}

export function availableOf(set: ReplicaSet | undefined): number {
  return set?.status?.availableReplicas ?? 0;
}

/** What stays available once the size has taken effect: pods that are about to go are counted by the status for a moment longer. */
export function stayingOf(set: ReplicaSet | undefined): number {
  return Math.min(availableOf(set), sizeOf(set));
}

/** Its status tells of its present size. Until then it may count pods that a smaller size has let go: no gate is opened for them. */
export function isObserved(set: ReplicaSet): boolean {
  return set.metadata.generation === undefined || (set.status?.observedGeneration ?? 0) >= set.metadata.generation;
}

/** Of that size, and each of its pods is available. */
export function isWhole(set: ReplicaSet, size: number): boolean {
  return sizeOf(set) === size && availableOf(set) === size && isObserved(set);
}

/** Pods that exist, ready or not. */
export function createdOf(set: ReplicaSet | undefined): number {
  return set?.status?.replicas ?? 0;
}

export function revisionOf(set: ReplicaSet | undefined): number {
  const revision = Number.parseInt(set?.metadata.annotations?.[REVISION] ?? '0', 10);
  return Number.isNaN(revision) ? 0 : revision;
}

/** The replicas of the rollout when this set was last sized; undefined when it never was. */
export function desiredOf(set: ReplicaSet): number | undefined {
  const desired = Number.parseInt(set.metadata.annotations?.[DESIRED_REPLICAS] ?? '', 10);
  return Number.isNaN(desired) ? undefined : desired;
}

export function hasDeadline(set: ReplicaSet | undefined): boolean {
  return (set?.metadata.annotations?.[SCALE_DOWN_DEADLINE] ?? '') !== '';
}

export function deadlineOf(set: ReplicaSet): Instant | undefined {
  return parseTime(set.metadata.annotations?.[SCALE_DOWN_DEADLINE]);
}

export function createdAt(set: ReplicaSet): Instant {
  return parseTime(set.metadata.creationTimestamp) ?? 0;
}

export const sum = (sets: readonly ReplicaSet[], figure: (set: ReplicaSet) => number): number => sets.reduce((total, set) => total + figure(set), 0);

export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return createdAt(a) - createdAt(b) || revisionOf(a) - revisionOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
}

export const newestRevisionFirst = (a: ReplicaSet, b: ReplicaSet): number => revisionOf(b) - revisionOf(a) || byAge(b, a);

/**
 * The set that runs the template. The label is asked first; then what both templates mean, because another engine,
 * or another version of one, may have named an equal template by another hash. Two sets for one template would be an outage.
 */
export function findNewest(sets: readonly ReplicaSet[], template: PodTemplateSpec, hash: string): ReplicaSet | undefined {
  return sets.find((set) => hashOf(set) === hash) ?? sets.find((set) => sameTemplate(set, template));
}

export function groupSets(sets: readonly ReplicaSet[], newest: ReplicaSet | undefined, stableHash: string): Sets {
  const all = [...sets].sort(byAge);
  const stable = stableHash === '' ? undefined : all.find((set) => hashOf(set) === stableHash);
  return {
    all,
    newest,
    stable,
    older: all.filter((set) => set !== newest),
    others: all.filter((set) => set !== newest && set !== stable),
  };
}

/** The same sets with some of them in a newer state. */
export function withSets(sets: Sets, changed: readonly ReplicaSet[]): Sets {
  const latest = (set: ReplicaSet): ReplicaSet => changed.find((other) => other.metadata.name === set.metadata.name) ?? set;
  return {
    all: sets.all.map(latest),
    newest: sets.newest === undefined ? undefined : latest(sets.newest),
    stable: sets.stable === undefined ? undefined : latest(sets.stable),
    older: sets.older.map(latest),
    others: sets.others.map(latest),
  };
}
