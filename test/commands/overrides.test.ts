// kubectl's flags in place of the kubeconfig: address, token, certificates, another user or cluster, and how long to wait.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { gated } from '../support/clusters.js';
import { sluice, startServer, temporaryFolder, type Ran, type TestServer } from '../support/sluice.js';

type Config = {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
};

const folder = temporaryFolder();
let server: TestServer;
let address = '';
let token = '';
let authority = '';

before(async () => {
  server = await startServer(gated('cart'));
  const config = parse(readFileSync(server.kubeconfig, 'utf8')) as Config;
  address = config.clusters[0]?.cluster.server ?? '';
  token = config.users[0]?.user.token ?? '';
  authority = folder.file('ca.crt', Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString());
});

after(async () => {
  await server.stop();
  folder.remove();
});

const list = (...words: string[]): Promise<Ran> => sluice(['list', 'rollouts', ...words]);

test('an address, a token and an authority need no kubeconfig', async () => {
  const ran = await list('-s', address, '--token', token, '--certificate-authority', authority);
  assert.deepEqual([ran.code, ran.stderr], [0, '']);
  assert.match(ran.stdout, /^cart /m);
  assert.equal((await list('--server', address, '--token', token, '--insecure-skip-tls-verify')).code, 0);
});

test('without the authority the server is not believed, and a wrong token is not told', async () => {
  const unknown = await list('--server', address, '--token', token);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /^Error: .*certificate/);
  const wrong = await sluice(['list', 'rollouts', '--token', 'wr0ng-t0ken'], { KUBECONFIG: server.kubeconfig });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /does not accept the token of user --token/);
  assert.doesNotMatch(wrong.stderr, /wr0ng/);
});

test('another user or cluster of the file must be there', async () => {
  const run = (...words: string[]): Promise<Ran> => sluice(['list', 'rollouts', ...words], { KUBECONFIG: server.kubeconfig });
  assert.match((await run('--user', 'nobody')).stderr, /has no user nobody \(--user\); it has: \S+/);
  assert.match((await run('--cluster', 'prd')).stderr, /has no cluster prd \(--cluster\); it has: \S+/);
});

const USAGE: readonly (readonly [readonly string[], RegExp])[] = [
  [['--server', 'host:6443'], /--server must be an address such as https/],
  [['--token', ''], /--token needs a value/],
  [['--as-uid', '7'], /--as-uid needs --as/],
  [['--insecure-skip-tls-verify', '--certificate-authority', 'x'], /contradict each other/],
  [['--token', 'x', '--context', 'a', '--context', 'b'], /--token is for one cluster: name one --context/],
  [['--request-timeout', 'soon'], /--request-timeout must be a duration from 0 to 10m/],
];

for (const [words, wanted] of USAGE) {
  test(`${words.join(' ')} is wrong usage`, async () => {
    const ran = await sluice(['list', 'rollouts', ...words], { KUBECONFIG: server.kubeconfig });
    assert.deepEqual([ran.code, wanted.test(ran.stderr)], [2, true], ran.stderr);
  });
}

test('--request-timeout ends the wait for a server that says nothing', async (t) => {
  const silent = createServer();
  await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
  t.after(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const ran = await list('--server', `http://127.0.0.1:${port}`, '--request-timeout', '200ms');
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /did not answer within 0\.2 s/);
  assert.equal((await list('--server', address, '--token', token, '--insecure-skip-tls-verify', '--request-timeout', '30')).code, 0, 'seconds without a unit');
});

test('an engine takes no longer time than its Lease allows', async () => {
  const ran = await sluice(['engine', '--request-timeout', '1m'], { KUBECONFIG: server.kubeconfig });
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /may be 15s at most here/);
});
