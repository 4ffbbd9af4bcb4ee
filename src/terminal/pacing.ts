// How much may be written to the terminal now. What waits in the kernel, tmux and SSH can not be seen from here, so the
// terminal itself is asked: after each write for its cursor's place, and nothing more is written before it has answered.
// From how long the answers take follows how much of a frame one write may hold: a key must not wait behind a long one.

import type { Cancel, Clock } from '../lib/clock.js';

/** "Where is the cursor?" All terminals answer it, tmux and screen too. */
export const REPORT_REQUEST = '\u001b[6n';

/** How long a write may keep the line busy. */
const CHUNK_MS = 100;

/** Less is not worth the request behind it. */
const LEAST_CHUNK_BYTES = 64;

/** A line that takes this much in CHUNK_MS takes all. */
const MOST_CHUNK_BYTES = 65_536;

/** The first request goes before the first frame: a terminal that answers at all does so by then. */
const FIRST_ANSWER_MS = 1000;

/** Later, when no answer has come for so long, and for the time that the slowest line needs for what was written, none will. */
const LONGEST_ANSWER_MS = 2000;
const SLOWEST_BYTES_PER_SECOND = 240;

/** Without answers, the line is taken for a serial console of 115,200 baud. */
const ASSUMED_BYTES_PER_SECOND = 11_520;

/** On a slow line, how long an answer takes by itself is measured anew this often. */
const REMEASURE_MS = 30_000;

export interface Pacer {
  /** Bytes that the next write may hold; 0 while the terminal is busy with the one before. `onReady` tells when that is over. */
  allowance(): number;
  /** That many bytes were written, and REPORT_REQUEST behind them. */
  wrote(bytes: number): void;
  /** The terminal has answered a request. */
  answered(): void;
  /** Whether a key has to be careful of what else is painted. */
  isSlow(): boolean;
  /** Requests whose answers may still come. */
  owed(): number;
  stop(): void;
}

export type PacerOptions = {
  readonly clock: Clock;
  /** The terminal has taken what was written. */
  onReady(): void;
  /** Writes a REPORT_REQUEST by itself. */
  ask(): void;
};

export function createPacer({ clock, onReady, ask }: PacerOptions): Pacer {
  const asked: { readonly at: number; readonly bytes: number }[] = [];
  let answers = true;
  let answeredOnce = false;
  let busyUntil = 0;
  let budget = Infinity;
  /** How long an answer takes when nothing is written before the request. */
  let ownMs = Infinity;
  let measuredAt = -REMEASURE_MS;
  let cancel: Cancel = () => {};

  const giveUp = (): void => {
    asked.length = 0;
    answers = false;
    busyUntil = 0;
    onReady();
  };

  const watch = (): void => {
    cancel();
    const [oldest] = asked;
    if (oldest === undefined) return;
    const bytes = asked.reduce((sum, each) => sum + each.bytes, 0);
    const limitMs = answeredOnce ? LONGEST_ANSWER_MS + (bytes / SLOWEST_BYTES_PER_SECOND) * 1000 : FIRST_ANSWER_MS;
    cancel = clock.after(oldest.at + limitMs - clock.now(), giveUp);
  };

  const note = (bytes: number): void => {
    asked.push({ at: clock.now(), bytes });
    watch();
  };

  const learn = (bytes: number, elapsedMs: number): void => {
    if (bytes === 0 || elapsedMs < ownMs) ownMs = elapsedMs;
    // At the start the program itself may be too busy to read the answer: measured again once it matters.
    if (bytes === 0 && budget < Infinity) measuredAt = clock.now();
    const takenMs = elapsedMs - ownMs;
    const fits = Math.floor((bytes * CHUNK_MS) / Math.max(1, takenMs));
    if (takenMs > CHUNK_MS) budget = Math.max(LEAST_CHUNK_BYTES, fits);
    // What was not full says little.
    else if (bytes * 2 >= budget) budget = fits > MOST_CHUNK_BYTES ? Infinity : Math.max(LEAST_CHUNK_BYTES, Math.min(budget * 2, fits));
  };

  return {
    allowance() {
      if (asked.length > 0 || clock.now() < busyUntil) return 0;
      return answers ? budget : Math.floor((ASSUMED_BYTES_PER_SECOND * CHUNK_MS) / 1000);
    },
    wrote(bytes) {
      if (answers) {
        note(bytes);
        return;
      }
      const takenMs = (bytes / ASSUMED_BYTES_PER_SECOND) * 1000;
      busyUntil = clock.now() + takenMs;
      cancel();
      cancel = clock.after(takenMs, onReady);
    },
    answered() {
      answers = true;
      answeredOnce = true;
      const first = asked.shift();
      if (first === undefined) return;
      learn(first.bytes, clock.now() - first.at);
      watch();
      if (asked.length > 0) return;
      if (budget < Infinity && clock.now() - measuredAt >= REMEASURE_MS) {
        note(0);
        ask();
        return;
      }
      onReady();
    },
    isSlow: () => budget < Infinity || !answers,
    owed: () => asked.length,
    stop: () => cancel(),
  };
}
