// The keys that want a pass. A key stands here once however often it is added, and is never handed out while a pass for it runs.

import type { Cancel, Clock } from '../lib/clock.js';
import type { Instant } from '../lib/instant.js';

export interface Queue {
  /** Wants a pass soon. Keys that are added within the same few milliseconds share one. */
  add(key: string): void;
  /** Wants a pass at that time; replaces an earlier wish for this key (a pass in between asks anew). */
  addAt(key: string, at: Instant): void;
  /** Wants a pass after a pause that doubles each time, until `forget`. */
  retry(key: string): void;
  /** The pass went well: the next pause begins small again. */
  forget(key: string): void;
  /** The next key, or undefined. The caller must call `done` for it. */
  take(): string | undefined;
  done(key: string): void;
  /** The key is gone for good: no timer, no pause. */
  drop(key: string): void;
  /** Keys that wait for a worker or are with one; those that wait for their time do not count. */
  busy(): number;
  /** Keys that wait for their time. */
  sleeping(): number;
  stop(): void;
}

/** As client-go's default: 1 ms, doubled at each failure, at most 10 s. */
const SHORTEST_RETRY_MS = 1;
const LONGEST_RETRY_MS = 10_000;
/** Pods of a burst become ready within a few milliseconds of each other: one pass sees them all. */
export const GATHER_MS = 10;

/** `onReady` is told of each key that waits for a worker from now on, or still. */
export function createQueue(clock: Clock, onReady: (key: string) => void): Queue {
  const waiting = new Set<string>();
  const running = new Set<string>();
  /** Added while its pass ran: the pass may not have seen what it was added for. */
  const again = new Set<string>();
  const gathering = new Set<string>();
  const timers = new Map<string, Cancel>();
  const failures = new Map<string, number>();
  let stopped = false;
  let cancelGather: Cancel | undefined;

  const ready = (key: string): void => {
    if (running.has(key)) {
      again.add(key);
      return;
    }
    waiting.add(key);
    onReady(key);
  };
  const cancelTimer = (key: string): void => {
    timers.get(key)?.();
    timers.delete(key);
  };
  const flush = (): void => {
    cancelGather = undefined;
    const keys = [...gathering];
    gathering.clear();
    for (const key of keys) ready(key);
  };
  const add = (key: string): void => {
    if (stopped || waiting.has(key)) return;
    gathering.add(key);
    cancelGather ??= clock.after(GATHER_MS, flush);
  };
  const addAfter = (key: string, delayMs: number): void => {
    if (stopped) return;
    cancelTimer(key);
    timers.set(
      key,
      clock.after(delayMs, () => {
        timers.delete(key);
        ready(key);
      }),
    );
  };

  return {
    add,
    addAt: (key, at) => addAfter(key, at - clock.now()),
    retry(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      addAfter(key, Math.min(LONGEST_RETRY_MS, SHORTEST_RETRY_MS * 2 ** Math.min(count, 20)));
    },
    forget: (key) => {
      failures.delete(key);
    },
    take() {
      for (const key of waiting) {
        waiting.delete(key);
        running.add(key);
        // This pass looks at everything, and says itself when it wants to look again.
        cancelTimer(key);
        return key;
      }
      return undefined;
    },
    done(key) {
      running.delete(key);
      if (again.delete(key) && !stopped) ready(key);
    },
    drop(key) {
      cancelTimer(key);
      failures.delete(key);
    },
    busy: () => gathering.size + waiting.size + running.size,
    sleeping: () => timers.size,
    stop() {
      stopped = true;
      cancelGather?.();
      for (const cancel of timers.values()) cancel();
      timers.clear();
      gathering.clear();
      waiting.clear();
      again.clear();
    },
  };
}
