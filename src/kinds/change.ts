// One write to a Kubernetes API, as data. Decisions return lists of these, in order; only the shells perform them.

import type { KubeObject } from './kube-object.js';
import type { ObjectRef } from './object-ref.js';

export type PatchType = 'merge' | 'json' | 'strategic' | 'apply';

export type JsonPatchOperation = {
  readonly op: 'add' | 'remove' | 'replace' | 'test' | 'move' | 'copy';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
};

export type Change =
  | { readonly type: 'create'; readonly ref: ObjectRef; readonly object: KubeObject; readonly why: string }
  /** A whole write; the object carries the resourceVersion it was read with, so a newer one is never overwritten. */
  | { readonly type: 'update'; readonly ref: ObjectRef; readonly object: KubeObject; readonly subresource?: string; readonly why: string }
  | {
      readonly type: 'patch';
      readonly ref: ObjectRef;
      readonly patchType: PatchType;
      readonly body: unknown;
      readonly subresource?: string;
      readonly why: string;
    }
  | {
      readonly type: 'delete';
      readonly ref: ObjectRef;
      readonly uid?: string;
      readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
      /** Of a pod: asks for its eviction instead, which disruption budgets may refuse for now (429). */
      readonly evict?: boolean;
      readonly why: string;
    };

/** A Kubernetes Event to be recorded on an object. */
export type Note = {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
};

/** Why something was not done: a sentence for the person who asked. */
export type Refusal = { readonly type: 'refusal'; readonly reason: string };
