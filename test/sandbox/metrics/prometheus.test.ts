// The sandbox's Prometheus: queries over known counters, and refusals in Prometheus's own words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerPrometheus } from '../../../src/sandbox/metrics/prometheus.js';
import { createSeriesStore, type SeriesStore } from '../../../src/sandbox/metrics/series-store.js';

const NOW = 1_795_253_700_000;

/** Sixty scrapes, one a second: 200s grow by 9 a second, 500s by 1; latencies all within (100, 200]. */
function worldOfAMinute(): SeriesStore {
  const store = createSeriesStore();
  for (let second = 59; second >= 0; second -= 1) {
    store.add({ __name__: 'requests_total', service: 'a', code: '200' }, 9);
    store.add({ __name__: 'requests_total', service: 'a', code: '500' }, 1);
    store.add({ __name__: 'requests_total', service: 'b', code: '200' }, 5);
    for (const [le, count] of [['100', 0], ['200', 10], ['+Inf', 10]] as const) store.add({ __name__: 'ms_bucket', le }, count);
    store.scrape(NOW - second * 1000);
  }
  return store;
}

const store = worldOfAMinute();

function ask(parameters: Record<string, string>, path = '/api/v1/query', method = 'POST'): { status: number; body: string } {
  return answerPrometheus(store, { method, path, parameters: { time: String(NOW / 1000), ...parameters }, body: '', contentType: '' }, NOW);
}

const query = (text: string): unknown => {
  const answer = JSON.parse(ask({ query: text }).body) as { data?: { result: unknown }; error?: string };
  return answer.data?.result ?? answer.error;
};

const value = (text: string): readonly [number, string] => [NOW / 1000, text];

const rows: readonly (readonly [string, unknown])[] = [
  ['1', value('1')],
  ['"abc"', value('abc')],
  ['0.000000123', value('0.000000123')],
  ['123456789012345678', value('123456789012345680')],
  ['1e300*1e300', value('+Inf')],
  ['-2 ^ 2', value('-4')],
  ['7 % 4', value('3')],
  ['3 > bool 2', value('1')],
  ['vector(0)/0', [{ metric: {}, value: value('NaN') }]],
  ['scalar(nothing)', value('NaN')],
  ['requests_total{code="500"}', [{ metric: { __name__: 'requests_total', code: '500', service: 'a' }, value: value('60') }]],
  ['sum(requests_total)', [{ metric: {}, value: value('900') }]],
  ['sum by (service) (requests_total)', [{ metric: { service: 'a' }, value: value('600') }, { metric: { service: 'b' }, value: value('300') }]],
  ['sum(requests_total) without (code)', [{ metric: { service: 'a' }, value: value('600') }, { metric: { service: 'b' }, value: value('300') }]],
  ['count(requests_total{code=~"2.."})', [{ metric: {}, value: value('2') }]],
  ['max(requests_total) - min(requests_total)', [{ metric: {}, value: value('480') }]],
  ['avg(requests_total)', [{ metric: {}, value: value('300') }]],
  ['requests_total > 100', [{ metric: { __name__: 'requests_total', code: '200', service: 'a' }, value: value('540') }, { metric: { __name__: 'requests_total', code: '200', service: 'b' }, value: value('300') }]],
  ['sum(irate(requests_total{service="a"}[10s]))', [{ metric: {}, value: value('10') }]],
  ['sum(rate(requests_total{service="a",code!~"5.*"}[30s])) / sum(rate(requests_total{service="a"}[30s]))', [{ metric: {}, value: value('0.9') }]],
  ['increase(requests_total{code="500"}[30s]) > bool 29.999', [{ metric: { code: '500', service: 'a' }, value: value('1') }]],
  ['histogram_quantile(0.5, sum by (le) (rate(ms_bucket[30s])))', [{ metric: {}, value: value('150') }]],
  ['rate(nothing[30s])', []],
  ['requests_total{code="500"}[2s]', [{ metric: { __name__: 'requests_total', code: '500', service: 'a' }, values: [[NOW / 1000 - 1, '59'], [NOW / 1000, '60']] }]],
  ['requests_total / on(code) requests_total{service="b"}', 'found duplicate series for the match group {code="200"} on the left hand-side of the operation: '],
  ['sum(', 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis'],
  ['', 'invalid parameter "query": 1:1: parse error: no expression found in input'],
  ['topk(3, requests_total)', 'aggregation "topk" is not supported by the sandbox'],
  ['a or b', 'operator "or" is not supported by the sandbox'],
  ['abs(requests_total)', 'function "abs" is not supported by the sandbox'],
  ['rate(requests_total)', 'expected type range vector in call to function "rate", got instant vector'],
  ['requests_total offset 5m', 'is not supported by the sandbox'],
  ['1 > 2', 'comparisons between scalars must use BOOL modifier'],
  ['{}', 'at least one non-empty matcher'],
  ['requests_total{code=~"("}', 'error parsing regexp'],
];

for (const [text, wanted] of rows) {
  test(`query ${text}`, () => {
    const got = query(text);
    if (typeof wanted === 'string') assert.ok(String(got).includes(wanted), String(got));
    else assert.deepEqual(got, wanted);
  });
}

test('a counter that starts anew does not count backwards', () => {
  const restarted = createSeriesStore();
  restarted.add({ __name__: 'x' }, 100);
  restarted.scrape(NOW - 3000);
  restarted.add({ __name__: 'x' }, -95);
  restarted.scrape(NOW - 2000);
  restarted.add({ __name__: 'x' }, 5);
  restarted.scrape(NOW - 1000);
  const { body } = answerPrometheus(restarted, { method: 'GET', path: '/api/v1/query', parameters: { query: 'irate(x[5s])' }, body: '', contentType: '' }, NOW);
  assert.match(body, /"5"/);
});

const refusals: readonly (readonly [string, Record<string, string>, string, number, string])[] = [
  ['a bad time', { query: '1', time: 'abc' }, '/api/v1/query', 400, "Invalid time value for 'time': cannot parse"],
  ['a bad timeout', { query: '1', timeout: 'xx' }, '/api/v1/query', 400, 'cannot parse'],
  ['an end before the start', { query: '1', start: '10', end: '5', step: '1' }, '/api/v1/query_range', 400, 'end timestamp must not be before start time'],
  ['a step of nothing', { query: '1', start: '1', end: '5', step: '0' }, '/api/v1/query_range', 400, 'zero or negative'],
  ['too many points', { query: '1', start: '0', end: '90000', step: '1' }, '/api/v1/query_range', 400, 'exceeded maximum resolution of 11,000 points'],
  ['a range of a range', { query: 'x[5m]', start: '1', end: '2', step: '1' }, '/api/v1/query_range', 400, 'invalid expression type \\"range vector\\"'],
  ['an unknown path', {}, '/api/v1/nope', 404, '404 page not found'],
  ['series without a match', {}, '/api/v1/series', 400, 'no match[] parameter provided'],
];

for (const [name, parameters, path, status, words] of refusals) {
  test(`refuses ${name}`, () => {
    const answer = ask(parameters, path);
    assert.equal(answer.status, status);
    assert.ok(answer.body.includes(words), answer.body);
  });
}

test('ranges, labels and series', () => {
  const range = JSON.parse(ask({ query: 'sum(requests_total{service="b"})', start: String(NOW / 1000 - 2), end: String(NOW / 1000), step: '1' }, '/api/v1/query_range').body) as { data: { result: [{ values: unknown }] } };
  assert.deepEqual(range.data.result[0].values, [[NOW / 1000 - 2, '290'], [NOW / 1000 - 1, '295'], [NOW / 1000, '300']]);
  assert.match(ask({}, '/api/v1/labels').body, /"__name__","code","le","service"/);
  assert.match(ask({}, '/api/v1/label/service/values').body, /\["a","b"\]/);
  assert.match(ask({ 'match[]': 'requests_total{service="b"}' }, '/api/v1/series').body, /"service":"b"/);
  assert.match(ask({}, '/metrics').body, /requests_total\{service="a",code="500"\} 60/);
  assert.equal(ask({}, '/api/v1/query', 'PUT').status, 405);
});
