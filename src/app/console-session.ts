// One console from its first frame to the last: opens the terminal, shows a frame before anything slow is loaded, then
// connects, and gives the terminal back at the end. It never ends because a cluster is lost; only a person or a signal ends it.

import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../console/glyphs.js';
import type { Size } from '../console/frame.js';
import type { KeyPress } from '../console/key.js';
import type { Keymap } from '../console/keymap.js';
import type { Msg } from '../console/message.js';
import { type ContextInfo, createModel, type Model } from '../console/model.js';
import { expectCluster } from '../console/update-clusters.js';
import { resolveSettings } from '../console/settings/resolve.js';
import { type Clock, within } from '../lib/clock.js';
import type { Result } from '../lib/result.js';
import { openTerminal, type TerminalOptions } from '../terminal/screen.js';
import { terminalSupport } from '../terminal/support.js';
import { dieBy, type EndingSignal, type Guard, guardTerminal, signalExitCode } from './crash.js';
import { type Audit, createAudit } from './audit.js';
import { type DebugLog, logFrames, openDebugLog } from './debug-log.js';
import { createEffects } from './effects.js';
import type { Connected, Tell } from './connection.js';
import { type Connections, createConnections } from './connections.js';
import { readFavourites } from './favourites.js';
import { readRecentNamespaces } from './recent-namespaces.js';
import { identityText, localIdentity } from './identity.js';
import { createLentScreen, type LentScreen } from './lent-screen.js';
import { type Program, startProgram } from './program.js';
import { chooseLook, type Followed, followSettings, localOffset, offsetOf } from './session-settings.js';
import { mistakeTexts } from './settings.js';
import { createWorks } from './works.js';

export type SessionOptions = Followed & {
  /** Lines for the help screen, and for the shell at the end. */
  readonly hints: readonly string[];
  /** What is shown instead where no screen can be, as lines. */
  asLines?(): Promise<number>;
  /** `--as` and the like, as they were given: all that a command needs to reach the same, but no token. */
  readonly asFlags?: readonly string[];
  /** The file or files that it reads its clusters from; "" where there is none. */
  readonly kubeconfig: string;
  /** The contexts to begin with; without a name: the current one. */
  readonly contexts: readonly (string | undefined)[];
  /** Runs after the first frame is on the screen, once for each context. A failure at the start ends the session with this sentence. */
  connect(tell: Tell, context: string | undefined, later: boolean): Promise<Result<Connected, string>>;
  /** All that there are to choose from; absent: none. */
  listContexts?(): Promise<readonly ContextInfo[]>;
};

/** How long the person who leaves waits for the cluster to take leave, too. */
const LONGEST_GOODBYE_MS = 2000;

type Ending = {
  readonly code: number;
  readonly message?: string;
  /** What was left undone. */
  readonly lines?: readonly string[];
  /** The terminal is gone; aborts when the process is asked to end for good. */
  readonly hangup?: AbortSignal;
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
  const post = (message: Msg): void => program?.post(message);
  const complain = (text: string): void => post({ type: 'notice', level: 'attention', text, now: clock.now() });
  const log = openDebugLog(settings.debugLog, clock, complain);
  const hyperlinks = settings.hyperlinks === 'auto' ? support.hyperlinks : settings.hyperlinks === 'on';
  const opened = openScreen({ ...support, unicode, hyperlinks }, clock, log, () => program);
  const screen = logFrames(opened, log);
  const refuseStop = (): void => post({ type: 'stop-refused', now: clock.now() });
  const guard = guardSession(screen, end, refuseStop);
  const works = createWorks(clock, post);
  const { connect, environment } = options;
  const connections = createConnections({ clock, environment, layers: () => options.settings.layers, works, log, post, connect });
  const audit = createAudit({
    environment,
    via: 'console',
    identity: connections.identity,
    cluster: connections.cluster,
    onProblem: complain,
  });
  const perform = createEffects({
    cluster: connections.cluster,
    clock,
    environment,
    audit,
    works,
    refresh: () => connections.refresh(),
    post,
    writeRaw: screen.writeRaw,
    withTerminal: screen.lend,
    openCluster: (context) => connections.open(context, true),
    closeCluster: connections.close,
    hurry: connections.hurry,
    quit: (lines) => end({ code: 0, lines }),
  });
  const colour = support.depth !== '1';
  const look = await chooseLook(options.settings, environment, colour);
  program = startProgram({
    model: firstModel(options, { size: screen.size(), keymap: look.keymap, unicode }),
    screen,
    theme: look.theme,
    clock,
    perform,
    need: (needs) => connections.need(needs),
  });
  program.paintNow();
  for (const text of [...mistakeTexts(options.settings), ...look.complaints]) complain(text);
  void readRecentNamespaces(environment).then((byContext) => post({ type: 'recent-namespaces', byContext }));
  void readFavourites(environment).then((keys) => post({ type: 'favourites', keys }));
  // Everything slow begins only now: the frame is with the terminal.
  setImmediate(() => openAll(options, connections, post, end));
  const stopWatching = followSettings(options, look, colour, program);
  const ending = await ended;
  stopWatching();
  works.cancelAll();
  const code = await finish(ending, { program, screen, connections, guard, audit }, stderr, options);
  await log?.settled();
  return code;
}

type FirstLook = { readonly size: Size; readonly keymap: Keymap; readonly unicode: boolean };

/** Each for itself: a slow one holds up none of the others. */
function openAll({ contexts, listContexts }: SessionOptions, connections: Connections, post: (message: Msg) => void, end: (ending: Ending) => void): void {
  for (const context of contexts)
    void connections.open(context).then((problem) => {
      if (problem !== undefined) end({ code: 1, message: problem });
    });
  void listContexts?.().then((found) => post({ type: 'contexts', contexts: found }));
}

/** Each of several clusters has its line before it has answered. */
function firstModel(
  { clock, hints, environment, contexts, asFlags = [], kubeconfig, settings: { layers } }: SessionOptions,
  { size, keymap, unicode }: FirstLook,
): Model {
  const { settings } = resolveSettings(layers, '');
  const glyphs = unicode ? UNICODE_GLYPHS : ASCII_GLYPHS;
  const who = identityText(localIdentity(environment));
  const now = clock.now();
  const named = contexts.length > 1 ? contexts.filter((context) => context !== undefined) : [];
  const zone = { utcOffsetMinutes: offsetOf(settings, clock), localOffsetMinutes: localOffset(clock) };
  const alone = createModel({ now, size, ...zone, keymap, glyphs, hints, settings: layers, who, asFlags, kubeconfig });
  return named.reduce((model, context) => expectCluster(model, context, now), alone);
}

/** A signal ends the session; a second one ends also an engine that goes on without a screen. */
function guardSession(screen: LentScreen, end: (ending: Ending) => void, refuseStop: () => void): Guard {
  const leaving = new AbortController();
  let hangup = false;
  const onSignal = (signal: EndingSignal): void => {
    if (hangup) leaving.abort();
    hangup = signal === 'SIGHUP';
    end({ code: signalExitCode(signal), ...(hangup ? { hangup: leaving.signal } : {}) });
  };
  return guardTerminal(screen, onSignal, () => screen.whenOurs(refuseStop));
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

type Session = { readonly program: Program; readonly screen: LentScreen; readonly connections: Connections; readonly guard: Guard; readonly audit: Audit };

async function finish(
  ending: Ending,
  { program, screen, connections, guard, audit }: Session,
  stderr: (text: string) => void,
  { clock, hints }: SessionOptions,
): Promise<number> {
  program.stop();
  await screen.close();
  if (ending.message !== undefined) stderr(`sluice: ${ending.message}\n`);
  else if (ending.code === 0) for (const line of [...(ending.lines ?? []), ...hints]) stderr(`${line}\n`);
  if (ending.hangup !== undefined) await connections.driveOn(ending.hangup);
  // A cluster that does not answer is left without a word: the lease that could not be given back runs out by itself.
  const goodbye = audit.settled().then(() => connections.closeAll());
  await within(clock, LONGEST_GOODBYE_MS, goodbye);
  guard.release();
  if (guard.isLineLost()) dieBy('SIGHUP');
  return ending.code;
}
