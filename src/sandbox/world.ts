// What the sandbox's controllers see and answer: objects as last heard of, and one step's worth of writes.
// Every controller is a function (objects, now) → Step; run.ts keeps the objects, performs the steps and calls again.

import type { Change, Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Instant } from '../lib/instant.js';
import { isRecord } from '../lib/deep.js';

/** The objects of the cluster, written by watch events alone. */
export type World = {
  get(ref: ObjectRef): KubeObject | undefined;
  list(type: ResourceType, namespace?: string): readonly KubeObject[];
  /** Objects with an owner reference (of any sort) to that uid. */
  ownedBy(type: ResourceType, uid: string): readonly KubeObject[];
};

/** Which part of a cluster reports an event. */
export type Reporter =
  | 'deployment-controller'
  | 'replicaset-controller'
  | 'default-scheduler'
  | 'kubelet'
  | 'job-controller'
  | 'controllermanager'
  | 'horizontal-pod-autoscaler';

export type Announcement = {
  readonly about: KubeObject;
  readonly note: Note;
  readonly reporter: Reporter;
  /** The node, for a kubelet. */ readonly host?: string;
};

export type Step = {
  readonly changes: readonly Change[];
  readonly notes: readonly Announcement[];
  /** Pods that have stopped and vanish at once, whatever grace they were given. */
  readonly vanish: readonly { readonly ref: ObjectRef; readonly uid: string }[];
  /** Look again then, even if nothing has changed. */
  readonly wakeAt: Instant | undefined;
};

export const NOTHING: Step = { changes: [], notes: [], vanish: [], wakeAt: undefined };

/** Several controllers' steps for one object as one. */
export function together(...steps: readonly Step[]): Step {
  return {
    changes: steps.flatMap(({ changes }) => changes),
    notes: steps.flatMap(({ notes }) => notes),
    vanish: steps.flatMap(({ vanish }) => vanish),
    wakeAt: steps.reduce<Instant | undefined>((first, { wakeAt }) => earlier(first, wakeAt), undefined),
  };
}

/** A merge patch of that very object (by uid: one that has taken its name meanwhile is left alone). */
export function mergeInto(type: ResourceType, object: KubeObject, body: Readonly<Record<string, unknown>>, why: string): Change {
  const metadata = { ...recordAt(body, 'metadata'), uid: object.metadata.uid };
  return { type: 'patch', ref: refOf(type, object), patchType: 'merge', body: { ...body, metadata }, why };
}

/** The same for its status. */
export function mergeStatus(type: ResourceType, object: KubeObject, status: unknown, why: string): Change {
  const body = { metadata: { uid: object.metadata.uid }, status };
  return { type: 'patch', ref: refOf(type, object), patchType: 'merge', subresource: 'status', body, why };
}

export function announce(reporter: Reporter, about: KubeObject, reason: string, message: string, type: Note['type'] = 'Normal'): Announcement {
  return { about, reporter, note: { type, reason, message } };
}

/** The earlier of two instants, either of which may be absent. */
export function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** A field of an object that should be an object itself; an empty one when it is not. */
export function recordAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  let found = value;
  for (const key of path) found = isRecord(found) ? found[key] : undefined;
  return isRecord(found) ? found : {};
}

/** The tag of an image; "latest" when it names none, the start of the digest when it has only that. */
export function tagOf(image: string): string {
  const [path = '', digest] = image.split('@');
  const colon = path.lastIndexOf(':');
  if (colon > path.lastIndexOf('/')) return path.slice(colon + 1);
  return digest === undefined ? 'latest' : digest.slice(0, 19);
}
