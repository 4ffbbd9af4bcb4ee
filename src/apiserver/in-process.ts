// The embedded server as a `Cluster`, without sockets: for the console and engine of the same process, for tests and simulations.
// Answers are the stored objects themselves, deeply frozen. Faults can be injected where a network would fail.

import type { Cluster, ClusterError, DeleteOptions, ListOptions, LogOptions, WatchEvent, WatchOptions, WriteOptions } from '../cluster/cluster.js';
import type { KubeList, KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { unreachable } from '../lib/assert.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { err, ok, type Result } from '../lib/result.js';
import { stamped } from './log-stamp.js';
import type { ApiOptions, ApiRequest, ApiStatus, ApiStore, StoreEvent } from './store/api.js';
import { BOOKMARK_INTERVAL_MS, MOST_WAITING_EVENTS } from './store/limits.js';

/** What a fault hook is asked about; 'watch-event' once for each event of a running watch. */
export type FaultRequest = {
  readonly verb: ApiRequest['verb'] | 'watch' | 'watch-event';
  readonly type: ResourceType;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
};

/**
 * An error is answered in place of the server. 'drop': the request never arrives (a watch ends without a word).
 * 'drop-answer': it is done, but the answer is lost.
 */
export type Fault = ClusterError | 'drop' | 'drop-answer' | undefined;

export type InProcessOptions = {
  readonly store: ApiStore;
  readonly clock: Clock;
  /** The name of the context. */
  readonly name: string;
  /** Lines of a container's log: the sandbox has them. Absent: there are none. */
  readonly readLogs?: (ref: ObjectRef, options: LogOptions, signal: AbortSignal) => AsyncIterable<string>;
  readonly faults?: (request: FaultRequest) => Fault;
};

const NO_ANSWER: ClusterError = { code: 0, reason: 'NoAnswer', message: 'the connection to the API server was lost before it answered' };

const OVERFLOW: ClusterError = {
  code: 410,
  reason: 'Expired',
  message: `the watch fell ${MOST_WAITING_EVENTS} events behind its reader and was ended: list again`,
};

function errorOf(status: ApiStatus): ClusterError {
  const { details } = status;
  return {
    code: status.code,
    reason: status.reason,
    message: status.message,
    ...(details?.causes === undefined ? {} : { causes: details.causes }),
    ...(details?.retryAfterSeconds === undefined ? {} : { retryAfterMs: details.retryAfterSeconds * 1000 }),
  };
}

const writeOptions = (options: WriteOptions): ApiOptions => ({
  ...(options.fieldManager === undefined ? {} : { fieldManager: options.fieldManager }),
  ...(options.fieldValidation === undefined ? {} : { fieldValidation: options.fieldValidation }),
  ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
  ...(options.force === undefined ? {} : { force: options.force }),
});

const target = (ref: ObjectRef, options: WriteOptions = {}): { type: ResourceType; namespace: string; name: string; subresource?: string } => ({
  type: ref.type,
  namespace: ref.namespace,
  name: ref.name,
  ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
});

const deleteBody = (options: DeleteOptions): unknown => ({
  ...(options.propagation === undefined ? {} : { propagationPolicy: options.propagation }),
  ...(options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
  preconditions: {
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
  },
});

function watchEvent(event: StoreEvent): WatchEvent {
  switch (event.type) {
    case 'ERROR':
      return { type: 'ERROR', error: errorOf(event.status) };
    case 'BOOKMARK':
      return { type: 'BOOKMARK', resourceVersion: event.resourceVersion };
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object };
    default:
      return unreachable(event);
  }
}

/** A bounded line of events between the store, which never waits, and a reader, who may. */
type Line = { push(event: WatchEvent): void; end(): void; next(): Promise<WatchEvent | undefined>; close(): void };

function createLine(): Line {
  let waiting: WatchEvent[] = [];
  let start = 0;
  let ended = false;
  let wake: (() => void) | undefined;
  const rouse = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    push(event) {
      if (ended) return;
      if (waiting.length - start >= MOST_WAITING_EVENTS) {
        waiting = [{ type: 'ERROR', error: OVERFLOW }];
        start = 0;
        ended = true;
      } else {
        waiting.push(event);
        if (event.type === 'ERROR') ended = true;
      }
      rouse();
    },
    end() {
      ended = true;
      rouse();
    },
    async next() {
      while (start >= waiting.length) {
        if (ended) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const event = waiting[start];
      start += 1;
      if (start === waiting.length) {
        waiting = [];
        start = 0;
      }
      return event;
    },
    close() {
      ended = true;
      waiting = [];
      start = 0;
      rouse();
    },
  };
}

export function createInProcessCluster(options: InProcessOptions): Cluster {
  const { store, clock, name } = options;
  const faultOf = (request: FaultRequest): Fault => options.faults?.(request);

  /** Everything is answered a turn later, as over a network: nobody may lean on an answer that comes at once. */
  const ask = async <T extends KubeObject | KubeList>(request: ApiRequest): Promise<Result<T, ClusterError>> => {
    const fault = faultOf(request);
    if (fault === 'drop') return err(NO_ANSWER);
    if (fault !== undefined && fault !== 'drop-answer') return err(fault);
    const answer = store.execute(request, clock.now());
    if (fault === 'drop-answer') return err(NO_ANSWER);
    return answer.ok ? ok(answer.value.object as T) : err(errorOf(answer.error));
  };

  const startWatch = (type: ResourceType, wanted: WatchOptions, line: Line): Cancel => {
    const fault = faultOf({ verb: 'watch', type, namespace: wanted.namespace });
    if (fault !== undefined) {
      if (typeof fault === 'string') line.end();
      else line.push({ type: 'ERROR', error: fault });
      return () => undefined;
    }
    const { namespace, timeoutSeconds, ...selection } = wanted;
    const request = { type, ...(namespace === undefined ? {} : { namespace }), options: { ...selection, allowWatchBookmarks: true } };
    const handle = store.watch(request, (event) => {
      const cut = options.faults === undefined ? undefined : faultOf({ verb: 'watch-event', type, namespace });
      if (cut === undefined) line.push(watchEvent(event));
      else if (typeof cut === 'string') line.end();
      else line.push({ type: 'ERROR', error: cut });
    });
    if (!handle.ok) {
      line.push({ type: 'ERROR', error: errorOf(handle.error) });
      return () => undefined;
    }
    let cancelBookmark: Cancel = () => undefined;
    const scheduleBookmark = (): void => {
      cancelBookmark = clock.after(BOOKMARK_INTERVAL_MS, () => {
        line.push({ type: 'BOOKMARK', resourceVersion: store.revision() });
        scheduleBookmark();
      });
    };
    scheduleBookmark();
    const cancelTimeout = timeoutSeconds === undefined ? () => undefined : clock.after(timeoutSeconds * 1000, () => line.end());
    return () => {
      handle.value.close();
      cancelBookmark();
      cancelTimeout();
    };
  };

  async function* watch(type: ResourceType, wanted: WatchOptions, signal: AbortSignal): AsyncGenerator<WatchEvent, void> {
    if (signal.aborted) return;
    const line = createLine();
    const stop = startWatch(type, wanted, line);
    const onAbort = (): void => line.close();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (let event = await line.next(); event !== undefined; event = await line.next()) {
        yield event;
        if (event.type === 'ERROR') return;
      }
    } finally {
      stop();
      signal.removeEventListener('abort', onAbort);
    }
  }

  async function* noLogs(): AsyncGenerator<string, void> {
    // Without a sandbox no container runs, and none has written a line.
  }

  return {
    name,
    get: (ref) => ask({ verb: 'get', ...target(ref) }),
    list: (type, wanted: ListOptions = {}) => {
      const { namespace, ...selection } = wanted;
      return ask({ verb: 'list', type, ...(namespace === undefined ? {} : { namespace }), options: selection });
    },
    watch,
    create: (ref, object, wanted = {}) => {
      const { name: refName, ...place } = target(ref, wanted);
      return ask({ verb: 'create', ...place, ...(refName === '' ? {} : { name: refName }), body: object, options: writeOptions(wanted) });
    },
    update: (ref, object, wanted = {}) => ask({ verb: 'update', ...target(ref, wanted), body: object, options: writeOptions(wanted) }),
    patch: (ref, patchType, body, wanted = {}) => ask({ verb: 'patch', ...target(ref, wanted), patchType, body, options: writeOptions(wanted) }),
    delete: (ref, wanted = {}) => ask({ verb: 'delete', ...target(ref), body: deleteBody(wanted), options: {} }),
    async *logs(ref, { onOpen, timestamps, ...wanted }, signal) {
      onOpen?.();
      const lines = options.readLogs?.(ref, wanted, signal) ?? noLogs();
      for await (const line of lines) yield timestamps === true ? stamped(line, clock.now()) : line;
    },
    discover: async (group) => ok(store.types().filter((type) => type.group === group)),
  };
}
