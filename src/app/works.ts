// What is under way and takes longer than a moment: each piece has words, a count where there is one, and a way to stop it.
// What is done within the moment is never shown.

import type { Msg } from '../console/message.js';
import type { Cancel, Clock } from '../lib/clock.js';

/** Below this nobody waits. */
export const SHOWN_AFTER_MS = 200;

/** A count that runs is told this often. */
const COUNT_MS = 200;

export interface Work {
  /** Aborts when the person stops it. */
  readonly signal: AbortSignal;
  /** How much has been done so far: "1,500 objects". */
  tell(progress: string): void;
  /** Done, in whatever way. Calling it again does nothing. */
  end(): void;
}

export interface Works {
  /**
   * `words` begin with a verb: "reading prod-eu". `waits`: the person has asked for it and waits; otherwise it goes on beside
   * what they do, and Esc is for their screen first.
   */
  start(words: string, waits: boolean): Work;
  /** Stops the piece with this number; nothing when it has ended. */
  cancel(id: number): void;
  /** Stops all: the session ends. */
  cancelAll(): void;
}

export function createWorks(clock: Clock, post: (message: Msg) => void): Works {
  const running = new Map<number, AbortController>();
  let next = 1;
  return {
    start(words, waits) {
      const id = next;
      next += 1;
      const stopping = new AbortController();
      const since = clock.now();
      let progress = '';
      let shown = false;
      let timer: Cancel | undefined;
      const show = (): void => {
        timer = undefined;
        shown = true;
        post({ type: 'work', id, work: { id, words, waits, since, progress }, now: clock.now() });
      };
      timer = clock.after(SHOWN_AFTER_MS, show);
      running.set(id, stopping);
      return {
        signal: stopping.signal,
        tell(text) {
          progress = text;
          if (shown) timer ??= clock.after(COUNT_MS, show);
        },
        end() {
          if (!running.delete(id)) return;
          timer?.();
          if (shown) post({ type: 'work', id, work: undefined, now: clock.now() });
        },
      };
    },
    cancel: (id) => running.get(id)?.abort(),
    cancelAll() {
      for (const stopping of running.values()) stopping.abort();
    },
  };
}
