// A console of the built program on a real pty, inside a shell that tells what is left of the terminal afterwards.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type PtyOptions, PtyProgram } from '../support/pty.js';
import { bareEnvironment, type Environment, type Folder, MAIN, type Ran, sluice, temporaryFolder, until } from '../support/sluice.js';

type Ended = { readonly code: number; readonly modesKept: boolean };

export type Console = {
  readonly program: PtyProgram;
  readonly folder: Folder;
  /** The kubeconfig of a demo. */
  readonly kubeconfig: string;
  /** The process id of the program itself, not that of the shell. */
  pid(): Promise<number>;
  /** Runs a verb against the demo's cluster. */
  run(...words: string[]): Promise<Ran>;
  /** Ends the program with this key, also where it has to be pressed again because something would be lost; resolves as `ended`. */
  leave(key?: string): Promise<Ended>;
  /** Resolves with what the shell tells when the program has ended: its exit code, and the modes of the line. */
  ended(limitMs?: number): Promise<Ended>;
  stop(): void;
};

export type ConsoleOptions = PtyOptions & { readonly words?: readonly string[]; readonly variables?: Environment; readonly node?: readonly string[]; /** The shell has job control. */ readonly jobs?: boolean };

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Opens `sluice demo`, or what `words` say. */
export function openConsole(options: ConsoleOptions = {}): Console {
  const folder = temporaryFolder();
  const command = [process.execPath, ...(options.node ?? []), MAIN, ...(options.words ?? ['demo', '--autoplay', 'off'])].map(quoted).join(' ');
  // The shell ignores the signals that the tests send to the program, and outlives it.
  const script = `${options.jobs === true ? 'set -m; ' : ''}before=$(stty -g); ${command}; code=$?; after=$(stty -g); [ "$before" = "$after" ] && kept=yes || kept=no; echo "ended code=$code kept=$kept"`;
  const environment = bareEnvironment({ XDG_RUNTIME_DIR: folder.path, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...options.variables });
  const program = new PtyProgram('/bin/sh', ['-c', script], { ...options, whole: true, environment });
  const kubeconfigOf = (): string | undefined => readdirSync(folder.path).find((name) => name.endsWith('.kubeconfig'));
  const kubeconfig = (): string => path.join(folder.path, kubeconfigOf() ?? 'none');
  const hasEnded = (): boolean => /ended code=\d+ kept=\w+/.test(program.raw);
  const ended = async (limitMs?: number): Promise<Ended> => {
    await program.waitFor(hasEnded, limitMs);
    const found = /ended code=(\d+) kept=(\w+)/.exec(program.raw);
    return { code: Number(found?.[1]), modesKept: found?.[2] === 'yes' };
  };
  const asksAgain = (): boolean => program.text.replaceAll(/\s+/g, ' ').includes('the same key again ends');
  return {
    program,
    folder,
    get kubeconfig() {
      return kubeconfig();
    },
    async pid() {
      const name = await until('the kubeconfig', kubeconfigOf);
      return Number(/sluice-(\d+)/.exec(name)?.[1]);
    },
    run: (...words) => sluice(words, { KUBECONFIG: kubeconfig() }),
    ended,
    async leave(key = 'q') {
      program.keys(key);
      await program.waitFor(() => hasEnded() || asksAgain());
      // Within a second of a screen that the same key has closed it only asks again.
      await until('the end of the program', () => {
        if (!hasEnded()) program.keys(key);
        return program.waitFor(hasEnded, 1000).then(() => true, () => false);
      });
      return ended();
    },
    stop() {
      program.kill('SIGKILL');
      folder.remove();
    },
  };
}

/** What a program must undo before it ends; names what it did not. */
export function leftBehind(program: PtyProgram): string[] {
  const { modes, buffer } = program.terminal;
  return [
    ...(buffer.active.type === 'normal' ? [] : ['alternate screen']),
    ...(modes.bracketedPasteMode ? ['bracketed paste'] : []),
    ...(modes.mouseTrackingMode === 'none' ? [] : ['mouse reports']),
    ...(modes.applicationCursorKeysMode || modes.applicationKeypadMode ? ['application keys'] : []),
    ...(program.raw.lastIndexOf('\u001b[?25h') >= program.raw.lastIndexOf('\u001b[?25l') ? [] : ['hidden cursor']),
  ];
}

/** The first rollouts are there. */
export const SHOWN = /a-team\/silly-demo/;

/** silly-demo waits for a person, and so can be promoted. */
export async function untilGate(console: Console): Promise<void> {
  await console.program.waitFor(/silly-demo +2\/8 +paused/, 30_000);
}

/** Presses y once the question is there and its yes counts: from then on its key stands out. */
export async function sayYes(program: PtyProgram, words: string): Promise<void> {
  await program.waitFor((grid) => {
    const rows = Array.from({ length: grid.terminal.rows }, (_, y) => grid.row(y));
    const y = rows.findIndex((row) => row.includes(`y yes, ${words}`));
    return y >= 0 && grid.cell((rows[y] ?? '').indexOf('y yes,'), y).bold;
  });
  program.keys('y');
  await program.waitFor((grid) => !grid.text.includes(`y yes, ${words}`));
}
