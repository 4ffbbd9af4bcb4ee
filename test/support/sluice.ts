// The built program as a child process: a verb run to its end, or a server that lives as long as a test file.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const MAIN = path.join(process.env['SLUICE_ROOT'] ?? '.', 'dist/main.js');

/** How long anything here is waited for before the test fails with what was seen. */
const LONGEST_WAIT_MS = 60_000;
const POLL_MS = 20;

export type Environment = Readonly<Record<string, string>>;

/** The environment of the tests without what would tell the program where a cluster is, or have Node read certificates at each start. */
export function bareEnvironment(extra: Environment = {}): Record<string, string> {
  const { KUBECONFIG: _kubeconfig, SLUICE_ROOT: _root, NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, NODE_EXTRA_CA_CERTS: _certificates, ...rest } = process.env;
  return { ...Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined)), HOME: '/nonexistent', ...extra };
}

export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>, limitMs = LONGEST_WAIT_MS): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  }
}

const alive = new Set<ChildProcess>();
// A test that fails leaves nothing running.
process.once('exit', () => { for (const child of alive) child.kill('SIGKILL'); });

/** A running program: what it has said so far, and its end. */
export class Running {
  readonly child: ChildProcess;
  readonly exited: Promise<number | string>;
  stdout = '';
  stderr = '';

  constructor(words: readonly string[], environment: Environment = {}, command: readonly [string, ...string[]] = [process.execPath, MAIN]) {
    this.child = spawn(command[0], [...command.slice(1), ...words], { env: bareEnvironment(environment), stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => { this.stdout += text; });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.stderr += text; });
    alive.add(this.child);
    this.exited = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        alive.delete(this.child);
        resolve(code ?? signal ?? -1);
      });
    });
  }

  async says(wanted: string | RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    await until(`${String(wanted)} on ${stream}`, () => (typeof wanted === 'string' ? this[stream].includes(wanted) : wanted.test(this[stream]))).catch((error: unknown) => {
      throw new Error(`${String(error)}; stdout was:\n${this.stdout}\nstderr was:\n${this.stderr}`);
    });
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return this.exited;
  }
}

export type Ran = { readonly code: number | string; readonly stdout: string; readonly stderr: string };

/** Runs to its end. */
export async function sluice(words: readonly string[], environment: Environment = {}, stdin = ''): Promise<Ran> {
  const running = new Running(words, environment);
  running.child.stdin?.end(stdin);
  const code = await running.exited;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

export type Folder = { readonly path: string; file(name: string, text: string): string; remove(): void };

export function temporaryFolder(): Folder {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-test-'));
  return {
    path: folder,
    file(name, text) {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type TestServer = {
  readonly running: Running;
  readonly kubeconfig: string;
  /** Runs a verb against it. */
  run(...words: string[]): Promise<Ran>;
  /** The stored object. */
  rollout(name: string, namespace?: string): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
};

/** `sluice serve` with these manifests, ready to be asked. */
export async function startServer(manifests: string, words: readonly string[] = []): Promise<TestServer> {
  const folder = temporaryFolder();
  const kubeconfig = path.join(folder.path, 'kubeconfig');
  const running = new Running(['serve', '--kubeconfig-out', kubeconfig, ...(manifests === '' ? [] : ['-f', folder.file('manifests.yaml', manifests)]), ...words]);
  await running.says(/^ready KUBECONFIG=.*\n/);
  const run = (...verb: string[]): Promise<Ran> => sluice(verb, { KUBECONFIG: kubeconfig });
  return {
    running,
    kubeconfig,
    run,
    async rollout(name, namespace = 'default') {
      const { code, stdout, stderr } = await run('get', 'rollout', name, '-n', namespace, '-o', 'json');
      if (code !== 0) throw new Error(stderr);
      return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    },
    async stop() {
      await running.end();
      folder.remove();
    },
  };
}
