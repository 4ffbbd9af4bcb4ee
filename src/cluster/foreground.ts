// A program that has the terminal to itself, as a job of a shell in between: what stops it (Ctrl-Z, or its own signal to its
// whole group) does not reach this process, and the shell, which is told of every stop, lets it go on at once. Node can neither
// make a group that owns the terminal nor see that a child was stopped.

import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';

/** A program that is stopped as soon as it goes on is ended: nobody can work in it. */
const MOST_STOPS = 1000;

/** Where the shell says what becomes of the job: its number first, then a word for each stop. */
const TOLD = 3;
const CAPTURED_OUTPUT = 4;
const CAPTURED_ERRORS = 5;

/** The shell's own error stream must stay the terminal: some shells hand the terminal on through it. */
const SHELL = `set -m
stops=0
/bin/sh -c "$0" sh "$@"
code=$?
while jobs %% >/dev/null 2>&1; do
  echo stopped >&${TOLD}
  stops=$((stops + 1))
  if [ $stops -ge ${MOST_STOPS} ]; then kill -KILL %%; else echo 'sluice is not put to sleep, and what has the terminal goes on.' >&2; fi
  fg >/dev/null
  code=$?
done
exit $code`;

const jobOf = (redirections: string): string => `command -v "$1" >/dev/null 2>&1 || { echo missing >&${TOLD}; exit 127; }
echo $$ >&${TOLD}
exec "$@" ${redirections} ${TOLD}>&-`;

const JOB = jobOf('');
const CAPTURED_JOB = jobOf(`>&${CAPTURED_OUTPUT} 2>&${CAPTURED_ERRORS} ${CAPTURED_OUTPUT}>&- ${CAPTURED_ERRORS}>&-`);

export type Foreground = {
  /** Emits `error` where not even the shell can be started, and `close` with an exit code as a shell tells it. */
  readonly child: ChildProcess;
  /** What it writes, where that is captured. */
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  /** Once closed: there was no such program. */
  isMissing(): boolean;
  /** Ends it, not the shell, which must give the terminal back. */
  kill(): void;
};

type Options = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its output is read here instead of standing on the terminal; it still has the keys. */
  readonly captured: boolean;
};

/** The signal that a shell's exit code stands for. */
export function signalOfCode(code: number | null): NodeJS.Signals | undefined {
  const found = Object.entries(constants.signals).find(([, number]) => code === 128 + number);
  return found?.[0] as NodeJS.Signals | undefined;
}

const readableOf = (child: ChildProcess, place: number): Readable | undefined => (child.stdio as readonly unknown[])[place] as Readable | undefined;

/** Throws where `spawn` does. The terminal must not be read by this process while it runs. */
export function spawnForeground(command: string, args: readonly string[], { env, captured }: Options): Foreground {
  const stdio = ['inherit', 'inherit', 'inherit', 'pipe', ...(captured ? ['pipe', 'pipe'] : [])] as ('inherit' | 'pipe')[];
  const child = spawn('/bin/sh', ['-c', SHELL, captured ? CAPTURED_JOB : JOB, command, ...args], { env, stdio });
  let missing = false;
  let job: number | undefined;
  let unwanted = false;
  const end = (): void => {
    try {
      if (job !== undefined) process.kill(-job, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  readableOf(child, TOLD)
    ?.setEncoding('utf8')
    .on('data', (text: string) => {
      for (const word of text.split('\n')) {
        if (word === 'missing') missing = true;
        // As if the stop had been meant for this process: whoever guards the terminal says why nothing came of it.
        else if (word === 'stopped') process.emit('SIGTSTP', 'SIGTSTP');
        else if (/^\d+$/.test(word)) job = Number(word);
      }
      if (unwanted) end();
    });
  return {
    child,
    stdout: captured ? readableOf(child, CAPTURED_OUTPUT) : undefined,
    stderr: captured ? readableOf(child, CAPTURED_ERRORS) : undefined,
    isMissing: () => missing,
    kill() {
      unwanted = true;
      end();
    },
  };
}
