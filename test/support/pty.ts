// A program on a real pseudo-terminal, seen through a Grid.

import pty from '@lydell/node-pty';
import path from 'node:path';
import { Grid } from './grid.js';

export type PtyOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** The environment is all there is, instead of an addition to this process's. */
  readonly whole?: boolean;
  /** Does not answer what the program asks, as no real terminal. */
  readonly mute?: boolean;
};

export class PtyProgram extends Grid {
  readonly #process: ReturnType<typeof pty.spawn>;
  readonly exited: Promise<{ exitCode: number; signal?: number | undefined }>;

  constructor(file: string, programArguments: readonly string[], options: PtyOptions = {}) {
    const columns = options.columns ?? 80;
    const rows = options.rows ?? 24;
    super(columns, rows);
    this.#process = pty.spawn(file, [...programArguments], {
      cols: columns,
      rows,
      // node-pty sets TERM to this.
      name: options.environment?.['TERM'] ?? 'xterm-256color',
      cwd: process.env['SLUICE_ROOT'] ?? process.cwd(),
      env: options.whole === true ? { ...options.environment } : { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...options.environment },
    });
    this.#process.onData((data) => this.feed(data));
    if (options.mute !== true) this.terminal.onData((answer) => this.#process.write(answer));
    this.exited = new Promise((resolve) => { this.#process.onExit(resolve); });
  }

  get pid(): number {
    return this.#process.pid;
  }

  keys(text: string): void {
    this.#process.write(text);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.#process.resize(columns, rows);
  }

  kill(signal: string): void {
    this.#process.kill(signal);
  }

  /** Stops reading: what the program writes stays in the pty. */
  pauseReading(): void {
    this.#process.pause();
  }

  resumeReading(): void {
    this.#process.resume();
  }
}

/** The built program, run by the Node that runs the tests. */
export function startSluice(programArguments: readonly string[], options: PtyOptions = {}): PtyProgram {
  return new PtyProgram(process.execPath, [path.join(process.env['SLUICE_ROOT'] ?? '.', 'dist/main.js'), ...programArguments], options);
}
