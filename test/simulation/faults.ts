// What goes wrong between the engine and its server, and between the engine and its metric source, by chance.

import type { Fault, FaultRequest } from '../../src/apiserver/in-process.js';
import type { HttpSend } from '../../src/lib/http.js';
import { err, ok } from '../../src/lib/result.js';
import type { Rng } from '../../src/lib/rng.js';

export interface FaultSource {
  ask(request: FaultRequest): Fault;
  /** From now on everything works. */
  calm(): void;
  count(): number;
}

const error = (code: number, reason: string, retryAfterMs?: number): Fault => ({ code, reason, message: `${reason} by chance`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

/** Good times and storms take turns: long enough in both for leases to be kept and lost. */
export function createFaults(rng: Rng, now: () => number): FaultSource {
  let calm = false;
  let count = 0;
  let turnsAt = 0;
  let share = 0;
  return {
    count: () => count,
    calm: () => { calm = true; },
    ask({ verb }) {
      if (calm) return undefined;
      if (now() >= turnsAt) {
        turnsAt = now() + 5000 + rng.int(60_000);
        share = rng.int(3) === 0 ? 0.4 : 0.03;
      }
      const often = verb === 'watch-event' ? share / 5 : share;
      if (rng.next() >= often) return undefined;
      count += 1;
      const writes = verb === 'create' || verb === 'update' || verb === 'patch' || verb === 'delete';
      const choices: readonly Fault[] = [
        'drop', 'drop', error(500, 'InternalError'), error(429, 'TooManyRequests', 1000), error(503, 'ServiceUnavailable'),
        ...(writes ? [error(409, 'Conflict'), 'drop-answer' as const, 'drop-answer' as const] : []),
        ...(verb === 'watch' || verb === 'watch-event' || verb === 'list' ? [error(410, 'Expired')] : []),
      ];
      return choices[rng.int(choices.length)];
    },
  };
}

/** Answers by what the canary is: `sick` measures badly; and the source itself is at times slow, wrong or gone. */
export function createMetrics(rng: Rng, isSick: () => boolean, calm: () => boolean): HttpSend {
  return async () => {
    await Promise.resolve();
    const chance = calm() ? 1 : rng.next();
    if (chance < 0.04) return err({ type: 'timeout', message: 'the metric source did not answer' });
    if (chance < 0.08) return ok({ status: 500, headers: {}, body: 'oops' });
    if (chance < 0.12) return ok({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"other": "field"}' });
    const value = isSick() ? rng.next() * 0.5 : 0.9 + rng.next() * 0.1;
    return ok({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value }) });
  };
}
