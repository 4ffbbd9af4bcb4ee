// One exchange with a service over HTTP: tried again while the network or the service fails, told without the address.

import { sleep } from '../../lib/clock.js';
import type { HttpRequest, HttpResponse } from '../../lib/http.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { Sent, ServiceIo } from '../service.js';

/** Of one attempt. */
const TIMEOUT_MS = 10_000;
const MOST_ANSWER_BYTES = 256 * 1024;
/** What a service says of its trouble, in the log. */
const MOST_QUOTED = 200;

export type Retries = { readonly most: number; readonly leastWaitMs: number; readonly mostWaitMs: number };

export const DEFAULT_RETRIES: Retries = { most: 3, leastWaitMs: 1000, mostWaitMs: 5000 };

export type Post = Pick<HttpRequest, 'url' | 'headers' | 'body' | 'insecure'> & { readonly method?: HttpRequest['method']; readonly retries?: Retries };

/** Any answer below 500 that is not "too many" is one. */
export async function exchange(post: Post, io: ServiceIo, signal: AbortSignal): Promise<Result<HttpResponse, string>> {
  const { retries = DEFAULT_RETRIES, method = 'POST', ...request } = post;
  for (let tries = 0; ; tries += 1) {
    const answer = await io.http({ ...request, method, timeoutMs: TIMEOUT_MS, maxBodyBytes: MOST_ANSWER_BYTES }, signal);
    const passing = answer.ok
      ? answer.value.status >= 500 || answer.value.status === 429
      : answer.error.type !== 'bad-url' && answer.error.type !== 'too-large';
    if (!passing || tries >= retries.most || signal.aborted) {
      return answer.ok
        ? answer
        : err(`${hostOf(post.url)}: ${answer.error.type === 'bad-url' ? 'the address is no URL of http or https' : answer.error.message}`);
    }
    await sleep(io.clock, Math.min(retries.mostWaitMs, retries.leastWaitMs * 2 ** tries), signal);
  }
}

/** The same for a service whose answer says no more than its status. */
export async function send(post: Post, io: ServiceIo, signal: AbortSignal): Promise<Sent> {
  const answer = await exchange(post, io, signal);
  if (!answer.ok) return answer;
  return isGood(answer.value) ? ok(undefined) : err(refusal(post.url, answer.value));
}

export const isGood = ({ status }: HttpResponse): boolean => status >= 200 && status <= 299;

export const refusal = (url: string, { status, body }: HttpResponse): string =>
  `${hostOf(url)} answered ${status}${body === '' ? '' : `: ${body.slice(0, MOST_QUOTED).trim()}`}`;

/** All of an address that may be told. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'the address of the service');

export const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' } as const;

export const bearer = (token: string): Readonly<Record<string, string>> => ({ Authorization: `Bearer ${token}` });

export const basic = (username: string, password: string): Readonly<Record<string, string>> => ({
  Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});
