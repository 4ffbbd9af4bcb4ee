// What the app has under way for longer than a moment: told on the screen, and stopped by Esc.

import type { Instant } from '../lib/instant.js';

export type Work = {
  readonly id: number;
  /** "reading prod-eu" */
  readonly words: string;
  /** The person has asked for it and waits. */
  readonly waits: boolean;
  readonly since: Instant;
  /** "1,500 objects"; "" when nothing is counted. */
  readonly progress: string;
};
