// Metric sources that are down, slow, huge, moved, mute or mad, asked over real sockets through the real providers: each is an error of
// the measurement with its reason, never a verdict.

import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { makeCertificate } from '../../src/apiserver/http/certificate.js';
import { measureMetric } from '../../src/controllers/analysis-run-measure.js';
import type { Measured } from '../../src/decide/analysis/measurement.js';
import type { Metric } from '../../src/kinds/metric.js';
import { createHttpSend } from '../../src/providers/http.js';
import { NO_CLUSTER } from '../conformance/provider.js';

type Fields = Readonly<Record<string, unknown>>;
type Answer = (response: http.ServerResponse, request: http.IncomingMessage) => void;

const HUGE_BYTES = 20 * 1024 * 1024;
const json = (body: unknown): Answer => (response) => { response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
const text = (status: number, body: string): Answer => (response) => { response.writeHead(status, { 'content-type': 'text/html' }).end(body); };
const vector = (...values: readonly string[]): Answer => json({ status: 'success', data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) } });
const huge: Answer = (response) => {
  const part = Buffer.alloc(64 * 1024, ' ');
  let left = HUGE_BYTES;
  const more = (): void => {
    while (left > 0 && response.writable) {
      left -= part.length;
      if (!response.write(part)) return void response.once('drain', more);
    }
    response.end();
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  more();
};
const trickle: Answer = (response) => {
  response.writeHead(200);
  const timer = setInterval(() => { if (!response.write(' ')) clearInterval(timer); }, 100);
  response.on('close', () => clearInterval(timer));
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  'html': text(200, '<html>Log in</html>'), 'broken': text(500, 'oops'), 'gone': text(404, 'no'), 'nonsense': text(200, '{"status": "succ'), 'list': json([1, 2]), 'null': json(null), 'other': json({ other: 1 }),
  'no-data': json({ status: 'success' }), 'bad-data': json({ status: 'error', errorType: 'bad_data', error: 'parse error at char 3' }), 'empty': vector(), 'nan': vector('NaN'), 'words': vector('many'), 'inf': vector('+Inf'),
  'string': json({ status: 'success', data: { resultType: 'string', result: [1, 'x'] } }), 'graphql-errors': json({ errors: [{ message: 'no such service' }] }), 'graphql-null': json({ data: null }),
  'loop': (response) => { response.writeHead(302, { location: '/loop/again' }).end(); }, 'never': () => undefined, 'cut': (response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{', () => response.destroy()); },
  'reset': (_, request) => { request.socket.resetAndDestroy(); }, 'huge': huge, 'trickle': trickle,
};

const server = http.createServer((request, response) => {
  const name = (request.url ?? '').split('/')[1]?.split('?')[0] ?? '';
  const answer = ANSWERS[name] ?? text(404, '');
  request.resume();
  answer(response, request);
});
let secure: https.Server | undefined;
const sender = createHttpSend();
let base = '';
let secureBase = '';
let closedBase = '';

const listen = (on: net.Server): Promise<number> => new Promise((resolve) => { on.listen(0, '127.0.0.1', () => resolve((on.address() as AddressInfo).port)); });

before(async () => {
  base = `http://127.0.0.1:${await listen(server)}`;
  const { keyPem: key, certPem: cert } = await makeCertificate(Date.now());
  secure = https.createServer({ key, cert }, (_, response) => response.end('{"value": 1}'));
  secureBase = `https://127.0.0.1:${await listen(secure)}`;
  const closed = net.createServer();
  closedBase = `http://127.0.0.1:${await listen(closed)}`;
  closed.close();
});

after(() => {
  sender.close();
  for (const each of [server, secure]) {
    each?.closeAllConnections();
    each?.close();
  }
});

async function measureOnce(metric: Metric, signal: AbortSignal, secrets: readonly string[] = []): Promise<Measured> {
  const run = { namespace: 'default', name: 'r', uid: 'u', startedAt: undefined };
  const options = { http: sender.send, environment: {}, utcOffsetMinutes: 0, plugins: new Map(), run, cluster: NO_CLUSTER, engineNamespace: 'argo-rollouts', now: () => Date.now() };
  const measured = await measureMetric({ metric, attempt: 1, ending: false }, false, { values: new Map(), secrets }, options, signal);
  assert.ok(measured !== undefined);
  return measured;
}

function measure(provider: Fields, condition = 'result >= 0.9', secrets: readonly string[] = []): Promise<Measured> {
  const metric = { name: 'm', successCondition: condition, provider } as Metric;
  return measureOnce(metric, new AbortController().signal, secrets);
}

const web = (url: string, more: Fields = {}): Fields => ({ web: { url, jsonPath: '{$.value}', timeoutSeconds: 1, ...more } });
const prometheus = (address: string): Fields => ({ prometheus: { address, query: 'up', timeout: 1 } });
const skywalking = (address: string): Fields => ({ skywalking: { address, query: 'query {}', interval: '3m' } });

type Row = readonly [name: string, provider: () => Fields, message: RegExp, condition?: string];

const ROWS: readonly Row[] = [
  ['web: down', () => web(closedBase), /^Get "http:\/\/127\.0\.0\.1:\d+": connection refused/],
  ['web: no such host', () => web('http://metrics.invalid/x'), /^Get "http:\/\/metrics\.invalid\/x": .*(ENOTFOUND|EAI_AGAIN).*metrics\.invalid/],
  ['web: never answers', () => web(`${base}/never`), /no complete answer within 1 s$/],
  ['web: answers a byte at a time', () => web(`${base}/trickle`), /no complete answer within 1 s$/],
  ['web: huge', () => web(`${base}/huge`, { timeoutSeconds: 5 }), /the answer is longer than 4194304 bytes$/],
  ['web: a loop of redirects', () => web(`${base}/loop`), /stopped after 10 redirects$/],
  ['web: cut off', () => web(`${base}/cut`), /^Get ".*": (aborted|.*terminated|socket hang up)/],
  ['web: reset', () => web(`${base}/reset`), /^Get ".*": .*(ECONNRESET|socket hang up)/],
  ['web: 500', () => web(`${base}/broken`), /^received non 2xx response code: 500$/],
  ['web: another shape', () => web(`${base}/other`), /^Could not find JSONPath in body: value is not found$/],
  ['web: a list', () => web(`${base}/list`), /^Could not find JSONPath in body: /],
  ['web: null', () => web(`${base}/null`), /^(Could not find JSONPath in body: |result of web metric produced no value)/],
  ['web: a certificate that nobody knows', () => web(secureBase), /^Get "https:.*": .*self.signed certificate/],
  ['web: HTTP on a port of HTTPS', () => web(secureBase.replace('https', 'http')), /^Get ".*": /],
  ['web: HTTPS on a port of HTTP', () => web(base.replace('http', 'https')), /^Get ".*": .*(wrong version number|SSL|EPROTO)/],
  ['web: no URL', () => web('metrics'), /not a URL: "metrics"$/],
  ['web: another scheme', () => web('ftp://x/y'), /unsupported protocol scheme "ftp"$/],
  ['prometheus: down', () => prometheus(closedBase), /^Post "http:\/\/127\.0\.0\.1:\d+\/api\/v1\/query": connection refused/],
  ['prometheus: never answers', () => prometheus(`${base}/never`), /no complete answer within 1 s$/],
  ['prometheus: huge', () => ({ prometheus: { address: `${base}/huge`, query: 'up', timeout: 5 } }), /the answer is longer than 16777216 bytes$/],
  ['prometheus: a page of a proxy', () => prometheus(`${base}/html`), /^bad_response: the answer is not JSON: "<html>Log in/],
  ['prometheus: 500', () => prometheus(`${base}/broken`), /^server_error: server error: 500$/],
  ['prometheus: 404', () => prometheus(`${base}/gone`), /^client_error: client error: 404$/],
  ['prometheus: half of an answer', () => prometheus(`${base}/nonsense`), /^bad_response: /],
  ['prometheus: a list', () => prometheus(`${base}/list`), /^bad_response: /],
  ['prometheus: no data', () => prometheus(`${base}/no-data`), /^bad_response: the answer has no data$/],
  ['prometheus: a bad query', () => prometheus(`${base}/bad-data`), /^bad_data: parse error at char 3$/],
  ['prometheus: another type', () => prometheus(`${base}/string`), /^Prometheus metric type not supported$/],
  ['prometheus: words for a number', () => prometheus(`${base}/words`), /^bad_response: malformed samples$/],
  ['prometheus: nothing found', () => prometheus(`${base}/empty`), /index out of range/, 'result[0] >= 0.9'],
  ['prometheus: a list compared with a number', () => prometheus(`${base}/empty`), /invalid operation: >= \(mismatched types \[\]float64 and float64\)/],
  ['prometheus: no address', () => prometheus(''), /^prometheus address is not configured$/],
  ['prometheus: a condition that is no question', () => prometheus(`${base}/nan`), /^expected bool, but got float64$/, 'result[0]'],
  ['skywalking: down', () => skywalking(closedBase), /^Post "http:\/\/127\.0\.0\.1:\d+\/graphql": connection refused/],
  ['skywalking: a page of a proxy', () => skywalking(`${base}/html`), /^decoding response: the answer is not JSON: "<html>/],
  ['skywalking: errors', () => skywalking(`${base}/graphql-errors`), /^graphql: no such service$/],
  ['skywalking: null', () => skywalking(`${base}/graphql-null`), /^no results returned from SkyWalking query$/],
  ['skywalking: a list', () => skywalking(`${base}/list`), /^decoding response: the answer is not a JSON object$/],
  ['a provider of a later version', () => ({ oracle: { query: 'x' } }), /unknown metric provider "oracle"/],
  ['a provider of no version', () => ({ plugin: { 'a/b': {} } }), /plugin/],
];

describe('each is an error with its reason', () => {
  for (const [name, provider, message, condition] of ROWS) {
    test(name, async () => {
      const { phase, message: told = '', value } = await measure(provider(), condition);
      assert.match(told, message);
      assert.equal(phase, 'Error');
      assert.equal(value, undefined);
      assert.ok(told.length < 500, told);
    });
  }
});

describe('what is a value all the same', () => {
  test('NaN passes no comparison', async () => {
    const { phase, value } = await measure(prometheus(`${base}/nan`), 'result[0] >= 0.9');
    assert.deepEqual([phase, value], ['Failed', '[NaN]']);
  });
  test('a condition may let nothing or NaN pass', async () => {
    assert.equal((await measure(prometheus(`${base}/empty`), 'len(result) == 0 || result[0] >= 0.9')).phase, 'Successful');
    assert.equal((await measure(prometheus(`${base}/nan`), 'isNaN(result[0]) || result[0] >= 0.9')).phase, 'Successful');
    assert.equal((await measure(prometheus(`${base}/inf`), 'isInf(result[0])')).phase, 'Successful');
  });
  test('a self-signed certificate, when it is said to be well', async () => {
    assert.equal((await measure(web(secureBase, { insecure: true }))).phase, 'Successful');
  });
});

test('a run that ends gives up its request at once', async () => {
  const giving = new AbortController();
  const metric: Metric = { name: 'm', provider: { web: { url: `${base}/never` } } };
  const measured = measureOnce(metric, giving.signal);
  giving.abort();
  assert.equal((await measured).phase, 'Error');
});
