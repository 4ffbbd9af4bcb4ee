// Metrics from Wavefront: of each series of a query the point nearest to now.

import type { WavefrontSource } from '../kinds/metric-provider.js';
import { withoutSlash } from '../lib/http.js';
import type { Instant } from '../lib/instant.js';
import { at, listAt, textAt } from '../lib/read.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange, neededSecret, parseJson, shortened } from './answer.js';
import type { Provider, ProviderAnswer } from './provider.js';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const SECRET_NAME = 'wavefront-api-tokens';
const DIGITS = 2;

export const wavefront: Provider = {
  name: 'wavefront',
  async measure(spec, io, signal) {
    const { address = '', query = '' } = spec as WavefrontSource;
    const secret = await neededSecret(io, { name: SECRET_NAME, place: 'engine' });
    if (!secret.ok) return secret;
    // Each address has the token of its own name: no other server gets it.
    const token = (Object.hasOwn(secret.value, address) ? (secret.value[address] ?? '') : '').trim();
    if (token === '') return err('API token not found');
    const base = /^https?:\/\//.test(address) ? withoutSlash(address) : `https://${address}`;
    const now = String(io.now);
    // One point at this second, and series that only have points before it.
    const question = new URLSearchParams({ q: query, s: now, e: now, g: 's', p: '1', i: 'true', strict: 'false' });
    const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
    const url = `${base}/api/v2/chart/api?${question.toString()}`;
    const answer = await exchange({ method: 'GET', url, headers, timeoutMs: TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES }, io, signal);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    return status === 200 ? readAnswer(body, io.now) : err(`received non 2xx response code: ${status} ${shortened(body)}`);
  },
};

/** In seconds, as Wavefront has them. */
type Point = { readonly at: number; readonly value: number };

function readAnswer(text: string, now: Instant): Result<ProviderAnswer, string> {
  const body = parseJson(text);
  if (!body.ok) return body;
  const problem = textAt(body.value, 'errorType') ?? '';
  if (problem !== '') return err(`${problem}: ${shortened(textAt(body.value, 'errorMessage') ?? '')}`);
  const nowSeconds = Math.floor(now / 1000);
  const points: Point[] = [];
  for (const series of listAt(body.value, 'timeseries')) {
    const nearest = nearestPoint(listAt(series, 'data'), nowSeconds);
    if (!nearest.ok) return nearest;
    if (nearest.value !== undefined) points.push(nearest.value);
  }
  const [only] = points;
  if (only === undefined) return err('No TimeSeries found in response from Wavefront');
  const warnings = textAt(body.value, 'warnings') ?? '';
  const metadata = {
    timestamps: points.map(({ at }) => at).join(','),
    drift: points.map(({ at }) => nowSeconds - at).join(','),
    ...(warnings === '' ? {} : { warnings: shortened(warnings) }),
  };
  const values = points.map(({ value }) => value);
  const texts = values.map((value) => value.toFixed(DIGITS));
  return points.length === 1
    ? ok({ result: { type: 'float64', value: only.value }, text: texts.join(''), metadata })
    : ok({ result: { type: '[]float64', value: values }, text: `[${texts.join(',')}]`, metadata });
}

function nearestPoint(data: readonly unknown[], nowSeconds: number): Result<Point | undefined, string> {
  let nearest: Point | undefined;
  for (const each of data) {
    const [seconds, value] = [at(each, 0), at(each, 1)];
    if (typeof seconds !== 'number' || typeof value !== 'number') return err(`a data point that is no pair of numbers: ${JSON.stringify(each)}`);
    if (nearest === undefined || Math.abs(seconds - nowSeconds) < Math.abs(nearest.at - nowSeconds)) nearest = { at: seconds, value };
  }
  return ok(nearest);
}
