// What goes wrong between an engine and its server, and between an engine and its metric source, by chance. The chance is drawn
// here; what comes of it is in network.ts.

import type { ClusterError } from '../../src/cluster/cluster.js';
import { badAnswer, noAnswer } from '../../src/cluster/errors.js';
import type { HttpSend } from '../../src/lib/http.js';
import { err, ok } from '../../src/lib/result.js';
import type { Rng } from '../../src/lib/rng.js';

/** Longer ones could still arrive when another engine leads: no engine can be kept from that, on any cluster. */
const LONGEST_DELAY_MS = 3000;
const LONGEST_LATE_MS = 20_000;

export type RequestFault =
  /** Answered in place of the server. */
  | { readonly type: 'refused'; readonly error: ClusterError }
  /** Done, but the answer is lost, or torn. */
  | { readonly type: 'answer-lost'; readonly error: ClusterError }
  | { readonly type: 'late-request'; readonly delayMs: number }
  | { readonly type: 'late-answer'; readonly delayMs: number };

export type WatchFault =
  /** The stream ends, and this event is not on it. */
  | { readonly type: 'cut' }
  | { readonly type: 'error'; readonly error: ClusterError }
  /** This event and all after it come that much later. */
  | { readonly type: 'late'; readonly delayMs: number }
  | { readonly type: 'twice' }
  /** Nothing comes any more, and nobody says so. */
  | { readonly type: 'silent' };

export interface FaultSource {
  request(verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete'): RequestFault | undefined;
  watchStart(): ClusterError | 'cut' | undefined;
  watchEvent(): WatchFault | undefined;
  /** For faults that others make: killed engines, edited routes, lost pods. */
  count(what: string): void;
  /** From now on everything works. */
  calm(): void;
  isCalm(): boolean;
  total(): number;
  tally(): Readonly<Record<string, number>>;
}

const answer = (code: number, reason: string, retryAfterMs?: number): ClusterError => ({ code, reason, message: `${reason} by chance`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

const REFUSALS: readonly ClusterError[] = [
  noAnswer('the connection was refused, by chance'), answer(500, 'InternalError'), answer(503, 'ServiceUnavailable'), answer(504, 'Timeout'),
  answer(429, 'TooManyRequests', 1000), answer(429, 'TooManyRequests', 4000), answer(401, 'Unauthorized'),
];
const EXPIRED = answer(410, 'Expired');

/** Good times and storms take turns: long enough in both for leases to be kept and lost. */
export function createFaults(rng: Rng, now: () => number): FaultSource {
  const tally: Record<string, number> = {};
  let calm = false;
  let turnsAt = 0;
  let share = 0;
  const count = (what: string): void => { tally[what] = (tally[what] ?? 0) + 1; };
  const strikes = (part: number): boolean => {
    if (calm) return false;
    if (now() >= turnsAt) {
      turnsAt = now() + 5000 + rng.int(90_000);
      share = rng.int(5) === 0 ? 0.35 : rng.int(3) === 0 ? 0 : 0.03;
    }
    return rng.next() < share * part;
  };
  const pick = <T>(choices: readonly T[]): T | undefined => choices[rng.int(choices.length)];

  const requestFault = (verb: string): RequestFault => {
    const writes = verb !== 'get' && verb !== 'list';
    const chance = rng.int(writes ? 12 : 8);
    if (chance < 4) return { type: 'refused', error: pick(REFUSALS) ?? EXPIRED };
    if (chance < 6) return { type: 'late-request', delayMs: 50 + rng.int(LONGEST_DELAY_MS) };
    if (chance < 7) return { type: 'late-answer', delayMs: 50 + rng.int(LONGEST_DELAY_MS) };
    if (chance < 8) return verb === 'list' ? { type: 'refused', error: EXPIRED } : { type: 'answer-lost', error: badAnswer('the answer was torn, by chance') };
    if (chance < 10) return { type: 'refused', error: answer(409, 'Conflict') };
    return { type: 'answer-lost', error: noAnswer('the connection was lost before the answer, by chance') };
  };
  const watchFault = (): WatchFault => {
    const chance = rng.int(12);
    if (chance < 3) return { type: 'cut' };
    if (chance < 5) return { type: 'error', error: chance === 3 ? EXPIRED : answer(500, 'InternalError') };
    if (chance < 8) return { type: 'late', delayMs: 50 + rng.int(LONGEST_LATE_MS) };
    if (chance < 11) return { type: 'twice' };
    return { type: 'silent' };
  };

  return {
    request(verb) {
      if (!strikes(1)) return undefined;
      const fault = requestFault(verb);
      count(fault.type === 'refused' ? String(fault.error.code === 0 ? 'no answer' : fault.error.code) : fault.type);
      return fault;
    },
    watchStart() {
      if (!strikes(1)) return undefined;
      count('watch refused');
      return rng.int(2) === 0 ? 'cut' : pick([...REFUSALS, EXPIRED]);
    },
    watchEvent() {
      if (!strikes(0.25)) return undefined;
      const fault = watchFault();
      count(`watch ${fault.type}`);
      return fault;
    },
    count,
    calm: () => { calm = true; },
    isCalm: () => calm,
    total: () => Object.values(tally).reduce((sum, each) => sum + each, 0),
    tally: () => tally,
  };
}

/** Answers by what is measured: `isSick` of the last part of the path; and the source itself is at times slow, wrong or gone. */
export function createMetrics(rng: Rng, isSick: (name: string) => boolean, faults: FaultSource, wait: (ms: number) => Promise<void>): HttpSend {
  const json = { 'content-type': 'application/json' };
  return async ({ url, body = '' }) => {
    const asked = decodeURIComponent(`${url} ${body}`);
    const prometheus = asked.includes('/api/v1/query');
    const name = /rate\{name="([^"]*)"/.exec(asked)?.[1] ?? url.split('/').at(-1) ?? '';
    const chance = faults.isCalm() ? 1 : rng.next();
    if (chance < 0.14) faults.count('metric source');
    if (chance < 0.03) {
      await wait(1000 + rng.int(10_000));
      return err({ type: 'timeout', message: 'the metric source did not answer' });
    }
    if (chance < 0.06) return ok({ status: 500, headers: {}, body: 'oops' });
    if (chance < 0.09) return ok({ status: 200, headers: json, body: '{"other": "field"}' });
    if (chance < 0.12) return ok({ status: 200, headers: json, body: '{"value": 0.9' });
    if (chance < 0.14) await wait(rng.int(8000));
    else await wait(0);
    const value = isSick(name) ? rng.next() * 0.5 : 0.9 + rng.next() * 0.1;
    if (!prometheus) return ok({ status: 200, headers: json, body: JSON.stringify({ value }) });
    const result = [{ metric: {}, value: [0, String(value)] }];
    return ok({ status: 200, headers: json, body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) });
  };
}
