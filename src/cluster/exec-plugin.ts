// Log-in plugins of a kubeconfig (users[].user.exec), run as kubectl runs them, but with an end to every wait, and their own
// words kept: why a log-in fails is written nowhere else. What they hand out never appears in a message.

import { spawn } from 'node:child_process';
import { isRecord } from '../lib/deep.js';
import { parseTime, type Instant } from '../lib/instant.js';
import { err, ok, type Result } from '../lib/result.js';
import { sanitise } from '../lib/text-width.js';
import { type Foreground, signalOfCode, spawnForeground } from './foreground.js';

/** `IfAvailable` takes a terminal where there is one; `Always` can do nothing without. */
export type InteractiveMode = 'Never' | 'IfAvailable' | 'Always';

export type ExecPlugin = {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interactiveMode: InteractiveMode;
  readonly installHint: string;
  /** The cluster as the plugin wants to be told it; absent: it does not. */
  readonly cluster?: unknown;
};

export type ExecCredential = {
  readonly token: string | undefined;
  readonly certificate: { readonly cert: string; readonly key: string } | undefined;
  /** Undefined: until the server refuses it. */
  readonly expiresAt: Instant | undefined;
};

export type ExecOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The plugin has this process's terminal to itself. */
  readonly terminal: boolean;
  /** What it has written so far, while it runs. */
  onWords?(words: string): void;
};

/** A person may have to find a telephone first; without a terminal nobody is there to wait for. */
const LONGEST_RUN_MS = 60_000;
const LONGEST_RUN_WITH_TERMINAL_MS = 600_000;

const MOST_ANSWER_BYTES = 1024 * 1024;

/** The end of what it wrote, where the reason stands. */
const LONGEST_WORDS = 600;

const DEFAULT_API_VERSION = 'client.authentication.k8s.io/v1';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Undefined when the user of the kubeconfig has no plugin. */
export function readExecPlugin(exec: unknown, cluster: unknown): ExecPlugin | undefined {
  if (!isRecord(exec)) return undefined;
  const mode = exec['interactiveMode'];
  const env = Array.isArray(exec['env']) ? exec['env'].filter(isRecord) : [];
  return {
    apiVersion: textOf(exec['apiVersion']) || DEFAULT_API_VERSION,
    command: textOf(exec['command']),
    args: Array.isArray(exec['args']) ? exec['args'].filter((arg): arg is string => typeof arg === 'string') : [],
    env: Object.fromEntries(env.map((each) => [textOf(each['name']), textOf(each['value'])])),
    interactiveMode: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
    installHint: textOf(exec['installHint']),
    ...(exec['provideClusterInfo'] === true ? { cluster } : {}),
  };
}

/** What a plugin wrote, in one line, without escape sequences and without what looks like a token. */
export function wordsOf(written: string): string {
  const plain = sanitise(written.slice(-4 * LONGEST_WORDS))
    .replaceAll(/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '***')
    .replaceAll(/\b(bearer|token|password|secret)([=: ]+)\S{8,}/gi, '$1$2***')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return plain.length > LONGEST_WORDS ? `…${plain.slice(-LONGEST_WORDS)}` : plain;
}

function infoFor(plugin: ExecPlugin, interactive: boolean): string {
  const cluster = plugin.cluster === undefined ? {} : { cluster: plugin.cluster };
  return JSON.stringify({ apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec: { interactive, ...cluster } });
}

/** A plugin beside the screen has no keys. */
function spawnBeside(command: string, args: readonly string[], env: ExecOptions['environment']): Foreground {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return { child, stdout: child.stdout, stderr: child.stderr, isMissing: () => false, kill: () => void child.kill('SIGKILL') };
}

type Ended = { readonly code: number | null; readonly answer: string; readonly words: string; readonly fault: string | undefined };

function run(plugin: ExecPlugin, { environment, terminal, onWords }: ExecOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const limitMs = terminal ? LONGEST_RUN_WITH_TERMINAL_MS : LONGEST_RUN_MS;
    const env = { ...environment, ...plugin.env, KUBERNETES_EXEC_INFO: infoFor(plugin, terminal) };
    let answer = '';
    let words = '';
    let fault: string | undefined;
    const started = terminal ? spawnForeground(plugin.command, plugin.args, { env, captured: true }) : spawnBeside(plugin.command, plugin.args, env);
    const { child, stdout, stderr } = started;
    const missing = (): void => {
      fault = `there is no such program${plugin.installHint === '' ? '' : `; ${wordsOf(plugin.installHint)}`}`;
    };
    // What it has started itself may go on; nobody listens to that any more.
    const giveUp = (why: string): void => {
      fault ??= why;
      started.kill();
      stdout?.destroy();
      stderr?.destroy();
    };
    const timer = setTimeout(() => giveUp(`it was not done within ${limitMs / 1000} s`), limitMs);
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (answer.length + text.length > MOST_ANSWER_BYTES) giveUp(`it answered with more than ${MOST_ANSWER_BYTES} bytes`);
      else answer += text;
    });
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4 * LONGEST_WORDS);
      if (terminal) process.stderr.write(text);
      onWords?.(wordsOf(words));
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') missing();
      else fault = `it can not be started: ${error.code ?? 'unknown'}`;
    });
    child.on('close', (code, how) => {
      clearTimeout(timer);
      if (started.isMissing()) missing();
      const signal = how ?? (terminal ? signalOfCode(code) : undefined);
      if (signal !== undefined) fault ??= `it was ended by ${signal}`;
      resolve({ code, answer, words: wordsOf(words), fault });
    });
  });
}

function credentialOf(answer: string): ExecCredential | undefined {
  let read: unknown;
  try {
    read = JSON.parse(answer);
  } catch {
    // Said by the caller in words of its own: a parser's message would quote the answer.
    return undefined;
  }
  const status = isRecord(read) && isRecord(read['status']) ? read['status'] : {};
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp: until } = status;
  const certificate = typeof cert === 'string' && typeof key === 'string' ? { cert, key } : undefined;
  if (typeof token !== 'string' && certificate === undefined) return undefined;
  return { token: typeof token === 'string' ? token.trim() : undefined, certificate, expiresAt: typeof until === 'string' ? parseTime(until) : undefined };
}

/** The failure is a sentence with the plugin's own words. */
export async function runExecPlugin(plugin: ExecPlugin, options: ExecOptions): Promise<Result<ExecCredential, string>> {
  const name = plugin.command.split('/').at(-1) ?? plugin.command;
  const failed = (what: string, words: string): Result<never, string> => err(`the log-in plugin ${sanitise(name)} ${what}${words === '' ? '' : `: ${words}`}`);
  if (plugin.command === '') return err('the kubeconfig names a log-in plugin without a command');
  if (plugin.interactiveMode === 'Always' && !options.terminal) return failed('asks for a person', '');
  const { code, answer, words, fault } = await run(plugin, options);
  if (fault !== undefined) return failed(`failed: ${fault}`, words);
  if (code !== 0) return failed(`failed with exit code ${code ?? '?'}`, words === '' ? 'it said nothing' : words);
  const credential = credentialOf(answer);
  return credential === undefined ? failed('brought no token and no certificate', words) : ok(credential);
}
