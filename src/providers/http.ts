// HTTP for metric providers: kept connections, a deadline for the whole exchange, a limit on the body, ten redirects.

import http from 'node:http';
import https from 'node:https';

import type { HttpFailure, HttpRequest, HttpResponse, HttpSend } from '../lib/http.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';

const MAX_REDIRECTS = 10;
const MAX_SOCKETS_PER_HOST = 16;
const IDLE_SOCKET_MS = 30_000;

type Agents = { readonly plain: http.Agent; readonly checked: https.Agent; readonly unchecked: https.Agent };
type Outcome = Result<HttpResponse, HttpFailure>;

/** Connections are kept between calls and do not keep the process alive. `close` ends the idle ones. */
export function createHttpSend(): { readonly send: HttpSend; readonly close: () => void } {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS_PER_HOST, timeout: IDLE_SOCKET_MS };
  const agents: Agents = {
    plain: new http.Agent(options),
    checked: new https.Agent(options),
    unchecked: new https.Agent({ ...options, rejectUnauthorized: false }),
  };
  return {
    send: (request, signal) => exchange(request, agents, signal),
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

async function exchange(request: HttpRequest, agents: Agents, signal: AbortSignal | undefined): Promise<Outcome> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const stop = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const outcome = await once(current, agents, stop);
    if (!outcome.ok) return deadline.aborted ? err({ type: 'timeout', message: `no complete answer within ${request.timeoutMs / 1000} s` }) : outcome;
    const next = redirected(current, outcome.value);
    if (next === undefined) return outcome;
    if (redirects >= MAX_REDIRECTS) return err({ type: 'failed', message: `stopped after ${MAX_REDIRECTS} redirects` });
    current = next;
  }
}

/** The request that a redirect asks for: 307 and 308 repeat it, the others fetch with GET, as Go's client does. */
function redirected(request: HttpRequest, response: HttpResponse): HttpRequest | undefined {
  const location = response.headers['location'];
  if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined || !URL.canParse(location, request.url)) return undefined;
  const url = new URL(location, request.url);
  const sameHost = url.host === new URL(request.url).host;
  const dropped = sameHost ? [] : ['authorization', 'cookie'];
  const keep = response.status === 307 || response.status === 308;
  const bodyHeaders = keep ? [] : ['content-type', 'content-length'];
  const headers = Object.fromEntries(Object.entries(request.headers ?? {}).filter(([name]) => ![...dropped, ...bodyHeaders].includes(name.toLowerCase())));
  const { body, ...rest } = request;
  return { ...rest, method: keep ? request.method : 'GET', url: url.href, headers, ...(keep && body !== undefined ? { body } : {}) };
}

function once(request: HttpRequest, agents: Agents, signal: AbortSignal): Promise<Outcome> {
  if (!URL.canParse(request.url)) return Promise.resolve(err({ type: 'bad-url', message: `not a URL: ${JSON.stringify(request.url)}` }));
  const url = new URL(request.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return Promise.resolve(err({ type: 'bad-url', message: `unsupported protocol scheme "${url.protocol.slice(0, -1)}"` }));
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const agent = secure ? (request.insecure === true ? agents.unchecked : agents.checked) : agents.plain;
    const headers = { ...request.headers, ...(request.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(request.body)) }) };
    const fail = (error: unknown): void => resolve(err(failureOf(error)));
    try {
      const outgoing = (secure ? https : http).request(url, { method: request.method, headers, agent, signal }, (incoming) => {
        collect(incoming, request.maxBodyBytes, resolve);
      });
      outgoing.on('error', fail);
      outgoing.end(request.body);
    } catch (error) {
      // Header names and values that HTTP does not allow.
      fail(error);
    }
  });
}

function collect(incoming: http.IncomingMessage, maxBytes: number, resolve: (outcome: Outcome) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) {
      resolve(err({ type: 'too-large', message: `the answer is longer than ${maxBytes} bytes` }));
      incoming.destroy();
    } else {
      chunks.push(chunk);
    }
  });
  incoming.on('error', (error) => resolve(err(failureOf(error))));
  incoming.on('end', () => {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    );
    resolve(ok({ status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') }));
  });
}

function failureOf(error: unknown): HttpFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error && error.message !== '' ? error.message : code === '' ? 'the request failed' : code;
  if (code === 'ECONNREFUSED') return { type: 'refused', message: `connection refused (${message})` };
  if (code === 'ABORT_ERR') return { type: 'failed', message: 'the request was given up' };
  return { type: 'failed', message };
}
