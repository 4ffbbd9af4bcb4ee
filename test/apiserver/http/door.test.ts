// The door over real TLS: who gets in, what is refused and how, and what is left when it closes.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.js';
import { serve } from '../../../src/apiserver/http/serve.js';
import type { TestServer } from './test-server.js';
import { startTestServer } from './test-server.js';

type Answer = { readonly code: number; readonly headers: Record<string, string | string[] | undefined>; readonly text: string; readonly json: Record<string, unknown> };
type Ask = { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string | Buffer; readonly token?: string };

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.door.close());

function ask(pathname: string, { method = 'GET', headers = {}, body, token }: Ask = {}): Promise<Answer> {
  const { port, caPem, token: right } = server.door;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: pathname, method, ca: caPem, agent: false, headers: { Authorization: `Bearer ${token ?? right}`, ...headers } };
    const sent = request(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        const json = text.startsWith('{') ? (JSON.parse(text.split('\n')[0] ?? '') as Record<string, unknown>) : {};
        resolve({ code: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JSON_BODY = { 'Content-Type': 'application/json' };
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string): string => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } });

const CREATE: Ask = { method: 'POST', headers: JSON_BODY, body: configMap('a') };
const TOO_LONG = { ...JSON_BODY, 'Content-Length': String(4 * 1024 * 1024) };
const APPLY: Ask = { method: 'PATCH', headers: { 'Content-Type': 'application/apply-patch+yaml' }, body: 'a: 1' };

const POD_BODY = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', finalizers: [] }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } });

const REFUSALS: readonly { name: string; path: string; ask?: Ask; code: number; reason: string; message?: RegExp }[] = [
  { name: 'a wrong token', path: '/version', ask: { token: 'x' }, code: 401, reason: 'Unauthorized' },
  { name: 'no token', path: '/healthz', ask: { headers: { Authorization: '' } }, code: 401, reason: 'Unauthorized' },
  { name: 'an unknown kind', path: '/apis/apps/v1/daemonsets', code: 404, reason: 'NotFound' },
  { name: 'a namespaced object without its namespace', path: '/api/v1/pods/a', code: 404, reason: 'NotFound' },
  { name: 'an object that is not there', path: `${CONFIG_MAPS}/nope`, code: 404, reason: 'NotFound', message: /configmaps "nope" not found/ },
  { name: 'a subresource that the kind has not', path: `${CONFIG_MAPS}/nope/scale`, code: 404, reason: 'NotFound' },
  { name: 'a write across namespaces', path: '/api/v1/configmaps', ask: CREATE, code: 405, reason: 'MethodNotAllowed' },
  { name: 'a write to discovery', path: '/apis', ask: { method: 'POST' }, code: 405, reason: 'MethodNotAllowed' },
  { name: 'protobuf as the only answer', path: CONFIG_MAPS, ask: { headers: { Accept: 'application/vnd.kubernetes.protobuf' } }, code: 406, reason: 'NotAcceptable' },
  { name: 'a body of a strange type', path: CONFIG_MAPS, ask: { method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: 'a,b' }, code: 415, reason: 'UnsupportedMediaType' },
  { name: 'a body that is cut off', path: CONFIG_MAPS, ask: { method: 'POST', headers: JSON_BODY, body: '{"kind":' }, code: 400, reason: 'BadRequest' },
  { name: 'a body that is too large', path: CONFIG_MAPS, ask: { method: 'POST', headers: TOO_LONG }, code: 413, reason: 'RequestEntityTooLarge' },
  { name: 'server-side apply without a manager', path: `${CONFIG_MAPS}/a`, ask: APPLY, code: 422, reason: 'Invalid', message: /fieldManager: Required value: is required for apply patch/ },
  { name: 'a limit that is no number', path: `${CONFIG_MAPS}?limit=many`, code: 400, reason: 'BadRequest', message: /parsing "many": invalid syntax/ },
  { name: 'a dry run of an unknown sort', path: `${CONFIG_MAPS}?dryRun=Some`, ask: CREATE, code: 422, reason: 'Invalid', message: /dryRun/ },
  { name: 'a bad selector in a watch', path: `${CONFIG_MAPS}?watch=1&labelSelector=%3D%3D`, code: 400, reason: 'BadRequest' },
  ...['exec', 'attach', 'portforward', 'proxy'].map((name) => ({ name: `pods/${name}`, path: `/api/v1/namespaces/default/pods/p/${name}?command=ls`, ask: { method: 'POST' }, code: 405, reason: 'MethodNotAllowed', message: /^pods\/\w+ is not served: .*no process to reach/ })),
  { name: 'the log of a pod that is not there', path: '/api/v1/namespaces/default/pods/nope/log', code: 404, reason: 'NotFound' },
];

for (const { name, path: target, ask: how, code, reason, message } of REFUSALS) {
  test(`refused: ${name}`, async () => {
    const answer = await ask(target, how);
    assert.deepEqual([answer.code, answer.json['kind'], answer.json['status'], answer.json['reason'], answer.json['code']], [code, 'Status', 'Failure', reason, code], answer.text);
    if (message !== undefined) assert.match(String(answer.json['message']), message);
  });
}

test('an object is created from YAML, shown as a table, as its metadata, as YAML, and deleted', async () => {
  const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\ndata: {a: "1", b: "2"}\n';
  const created = await ask(CONFIG_MAPS, { method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: yaml });
  assert.equal(created.code, 201);
  const table = await ask(`${CONFIG_MAPS}/from-yaml?includeObject=None`, { headers: { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
  assert.deepEqual((table.json['rows'] as { cells: unknown[] }[])[0]?.cells.slice(0, 2), ['from-yaml', 2]);
  assert.equal('object' in ((table.json['rows'] as object[])[0] ?? {}), false);
  const partial = await ask(`${CONFIG_MAPS}/from-yaml`, { headers: { Accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' } });
  assert.deepEqual([partial.json['kind'], 'data' in partial.json], ['PartialObjectMetadata', false]);
  assert.match((await ask(`${CONFIG_MAPS}/from-yaml`, { headers: { Accept: 'application/yaml' } })).text, /^ {2}a: "1"$/m);
  assert.equal((await ask(`${CONFIG_MAPS}/from-yaml`, { method: 'DELETE' })).json['status'], 'Success');
});

test('YAML that means nothing, itself or everything is refused in a sentence', async () => {
  const lists = Array.from({ length: 9 }, (_, level) => `l${level}: &l${level} [${Array.from({ length: 9 }, () => (level === 0 ? '1' : `*l${level - 1}`)).join(', ')}]`);
  for (const body of ['? *nowhere\n', 'a: &a [*a]\n', lists.join('\n'), `a: [1, {${'{"a":'.repeat(201)}`]) {
    const answer = await ask(CONFIG_MAPS, { method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body });
    assert.deepEqual([answer.code, answer.json['reason']], [400, 'BadRequest'], answer.text);
    assert.match(String(answer.json['message']), /^error parsing YAML: .{10,120}$/);
  }
});

test('brackets in a text of YAML are only text', async () => {
  const body = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: brackets}\ndata:\n  a: "${'{'.repeat(300)}"\n  b: |\n    ${'[{'.repeat(300)}\n`;
  assert.equal((await ask(CONFIG_MAPS, { method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body })).code, 201);
  assert.equal((await ask(`${CONFIG_MAPS}/brackets`, { method: 'DELETE' })).code, 200);
});

test('a DELETE may say in its query what a body would', async () => {
  await ask('/api/v1/namespaces/default/pods', { method: 'POST', headers: JSON_BODY, body: POD_BODY });
  const refused = await ask('/api/v1/namespaces/default/pods/p?propagationPolicy=Sideways', { method: 'DELETE' });
  assert.match(String(refused.json['message']), /Sideways/);
  const gone = await ask('/api/v1/namespaces/default/pods/p?gracePeriodSeconds=0', { method: 'DELETE' });
  assert.equal(gone.code, 200);
  assert.equal((await ask('/api/v1/namespaces/default/pods/p')).code, 404);
});

test('unknown fields are warned of in a header, and refused when asked', async () => {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd' }, dta: {} });
  const warned = await ask(`${CONFIG_MAPS}?dryRun=All`, { method: 'POST', headers: JSON_BODY, body });
  assert.equal(warned.code, 201);
  assert.match(String(warned.headers['warning']), /^299 - "unknown field \\"dta\\""/);
  assert.equal((await ask(`${CONFIG_MAPS}?fieldValidation=Strict`, { method: 'POST', headers: JSON_BODY, body })).code, 400);
});

test('discovery is answered once: what a client has already is not sent again', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const first = await ask('/apis', { headers: { Accept: accept } });
  assert.equal(first.headers['content-type'], 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  const again = await ask('/apis', { headers: { Accept: accept, 'If-None-Match': String(first.headers['etag']) } });
  // A cache would take over a content type or length from here.
  assert.deepEqual([again.code, again.headers['content-type'], again.headers['content-length']], [304, undefined, undefined]);
  const plain = await ask('/apis/example.com/v1');
  assert.deepEqual((plain.json['resources'] as { name: string }[]).map(({ name }) => name), ['widgets', 'widgets/scale', 'widgets/status']);
});

test('an OpenAPI document is kept for good under its hash, and moves when the hash is old', async () => {
  const index = (await ask('/openapi/v3')).json['paths'] as Record<string, { serverRelativeURL: string }>;
  const url = index['apis/example.com/v1']?.serverRelativeURL ?? '';
  const document = await ask(url);
  assert.equal(document.headers['cache-control'], 'public, immutable');
  const paths = document.json['paths'] as Record<string, { patch?: { parameters: { name: string }[] } }>;
  const names = paths['/apis/example.com/v1/namespaces/{namespace}/widgets/{name}']?.patch?.parameters.map(({ name }) => name) ?? [];
  assert.equal(names.includes('fieldValidation') && names.includes('dryRun'), true);
  const old = await ask('/openapi/v3/apis/example.com/v1?hash=OLD');
  assert.deepEqual([old.code, old.headers['location']], [301, url]);
});

test('a definition that is installed is served at once, and no longer when it is gone', async () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'cogs.late.example.com' },
    spec: {
      group: 'late.example.com', scope: 'Cluster', names: { plural: 'cogs', singular: 'cog', kind: 'Cog', listKind: 'CogList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  assert.equal((await ask('/apis/late.example.com/v1/cogs')).code, 404);
  assert.equal((await ask(definitions, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(definition) })).code, 201);
  assert.equal((await ask('/apis/late.example.com/v1/cogs')).json['kind'], 'CogList');
  assert.equal('apis/late.example.com/v1' in ((await ask('/openapi/v3')).json['paths'] as object), true);
  assert.equal((await ask(`${definitions}/cogs.late.example.com`, { method: 'DELETE' })).code, 200);
  assert.equal((await ask('/apis/late.example.com/v1/cogs')).code, 404);
});

test('the kubeconfig is for its owner only, replaces an older one, and goes away with the server unless replaced', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-door-'));
  try {
    const file = path.join(folder, 'config');
    await writeFile(file, 'old', { mode: 0o644 });
    const start = async (): Promise<() => Promise<void>> => {
      const served = await serve({ store: server.store, clock: systemClock, readLogs: () => [][Symbol.iterator]() as never, kubeconfigPath: file });
      assert.equal(served.ok, true);
      return served.ok ? served.value.stop : async () => undefined;
    };
    const stopFirst = await start();
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const stopSecond = await start();
    await stopFirst();
    assert.match(await readFile(file, 'utf8'), /current-context: sluice/);
    await stopSecond();
    await assert.rejects(stat(file), { code: 'ENOENT' });
    const nowhere = await serve({ store: server.store, clock: systemClock, readLogs: () => [][Symbol.iterator]() as never, kubeconfigPath: path.join(folder, 'no', 'config') });
    assert.match(nowhere.ok ? '' : nowhere.error, /cannot write the kubeconfig/);
    const taken = await serve({ store: server.store, clock: systemClock, readLogs: () => [][Symbol.iterator]() as never, port: server.door.port });
    assert.match(taken.ok ? '' : taken.error, /port \d+ on 127\.0\.0\.1 is in use/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
