// Kubeconfigs as people have them: several files, broken ones, none.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openCredentials } from '../../src/cluster/credentials.js';
import { hasKubeconfig } from '../../src/cluster/has-kubeconfig.js';
import { loadContext, readKubeconfig, serviceAccountNamespace } from '../../src/cluster/kubeconfig.js';

let folder: string;
const file = (name: string): string => path.join(folder, name);
const config = (context: string, server: string, more = ''): string => `apiVersion: v1
kind: Config
current-context: ${context}
clusters: [{name: ${context}-c, cluster: {server: "${server}"}}]
users: [{name: ${context}-u, user: {token: s3cret}}]
contexts: [{name: ${context}, context: {cluster: ${context}-c, user: ${context}-u${more}}}]
`;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-kubeconfig-'));
  await mkdir(file('.kube'));
  await writeFile(file('one'), config('prod', 'https://prod:6443', ', namespace: shop'));
  await writeFile(file('two'), config('dev', 'https://dev:6443'));
  await writeFile(file('three'), config('prod', 'https://other:6443'));
  await writeFile(file('lost'), config('x', 'https://x').replace('name: x-c', 'name: y-c'));
  await writeFile(file('no-current'), config('dev', 'https://dev').replace('current-context: dev\n', ''));
  await writeFile(file('odd-current'), config('dev', 'https://dev').replace('current-context: dev\n', 'current-context: [{a: dev}]\n'));
  await writeFile(file('odd-name'), config('dev', 'https://dev').replace('{name: dev, context', '{name: {a: dev}, context'));
  await writeFile(file('broken'), 'a: b\n  c: [s3cret\n');
  await writeFile(file('empty'), '');
  await writeFile(file('namespace'), 'ops\n');
});

after(() => rm(folder, { recursive: true }));

test('files are merged as kubectl merges them: the first of a name counts, missing files do not', async () => {
  const found = await readKubeconfig({ environment: { KUBECONFIG: ['one', 'missing', 'two', 'three'].map(file).join(path.delimiter) } });
  assert.ok(found.ok);
  assert.equal(found.value.current, 'prod');
  assert.deepEqual(found.value.contexts, [
    { name: 'prod', cluster: 'prod-c', server: 'https://prod:6443', namespace: 'shop', user: 'prod-u' },
    { name: 'dev', cluster: 'dev-c', server: 'https://dev:6443', namespace: 'default', user: 'dev-u' },
  ]);
});

test('the default file is in the home folder', async () => {
  await writeFile(file('.kube/config'), config('home', 'https://home'));
  const found = await loadContext({ environment: { HOME: folder } });
  assert.ok(found.ok);
  assert.equal(found.value.context.name, 'home');
  await rm(file('.kube/config'));
});

const FAULTS: readonly { readonly name: string; readonly file: string | undefined; readonly context?: string; readonly code: string; readonly says: RegExp }[] = [
  { name: 'no kubeconfig at all', file: undefined, code: 'none', says: /there is no kubeconfig/ },
  { name: 'a file that is not there', file: 'missing', code: 'unreadable', says: /missing: there is no such file$/ },
  { name: 'YAML that is none', file: 'broken', code: 'unreadable', says: /broken: line \d+, column \d+: / },
  { name: 'an empty file', file: 'empty', code: 'unreadable', says: /empty: is not a kubeconfig$/ },
  { name: 'a context that is not there', file: 'one', context: 'prd', code: 'no-context', says: /has no context prd; it has: prod$/ },
  { name: 'no current context', file: 'no-current', code: 'no-context', says: /names no current context; choose one with --context: dev$/ },
  { name: 'a current context that is no name', file: 'odd-current', code: 'no-context', says: /names no current context; choose one with --context: dev$/ },
  { name: 'a context whose name is none', file: 'odd-name', code: 'no-context', says: /has no context dev; it has: none$/ },
  { name: 'a context without its cluster', file: 'lost', code: 'no-context', says: /names a cluster that the file does not describe$/ },
];

for (const { name, file: wanted, context, code, says } of FAULTS) {
  test(`${name} is told`, async () => {
    const found = await loadContext(wanted === undefined ? { environment: { HOME: folder } } : { file: file(wanted), environment: {} }, context);
    assert.ok(!found.ok);
    assert.equal(found.error.code, code);
    assert.match(found.error.message, says);
    assert.doesNotMatch(found.error.message, /s3cret/);
  });
}

test('a pod knows its namespace, others do not', async () => {
  assert.equal(await serviceAccountNamespace(folder), 'ops');
  assert.equal(await serviceAccountNamespace(file('nowhere')), undefined);
});

test('in a pod, without a kubeconfig, its service account is used, and its token is read anew', async () => {
  const folderOf = (name: string): string => path.join(folder, 'account', name);
  await mkdir(path.join(folder, 'account'));
  await writeFile(folderOf('token'), 'first-token');
  await writeFile(folderOf('ca.crt'), 'ca');
  await writeFile(folderOf('namespace'), 'shop\n');
  const source = { environment: { HOME: path.join(folder, 'nobody'), KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }, serviceAccountFolder: path.join(folder, 'account') };
  const found = await readKubeconfig(source);
  assert.deepEqual(found, { ok: true, value: { source: 'service account', current: 'in-cluster', contexts: [{ name: 'in-cluster', cluster: 'in-cluster', server: 'https://[fd00::1]:6443', namespace: 'shop', user: 'in-cluster' }] } });
  assert.ok(await hasKubeconfig(source));
  const opened = await openCredentials(source, undefined, Date.now);
  assert.ok(opened.ok);
  const bearer = async (): Promise<unknown> => {
    const access = await opened.value.access();
    return access.ok ? access.value.headers['Authorization'] : access.error;
  };
  assert.equal(await bearer(), 'Bearer first-token');
  await writeFile(folderOf('token'), 'second-token');
  assert.ok(await opened.value.renew(), 'the server refused the first');
  assert.equal(await bearer(), 'Bearer second-token');
  opened.value.close();
});

test('whom a kubeconfig asks for, its groups too; --as takes their place', async () => {
  await writeFile(file('as'), config('dev', 'https://dev:6443').replace('token: s3cret', 'token: s3cret, as: ana, as-groups: [ops, dev]'));
  const headersFor = async (more: object): Promise<unknown> => {
    const opened = await openCredentials({ file: file('as'), environment: {}, ...more }, undefined, Date.now);
    assert.ok(opened.ok);
    const access = await opened.value.access();
    opened.value.close();
    return access.ok ? [access.value.headers['Impersonate-User'], access.value.headers['Impersonate-Group']] : access.error;
  };
  assert.deepEqual(await headersFor({}), ['ana', ['ops', 'dev']]);
  assert.deepEqual(await headersFor({ impersonate: { user: 'eve', groups: ['idle'] } }), ['eve', ['idle']]);
});

test('a token takes the place of all that the user has, a certificate that of its own kind; --as-uid is a header', async () => {
  await writeFile(file('certs'), config('dev', 'https://dev:6443').replace('token: s3cret', `client-certificate-data: ${Buffer.from('cert').toString('base64')}, client-key-data: ${Buffer.from('key').toString('base64')}`));
  const opened = await openCredentials({ file: file('certs'), environment: {}, overrides: { token: 'given' }, impersonate: { user: 'ana', groups: [], uid: '7' } }, undefined, Date.now);
  assert.ok(opened.ok);
  const access = await opened.value.access();
  assert.ok(access.ok);
  assert.deepEqual(access.value.headers, { Authorization: 'Bearer given', 'Impersonate-User': 'ana', 'Impersonate-Uid': '7' });
  const { cert, key } = (access.value.agent as unknown as { readonly options: Readonly<Record<string, unknown>> }).options;
  assert.deepEqual([cert, key, opened.value.context.user], [undefined, undefined, '--token']);
  opened.value.close();
});

test('flags change the cluster of the context, and no other', async () => {
  const all = { KUBECONFIG: [file('one'), file('two')].join(path.delimiter) };
  const found = await loadContext({ environment: all, overrides: { cluster: 'dev-c', user: 'dev-u', tlsServerName: 'api', insecureSkipTlsVerify: true } }, 'prod');
  assert.ok(found.ok);
  assert.deepEqual(found.value.context, { name: 'prod', cluster: 'dev-c', server: 'https://dev:6443', namespace: 'shop', user: 'dev-u' });
  const { tlsServerName, skipTLSVerify } = found.value.config.getCurrentCluster() ?? {};
  assert.deepEqual([tlsServerName, skipTLSVerify], ['api', true]);
  const bare = await loadContext({ environment: {}, overrides: { server: 'https://10.0.0.1:6443/' } });
  assert.equal(bare.ok ? bare.value.context.name : bare.error.message, '10.0.0.1:6443');
});
