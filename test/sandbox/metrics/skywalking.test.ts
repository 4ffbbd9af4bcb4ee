// The sandbox's SkyWalking, against what a real server was recorded to answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApmStore } from '../../../src/sandbox/metrics/apm-store.js';
import { answerSkywalking } from '../../../src/sandbox/metrics/skywalking.js';
import { LATENCY_BOUNDS_MS } from '../../../src/sandbox/request-batch.js';

const SERVICE = 'canary|reviews|bookinfo|cluster-1|-';
const ID = 'Y2FuYXJ5fHJldmlld3N8Ym9va2luZm98Y2x1c3Rlci0xfC0=.1';
const MINUTE = Date.UTC(2026, 10, 21, 9, 31);

/** One hundred requests in 09:31: ten failed, five slow. */
function store(): ReturnType<typeof createApmStore> {
  const apm = createApmStore();
  const latencyCounts = LATENCY_BOUNDS_MS.map((bound) => (bound === 50 ? 95 : bound === 1000 ? 5 : 0)).concat(0);
  apm.record({ at: MINUTE + 1000, namespace: 'bookinfo', service: 'reviews', workload: 'reviews', podLabels: {}, subset: 'canary', imageTag: '1', codes: { 200: 90, 500: 10 }, latencyCounts, latencySumMs: 7000 });
  return apm;
}

const WINDOW = { duration: { start: '2026-11-21 0930', end: '2026-11-21 0932', step: 'MINUTE' } };

function ask(query: string, variables: unknown = WINDOW, request: Partial<{ method: string; contentType: string; path: string }> = {}): { status: number; body: unknown } {
  const answer = answerSkywalking(store(), { method: 'POST', path: '/graphql', parameters: {}, contentType: 'application/json; charset=utf-8', body: JSON.stringify({ query, variables }), ...request }, MINUTE + 90_000, 0);
  return { status: answer.status, body: answer.contentType === 'application/json' ? JSON.parse(answer.body) : answer.body };
}

const values = (entity: string, name = 'service_apdex'): string =>
  `query q($duration: Duration!) { r: readMetricsValues(condition: { name: "${name}", entity: { scope: Service, ${entity} } }, duration: $duration) { label values { values { id value isEmptyValue } } } }`;

const NORMAL = `serviceName: "${SERVICE}", normal: true`;

const empty = (id: string): unknown => ({ id, value: 0, isEmptyValue: true });

test('one value a minute, and minutes without data say so', () => {
  assert.deepEqual(ask(values(NORMAL)), {
    status: 200,
    body: { data: { r: { label: null, values: { values: [
      empty(`service_apdex_202611210930_${ID}`),
      { id: `service_apdex_202611210931_${ID}`, value: 8775, isEmptyValue: false },
      empty(`service_apdex_202611210932_${ID}`),
    ] } } } },
  });
});

const absent: readonly (readonly [string, string, string, string])[] = [
  ['normal false', `serviceName: "${SERVICE}", normal: false`, 'service_apdex', `service_apdex_202611210931_${ID.replace('.1', '.0')}`],
  ['normal missing', `serviceName: "${SERVICE}"`, 'service_apdex', '202611210931_ILLEGAL_ENTITY'],
  ['unknown service', 'serviceName: "nope", normal: true', 'service_apdex', 'service_apdex_202611210931_bm9wZQ==.1'],
  ['unknown metric', NORMAL, 'nope_metric', '202611210931_UNKNOWN_METRIC_NAME'],
];

for (const [name, entity, metric, id] of absent) {
  test(`${name} reads as zeros`, () => {
    const { body } = ask(values(entity, metric)) as { body: { data: { r: { values: { values: unknown[] } } } } };
    assert.deepEqual(body.data.r.values.values[1], empty(id));
  });
}

test('single values', () => {
  const query = `query q($duration: Duration!) { a: readMetricsValue(condition: { name: "service_sla", entity: { ${NORMAL} } }, duration: $duration) b: readNullableMetricsValue(condition: { name: "service_cpm", entity: { ${NORMAL} } }, duration: $duration){value isEmptyValue} }`;
  assert.deepEqual(ask(query).body, { data: { a: 9000, b: { value: 100, isEmptyValue: false } } });
});

const expression = (text: string): unknown => {
  const { body } = ask(`query q($duration: Duration!) { r: execExpression(expression: ${JSON.stringify(text)}, entity: { ${NORMAL} }, duration: $duration) { type error results { metric { labels { key value } } values { id value } } } }`);
  return body;
};

const at = (offset: number, value: string | null): unknown => ({ id: String(MINUTE + offset), value });

const expressions: readonly (readonly [string, unknown])[] = [
  ['service_apdex', { type: 'TIME_SERIES_VALUES', error: null, results: [{ metric: { labels: [] }, values: [at(-60_000, null), at(0, '8775'), at(60_000, null)] }] }],
  ['avg(service_sla)/100', { type: 'SINGLE_VALUE', error: null, results: [{ metric: null, values: [{ id: null, value: '90' }] }] }],
  ['service_apdex >= 9900', { type: 'TIME_SERIES_VALUES', error: null, results: [{ metric: { labels: [] }, values: [at(-60_000, null), at(0, '0'), at(60_000, null)] }] }],
  ['nope_metric', { type: 'UNKNOWN', error: 'Metric: [nope_metric] dose not exist.', results: [] }],
];

for (const [text, wanted] of expressions) test(`expression ${text}`, () => assert.deepEqual(expression(text), { data: { r: wanted } }));

test('percentiles have a label each', () => {
  const { data } = expression("service_percentile{_='1,4'}") as { data: { r: { results: { metric: { labels: unknown } }[] } } };
  assert.deepEqual(data.r.results.map((result) => result.metric.labels), [[{ key: '_', value: '1' }], [{ key: '_', value: '4' }]]);
});

type Refusal = { readonly name: string; readonly query: string; readonly variables?: unknown; readonly status: number; readonly message: string; readonly classification: string };

const plain = 'query q($duration: Duration!) { readMetricsValues(condition: { name: "service_apdex", entity: { scope: Service, serviceName: "x", normal: true } }, duration: $duration) { label } }';

const refusals: readonly Refusal[] = [
  { name: 'a wrong duration format', query: plain, variables: { duration: { start: '2023-07-13 08:12', end: '2023-07-13 08:13', step: 'MINUTE' } }, status: 200, message: 'Exception while fetching data (/readMetricsValues) : Invalid format: "2023-07-13 08:12" is malformed at ":12"', classification: 'DataFetchingException' },
  { name: 'an end before the start', query: plain, variables: { duration: { start: '2023-07-13 0813', end: '2023-07-13 0812', step: 'MINUTE' } }, status: 200, message: "Exception while fetching data (/readMetricsValues) : Duration data error, the range between the start time and the end time can't exceed 500 minutes", classification: 'DataFetchingException' },
  { name: 'an unknown step', query: plain, variables: { duration: { start: '2023-07-13 0812', end: '2023-07-13 0813', step: 'MIN' } }, status: 200, message: "Variable 'duration' has an invalid value: Invalid input for enum 'Step'. No value found for name 'MIN'", classification: 'ValidationError' },
  { name: 'no duration', query: plain, variables: {}, status: 200, message: "Variable 'duration' has an invalid value: Variable 'duration' has coerced Null value for NonNull type 'Duration!'", classification: 'ValidationError' },
  { name: 'bad syntax', query: 'query q( {', status: 200, message: "Invalid syntax with offending token '{' at line 1 column 10", classification: 'InvalidSyntax' },
  { name: 'an unknown field', query: '{ readMetricsValuez }', status: 400, message: "Validation error (FieldUndefined@[readMetricsValuez]) : Field 'readMetricsValuez' in type 'Query' is undefined", classification: 'ValidationError' },
  { name: 'an unused variable', query: 'query q($duration: Duration!) { version }', status: 400, message: "Validation error (UnusedVariable) : Unused variable 'duration'", classification: 'ValidationError' },
];

for (const { name, query, variables, status, message, classification } of refusals) {
  test(`refuses ${name}`, () => {
    const answer = ask(query, variables ?? WINDOW) as { status: number; body: { errors: { message: string; extensions: unknown }[]; data?: unknown } };
    assert.equal(answer.status, status);
    assert.equal(answer.body.errors[0]?.message, message);
    assert.deepEqual(answer.body.errors[0]?.extensions, { classification });
    assert.equal(answer.body.data ?? null, null);
  });
}

test('what is no GraphQL request', () => {
  assert.equal(ask('{ version }', {}, { method: 'GET' }).status, 405);
  assert.equal(ask('{ version }', {}, { contentType: 'text/plain' }).status, 415);
  assert.equal(ask('{ version }', {}, { path: '/other' }).status, 404);
});

test('its services', () => {
  assert.deepEqual(ask('{ listServices(layer: "GENERAL") { id name normal } }', {}).body, { data: { listServices: [{ id: ID, name: SERVICE, normal: true }] } });
});
