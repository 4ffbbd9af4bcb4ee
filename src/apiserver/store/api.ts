// What the two doors of the embedded server (in process, HTTPS) ask of the store: requests and answers as plain data.
// The store is pure: time and chance come in as arguments, watchers are called back at once, nothing waits.

import type { KubeList, KubeObject } from '../../kinds/kube-object.js';
import type { PatchType } from '../../kinds/change.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import type { Instant } from '../../lib/instant.js';
import type { Result } from '../../lib/result.js';

/** The query parameters that change what a request means. */
export type ApiOptions = {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  /** Of a watch only. */
  readonly sendInitialEvents?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly dryRun?: boolean;
  /** Of an apply patch only: takes fields from other managers. */
  readonly force?: boolean;
};

type Target = { readonly type: ResourceType; readonly namespace: string; readonly name: string; readonly subresource?: string };

export type ApiRequest =
  | ({ readonly verb: 'get' } & Target)
  /** Without a namespace: all of them. */
  | { readonly verb: 'list'; readonly type: ResourceType; readonly namespace?: string; readonly options: ApiOptions }
  | (Omit<Target, 'name'> & { readonly verb: 'create'; readonly name?: string; readonly body: unknown; readonly options: ApiOptions })
  | (Target & { readonly verb: 'update'; readonly body: unknown; readonly options: ApiOptions })
  | (Target & { readonly verb: 'patch'; readonly patchType: PatchType; readonly body: unknown; readonly options: ApiOptions })
  | (Target & { readonly verb: 'delete'; readonly body?: unknown; readonly options: ApiOptions })
  | { readonly verb: 'deletecollection'; readonly type: ResourceType; readonly namespace: string; readonly body?: unknown; readonly options: ApiOptions };

/** A `v1.Status` of failure, as it goes over the wire. */
export type ApiStatus = {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { /** Of an expired page: with it the rest can be read after all, as it is now. */ readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
    readonly retryAfterSeconds?: number;
  };
  readonly code: number;
};

export type ApiAnswer = {
  /** 200 or 201. */
  readonly code: number;
  readonly object: KubeObject | KubeList;
  /** Sent as `Warning` headers (for example of unknown fields under `fieldValidation=Warn`). */
  readonly warnings: readonly string[];
};

export type StoreEvent =
  | {
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly object: KubeObject;
      /** The same object as JSON text, made once for all watchers. */ readonly json: string;
    }
  | {
      readonly type: 'BOOKMARK';
      readonly resourceVersion: string;
      /** Closes the initial events of `sendInitialEvents`. */ readonly initialEventsEnd?: boolean;
    }
  | { readonly type: 'ERROR'; readonly status: ApiStatus };

export type WatchRequest = {
  readonly type: ResourceType;
  readonly namespace?: string;
  readonly options: ApiOptions & { readonly allowWatchBookmarks?: boolean };
};

export type WatchHandle = { close(): void };

export interface ApiStore {
  execute(request: ApiRequest, now: Instant): Result<ApiAnswer, ApiStatus>;
  /**
   * Calls `listener` for each event after `options.resourceVersion` (at once for those already in the log), until closed.
   * Fails with 410 `Expired` when the log no longer reaches back that far. Never calls back after close().
   */
  watch(request: WatchRequest, listener: (event: StoreEvent) => void): Result<WatchHandle, ApiStatus>;
  /** All served types: the built-in ones and those of installed CustomResourceDefinitions. One entry for each served version. */
  types(): readonly ResourceType[];
  /** The newest resourceVersion. */
  revision(): string;
}
