// What is counted of an engine's work, for those who watch over it. Absent: nothing is. Who counts may neither fail nor keep anybody
// waiting: nothing of it changes what the engine does.

import type { Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';

export interface WorkFigures {
  /** That key waits for a worker of the controller of its type; it may be told of more than once before it is taken. */
  waits(key: ObjectRef): void;
  /** A worker has taken it. What is returned is called when the worker is free again. */
  takes(key: ObjectRef): () => void;
  /** No key of that type waits any more: its controller stops. */
  stops(type: ResourceType): void;
  /** A pass begins for it. What is returned is called at its end; `failed`: it has to be tried again. */
  passes(key: ObjectRef): (failed: boolean) => void;
  /** An event about that object is to be recorded. */
  records(about: KubeObject, note: Note): void;
  /** A notification about that object is on its way, because of that event or condition. What is returned is called at its end. */
  sends(about: KubeObject, why: Pick<Note, 'reason'> & { readonly type: string }): (failed: boolean) => void;
}
