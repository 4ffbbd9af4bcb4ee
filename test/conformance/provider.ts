// What every metric provider must do, whatever its source: one value from a good answer, a reason from any other.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { HttpRequest, HttpResponse, HttpSend } from '../../src/lib/http.js';
import { err, ok, type Result } from '../../src/lib/result.js';
import type { Provider, ProviderAnswer, ProviderIo } from '../../src/providers/provider.js';

export const NOW = Date.parse('2026-11-21T09:33:20.250Z');

export type Subject = {
  readonly provider: Provider;
  readonly spec: unknown;
  /** A recorded good answer and the text that it must give. */
  readonly good: Partial<HttpResponse> | ((request: HttpRequest) => Partial<HttpResponse>);
  readonly text: string;
  /** Whether the HTTP status counts (SkyWalking's client looks at the body alone, Graphite's takes all below 400). */
  readonly statusCounts: boolean | 'from 400';
  /** The Secrets of the engine, by name. */
  readonly secrets?: Secrets;
  /** Whether a body that is no JSON is an error (a web metric takes it as its value). */
  readonly nonsenseIsError: boolean;
};

export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const response = (fields: Partial<HttpResponse>): HttpResponse => ({ status: 200, headers: {}, body: '', ...fields });

const NOBODY = { code: 0, message: 'no cluster here' };
export const NO_CLUSTER: ProviderIo['cluster'] = { read: () => Promise.resolve(err(NOBODY)), apply: () => Promise.resolve(err(NOBODY)), list: () => [] };

export function ioWith(http: HttpSend, fields: Partial<ProviderIo> = {}): ProviderIo {
  return {
    now: NOW, http, utcOffsetMinutes: 0, environment: {}, evaluateTime: () => err('no expressions here'),
    occasion: { run: { namespace: 'default', name: 'run', uid: 'u-1', startedAt: NOW - 60_000 }, metric: 'm', attempt: 1 },
    cluster: NO_CLUSTER, secret: () => Promise.resolve(ok(undefined)), hide: () => undefined, ...fields,
  };
}

export const engineSecrets = (secrets: Secrets): ProviderIo['secret'] => ({ name, place }) => Promise.resolve(ok(place === 'engine' ? secrets[name] : undefined));

/** Answers as it is told to and keeps what was asked. */
export function answering(answer: Subject['good'], asked: HttpRequest[] = []): HttpSend {
  return (request) => {
    asked.push(request);
    return Promise.resolve(ok(response(typeof answer === 'function' ? answer(request) : answer)));
  };
}

const measure = (subject: Subject, http: HttpSend): Promise<Result<ProviderAnswer, string>> => subject.provider.measure(subject.spec, ioWith(http, { secret: engineSecrets(subject.secrets ?? {}) }), new AbortController().signal);

export function testProvider(subject: Subject): void {
  const { name } = subject.provider;
  test(`${name}: a good answer gives its value`, async () => {
    const answer = await measure(subject, answering(subject.good));
    assert.deepEqual(answer.ok ? answer.value.text : answer.error, subject.text);
  });

  test(`${name}: every request has a deadline and a limit on the answer`, async () => {
    const asked: HttpRequest[] = [];
    await measure(subject, answering(subject.good, asked));
    assert.ok(asked.length > 0);
    for (const request of asked) {
      assert.ok(request.timeoutMs > 0 && request.timeoutMs <= 60_000);
      assert.ok(request.maxBodyBytes > 0 && request.maxBodyBytes <= 64 * 1024 * 1024);
    }
  });

  const failures = [{ type: 'refused', message: 'connection refused' }, { type: 'timeout', message: 'no complete answer within 30 s' }, { type: 'too-large', message: 'the answer is longer than 10 bytes' }, { type: 'bad-url', message: 'not a URL' }] as const;
  for (const failure of failures) {
    test(`${name}: ${failure.type} is an error that says so`, async () => {
      const answer = await measure(subject, () => Promise.resolve(err(failure)));
      assert.ok(!answer.ok);
      assert.ok(answer.error.includes(failure.message), answer.error);
    });
  }

  test(`${name}: nonsense never throws`, async () => {
    for (const body of ['', 'null', '[]', '7', '"x"', '{}', '{"data":null}', '{"status":"success"}', '{"status":"success","data":{"resultType":"vector","result":[{"value":[1]}]}}', '<html>', '{"errors":[7]}', '\u0000', '{"data":[]}']) {
      const answer = await measure(subject, answering({ body }));
      if (!answer.ok) assert.ok(answer.error.length > 0);
      if (body === '<html>') assert.equal(answer.ok, !subject.nonsenseIsError);
    }
  });

  test(`${name}: an unhappy status`, async () => {
    for (const status of [301, 401, 404, 500, 503]) {
      const { good } = subject;
      const answer = await measure(subject, answering((request) => ({ ...(typeof good === 'function' ? good(request) : good), status })));
      assert.equal(answer.ok, subject.statusCounts === 'from 400' ? status < 400 : !subject.statusCounts);
      if (!answer.ok) assert.ok(answer.error.includes(subject.statusCounts === true ? String(status) : 'error response: '), answer.error);
    }
  });
}
