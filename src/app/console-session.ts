// One console from its first frame to the last: opens the terminal, shows a frame before anything slow is loaded, then
// connects, and gives the terminal back at the end. It never ends because a cluster is lost; only a person or a signal ends it.

import type { Cluster } from '../cluster/cluster.js';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../console/glyphs.js';
import { DEFAULT_KEYMAP, type Keymap } from '../console/keymap.js';
import { createModel } from '../console/model.js';
import type { Need } from '../console/need.js';
import type { Theme } from '../console/theme.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { sleep, type Clock } from '../lib/clock.js';
import type { Result } from '../lib/result.js';
import { createRng } from '../lib/rng.js';
import { openTerminal, type TerminalScreen } from '../terminal/screen.js';
import { terminalSupport } from '../terminal/support.js';
import { dieBy, type Guard, guardTerminal, signalExitCode } from './crash.js';
import { DEFAULT_THEME, MONO_THEME } from './default-themes.js';
import { createEffects } from './effects.js';
import { type ClusterView, observeCluster } from './observe.js';
import { createNeeds } from './needs.js';
import { type Program, startProgram } from './program.js';

export type Connected = {
  readonly cluster: Cluster;
  readonly embedded: boolean;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly lease: ObjectRef;
  /** The identity under which an engine in this process leads, while it does. */
  leadingAs(): string | undefined;
  stop(): Promise<void>;
};

/** What connecting may say on the screen while it goes on. */
export type Tell = {
  notice(text: string): void;
  /** Takes the place of the lines under help. */
  hints(lines: readonly string[]): void;
};

export type SessionOptions = {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A name or a file; absent: the default, or mono where colours are not wanted. */
  readonly theme: string | undefined;
  readonly keymap: string | undefined;
  readonly ascii: boolean;
  /** Lines for the help screen, and for the shell at the end. */
  readonly hints: readonly string[];
  /** Runs after the first frame is on the screen. A failure ends the session with this sentence. */
  connect(tell: Tell): Promise<Result<Connected, string>>;
};

/** How long the person who leaves waits for the cluster to take leave, too. */
const LONGEST_GOODBYE_MS = 2000;

type Ending = { readonly code: number; readonly message?: string };

/** Resolves with the exit code when the terminal has been given back. */
export async function runConsole(options: SessionOptions, stderr: (text: string) => void): Promise<number> {
  const support = terminalSupport(options.environment, process.stdin.isTTY && process.stdout.isTTY);
  if (support.type === 'unusable') {
    stderr(`sluice: ${support.reason}\n`);
    return 1;
  }
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  const { clock } = options;
  const unicode = support.unicode && !options.ascii;
  let program: Program | undefined;
  const screen = openTerminal({
    input: process.stdin,
    output: process.stdout,
    terminal: support.terminal,
    unicode,
    clock,
    onKey: (key) => program?.post({ type: 'key', key, now: clock.now() }),
    onResize: (size) => program?.post({ type: 'resized', size }),
  });
  const guard = guardTerminal(screen, (signal) => end({ code: signalExitCode(signal) }));
  const connection = createConnection(options, () => program);
  const perform = createEffects({ cluster: connection.cluster, clock, post: (message) => program?.post(message), quit: () => end({ code: 0 }) });
  const look = await chooseLook(options, support.colour);
  program = startProgram({
    model: createModel({
      now: clock.now(),
      size: screen.size(),
      utcOffsetMinutes: -new Date(clock.now()).getTimezoneOffset(),
      keymap: look.keymap,
      glyphs: unicode ? UNICODE_GLYPHS : ASCII_GLYPHS,
      hints: options.hints,
    }),
    screen,
    theme: look.theme,
    clock,
    perform,
    need: (needs) => connection.need(needs),
  });
  program.paintNow();
  for (const text of look.complaints) program.post({ type: 'notice', level: 'attention', text, now: clock.now() });
  // Everything slow begins only now: the frame is with the terminal.
  setImmediate(
    () =>
      void connection.open().then((problem) => {
        if (problem !== undefined) end({ code: 1, message: problem });
      }),
  );
  const ending = await ended;
  return finish(ending, program, screen, connection, guard, stderr, options);
}

async function finish(
  ending: Ending,
  program: Program,
  screen: TerminalScreen,
  connection: Connection,
  guard: Guard,
  stderr: (text: string) => void,
  { clock, hints }: SessionOptions,
): Promise<number> {
  program.stop();
  await screen.close();
  if (ending.message !== undefined) stderr(`sluice: ${ending.message}\n`);
  else if (ending.code === 0) for (const hint of hints) stderr(`${hint}\n`);
  // A cluster that does not answer is left without a word: the lease that could not be given back runs out by itself.
  const goodbye = new AbortController();
  await Promise.race([connection.close(), sleep(clock, LONGEST_GOODBYE_MS, goodbye.signal)]);
  goodbye.abort();
  guard.release();
  if (guard.isLineLost()) dieBy('SIGHUP');
  return ending.code;
}

type Connection = { cluster(): Cluster | undefined; need(needs: readonly Need[]): void; open(): Promise<string | undefined>; close(): Promise<void> };

function createConnection(options: SessionOptions, program: () => Program | undefined): Connection {
  const { clock } = options;
  let connected: Connected | undefined;
  let view: ClusterView | undefined;
  let closed = false;
  let announced = false;
  let needing = false;
  const needs = createNeeds({ cluster: () => connected?.cluster, clock, rng: createRng(clock.now()), post: (message) => program()?.post(message) });
  const announce = (): void => {
    if (announced) return;
    announced = true;
    // Many watch events come in one turn of the event loop; the console sees their sum.
    setImmediate(() => {
      announced = false;
      if (view !== undefined && !closed) program()?.post({ type: 'cluster-changed', snapshot: view.snapshot(), now: clock.now() });
    });
  };
  return {
    cluster: () => connected?.cluster,
    need: (wanted) => {
      if (wanted.length > 0 || needing) needs.sync(wanted);
      needing = wanted.length > 0;
    },
    async open() {
      const result = await options.connect({
        notice: (text) => program()?.post({ type: 'notice', level: 'info', text, now: clock.now() }),
        hints: (lines) => program()?.post({ type: 'hints', lines }),
      });
      if (!result.ok) return result.error;
      connected = result.value;
      if (closed) {
        await connected.stop();
        return undefined;
      }
      const { cluster, embedded, namespace, lease, leadingAs } = connected;
      view = observeCluster({
        cluster,
        clock,
        rng: createRng(clock.now()),
        embedded,
        lease,
        leadingAs,
        onChange: announce,
        ...(namespace === undefined ? {} : { namespace }),
      });
      return undefined;
    },
    async close() {
      closed = true;
      needs.stop();
      view?.stop();
      await connected?.stop();
    },
  };
}

type Look = { readonly theme: Theme; readonly keymap: Keymap; readonly complaints: readonly string[] };

/** A bad file is named with line and reason, and the default is used. */
async function chooseLook(options: SessionOptions, colour: boolean): Promise<Look> {
  const fallback: Look = { theme: colour ? DEFAULT_THEME : MONO_THEME, keymap: DEFAULT_KEYMAP, complaints: [] };
  if (options.theme === undefined && options.keymap === undefined) return fallback;
  const { readLook } = await import('./look.js');
  return readLook(options, fallback);
}
