// Two pages over HTTP: /metrics for Prometheus, and /healthz for whoever asks whether the engine is there.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '../../lib/result.js';

/** A few scrapers at a time; others are turned away. */
const MOST_CONNECTIONS = 64;
const MOST_HEADER_BYTES = 8192;
/** Scrapes are small requests: one that takes longer to be sent is not one. */
const LONGEST_REQUEST_MS = 10_000;
/** A reader that takes nothing for so long has gone. Also how long a connection is kept between two scrapes. */
const LONGEST_SILENCE_MS = 75_000;

export type ListenAddress = { readonly host: string; readonly port: number };

/** What /metrics shows. */
export type Page = { readonly contentType: string; text(): Promise<string> };

export type FiguresServer = {
  /** "http://127.0.0.1:8090". */
  readonly url: string;
  stop(): Promise<void>;
};

const PLAIN = 'text/plain; charset=utf-8';

/** Fails with a sentence when the address can not be had. */
export function serveFigures(address: ListenAddress, page: Page): Promise<Result<FiguresServer, string>> {
  const server = createServer(
    { maxHeaderSize: MOST_HEADER_BYTES, requestTimeout: LONGEST_REQUEST_MS, keepAliveTimeout: LONGEST_SILENCE_MS },
    (request, response) => {
      request.resume();
      const [path] = (request.url ?? '/').split('?');
      if (path !== '/metrics' && path !== '/healthz') return answer(response, 404, 'there is nothing here but /metrics and /healthz\n');
      if (request.method !== 'GET') return answer(response, 405, 'only GET is answered here\n', { allow: 'GET' });
      if (path === '/healthz') return answer(response, 200, 'ok\n');
      page.text().then(
        (body) => answer(response, 200, body, { 'content-type': page.contentType }),
        (fault: unknown) => answer(response, 500, `the figures can not be told: ${fault instanceof Error ? fault.message : String(fault)}\n`),
      );
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(LONGEST_SILENCE_MS);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve) => {
    server.once('error', (fault: NodeJS.ErrnoException) => resolve(err(whyNot(address, fault))));
    server.listen(address.port, address.host, () => resolve(ok({ url: urlOf(server.address() as AddressInfo), stop })));
  });
}

function answer(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': PLAIN, 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

const urlOf = ({ address, family, port }: AddressInfo): string => `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

function whyNot({ host, port }: ListenAddress, { code, message }: NodeJS.ErrnoException): string {
  const known: Readonly<Record<string, string>> = {
    EADDRINUSE: 'something else listens there: name another port',
    EADDRNOTAVAIL: 'this machine has no such address',
    EACCES: 'this user may not listen there: ports below 1024 are kept for others',
    ENOTFOUND: 'there is no host of that name',
  };
  return `no figures at ${host}:${port}: ${known[code ?? ''] ?? message}`;
}
