// The clock of one engine's machine: it may be set forward or back, and the whole process may stand still for a while.

import type { Cancel, Clock } from '../../src/lib/clock.js';

export interface EngineClock extends Clock {
  /** As when a machine's time is corrected: timers run on as they did. */
  jump(byMs: number): void;
  /** Nothing of the process runs before that much time has passed; then everything that was due does. */
  freeze(forMs: number): void;
  /** Resolves at once, or when the process runs again. */
  thaw(): Promise<void>;
  /** How far it ever was from the true time. */
  error(): number;
}

export function createEngineClock(base: Clock): EngineClock {
  let offset = 0;
  let most = 0;
  let frozenUntil = Number.NEGATIVE_INFINITY;
  const isFrozen = (): boolean => base.now() < frozenUntil;
  return {
    now: () => base.now() + offset,
    after(delayMs, action) {
      let cancel: Cancel;
      const run = (): void => {
        if (isFrozen()) cancel = base.after(frozenUntil - base.now(), run);
        else action();
      };
      cancel = base.after(delayMs, run);
      return () => cancel();
    },
    jump(byMs) {
      offset += byMs;
      most = Math.max(most, Math.abs(offset), Math.abs(byMs));
    },
    freeze(forMs) { frozenUntil = Math.max(frozenUntil, base.now() + forMs); },
    thaw: async () => {
      while (isFrozen()) await new Promise<void>((resolve) => { base.after(frozenUntil - base.now(), resolve); });
    },
    error: () => most,
  };
}
