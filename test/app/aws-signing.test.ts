// Queries signed for AWS's managed Prometheus: a server on loopback computes the signature itself, by the public rules of version 4.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createAwsSigner } from '../../src/app/aws-signing.js';
import { createHttpSend } from '../../src/providers/http.js';
import { prometheus } from '../../src/providers/prometheus.js';
import { ioWith } from '../conformance/provider.js';
import { temporaryFolder } from '../support/sluice.js';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
/** Secret keys by their ids. */
const KEYS: Readonly<Record<string, string>> = { 'env-key': 'env-5ecret', 'file-key': 'file-5ecret', 'role-key': 'role-5ecret' };

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

type Seen = { readonly id: string; readonly scope: string; readonly correct: boolean; readonly token: string | undefined; readonly method: string };

function judge(request: http.IncomingMessage, body: string): Seen {
  const { method = '', url = '', headers } = request;
  const [, id = '', scope = '', names = '', given = ''] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(headers.authorization ?? '') ?? [];
  const asked = new URL(url, 'http://x');
  const query = [...asked.searchParams].map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).toSorted().join('&');
  const canonical = [method, asked.pathname, query, ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`), '', names, sha(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((each, part) => hmac(each, part), `AWS4${KEYS[id] ?? ''}`);
  const token = headers['x-amz-security-token'];
  return { id, scope: scope.split('/').slice(1).join('/'), correct: hmac(key, toSign).toString('hex') === given && names.includes('host'), token: typeof token === 'string' ? token : undefined, method };
}

describe('sigv4 of prometheus', () => {
  const folder = temporaryFolder();
  const seen: Seen[] = [];
  const roles: string[] = [];
  let refusesPost = false;
  let rolesLast = 3600;
  const saved: Record<string, string | undefined> = {};
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      if (body.includes('AssumeRole')) {
        roles.push(new URLSearchParams(body).get('RoleArn') ?? '');
        const expires = new Date(Date.now() + rolesLast * 1000).toISOString();
        response.writeHead(200, { 'content-type': 'text/xml' }).end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>role-key</AccessKeyId><SecretAccessKey>role-5ecret</SecretAccessKey><SessionToken>role-token</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
        return;
      }
      seen.push(judge(request, body));
      if (refusesPost && request.method === 'POST') response.writeHead(405).end();
      else response.writeHead(200).end('{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"7"]}]}}');
    });
  });
  let address = '';
  const network = createHttpSend();
  const signForAws = createAwsSigner();
  before(async () => {
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    address = `${own}/aps-workspaces/ws-1`;
    const variables = {
      AWS_ACCESS_KEY_ID: 'env-key', AWS_SECRET_ACCESS_KEY: 'env-5ecret', AWS_REGION: 'eu-env-1', AWS_ENDPOINT_URL_STS: own, AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: folder.file('config', '[profile other]\nregion = eu-file-1\n'),
      AWS_SHARED_CREDENTIALS_FILE: folder.file('credentials', '[other]\naws_access_key_id = file-key\naws_secret_access_key = file-5ecret\n'),
    };
    for (const [name, value] of Object.entries(variables)) {
      saved[name] = process.env[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  after(() => {
    for (const [name, value] of Object.entries(saved)) if (value === undefined) delete process.env[name]; else process.env[name] = value;
    network.close();
    server.closeAllConnections();
    server.close();
    folder.remove();
  });
  const measure = async (sigv4: object, more: object = {}): Promise<string> => {
    seen.length = 0;
    const spec = { address, query: 'up{job="a b"}', authentication: { sigv4 }, ...more };
    const answer = await prometheus.measure(spec, ioWith(network.send, { signForAws }), new AbortController().signal);
    return answer.ok ? answer.value.text : answer.error;
  };

  it('is made with the credentials and the region of the environment', async () => {
    assert.equal(await measure({ region: 'us-test-1' }), '[7]');
    assert.deepEqual(seen, [{ id: 'env-key', scope: 'us-test-1/aps/aws4_request', correct: true, token: undefined, method: 'POST' }]);
  });
  it('is made anew where a server takes no POST', async () => {
    refusesPost = true;
    assert.equal(await measure({ region: 'us-test-1' }), '[7]');
    refusesPost = false;
    assert.deepEqual(seen.map(({ method, correct }) => [method, correct]), [['POST', true], ['GET', true]]);
  });
  it('is made with those of a profile, without advice of the SDK across the screen', async (t) => {
    const warn = t.mock.method(console, 'warn', () => {});
    assert.equal(await measure({ profile: 'other', region: 'eu-x-1' }), '[7]');
    assert.deepEqual(seen.map(({ id, correct }) => [id, correct]), [['file-key', true]]);
    assert.equal(warn.mock.callCount(), 0);
  });
  it('is made with those of a role, which is taken once as long as it lasts', async () => {
    assert.equal(await measure({ roleArn: ROLE }), '[7]');
    assert.equal(await measure({ roleArn: ROLE }), '[7]');
    assert.deepEqual(seen, [{ id: 'role-key', scope: 'eu-env-1/aps/aws4_request', correct: true, token: 'role-token', method: 'POST' }]);
    assert.deepEqual(roles, [ROLE]);
    rolesLast = 60;
    await measure({ roleArn: `${ROLE}-short` });
    const { length } = roles;
    await measure({ roleArn: `${ROLE}-short` });
    assert.ok(roles.length > length, 'credentials that end soon are asked for anew');
  });
  it('is not made for other addresses, nor where nothing is named', async () => {
    await measure({ region: 'us-test-1' }, { address: address.replace('aps-workspaces', 'other') });
    assert.deepEqual(seen.map(({ id }) => id), ['']);
    await measure({});
    assert.deepEqual(seen.map(({ id }) => id), ['']);
  });
  it('without credentials nobody is asked, and the reason is said without a secret', async () => {
    const outcome = await measure({ profile: 'nobody', region: 'eu-x-1' });
    assert.match(outcome, /^sigv4: CredentialsProviderError: /);
    assert.doesNotMatch(outcome, /5ecret/);
    assert.deepEqual(seen, []);
  });
});
