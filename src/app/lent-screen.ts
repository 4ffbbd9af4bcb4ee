// A terminal that can be given up for a while, to an editor or a log-in, and taken back.

import type { TerminalScreen } from '../terminal/screen.js';

export interface LentScreen extends TerminalScreen {
  /** Past the frames; lost while the terminal is somebody else's. */
  writeRaw(sequence: string): void;
  isLent(): boolean;
  /** At once, or when it is back and what it was lent for has been answered; asked for twice, it is called once. */
  whenOurs(run: () => void): void;
  /** Gives it up, runs, and opens it anew. */
  lend<T>(run: () => Promise<T>): Promise<T>;
}

/** `onBack` is called when the terminal is ours again: all of it must be painted, and its size may be another. */
export function createLentScreen(open: () => TerminalScreen, write: (sequence: string) => void, onBack: () => void): LentScreen {
  let screen = open();
  let lent = false;
  let size = screen.size();
  const waiting = new Set<() => void>();
  return {
    size: () => (lent ? size : screen.size()),
    paint(frame, theme, urgent) {
      if (!lent) screen.paint(frame, theme, urgent);
    },
    isReady: () => !lent && screen.isReady(),
    isSlow: () => !lent && screen.isSlow(),
    close: () => screen.close(),
    closeNow: () => screen.closeNow(),
    writeRaw(sequence) {
      if (!lent) write(sequence);
    },
    isLent: () => lent,
    whenOurs(run) {
      if (lent) waiting.add(run);
      else run();
    },
    async lend(run) {
      size = screen.size();
      lent = true;
      await screen.close();
      try {
        return await run();
      } finally {
        screen = open();
        lent = false;
        onBack();
        setImmediate(() => {
          for (const each of waiting) each();
          waiting.clear();
        });
      }
    },
  };
}
