// What the program did, for whoever looks for a fault in it: requests with status, time and bytes, and frames with time and
// bytes. No header and no body of any request is ever written, and no environment: secrets are in those.

import type { Exchange } from '../cluster/transport.js';
import { formatMicroTime } from '../lib/instant.js';
import type { Clock } from '../lib/clock.js';
import type { TerminalScreen } from '../terminal/screen.js';
import { appendRotated } from './rotated-file.js';
import { VERSION } from './version.js';

const ROTATION = { mostBytes: 8 * 1024 * 1024, keptFiles: 3 };

/** Lines that wait for the disk; what comes beyond is counted, not kept. */
const MOST_WAITING = 20_000;

export interface DebugLog {
  write(text: string): void;
  /** Resolves when all is written. */
  settled(): Promise<void>;
}

/** `onProblem` hears once why nothing can be written. Without a file nothing is. */
export function openDebugLog(file: string | undefined, clock: Clock, onProblem: (text: string) => void): DebugLog | undefined {
  if (file === undefined) return undefined;
  let waiting: string[] = [];
  let dropped = 0;
  let broken = false;
  let writing: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0 && !broken) {
      const lines = waiting;
      waiting = [];
      if (dropped > 0) lines.push(`${formatMicroTime(clock.now())} (${dropped} lines were left out: the disk was too slow)\n`);
      dropped = 0;
      try {
        await appendRotated(file, lines.join(''), ROTATION);
      } catch (error) {
        broken = true;
        onProblem(`the debug log ${file} can not be written: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    writing = undefined;
  };
  const write = (text: string): void => {
    if (broken) return;
    if (waiting.length >= MOST_WAITING) {
      dropped += 1;
      return;
    }
    waiting.push(`${formatMicroTime(clock.now())} ${text}\n`);
    // Not in this turn: what comes in it goes out together.
    writing ??= Promise.resolve().then(drain);
  };
  const { platform, version: node, env } = process;
  write(
    `begin sluice ${VERSION}, node ${node}, ${platform}, TERM=${env['TERM'] ?? ''} COLORTERM=${env['COLORTERM'] ?? ''} TMUX=${env['TMUX'] === undefined ? 'no' : 'yes'}`,
  );
  return { write, settled: () => writing ?? Promise.resolve() };
}

export const exchangeText = ({ method, path, status, milliseconds, bytes, ended, problem }: Exchange): string =>
  `request ${method} ${path} ${problem ?? status ?? 'no answer'} ${Math.round(milliseconds)} ms${ended ? ` ${bytes} B` : ' (stream opened)'}`;

/** The screen, with a line for each frame. */
export function logFrames<S extends TerminalScreen>(screen: S, log: DebugLog | undefined): S {
  if (log === undefined) return screen;
  return {
    ...screen,
    paint(frame, theme, urgent) {
      const begin = performance.now();
      screen.paint(frame, theme, urgent);
      const { columns, rows } = frame.size;
      const marks = `${urgent === true ? ' urgent' : ''}${screen.isSlow() ? ' slow line' : ''}`;
      log.write(`frame ${columns}x${rows} ${frame.panes.length} panes ${(performance.now() - begin).toFixed(1)} ms${marks}`);
    },
  };
}
