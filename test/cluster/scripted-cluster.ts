// A cluster of a few lines whose faults are chosen by the test: what the next requests answer, when watches end and what they leave out.

import type { Cluster, ClusterError, WatchEvent } from '../../src/cluster/cluster.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { refKey } from '../../src/kinds/object-ref.js';
import type { ObjectRef } from '../../src/kinds/object-ref.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { isRecord } from '../../src/lib/deep.js';
import { applyMergePatch } from '../../src/lib/merge-patch.js';
import { err, ok } from '../../src/lib/result.js';
import type { Result } from '../../src/lib/result.js';

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
type Logged = { readonly version: number; readonly type: ResourceType; readonly event: WatchEvent };

export const failure = (code: number, reason: string, more: Partial<ClusterError> = {}): ClusterError => ({ code, reason, message: `${reason} by script`, ...more });

export interface ScriptedCluster extends Cluster {
  /** Every request so far: "list rollouts". */
  readonly requests: string[];
  /** The next requests of that verb fail, one for each error. */
  fail(verb: Verb, ...errors: readonly ClusterError[]): void;
  /** Ends all watches, as a restarted server does. */
  dropWatches(): void;
  /** Watches stay open and tell nothing of what happens from now on, until `dropWatches`. */
  muteWatches(type?: ResourceType): void;
  /** The log is cut: watches from before now get 410. */
  compact(): void;
  /** Called before a write is done; may itself write, to be first. */
  beforeWrite: ((verb: Verb, ref: ObjectRef) => void) | undefined;
  put(type: ResourceType, object: KubeObject): KubeObject;
  take(ref: ObjectRef): void;
  all(type: ResourceType): readonly KubeObject[];
  openWatches(): number;
  pageSize: number;
}

type Watcher = { readonly type: ResourceType; next: number; muted: boolean; ended: boolean; wake: () => void };

const plain = (type: ResourceType): string => `${type.plural}.${type.group}`;

export function scriptedCluster(): ScriptedCluster {
  const objects = new Map<string, { readonly type: ResourceType; readonly object: KubeObject }>();
  const log: Logged[] = [];
  const faults = new Map<Verb, ClusterError[]>();
  const watchers = new Set<Watcher>();
  let version = 0;
  let uids = 0;
  let oldest = 0;

  const fault = (verb: Verb): ClusterError | undefined => faults.get(verb)?.shift();
  const tell = (type: ResourceType, kind: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void => {
    log.push({ version, type, event: { type: kind, object } });
    for (const watcher of watchers) watcher.wake();
  };
  const put = (type: ResourceType, object: KubeObject): KubeObject => {
    const key = refKey({ type, namespace: object.metadata.namespace ?? '', name: object.metadata.name });
    const before = objects.get(key)?.object;
    version += 1;
    const uid = before?.metadata.uid ?? `uid-${(uids += 1)}`;
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version) } };
    objects.set(key, { type, object: stored });
    tell(type, before === undefined ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  };
  const take = (ref: ObjectRef): void => {
    const entry = objects.get(refKey(ref));
    if (entry === undefined) return;
    objects.delete(refKey(ref));
    version += 1;
    tell(ref.type, 'DELETED', { ...entry.object, metadata: { ...entry.object.metadata, resourceVersion: String(version) } });
  };
  const find = (ref: ObjectRef): Result<KubeObject, ClusterError> => {
    const entry = objects.get(refKey(ref));
    return entry === undefined ? err(failure(404, 'NotFound')) : ok(entry.object);
  };
  const all = (type: ResourceType): readonly KubeObject[] => [...objects.values()].filter((entry) => plain(entry.type) === plain(type)).map(({ object }) => object);
  const stale = (ref: ObjectRef, object: unknown): boolean => {
    const metadata = isRecord(object) ? object['metadata'] : undefined;
    const wanted = isRecord(metadata) ? metadata['resourceVersion'] : undefined;
    return wanted !== undefined && objects.get(refKey(ref))?.object.metadata.resourceVersion !== wanted;
  };
  const write = async (verb: Verb, ref: ObjectRef, perform: () => Result<KubeObject, ClusterError>): Promise<Result<KubeObject, ClusterError>> => {
    cluster.requests.push(`${verb} ${ref.type.plural}`);
    cluster.beforeWrite?.(verb, ref);
    await Promise.resolve();
    const failed = fault(verb);
    return failed === undefined ? perform() : err(failed);
  };

  async function* watch(type: ResourceType, from: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const failed = fault('watch');
    if (failed !== undefined) {
      yield { type: 'ERROR', error: failed };
      return;
    }
    if (Number(from) < oldest) {
      yield { type: 'ERROR', error: failure(410, 'Expired') };
      return;
    }
    const watcher: Watcher = { type, next: 0, muted: false, ended: false, wake: () => undefined };
    const onAbort = (): void => {
      watcher.ended = true;
      watcher.wake();
    };
    signal.addEventListener('abort', onAbort);
    watchers.add(watcher);
    while (!watcher.ended) {
      for (; watcher.next < log.length && !watcher.muted; watcher.next += 1) {
        const entry = log[watcher.next];
        if (entry !== undefined && entry.version > Number(from) && plain(entry.type) === plain(type)) yield entry.event;
      }
      if (watcher.ended) break;
      await new Promise<void>((resolve) => { watcher.wake = resolve; });
    }
    watchers.delete(watcher);
    signal.removeEventListener('abort', onAbort);
  }

  const cluster: ScriptedCluster = {
    name: 'scripted',
    requests: [],
    beforeWrite: undefined,
    pageSize: Number.POSITIVE_INFINITY,
    fail: (verb, ...errors) => faults.set(verb, [...(faults.get(verb) ?? []), ...errors]),
    dropWatches() {
      for (const watcher of watchers) {
        watcher.ended = true;
        watcher.wake();
      }
    },
    muteWatches(type) {
      for (const watcher of watchers) if (type === undefined || plain(type) === plain(watcher.type)) watcher.muted = true;
    },
    compact() {
      oldest = version + 1;
      version += 1;
    },
    put,
    take,
    all,
    openWatches: () => watchers.size,
    async get(ref) {
      cluster.requests.push(`get ${ref.type.plural}`);
      await Promise.resolve();
      const failed = fault('get');
      return failed === undefined ? find(ref) : err(failed);
    },
    async list(type, options = {}) {
      cluster.requests.push(`list ${type.plural}`);
      await Promise.resolve();
      const failed = fault('list');
      if (failed !== undefined) return err(failed);
      const from = Number(options.continue ?? 0);
      const size = Math.min(cluster.pageSize, options.limit ?? Number.POSITIVE_INFINITY);
      const items = all(type).slice(from, from + size);
      const more = from + items.length < all(type).length ? { continue: String(from + items.length) } : {};
      return ok({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: String(version), ...more }, items });
    },
    watch(type, options, signal) {
      cluster.requests.push(`watch ${type.plural}`);
      return watch(type, options.resourceVersion, signal);
    },
    create: (ref, object) => write('create', ref, () => (find(ref).ok ? err(failure(409, 'AlreadyExists')) : ok(put(ref.type, object)))),
    update: (ref, object) => write('update', ref, () => (!find(ref).ok ? err(failure(404, 'NotFound')) : stale(ref, object) ? err(failure(409, 'Conflict')) : ok(put(ref.type, object)))),
    patch: (ref, _type, body) => write('patch', ref, () => {
      const before = find(ref);
      if (!before.ok) return before;
      if (stale(ref, body)) return err(failure(409, 'Conflict'));
      return ok(put(ref.type, applyMergePatch(before.value, body) as KubeObject));
    }),
    delete: (ref) => write('delete', ref, () => {
      const before = find(ref);
      take(ref);
      return before;
    }),
    async *logs() { /* none */ },
    discover: () => Promise.resolve(ok([])),
  };
  return cluster;
}
