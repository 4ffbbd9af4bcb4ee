// The web and SkyWalking providers: what they ask, what they make of answers; and the registry.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PROVIDER_NAMES } from '../../src/kinds/metric-provider.js';
import type { HttpRequest } from '../../src/lib/http.js';
import { findProvider } from '../../src/providers/index.js';
import { skywalking } from '../../src/providers/skywalking.js';
import { web } from '../../src/providers/web.js';
import { answering, ioWith, testProvider } from '../conformance/provider.js';

const QUERY = 'query queryData($duration: Duration!) { service_apdex: readMetricsValues(condition: {}, duration: $duration) { label values { values { value } } } }';
const APDEX = '{"data":{"service_apdex":{"label":null,"values":{"values":[{"value":0},{"value":8833},{"value":8500},{"value":0}]}}}}';
const oap = { address: 'http://oap:12800', query: QUERY, interval: '3m' };

testProvider({ provider: web, spec: { url: 'http://app/status', jsonPath: '{$.value}' }, good: { body: '{"value":0.7}' }, text: '0.7', statusCounts: true, nonsenseIsError: false });
testProvider({ provider: skywalking, spec: oap, good: { body: APDEX }, text: APDEX.slice('{"data":'.length, -1), statusCounts: false, nonsenseIsError: true });

async function ask(provider: typeof web, spec: unknown, body: string, offset = 0): Promise<{ readonly text: string; readonly type: string | undefined; readonly request: HttpRequest | undefined }> {
  const asked: HttpRequest[] = [];
  const answer = await provider.measure(spec, ioWith(answering({ body }, asked), { utcOffsetMinutes: offset }), new AbortController().signal);
  return { text: answer.ok ? answer.value.text : answer.error, type: answer.ok ? answer.value.result?.type : 'error', request: asked[0] };
}

test('web: the value found by the path, as JSON', async () => {
  const body = '{"b":{"z":1,"a":"<x>"},"list":[1,2],"text":"ok","none":null}';
  const cases: readonly [string | undefined, string, string | undefined][] = [
    ['{$.b}', '{"a":"\\u003cx\\u003e","z":1}', 'json'], ['{$.list}', '[1,2]', 'json'], ['{$.list[1]}', '2', 'json'], ['{$.text}', '"ok"', 'json'], ['{$.none}', 'null', 'json'],
    [undefined, '{"b":{"a":"\\u003cx\\u003e","z":1},"list":[1,2],"none":null,"text":"ok"}', 'json'],
  ];
  for (const [jsonPath, text, type] of cases) {
    const got = await ask(web, { url: 'http://x/', ...(jsonPath === undefined ? {} : { jsonPath }) }, body);
    assert.deepEqual([got.text, got.type], [text, type]);
  }
  assert.match((await ask(web, { url: 'http://x/', jsonPath: '{$.nope}' }, body)).text, /^Could not find JSONPath in body: /);
});

test('web: a body that is not JSON is taken as the value, unjudged', async () => {
  assert.deepEqual(await ask(web, { url: 'http://x/' }, 'fine').then(({ text, type }) => [text, type]), ['fine', undefined]);
});

test('web: method, body and headers', async () => {
  const { request } = await ask(web, { url: 'http://x/', method: 'POST', jsonBody: { b: 1, a: [2] }, headers: [{ key: 'X', value: 'y' }], timeoutSeconds: 3 }, '1');
  assert.deepEqual([request?.method, request?.body, request?.headers, request?.timeoutMs], ['POST', '{"a":[2],"b":1}', { X: 'y', 'Content-Type': 'application/json' }, 3000]);
  const both = await ask(web, { url: 'http://x/', method: 'POST', jsonBody: {}, body: 'x' }, '1');
  assert.deepEqual([both.text, both.request], ['use either Body or JSONBody; both cannot exists for WebMetric payload', undefined]);
  const got = await ask(web, { url: 'http://x/', body: 'x' }, '1');
  assert.equal(got.text, 'Body/JSONBody can only be used with POST or PUT WebMetric Method types');
});

test('SkyWalking: the minutes of the interval on this wall clock', async () => {
  const { request } = await ask(skywalking, oap, APDEX, 60);
  assert.equal(request?.url, 'http://oap:12800/graphql');
  assert.deepEqual(JSON.parse(request?.body ?? ''), { query: QUERY, variables: { duration: { start: '2026-11-21 1030', end: '2026-11-21 1033', step: 'MINUTE' } } });
});

test('SkyWalking: errors of the server come first, empty answers are errors', async () => {
  assert.equal((await ask(skywalking, oap, '{"errors":[{"message":"Unused variable"}],"data":null}')).text, 'graphql: Unused variable');
  assert.equal((await ask(skywalking, oap, '{"data":null}')).text, 'no results returned from SkyWalking query');
  const { text, request } = await ask(skywalking, { ...oap, interval: '' }, APDEX);
  assert.deepEqual([text, request], ['time: invalid duration ""', undefined]);
});

test('the registry names what it has', () => {
  assert.deepEqual(PROVIDER_NAMES.filter((name) => !findProvider(name).ok), ['plugin']);
  const unknown = findProvider('abc');
  assert.ok(!unknown.ok);
  assert.match(unknown.error, /^unknown metric provider "abc" \(known: prometheus, job, /);
});
