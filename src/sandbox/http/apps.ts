// The pretend apps on loopback: one port for each Service asked for, so that `curl` sees the split that the routing objects make,
// and web analyses have something to measure (paths: app-answer.ts).

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../lib/clock.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import type { AppAnswer, AppRequest } from '../app-answer.js';
import type { Host } from '../routing.js';

export type AppHost = Host & { /** Absent or 0 for whichever is free. */ readonly port?: number };

export type AppsOptions = {
  readonly hosts: readonly AppHost[];
  readonly clock: Clock;
  /** The sandbox's: chooses the pod, decides, and counts the request. */
  readonly answer: (request: AppRequest) => AppAnswer;
};

export interface Apps {
  /** "http://127.0.0.1:40123", without a slash at its end; undefined for a Service that was not asked for. */
  urlOf(host: Host): string | undefined;
  stop(): Promise<void>;
}

/** Fails with a sentence when a port can not be had; then none is left open. */
export async function startApps(options: AppsOptions): Promise<Result<Apps, string>> {
  const servers: Server[] = [];
  const urls = new Map<string, string>();
  const stop = async (): Promise<void> => {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  };
  for (const host of options.hosts) {
    const server = createServer((request, response) => serve(host, options, request, response));
    const failure = await listen(server, host.port ?? 0);
    if (failure !== undefined) {
      await stop();
      return err(`no port for the app ${host.namespace}/${host.name}: ${failure}`);
    }
    servers.push(server);
    urls.set(`${host.namespace}/${host.name}`, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
  return ok({ urlOf: ({ namespace, name }) => urls.get(`${namespace}/${name}`), stop });
}

function listen(server: Server, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(error.message));
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
}

function serve(host: Host, { clock, answer }: AppsOptions, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const [path = '/', search = ''] = (request.url ?? '/').split('?');
  if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
    return;
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const given = answer({ host, path, headers, fail: new URLSearchParams(search).get('fail') === 'true' });
  const body = `${JSON.stringify(given.body)}\n`;
  const cancel = clock.after(given.delayMs, () => {
    response.writeHead(given.code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  response.once('close', cancel);
}
