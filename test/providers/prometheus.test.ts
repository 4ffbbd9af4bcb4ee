// The Prometheus provider on recorded exchanges of a real server, and its requests.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { evaluateTime } from '../../src/decide/expression/evaluate.js';
import type { HttpRequest } from '../../src/lib/http.js';
import { err, ok } from '../../src/lib/result.js';
import { readAnswer } from '../../src/providers/prometheus-answer.js';
import { prometheus } from '../../src/providers/prometheus.js';
import type { ProviderIo } from '../../src/providers/provider.js';
import { answering, ioWith, response, testProvider } from '../conformance/provider.js';

type Exchange = { readonly request: { readonly method: string; readonly path: string; readonly params: Readonly<Record<string, string>> }; readonly status: number; readonly body: string };
const exchanges = JSON.parse(readFileSync(path.join(process.env['SLUICE_ROOT'] ?? '.', 'test/providers/prometheus-exchanges.json'), 'utf8')) as readonly Exchange[];
const spec = { address: 'http://prom:9090', query: 'up' };
const VECTOR = '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795253701.848,"0.9"]}]}}';

testProvider({ provider: prometheus, spec, good: { body: VECTOR }, text: '[0.9]', statusCounts: true, nonsenseIsError: true });

/** Query (or path) to the text of the answer. */
const RECORDED: Readonly<Record<string, string>> = {
  g: '[+Inf,NaN,-Inf,1]', 'scalar(g{k="one"})': '1', '"abc"': 'Prometheus metric type not supported', 'g{k="nope"}': '[]', 'scalar(g{k="nope"})': 'NaN',
  'http_requests_total{code="500"}[3s]': '[7,14,21]', 'sum(': 'bad_data: invalid parameter "query": 1:5: parse error: unclosed left parenthesis', 'vector(0)/0': '[NaN]',
  'histogram_quantile(0.9, g)': '[]', '1e300*1e300': '+Inf', '0.000000123': '0.000000123', '123456789012345678': '123456789012345680',
  'http_requests_total / on(service) http_requests_total': 'execution: found duplicate series for the match group',
};

test('recorded answers of a real server', () => {
  let met = 0;
  for (const exchange of exchanges) {
    const answer = readAnswer(response({ status: exchange.status, body: exchange.body }));
    const text = answer.ok ? answer.value.text : answer.error;
    const wanted = exchange.request.path === '/api/v1/query' && exchange.request.method === 'POST' && exchange.request.params['time'] === undefined ? RECORDED[exchange.request.params['query'] ?? ''] : undefined;
    if (wanted !== undefined) {
      assert.ok(text.startsWith(wanted), `${exchange.request.params['query'] ?? ''}: ${text}`);
      met += 1;
    }
    if (exchange.status === 404 || exchange.status === 405) assert.equal(text, `client_error: client error: ${exchange.status}`);
    else if (exchange.status !== 200) assert.match(text, /^(bad_data|execution): /);
  }
  assert.ok(met >= 12);
});

const RANGE = { ...spec, rangeQuery: { start: 'now() - duration("5m")', end: 'now()', step: '1m' } };
const withTime: Partial<ProviderIo> = {
  evaluateTime: (expression, now) => {
    const verdict = evaluateTime(expression, now);
    return 'error' in verdict ? err(verdict.message) : ok(verdict.value);
  },
};

async function asked(source: unknown, fields: Partial<ProviderIo> = {}, status?: (request: HttpRequest) => number): Promise<{ readonly requests: readonly HttpRequest[]; readonly outcome: string }> {
  const requests: HttpRequest[] = [];
  const io = ioWith((request) => {
    requests.push(request);
    return Promise.resolve(ok(response({ status: status?.(request) ?? 200, body: request.url.includes('token') ? '{"access_token":"T","token_type":"bearer"}' : VECTOR })));
  }, fields);
  const answer = await prometheus.measure(source, io, new AbortController().signal);
  return { requests, outcome: answer.ok ? answer.value.text : answer.error };
}

test('an instant query is a form; the range has start, end and step in seconds', async () => {
  const instant = await asked({ ...spec, headers: [{ key: 'X-Scope', value: 'a' }], timeout: 7, insecure: true });
  assert.deepEqual(instant.requests.map(({ method, url, body, timeoutMs, insecure }) => ({ method, url, body, timeoutMs, insecure })), [
    { method: 'POST', url: 'http://prom:9090/api/v1/query', body: 'query=up&time=1795253600.25', timeoutMs: 7000, insecure: true },
  ]);
  assert.equal(instant.requests[0]?.headers?.['X-Scope'], 'a');
  const range = await asked(RANGE, withTime);
  assert.deepEqual([range.requests[0]?.url, range.requests[0]?.body], ['http://prom:9090/api/v1/query_range', 'query=up&start=1795253300.25&end=1795253600.25&step=60']);
});

test('a server that knows no POST is asked again with GET', async () => {
  const { requests, outcome } = await asked(spec, {}, (request) => (request.method === 'POST' ? 405 : 200));
  assert.deepEqual(requests.map(({ method, url }) => `${method} ${url}`), ['POST http://prom:9090/api/v1/query', 'GET http://prom:9090/api/v1/query?query=up&time=1795253600.25']);
  assert.equal(outcome, '[0.9]');
});

test('what is wrong with the metric is said without asking anybody', async () => {
  const cases: readonly [unknown, string][] = [
    [{ query: 'up' }, 'prometheus address is not configured'],
    [{ address: 'prom:9090', query: 'up' }, 'prometheus address is not is url format'],
    [{ ...spec, timeout: -1 }, 'prometheus timeout should not be negative'],
    [{ ...RANGE, rangeQuery: { ...RANGE.rangeQuery, start: '5' } }, 'failed to parse rangeQuery.start as time: expected time.Time, but got int'],
    [{ ...RANGE, rangeQuery: { ...RANGE.rangeQuery, end: 'nope' } }, 'failed to parse rangeQuery.end as time: unknown name nope'],
    [{ ...RANGE, rangeQuery: { ...RANGE.rangeQuery, step: '1d' } }, 'failed to parse rangeQuery.step as duration: time: invalid duration "1d"'],
    [{ ...spec, authentication: { oauth2: { tokenUrl: 'http://token/', clientId: 'a' } } }, 'missing mandatory parameter in metric for OAuth2 setup'],
    [{ address: 'https://aps-workspaces.eu.amazonaws.com/x', query: 'up', authentication: { sigv4: { region: 'eu' } } }, 'sigv4: nothing here speaks to AWS'],
  ];
  for (const [source, wanted] of cases) {
    const { requests, outcome } = await asked(source, withTime);
    assert.deepEqual([requests.length, outcome], [0, wanted]);
  }
});

test('the address may come from the environment; a token is fetched first', async () => {
  const { requests } = await asked({ query: 'up', authentication: { oauth2: { tokenUrl: 'http://auth/token', clientId: 'id', clientSecret: 'pw', scopes: ['a', 'b'] } } }, { environment: { ARGO_ROLLOUTS_PROMETHEUS_ADDRESS: 'http://env:1/' } });
  assert.deepEqual(requests.map(({ url, body, headers }) => [url, body, headers?.['Authorization']]), [
    ['http://auth/token', 'grant_type=client_credentials&scope=a+b', `Basic ${Buffer.from('id:pw').toString('base64')}`],
    ['http://env:1/api/v1/query', 'query=up&time=1795253600.25', 'Bearer T'],
  ]);
});

test('warnings and the query are told beside the value', async () => {
  const body = VECTOR.replace('{"status"', '{"warnings":["w1","w2"],"status"');
  const answer = await prometheus.measure(spec, ioWith(answering({ body })), new AbortController().signal);
  assert.deepEqual(answer.ok && answer.value.metadata, { warnings: '"w1", "w2"' });
  assert.deepEqual(prometheus.describe?.(spec), { ResolvedPrometheusQuery: 'up' });
});
