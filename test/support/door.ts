// Requests straight to the embedded server of a kubeconfig, for tests that press it harder than a client would.

import { readFileSync } from 'node:fs';
import { type Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';

export type Door = { readonly host: string; readonly port: number; readonly ca: string; readonly token: string };

export function doorOf(kubeconfig: string): Door {
  type Config = { clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }]; users: [{ user: { token: string } }] };
  const { clusters: [{ cluster }], users: [{ user }] } = parse(readFileSync(kubeconfig, 'utf8')) as Config;
  const url = new URL(cluster.server);
  return { host: url.hostname, port: Number(url.port), ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(), token: user.token };
}

type Call = { readonly method: string; readonly target: string; readonly agent: Agent; readonly body?: string };

export function open({ host, port, ca, token }: Door, { method, target, agent, body }: Call): Promise<IncomingMessage> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const headers = { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }) };
  return new Promise((resolve, reject) => {
    request({ host, port, ca, agent, method, path: target, headers }, resolve).on('error', reject).end(body);
  });
}
