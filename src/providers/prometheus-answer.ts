// Reads what a Prometheus server answers, in the words of its Go client.

import { isRecord } from '../lib/deep.js';
import { formatPlain, parseFloat64 } from '../lib/go-number.js';
import type { HttpResponse } from '../lib/http.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { parseJson } from './answer.js';
import type { ProviderAnswer } from './provider.js';

const UNSUPPORTED = 'Prometheus metric type not supported';
const BAD_REQUEST = 400;
const UNPROCESSABLE = 422;

export function readAnswer(response: HttpResponse): Result<ProviderAnswer, string> {
  const { status } = response;
  const good = status >= 200 && status <= 299;
  if (!good && status !== BAD_REQUEST && status !== UNPROCESSABLE) {
    if (status >= 400 && status <= 499) return err(`client_error: client error: ${status}`);
    return err(status >= 500 && status <= 599 ? `server_error: server error: ${status}` : `bad_response: bad response code ${status}`);
  }
  const parsed = parseJson(response.body);
  if (!parsed.ok) return err(`bad_response: ${parsed.error}`);
  const body = parsed.value;
  if (!isRecord(body)) return err('bad_response: the answer is not a JSON object');
  if (body['status'] === 'error') return err(`${textOf(body['errorType'])}: ${textOf(body['error'])}`);
  if (!good || body['status'] !== 'success') return err('bad_response: inconsistent body for response code');
  const answer = isRecord(body['data']) ? readData(body['data']) : err('bad_response: the answer has no data');
  const warnings = Array.isArray(body['warnings']) ? body['warnings'].map(String) : [];
  if (!answer.ok || warnings.length === 0) return answer;
  return ok({ ...answer.value, metadata: { warnings: warnings.map((warning) => `"${warning}"`).join(', ') } });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function readData(data: Readonly<Record<string, unknown>>): Result<ProviderAnswer, string> {
  const result = data['result'];
  switch (data['resultType']) {
    case 'scalar': {
      const value = sampleOf(result);
      return value === undefined ? malformed() : ok({ result: { type: 'float64', value }, text: formatPlain(value) });
    }
    case 'vector':
      return list(result, (series) => [series['value']]);
    case 'matrix':
      return list(result, (series) => (Array.isArray(series['values']) ? (series['values'] as readonly unknown[]) : undefined));
    default:
      return err(UNSUPPORTED);
  }
}

const malformed = (): Result<never, string> => err('bad_response: malformed samples');

/** All samples of all series, in order. */
function list(result: unknown, samplesOf: (series: Readonly<Record<string, unknown>>) => readonly unknown[] | undefined): Result<ProviderAnswer, string> {
  if (!Array.isArray(result)) return malformed();
  const values: number[] = [];
  for (const series of result as readonly unknown[]) {
    if (!isRecord(series)) return malformed();
    if ('histogram' in series || 'histograms' in series) return err(UNSUPPORTED);
    for (const sample of samplesOf(series) ?? [undefined]) {
      const value = sampleOf(sample);
      if (value === undefined) return malformed();
      values.push(value);
    }
  }
  return ok({ result: { type: '[]float64', value: values }, text: `[${values.map(formatPlain).join(',')}]` });
}

/** `[time, "value"]`. */
function sampleOf(sample: unknown): number | undefined {
  if (!Array.isArray(sample) || sample.length !== 2 || typeof sample[1] !== 'string') return undefined;
  const parsed = parseFloat64(sample[1]);
  return 'problem' in parsed ? undefined : parsed.value;
}
