// All that a console knows of one cluster at one moment: objects from watches, and how far they can be trusted.
// The app makes a new one when something changed; the console only reads it.

import type { Instant } from '../lib/instant.js';
import type { KubeObject } from './kube-object.js';
import type { ResourceType } from './resource-type.js';

export type Connection =
  | { readonly type: 'connecting'; readonly since: Instant }
  /** Watches are running; `lastSignalAt` is the last event or bookmark. */
  | { readonly type: 'live'; readonly lastSignalAt: Instant }
  /** What is shown is as of `lastSignalAt`; the reason is a sentence. */
  | { readonly type: 'lost'; readonly since: Instant; readonly lastSignalAt: Instant | undefined; readonly reason: string };

/** Who moves the rollouts. */
export type Driver =
  | { readonly type: 'self'; readonly identity: string }
  | {
      readonly type: 'other';
      readonly identity: string;
      readonly renewedAt: Instant;
      /** Of which make the engine is, and its version, where its pod tells. */
      readonly engine?: 'sluice' | 'argo-rollouts';
      readonly version?: string;
    }
  | { readonly type: 'nobody'; readonly reason: string }
  /** This person may not read the Lease. */
  | { readonly type: 'unknown'; readonly reason: string };

/** Where only some namespaces are watched: because they were named, or because no others may be seen. */
export type WatchedNamespaces = {
  readonly names: readonly string[];
  readonly why: 'given' | 'permitted';
  /** Those of them in which rollouts may not be seen after all. */
  readonly forbidden: readonly string[];
};

export type RouteObjects = { readonly type: ResourceType; readonly objects: readonly KubeObject[] };

export type Snapshot = {
  readonly context: string;
  /** True for the server inside this process, whose objects are gone when it ends. */
  readonly embedded: boolean;
  readonly connection: Connection;
  readonly driver: Driver;
  /** Milliseconds that the last request took; undefined before the first. */
  readonly latencyMs: number | undefined;
  /** The server's clock minus this machine's; absent while it has told nothing. */
  readonly skewMs?: number;
  /** Why this person is not let in, in a sentence; a key logs them in anew. */
  readonly trouble?: string;
  /** Absent: all. */
  readonly namespaces?: WatchedNamespaces;
  /** Kinds that this person may not see, by their plurals: what is missing of them may be there. */
  readonly unseen?: readonly string[];
  readonly rollouts: readonly KubeObject[];
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly analysisRuns: readonly KubeObject[];
  readonly services: readonly KubeObject[];
  readonly virtualServices: readonly KubeObject[];
  readonly destinationRules: readonly KubeObject[];
  /** The objects of other routers, of the types that some rollout uses. */
  readonly otherRoutes?: readonly RouteObjects[];
  /** The objects that rollouts take their pod templates from (workloadRef). */
  readonly workloads?: readonly KubeObject[];
  readonly events: readonly KubeObject[];
};
