// The API of a server over HTTPS, ours or a real one: each request as any client would send it.

import https from 'node:https';
import type { ApiAnswer, ApiOptions, ApiRequest, ApiStatus } from '../../src/apiserver/store/api.js';
import { openCredentials, type Credentials } from '../../src/cluster/credentials.js';
import { collectionPath, objectPath, queryText } from '../../src/cluster/paths.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { assert } from '../../src/lib/assert.js';
import { err, ok, type Result } from '../../src/lib/result.js';
import type { Api, Http, Seen } from './api-door.js';

const PATCHES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

const WATCH_SECONDS = 20;

const queryOf = ({ dryRun, ...options }: ApiOptions): string => queryText({ ...options, dryRun: dryRun === true ? 'All' : undefined });

type Sent = { readonly method: string; readonly path: string; readonly body?: unknown; readonly contentType?: string };

function sentOf(request: ApiRequest): Sent {
  const { type } = request;
  switch (request.verb) {
    case 'list':
      return { method: 'GET', path: `${collectionPath(type, request.namespace)}${queryOf(request.options)}` };
    case 'deletecollection':
      return { method: 'DELETE', path: `${collectionPath(type, request.namespace)}${queryOf(request.options)}`, body: request.body };
    case 'create': {
      const path = request.name === undefined ? collectionPath(type, request.namespace) : objectPath({ ...request, name: request.name }, request.subresource);
      return { method: 'POST', path: `${path}${queryOf(request.options)}`, body: request.body };
    }
    case 'get':
      return { method: 'GET', path: objectPath(request, request.subresource) };
    case 'update':
      return { method: 'PUT', path: `${objectPath(request, request.subresource)}${queryOf(request.options)}`, body: request.body };
    case 'patch':
      return { method: 'PATCH', path: `${objectPath(request, request.subresource)}${queryOf(request.options)}`, body: request.body, contentType: PATCHES[request.patchType] };
    case 'delete':
      return { method: 'DELETE', path: `${objectPath(request)}${queryOf(request.options)}`, body: request.body };
  }
}

const warningsOf = (header: string): string[] => [...header.matchAll(/299 \S+ ("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text) as string);

/** A group that nobody has heard of is answered in plain words. */
function parsed(text: string, code: number): KubeObject & ApiStatus {
  try {
    return JSON.parse(text) as KubeObject & ApiStatus;
  } catch {
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'NotJson', message: text, code } as unknown as KubeObject & ApiStatus;
  }
}

export type HttpApi = { readonly api: Api; readonly http: Http; close(): void };

export async function openHttpApi(file: string): Promise<HttpApi> {
  const opened = await openCredentials({ file, environment: {} }, undefined, Date.now);
  assert(opened.ok, 'the kubeconfig can be read');
  const credentials = opened.value;
  const http = createHttp(credentials);
  const ask = async (request: ApiRequest): Promise<Result<ApiAnswer, ApiStatus>> => {
    const { method, path, body, contentType } = sentOf(request);
    const answer = await http(method, path, body, contentType === undefined ? {} : { 'Content-Type': contentType });
    const object = parsed(answer.text, answer.code);
    return answer.code < 300 ? ok({ code: answer.code, object, warnings: warningsOf(answer.warning) }) : err(object);
  };
  const watch: Api['watch'] = async ({ type, namespace, options }, enough) => {
    const query = queryText({ ...options, watch: true, timeoutSeconds: WATCH_SECONDS, dryRun: undefined });
    return readEvents(credentials, `${collectionPath(type, namespace)}${query}`, enough);
  };
  return { api: { ask, watch }, http, close: () => credentials.close() };
}

async function optionsOf(credentials: Credentials, method: string, path: string, headers: Readonly<Record<string, string>>): Promise<https.RequestOptions> {
  const access = await credentials.access();
  assert(access.ok, 'the credentials hold');
  const { hostname, port } = new URL(credentials.context.server);
  return { hostname, port, method, path, agent: access.value.agent, headers: { Accept: 'application/json', ...access.value.headers, ...headers } };
}

// A DELETE with a body is unusual enough for Node not to frame it by itself.
const lengthOf = (content: string | Buffer | undefined): Record<string, string> =>
  content === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(content)) };

function createHttp(credentials: Credentials): Http {
  return async (method, path, body, headers = {}) => {
    const content = body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
    const options = await optionsOf(credentials, method, path, { ...lengthOf(content), ...headers });
    return new Promise((resolve, reject) => {
      const request = https.request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const { 'content-type': type = '', warning = '' } = answer.headers;
          resolve({ code: answer.statusCode ?? 0, type, text: Buffer.concat(parts).toString('utf8'), warning, headers: answer.headers });
        });
      });
      request.on('error', reject);
      request.end(content);
    });
  };
}

async function readEvents(credentials: Credentials, path: string, enough: (seen: readonly Seen[]) => boolean): Promise<readonly Seen[]> {
  const options = await optionsOf(credentials, 'GET', path, {});
  return new Promise((resolve, reject) => {
    const seen: Seen[] = [];
    const request = https.request(options, (answer) => {
      let text = '';
      const finish = (): void => {
        answer.destroy();
        resolve(seen);
      };
      answer.on('data', (part: Buffer) => {
        text += part.toString('utf8');
        // A refusal is no stream: the Status alone.
        if (answer.statusCode !== 200) return;
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) seen.push(JSON.parse(line) as Seen);
        if (enough(seen)) finish();
      });
      answer.on('error', () => undefined);
      answer.on('end', () => {
        if (answer.statusCode !== 200) seen.push({ type: 'REFUSED', object: JSON.parse(text) as KubeObject });
        finish();
      });
    });
    request.on('error', reject);
    request.end();
  });
}
