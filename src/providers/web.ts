// Metrics from any JSON over HTTP.

import type { WebSource } from '../kinds/metric-provider.js';
import type { HttpRequest } from '../lib/http.js';
import { findJsonPath } from '../lib/json-path.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange } from './answer.js';
import { goJson } from './go-json.js';
import { authorization } from './oauth2.js';
import type { Provider, ProviderAnswer } from './provider.js';

const DEFAULT_TIMEOUT_SECONDS = 10;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const WHOLE_BODY = '{$}';

export const web: Provider = {
  name: 'web',
  problem: (spec) => problemOf(spec as WebSource),
  async measure(spec, io, signal) {
    const source = spec as WebSource;
    const problem = problemOf(source);
    if (problem !== undefined) return err(problem);
    const request = requestOf(source);
    const token = await authorization(source.authentication, { timeoutMs: request.timeoutMs, insecure: source.insecure === true, headers: {} }, io, signal);
    if (!token.ok) return token;
    const headers = { ...request.headers, ...(token.value === undefined ? {} : { Authorization: token.value }) };
    const answer = await exchange({ ...request, headers }, io, signal);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status < 200 || status > 299) return err(`received non 2xx response code: ${status}`);
    return valueOf(source, body);
  },
};

const methodOf = ({ method }: WebSource): string => (method === undefined || method === '' ? 'GET' : method);

function problemOf(source: WebSource): string | undefined {
  const method = methodOf(source);
  if (method !== 'GET' && method !== 'POST' && method !== 'PUT') return `method ${JSON.stringify(method)} of a web metric is none of GET, POST, PUT`;
  const hasBody = source.body !== undefined && source.body !== '';
  if (hasBody && source.jsonBody !== undefined) return 'use either Body or JSONBody; both cannot exists for WebMetric payload';
  if (method === 'GET' && (hasBody || source.jsonBody !== undefined)) return 'Body/JSONBody can only be used with POST or PUT WebMetric Method types';
  return undefined;
}

function requestOf(source: WebSource): HttpRequest {
  const body = source.jsonBody === undefined ? source.body : goJson(source.jsonBody);
  const headers: Record<string, string> = Object.fromEntries((source.headers ?? []).map((header) => [header.key, header.value]));
  if (source.jsonBody !== undefined) headers['Content-Type'] = 'application/json';
  const seconds = source.timeoutSeconds !== undefined && source.timeoutSeconds > 0 ? source.timeoutSeconds : DEFAULT_TIMEOUT_SECONDS;
  return {
    method: methodOf(source) as HttpRequest['method'],
    url: source.url,
    headers,
    timeoutMs: seconds * 1000,
    maxBodyBytes: MAX_BODY_BYTES,
    insecure: source.insecure === true,
    ...(body === undefined || body === '' ? {} : { body }),
  };
}

/** A body that is not JSON is a success with the body as its value: no condition is looked at, as in the original. */
function valueOf(source: WebSource, body: string): Result<ProviderAnswer, string> {
  let data: unknown;
  try {
    data = JSON.parse(body) as unknown;
  } catch {
    return ok({ result: undefined, text: body.slice(0, MAX_TEXT) });
  }
  const found = findJsonPath(source.jsonPath === undefined || source.jsonPath === '' ? WHOLE_BODY : source.jsonPath, data);
  if (!found.ok) return err(`Could not find JSONPath in body: ${found.error}`);
  const first = found.value[0] ?? [];
  if (first.length === 0) return err('result of web metric produced no value');
  return ok({ result: { type: 'json', value: first[0] }, text: goJson(first[0]) });
}

// A stored value shares its object with everything else about the run; a page of HTML need not fill it.
const MAX_TEXT = 16 * 1024;
