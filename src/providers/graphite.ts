// Metrics from Graphite: the points of one target.

import type { GraphiteSource } from '../kinds/metric-provider.js';
import { withoutSlash } from '../lib/http.js';
import { listAt } from '../lib/read.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange, parseJson, shortened } from './answer.js';
import type { Provider, ProviderAnswer } from './provider.js';

const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const DIGITS = 6;

export const graphite: Provider = {
  name: 'graphite',
  async measure(spec, io, signal) {
    const { address = '', query = '' } = spec as GraphiteSource;
    // A query is the end of a URL: what would end it there is written as such.
    const target = query.replaceAll(/\s/g, '').replaceAll('#', '%23');
    const url = `${withoutSlash(address)}/render?${target}&format=json`;
    const answer = await exchange({ method: 'GET', url, timeoutMs: TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES }, io, signal);
    if (!answer.ok) return answer;
    return answer.value.status >= 400 ? err(`error response: ${shortened(answer.value.body)}`) : readAnswer(answer.value.body);
  },
};

/** `[{"target": …, "datapoints": [[value, time], …]}]`: times without a value have null. */
function readAnswer(text: string): Result<ProviderAnswer, string> {
  const body = parseJson(text);
  if (!body.ok) return body;
  const [first] = Array.isArray(body.value) ? (body.value as readonly unknown[]) : [];
  const values: number[] = [];
  for (const point of listAt(first, 'datapoints')) {
    const value: unknown = Array.isArray(point) ? point[0] : undefined;
    if (typeof value === 'number') values.push(value);
    else if (value !== null) return err(`a data point that is no number: ${JSON.stringify(point)}`);
  }
  if (values.length === 0) return err('no values found');
  return ok({ result: { type: '[]float64', value: values }, text: `[${values.map((value) => value.toFixed(DIGITS)).join(',')}]` });
}
