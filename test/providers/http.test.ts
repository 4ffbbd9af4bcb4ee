// The real HTTP sender against servers that are slow, huge, broken, gone or elsewhere.

import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';

import type { HttpRequest } from '../../src/lib/http.js';
import { createHttpSend } from '../../src/providers/http.js';

const sender = createHttpSend();
let base = '';
let connections = 0;

const server = http.createServer((request, response) => {
  const url = request.url ?? '';
  if (url.startsWith('/loop')) {
    response.writeHead(302, { location: '/loop' }).end();
  } else if (url === '/moved' || url === '/kept') {
    response.writeHead(url === '/moved' ? 302 : 307, { location: '/echo' }).end();
  } else if (url === '/away') {
    response.writeHead(302, { location: `${base.replace('127.0.0.1', 'localhost')}/echo` }).end();
  } else if (url === '/huge') {
    response.end('x'.repeat(100_000));
  } else if (url === '/cut') {
    response.writeHead(200, { 'content-length': '10' });
    response.write('abc', () => request.socket.destroy());
  } else if (url === '/echo') {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => response.end(JSON.stringify({ method: request.method, body, authorization: request.headers.authorization ?? null })));
  } else if (url !== '/never') {
    response.writeHead(500).end('broken');
  }
});
server.on('connection', () => { connections += 1; });

before(() => new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    resolve();
  });
}));

after(() => {
  sender.close();
  server.closeAllConnections();
  server.close();
});

const send = (url: string, fields: Partial<HttpRequest> = {}): ReturnType<typeof sender.send> => sender.send({ method: 'GET', url, timeoutMs: 5000, maxBodyBytes: 10_000, ...fields });

async function outcome(url: string, fields: Partial<HttpRequest> = {}): Promise<string> {
  const answer = await send(url, fields);
  return answer.ok ? `${answer.value.status} ${answer.value.body}` : `${answer.error.type}: ${answer.error.message}`;
}

test('answers come back with their status; connections are kept', async () => {
  assert.equal(await outcome(`${base}/echo`, { method: 'POST', body: 'é' }), '200 {"method":"POST","body":"é","authorization":null}');
  const before = connections;
  for (let turn = 0; turn < 5; turn += 1) assert.equal(await outcome(`${base}/broken`), '500 broken');
  assert.ok(connections - before <= 1);
});

test('redirects are followed, the method as in Go, credentials only to the same host', async () => {
  const post: Partial<HttpRequest> = { method: 'POST', body: 'b', headers: { Authorization: 'secret' } };
  assert.equal(await outcome(`${base}/moved`, post), '200 {"method":"GET","body":"","authorization":"secret"}');
  assert.equal(await outcome(`${base}/kept`, post), '200 {"method":"POST","body":"b","authorization":"secret"}');
  const away = await outcome(`${base}/away`, post);
  assert.ok(!away.includes('secret'), away);
  assert.equal(await outcome(`${base}/loop`), 'failed: stopped after 10 redirects');
});

test('what goes wrong has a reason', async () => {
  assert.match(await outcome(`${base}/huge`), /^too-large: the answer is longer than 10000 bytes$/);
  assert.match(await outcome(`${base}/never`, { timeoutMs: 50 }), /^timeout: no complete answer within 0\.05 s$/);
  assert.match(await outcome(`${base}/cut`), /^failed: /);
  assert.match(await outcome('http://127.0.0.1:1/'), /^refused: connection refused/);
  assert.match(await outcome('nonsense'), /^bad-url: not a URL/);
  assert.match(await outcome('ftp://x/'), /^bad-url: unsupported protocol scheme "ftp"/);
  assert.match(await outcome(`${base}/echo`, { headers: { 'bad name': 'x' } }), /^failed: /);
});

test('an aborted measurement ends at once', async () => {
  const answer = await sender.send({ method: 'GET', url: `${base}/never`, timeoutMs: 5000, maxBodyBytes: 10 }, AbortSignal.abort());
  assert.ok(!answer.ok);
});
