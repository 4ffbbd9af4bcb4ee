// /metrics and /healthz over HTTP: on the address asked for and no other, for GET only, and a sentence when it can not be had.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveFigures } from '../../src/app/figures/server.js';
import { isUsageError } from '../../src/commands/command.js';
import { listenAddress } from '../../src/commands/listen-address.js';

const HERE = { host: '127.0.0.1', port: 0 };
const page = (text: () => Promise<string>): { readonly contentType: string; text(): Promise<string> } => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text });

test('two pages are there, for GET only', async (t) => {
  const served = await serveFigures(HERE, page(() => Promise.resolve('up 1\n')));
  assert.ok(served.ok);
  t.after(() => served.value.stop());
  const ask = async (path: string, method = 'GET'): Promise<readonly [number, string, string | null]> => {
    const answer = await fetch(served.value.url + path, { method });
    return [answer.status, await answer.text(), answer.headers.get('content-type')];
  };
  assert.match(served.value.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.deepEqual(await ask('/metrics?name=up'), [200, 'up 1\n', 'text/plain; version=0.0.4; charset=utf-8']);
  assert.deepEqual(await ask('/healthz'), [200, 'ok\n', 'text/plain; charset=utf-8']);
  assert.deepEqual((await ask('/')).slice(0, 2), [404, 'there is nothing here but /metrics and /healthz\n']);
  assert.deepEqual((await ask('/metrics', 'POST')).slice(0, 2), [405, 'only GET is answered here\n']);
  assert.equal((await ask('/healthz', 'DELETE'))[0], 405);
});

test('figures that can not be told are a failure of the scrape, not of the server', async (t) => {
  const served = await serveFigures(HERE, page(() => Promise.reject(new Error('no figures today'))));
  assert.ok(served.ok);
  t.after(() => served.value.stop());
  const answer = await fetch(`${served.value.url}/metrics`);
  assert.deepEqual([answer.status, await answer.text()], [500, 'the figures can not be told: no figures today\n']);
  assert.equal((await fetch(`${served.value.url}/healthz`)).status, 200);
});

test('an address that can not be had is told with what to do', async (t) => {
  const first = await serveFigures(HERE, page(() => Promise.resolve('')));
  assert.ok(first.ok);
  t.after(() => first.value.stop());
  const port = Number(new URL(first.value.url).port);
  const second = await serveFigures({ host: '127.0.0.1', port }, page(() => Promise.resolve('')));
  assert.deepEqual(second, { ok: false, error: `no figures at 127.0.0.1:${port}: something else listens there: name another port` });
});

test('without a host it is loopback; another has to be named', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['127.0.0.1:8090', '127.0.0.1 8090'], [':8090', '127.0.0.1 8090'], ['8090', '127.0.0.1 8090'], ['localhost:0', 'localhost 0'],
    ['0.0.0.0:8090', '0.0.0.0 8090'], ['[::1]:8090', '::1 8090'], ['engine.svc:65535', 'engine.svc 65535'],
  ];
  for (const [given, wanted] of rows) assert.equal(Object.values(listenAddress('metrics-address', given)).join(' '), wanted);
});

test('what is no address is refused with an example', () => {
  for (const wrong of ['', ':', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '::1:8090', '[127.0.0.1]:80', '[]:80', 'http://a:80', 'a b:80', '-a:80', '1:2:3', '127.0.0.1:80x'])
    assert.throws(() => listenAddress('metrics-address', wrong), (error) => isUsageError(error) && error.message.endsWith(`such as 127.0.0.1:8090 or [::1]:8090, not "${wrong}"`), wrong);
});
