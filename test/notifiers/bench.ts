// What tests of notifications share: a reader of YAML, a rollout, and a local server that keeps what it gets.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readYaml as readDocument } from '../../src/app/yaml-text.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { systemClock } from '../../src/lib/clock.js';
import type { HttpSend } from '../../src/lib/http.js';
import { err, ok } from '../../src/lib/result.js';
import type { ReadYaml, ServiceIo } from '../../src/notifiers/service.js';
import { createHttpSend } from '../../src/providers/http.js';

export const NOW = Date.parse('2026-03-04T05:06:07Z');

export const readYaml: ReadYaml = (text) => {
  const read = readDocument(text);
  return read.ok ? ok(read.value.value) : err(`line ${read.error[0].line}: ${read.error[0].message}`);
};

export function aRollout(annotations: Readonly<Record<string, string>> = {}, more: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'cart', namespace: 'shop', uid: 'u1', generation: 3, labels: { team: 'blue' }, annotations },
    spec: { replicas: 5, template: { spec: { containers: [{ name: 'app', image: 'demo:purple' }] } } },
    status: { phase: 'Healthy', currentPodHash: 'abc', observedGeneration: '3' },
    ...more,
  };
}

export type Got = { readonly method: string; readonly path: string; readonly headers: http.IncomingHttpHeaders; readonly body: string };
export type Answer = { readonly status?: number; readonly body?: string };

export type LocalServer = { readonly url: string; readonly host: string; readonly got: Got[]; answer: (got: Got, count: number) => Answer; close(): void };

export async function listen(): Promise<LocalServer> {
  const got: Got[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const each = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      got.push(each);
      const { status = 200, body = '' } = local.answer(each, got.length);
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const local: LocalServer = {
    url: `http://${host}`,
    host,
    got,
    answer: () => ({}),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return local;
}

/** Waits no longer than it must between attempts. */
const hasty = { ...systemClock, after: (_delayMs: number, action: () => void) => systemClock.after(0, action) };

/** Over real sockets; addresses of the wide world are answered by that server too. */
export function ioFor(server: LocalServer): ServiceIo {
  const network = createHttpSend();
  const send: HttpSend = (request, signal) => {
    const url = new URL(URL.canParse(request.url) ? request.url : server.url);
    if (url.hostname === '127.0.0.1') return network.send(request, signal);
    return network.send({ ...request, url: `${server.url}/${url.host}${url.pathname}${url.search}` }, signal);
  };
  return { http: send, clock: hasty, readYaml };
}
