// The HTTPS door of the embedded server: on loopback only, with its own certificate, behind a bearer token.
// It holds no objects and no rules about them: those are the store's.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Clock } from '../../lib/clock.js';
import type { ApiStore } from '../store/api.js';
import type { Catalogue } from './catalogue.js';
import { createCatalogue } from './catalogue.js';
import type { SERVED_HOSTS } from './certificate.js';
import { makeCertificate } from './certificate.js';
import { seedRoles } from './default-roles.js';
import { documentReply } from './documents.js';
import { kubeconfigText } from './kubeconfig.js';
import type { OpenApi } from './openapi/documents.js';
import { createOpenApi } from './openapi/documents.js';
import type { ReadLogs } from './pod-logs.js';
import type { Reply } from './reply.js';
import { sendReply, statusReply } from './reply.js';
import { parsePath } from './request-path.js';
import { isLongRunning, resourceReply } from './resource-handler.js';
import { createUsers, type Users } from './users.js';
import { internalError, methodNotAllowed, tooManyRequests } from './status.js';

export type HttpsDoorOptions = {
  readonly store: ApiStore;
  readonly clock: Clock;
  /** 0 or absent: one that is free. */
  readonly port?: number;
  /** The name in the URL; the socket is bound to 127.0.0.1 in any case. */
  readonly host?: (typeof SERVED_HOSTS)[number];
  readonly readLogs: ReadLogs;
  /** Absent: a random one. */
  readonly token?: string;
  /** Requests, and watches with followed logs, at one time; absent: MAX_IN_FLIGHT and MAX_STREAMS. */
  readonly limits?: { readonly inFlight: number; readonly streams: number };
};

export type HttpsDoor = {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly caPem: string;
  /** The text of a kubeconfig for this server. */
  kubeconfig(): string;
  /** Ends all watches and connections. */
  close(): Promise<void>;
};

/** Requests at one time, watches and followed logs not counted: the limit of the real server. */
export const MAX_IN_FLIGHT = 400;
/** Watches and followed logs at one time. */
export const MAX_STREAMS = 1000;

const RETRY_AFTER_SECONDS = 1;
const TOKEN_BYTES = 32;
const BOUND_ADDRESS = '127.0.0.1';
const REQUEST_TIMEOUT_MS = 60_000;
// Longer than clients keep idle connections, so that it is they who close them and never in the middle of a request.
const KEEP_ALIVE_MS = 120_000;

/** Rejects with a clear Error when the port is taken. */
export async function startHttpsDoor(options: HttpsDoorOptions): Promise<HttpsDoor> {
  const { store, clock, readLogs } = options;
  const limits = options.limits ?? { inFlight: MAX_IN_FLIGHT, streams: MAX_STREAMS };
  const token = options.token ?? randomBytes(TOKEN_BYTES).toString('hex');
  const certificate = await makeCertificate(clock.now());
  const catalogue = createCatalogue(store, () => clock.now());
  const users = createUsers(store, token);
  seedRoles(store, clock.now());
  const door: Door = { store, clock, readLogs, catalogue, openApi: createOpenApi(catalogue), users, counts: { inFlight: 0, streams: 0 }, limits, address: '' };
  const server = createServer({ key: certificate.keyPem, cert: certificate.certPem, requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void answer(door, request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, options.port ?? 0);
  door.address = `${BOUND_ADDRESS}:${port}`;
  const url = `https://${options.host ?? BOUND_ADDRESS}:${port}`;
  return {
    url,
    port,
    token,
    caPem: certificate.certPem,
    kubeconfig: () => kubeconfigText({ url, caPem: certificate.certPem, token }),
    close: () => {
      catalogue.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

type Door = {
  readonly store: ApiStore;
  readonly clock: Clock;
  readonly readLogs: ReadLogs;
  readonly catalogue: Catalogue;
  readonly openApi: OpenApi;
  readonly users: Users;
  readonly counts: { inFlight: number; streams: number };
  readonly limits: { readonly inFlight: number; readonly streams: number };
  address: string;
};

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // Stays on: later errors of the listening socket (no more file handles) must not end the process.
    server.on('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        new Error(
          inUse ? `port ${port} on ${BOUND_ADDRESS} is in use: choose another one, or none` : `cannot listen on ${BOUND_ADDRESS}:${port}: ${error.message}`,
        ),
      );
    });
    server.listen(port, BOUND_ADDRESS, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function answer(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => response.destroy());
  // Clients tell the server's clock by this: it is the one that its objects are dated by.
  response.setHeader('Date', new Date(door.clock.now()).toUTCString());
  try {
    const reply = await replyTo(door, request, response);
    if (reply === undefined) {
      response.destroy();
      return;
    }
    // What the client still sends after a refusal is not read; the connection could not be used again.
    if (!request.complete) response.setHeader('Connection', 'close');
    sendReply(response, reply);
  } catch (error) {
    // A broken invariant ends this request loudly, not the server.
    if (response.headersSent) response.destroy();
    else sendReply(response, statusReply(internalError(error instanceof Error ? error.message : String(error))));
  }
}

async function replyTo(door: Door, request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
  const user = door.users.identify(request.headers, door.clock.now());
  if (!user.ok) return statusReply(user.error, user.error.code === 401 ? { 'WWW-Authenticate': 'Bearer' } : {});
  const [pathname = '/', ...rest] = (request.url ?? '/').split('?');
  const search = new URLSearchParams(rest.join('?'));
  const parsed = parsePath(pathname);
  if (!parsed.ok) return statusReply(parsed.error);
  const path = parsed.value;
  const method = request.method ?? 'GET';
  const long = path.type === 'resource' && isLongRunning(path, search);
  const counter = long ? 'streams' : 'inFlight';
  if (door.counts[counter] >= door.limits[counter]) return statusReply(tooManyRequests(RETRY_AFTER_SECONDS));
  door.counts[counter] += 1;
  response.once('close', () => {
    door.counts[counter] -= 1;
  });
  if (path.type === 'resource') return resourceReply(door, { request, method, path, search, user: user.value });
  if (method !== 'GET' && method !== 'HEAD') return statusReply(methodNotAllowed(), { Allow: 'GET' });
  return documentReply({ path, accept: request.headers.accept, known: request.headers['if-none-match'], search }, door.catalogue, door.openApi, door.address);
}
