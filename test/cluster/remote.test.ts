// The remote cluster against a server on loopback that answers as badly as servers do.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { WatchEvent } from '../../src/cluster/cluster.js';
import { createRemoteCluster } from '../../src/cluster/remote.js';
import type { RemoteCluster } from '../../src/cluster/remote.js';
import { POD, ROLLOUT } from '../../src/kinds/resource-type.js';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

let folder: string;
let server: http.Server;
let cluster: RemoteCluster;
let handle: Handler;
let connections = 0;
let seen: { readonly line: string; readonly headers: http.IncomingHttpHeaders; readonly body: string }[] = [];

const json = (response: http.ServerResponse, status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const status = (code: number, reason: string, message: string, details?: unknown): unknown => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message, details });
const ref = { type: ROLLOUT, namespace: 'a', name: 'r' };
const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'r', namespace: 'a' }, spec: {} };
const kubeconfig = (port: number): string => `apiVersion: v1
kind: Config
current-context: here
clusters: [{name: c, cluster: {server: "http://127.0.0.1:${port}/prefix"}}]
users: [{name: u, user: {token: secret-token}}]
contexts: [{name: here, context: {cluster: c, user: u, namespace: a}}]
`;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-remote-'));
  server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => { body += chunk; });
    request.on('end', () => {
      seen.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, headers: request.headers, body });
      handle(request, response, body);
    });
  });
  server.on('connection', () => { connections += 1; });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const file = path.join(folder, 'config');
  await writeFile(file, kubeconfig((server.address() as AddressInfo).port));
  const made = await createRemoteCluster({ kubeconfig: { file, environment: {} } });
  assert.ok(made.ok);
  cluster = made.value;
});

after(async () => {
  cluster.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => { seen = []; });

test('requests take the right paths, and share one connection', async () => {
  handle = (_request, response) => json(response, 200, { ...rollout, items: [], metadata: { ...rollout.metadata, resourceVersion: '5' } });
  connections = 0;
  await cluster.get(ref);
  await cluster.list(POD, { labelSelector: 'app=x', limit: 500 });
  await cluster.list(ROLLOUT, { namespace: 'b' });
  await cluster.create(ref, rollout, { fieldManager: 'm', fieldValidation: 'Strict' });
  await cluster.update(ref, rollout, { subresource: 'status' });
  await cluster.patch(ref, 'json', [{ op: 'test', path: '/x' }], { subresource: 'status', dryRun: true });
  await cluster.patch({ type: POD, namespace: 'a', name: 'p' }, 'strategic', {});
  await cluster.delete(ref, { uid: 'u1', propagation: 'Background' });
  assert.deepEqual(seen.map(({ line }) => line), [
    'GET /prefix/apis/argoproj.io/v1alpha1/namespaces/a/rollouts/r',
    'GET /prefix/api/v1/pods?labelSelector=app%3Dx&limit=500',
    'GET /prefix/apis/argoproj.io/v1alpha1/namespaces/b/rollouts',
    'POST /prefix/apis/argoproj.io/v1alpha1/namespaces/a/rollouts?fieldManager=m&fieldValidation=Strict',
    'PUT /prefix/apis/argoproj.io/v1alpha1/namespaces/a/rollouts/r/status',
    'PATCH /prefix/apis/argoproj.io/v1alpha1/namespaces/a/rollouts/r/status?dryRun=All',
    'PATCH /prefix/api/v1/namespaces/a/pods/p',
    'DELETE /prefix/apis/argoproj.io/v1alpha1/namespaces/a/rollouts/r',
  ]);
  assert.deepEqual(seen.map(({ headers }) => headers['content-type']), [undefined, undefined, undefined, 'application/json', 'application/json', 'application/json-patch+json', 'application/strategic-merge-patch+json', 'application/json']);
  assert.deepEqual(JSON.parse(seen[7]?.body ?? ''), { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'u1' }, propagationPolicy: 'Background' });
  assert.ok(connections <= 1, `${connections} connections`);
  assert.ok(seen.every(({ headers }) => headers.authorization === undefined), 'no token over plain http');
  assert.ok((cluster.latencyMs() ?? -1) >= 0);
});

const ANSWERS: readonly { readonly name: string; readonly handle: Handler; readonly wanted: Record<string, unknown> }[] = [
  { name: 'a Status of failure', handle: (_q, r) => json(r, 422, status(422, 'Invalid', 'spec is bad', { causes: [{ reason: 'FieldValueInvalid', message: 'bad', field: 'spec.x' }] })), wanted: { code: 422, reason: 'Invalid', message: 'spec is bad', causes: [{ reason: 'FieldValueInvalid', message: 'bad', field: 'spec.x' }] } },
  { name: 'too many requests', handle: (_q, r) => json(r, 429, status(429, 'TooManyRequests', 'slow down'), { 'retry-after': '3' }), wanted: { code: 429, reason: 'TooManyRequests', message: 'slow down', retryAfterMs: 3000 } },
  { name: 'a page of a proxy', handle: (_q, r) => { r.writeHead(502, { 'content-type': 'text/html' }); r.end('<html>\n  Bad Gateway</html>'); }, wanted: { code: 502, reason: 'Unknown', message: 'the server answered 502: <html> Bad Gateway</html>' } },
  { name: 'success without JSON', handle: (_q, r) => json(r, 200, '<html>'), wanted: { code: 0, reason: 'BadAnswer' } },
  { name: 'JSON that is no object', handle: (_q, r) => json(r, 200, '[1]'), wanted: { code: 0, reason: 'BadAnswer' } },
  { name: 'a connection that breaks in the answer', handle: (_q, r) => { r.writeHead(200, { 'content-length': '100' }); r.write('{'); setImmediate(() => r.destroy()); }, wanted: { code: 0, reason: 'NoAnswer' } },
  { name: 'a connection that breaks before the answer', handle: (q) => q.socket.destroy(), wanted: { code: 0, reason: 'NoAnswer' } },
];

for (const { name, handle: answer, wanted } of ANSWERS) {
  test(`${name} comes back as a value`, async () => {
    handle = answer;
    const got = await cluster.get(ref);
    assert.ok(!got.ok);
    const told: Record<string, unknown> = { ...got.error };
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, told[key]])), wanted);
    assert.ok(!JSON.stringify(told).includes('secret-token'));
  });
}

async function collect(signal = new AbortController().signal): Promise<readonly WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of cluster.watch(ROLLOUT, { resourceVersion: '5', namespace: 'a' }, signal)) events.push(event);
  return events;
}

test('a watch is read line by line, however it is cut into pieces', async () => {
  const added = { type: 'ADDED', object: { ...rollout, spec: { text: 'grün — 緑' } } };
  const bookmark = { type: 'BOOKMARK', object: { kind: 'Rollout', apiVersion: 'argoproj.io/v1alpha1', metadata: { resourceVersion: '9' } } };
  const bytes = Buffer.from(`${JSON.stringify(added)}\n\n${JSON.stringify(bookmark)}\n${JSON.stringify({ ...added, type: 'DELETED' })}`);
  handle = (_request, response) => {
    response.writeHead(200);
    const feed = (from: number): void => {
      if (from >= bytes.length) response.end();
      else response.write(bytes.subarray(from, from + 7), () => feed(from + 7));
    };
    feed(0);
  };
  assert.deepEqual(await collect(), [added, { type: 'BOOKMARK', resourceVersion: '9' }, { ...added, type: 'DELETED' }]);
  assert.equal(seen[0]?.line, 'GET /prefix/apis/argoproj.io/v1alpha1/namespaces/a/rollouts?resourceVersion=5&watch=true&allowWatchBookmarks=true');
});

const STREAMS: readonly { readonly name: string; readonly handle: Handler; readonly code: number; readonly reason: string }[] = [
  { name: '410 as its answer', handle: (_q, r) => json(r, 410, status(410, 'Expired', 'too old')), code: 410, reason: 'Expired' },
  { name: '410 as an event', handle: (_q, r) => json(r, 200, `${JSON.stringify({ type: 'ERROR', object: status(410, 'Expired', 'too old') })}\n`), code: 410, reason: 'Expired' },
  { name: 'half a line', handle: (_q, r) => { r.writeHead(200); r.write('{"type":"ADDED","obj'); setImmediate(() => r.destroy()); }, code: 0, reason: 'NoAnswer' },
  { name: 'nonsense', handle: (_q, r) => json(r, 200, 'nonsense\n'), code: 0, reason: 'BadAnswer' },
  { name: 'an unknown event', handle: (_q, r) => json(r, 200, '{"type":"ADDED"}\n'), code: 0, reason: 'BadAnswer' },
];

for (const { name, handle: answer, code, reason } of STREAMS) {
  test(`a watch that gets ${name} ends with an error`, async () => {
    handle = answer;
    const last = (await collect()).at(-1);
    assert.ok(last?.type === 'ERROR');
    assert.deepEqual([last.error.code, last.error.reason], [code, reason]);
  });
}

test('an aborted watch ends quietly and closes its connection', async () => {
  const ending = new AbortController();
  let closed: Promise<unknown> | undefined;
  handle = (_request, response) => {
    response.writeHead(200);
    response.write(`${JSON.stringify({ type: 'ADDED', object: rollout })}\n`);
    closed = new Promise((resolve) => { response.on('close', resolve); });
    setImmediate(() => ending.abort());
  };
  await collect(ending.signal);
  await closed;
});

test('a new token is fetched when the old one is refused, once', async () => {
  handle = (_request, response) => json(response, 401, status(401, 'Unauthorized', 'Unauthorized'));
  const got = await cluster.get(ref);
  assert.ok(!got.ok && got.error.code === 401);
  assert.equal(seen.length, 2);
});

test('discovery lists types of all versions, without subresources', async () => {
  const resources = (names: readonly string[]): unknown => ({ kind: 'APIResourceList', resources: names.map((name) => ({ name, singularName: '', kind: 'Gateway', namespaced: true, shortNames: ['gw'] })) });
  handle = (request, response) => {
    if (request.url?.endsWith('/apis/networking.istio.io') === true) json(response, 200, { kind: 'APIGroup', versions: [{ version: 'v1' }, { version: 'v1alpha3' }] });
    else if (request.url?.includes('networking.istio.io/') === true) json(response, 200, resources(['gateways', 'gateways/status']));
    else json(response, 404, status(404, 'NotFound', 'no'));
  };
  const found = await cluster.discover('networking.istio.io');
  assert.ok(found.ok);
  assert.deepEqual(found.value.map(({ version, plural, singular, shortNames }) => [version, plural, singular, shortNames]), [['v1', 'gateways', 'gateway', ['gw']], ['v1alpha3', 'gateways', 'gateway', ['gw']]]);
  assert.deepEqual(await cluster.discover('none.example'), { ok: true, value: [] });
});

test('logs come as lines, and their absence as one', async () => {
  let asked: string | undefined;
  handle = (request, response) => { asked = request.url; response.writeHead(200); response.end('one\r\ntwo\nthree'); };
  const lines: string[] = [];
  const pod = { type: POD, namespace: 'a', name: 'p' };
  for await (const line of cluster.logs(pod, { container: 'main', tailLines: 3, timestamps: true }, new AbortController().signal)) lines.push(line);
  assert.deepEqual(lines, ['one', 'two', 'three']);
  assert.match(asked ?? '', /log\?container=main&tailLines=3&timestamps=true$/);
  handle = (_request, response) => json(response, 404, status(404, 'NotFound', 'pods "p" not found'));
  for await (const line of cluster.logs(pod, {}, new AbortController().signal)) lines.push(line);
  assert.equal(lines.at(-1), '(no logs of p: pods "p" not found)');
});

test('whoever does not wait aborts the request; the server sees it end, and the connection of others is not touched', async () => {
  let end: (whole: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => { end = resolve; });
  handle = (request, response) => {
    if (request.url?.includes('slow') === true) response.on('close', () => end(response.writableFinished));
    else json(response, 200, rollout);
  };
  const stopping = new AbortController();
  const slow = cluster.patch({ ...ref, name: 'slow' }, 'merge', {}, { signal: stopping.signal });
  const list = cluster.list(ROLLOUT, { namespace: 'slow', signal: AbortSignal.abort() });
  const other = await cluster.get(ref);
  stopping.abort();
  const [patched, listed] = [await slow, await list];
  assert.ok(!patched.ok && patched.error.reason === 'Cancelled' && /PATCH .*slow was stopped before its answer came/.test(patched.error.message), JSON.stringify(patched));
  assert.ok(!listed.ok && listed.error.reason === 'Cancelled');
  assert.equal(await ended, false);
  assert.ok(other.ok);
});

test('the distance of the server\'s clock is known from its answers', async () => {
  handle = (_request, response) => json(response, 200, rollout, { date: new Date(Date.now() + 90_000).toUTCString() });
  await cluster.get(ref);
  const skew = cluster.skewMs?.() ?? 0;
  assert.ok(Math.abs(skew - 90_000) <= 1500, `${skew}`);
});

test('a certificate of a person that is none is said of the context, and nothing of it is shown', async () => {
  const file = path.join(folder, 'no-certificate');
  const data = Buffer.from('-----BEGIN CERTIFICATE-----\ns3cret\n-----END CERTIFICATE-----\n').toString('base64');
  await writeFile(file, kubeconfig(1).replace('"http:', '"https:').replace('token: secret-token', `client-certificate-data: ${data}, client-key-data: ${data}`));
  const made = await createRemoteCluster({ kubeconfig: { file, environment: {} } });
  assert.ok(made.ok);
  const answer = await made.value.get(ref);
  assert.ok(!answer.ok);
  assert.match(answer.error.message, /^no credentials for context here: /);
  assert.doesNotMatch(answer.error.message, /s3cret/);
  made.value.close();
});
