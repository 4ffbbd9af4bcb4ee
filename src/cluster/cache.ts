// What was last heard of a cluster's objects. Lists and watch events alone write here: the incumbent writes its own
// results back into its cache, and so brings deleted objects back to life and hides changes that others made meanwhile.

import type { KubeObject } from '../kinds/kube-object.js';
import { refKey } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';

export type CacheChange = { readonly type: ResourceType; readonly before: KubeObject | undefined; readonly after: KubeObject | undefined };

/** How far a type is known: never heard of, not served by the server, or listed at least once. */
export type TypeState = 'unknown' | 'absent' | 'listed';

export interface Cache {
  get(ref: ObjectRef): KubeObject | undefined;
  list(type: ResourceType, namespace?: string): readonly KubeObject[];
  ownedBy(type: ResourceType, uid: string): readonly KubeObject[];
  has(type: ResourceType): boolean;
  stateOf(type: ResourceType): TypeState;
  /** True when everything that was written up to this version is in the cache. Undefined when versions can not be compared. */
  hasSeen(type: ResourceType, resourceVersion: string): boolean | undefined;
  /** Grows with every change; equal numbers mean equal contents. */
  revision(): number;
  /** Called after each change is in the cache; a whole relist is in before its first call. Returns the way to stop. */
  listen(listener: (change: CacheChange) => void): () => void;
  /** For reflectors only: the type as listed, in one swap. */
  replace(type: ResourceType, objects: readonly KubeObject[], resourceVersion: string): void;
  /** For reflectors only: one watch event. */
  put(type: ResourceType, object: KubeObject): void;
  remove(type: ResourceType, object: KubeObject): void;
  /** For reflectors only: all events up to this version have come (bookmarks). */
  reached(type: ResourceType, resourceVersion: string): void;
  /** For reflectors only: the server does not serve this type (any more). */
  markAbsent(type: ResourceType): void;
}

type Shelf = {
  state: TypeState;
  seen: string | undefined;
  readonly objects: Map<string, KubeObject>;
  readonly byNamespace: Map<string, Map<string, KubeObject>>;
  readonly byOwner: Map<string, Map<string, KubeObject>>;
};

/** "rollouts.argoproj.io": types are told apart by this, whatever the version. */
export const typeKey = (type: ResourceType): string => `${type.plural}.${type.group}`;

/** Undefined when one of the versions is not a number, as the API allows. */
export function compareVersions(a: string, b: string): number | undefined {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return undefined;
  return a.length === b.length ? (a < b ? -1 : Number(a > b)) : a.length - b.length;
}

const objectKey = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

const newShelf = (): Shelf => ({ state: 'unknown', seen: undefined, objects: new Map(), byNamespace: new Map(), byOwner: new Map() });

function enter(index: Map<string, Map<string, KubeObject>>, value: string, key: string, object: KubeObject): void {
  const entry = index.get(value);
  if (entry === undefined) index.set(value, new Map([[key, object]]));
  else entry.set(key, object);
}

function leave(index: Map<string, Map<string, KubeObject>>, value: string, key: string): void {
  const entry = index.get(value);
  entry?.delete(key);
  if (entry?.size === 0) index.delete(value);
}

function drop(shelf: Shelf, key: string): KubeObject | undefined {
  const before = shelf.objects.get(key);
  if (before === undefined) return undefined;
  shelf.objects.delete(key);
  leave(shelf.byNamespace, before.metadata.namespace ?? '', key);
  for (const owner of before.metadata.ownerReferences ?? []) leave(shelf.byOwner, owner.uid, key);
  return before;
}

function store(shelf: Shelf, object: KubeObject): KubeObject | undefined {
  const key = objectKey(object);
  const before = shelf.objects.get(key);
  // An object that keeps its place keeps its turn in lists, so that an update never reorders what is shown or decided.
  for (const owner of before?.metadata.ownerReferences ?? [])
    if (object.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid) !== true) leave(shelf.byOwner, owner.uid, key);
  shelf.objects.set(key, object);
  enter(shelf.byNamespace, object.metadata.namespace ?? '', key, object);
  for (const owner of object.metadata.ownerReferences ?? []) enter(shelf.byOwner, owner.uid, key, object);
  return before;
}

const sameVersion = (a: KubeObject | undefined, b: KubeObject): boolean =>
  a !== undefined && a.metadata.uid === b.metadata.uid && a.metadata.resourceVersion !== undefined && a.metadata.resourceVersion === b.metadata.resourceVersion;

export function createCache(): Cache {
  const shelves = new Map<string, Shelf>();
  const listeners = new Set<(change: CacheChange) => void>();
  let revision = 0;

  const shelfOf = (type: ResourceType): Shelf => {
    const key = typeKey(type);
    const shelf = shelves.get(key) ?? newShelf();
    shelves.set(key, shelf);
    return shelf;
  };
  const tell = (changes: readonly CacheChange[]): void => {
    revision += changes.length;
    for (const change of changes) for (const listener of listeners) listener(change);
  };
  const advance = (shelf: Shelf, version: string | undefined): void => {
    if (version === undefined) return;
    const order = shelf.seen === undefined ? 1 : compareVersions(version, shelf.seen);
    if (order === undefined || order > 0) shelf.seen = version;
  };

  return {
    get: (ref) => shelves.get(typeKey(ref.type))?.objects.get(`${ref.namespace}/${ref.name}`),
    list(type, namespace) {
      const shelf = shelves.get(typeKey(type));
      const objects = namespace === undefined ? shelf?.objects : shelf?.byNamespace.get(namespace);
      return objects === undefined ? [] : [...objects.values()];
    },
    ownedBy: (type, uid) => [...(shelves.get(typeKey(type))?.byOwner.get(uid)?.values() ?? [])],
    has: (type) => shelves.get(typeKey(type))?.state === 'listed',
    stateOf: (type) => shelves.get(typeKey(type))?.state ?? 'unknown',
    hasSeen(type, resourceVersion) {
      const seen = shelves.get(typeKey(type))?.seen;
      if (seen === undefined) return false;
      const order = compareVersions(seen, resourceVersion);
      return order === undefined ? undefined : order >= 0;
    },
    revision: () => revision,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace(type, objects, resourceVersion) {
      const shelf = shelfOf(type);
      const listed = new Set(objects.map(objectKey));
      const gone = [...shelf.objects.keys()].filter((key) => !listed.has(key)).map((key) => drop(shelf, key));
      const changes: CacheChange[] = gone.map((before) => ({ type, before, after: undefined }));
      for (const object of objects) {
        const before = store(shelf, object);
        if (!sameVersion(before, object)) changes.push({ type, before, after: object });
      }
      if (shelf.state !== 'listed') revision += 1;
      shelf.state = 'listed';
      shelf.seen = resourceVersion;
      tell(changes);
    },
    put(type, object) {
      const shelf = shelfOf(type);
      const before = store(shelf, object);
      advance(shelf, object.metadata.resourceVersion);
      if (!sameVersion(before, object)) tell([{ type, before, after: object }]);
    },
    remove(type, object) {
      const shelf = shelfOf(type);
      const before = drop(shelf, objectKey(object));
      advance(shelf, object.metadata.resourceVersion);
      if (before !== undefined) tell([{ type, before, after: undefined }]);
    },
    reached(type, resourceVersion) {
      advance(shelfOf(type), resourceVersion);
    },
    markAbsent(type) {
      const shelf = shelfOf(type);
      const changes = [...shelf.objects.keys()].map((key): CacheChange => ({ type, before: drop(shelf, key), after: undefined }));
      if (shelf.state !== 'absent') revision += 1;
      shelf.state = 'absent';
      tell(changes);
    },
  };
}

/** The text of a ref for logs: "rollouts.argoproj.io default/myapp". */
export const nameOf = (ref: ObjectRef): string => refKey(ref).replace('/', ' ');
