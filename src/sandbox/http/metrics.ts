// The sandbox's metric sources on loopback: a Prometheus and a SkyWalking, each on a port of its own.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '../../lib/result.js';
import { type EndAnswer, type EndRequest, textAnswer } from '../metrics/http-answer.js';

/** Queries are small; a longer body is refused. */
const MOST_BODY_BYTES = 1024 * 1024;

export type MetricEnds = { readonly prometheus: string; readonly skywalking: string; stop(): Promise<void> };

type Answer = (request: EndRequest) => Promise<EndAnswer>;

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function handle(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const contentType = request.headers['content-type'] ?? '';
  const body = await readBody(request);
  const given =
    body === undefined
      ? textAnswer(413, 'the body is too large')
      : await answer({
          method: request.method ?? 'GET',
          path: url.pathname,
          parameters: {
            ...Object.fromEntries(url.searchParams),
            ...(contentType.startsWith('application/x-www-form-urlencoded') ? Object.fromEntries(new URLSearchParams(body)) : {}),
          },
          body,
          contentType,
        });
  response.writeHead(given.status, { 'content-type': given.contentType, 'content-length': Buffer.byteLength(given.body), ...given.headers });
  response.end(given.body);
}

function listen(answer: Answer): Promise<Result<Server, string>> {
  const server = createServer((request, response) => {
    handle(answer, request, response).catch((error: unknown) => {
      // A client that goes away in the middle of its request is no fault of this server's.
      if (!response.headersSent) response.writeHead(500).end(error instanceof Error ? error.message : 'failed');
      else response.destroy();
    });
  });
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(err(error.message)));
    server.listen(0, '127.0.0.1', () => resolve(ok(server)));
  });
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Fails with a sentence when there is no port to be had. */
export async function startMetricEnds(ends: { readonly prometheus: Answer; readonly skywalking: Answer }): Promise<Result<MetricEnds, string>> {
  const prometheus = await listen(ends.prometheus);
  if (!prometheus.ok) return err(`no port for the sandbox's Prometheus: ${prometheus.error}`);
  const skywalking = await listen(ends.skywalking);
  if (!skywalking.ok) {
    await close(prometheus.value);
    return err(`no port for the sandbox's SkyWalking: ${skywalking.error}`);
  }
  return ok({
    prometheus: urlOf(prometheus.value),
    skywalking: urlOf(skywalking.value),
    stop: async () => {
      await Promise.all([close(prometheus.value), close(skywalking.value)]);
    },
  });
}
