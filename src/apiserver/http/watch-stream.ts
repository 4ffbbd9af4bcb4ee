// A watch as it goes over the wire: one JSON line per event, bookmarks at intervals, an end after `timeoutSeconds`.
// A client that does not read is cut off at a named limit, so that it costs neither memory nor the others' time.

import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../kinds/kube-object.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import type { Cancel, Clock } from '../../lib/clock.js';
import type { ApiStatus, ApiStore, StoreEvent, WatchHandle, WatchRequest } from '../store/api.js';
import type { ServedType } from './catalogue.js';
import type { Reply } from './reply.js';
import { JSON_TYPE, statusReply } from './reply.js';

/** What may wait for a slow reader, beyond the state that it was given at the beginning. */
export const MAX_WATCH_BACKLOG_BYTES = 16 * 1024 * 1024;
/** As the real server: about one bookmark a minute. */
export const BOOKMARK_INTERVAL_MS = 60_000;
/** A watch without `timeoutSeconds` ends after this, as the real server's do; clients begin another. */
export const DEFAULT_WATCH_MS = 3_600_000;

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** The object of an event in the form that the client asked for, as JSON text; `json` is the object itself. */
export type RenderEvent = (object: KubeObject, json: string) => string;

export type WatchParts = {
  readonly store: ApiStore;
  readonly clock: Clock;
  readonly served: ServedType;
  readonly request: WatchRequest;
  readonly timeoutSeconds: number | undefined;
  readonly render: RenderEvent;
};

/** A refusal of the store becomes an answer; a version that is gone becomes an ERROR event, as the real server's cache does. */
export function watchReply(parts: WatchParts): Reply {
  const early: StoreEvent[] = [];
  let deliver = (event: StoreEvent): void => {
    early.push(event);
  };
  const watch = parts.store.watch(parts.request, (event) => deliver(event));
  if (!watch.ok && watch.error.code !== 410) return statusReply(watch.error);
  return {
    type: 'stream',
    start: (response) => {
      const line = lineMaker(parts);
      const lines = watch.ok ? early.map(line) : [errorLine(watch.error)];
      const ended = !watch.ok || early.some((event) => event.type === 'ERROR');
      const stream = openStream(response, parts, lines, watch.ok ? watch.value : undefined);
      if (ended) stream.end();
      deliver = (event) => {
        stream.send(line(event));
        if (event.type === 'ERROR') stream.end();
      };
    },
  };
}

type Stream = { send(line: string): void; end(): void };

function openStream(response: ServerResponse, parts: WatchParts, initial: readonly string[], handle: WatchHandle | undefined): Stream {
  if (response.destroyed) {
    handle?.close();
    return { send: () => undefined, end: () => undefined };
  }
  response.writeHead(200, { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  const queue = createLineQueue(response, initial);
  let cancelEnd: Cancel = () => undefined;
  let cancelBookmark: Cancel = () => undefined;
  let open = true;
  const stop = (): void => {
    open = false;
    handle?.close();
    // A timer that is left would keep the whole process from ending.
    cancelEnd();
    cancelBookmark();
  };
  response.on('close', stop);
  const end = (): void => {
    if (!open) return;
    stop();
    queue.end();
  };
  const bookmark = (): void => {
    queue.push(bookmarkLine(parts, parts.store.revision(), false));
  };
  const asksBookmarks = parts.request.options.allowWatchBookmarks === true;
  const repeat = (): void => {
    cancelBookmark = parts.clock.after(BOOKMARK_INTERVAL_MS, () => {
      bookmark();
      repeat();
    });
  };
  if (handle !== undefined) {
    const lastsMs = parts.timeoutSeconds === undefined || parts.timeoutSeconds === 0 ? DEFAULT_WATCH_MS : parts.timeoutSeconds * 1000;
    cancelEnd = parts.clock.after(lastsMs, () => {
      if (asksBookmarks) bookmark();
      end();
    });
    if (asksBookmarks) repeat();
  }
  return {
    send: (line) => {
      if (!open) return;
      if (queue.push(line)) return;
      stop();
      response.destroy();
    },
    end,
  };
}

type LineQueue = { /** False when the reader is too far behind. */ push(line: string): boolean; end(): void };

/** Hands lines to the socket only as fast as it takes them. */
function createLineQueue(response: ServerResponse, initial: readonly string[]): LineQueue {
  let waiting: string[] = [...initial];
  let waitingBytes = waiting.reduce((sum, line) => sum + line.length, 0);
  const limit = waitingBytes + MAX_WATCH_BACKLOG_BYTES;
  let blocked = false;
  let ending = false;
  const flush = (): void => {
    let next = 0;
    while (!blocked && next < waiting.length) {
      const line = waiting[next] ?? '';
      next += 1;
      waitingBytes -= line.length;
      blocked = !response.write(line);
    }
    waiting = waiting.slice(next);
    if (ending && waiting.length === 0) response.end();
  };
  response.on('drain', () => {
    blocked = false;
    flush();
  });
  flush();
  return {
    push: (line) => {
      waiting.push(line);
      waitingBytes += line.length;
      if (!blocked) flush();
      return waitingBytes <= limit;
    },
    end: () => {
      ending = true;
      if (waiting.length === 0) response.end();
    },
  };
}

function lineMaker(parts: WatchParts): (event: StoreEvent) => string {
  let initialEventsEnd = parts.request.options.sendInitialEvents === true;
  return (event) => {
    if (event.type === 'ERROR') return errorLine(event.status);
    if (event.type !== 'BOOKMARK') return `{"type":"${event.type}","object":${parts.render(event.object, event.json)}}\n`;
    const marked = initialEventsEnd;
    initialEventsEnd = false;
    return bookmarkLine(parts, event.resourceVersion, marked);
  };
}

const errorLine = (status: ApiStatus): string => `{"type":"ERROR","object":${JSON.stringify(status)}}\n`;

function bookmarkLine({ served, render }: WatchParts, resourceVersion: string, initialEventsEnd: boolean): string {
  const annotations = initialEventsEnd ? { annotations: { [INITIAL_EVENTS_END]: 'true' } } : {};
  // An object of the kind that says nothing but how far the watch has come; it has no name.
  const metadata: Partial<KubeObject['metadata']> = { resourceVersion, ...annotations };
  const object: KubeObject = { kind: served.type.kind, apiVersion: apiVersionOf(served.type), metadata: metadata as KubeObject['metadata'] };
  return `{"type":"BOOKMARK","object":${render(object, JSON.stringify(object))}}\n`;
}
