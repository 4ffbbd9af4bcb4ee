// One request to an API server over node:https: bounded in time and size, every failure a value, connections kept.
// client-node's own transport opens a connection for each request and can wait for ever.

import http from 'node:http';
import https from 'node:https';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { ClusterError } from './cluster.js';
import type { Access, Credentials } from './credentials.js';
import { badAnswer, cancelled, errorOfStatus, noAnswer, timedOut } from './errors.js';
import { REQUEST_TIMEOUT_MS } from './limits.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Ask = {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
};

export interface Transport {
  /** The answer's JSON. */
  send(ask: Ask): Promise<Result<unknown, ClusterError>>;
  /** The answer as it comes; the caller reads it to its end or destroys it. Only what is not 2xx is an error. */
  open(path: string, signal: AbortSignal): Promise<Result<http.IncomingMessage, ClusterError>>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A list page of the largest objects is far below this. */
export const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** One request and what came of it. A stream is told twice: when it has opened, and when it has ended. */
export type Exchange = {
  readonly method: Method;
  readonly path: string;
  readonly status: number | undefined;
  readonly milliseconds: number;
  /** What came over the line for it. */
  readonly bytes: number;
  readonly ended: boolean;
  /** Why there was no answer. */
  readonly problem?: string;
};

export type TransportHooks = {
  /** In place of both limits. */
  readonly requestTimeoutMs?: number;
  /** Told of each answer as its head comes. */
  heard?(answer: http.IncomingMessage, sentAt: Instant): void;
  /** Told of each request, for a log. */
  exchanged?(exchange: Exchange): void;
};

export function createTransport(credentials: Credentials, hooks: TransportHooks = {}): Transport {
  const { requestTimeoutMs: wholeMs = REQUEST_TIMEOUT_MS } = hooks;
  const headMs = hooks.requestTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const base = new URL(credentials.context.server);
  const prefix = base.pathname.replace(/\/$/, '');
  const where = `${base.protocol}//${base.host}`;

  const options = (ask: Ask, access: Access, body: string | undefined): http.RequestOptions => ({
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
    method: ask.method,
    path: `${prefix}${ask.path}`,
    agent: access.agent,
    headers: {
      ...access.headers,
      Accept: 'application/json',
      'User-Agent': 'sluice',
      ...(body === undefined ? {} : { 'Content-Type': ask.contentType ?? 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    },
  });

  /** Resolves with the head of the answer. */
  const start = (ask: Ask, access: Access, signal: AbortSignal): Promise<Result<http.IncomingMessage, ClusterError>> =>
    new Promise((resolve) => {
      const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
      const sentAt = Date.now();
      const begin = performance.now();
      // Connections are used for many requests: what was read on this one before is not of this answer.
      let readBefore = 0;
      const request = (base.protocol === 'http:' ? http : https).request({ ...options(ask, access, body), signal });
      const slow = setTimeout(() => {
        resolve(err(timedOut(`${where} did not answer within ${headMs / 1000} s`)));
        request.destroy();
      }, headMs);
      request.on('socket', (socket) => {
        readBefore = socket.bytesRead;
      });
      request.on('response', (answer) => {
        clearTimeout(slow);
        hooks.heard?.(answer, sentAt);
        if (hooks.exchanged !== undefined) tellAnswer(hooks.exchanged, ask, answer, { begin, readBefore });
        resolve(ok(answer));
      });
      request.on('error', (fault: NodeJS.ErrnoException) => {
        clearTimeout(slow);
        const { method, path } = ask;
        hooks.exchanged?.({ method, path, status: undefined, milliseconds: performance.now() - begin, bytes: 0, ended: true, problem: explain(fault) });
        resolve(
          err({ ...noAnswer(`can not reach ${where}: ${explain(fault)}`), ...(request.reusedSocket && fault.code === 'ECONNRESET' ? { reason: STALE } : {}) }),
        );
      });
      request.end(body);
    });

  const attempt = async (ask: Ask, signal: AbortSignal): Promise<Result<http.IncomingMessage, ClusterError>> => {
    const access = await credentials.access();
    if (!access.ok) return access;
    const answer = await start(ask, access.value, signal);
    // The server closed a kept connection just as it was used again; nothing was read, and reading twice is harmless.
    if (!answer.ok && answer.error.reason === STALE && ask.method === 'GET') return start(ask, access.value, signal);
    return answer;
  };

  const withRenewal = async (ask: Ask, signal: AbortSignal): Promise<Result<http.IncomingMessage, ClusterError>> => {
    const answer = await attempt(ask, signal);
    if (!answer.ok) return answer.error.reason === STALE ? err({ ...answer.error, reason: 'NoAnswer' }) : answer;
    if (answer.value.statusCode !== 401 || !(await credentials.renew())) return answer;
    answer.value.resume();
    return attempt(ask, signal);
  };

  /** Why somebody is not let in is better told by what was used than by the server's one word. */
  const judged = async (answer: http.IncomingMessage): Promise<Result<unknown, ClusterError>> => {
    const refusal = credentials.judge(answer.statusCode ?? 0);
    const read = await readAnswer(answer, where);
    return refusal === undefined || read.ok ? read : err({ ...read.error, message: refusal });
  };

  const send = async (ask: Ask): Promise<Result<unknown, ClusterError>> => {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), wholeMs);
    try {
      const answer = await withRenewal(ask, ask.signal === undefined ? ending.signal : AbortSignal.any([ending.signal, ask.signal]));
      if (!answer.ok && ask.signal?.aborted === true) return err(cancelled(`${ask.method} ${ask.path}`));
      if (!answer.ok) return ending.signal.aborted ? err(timedOut(`${where} did not answer within ${wholeMs / 1000} s`)) : answer;
      return await judged(answer.value);
    } catch (fault) {
      if (ask.signal?.aborted === true) return err(cancelled(`${ask.method} ${ask.path}`));
      return err(
        ending.signal.aborted ? timedOut(`${where} did not finish its answer within ${wholeMs / 1000} s`) : noAnswer(`${where} broke off: ${explain(fault)}`),
      );
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    send,
    async open(path, signal) {
      try {
        const answer = await withRenewal({ method: 'GET', path }, signal);
        if (answer.ok && (answer.value.statusCode ?? 0) < 300) credentials.judge(answer.value.statusCode ?? 0);
        if (!answer.ok || (answer.value.statusCode ?? 0) < 300) return answer;
        const failed = await judged(answer.value);
        return err(failed.ok ? badAnswer(`${where} answered ${answer.value.statusCode ?? 0}`) : failed.error);
      } catch (fault) {
        return err(noAnswer(`${where} broke off: ${explain(fault)}`));
      }
    },
    close: () => credentials.close(),
  };
}

type Start = { readonly begin: number; readonly readBefore: number };

const STREAM = /[?&](?:watch|follow)=true/;

/** Tells when the answer has come whole, and of a stream also that it has begun. */
function tellAnswer(exchanged: (exchange: Exchange) => void, { method, path }: Ask, answer: http.IncomingMessage, { begin, readBefore }: Start): void {
  const { statusCode: status, socket } = answer;
  const tell = (ended: boolean): void =>
    exchanged({ method, path, status, milliseconds: performance.now() - begin, bytes: socket.bytesRead - readBefore, ended });
  if (STREAM.test(path)) tell(false);
  answer.on('close', () => tell(true));
}

const STALE = 'StaleConnection';

/** Codes say more than Node's messages for those that happen, and never hold what was sent. */
function explain(fault: unknown): string {
  const { code, message } = fault as { readonly code?: string; readonly message?: string };
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused',
    ECONNRESET: 'connection reset',
    ENOTFOUND: 'unknown host',
    ETIMEDOUT: 'connection timed out',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by the CA of the kubeconfig',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by the CA of the kubeconfig',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by the CA of the kubeconfig',
    CERT_HAS_EXPIRED: 'its certificate has expired',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  };
  return known[code ?? ''] ?? message ?? 'unknown';
}

async function readAnswer(answer: http.IncomingMessage, where: string): Promise<Result<unknown, ClusterError>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) {
      answer.destroy();
      return err(badAnswer(`${where} answered with more than ${MOST_BODY_BYTES} bytes`));
    }
    parts.push(chunk);
  }
  const text = Buffer.concat(parts).toString('utf8');
  const status = answer.statusCode ?? 0;
  const body = parsed(text);
  if (status >= 300 || status < 200) return err(errorOfStatus(status, body, text, retryAfter(answer)));
  return body === undefined ? err(badAnswer(`${where} answered ${status} without JSON`)) : ok(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Told by the caller, who knows whether JSON was due.
    return undefined;
  }
}

function retryAfter(answer: http.IncomingMessage): number | undefined {
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
