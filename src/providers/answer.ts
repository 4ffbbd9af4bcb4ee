// What several metric sources have in common: their answers are JSON over HTTP, and a source that refuses is quoted in short.

import { parseGoDuration } from '../lib/go-duration.js';
import type { HttpRequest, HttpResponse } from '../lib/http.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ProviderIo, SecretRef } from './provider.js';

/** Enough to recognise a page of a proxy. */
const MOST_QUOTED = 120;
/** What a source says of its own trouble is written to the run, which shares its object with everything else about it. */
const MOST_SAID = 1024;

const BASE_OF_VERBS: Readonly<Record<HttpRequest['method'], string>> = { GET: 'Get', POST: 'Post', PUT: 'Put', PATCH: 'Patch', DELETE: 'Delete' };

/** One exchange. An error is told as Go's client tells it. */
export async function exchange(request: HttpRequest, io: Pick<ProviderIo, 'http'>, signal: AbortSignal): Promise<Result<HttpResponse, string>> {
  const answer = await io.http(request, signal);
  return answer.ok ? answer : err(`${BASE_OF_VERBS[request.method]} "${request.url}": ${answer.error.message}`);
}

/** A Secret without which the source can not be asked. */
export async function neededSecret(io: Pick<ProviderIo, 'secret'>, ref: SecretRef): Promise<Result<Readonly<Record<string, string>>, string>> {
  const secret = await io.secret(ref);
  if (!secret.ok) return secret;
  return secret.value === undefined ? err(`secrets "${ref.name}" not found`) : ok(secret.value);
}

export const shortened = (text: string): string => text.slice(0, MOST_SAID);

/** The error says what came in place of JSON. */
export function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return err(`the answer is not JSON: ${JSON.stringify(text.slice(0, MOST_QUOTED))}`);
  }
}

/** The length of a span of time that a source is asked about. */
export function spanMs(text: string | undefined, otherwise: string): Result<number, string> {
  const duration = text === undefined || text === '' ? otherwise : text;
  const ms = parseGoDuration(duration);
  return ms === undefined ? err(`time: invalid duration ${JSON.stringify(duration)}`) : ok(ms);
}
