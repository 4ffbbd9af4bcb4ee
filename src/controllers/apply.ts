// What the engine adds to each of its writes: its name, and a limit on how many it asks for.

import type { ClusterError } from '../cluster/cluster.js';
import type { Clock } from '../lib/clock.js';

/** The name under which the server keeps what the engine has set. */
export const FIELD_MANAGER = 'rollouts-controller';

/** In place of an answer: another engine may be leading. */
export const NOT_LEADING: ClusterError = { code: 0, reason: 'NotLeading', message: 'this engine does not lead, so it changes nothing' };

/** In place of an answer: what the change was decided for has gone while it waited for its turn. */
export const OUTDATED: ClusterError = { code: 0, reason: 'Outdated', message: 'the world has moved since this was decided' };

/** What one engine may ask of a server that others use too; a pass that is over it waits its turn. */
export const WRITES_PER_SECOND = 200;
export const WRITE_BURST = 400;

/** Resolves when one more write is within the limit, in the order of asking. */
export type Throttle = () => Promise<void>;

/** A bucket of `burst` tokens that fills at `perSecond`. */
export function createThrottle(clock: Clock, perSecond = WRITES_PER_SECOND, burst = WRITE_BURST): Throttle {
  let tokens = burst;
  let filledAt = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    tokens -= 1;
    if (tokens >= 0) return Promise.resolve();
    const waitMs = (-tokens / perSecond) * 1000;
    return new Promise((resolve) => {
      clock.after(waitMs, resolve);
    });
  };
}
