// The one door to any Kubernetes API: a real cluster over HTTPS, or the embedded server in this process.
// Failures come back as values; nothing here throws but for broken invariants.

import type { PatchType } from '../kinds/change.js';
import type { KubeList, KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Result } from '../lib/result.js';

export type ClusterError = {
  /** The HTTP status; 0 when no answer came. */
  readonly code: number;
  /** "NotFound", "Conflict", "Invalid", … as the server says; "NoAnswer", "Timeout" or "BadAnswer" when it does not. */
  readonly reason: string;
  readonly message: string;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  /** Set when the server asked to wait (429, 503). */
  readonly retryAfterMs?: number;
};

export type ListOptions = {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  /** Aborts the request. */
  readonly signal?: AbortSignal;
};

export type WatchOptions = {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Events after this version. */
  readonly resourceVersion: string;
  readonly timeoutSeconds?: number;
};

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string }
  /** The stream ends after this one. */
  | { readonly type: 'ERROR'; readonly error: ClusterError };

export type WriteOptions = {
  readonly subresource?: string;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly dryRun?: boolean;
  /** Of an apply patch only: takes fields from other managers. */
  readonly force?: boolean;
  /** Aborts the request: nobody knows then whether it was carried out. */
  readonly signal?: AbortSignal;
};

export type DeleteOptions = {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly signal?: AbortSignal;
  readonly gracePeriodSeconds?: number;
};

export type LogOptions = {
  readonly container?: string;
  readonly follow?: boolean;
  readonly tailLines?: number;
  /** Each line begins with its time, as the node has it, and a blank. */
  readonly timestamps?: boolean;
  /** Of the last run of the container that has ended. */
  readonly previous?: boolean;
  /** Called once the server has begun to answer: a container that writes nothing is silent from then on. */
  onOpen?(): void;
};

/** How this person gets in, where that can fail or take a hand. */
export interface Entrance {
  /** Why they are not let in now, in a sentence: a log-in plugin that fails or waits, a token that is no longer accepted. */
  trouble(): string | undefined;
  /** `terminal`: trying again may ask the person something, and must have the terminal. */
  readonly asks: boolean;
  /** Tries again at once: runs the plugin, or reads the kubeconfig anew. The failure is a sentence. */
  again(terminal: boolean): Promise<Result<undefined, string>>;
}

export interface Cluster {
  /** The name of the context, as the kubeconfig has it. */
  readonly name: string;
  /** Absent where everybody is let in. */
  readonly entrance?: Entrance;
  get(ref: ObjectRef): Promise<Result<KubeObject, ClusterError>>;
  list(type: ResourceType, options?: ListOptions): Promise<Result<KubeList, ClusterError>>;
  /** Ends when the signal aborts, the server ends it, or after an ERROR event. Never throws. */
  watch(type: ResourceType, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent>;
  create(ref: ObjectRef, object: KubeObject, options?: WriteOptions): Promise<Result<KubeObject, ClusterError>>;
  update(ref: ObjectRef, object: KubeObject, options?: WriteOptions): Promise<Result<KubeObject, ClusterError>>;
  patch(ref: ObjectRef, patchType: PatchType, body: unknown, options?: WriteOptions): Promise<Result<KubeObject, ClusterError>>;
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<Result<KubeObject, ClusterError>>;
  /** Lines of a container's log. */
  logs(ref: ObjectRef, options: LogOptions, signal: AbortSignal): AsyncIterable<string>;
  /** The server's clock minus this machine's, as far as it has told. Absent: both are the same. */
  skewMs?(): number | undefined;
  /** The resource types that the server serves in a group; empty when it has no such group. */
  discover(group: string): Promise<Result<readonly ResourceType[], ClusterError>>;
}
