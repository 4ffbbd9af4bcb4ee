// The one way out of a console, however it comes: the terminal is given back first, then the reason is told.

import type { LentScreen } from './lent-screen.js';

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export type EndingSignal = keyof typeof SIGNAL_NUMBERS;

/** What a process that a signal ended says with its exit code. */
export const signalExitCode = (signal: EndingSignal): number => 128 + SIGNAL_NUMBERS[signal];

export type Guard = {
  release(): void;
  /** True once a write has failed because the terminal is gone. */
  isLineLost(): boolean;
};

/** Ends the process as the signal would have: Node's own way out aborts when it can not reset a terminal that is gone. */
export function dieBy(signal: EndingSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/**
 * Until released: signals end by `onSignal` (which ends the process itself); what nobody caught restores the terminal,
 * prints the error and ends with 1. What would put the process to sleep (SIGTSTP) only calls `onStop`.
 */
export function guardTerminal(screen: LentScreen, onSignal: (signal: EndingSignal) => void, onStop: () => void): Guard {
  const handlers = (Object.keys(SIGNAL_NUMBERS) as EndingSignal[]).map((signal) => {
    process.removeAllListeners(signal);
    const handler = (): void => {
      // Ctrl-C in an editor is meant for the editor, but the terminal tells all that stand on it.
      if (signal !== 'SIGINT' || !screen.isLent()) onSignal(signal);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  process.on('SIGTSTP', onStop);
  const crash = (error: unknown): void => {
    screen.closeNow();
    process.stderr.write(
      `sluice: ended by a fault of its own; what it drives lives in the cluster and is not lost.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  };
  // A lost line makes every write fail; there is nobody left to tell.
  let lineLost = false;
  const broken = (error: NodeJS.ErrnoException): void => {
    lineLost = true;
    if (error.code !== 'EIO' && error.code !== 'EPIPE') crash(error);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.stdout.on('error', broken);
  return {
    isLineLost: () => lineLost,
    release() {
      for (const { signal, handler } of handlers) process.removeListener(signal, handler);
      process.removeListener('SIGTSTP', onStop);
      process.removeListener('uncaughtException', crash);
      process.removeListener('unhandledRejection', crash);
    },
  };
}
