// All objects under one increasing revision: commits, the index of owners and uids, and delivery to watchers.

import type { KubeObject } from '../../kinds/kube-object.js';
import { deepFreeze } from '../../lib/deep.js';
import { createObjectTable, type LogEntry, type ObjectTable } from './object-table.js';
import type { Draft, Kind } from './kind.js';

/** Where an object is; stays valid while the object changes. */
export type Place = { readonly kind: Kind; readonly namespace: string; readonly name: string };

export type EntryListener = (entry: LogEntry) => void;

export type Objects = {
  revision(): number;
  table(kind: Kind): ObjectTable;
  /** Stores the draft (which is frozen and must not be changed afterwards) under the next revision. */
  write(kind: Kind, draft: Draft, previous: KubeObject | undefined): KubeObject;
  remove(kind: Kind, last: KubeObject): KubeObject;
  byUid(uid: string): { readonly place: Place; readonly object: KubeObject } | undefined;
  dependentsOf(ownerUid: string): readonly { readonly place: Place; readonly object: KubeObject }[];
  /** Whether anything is left in the namespace. */
  holds(namespace: string): boolean;
  inNamespace(namespace: string): readonly { readonly place: Place; readonly object: KubeObject }[];
  /** Calls back for every later change of the kind, after the request that made it. */
  subscribe(kind: Kind, listener: EntryListener): () => void;
  /** Delivers what was committed since the last call; calls from inside a listener return at once. */
  deliver(): void;
};

type Delivery = { readonly key: string; readonly entry: LogEntry };

export function createObjects(firstRevision: number): Objects {
  let revision = firstRevision;
  const tables = new Map<string, { readonly kind: Kind; readonly table: ObjectTable }>();
  const places = new Map<string, Place>();
  const dependents = new Map<string, Set<string>>();
  const listeners = new Map<string, Set<EntryListener>>();
  let waiting: Delivery[] = [];
  let delivering = false;

  const table = (kind: Kind): ObjectTable => {
    const known = tables.get(kind.key);
    if (known !== undefined) return known.table;
    const made = createObjectTable(firstRevision);
    tables.set(kind.key, { kind, table: made });
    return made;
  };

  const reindexOwners = (uid: string, before: KubeObject | undefined, after: KubeObject | undefined): void => {
    const old = before?.metadata.ownerReferences;
    const wanted = after?.metadata.ownerReferences;
    if (old === wanted) return;
    for (const owner of old ?? []) {
      const set = dependents.get(owner.uid);
      set?.delete(uid);
      if (set?.size === 0) dependents.delete(owner.uid);
    }
    for (const owner of wanted ?? []) {
      const set = dependents.get(owner.uid);
      if (set === undefined) dependents.set(owner.uid, new Set([uid]));
      else set.add(uid);
    }
  };

  const log = (kind: Kind, entry: LogEntry): void => {
    table(kind).record(entry);
    if ((listeners.get(kind.key)?.size ?? 0) > 0) waiting.push({ key: kind.key, entry });
  };

  const byUid = (uid: string): { place: Place; object: KubeObject } | undefined => {
    const place = places.get(uid);
    const object = place === undefined ? undefined : table(place.kind).get(place.namespace, place.name);
    return place === undefined || object === undefined ? undefined : { place, object };
  };

  return {
    revision: () => revision,
    table,
    write(kind, draft, previous) {
      revision += 1;
      draft.metadata.resourceVersion = String(revision);
      const object: KubeObject = deepFreeze(draft);
      const uid = object.metadata.uid ?? '';
      if (previous === undefined) places.set(uid, { kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name });
      reindexOwners(uid, previous, object);
      log(kind, { revision, type: previous === undefined ? 'ADDED' : 'MODIFIED', object, previous });
      return object;
    },
    remove(kind, last) {
      revision += 1;
      const object: KubeObject = deepFreeze({ ...last, metadata: { ...last.metadata, resourceVersion: String(revision) } });
      const uid = object.metadata.uid ?? '';
      const previous = table(kind).get(object.metadata.namespace ?? '', object.metadata.name);
      places.delete(uid);
      reindexOwners(uid, previous, undefined);
      log(kind, { revision, type: 'DELETED', object, previous });
      return object;
    },
    byUid,
    dependentsOf: (ownerUid) => [...(dependents.get(ownerUid) ?? [])].flatMap((uid) => byUid(uid) ?? []),
    holds: (namespace) => [...tables.values()].some((entry) => entry.table.holds(namespace)),
    inNamespace: (namespace) =>
      [...tables.values()].flatMap(({ kind, table: { list } }) =>
        kind.storage.type.namespaced ? list(namespace).map((object) => ({ place: { kind, namespace, name: object.metadata.name }, object })) : [],
      ),
    subscribe(kind, listener) {
      const set = listeners.get(kind.key) ?? new Set();
      listeners.set(kind.key, set.add(listener));
      return () => {
        set.delete(listener);
      };
    },
    deliver() {
      if (delivering || waiting.length === 0) return;
      delivering = true;
      try {
        while (waiting.length > 0) {
          const batch = waiting;
          waiting = [];
          for (const { key, entry } of batch) for (const listener of listeners.get(key) ?? []) listener(entry);
        }
      } finally {
        delivering = false;
      }
    },
  };
}
