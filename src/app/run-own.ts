// Runs a command of the person's own: with the terminal, which it gives back at a key, or beside the screen with its output kept.
// No shell reads it; what it was given stands in its arguments and its environment.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { signalOfCode, spawnForeground } from '../cluster/foreground.js';
import type { OwnEnd } from '../console/own/history.js';
import type { OwnRun } from '../console/own/run.js';
import type { Clock } from '../lib/clock.js';
import { sanitise } from '../lib/text-width.js';

/** A command beside the screen that takes longer is stopped: nobody remembers it. */
const LONGEST_RUN_MS = 3_600_000;

/** What is written beyond that is read and dropped, so that the command does not stand still. */
const MOST_OUTPUT_CHARACTERS = 4 * 1024 * 1024;

const LONGEST_LINE = 2000;

/** Lines are told together, this often. */
const TELL_MS = 100;

/** Of one telling; the screen keeps no more. */
const MOST_TOLD = 1000;

/** Between the polite end and the hard one. */
const GRACE_MS = 3000;

/** What it has started itself may hold its output open for ever. */
const LAST_WORDS_MS = 300;

type Environment = Readonly<Record<string, string | undefined>>;

const NOT_STARTED: Readonly<Record<string, string>> = { ENOENT: 'there is no such program', EACCES: 'it may not be run', E2BIG: 'its arguments are too long' };

function startFault(error: unknown): OwnEnd {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  return { ran: false, good: false, text: `not started: ${NOT_STARTED[code] ?? code}` };
}

const endOf = (code: number | null, signal: NodeJS.Signals | null): OwnEnd =>
  signal === null ? { ran: true, good: code === 0, text: `exit code ${code ?? '?'}` } : { ran: true, good: false, text: `ended by ${signal}` };

/** Resolves at the next key, whatever it is; it goes to nobody. */
async function anyKey(): Promise<void> {
  const { stdin } = process;
  if (!stdin.isTTY) return;
  stdin.setRawMode(true);
  stdin.resume();
  await Promise.race([once(stdin, 'data'), once(stdin, 'close'), once(stdin, 'end')]);
  stdin.setRawMode(false);
  stdin.pause();
}

/** The terminal must be the command's while this runs. */
export async function runWithTerminal({ name, command, args, environment, line }: OwnRun, inherited: Environment): Promise<OwnEnd> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  say(`sluice runs ${name}: ${sanitise(line)}`);
  const end = await new Promise<OwnEnd>((resolve) => {
    try {
      const { child, isMissing } = spawnForeground(command, args, { env: { ...inherited, ...environment }, captured: false });
      child.on('error', (error) => resolve(startFault(error)));
      child.on('close', (code, signal) => resolve(isMissing() ? startFault({ code: 'ENOENT' }) : endOf(code, signal ?? signalOfCode(code) ?? null)));
    } catch (error) {
      resolve(startFault(error));
    }
  });
  say(`\n${name}: ${end.text}. Any key leads back to sluice.`);
  await anyKey();
  return end;
}

/** Whole lines of a stream, as they come; what has no end yet comes at its end. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

/** Gathers lines and tells them together; `flush` tells what is left. */
function createTeller(clock: Clock, tell: (lines: readonly string[]) => void): { add(line: string): void; flush(): void } {
  let waiting: string[] = [];
  let written = 0;
  let timer: (() => void) | undefined;
  const flush = (): void => {
    timer?.();
    timer = undefined;
    if (waiting.length > 0) tell(waiting);
    waiting = [];
  };
  return {
    add(line) {
      if (written > MOST_OUTPUT_CHARACTERS) return;
      written += line.length + 1;
      waiting.push(written > MOST_OUTPUT_CHARACTERS ? 'what comes behind this is not kept: it has written too much' : line.slice(0, LONGEST_LINE));
      if (waiting.length >= MOST_TOLD) flush();
      else timer ??= clock.after(TELL_MS, flush);
    },
    flush,
  };
}

/** Beside the screen, in a group of its own: what it has started ends with it. Aborting the signal stops it. */
export function runBeside(run: OwnRun, inherited: Environment, clock: Clock, signal: AbortSignal, tell: (lines: readonly string[]) => void): Promise<OwnEnd> {
  const teller = createTeller(clock, tell);
  return new Promise<OwnEnd>((resolve) => {
    let why: string | undefined;
    let ended = false;
    const finish = (end: OwnEnd): void => {
      if (ended) return;
      ended = true;
      cancelLimit();
      teller.flush();
      resolve(why === undefined || !end.ran ? end : { ran: true, good: false, text: why });
    };
    const stop = (reason: string): void => {
      why ??= reason;
      kill('SIGTERM');
      clock.after(GRACE_MS, () => kill('SIGKILL'));
    };
    const cancelLimit = clock.after(LONGEST_RUN_MS, () => stop(`stopped: it was not done within ${LONGEST_RUN_MS / 60_000} minutes`));
    let kill: (how: NodeJS.Signals) => void = () => {};
    try {
      const child = spawn(run.command, run.args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...inherited, ...run.environment } });
      kill = (how) => {
        try {
          if (child.pid !== undefined && !ended) process.kill(-child.pid, how);
        } catch {
          // The whole group has gone already.
        }
      };
      readLines(child.stdout, teller.add);
      readLines(child.stderr, teller.add);
      child.on('error', (error) => finish(startFault(error)));
      child.on('close', (code, how) => finish(endOf(code, how)));
      child.on('exit', (code, how) => clock.after(LAST_WORDS_MS, () => finish(endOf(code, how))));
    } catch (error) {
      finish(startFault(error));
    }
    signal.addEventListener('abort', () => stop('stopped'), { once: true });
  });
}
