// What an invariant is asked about: one change, the plan that it belongs to, what the engine that made it could know, and what
// others have done lately.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { REPLICA_SET } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import type { Instant } from '../../src/lib/instant.js';
import type { Writer } from './fleet.js';
import { NAMESPACE } from './manifests.js';
import type { Plan } from './plans.js';
import { availableOf, hashOf } from './truth.js';
import type { Change, Share, Truth } from './truth.js';

export type Look = {
  readonly truth: Truth;
  readonly change: Change;
  readonly plan: Plan;
  /** The engine whose write it is. */
  readonly engine: Writer;
  readonly now: Instant;
  readonly memory: Memory;
};

/** What is remembered of one rollout. */
export type Memory = {
  /** Where its users went before this change. */
  shares: readonly Share[];
  /** When a person last edited a route, a Service or the sizes: what follows from that is not the engine's. */
  vandalAt: Instant;
  /** Hosts whose routes are as that person has left them; what they say is not the engine's yet. */
  readonly edited: Set<string>;
  /** When a person last asked for something that ends a pause. */
  promotedAt: Instant;
  /** The step that it stands at, and since when. */
  step: { readonly index: number; readonly hash: string; readonly since: Instant };
  /** The version on trial, and since when. */
  trial: { readonly hash: string; readonly since: Instant };
};

export function newMemory(now: Instant): Memory {
  const never = Number.NEGATIVE_INFINITY;
  return { shares: [], vandalAt: never, edited: new Set(), promotedAt: never, step: { index: 0, hash: '', since: now }, trial: { hash: '', since: now } };
}

/** So long a pass may go on with what it read at its beginning: a few writes, each as slow as writes get. */
export const PASS_MS = 30_000;
/** So long the engine may take to see what somebody else has done. */
export const NOTICE_MS = 180_000;

/** As the engine that writes had it in its cache when it sent the write. */
export function seen({ engine, truth }: Look, type: ResourceType, name: string): KubeObject | undefined {
  const cache = engine.view;
  return cache === undefined ? truth.get(type, name) : cache.get({ type, namespace: NAMESPACE, name });
}

/** Pods of that version which the engine can count on, by what it knows. Those of an experiment with the same template are not its canary's (seed 135). */
export function seenAvailable({ engine, truth }: Look, hash: string): number {
  const sets = engine.view?.list(REPLICA_SET, NAMESPACE) ?? truth.list(REPLICA_SET);
  return Math.max(0, ...sets.filter((set) => hashOf(set) === hash && set.metadata.ownerReferences?.some(({ kind }) => kind === 'Rollout') === true).map(availableOf));
}
