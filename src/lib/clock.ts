// Time as an argument. The program runs on the system clock; tests and simulations run on a virtual one.

import type { Instant } from './instant.js';

/** Stops a timer; calling it again does nothing. */
export type Cancel = () => void;

export interface Clock {
  now(): Instant;
  /** Runs `action` once, `delayMs` from now (at once when it is not positive, but never inside this call). */
  after(delayMs: number, action: () => void): Cancel;
}

/** Resolves after `delayMs` on that clock, or at once (with false) when the signal aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve(false);
      return;
    }
    const finish = (completed: boolean): void => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
      resolve(completed);
    };
    const onAbort = (): void => finish(false);
    const cancel = clock.after(delayMs, () => finish(true));
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** What the work comes to, or undefined when it has not come to anything after `limitMs`: nobody hears of it then, nor of how it fails. */
export function within<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve(undefined));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (fault: Error) => {
        cancel();
        reject(fault);
      },
    );
  });
}

// setTimeout holds 31 bits of milliseconds; a longer wait is taken in parts.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      timer = leftMs > LONGEST_TIMER_MS ? setTimeout(() => arm(leftMs - LONGEST_TIMER_MS), LONGEST_TIMER_MS) : setTimeout(action, Math.max(0, leftMs));
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};

type Timer = { readonly at: Instant; readonly order: number; readonly action: () => void };

/** A clock that moves only when told to. Timers due at the same instant run in the order in which they were set. */
export class VirtualClock implements Clock {
  #now: Instant;
  #order = 0;
  readonly #timers = new Set<Timer>();
  readonly #settleTurns: number;

  /** `settleTurns`: one is enough for work that waits for nothing but promises and this clock. */
  constructor(start: Instant, settleTurns = SETTLE_TURNS) {
    this.#now = start;
    this.#settleTurns = settleTurns;
  }

  now(): Instant {
    return this.#now;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** The instant of the next timer, or undefined when none is set. */
  next(): Instant | undefined {
    return this.#earliest()?.at;
  }

  /** Moves to `until`, running every timer on the way and letting promises settle after each one. */
  async runUntil(until: Instant): Promise<void> {
    await settle(this.#settleTurns);
    for (let timer = this.#earliest(); timer !== undefined && timer.at <= until; timer = this.#earliest()) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.action();
      await settle(this.#settleTurns);
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Moves on until `done` holds, or fails when `limitMs` of virtual time have passed. Returns whether it held. */
  async runWhile(busy: () => boolean, limitMs: number): Promise<boolean> {
    const limit = this.#now + limitMs;
    await settle(this.#settleTurns);
    while (busy()) {
      const at = this.next();
      if (at === undefined || at > limit) return false;
      await this.runUntil(at);
    }
    return true;
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (earliest === undefined || timer.at < earliest.at || (timer.at === earliest.at && timer.order < earliest.order)) earliest = timer;
    }
    return earliest;
  }
}

// Work that never leaves the process settles within a few turns of the event loop.
const SETTLE_TURNS = 4;

async function settle(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1)
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
}
