// Values of vendors beyond the usual one: several rows and series, types of columns, and what their Secrets have to say.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { HttpRequest } from '../../src/lib/http.js';
import { goPrint } from '../../src/providers/go-print.js';
import { influxdb } from '../../src/providers/influxdb.js';
import { newRelic } from '../../src/providers/new-relic.js';
import type { Provider, ProviderAnswer } from '../../src/providers/provider.js';
import { wavefront } from '../../src/providers/wavefront.js';
import { answering, engineSecrets, ioWith, type Secrets } from '../conformance/provider.js';
import { chart, rows } from './vendors.js';

async function ask(provider: Provider, spec: object, secrets: Secrets, body: string): Promise<{ readonly outcome: ProviderAnswer | string; readonly request: HttpRequest | undefined }> {
  const asked: HttpRequest[] = [];
  const answer = await provider.measure(spec, ioWith(answering({ body }, asked), { secret: engineSecrets(secrets) }), new AbortController().signal);
  return { outcome: answer.ok ? answer.value : answer.error, request: asked[0] };
}

const INFLUX = { influxdb: { address: 'http://i.test/', org: 'o', authToken: 't' } };
const csv = (types: string, defaults: string, ...lines: readonly string[]): string => `#datatype,string,long,${types}\n#group,false,false,false\n#default,_result,,${defaults}\n,result,table,_value\n${lines.map((line) => `,,0,${line}\n`).join('')}`;

test('InfluxDB: values have the types of their columns', async () => {
  const cases: readonly [body: string, value: unknown, text: string][] = [
    [csv('double', '', '1', 'NaN', ''), [1, Number.NaN, null], '[1 NaN <nil>]'], [csv('long', '', '9007199254740993'), [9007199254740993n], '[9007199254740993]'], [csv('unsignedLong', '7', ''), [7n], '[7]'],
    [csv('boolean', '', 'true', 'false'), [true, false], '[true false]'], [csv('string', '', '"a ""b"",\nc"', ''), ['a "b",\nc', ''], '[a "b",\nc ]'], [csv('dateTime:RFC3339', '', '2026-11-21T09:33:00Z'), ['2026-11-21T09:33:00Z'], '[2026-11-21T09:33:00Z]'],
    [csv('double', '', '1').replaceAll('\n', '\r\n') + '\r\n' + csv('long', '', '2'), [1, 2n], '[1 2]'],
    ['#datatype,string,long,string\n#group,f,f,f\n#default,,,\n,result,table,host\n,,0,a\n', [null], '[<nil>]'],
  ];
  for (const [body, value, text] of cases) {
    const { outcome } = await ask(influxdb, { query: 'q' }, INFLUX, body);
    assert.deepEqual(outcome, { result: { type: '[]any', value }, text });
  }
  assert.equal((await ask(influxdb, { query: 'q' }, INFLUX, csv('double', '', 'x'))).outcome, 'not a number: "x"');
  assert.equal((await ask(influxdb, { query: 'q' }, INFLUX, csv('long', '', '1.5'))).outcome, 'not a whole number: "1.5"');
  assert.equal((await ask(influxdb, { query: 'q' }, INFLUX, csv('string', '', '"torn'))).outcome, 'the answer is not CSV: Quote Not Closed: the parsing is finished with an opening quote at line 5');
  assert.equal((await ask(influxdb, { query: 'q', profile: 'eu' }, { eu: { address: 'x', org: '', authToken: 't' } }, '')).outcome, 'secret eu: address, org and authToken are all needed');
});

test('values are printed as Go prints them', () => {
  assert.equal(goPrint([1, 0.5, 1e6, -1e-7, null, 'x', true, [2]]), '[1 0.5 1e+06 -1e-07 <nil> x true [2]]');
});

const ACCOUNT = { 'personal-api-key': 'k', 'account-id': '7' };

test('New Relic: rows, regions, and what its Secret lacks', async () => {
  const { outcome, request } = await ask(newRelic, { query: 'q' }, { newrelic: ACCOUNT }, rows('[{"count":1},{"count":2}]'));
  assert.deepEqual(outcome, { result: { type: '[]NRDBResult', value: [{ count: 1 }, { count: 2 }] }, text: '[{"count":1},{"count":2}]' });
  assert.deepEqual([request?.url, request?.timeoutMs, (JSON.parse(request?.body ?? '') as { variables: unknown }).variables], ['https://api.newrelic.com/graphql', 10_000, { accountId: 7, query: 'q', timeout: 5 }]);
  assert.equal((await ask(newRelic, { query: 'q' }, { newrelic: { ...ACCOUNT, region: 'EU' } }, '')).request?.url, 'https://api.eu.newrelic.com/graphql');
  const wrong: readonly [Secrets[string], string][] = [
    [{ ...ACCOUNT, region: 'moon' }, 'secret newrelic: region is none of us, eu, staging'], [{ ...ACCOUNT, 'account-id': 'x' }, 'secret newrelic: account-id is not a number'], [{ 'account-id': '7' }, 'secret newrelic: personal-api-key and account-id are both needed'],
  ];
  for (const [secret, message] of wrong) assert.deepEqual(await ask(newRelic, { query: 'q' }, { newrelic: secret }, ''), { outcome: message, request: undefined });
  assert.deepEqual(await ask(newRelic, { query: 'q', timeout: -1 }, { newrelic: ACCOUNT }, ''), { outcome: 'timeout value needs to be a positive value', request: undefined });
  assert.deepEqual(newRelic.describe?.({ query: 'q' }), { ResolvedNewRelicQuery: 'q' });
});

test('Wavefront: of each series the nearest point, and no token for another address', async () => {
  const tokens = { 'wavefront-api-tokens': { 'a.test': 't' } };
  const series = chart('[{"data":[[1795253600,1],[1795253601,5]]},{"data":[]},{"data":[[1795253000,2.345]]}]');
  const { outcome, request } = await ask(wavefront, { address: 'a.test', query: 'q' }, tokens, series);
  assert.deepEqual(outcome, { result: { type: '[]float64', value: [1, 2.345] }, text: '[1.00,2.35]', metadata: { timestamps: '1795253600,1795253000', drift: '0,600' } });
  assert.ok(request?.url.startsWith('https://a.test/api/v2/chart/api?q=q&'));
  for (const address of ['b.test', '', 'constructor']) assert.deepEqual(await ask(wavefront, { address, query: 'q' }, tokens, series), { outcome: 'API token not found', request: undefined });
  assert.equal((await ask(wavefront, { address: 'a.test', query: 'q' }, tokens, chart('[{"data":[[1,"x"]]}]'))).outcome, 'a data point that is no pair of numbers: [1,"x"]');
});
