// The way between one engine and the server: whatever can happen to a request or a watch happens here. It also knows, at the
// moment of each write, which engine writes, and whether the write changed anything.

import type { CacheReader } from '../../src/controllers/reconciler.js';
import type { Cluster, ClusterError, WatchEvent } from '../../src/cluster/cluster.js';
import { noAnswer } from '../../src/cluster/errors.js';
import type { ObjectRef } from '../../src/kinds/object-ref.js';
import { sleep } from '../../src/lib/clock.js';
import type { Clock } from '../../src/lib/clock.js';
import { err } from '../../src/lib/result.js';
import type { Result } from '../../src/lib/result.js';
import type { EngineClock } from './engine-clock.js';
import type { FaultSource } from './faults.js';

export type WriteVerb = 'create' | 'update' | 'patch' | 'delete';

/** What an engine knew when it sent what came late. */
export type SentView = Pick<CacheReader, 'get' | 'list'>;

export type Write = { readonly verb: WriteVerb; readonly ref: ObjectRef; readonly body: unknown };

export type NetworkOptions = {
  readonly cluster: Cluster;
  /** The true time. */
  readonly clock: Clock;
  readonly own: EngineClock;
  readonly faults: FaultSource;
  readonly isDead: () => boolean;
  /** Asked when a request is about to reach the server; a cut-off engine reaches nothing. */
  readonly isCutOff: () => boolean;
  readonly revision: () => string;
  readonly onRequest: (verb: 'get' | 'list' | WriteVerb, ref: ObjectRef | undefined) => void;
  /** `work` performs the write at once; whoever watches the store meanwhile hears of it. */
  readonly onWrite: <T>(write: Write, work: () => Promise<T>, sent: SentView | undefined) => Promise<T>;
  /** What the engine has in its cache. */
  readonly view: () => SentView | undefined;
  /** The version of an object that the engine has in its cache. */
  readonly known: (ref: ObjectRef) => string | undefined;
  /** What came of a write will not be known to who sent it. */
  readonly onLost: (write: Write) => void;
  /** After the server has answered a write that changed nothing; `known` is from when it was sent. */
  readonly onVain: (write: Write, known: string | undefined) => void;
};

const LONGEST_SILENCE_MS = 10 * 60_000;
const GONE = noAnswer('the network is gone');

export function throughNetwork(options: NetworkOptions): Cluster {
  const { cluster, clock, own, faults } = options;
  const unreachable = (): boolean => options.isDead() || options.isCutOff();

  const perform = async <T>(verb: 'get' | 'list' | WriteVerb, ref: ObjectRef | undefined, write: Write | undefined, run: () => Promise<Result<T, ClusterError>>): Promise<Result<T, ClusterError>> => {
    const fault = faults.request(verb);
    // What is known while the request is still on its way comes too late for it (seed 3225).
    const known = write === undefined ? undefined : options.known(write.ref);
    // Nor is it judged by what its sender learns meanwhile (seed 733).
    const sent = write === undefined || fault?.type !== 'late-request' ? undefined : options.view();
    if (fault?.type === 'late-request') await sleep(clock, fault.delayMs);
    if (unreachable()) return err(GONE);
    if (fault?.type === 'refused') return err(fault.error);
    options.onRequest(verb, ref);
    const before = options.revision();
    const pending = write === undefined ? run() : options.onWrite(write, run, sent);
    const changed = options.revision() !== before;
    const result = await pending;
    if (write !== undefined && result.ok && !changed) options.onVain(write, known);
    if (fault?.type === 'late-answer') await sleep(clock, fault.delayMs);
    await own.thaw();
    if (unreachable()) return err(GONE);
    if (fault?.type !== 'answer-lost') return result;
    if (write !== undefined) options.onLost(write);
    return err(fault.error);
  };

  async function* watch(...[type, wanted, signal]: Parameters<Cluster['watch']>): AsyncGenerator<WatchEvent, void> {
    const refused = faults.watchStart();
    if (refused === 'cut' || unreachable()) return;
    if (refused !== undefined) {
      yield { type: 'ERROR', error: refused };
      return;
    }
    for await (const event of cluster.watch(type, wanted, signal)) {
      const fault = event.type === 'BOOKMARK' ? undefined : faults.watchEvent();
      if (fault?.type === 'late') await sleep(clock, fault.delayMs, signal);
      if (fault?.type === 'silent') await sleep(clock, LONGEST_SILENCE_MS, signal);
      await own.thaw();
      if (unreachable() || fault?.type === 'cut' || fault?.type === 'silent') return;
      if (fault?.type === 'error') {
        yield { type: 'ERROR', error: fault.error };
        return;
      }
      yield event;
      if (fault?.type === 'twice') yield event;
    }
  }

  const write = <T>(verb: WriteVerb, ref: ObjectRef, body: unknown, run: () => Promise<Result<T, ClusterError>>): Promise<Result<T, ClusterError>> => perform(verb, ref, { verb, ref, body }, run);

  return {
    name: cluster.name,
    get: (ref) => perform('get', ref, undefined, () => cluster.get(ref)),
    list: (type, wanted) => perform('list', { type, namespace: '', name: '' }, undefined, () => cluster.list(type, wanted)),
    watch,
    create: (ref, object, wanted) => write('create', ref, object, () => cluster.create(ref, object, wanted)),
    update: (ref, object, wanted) => write('update', ref, object, () => cluster.update(ref, object, wanted)),
    patch: (ref, patchType, body, wanted) => write('patch', ref, body, () => cluster.patch(ref, patchType, body, wanted)),
    delete: (ref, wanted) => write('delete', ref, undefined, () => cluster.delete(ref, wanted)),
    logs: (ref, wanted, signal) => cluster.logs(ref, wanted, signal),
    discover: (group) => cluster.discover(group),
  };
}
