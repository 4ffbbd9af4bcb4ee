// What the console asks the app to do, as data: tests compare it, only app/effects performs it.

import type { Change } from '../kinds/change.js';
import type { Instant } from '../lib/instant.js';

/** For whom and why a change is made: for the log and for the words of a failure. */
export type About = {
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Id of the action (actions.ts), such as `rollout.promote`. */
  readonly action: string;
  /** "promote a-team/silly-demo: step 3 to 4, 20 % to 40 %" */
  readonly words: string;
};

export type Effect =
  /**
   * Perform the changes in order, stop at the first failure, and answer with one `{type:'applied', id, result}`.
   * They carry their own guards (JSON-patch tests of uid and step): send them as they are, never again by yourself.
   */
  | { readonly type: 'apply'; readonly id: number; readonly changes: readonly Change[]; readonly about: About; readonly askedAt: Instant }
  /** Give the terminal back and end the program. */
  | { readonly type: 'quit' };
