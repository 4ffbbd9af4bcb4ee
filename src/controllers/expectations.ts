// What a controller has written and not yet heard back. A pass that runs before its own writes are in the cache
// decides from the past: it would create a second ReplicaSet, or take a step twice.

import type { Cache } from '../cluster/cache.js';
import { refKey } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';

export type Expectation = { readonly ref: ObjectRef; readonly since: Instant } & (
  | { readonly type: 'version'; readonly version: string }
  | { readonly type: 'gone'; readonly uid: string }
);

export interface Expectations {
  /** After a write for that key came back. */
  note(key: string, change: Change, answer: KubeObject, now: Instant): void;
  /** What the cache has not shown yet; forgets what it has. */
  open(key: string): readonly Expectation[];
  forget(key: string): void;
  /** Keys with open expectations. */
  keys(): readonly string[];
}

export function createExpectations(cache: Cache): Expectations {
  const open = new Map<string, Map<string, Expectation>>();

  const met = (expectation: Expectation): boolean => {
    const seen = cache.get(expectation.ref);
    if (expectation.type === 'gone') return seen === undefined || seen.metadata.uid !== expectation.uid || seen.metadata.deletionTimestamp !== undefined;
    // Versions of one type come in order, so a newer one of any object of it means that this one has come, or came and went.
    return seen?.metadata.resourceVersion === expectation.version || cache.hasSeen(expectation.ref.type, expectation.version) === true;
  };

  return {
    note(key, change, answer, now) {
      // A type that nobody watches never comes.
      if (cache.stateOf(change.ref.type) !== 'listed') return;
      const ref = change.type === 'create' ? { ...change.ref, name: answer.metadata.name } : change.ref;
      const uid = cache.get(ref)?.metadata.uid;
      const version = answer.metadata.resourceVersion;
      let expectation: Expectation | undefined;
      if (change.type === 'delete') expectation = uid === undefined ? undefined : { type: 'gone', ref, uid, since: now };
      else expectation = version === undefined ? undefined : { type: 'version', ref, version, since: now };
      if (expectation === undefined || met(expectation)) return;
      const own = open.get(key) ?? new Map<string, Expectation>();
      own.set(refKey(ref), expectation);
      open.set(key, own);
    },
    open(key) {
      const own = open.get(key);
      if (own === undefined) return [];
      for (const [name, expectation] of own) if (met(expectation)) own.delete(name);
      if (own.size === 0) open.delete(key);
      return [...own.values()];
    },
    forget: (key) => {
      open.delete(key);
    },
    keys: () => [...open.keys()],
  };
}
