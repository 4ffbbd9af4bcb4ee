// Metrics from Prometheus: instant and range queries over its HTTP API.

import type { PrometheusSource } from '../kinds/metric-provider.js';
import { parseGoDuration } from '../lib/go-duration.js';
import { formatPlain } from '../lib/go-number.js';
import type { HttpRequest, HttpResponse } from '../lib/http.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { authorization } from './oauth2.js';
import { readAnswer } from './prometheus-answer.js';
import type { Provider, ProviderAnswer, ProviderIo } from './provider.js';

const DEFAULT_TIMEOUT_SECONDS = 30;
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const ADDRESS_VARIABLE = 'ARGO_ROLLOUTS_PROMETHEUS_ADDRESS';
const METHOD_NOT_ALLOWED = 405;
const NOT_IMPLEMENTED = 501;
/** In the addresses of AWS's managed Prometheus. */
const AWS_WORKSPACES = 'aps-workspaces';

export const prometheus: Provider = {
  name: 'prometheus',
  problem: (spec) => problemOf(spec as PrometheusSource),
  describe: (spec) => ({ ResolvedPrometheusQuery: (spec as PrometheusSource).query ?? '' }),
  async measure(spec, io, signal) {
    const source = spec as PrometheusSource;
    const base = addressOf(source, io);
    if (!base.ok) return base;
    const problem = problemOf(source);
    if (problem !== undefined) return err(problem);
    const query = queryOf(source, io);
    return query.ok ? ask(source, base.value, query.value, io, signal) : query;
  },
};

const problemOf = ({ timeout = 0 }: PrometheusSource): string | undefined => (timeout < 0 ? 'prometheus timeout should not be negative' : undefined);

function addressOf(source: PrometheusSource, io: ProviderIo): Result<string, string> {
  const address = source.address !== undefined && source.address !== '' ? source.address : (io.environment[ADDRESS_VARIABLE] ?? '');
  if (address === '') return err('prometheus address is not configured');
  if (!/^[a-z][a-z\d+.-]*:\/\/[^/]/i.test(address) || !URL.canParse(address)) return err('prometheus address is not is url format');
  return ok(address.replace(/\/+$/, ''));
}

type Query = { readonly path: string; readonly fields: Readonly<Record<string, string>> };

const seconds = (ms: number): string => formatPlain(ms / 1000);

function queryOf(source: PrometheusSource, io: ProviderIo): Result<Query, string> {
  const query = source.query ?? '';
  const range = source.rangeQuery;
  if (range === undefined) return ok({ path: '/api/v1/query', fields: { query, time: seconds(io.now) } });
  const start = timeOf('start', range.start, io);
  if (!start.ok) return start;
  const end = timeOf('end', range.end, io);
  if (!end.ok) return end;
  const step = parseGoDuration(range.step ?? '');
  if (step === undefined) return err(`failed to parse rangeQuery.step as duration: time: invalid duration ${JSON.stringify(range.step ?? '')}`);
  return ok({ path: '/api/v1/query_range', fields: { query, start: start.value, end: end.value, step: seconds(step) } });
}

function timeOf(name: string, expression: string | undefined, io: ProviderIo): Result<string, string> {
  const time = io.evaluateTime(expression ?? '', io.now);
  return time.ok ? ok(seconds(time.value)) : err(`failed to parse rangeQuery.${name} as time: ${time.error}`);
}

async function ask(source: PrometheusSource, base: string, query: Query, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>> {
  const timeoutMs = (source.timeout === undefined || source.timeout === 0 ? DEFAULT_TIMEOUT_SECONDS : source.timeout) * 1000;
  const common = { timeoutMs, insecure: source.insecure === true };
  const own = Object.fromEntries((source.headers ?? []).map((header) => [header.key, header.value]));
  const token = await authorization(source.authentication, { ...common, headers: own }, io, signal);
  if (!token.ok) return token;
  const headers = { ...own, ...(token.value === undefined ? {} : { Authorization: token.value }) };
  const form = new URLSearchParams(query.fields).toString();
  const url = base + query.path;
  const send = async (request: Pick<HttpRequest, 'method' | 'url' | 'body' | 'headers'>): Promise<Result<HttpResponse, string>> => {
    const signed = await signedBy(source, base, request, io, signal);
    if (!signed.ok) return signed;
    const answer = await io.http({ ...common, ...request, headers: signed.value, maxBodyBytes: MAX_BODY_BYTES }, signal);
    return answer.ok ? answer : err(`${request.method === 'GET' ? 'Get' : 'Post'} "${url}": ${answer.error.message}`);
  };
  let answer = await send({ method: 'POST', url, body: form, headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' } });
  if (answer.ok && (answer.value.status === METHOD_NOT_ALLOWED || answer.value.status === NOT_IMPLEMENTED)) {
    answer = await send({ method: 'GET', url: `${url}?${form}`, headers });
  }
  return answer.ok ? readAnswer(answer.value) : answer;
}

/** AWS's managed Prometheus takes a request by its signature; an address elsewhere is asked as it is, whatever `sigv4` says. */
async function signedBy(
  source: PrometheusSource,
  base: string,
  { method, url, headers = {}, body }: Pick<HttpRequest, 'method' | 'url' | 'body' | 'headers'>,
  io: ProviderIo,
  signal: AbortSignal,
): Promise<Result<Readonly<Record<string, string>>, string>> {
  const identity = source.authentication?.sigv4 ?? {};
  if (!base.includes(AWS_WORKSPACES) || Object.values(identity).every((value) => value === undefined || value === '')) return ok(headers);
  if (io.signForAws === undefined) return err('sigv4: nothing here speaks to AWS');
  return io.signForAws({ method, url, headers, ...(body === undefined ? {} : { body }) }, identity, signal);
}
