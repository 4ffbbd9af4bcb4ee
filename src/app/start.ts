// From the arguments to the verb. Loads nothing that the verb does not need: the console's first frame waits for this.

import { findCommand, overview, verbsOf } from '../commands/table.js';
import { helpText, isUsageError, UsageError, type CommandIo } from '../commands/command.js';
import { systemClock } from '../lib/clock.js';

const USAGE_ERROR = 2;

/** What is still open when a verb has ended gets this long to close by itself. */
const LONGEST_ENDING_MS = 1000;

function processIo(signal: AbortSignal): CommandIo {
  const { NO_COLOR: noColour = '', TERM: terminal } = process.env;
  return {
    stdin: process.stdin,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    environment: process.env,
    clock: systemClock,
    colour: process.stdout.isTTY && noColour === '' && terminal !== 'dumb',
    signal,
  };
}

/** A reader that goes away (`| head`) ends the program quietly. A terminal that goes away sends SIGHUP too, and that ends it in order. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    if (error.code !== 'EIO') throw error;
  });
}

async function runVerb(words: readonly string[], io: CommandIo): Promise<number> {
  const found = findCommand(words);
  if (found === undefined) {
    const verbs = verbsOf(words[0]);
    const forms = verbs.map((verb) => `\`sluice ${verb} --help\``).join(' or ');
    if (verbs.length > 0) throw new UsageError(`"${words[0]}" is no command by itself: ${forms} shows the form`);
    throw new UsageError(`"${words.slice(0, 2).join(' ')}" is no command; \`sluice --help\` lists them`);
  }
  const command = await found.entry.load();
  if (found.rest.includes('--help') || found.rest.includes('-h')) {
    io.stdout(helpText(command));
    return 0;
  }
  try {
    return await command.run(found.rest, io);
  } catch (error) {
    if (isUsageError(error)) throw new UsageError(`${error.message} (\`sluice ${command.words} --help\` shows the form)`);
    throw error;
  }
}

/** Resolves with the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  const io = processIo(stopping.signal);
  endWithReader();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort(signal));
  try {
    const [first] = words;
    if (first === '--help' || first === '-h' || first === 'help') {
      io.stdout(overview());
      return 0;
    }
    if (first === '--version') return await runVerb(['version'], io);
    if (first === undefined || first.startsWith('-')) {
      const { openConsole } = await import('../commands/console.js');
      return await openConsole(words, io);
    }
    return await runVerb(words, io);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    io.stderr(`sluice: ${error.message}\n`);
    return USAGE_ERROR;
  }
}

/** Ends when nothing is left to do, and soon in any case: a timer that somebody forgot must not keep a shell waiting. */
export function endProcess(code: number): void {
  process.exitCode = code;
  const check = (): void => {
    // A reader that pages through a long answer is waited for.
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit(code);
    setTimeout(check, LONGEST_ENDING_MS).unref();
  };
  setTimeout(check, LONGEST_ENDING_MS).unref();
}
