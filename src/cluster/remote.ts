// Any Kubernetes API server over the network, as a Cluster.

import type { IncomingMessage } from 'node:http';
import type { PatchType } from '../kinds/change.js';
import type { KubeList, KubeObject } from '../kinds/kube-object.js';
import { isRecord } from '../lib/deep.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Cluster, ClusterError, WatchEvent, WriteOptions } from './cluster.js';
import { openCredentials } from './credentials.js';
import { discoverGroup } from './discovery.js';
import { badAnswer, errorOfStatus, noAnswer, timedOut } from './errors.js';
import type { KubeContext, KubeconfigError, KubeconfigSource } from './kubeconfig.js';
import { LineTooLong, linesOf } from './lines.js';
import { collectionPath, objectPath, queryText } from './paths.js';
import type { Query } from './paths.js';
import { createServerClock } from './server-clock.js';
import { createTransport } from './transport.js';
import type { Ask, Exchange } from './transport.js';

export interface RemoteCluster extends Cluster {
  readonly context: KubeContext;
  /** Milliseconds that the last request took; undefined before the first answer. */
  latencyMs(): number | undefined;
  /** Closes all connections; requests that run fail. */
  close(): void;
}

export type RemoteOptions = {
  readonly kubeconfig: KubeconfigSource;
  /** Absent: the current context of the file. */
  readonly context?: string;
  /** The longest that one request may take; streams go on. Absent: as the transport says. */
  readonly requestTimeoutMs?: number;
  /** Told of each request, for a log. */
  readonly exchanged?: (exchange: Exchange) => void;
};

/** A stream that is silent for longer is dead: servers send bookmarks about once a minute. */
const STREAM_SILENCE_MS = 160_000;
/** An object of the API is at most some 1.5 MB; one event holds one object. */
const MOST_EVENT_BYTES = 16 * 1024 * 1024;
const MOST_LOG_LINE_BYTES = 1024 * 1024;

const PATCH_CONTENT: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

const writeQuery = (options: WriteOptions | undefined): Query => ({
  fieldManager: options?.fieldManager,
  fieldValidation: options?.fieldValidation,
  dryRun: options?.dryRun === true ? 'All' : undefined,
  force: options?.force,
});

/** Reads the kubeconfig; the server is first asked at the first request. */
export async function createRemoteCluster(options: RemoteOptions): Promise<Result<RemoteCluster, KubeconfigError>> {
  const credentials = await openCredentials(options.kubeconfig, options.context, Date.now);
  if (!credentials.ok) return credentials;
  const { context } = credentials.value;
  const serverClock = createServerClock();
  const transport = createTransport(credentials.value, {
    ...(options.requestTimeoutMs === undefined ? {} : { requestTimeoutMs: options.requestTimeoutMs }),
    heard: (answer, sentAt) => serverClock.heard(answer.headers.date, sentAt, Date.now()),
    ...(options.exchanged === undefined ? {} : { exchanged: options.exchanged }),
  });
  let latencyMs: number | undefined;

  const send = async (ask: Ask): Promise<Result<unknown, ClusterError>> => {
    const begin = performance.now();
    const answer = await transport.send(ask);
    if (answer.ok || answer.error.code > 0) latencyMs = performance.now() - begin;
    return answer;
  };
  const sendForObject: SendForObject = async (ask) => {
    const answer = await send(ask);
    if (!answer.ok) return answer;
    return isRecord(answer.value) ? ok(answer.value as KubeObject) : err(badAnswer(`${ask.method} ${ask.path} was answered without an object`));
  };

  return ok({
    name: context.name,
    context,
    entrance: credentials.value.entrance,
    latencyMs: () => latencyMs,
    skewMs: serverClock.skewMs,
    close: () => transport.close(),
    get: (ref) => sendForObject({ method: 'GET', path: objectPath(ref) }),
    async list(type, listOptions = {}) {
      const { namespace, signal, ...query } = listOptions;
      const answer = await send({ method: 'GET', path: collectionPath(type, namespace) + queryText(query), signal });
      if (!answer.ok) return answer;
      return isList(answer.value) ? ok(answer.value) : err(badAnswer(`the list of ${type.plural} is no list`));
    },
    async *watch(type, { namespace, ...query }, signal) {
      const path = collectionPath(type, namespace) + queryText({ ...query, watch: true, allowWatchBookmarks: true });
      const opened = await transport.open(path, signal);
      if (signal.aborted) return;
      if (opened.ok) yield* eventsOf(opened.value, signal);
      else yield { type: 'ERROR', error: opened.error };
    },
    ...writesBy(sendForObject),
    async *logs(ref, { container, follow, tailLines, timestamps, previous, onOpen }, signal) {
      const opened = await transport.open(objectPath(ref, 'log') + queryText({ container, follow, tailLines, timestamps, previous }), signal);
      if (signal.aborted) return;
      onOpen?.();
      if (opened.ok) yield* logLines(opened.value, signal);
      else yield `(no logs of ${ref.name}: ${opened.error.message})`;
    },
    discover: (group) => discoverGroup(group, (path) => send({ method: 'GET', path })),
  });
}

type SendForObject = (ask: Ask) => Promise<Result<KubeObject, ClusterError>>;

const writesBy = (sendForObject: SendForObject): Pick<Cluster, 'create' | 'update' | 'patch' | 'delete'> => ({
  create: (ref, object, more) =>
    sendForObject({
      method: 'POST',
      path: (more?.subresource === undefined ? collectionPath(ref.type, ref.namespace) : objectPath(ref, more.subresource)) + queryText(writeQuery(more)),
      body: object,
      signal: more?.signal,
    }),
  update: (ref, object, more) =>
    sendForObject({ method: 'PUT', path: objectPath(ref, more?.subresource) + queryText(writeQuery(more)), body: object, signal: more?.signal }),
  patch: (ref, patchType, body, more) =>
    sendForObject({
      method: 'PATCH',
      path: objectPath(ref, more?.subresource) + queryText(writeQuery(more)),
      body,
      contentType: PATCH_CONTENT[patchType],
      signal: more?.signal,
    }),
  delete(ref, more = {}) {
    const { uid, resourceVersion, propagation, gracePeriodSeconds, signal } = more;
    const preconditions = uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
    return sendForObject({
      method: 'DELETE',
      path: objectPath(ref),
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy: propagation, gracePeriodSeconds },
      signal,
    });
  },
});

function isList(value: unknown): value is KubeList {
  return isRecord(value) && Array.isArray(value['items']) && isRecord(value['metadata']) && typeof value['metadata']['resourceVersion'] === 'string';
}

async function* eventsOf(stream: IncomingMessage, signal: AbortSignal): AsyncGenerator<WatchEvent> {
  let silent = false;
  stream.setTimeout(STREAM_SILENCE_MS, () => {
    silent = true;
    stream.destroy();
  });
  try {
    for await (const line of linesOf(stream, MOST_EVENT_BYTES)) {
      if (signal.aborted) return;
      if (line.trim() === '') continue;
      const event = eventOf(line);
      yield event;
      if (event.type === 'ERROR') return;
    }
  } catch (fault) {
    if (signal.aborted) return;
    if (silent) yield { type: 'ERROR', error: timedOut(`the watch was silent for ${STREAM_SILENCE_MS / 1000} s`) };
    else if (fault instanceof LineTooLong) yield { type: 'ERROR', error: badAnswer(fault.message) };
    // A broken connection says nothing about the server: the reader goes on from the last version.
    else yield { type: 'ERROR', error: noAnswer('the watch broke off') };
  } finally {
    stream.destroy();
  }
}

function eventOf(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return { type: 'ERROR', error: badAnswer('the watch sent a line that is not JSON') };
  }
  const object = isRecord(event) ? event['object'] : undefined;
  if (!isRecord(event) || !isRecord(object)) return { type: 'ERROR', error: badAnswer('the watch sent something that is no event') };
  switch (event['type']) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return isRecord(object['metadata'])
        ? { type: event['type'], object: object as KubeObject }
        : { type: 'ERROR', error: badAnswer('the watch sent an object without metadata') };
    case 'BOOKMARK': {
      const version = isRecord(object['metadata']) ? object['metadata']['resourceVersion'] : undefined;
      return typeof version === 'string'
        ? { type: 'BOOKMARK', resourceVersion: version }
        : { type: 'ERROR', error: badAnswer('the watch sent a bookmark without a version') };
    }
    default:
      return { type: 'ERROR', error: errorOfStatus(typeof object['code'] === 'number' ? object['code'] : 0, object, line) };
  }
}

async function* logLines(stream: IncomingMessage, signal: AbortSignal): AsyncGenerator<string> {
  try {
    for await (const line of linesOf(stream, MOST_LOG_LINE_BYTES)) {
      if (signal.aborted) return;
      yield line;
    }
  } catch (fault) {
    if (!signal.aborted) yield `(the log broke off: ${fault instanceof Error ? fault.message : 'unknown'})`;
  } finally {
    stream.destroy();
  }
}
