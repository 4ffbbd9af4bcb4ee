// Metrics from Datadog: the newest point of a query (v1), or the one number that a formula over queries gives (v2).

import type { DatadogSource } from '../kinds/metric-provider.js';
import { formatPlain } from '../lib/go-number.js';
import { withoutSlash } from '../lib/http.js';
import { at, listAt, textAt } from '../lib/read.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange, parseJson, shortened, spanMs } from './answer.js';
import { goJson } from './go-json.js';
import type { Provider, ProviderAnswer, ProviderIo } from './provider.js';

const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const DEFAULT_ADDRESS = 'https://api.datadoghq.com';
const DEFAULT_SECRET = 'datadog';
const DEFAULT_INTERVAL = '5m';
const DEFAULT_AGGREGATOR = 'last';
/** What a single query is called in the formula. */
const ONLY_QUERY = 'query';
const NO_CREDENTIALS = 'failed to find the credentials for datadog metrics provider';

type Credentials = { readonly address: string; readonly headers: Readonly<Record<string, string>> };
type Span = { readonly fromMs: number; readonly toMs: number };

export const datadog: Provider = {
  name: 'datadog',
  problem: (spec) => problemOf(spec as DatadogSource),
  async measure(spec, io, signal) {
    const source = spec as DatadogSource;
    const problem = problemOf(source);
    if (problem !== undefined) return err(problem);
    const interval = spanMs(source.interval, DEFAULT_INTERVAL);
    if (!interval.ok) return interval;
    const credentials = await credentialsOf(source, io);
    if (!credentials.ok) return credentials;
    const span = { fromMs: io.now - interval.value, toMs: io.now };
    const isV2 = source.apiVersion === 'v2';
    const asked = { ...(isV2 ? requestV2(source, span) : requestV1(source, span)), timeoutMs: TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES };
    const { address, headers } = credentials.value;
    const answer = await exchange({ ...asked, url: withoutSlash(address) + asked.url, headers }, io, signal);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status === 401 || status === 403) return err(`received authentication error response code: ${status} ${shortened(body)}`);
    if (status !== 200) return err(`received non 2xx response code: ${status} ${shortened(body)}`);
    const parsed = parseJson(body);
    if (!parsed.ok) return parsed;
    return isV2 ? readV2(parsed.value) : readV1(parsed.value);
  },
};

function problemOf({ query = '', queries = {}, formula = '', aggregator, apiVersion }: DatadogSource): string | undefined {
  const count = Object.keys(queries).length;
  const isV2 = apiVersion === 'v2';
  if (query === '' && count === 0) return 'Must have either a query or queries. Please review the Analysis Template.';
  if (query !== '' && count > 0) return 'Cannot have both a query and queries. Please review the Analysis Template.';
  if (!isV2 && query === '') return 'Query is empty. API Version v1 only supports using the query parameter in your Analysis Template.';
  if (formula !== '' && count === 0) return 'Formula are only valid when queries are set. Please review the Analysis Template.';
  if (count > 1 && formula === '') return 'When multiple queries are provided you must include a formula.';
  if (aggregator !== undefined && !isV2) return 'Aggregator is not supported in v1. Please review the Analysis Template.';
  return undefined;
}

/** A Secret that the metric names; else the environment, whole; else the Secret of the engine. */
async function credentialsOf({ secretRef }: DatadogSource, io: ProviderIo): Promise<Result<Credentials, string>> {
  const named = secretRef?.name ?? '';
  if (secretRef?.namespaced === true && named === '') return err('secret name is required for namespaced credentials');
  const { DD_API_KEY: apiKey = '', DD_APP_KEY: appKey = '', DD_ADDRESS: address = '' } = io.environment;
  if (named === '' && apiKey !== '' && appKey !== '' && address !== '') {
    io.hide(apiKey);
    io.hide(appKey);
    return ok(credentials(address, apiKey, appKey));
  }
  const place = secretRef?.namespaced === true ? 'run' : 'engine';
  const secret = await io.secret({ name: named === '' ? DEFAULT_SECRET : named, place, plain: ['address'] });
  if (!secret.ok) return secret;
  if (secret.value === undefined && named !== '') return err(`secrets "${named}" not found`);
  const { 'api-key': ownApiKey = '', 'app-key': ownAppKey = '', address: ownAddress = '' } = secret.value ?? {};
  return ownApiKey === '' || ownAppKey === '' ? err(NO_CREDENTIALS) : ok(credentials(ownAddress, ownApiKey, ownAppKey));
}

const credentials = (address: string, apiKey: string, appKey: string): Credentials => ({
  address: address.trim() === '' ? DEFAULT_ADDRESS : address.trim(),
  headers: { 'Content-Type': 'application/json', 'DD-API-KEY': apiKey.trim(), 'DD-APPLICATION-KEY': appKey.trim() },
});

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

function requestV1({ query = '' }: DatadogSource, { fromMs, toMs }: Span): { readonly method: 'GET'; readonly url: string } {
  return { method: 'GET', url: `/api/v1/query?${new URLSearchParams({ from: seconds(fromMs), query, to: seconds(toMs) }).toString()}` };
}

function requestV2(
  { query = '', queries = {}, formula = '', aggregator = DEFAULT_AGGREGATOR }: DatadogSource,
  { fromMs, toMs }: Span,
): { readonly method: 'POST'; readonly url: string; readonly body: string } {
  const named = Object.entries(query === '' ? queries : { [ONLY_QUERY]: query }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const attributes = {
    from: fromMs,
    to: toMs,
    queries: named.map(([name, text]) => ({ aggregator, data_source: 'metrics', name, query: text })),
    formulas: [{ formula: formula === '' ? (named[0]?.[0] ?? ONLY_QUERY) : formula }],
  };
  return { method: 'POST', url: '/api/v2/query/scalar', body: JSON.stringify({ data: { attributes, type: 'scalar_request' } }) };
}

/** Nothing measured is nil to conditions: `default(result, 0)` says what it stands for. */
const nothing = (empty: unknown): Result<ProviderAnswer, string> => ok({ result: { type: 'json', value: null }, text: goJson(empty ?? null) });

function number(value: unknown): Result<ProviderAnswer, string> {
  if (value === null) return nothing(null);
  return typeof value === 'number'
    ? ok({ result: { type: 'float64', value }, text: formatPlain(value) })
    : err(`the answer has no number where the value should be: ${JSON.stringify(value)}`);
}

function readV1(body: unknown): Result<ProviderAnswer, string> {
  if (textAt(body, 'status') === 'error') return err(`There were errors in your query: ${shortened(textAt(body, 'error') ?? '')}`);
  const series = listAt(body, 'series');
  if (series.length === 0) return nothing(at(body, 'series'));
  const points = listAt(series, 0, 'pointlist');
  return points.length === 0 ? nothing(points) : number(listAt(points, points.length - 1)[1]);
}

function readV2(body: unknown): Result<ProviderAnswer, string> {
  const errors = at(body, 'errors');
  if (errors !== undefined && errors !== null && errors !== '')
    return err(`There were errors in your query: ${shortened(typeof errors === 'string' ? errors : goJson(errors))}`);
  const columns = listAt(body, 'data', 'attributes', 'columns');
  if (columns.length === 0) return nothing(at(body, 'data', 'attributes', 'columns'));
  const values = listAt(columns, 0, 'values');
  return values.length === 0 ? nothing(values) : number(values[0]);
}
