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
  /** A slow line between the program and the terminal: what is written waits there without bound, unseen by the program. */
  readonly bytesPerSecond?: number;
};

const LINE_TICK_MS = 5;

export class PtyProgram extends Grid {
  readonly #process: ReturnType<typeof pty.spawn>;
  #waiting = Buffer.alloc(0);
  #due = 0;
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
    const { bytesPerSecond } = options;
    if (bytesPerSecond === undefined) this.#process.onData((data) => this.feed(data));
    else this.#throttle(bytesPerSecond);
    if (options.mute !== true) this.terminal.onData((answer) => this.#process.write(answer));
    this.exited = new Promise((resolve) => { this.#process.onExit(resolve); });
  }

  /** Bytes that wait on the slow line now. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #throttle(bytesPerSecond: number): void {
    this.#process.onData((data) => { this.#waiting = Buffer.concat([this.#waiting, Buffer.from(data)]); });
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      // An idle line saves nothing up.
      this.#due = this.#waiting.length === 0 ? 0 : this.#due + ((now - last) * bytesPerSecond) / 1000;
      last = now;
      const count = Math.min(this.#waiting.length, Math.floor(this.#due));
      if (count === 0) return;
      this.#due -= count;
      this.feed(this.#waiting.subarray(0, count));
      this.#waiting = this.#waiting.subarray(count);
    }, LINE_TICK_MS);
    this.#process.onExit(() => {
      clearInterval(timer);
      this.feed(this.#waiting);
    });
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
