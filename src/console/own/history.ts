// What was run of a person's own commands in this session, and what those beside the screen have written.

import type { Instant } from '../../lib/instant.js';
import type { About } from '../effect.js';

export type OwnRunState = {
  readonly id: number;
  readonly name: string;
  /** "run bundle on shop/cart" */
  readonly words: string;
  readonly about: About;
  readonly background: boolean;
  readonly startedAt: Instant;
  /** The newest; `left` are those before them. */
  readonly lines: readonly string[];
  readonly left: number;
  /** "exit code 0 after 2.1 s"; undefined while it runs. */
  readonly ended: string | undefined;
};

/** How a command has ended: "exit code 3", whether that is good, and whether it has run at all. */
export type OwnEnd = { readonly ran: boolean; readonly good: boolean; readonly text: string };

/** Those that are remembered, the newest. */
export const MOST_RUNS = 20;

/** At the same time. */
export const MOST_RUNNING = 8;

/** Lines that are kept of one. */
const MOST_LINES = 1000;

export function withLines(run: OwnRunState, texts: readonly string[]): OwnRunState {
  const all = [...run.lines, ...texts];
  return { ...run, lines: all.slice(-MOST_LINES), left: run.left + Math.max(0, all.length - MOST_LINES) };
}
