// The metric sources of vendors against a server on loopback that answers as their documentation shows, and against one that is torn,
// huge, or tells the credentials that it was given: each through its provider, and in an analysis from end to end.

import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';

import { createHttpSend } from '../../src/providers/http.js';
import { engineSecrets, ioWith, testProvider } from '../conformance/provider.js';
import { analyse } from './analyse.js';
import type { Analysed } from './analyse.js';
import { VENDORS } from './vendors.js';
import type { Vendor } from './vendors.js';

type Asked = { readonly method: string; readonly url: string; readonly headers: http.IncomingHttpHeaders; readonly body: string };
type Answer = (response: http.ServerResponse, asked: Asked) => void;

const HUGE_BYTES = 20 * 1024 * 1024;
const sender = createHttpSend();
const asked: Asked[] = [];
let answer: Answer = () => undefined;
let base = '';

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    asked.push(one);
    answer(response, one);
  });
});

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

const pathOf = (url: string): string => new URL(url, base).pathname;
const documented = (vendor: Vendor): Answer => (response, { url }) => {
  const body = vendor.answers[pathOf(url)];
  response.writeHead(body === undefined ? 404 : 200).end(body ?? 'no such path');
};
const says = (status: number, body: string): Answer => (response) => { response.writeHead(status).end(body); };
const tellsAll = (status: number): Answer => (response, { headers, body }) => { response.writeHead(status).end(`{"message":${JSON.stringify(JSON.stringify(headers))},"body":${JSON.stringify(body)}}`); };
const TORN: Answer = (response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{', () => response.destroy()); };
const HUGE: Answer = (response) => { response.on('error', () => undefined); response.writeHead(200).end(Buffer.alloc(HUGE_BYTES, ' ')); };

async function measure(vendor: Vendor, how: Answer): Promise<string> {
  answer = how;
  asked.length = 0;
  const io = ioWith(sender.send, { secret: engineSecrets(vendor.secrets(base)) });
  const measured = await vendor.provider.measure(vendor.spec(base), io, new AbortController().signal);
  return measured.ok ? `${measured.value.phase ?? ''} ${measured.value.text}`.trim() : `error: ${measured.error}`;
}

async function analysed(vendor: Vendor, how: Answer): Promise<Analysed> {
  answer = how;
  asked.length = 0;
  return analyse(sender.send, { provider: { [vendor.provider.name]: vendor.spec(base) }, ...(vendor.condition === undefined ? {} : { successCondition: vendor.condition }) }, { secrets: vendor.secrets(base) });
}

for (const vendor of VENDORS) {
  const { provider, statusCounts } = vendor;
  const secrets = vendor.secrets('http://source.test');
  const body = (url: string): string => vendor.answers[new URL(url).pathname] ?? '';
  testProvider({ provider, spec: vendor.spec('http://source.test'), secrets, good: ({ url }) => ({ body: body(url) }), text: vendor.name === 'kayenta' ? '' : vendor.text, statusCounts, nonsenseIsError: true });

  test(`${vendor.name}: is asked as its documentation says`, async () => {
    assert.equal(await measure(vendor, documented(vendor)), vendor.name === 'kayenta' ? 'Running' : vendor.text);
    const [first] = asked;
    assert.ok(first !== undefined);
    const { method, url, headers, body: wanted } = vendor.asked;
    assert.deepEqual([first.method, first.url, first.body === '' ? undefined : JSON.parse(first.body)], [method, url, wanted]);
    for (const [name, value] of Object.entries(headers)) assert.equal(first.headers[name], value, name);
  });

  test(`${vendor.name}: an analysis from end to end`, async () => {
    const { run } = await analysed(vendor, documented(vendor));
    assert.deepEqual([run.status?.phase, run.status?.message], ['Successful', undefined]);
    assert.equal(run.status?.metricResults?.[0]?.measurements?.[0]?.value, vendor.text);
  });

  test(`${vendor.name}: torn, huge, a page of a proxy, and an unhappy status are errors with a reason`, async () => {
    assert.match(await measure(vendor, TORN), /^error: (Get|Post) "http:.*": (aborted|.*terminated|socket hang up)/);
    assert.match(await measure(vendor, HUGE), /^error: (Get|Post) ".*": the answer is longer than \d+ bytes$/);
    assert.match(await measure(vendor, says(200, '<html>Log in</html>')), /^error: (the answer is not JSON: "<html>Log in|no results returned)/);
    assert.match(await measure(vendor, says(503, 'later')), statusCounts === true ? /^error: .*503/ : /^error: error response: later$/);
    assert.ok((await measure(vendor, says(500, 'x'.repeat(100_000)))).length < 2000);
  });

  test(`${vendor.name}: what it says by itself, and nothing measured`, async () => {
    const [refusal, message] = vendor.refusal ?? [];
    if (refusal !== undefined) assert.equal(await measure(vendor, says(200, refusal)), `error: ${message}`);
    const [bodies = [], nothing] = vendor.empty ?? [];
    for (const each of bodies) assert.equal(await measure(vendor, says(200, each)), `error: ${nothing}`, each);
  });

  const hidden = Object.values(secrets).flatMap(Object.values).map((each) => each.trim()).filter((each) => each.includes('5ecret'));
  if (hidden.length > 0) {
    test(`${vendor.name}: credentials are written nowhere, even when the source tells them`, async () => {
      for (const status of [200, 401, 500]) {
        const { run, written } = await analysed(vendor, tellsAll(status));
        assert.equal(run.status?.phase, 'Error');
        assert.ok(asked.length > 0 && JSON.stringify(asked).includes('5ecret'));
        for (const each of hidden) assert.ok(!written.includes(each), `${status}: ${written}`);
      }
    });

    test(`${vendor.name}: without its Secret nobody is asked, and the Secret is named`, async () => {
      const bare = { ...vendor, secrets: () => ({}) };
      assert.match(await measure(bare, documented(vendor)), /^error: (secrets "[a-z-]+" not found|failed to find the credentials for datadog metrics provider)$/);
      assert.equal(asked.length, 0);
    });
  }
}
