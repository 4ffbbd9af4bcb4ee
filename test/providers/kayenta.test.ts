// Kayenta: what it is asked to judge, how long it is looked at, and what its scores mean.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { HttpRequest } from '../../src/lib/http.js';
import { kayenta } from '../../src/providers/kayenta.js';
import type { Occasion, ProviderAnswer } from '../../src/providers/provider.js';
import { answering, ioWith, NOW } from '../conformance/provider.js';
import { KAYENTA_SCOPES, VENDORS } from './vendors.js';

const vendor = VENDORS.find(({ name }) => name === 'kayenta');
assert.ok(vendor !== undefined);
const SPEC = vendor.spec('http://kayenta.test');
const signal = new AbortController().signal;

async function begin(spec: object, occasion: Partial<Occasion> = {}, answers: Readonly<Record<string, string>> = vendor?.answers ?? {}): Promise<{ readonly outcome: ProviderAnswer | string; readonly asked: readonly HttpRequest[] }> {
  const asked: HttpRequest[] = [];
  const io = ioWith(answering(({ url }) => ({ body: answers[new URL(url).pathname] ?? '' }), asked));
  const answer = await kayenta.measure({ ...SPEC, ...spec }, { ...io, occasion: { ...io.occasion, ...occasion } }, signal);
  return { outcome: answer.ok ? answer.value : answer.error, asked };
}

test('a judgement is asked for and looked at again after a while', async () => {
  const { outcome, asked } = await begin({});
  assert.deepEqual(outcome, { result: undefined, text: '', phase: 'Running', metadata: { canaryExecutionId: '01HF8ZK9M2' }, resumeAt: NOW + 15_000 });
  const start = asked[1];
  assert.equal(start?.url, 'http://kayenta.test/v2/canary/c-1?application=reviews&metricsAccountName=prom&configurationAccountName=conf&storageAccountName=mem');
  assert.deepEqual([start.method, start.headers, JSON.parse(start.body ?? '')], ['POST', { 'Content-Type': 'application/json' }, { scopes: KAYENTA_SCOPES, thresholds: { pass: 90, marginal: 75 } }]);
});

const open = { scope: 's', region: 'r', step: 60 };
const times = { start: '2026-11-21T08:00:00Z', end: '2026-11-21T08:10:00Z' };
const scopes = (controlScope: object, experimentScope: object = controlScope): object => ({ scopes: [{ name: 'default', controlScope: { ...open, ...controlScope }, experimentScope: { ...open, ...experimentScope } }] });

test('times that are not given: the last interval, or since the run began', async () => {
  const run = { namespace: 'a', name: 'r', uid: 'u', startedAt: NOW - 3_600_000 };
  const cases: readonly [spec: object, occasion: Partial<Occasion>, wanted: readonly unknown[]][] = [
    [scopes({}), { interval: '10m' }, ['2026-11-21T09:23:20Z', '2026-11-21T09:33:20Z']], [{ ...scopes({}), lookback: true }, { run }, ['2026-11-21T08:33:20Z', '2026-11-21T09:33:20Z']],
    [scopes(times), {}, [times.start, times.end]], [scopes({ start: times.start }), {}, [times.start, '2026-11-21T09:33:20Z']], [scopes({ end: times.end, start: '' }), { interval: '1h' }, ['2026-11-21T08:33:20Z', times.end]],
  ];
  for (const [spec, occasion, wanted] of cases) {
    const { asked } = await begin(spec, occasion);
    const sent = JSON.parse(asked[1]?.body ?? '{}') as { scopes: { default: Record<string, { start: string; end: string }> } };
    for (const side of ['controlScope', 'experimentScope']) assert.deepEqual([sent.scopes.default[side]?.start, sent.scopes.default[side]?.end], wanted);
  }
});

test('what can not be judged is said, and nothing is begun', async () => {
  for (const field of ['start', 'end'] as const) {
    const half = scopes({ ...times, [field]: '' }, times);
    const { outcome, asked } = await begin(half);
    assert.deepEqual([outcome, kayenta.problem?.({ ...SPEC, ...half })], Array.from({ length: 2 }, () => `controlScope.${field} and experimentScope.${field} must both be set or be empty`));
    assert.equal(asked.length, 0);
  }
  assert.equal((await begin(scopes({}))).outcome, 'Invalid duration ""');
  assert.equal((await begin({ canaryConfigName: 'gone' })).outcome, 'Canary config not found');
  assert.equal((await begin({}, {}, { ...vendor.answers, '/v2/canary/c-1': '{}' })).outcome, 'Invalid Response');
});

const score = (value: unknown): string => JSON.stringify({ complete: true, result: { judgeResult: { score: { score: value } } } });

const ENDS: readonly (readonly [body: string, outcome: string])[] = [
  ['{"complete":false,"status":"running"}', 'Running '], [score(90), 'Successful 90'], [score(89.99), 'Inconclusive 89'], [score(75), 'Inconclusive 75'], [score(74.9), 'Failed 74'], [score(0), 'Failed 0'],
  ['{"complete":true,"status":"terminal","exception":{}}', 'Missing Score'], [score('95'), 'Missing Score'], ['{"message":"no such execution"}', 'Missing Complete Status'], ['{"complete":"true"}', 'Missing Complete Status'],
  ['<html>', 'the answer is not JSON: "<html>"'],
];

test('scores', async () => {
  for (const [body, wanted] of ENDS) {
    const asked: HttpRequest[] = [];
    const answer = await kayenta.resume?.(SPEC, { metadata: { canaryExecutionId: 'x/1' } }, ioWith(answering({ body }, asked)), signal);
    assert.equal(answer?.ok === true ? `${answer.value.phase} ${answer.value.text}` : answer?.error, wanted);
    assert.equal(asked[0]?.url, 'http://kayenta.test/v2/canary/x%2F1');
  }
  const answer = await kayenta.resume?.(SPEC, { metadata: {} }, ioWith(answering({ body: score(99) })), signal);
  assert.deepEqual(answer, { ok: false, error: 'measurement has no canaryExecutionId to go on with' });
  // A judgement goes on without its run, as with Argo Rollouts.
  assert.equal(kayenta.terminate, undefined);
});
