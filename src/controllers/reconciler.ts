// What the loop asks of each controller: which objects wake it, and one pass for one key.

import type { TypeState } from '../cluster/cache.js';
import type { ClusterError } from '../cluster/cluster.js';
import type { Change, Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';

/** Reads from the cache, which watch events alone write. */
export interface CacheReader {
  get(ref: ObjectRef): KubeObject | undefined;
  list(type: ResourceType, namespace?: string): readonly KubeObject[];
  /** The objects of that type whose ownerReferences name this uid. */
  ownedBy(type: ResourceType, uid: string): readonly KubeObject[];
  /** False until that type has been listed once; also false for types that the server does not serve. */
  has(type: ResourceType): boolean;
  /** Never heard of yet, not served, or listed. */
  stateOf(type: ResourceType): TypeState;
}

export type ControllerIo = {
  readonly cache: CacheReader;
  now(): Instant;
  /**
   * Writes one change and remembers the version written: the key's next pass waits until the cache has seen it.
   * A 409 means that the world moved: end the pass, the loop looks again. So does OUTDATED, which comes in place of an answer when
   * `stillHolds`, asked at the last moment, says no.
   */
  apply(change: Change, stillHolds?: () => boolean): Promise<Result<KubeObject, ClusterError>>;
  /** A live read, past the cache. */
  read(ref: ObjectRef): Promise<Result<KubeObject, ClusterError>>;
  /** Records an Event on the object; repeats are merged, and failures are only logged. */
  record(about: KubeObject, note: Note): void;
  log(message: string): void;
};

export type Outcome =
  /** Nothing more until something changes. */
  | { readonly type: 'done' }
  /** Again at that instant, or earlier when something changes. */
  | { readonly type: 'at'; readonly wakeAt: Instant }
  /** Again with growing pauses. */
  | { readonly type: 'retry'; readonly reason: string };

export type Watched = {
  readonly type: ResourceType;
  /** The keys (of this controller's own type) to wake when that object is added, changed or deleted. */
  wakes(object: KubeObject, cache: CacheReader): readonly ObjectRef[];
  /** Not watched before an object of the controller's own type asks for it (`demands`): what nobody uses costs no request. */
  readonly onDemand?: true;
};

export interface Reconciler {
  readonly name: string;
  readonly type: ResourceType;
  readonly watches: readonly Watched[];
  /** The types that are watched from now on because of that object, of the controller's own type. */
  demands?(object: KubeObject): readonly ResourceType[];
  /** Its passes are not among the figures: another reconciler of that type has its own there. */
  readonly uncounted?: true;
  /** Workers that may run at once, for different keys. */
  readonly workers: number;
  reconcile(key: ObjectRef, io: ControllerIo, signal: AbortSignal): Promise<Outcome>;
}
