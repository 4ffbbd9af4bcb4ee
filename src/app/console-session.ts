// One console from its first frame to the last: opens the terminal, shows a frame before anything slow is loaded, then
// connects, and gives the terminal back at the end. It never ends because a cluster is lost; only a person or a signal ends it.

import type { Cluster } from '../cluster/cluster.js';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../console/glyphs.js';
import type { Size } from '../console/frame.js';
import type { KeyPress } from '../console/key.js';
import type { Keymap } from '../console/keymap.js';
import { createModel, type Model } from '../console/model.js';
import type { Need } from '../console/need.js';
import { resolveSettings } from '../console/settings/resolve.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { sleep, type Clock } from '../lib/clock.js';
import type { Result } from '../lib/result.js';
import { createRng } from '../lib/rng.js';
import { openTerminal, type TerminalOptions } from '../terminal/screen.js';
import { terminalSupport } from '../terminal/support.js';
import { dieBy, type Guard, guardTerminal, signalExitCode } from './crash.js';
import { type Audit, createAudit } from './audit.js';
import { type DebugLog, logFrames, openDebugLog } from './debug-log.js';
import { createEffects } from './effects.js';
import { readFavourites } from './favourites.js';
import { askIdentity, type Identity, identityText, localIdentity } from './identity.js';
import { createLentScreen, type LentScreen } from './lent-screen.js';
import { type Reading, startReading } from './reading.js';
import { createWorks, type Works } from './works.js';
import { createNeeds } from './needs.js';
import { type Program, startProgram } from './program.js';
import { chooseLook, type Followed, followSettings, offsetOf } from './session-settings.js';

export type Connected = {
  readonly cluster: Cluster;
  readonly embedded: boolean;
  /** What the kubeconfig calls this person. */
  readonly user?: string;
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
  /** Where requests are written down, if anywhere. */
  readonly log: DebugLog | undefined;
};

export type SessionOptions = Followed & {
  /** Lines for the help screen, and for the shell at the end. */
  readonly hints: readonly string[];
  /** What is shown instead where no screen can be, as lines. */
  asLines?(): Promise<number>;
  /** Runs after the first frame is on the screen. A failure ends the session with this sentence. */
  connect(tell: Tell): Promise<Result<Connected, string>>;
};

/** How long the person who leaves waits for the cluster to take leave, too. */
const LONGEST_GOODBYE_MS = 2000;

type Ending = {
  readonly code: number;
  readonly message?: string;
  /** The terminal is gone; aborts when the process is asked to end for good. */ readonly hangup?: AbortSignal;
};

/** Resolves with the exit code when the terminal has been given back. */
export async function runConsole(options: SessionOptions, stderr: (text: string) => void): Promise<number> {
  const support = terminalSupport(options.environment, process.stdin.isTTY && process.stdout.isTTY);
  if (support.type === 'unusable') {
    stderr(`sluice: ${support.reason}\n`);
    return options.asLines === undefined ? 1 : options.asLines();
  }
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  const { clock } = options;
  const { settings } = resolveSettings(options.settings.layers, '');
  const unicode = support.unicode && !settings.ascii;
  let program: Program | undefined;
  const tellProblem = (text: string): void => program?.post({ type: 'notice', level: 'attention', text, now: clock.now() });
  const log = openDebugLog(settings.debugLog, clock, tellProblem);
  const hyperlinks = settings.hyperlinks === 'auto' ? support.hyperlinks : settings.hyperlinks === 'on';
  const screen = logFrames(
    openScreen({ ...support, unicode, hyperlinks }, clock, log, () => program),
    log,
  );
  const guard = guardSession(screen, end);
  const works = createWorks(clock, (message) => program?.post(message));
  const connection = createConnection(options, works, log, () => program);
  const audit = createAudit({
    environment: options.environment,
    via: 'console',
    identity: connection.identity,
    cluster: connection.cluster,
    onProblem: tellProblem,
  });
  const perform = createEffects({
    cluster: connection.cluster,
    clock,
    environment: options.environment,
    audit,
    works,
    refresh: () => connection.refresh(),
    post: (message) => program?.post(message),
    writeRaw: screen.writeRaw,
    withTerminal: screen.lend,
    quit: () => end({ code: 0 }),
  });
  const look = await chooseLook(options.settings, options.environment, support.depth !== '1');
  program = startProgram({
    model: firstModel(options, { size: screen.size(), keymap: look.keymap, unicode, who: identityText(connection.identity()) }),
    screen,
    theme: look.theme,
    clock,
    perform,
    need: (needs) => connection.need(needs),
  });
  program.paintNow();
  for (const text of [...options.settings.complaints, ...look.complaints]) tellProblem(text);
  // Everything slow begins only now: the frame is with the terminal.
  setImmediate(
    () =>
      void connection.open().then((problem) => {
        if (problem !== undefined) end({ code: 1, message: problem });
      }),
  );
  const stopWatching = followSettings(options, look, support.depth !== '1', program);
  const ending = await ended;
  stopWatching();
  const code = await finish(ending, { program, screen, connection, guard, audit }, stderr, options);
  await log?.settled();
  return code;
}

type FirstLook = { readonly size: Size; readonly keymap: Keymap; readonly unicode: boolean; readonly who: string };

function firstModel({ clock, hints, settings: { layers } }: SessionOptions, { size, keymap, unicode, who }: FirstLook): Model {
  const { settings } = resolveSettings(layers, '');
  const glyphs = unicode ? UNICODE_GLYPHS : ASCII_GLYPHS;
  return createModel({ now: clock.now(), size, utcOffsetMinutes: offsetOf(settings, clock), keymap, glyphs, hints, settings: layers, who });
}

/** A signal ends the session; a second one ends also an engine that goes on without a screen. */
function guardSession(screen: LentScreen, end: (ending: Ending) => void): Guard {
  const leaving = new AbortController();
  let hangup = false;
  return guardTerminal(screen, (signal) => {
    if (hangup) leaving.abort();
    hangup = signal === 'SIGHUP';
    end({ code: signalExitCode(signal), ...(hangup ? { hangup: leaving.signal } : {}) });
  });
}

/** The terminal, which an editor may have for a while. */
function openScreen(
  support: Pick<TerminalOptions, 'terminal' | 'unicode' | 'depth' | 'answers' | 'hyperlinks'>,
  clock: Clock,
  log: DebugLog | undefined,
  program: () => Program | undefined,
): LentScreen {
  const { stdin: input, stdout: output } = process;
  const onKey = (key: KeyPress): void => program()?.post({ type: 'key', key, now: clock.now() });
  const onResize = (size: Size): void => program()?.post({ type: 'resized', size });
  const onReady = (): void => program()?.ready();
  const onWritten = (bytes: number): void => log?.write(`written ${bytes} B`);
  const screen = createLentScreen(
    () => openTerminal({ ...support, input, output, clock, onKey, onResize, onReady, onWritten }),
    (sequence) => void output.write(sequence),
    () => {
      onResize(screen.size());
      program()?.repaint();
    },
  );
  return screen;
}

type Session = { readonly program: Program; readonly screen: LentScreen; readonly connection: Connection; readonly guard: Guard; readonly audit: Audit };

async function finish(
  ending: Ending,
  { program, screen, connection, guard, audit }: Session,
  stderr: (text: string) => void,
  { clock, hints }: SessionOptions,
): Promise<number> {
  program.stop();
  await screen.close();
  if (ending.message !== undefined) stderr(`sluice: ${ending.message}\n`);
  else if (ending.code === 0) for (const hint of hints) stderr(`${hint}\n`);
  if (ending.hangup !== undefined) await connection.driveOn(ending.hangup);
  // A cluster that does not answer is left without a word: the lease that could not be given back runs out by itself.
  const goodbye = new AbortController();
  await Promise.race([audit.settled().then(() => connection.close()), sleep(clock, LONGEST_GOODBYE_MS, goodbye.signal)]);
  goodbye.abort();
  guard.release();
  if (guard.isLineLost()) dieBy('SIGHUP');
  return ending.code;
}

type Connection = {
  cluster(): Cluster | undefined;
  identity(): Identity;
  need(needs: readonly Need[]): void;
  refresh(): void;
  open(): Promise<string | undefined>;
  driveOn(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

function createConnection(options: SessionOptions, works: Works, log: DebugLog | undefined, program: () => Program | undefined): Connection {
  const { clock } = options;
  let identity = localIdentity(options.environment);
  let connected: Connected | undefined;
  let view: Reading | undefined;
  let closed = false;
  let announced = false;
  let needing = false;
  const needs = createNeeds({ cluster: () => connected?.cluster, clock, rng: createRng(clock.now()), works, post: (message) => program()?.post(message) });
  const announce = (): void => {
    if (announced) return;
    announced = true;
    // Many watch events come in one turn of the event loop; the console sees their sum.
    setImmediate(() => {
      announced = false;
      if (view !== undefined && !closed) program()?.post({ type: 'cluster-changed', snapshot: view.snapshot(), now: clock.now() });
    });
  };
  const tellHangup = async (context: string): Promise<void> => {
    const { takeHangupLog } = await import('./hangup.js');
    const text = await takeHangupLog(options.environment, context);
    if (text !== undefined) program()?.post({ type: 'notice', level: 'attention', text, now: clock.now() });
  };
  return {
    cluster: () => connected?.cluster,
    need: (wanted) => {
      if (wanted.length > 0 || needing) needs.sync(wanted);
      needing = wanted.length > 0;
    },
    refresh: () => view?.again(),
    identity: () => identity,
    async open() {
      const result = await options.connect({
        notice: (text) => program()?.post({ type: 'notice', level: 'info', text, now: clock.now() }),
        hints: (lines) => program()?.post({ type: 'hints', lines }),
        log,
      });
      if (!result.ok) return result.error;
      connected = result.value;
      if (closed) {
        await connected.stop();
        return undefined;
      }
      const { cluster, embedded, namespace, lease, leadingAs } = connected;
      if (!embedded) void tellHangup(cluster.name);
      void readFavourites(options.environment, cluster.name).then((keys) => program()?.post({ type: 'favourites', keys }));
      // Who the server takes this person for is asked beside everything else; until then the kubeconfig's name stands.
      void askIdentity(cluster, { ...identity, user: connected.user ?? '' }).then((known) => {
        identity = known;
        program()?.post({ type: 'who', who: identityText(known) });
      });
      const scope = namespace === undefined ? {} : { namespace };
      const rng = createRng(clock.now());
      view = startReading({ cluster, clock, rng, embedded, lease, leadingAs, onChange: announce, ...scope }, works);
      return undefined;
    },
    /** Nothing of an embedded cluster outlives the process, so there is nothing to go on for. */
    async driveOn(signal) {
      if (connected === undefined || view === undefined || connected.embedded || connected.leadingAs() === undefined) return;
      const { cluster, leadingAs } = connected;
      const { settings } = resolveSettings(options.settings.layers, cluster.name);
      if (settings.onHangup === 'release') return;
      const { createHangupLog, driveOn } = await import('./hangup.js');
      const { snapshot } = view;
      await driveOn({ clock, signal, snapshot, leads: () => leadingAs() !== undefined, write: createHangupLog(options.environment, cluster.name, clock) });
    },
    async close() {
      closed = true;
      needs.stop();
      view?.stop();
      await connected?.stop();
    },
  };
}
