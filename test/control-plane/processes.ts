// Other programs, none of which outlives this process however it ends: those that run all the time, and those that are waited for.

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Program = {
  readonly name: string;
  /** Undefined while it runs, then how it ended. */
  ended(): string | undefined;
  /** The last that it said. */
  lastWords(): string;
  stop(): Promise<void>;
};

/** How long a program may take to end by itself. */
const PATIENCE_MS = 10_000;
const LAST_WORDS_BYTES = 2000;
/** Ends a group of processes when the pipe that this process holds is closed, as it is even when this process is killed. */
const GUARD = 'cat >/dev/null; kill -s KILL -- "-$1" 2>/dev/null';

function guardOver(child: ChildProcess): ChildProcess | undefined {
  return child.pid === undefined ? undefined : spawn('sh', ['-c', GUARD, 'guard', String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
}

function endGroup(leader: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (leader?.pid === undefined) return;
  try {
    process.kill(-leader.pid, signal);
  } catch {
    // It is gone.
  }
}

/** Resolves with how it ended, once its guard is gone too: the number of the process may soon be another one's. */
function endOf(child: ChildProcess): Promise<number | string> {
  const guard = guardOver(child);
  return new Promise((resolve) => {
    const end = (how: number | string): void => {
      endGroup(guard, 'SIGKILL');
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(code ?? signal ?? 'unknown'));
  });
}

/** A program that runs until it is stopped; its output goes to a file of its name in the folder. */
export function startProgram(file: string, args: readonly string[], folder: string): Program {
  const name = path.basename(file);
  const log = path.join(folder, `${name}.log`);
  const output = openSync(log, 'a', 0o600);
  // In a group of its own: Ctrl-C reaches this process alone, which ends the others in order.
  const child = spawn(file, [...args], { cwd: folder, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  let ended: string | undefined;
  const end = endOf(child).then((how) => { ended = typeof how === 'number' ? `exit code ${how}` : how; });
  return {
    name,
    ended: () => ended,
    lastWords: () => readFileSync(log, 'utf8').slice(-LAST_WORDS_BYTES),
    async stop() {
      if (ended !== undefined) return;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await end;
      clearTimeout(limit);
    },
  };
}

export type Errand = {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends it, and all that it has started. */
  readonly signal: AbortSignal;
};

/** A program that is waited for; says what it says to our own output. Resolves with its exit code, or with what ended it. */
export async function runProgram(file: string, args: readonly string[], { cwd, environment = {}, signal }: Errand): Promise<number | string> {
  if (signal.aborted) return 'SIGTERM';
  const child = spawn(file, [...args], { cwd, env: { ...process.env, ...environment }, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const abort = (): void => endGroup(child, 'SIGTERM');
  signal.addEventListener('abort', abort, { once: true });
  const how = await endOf(child);
  signal.removeEventListener('abort', abort);
  return how;
}
