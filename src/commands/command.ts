// What every verb of the command line is: words for its help, and a function from arguments to an exit code.

import type { Clock } from '../lib/clock.js';

/** 0 done; 1 the operation failed or the answer is no; 2 the command line was wrong. */
export type ExitCode = 0 | 1 | 2;

export type CommandIo = {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  stdout(text: string): void;
  stderr(text: string): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Whether what is printed goes to a terminal that shows colours. */
  readonly colour: boolean;
  /** Aborts when the user or the system asks the program to end. */
  readonly signal: AbortSignal;
};

export type Command = {
  /** "get rollout" */
  readonly words: string;
  readonly summary: string;
  /** The arguments after the words, as the usage line shows them. */
  readonly operands: string;
  /** One line each: the flag and what it does. */
  readonly flags: readonly string[];
  readonly examples: readonly string[];
  run(words: readonly string[], io: CommandIo): Promise<number>;
};

/** What serves until it is asked to end waits for that here. */
export const untilAsked = (signal: CommandIo['signal']): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** A mistake in the command line: said in one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** By its name: the console is bundled apart from the other verbs, with a class of its own. */
export const isUsageError = (error: unknown): error is UsageError => error instanceof Error && error.name === 'UsageError';

export function helpText(command: Command): string {
  const flags = command.flags.length === 0 ? '' : `\nFlags:\n${command.flags.map((flag) => `  ${flag}`).join('\n')}\n`;
  const usage = `sluice ${command.words}${command.operands === '' ? '' : ` ${command.operands}`}`;
  const examples = command.examples.map((example) => `  ${example}`).join('\n');
  return `${command.summary}\n\nUsage:\n  ${usage}\n\nExamples:\n${examples}\n${flags}`;
}
