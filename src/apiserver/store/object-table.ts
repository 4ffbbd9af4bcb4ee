// The objects of one kind, sorted as etcd sorts them, and the log of what happened to them.

import type { KubeObject } from '../../kinds/kube-object.js';
import { WATCH_LOG_ENTRIES } from './limits.js';

export type LogEntry = {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** As it is after the change; of a deletion, the last state with the revision of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
};

export type ObjectTable = {
  get(namespace: string, name: string): KubeObject | undefined;
  /** Sorted by namespace and name; without a namespace, all. `after` is the key that ended the page before. */
  list(namespace: string | undefined, after?: string): readonly KubeObject[];
  /** The same as it was at an earlier revision; undefined when the log no longer reaches back to it. */
  listAt(revision: number, namespace: string | undefined, after?: string): readonly KubeObject[] | undefined;
  record(entry: LogEntry): void;
  /** What happened after that revision, oldest first; undefined when the log no longer reaches back to it. */
  since(revision: number): readonly LogEntry[] | undefined;
  size(): number;
  holds(namespace: string): boolean;
};

/** The place of an object among all of its kind. */
export const objectKey = (namespace: string, name: string): string => `${namespace}/${name}`;

export const keyOf = (object: KubeObject): string => objectKey(object.metadata.namespace ?? '', object.metadata.name);

/** The first index at which the key, or one after it, stands. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `firstRevision`: watches and pages from before it are expired from the start. */
export function createObjectTable(firstRevision: number): ObjectTable {
  const objects = new Map<string, KubeObject>();
  const keys: string[] = [];
  let log: LogEntry[] = [];
  let floor = firstRevision;

  const range = (namespace: string | undefined, after: string | undefined): KubeObject[] => {
    const found: KubeObject[] = [];
    const prefix = namespace === undefined ? '' : objectKey(namespace, '');
    // "\0" is the smallest suffix: the first key that is greater than `after`.
    for (let index = lowerBound(keys, after === undefined ? prefix : `${after}\0`); index < keys.length; index += 1) {
      const key = keys[index] ?? '';
      if (!key.startsWith(prefix)) break;
      const object = objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  };

  const since = (revision: number): readonly LogEntry[] | undefined => {
    if (revision < floor) return undefined;
    let start = log.length;
    while (start > 0 && (log[start - 1]?.revision ?? 0) > revision) start -= 1;
    return start === log.length ? [] : log.slice(start);
  };

  return {
    get: (namespace, name) => objects.get(objectKey(namespace, name)),
    list: range,
    listAt(revision, namespace, after) {
      const newer = since(revision);
      if (newer === undefined) return undefined;
      const old = new Map(range(namespace, after).map((object) => [keyOf(object), object]));
      for (const entry of newer.toReversed()) {
        const key = keyOf(entry.object);
        if (namespace !== undefined && !key.startsWith(objectKey(namespace, ''))) continue;
        if (after !== undefined && key <= after) continue;
        if (entry.previous === undefined) old.delete(key);
        else old.set(key, entry.previous);
      }
      return [...old.keys()].sort().flatMap((key) => old.get(key) ?? []);
    },
    record(entry) {
      const key = keyOf(entry.object);
      if (entry.type === 'DELETED') {
        if (objects.delete(key)) keys.splice(lowerBound(keys, key), 1);
      } else {
        if (!objects.has(key)) keys.splice(lowerBound(keys, key), 0, key);
        objects.set(key, entry.object);
      }
      log.push(entry);
      // Cut in one piece now and then: shifting at every write would cost more than the write.
      if (log.length > 2 * WATCH_LOG_ENTRIES) {
        floor = log[log.length - WATCH_LOG_ENTRIES - 1]?.revision ?? floor;
        log = log.slice(-WATCH_LOG_ENTRIES);
      }
    },
    since,
    size: () => keys.length,
    holds: (namespace) => keys[lowerBound(keys, objectKey(namespace, ''))]?.startsWith(objectKey(namespace, '')) === true,
  };
}
