// Metrics from Apache SkyWalking: a GraphQL query over the minutes of the last interval.

import type { SkywalkingSource } from '../kinds/metric-provider.js';
import { isRecord } from '../lib/deep.js';
import { parseGoDuration } from '../lib/go-duration.js';
import { withoutSlash } from '../lib/http.js';
import { calendarParts, type Instant } from '../lib/instant.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange, parseJson } from './answer.js';
import { goJson } from './go-json.js';
import type { Provider, ProviderAnswer } from './provider.js';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export const skywalking: Provider = {
  name: 'skywalking',
  async measure(spec, io, signal) {
    const source = spec as SkywalkingSource;
    const intervalMs = parseGoDuration(source.interval ?? '');
    if (intervalMs === undefined) return err(`time: invalid duration ${JSON.stringify(source.interval ?? '')}`);
    const minute = (instant: Instant): string => minuteText(instant, io.utcOffsetMinutes);
    const duration = { start: minute(io.now - intervalMs), end: minute(io.now), step: 'MINUTE' };
    const url = `${withoutSlash(source.address ?? '')}/graphql`;
    const answer = await exchange(
      {
        method: 'POST',
        url,
        headers: { 'Content-Type': 'application/json; charset=utf-8', Accept: 'application/json; charset=utf-8' },
        body: JSON.stringify({ query: source.query ?? '', variables: { duration } }),
        timeoutMs: TIMEOUT_MS,
        maxBodyBytes: MAX_BODY_BYTES,
      },
      io,
      signal,
    );
    return answer.ok ? readAnswer(answer.value.body) : answer;
  },
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-21 0930`, on this process's wall clock: the server reads it on its own. */
function minuteText(instant: Instant, offsetMinutes: number): string {
  const { year, month, day, hour, minute } = calendarParts(instant, offsetMinutes);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${two(hour)}${two(minute)}`;
}

/** The HTTP status does not count: what is in the body does. */
function readAnswer(text: string): Result<ProviderAnswer, string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return err(`decoding response: ${parsed.error}`);
  const body = parsed.value;
  if (!isRecord(body)) return err('decoding response: the answer is not a JSON object');
  const errors: unknown = body['errors'];
  if (Array.isArray(errors) && errors.length > 0) {
    const first: unknown = errors[0];
    return err(`graphql: ${isRecord(first) && typeof first['message'] === 'string' ? first['message'] : 'an error without a message'}`);
  }
  const data = body['data'];
  if (!isRecord(data)) return err('no results returned from SkyWalking query');
  return ok({ result: { type: 'json', value: data }, text: goJson(data) });
}
