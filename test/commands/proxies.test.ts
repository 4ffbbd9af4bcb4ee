// The program as it is built, behind a proxy and with log-ins that few have: what these need is loaded when they are asked for.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { after, before, test } from 'node:test';
import selfsigned from 'selfsigned';
import { parse } from 'yaml';
import { gated } from '../support/clusters.js';
import { type Ran, sluice, startServer, temporaryFolder, type TestServer } from '../support/sluice.js';

type Config = {
  readonly clusters: [{ readonly cluster: Record<string, string> }];
  readonly users: [{ user: Record<string, unknown> }];
};

type Proxy = { readonly port: number; readonly asked: readonly string[]; close(): void };

/** SOCKS 5 without a password, for IPv4 addresses and names (RFC 1928). */
async function startSocks(): Promise<Proxy> {
  const asked: string[] = [];
  const server = net.createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', () => {
      client.write(Buffer.from([5, 0]));
      client.once('data', (request) => {
        const isName = request[3] === 3;
        const end = isName ? 5 + (request[4] ?? 0) : 8;
        const host = isName ? request.subarray(5, end).toString() : [...request.subarray(4, 8)].join('.');
        const port = request.readUInt16BE(end);
        asked.push(`${host}:${port}`);
        const upstream = net.connect(port, host, () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          upstream.pipe(client).pipe(upstream);
        });
        upstream.on('error', () => client.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: (server.address() as net.AddressInfo).port, asked, close: () => server.close() };
}

const folder = temporaryFolder();
let server: TestServer;
let config: Config;

before(async () => {
  server = await startServer(gated('cart'));
  config = parse(readFileSync(server.kubeconfig, 'utf8')) as Config;
});

after(async () => {
  await server.stop();
  folder.remove();
});

const list = (name: string, changed: Config): Promise<Ran> => sluice(['list', 'rollouts'], { KUBECONFIG: folder.file(name, JSON.stringify(changed)) });

test('a cluster behind a SOCKS proxy is asked through it', async (t) => {
  const proxy = await startSocks();
  t.after(() => proxy.close());
  const [{ cluster }] = config.clusters;
  const { code, stdout, stderr } = await list('socks', { ...config, clusters: [{ ...config.clusters[0], cluster: { ...cluster, 'proxy-url': `socks5://127.0.0.1:${proxy.port}` } }] });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /cart/);
  assert.deepEqual([...new Set(proxy.asked)], [new URL(cluster['server'] ?? '').host]);
});

test('a log-in by a command of old kubeconfigs has its token found by its path', async () => {
  const [{ user }] = config.users;
  const answer = JSON.stringify({ credential: { access_token: user['token'], token_expiry: '2099-01-01T00:00:00Z' } });
  const command = folder.file('gcloud', `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(command, 0o700);
  const provider = { name: 'gcp', config: { 'cmd-path': command, 'cmd-args': 'config', 'token-key': '{.credential.access_token}', 'expiry-key': '{.credential.token_expiry}' } };
  const { code, stdout, stderr } = await list('gcp', { ...config, users: [{ ...config.users[0], user: { 'auth-provider': provider } }] });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /cart/);
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: object): string => `${part({ alg: 'RS256' })}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;

test('an OIDC token that has run out is renewed at its issuer', async (t) => {
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256', extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }] });
  let issuer = '';
  const bearers = new Set<string | undefined>();
  const now = Math.floor(Date.now() / 1000);
  const fresh = (): string => tokenOf({ iss: issuer, aud: 'sluice', sub: 'ana', iat: now, exp: now + 3600 });
  const peer = https.createServer({ key, cert }, (request, response) => {
    const answer = (body: object): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration') answer({ issuer, token_endpoint: `${issuer}/token`, authorization_endpoint: `${issuer}/authorize`, jwks_uri: `${issuer}/keys` });
    else if (request.url === '/token') answer({ access_token: 'access', token_type: 'Bearer', expires_in: 3600, id_token: fresh(), refresh_token: 'next' });
    else {
      bearers.add(request.headers.authorization);
      answer({ kind: 'RolloutList', apiVersion: 'argoproj.io/v1alpha1', metadata: { resourceVersion: '1' }, items: [] });
    }
  });
  t.after(() => peer.close());
  await new Promise<void>((resolve) => { peer.listen(0, '127.0.0.1', resolve); });
  issuer = `https://localhost:${(peer.address() as net.AddressInfo).port}`;
  const old = tokenOf({ iss: issuer, aud: 'sluice', sub: 'ana', iat: 1, exp: 2 });
  const provider = { name: 'oidc', config: { 'idp-issuer-url': issuer, 'client-id': 'sluice', 'client-secret': 'hidden', 'refresh-token': 'first', 'id-token': old } };
  const cluster = { server: issuer, 'certificate-authority-data': Buffer.from(cert).toString('base64') };
  const changed: Config = { ...config, clusters: [{ ...config.clusters[0], cluster }], users: [{ ...config.users[0], user: { 'auth-provider': provider } }] };
  const { code, stderr } = await sluice(['list', 'rollouts'], { KUBECONFIG: folder.file('oidc', JSON.stringify(changed)), NODE_EXTRA_CA_CERTS: folder.file('issuer.crt', cert) });
  assert.equal(code, 0, stderr);
  assert.deepEqual([...bearers], [`Bearer ${fresh()}`]);
});
