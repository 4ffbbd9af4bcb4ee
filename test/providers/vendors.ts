// The metric sources of vendors: what each is asked, with which credentials, and answers as their public documentation shows them.

import { datadog } from '../../src/providers/datadog.js';
import { graphite } from '../../src/providers/graphite.js';
import { influxdb } from '../../src/providers/influxdb.js';
import { kayenta } from '../../src/providers/kayenta.js';
import { newRelic } from '../../src/providers/new-relic.js';
import type { Provider } from '../../src/providers/provider.js';
import { wavefront } from '../../src/providers/wavefront.js';
import type { Secrets } from '../conformance/provider.js';

type Fields = Readonly<Record<string, unknown>>;

export type Vendor = {
  /** Unique among these. */
  readonly name: string;
  readonly provider: Provider;
  /** With the source at that base address. */
  readonly spec: (base: string) => Fields;
  readonly secrets: (base: string) => Secrets;
  /** The bodies of good answers, by the path that is asked. */
  readonly answers: Readonly<Record<string, string>>;
  /** What the first request must be: method, path with query, body, and headers of its own. */
  readonly asked: { readonly method: string; readonly url: string; readonly body?: unknown; readonly headers: Readonly<Record<string, string>> };
  /** `measurement.value` and a condition that holds for it. */
  readonly text: string;
  readonly condition?: string;
  readonly statusCounts: true | 'from 400';
  /** A body with which the source itself says no, at status 200; and the message. */
  readonly refusal?: readonly [body: string, message: string];
  /** Bodies in which nothing was measured; and the message. */
  readonly empty?: readonly [bodies: readonly string[], message: string];
};

const DATADOG_KEYS = { 'api-key': 'dd-api-5ecret', 'app-key': 'dd-app-5ecret' };
const DATADOG_HEADERS = { 'dd-api-key': 'dd-api-5ecret', 'dd-application-key': 'dd-app-5ecret', 'content-type': 'application/json' };
// 2026-11-21T09:33:20.250Z and five minutes before.
const [FROM, TO] = [1_795_253_300_250, 1_795_253_600_250];

const point = (series: string): string => `{"status":"ok","res_type":"time_series","resp_version":1,"query":"avg:x{*}","from_date":1795253300000,"to_date":1795253600000,"series":${series},"values":[],"times":[],"message":"","group_by":[]}`;
const scalar = (columns: string): string => `{"data":{"type":"scalar_response","attributes":{"columns":${columns}}}}`;
const rows = (results: string): string => `{"data":{"actor":{"account":{"nrql":{"results":${results}}}}}}`;
const chart = (timeseries: string, more = ''): string => `{"query":"ts(x)","name":"ts(x)","timeseries":${timeseries},"stats":{"keys":1,"points":1},"granularity":1${more}}`;

const CSV_HEAD = '#datatype,string,long,dateTime:RFC3339,double,string\r\n#group,false,false,false,false,true\r\n#default,_result,,,,\r\n,result,table,_time,_value,host\r\n';
const scope = (name: string): Fields => ({ scope: name, region: 'default', step: 60, start: '2026-11-21T09:00:00Z', end: '2026-11-21T09:30:00Z' });
const located = ({ scope: name, step, start, end }: Fields): Fields => ({ scope: name, location: 'default', step, start, end });
const [CONTROL, CANARY] = [scope('app=reviews,hash=5d8f'), scope('app=reviews,hash=6c9a')];

const NO_SECRETS = (): Secrets => ({});

export const VENDORS: readonly Vendor[] = [
  {
    name: 'graphite', provider: graphite, statusCounts: 'from 400', secrets: NO_SECRETS,
    spec: (address) => ({ address, query: 'target=summarize(\n  stats.errors, "1min")&from=-5min' }),
    answers: { '/render': '[{"target":"stats.errors","tags":{},"datapoints":[[1.5,1795253400],[null,1795253460],[2,1795253520]]},{"target":"other","datapoints":[[9,1]]}]' },
    asked: { method: 'GET', url: '/render?target=summarize(stats.errors,%221min%22)&from=-5min&format=json', headers: {} },
    text: '[1.500000,2.000000]', condition: 'result[1] == 2 and len(result) == 2',
    empty: [['[]', '[{"target":"x","datapoints":[]}]', '[{"target":"x","datapoints":[[null,1]]}]'], 'no values found'],
  },
  {
    name: 'influxdb', provider: influxdb, statusCounts: true, secrets: (address) => ({ influxdb: { address, org: 'my org', authToken: 'influx-5ecret\n' } }),
    spec: () => ({ query: 'from(bucket: "b") |> range(start: -5m)' }),
    answers: { '/api/v2/query': `${CSV_HEAD},,0,2026-11-21T09:33:00Z,1.5,"a,b"\r\n,,0,2026-11-21T09:33:10Z,1000000,c\r\n\r\n${CSV_HEAD.replace('double', 'long')},,1,2026-11-21T09:33:00Z,7,d\r\n\r\n` },
    asked: {
      method: 'POST', url: '/api/v2/query?org=my+org', headers: { 'authorization': 'Token influx-5ecret', 'accept': 'text/csv', 'content-type': 'application/json' },
      body: { dialect: { annotations: ['datatype', 'group', 'default'], delimiter: ',', header: true }, query: 'from(bucket: "b") |> range(start: -5m)', type: 'flux' },
    },
    text: '[1.5 1e+06 7]', condition: 'result[0] == 1.5 and result[2] == 7',
    refusal: ['#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,query terminated: limits exceeded,897\r\n', 'query terminated: limits exceeded'],
    empty: [['', '\r\n', CSV_HEAD], 'no results returned from flux query'],
  },
  {
    name: 'datadog v1', provider: datadog, statusCounts: true, secrets: (address) => ({ datadog: { ...DATADOG_KEYS, address } }),
    spec: () => ({ apiVersion: 'v1', interval: '5m', query: 'avg:errors{env:prod}' }),
    answers: { '/api/v1/query': point('[{"metric":"errors","scope":"env:prod","expression":"avg:errors{env:prod}","interval":20,"length":2,"start":1,"end":2,"aggr":"avg","pointlist":[[1795253400000.0,3],[1795253420000.0,0.0000012]]}]') },
    asked: { method: 'GET', url: '/api/v1/query?from=1795253300&query=avg%3Aerrors%7Benv%3Aprod%7D&to=1795253600', headers: DATADOG_HEADERS },
    text: '0.0000012', condition: 'result < 0.01 and not isNil(result)',
    refusal: ['{"status":"error","error":"Rule \'scope_expr\' didn\'t match"}', "There were errors in your query: Rule 'scope_expr' didn't match"],
  },
  {
    name: 'datadog v2', provider: datadog, statusCounts: true, secrets: (address) => ({ team: { ...DATADOG_KEYS, address: `${address}/` } }),
    spec: () => ({ apiVersion: 'v2', interval: '5m', queries: { b: 'sum:hits{*}', a: 'sum:errors{*}' }, formula: 'a / b', aggregator: 'sum', secretRef: { name: 'team' } }),
    answers: { '/api/v2/query/scalar': scalar('[{"name":"a / b","values":[0.25],"type":"number","meta":{"unit":null}}]') },
    asked: {
      method: 'POST', url: '/api/v2/query/scalar', headers: DATADOG_HEADERS,
      body: { data: { attributes: {
        from: FROM, to: TO, formulas: [{ formula: 'a / b' }],
        queries: [{ aggregator: 'sum', data_source: 'metrics', name: 'a', query: 'sum:errors{*}' }, { aggregator: 'sum', data_source: 'metrics', name: 'b', query: 'sum:hits{*}' }],
      }, type: 'scalar_request' } },
    },
    text: '0.25', condition: 'result <= 0.25',
    refusal: ['{"errors":"no such metric"}', 'There were errors in your query: no such metric'],
  },
  {
    name: 'newRelic', provider: newRelic, statusCounts: true,
    secrets: (base) => ({ team: { 'personal-api-key': 'NRAK-5ecret', 'account-id': '12345', 'region': 'eu', 'base-url-nerdgraph': `${base}/graphql` } }),
    spec: () => ({ profile: 'team', query: "FROM Transaction SELECT count(*) WHERE appName='x'", timeout: 7 }),
    answers: { '/graphql': rows('[{"count":10,"average.duration":0.0123}]') },
    asked: {
      method: 'POST', url: '/graphql', headers: { 'api-key': 'NRAK-5ecret', 'content-type': 'application/json' },
      body: {
        query: 'query($accountId: Int!, $query: Nrql!, $timeout: Seconds) { actor { account(id: $accountId) { nrql(query: $query, timeout: $timeout) { results } } } }',
        variables: { accountId: 12345, query: "FROM Transaction SELECT count(*) WHERE appName='x'", timeout: 7 },
      },
    },
    text: '{"average.duration":0.0123,"count":10}', condition: "result.count == 10 and result['average.duration'] < 0.1",
    refusal: ['{"data":{"actor":{"account":{"nrql":null}}},"errors":[{"message":"NRQL Syntax Error: unexpected \'FORM\'","path":["actor"]}]}', "NRQL Syntax Error: unexpected 'FORM'"],
    empty: [[rows('[]'), rows('null'), '{}', '{"data":null}'], 'no results returned from NRQL query'],
  },
  {
    name: 'wavefront', provider: wavefront, statusCounts: true, secrets: (base) => ({ 'wavefront-api-tokens': { [base]: 'wave-5ecret', 'other.test': 'other-token' } }),
    spec: (address) => ({ address, query: 'ts(errors, env=prod)' }),
    answers: { '/api/v2/chart/api': chart('[{"label":"errors","host":"a","tags":{},"data":[[1795253540,3],[1795253590,0.125],[1795253660,9]]}]', ',"warnings":"a slow query"') },
    asked: { method: 'GET', url: `/api/v2/chart/api?q=ts%28errors%2C+env%3Dprod%29&s=${TO}&e=${TO}&g=s&p=1&i=true&strict=false`, headers: { authorization: 'Bearer wave-5ecret' } },
    text: '0.13', condition: 'result == 0.125',
    refusal: ['{"errorType":"QuerySyntaxError","errorMessage":"unbalanced"}', 'QuerySyntaxError: unbalanced'],
    empty: [[chart('[]'), chart('[{"label":"x","data":[]}]'), '{}'], 'No TimeSeries found in response from Wavefront'],
  },
  {
    name: 'kayenta', provider: kayenta, statusCounts: true, secrets: NO_SECRETS,
    spec: (base) => ({
      address: `${base}/v2`, application: 'reviews', canaryConfigName: 'golden', metricsAccountName: 'prom', configurationAccountName: 'conf', storageAccountName: 'mem', threshold: { pass: 90, marginal: 75 },
      scopes: [{ name: 'default', controlScope: CONTROL, experimentScope: CANARY }],
    }),
    answers: {
      '/v2/canaryConfig': '[{"id":"c-0","name":"other","applications":["reviews"]},{"id":"c-1","name":"golden","updatedTimestamp":1700000000000,"applications":["reviews"]}]',
      '/v2/canary/c-1': '{"canaryExecutionId":"01HF8ZK9M2"}',
      '/v2/canary/01HF8ZK9M2': '{"application":"reviews","complete":true,"status":"succeeded","result":{"judgeResult":{"judgeName":"NetflixACAJudge-v1.0","score":{"score":90.9,"classification":"Pass"}}}}',
    },
    asked: { method: 'GET', url: '/v2/canaryConfig?application=reviews&configurationAccountName=mem', headers: {} },
    text: '90',
    empty: [['[]', '{}', '[{"name":"golden"}]'], 'Canary config not found'],
  },
];

export const KAYENTA_SCOPES = { default: { controlScope: located(CONTROL), experimentScope: located(CANARY) } };
export { chart, point, rows, scalar };
