// Datadog: whose credentials are sent where, what may not be asked, and answers in which nothing was measured.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { HttpRequest } from '../../src/lib/http.js';
import { ok } from '../../src/lib/result.js';
import { datadog } from '../../src/providers/datadog.js';
import type { ProviderIo } from '../../src/providers/provider.js';
import { answering, ioWith } from '../conformance/provider.js';
import { point, scalar } from './vendors.js';

const KEYS = { 'api-key': 'a\n', 'app-key': 'b' };
const ENVIRONMENT = { DD_API_KEY: 'env-a', DD_APP_KEY: 'env-b', DD_ADDRESS: 'https://env.test' };
const SECRETS: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'engine/datadog': KEYS, 'engine/eu': { ...KEYS, address: ' https://eu.test/ ' }, 'run/own': KEYS, 'engine/half': { 'api-key': 'a' } };

type Asked = { readonly outcome: string; readonly request: HttpRequest | undefined; readonly hidden: readonly string[] };

async function ask(spec: Readonly<Record<string, unknown>>, body: string, fields: Partial<ProviderIo> = {}, secrets = SECRETS): Promise<Asked> {
  const asked: HttpRequest[] = [];
  const hidden: string[] = [];
  const secret: ProviderIo['secret'] = ({ name, place }) => Promise.resolve(ok(secrets[`${place}/${name}`]));
  const answer = await datadog.measure(spec, ioWith(answering({ body }, asked), { secret, hide: (text) => { hidden.push(text); }, ...fields }), new AbortController().signal);
  return { outcome: answer.ok ? `${answer.value.result?.type ?? ''} ${String(answer.value.result?.value)} ${answer.value.text}` : answer.error, request: asked[0], hidden };
}

const Q = { query: 'avg:x{*}' };
const GOOD = point('[{"pointlist":[[1,2.5]]}]');

test('a Secret that is named, then the environment, whole, then the Secret of the engine', async () => {
  const cases: readonly [spec: object, environment: Readonly<Record<string, string>>, url: string | undefined, key: string][] = [
    [{}, {}, 'https://api.datadoghq.com/', 'a'], [{}, ENVIRONMENT, 'https://env.test/', 'env-a'], [{}, { ...ENVIRONMENT, DD_ADDRESS: '' }, 'https://api.datadoghq.com/', 'a'],
    [{ secretRef: { name: 'eu' } }, ENVIRONMENT, 'https://eu.test/', 'a'], [{ secretRef: { name: 'own', namespaced: true } }, ENVIRONMENT, 'https://api.datadoghq.com/', 'a'],
    [{ secretRef: { name: 'own' } }, {}, undefined, 'secrets "own" not found'], [{ secretRef: { name: 'half' } }, {}, undefined, 'failed to find the credentials for datadog metrics provider'],
    [{ secretRef: { namespaced: true } }, ENVIRONMENT, undefined, 'secret name is required for namespaced credentials'],
  ];
  for (const [spec, environment, url, key] of cases) {
    const { outcome, request, hidden } = await ask({ ...Q, ...spec }, GOOD, { environment });
    assert.equal(request?.url.startsWith(url ?? 'none'), url === undefined ? undefined : true, JSON.stringify(spec));
    assert.equal(url === undefined ? outcome : request?.headers?.['DD-API-KEY'], key);
    assert.deepEqual(hidden, key === 'env-a' ? ['env-a', 'env-b'] : []);
  }
  assert.equal((await ask(Q, GOOD, {}, {})).outcome, 'failed to find the credentials for datadog metrics provider');
});

test('what can not be asked is said, and nobody is asked', async () => {
  const cases: readonly [object, RegExp][] = [
    [{}, /^Must have either a query or queries\./], [{ ...Q, queries: { a: 'x' } }, /^Cannot have both a query and queries\./], [{ queries: { a: 'x' } }, /^Query is empty\. API Version v1 only supports/],
    [{ ...Q, apiVersion: 'v2', formula: 'a' }, /^Formula are only valid when queries are set\./], [{ apiVersion: 'v2', queries: { a: 'x', b: 'y' } }, /^When multiple queries are provided you must include a formula\./],
    [{ ...Q, aggregator: 'avg' }, /^Aggregator is not supported in v1\./],
  ];
  for (const [spec, problem] of cases) {
    const { outcome, request } = await ask({ ...spec }, GOOD);
    assert.match(outcome, problem);
    assert.match(datadog.problem?.(spec) ?? '', problem);
    assert.equal(request, undefined);
  }
  assert.equal((await ask({ ...Q, interval: 'x' }, GOOD)).outcome, 'time: invalid duration "x"');
  for (const fine of [Q, { apiVersion: 'v2', queries: { a: 'x' } }, { ...Q, apiVersion: 'v2', aggregator: 'max' }]) assert.equal(datadog.problem?.(fine), undefined);
});

test('a single query has a name of its own, one among queries needs no formula', async () => {
  const bodyOf = async (spec: object): Promise<unknown> => {
    const { request } = await ask({ apiVersion: 'v2', ...spec }, scalar('[]'));
    const { attributes } = (JSON.parse(request?.body ?? '') as { data: { attributes: { queries: unknown; formulas: unknown } } }).data;
    return [attributes.queries, attributes.formulas];
  };
  assert.deepEqual(await bodyOf({ query: 'x' }), [[{ aggregator: 'last', data_source: 'metrics', name: 'query', query: 'x' }], [{ formula: 'query' }]]);
  assert.deepEqual(await bodyOf({ queries: { a: 'x' } }), [[{ aggregator: 'last', data_source: 'metrics', name: 'a', query: 'x' }], [{ formula: 'a' }]]);
});

test('nothing measured is nil, whatever it looks like; what is no number is an error', async () => {
  const v1: readonly [string, string][] = [
    ['{"status":"ok","series":[]}', 'json null []'], ['{"status":"ok"}', 'json null null'], [point('[{"pointlist":[]}]'), 'json null []'], [point('[{"pointlist":[[1,null]]}]'), 'json null null'],
    [point('[{"pointlist":[[1,5],[2,1e21]]}]'), 'float64 1e+21 1000000000000000000000'], [point('[{"pointlist":[[1,"x"]]}]'), 'the answer has no number where the value should be: "x"'],
  ];
  for (const [body, wanted] of v1) assert.equal((await ask(Q, body)).outcome, wanted);
  const v2: readonly [string, string][] = [
    [scalar('[]'), 'json null []'], [scalar('[{"values":[]}]'), 'json null []'], [scalar('[{"values":[null]}]'), 'json null null'], [scalar('[{"values":[3]}]'), 'float64 3 3'],
    [scalar('[{"type":"group","values":[["prod"]]}]'), 'the answer has no number where the value should be: ["prod"]'], ['{"errors":["a","b"]}', 'There were errors in your query: ["a","b"]'],
  ];
  for (const [body, wanted] of v2) assert.equal((await ask({ ...Q, apiVersion: 'v2' }, body)).outcome, wanted);
});
