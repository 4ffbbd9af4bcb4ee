// What tests of notifications share: a rollout, and a local server that keeps what it gets.

import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { readYamlValue as readYaml } from '../../src/app/yaml-text.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { systemClock } from '../../src/lib/clock.js';
import type { HttpSend } from '../../src/lib/http.js';
import type { ServiceIo } from '../../src/notifiers/service.js';
import { createHttpSend } from '../../src/providers/http.js';

export const NOW = Date.parse('2026-03-04T05:06:07Z');

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

/** A mail server of the least kind: takes every message. */
export async function mailServer(): Promise<{ readonly port: number; readonly mails: string[]; close(): void }> {
  const mails: string[] = [];
  const server = net.createServer((socket) => {
    let inData = false;
    let text = '';
    socket.write('220 test ESMTP\r\n');
    socket.on('error', () => undefined).on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n'); end !== -1; end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) mails.push(line);
        socket.write(inData ? '250 taken\r\n' : line === 'DATA' ? '354 go on\r\n' : line.startsWith('EHLO') ? '250-test\r\n250 AUTH PLAIN\r\n' : line.startsWith('AUTH') ? '235 yes\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
        if (line.startsWith('AUTH')) mails.push(line);
        inData = !inData && line === 'DATA';
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, mails, close: () => server.close() };
}
