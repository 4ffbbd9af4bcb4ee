// Verdicts of Kayenta: a judgement of the canary against its baseline is asked for, and looked at until it is there. No condition is.

import type { KayentaSource } from '../kinds/metric-provider.js';
import { parseGoDuration } from '../lib/go-duration.js';
import { withoutSlash } from '../lib/http.js';
import { formatTime } from '../lib/instant.js';
import { at, textAt } from '../lib/read.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange, parseJson } from './answer.js';
import type { Begun, Provider, ProviderAnswer, ProviderIo } from './provider.js';

const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const LOOK_AGAIN_MS = 15_000;
const EXECUTION_KEY = 'canaryExecutionId';

type Outcome = Result<ProviderAnswer, string>;
type Scope = KayentaSource['scopes'][number]['controlScope'];
type Span = { readonly start: string | undefined; readonly end: string | undefined };

export const kayenta: Provider = {
  name: 'kayenta',
  problem: (spec) => problemOf(spec as KayentaSource),
  async measure(spec, io, signal) {
    const source = spec as KayentaSource;
    const problem = problemOf(source);
    if (problem !== undefined) return err(problem);
    const span = spanOf(source, io);
    if (!span.ok) return span;
    const config = await findConfig(source, io, signal);
    return config.ok ? begin(source, config.value, span.value, io, signal) : config;
  },
  async resume(spec, { metadata }: Begun, io, signal) {
    const { address, threshold } = spec as KayentaSource;
    const id = metadata[EXECUTION_KEY] ?? '';
    if (id === '') return err(`measurement has no ${EXECUTION_KEY} to go on with`);
    const answer = await ask({ method: 'GET', url: `${withoutSlash(address)}/canary/${encodeURIComponent(id)}` }, io, signal);
    if (!answer.ok) return answer;
    const complete = at(answer.value.body, 'complete');
    if (typeof complete !== 'boolean') return err('Missing Complete Status');
    if (!complete) return ok(running(id, io));
    const score = at(answer.value.body, 'result', 'judgeResult', 'score', 'score');
    return typeof score === 'number' ? ok(verdict(Math.trunc(score), threshold)) : err('Missing Score');
  },
};

function verdict(score: number, { pass, marginal }: KayentaSource['threshold']): ProviderAnswer {
  return { result: undefined, text: String(score), phase: score >= pass ? 'Successful' : score >= marginal ? 'Inconclusive' : 'Failed' };
}

const running = (id: string, { now }: ProviderIo): ProviderAnswer => ({
  result: undefined,
  text: '',
  phase: 'Running',
  metadata: { [EXECUTION_KEY]: id },
  resumeAt: now + LOOK_AGAIN_MS,
});

function problemOf({ scopes }: KayentaSource): string | undefined {
  for (const { controlScope, experimentScope } of scopes) {
    for (const field of ['start', 'end'] as const) {
      if (isGiven(controlScope[field]) !== isGiven(experimentScope[field]))
        return `controlScope.${field} and experimentScope.${field} must both be set or be empty`;
    }
  }
  return undefined;
}

const isGiven = (text: string | undefined): boolean => text !== undefined && text !== '';

/** From the beginning of the run, or one interval back, to now: for scopes that say nothing else. */
function spanOf({ scopes, lookback }: KayentaSource, { now, occasion }: ProviderIo): Result<Span, string> {
  const end = formatTime(now);
  if (scopes.every(({ controlScope }) => isGiven(controlScope.start))) return ok({ start: undefined, end });
  if (lookback === true) return ok({ start: formatTime(occasion.run.startedAt ?? now), end });
  const interval = parseGoDuration(occasion.interval ?? '');
  return interval === undefined ? err(`Invalid duration ${JSON.stringify(occasion.interval ?? '')}`) : ok({ start: formatTime(now - interval), end });
}

async function findConfig(source: KayentaSource, io: ProviderIo, signal: AbortSignal): Promise<Result<string, string>> {
  // The storage account under the name of the other, as Argo Rollouts asks: Kayentas are set up for it.
  const question = query({ application: source.application, configurationAccountName: source.storageAccountName });
  const answer = await ask({ method: 'GET', url: `${withoutSlash(source.address)}/canaryConfig?${question}` }, io, signal);
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return err(`Invalid Response: HTTP ${answer.value.status}`);
  const configs: readonly unknown[] = Array.isArray(answer.value.body) ? answer.value.body : [];
  const found = configs.find((each) => textAt(each, 'name') === source.canaryConfigName);
  const id = textAt(found, 'id');
  return id === undefined || id === '' ? err('Canary config not found') : ok(id);
}

async function begin(source: KayentaSource, config: string, span: Span, io: ProviderIo, signal: AbortSignal): Promise<Outcome> {
  const { application, metricsAccountName, configurationAccountName, storageAccountName, threshold } = source;
  const question = query({ application, metricsAccountName, configurationAccountName, storageAccountName });
  const scopes = Object.fromEntries(
    source.scopes.map(({ name, controlScope, experimentScope }) => [
      name,
      { controlScope: scopeOf(controlScope, span), experimentScope: scopeOf(experimentScope, span) },
    ]),
  );
  const body = JSON.stringify({ scopes, thresholds: { pass: threshold.pass, marginal: threshold.marginal } });
  const answer = await ask({ method: 'POST', url: `${withoutSlash(source.address)}/canary/${encodeURIComponent(config)}?${question}`, body }, io, signal);
  if (!answer.ok) return answer;
  const id = textAt(answer.value.body, EXECUTION_KEY);
  return answer.value.status !== 200 || id === undefined || id === '' ? err('Invalid Response') : ok(running(id, io));
}

function scopeOf({ scope, region, step, start, end }: Scope, span: Span): Readonly<Record<string, unknown>> {
  return { scope, location: region, step, start: isGiven(start) ? start : span.start, end: isGiven(end) ? end : span.end };
}

const query = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

type Question = { readonly method: 'GET' | 'POST'; readonly url: string; readonly body?: string };

/** Kayenta says in JSON too what it refuses; what is no JSON counts as nothing said. */
async function ask(question: Question, io: ProviderIo, signal: AbortSignal): Promise<Result<{ readonly status: number; readonly body: unknown }, string>> {
  const headers = question.body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await exchange({ ...question, headers, timeoutMs: TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES }, io, signal);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  const parsed = parseJson(body);
  return parsed.ok || status !== 200 ? ok({ status, body: parsed.ok ? parsed.value : undefined }) : parsed;
}
