// Puts Frames on a tty. The only state here is blessed's: what to show comes in whole, what was pressed goes out as data.
// blessed draws; input, signals, terminfo, title, backpressure and the way out are ours (each a known fault of it).

import blessed, { type BlessedScreen } from 'blessed';
import { PassThrough } from 'node:stream';
import type { Frame, Pane, Rect, Size, StyledLine } from '../console/frame.js';
import type { KeyPress } from '../console/key.js';
import type { Theme } from '../console/theme.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { type Attributes, createAttributes } from './attributes.js';
import { createKeyDecoder, ESCAPE_WAIT_MS } from './input.js';
import { canDraw, createLineChartPane, type LineChartFactory, type LineChartPane } from './panes/line-chart.js';
import { createTextPane, type TextPane } from './panes/text.js';
import { BRACKETED_PASTE_ON, leaveRawMode, RESTORE_SEQUENCE } from './restore.js';

/** Saves and restores the window title on the terminal's own stack. */
const TITLE_SAVE = '\u001b[22;0t';
const TITLE_RESTORE = '\u001b[23;0t';

const RESIZE_SETTLE_MS = 50;

/** How long the way out waits for a terminal that does not read. */
const LONGEST_FLUSH_MS = 1000;

export type TerminalInput = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

export type TerminalOutput = NodeJS.WritableStream & { columns?: number; rows?: number; readonly writableLength?: number };

export type TerminalOptions = {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly terminal: 'xterm-256color' | 'linux';
  readonly unicode: boolean;
  readonly clock: Clock;
  onKey(key: KeyPress): void;
  onResize(size: Size): void;
};

export interface TerminalScreen {
  size(): Size;
  /** Shows the frame. While the terminal is still taking the one before, keeps the newest and shows that when it can. */
  paint(frame: Frame, theme: Theme): void;
  /** Gives the terminal back; safe to call twice. Resolves when the terminal took the last bytes, or did not in time. */
  close(): Promise<void>;
  /** The same at once, for a process that is about to die. */
  closeNow(): void;
}

type Handle = { setBlocking?(blocking: boolean): void };

function setBlocking(output: TerminalOutput, blocking: boolean): void {
  // A blocked write to a terminal that nobody reads stops the whole process, the engine with it.
  (output as unknown as { readonly _handle?: Handle })._handle?.setBlocking?.(blocking);
}

/** Opens a blessed screen without its side effects on the process: no signal, exit or exception handlers stay behind. */
function openBlessed(options: TerminalOptions): BlessedScreen {
  // Only the packaged terminfo: blessed can not parse ncurses' newer files and prints errors over the screen.
  blessed.Tput.ipaths.length = 0;
  const silent = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => silent });
  const events = ['exit', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException'];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  const { TMUX: tmux } = process.env;
  delete process.env['TMUX'];
  try {
    const screen = blessed.screen({
      input: silent,
      output: options.output,
      terminal: options.terminal,
      forceUnicode: options.unicode,
      fullUnicode: true,
      smartCSR: false,
      resizeTimeout: RESIZE_SETTLE_MS,
    });
    // Lines go out as the characters they are: switching character sets costs more bytes, and not all programs between know it.
    if (options.unicode) screen.tput.brokenACS = true;
    return screen;
  } finally {
    if (tmux !== undefined) process.env['TMUX'] = tmux;
    for (const [event, known] of before) {
      for (const listener of process.rawListeners(event)) if (!known.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
}

/** Reads keys; returns what stops it. */
function readKeys(options: TerminalOptions): () => void {
  const decoder = createKeyDecoder();
  let cancel: Cancel = () => {};
  const onData = (chunk: Buffer | string): void => {
    cancel();
    for (const key of decoder.feed(chunk.toString())) options.onKey(key);
    if (!decoder.pending()) return;
    cancel = options.clock.after(ESCAPE_WAIT_MS, () => {
      for (const key of decoder.flush()) options.onKey(key);
    });
  };
  options.input.setEncoding('utf8');
  options.input.setRawMode?.(true);
  options.input.on('data', onData);
  options.input.resume();
  return () => {
    cancel();
    options.input.removeListener('data', onData);
    options.input.pause();
    leaveRawMode(options.input);
  };
}

type PaneWidgets = { text: TextPane; chart: LineChartPane | undefined };

function createPainter(screen: BlessedScreen): (frame: Frame, attributes: Attributes) => void {
  const ground = createTextPane(blessed, screen);
  screen.append(ground.element);
  const widgets = new Map<string, PaneWidgets>();
  let chartFactory: LineChartFactory | undefined;
  let loading = false;
  let last: { readonly frame: Frame; readonly attributes: Attributes } | undefined;

  // contrib's charts cost as much to load as the rest of the screen: only a frame that has one pays, after it is shown.
  const loadCharts = (): void => {
    if (loading) return;
    loading = true;
    void import('blessed-contrib/lib/widget/charts/line.js').then((module) => {
      chartFactory = module.default;
      if (last !== undefined) paint(last.frame, last.attributes);
    });
  };

  const place = (pane: Pane, attributes: Attributes): TextPane['element'] => {
    let widget = widgets.get(pane.id);
    if (widget === undefined) {
      widget = { text: createTextPane(blessed, screen), chart: undefined };
      screen.append(widget.text.element);
      widgets.set(pane.id, widget);
    }
    const { box, body } = pane;
    if (body.type === 'line-chart' && canDraw(box, body)) {
      if (chartFactory !== undefined) {
        widget.chart ??= createLineChartPane(chartFactory, screen);
        widget.chart.set(box, body, attributes);
        return widget.chart.element;
      }
      loadCharts();
    }
    widget.text.set(box, { type: 'text', lines: linesOf(box, body) }, attributes);
    return widget.text.element;
  };

  const paint = (frame: Frame, attributes: Attributes): void => {
    last = { frame, attributes };
    ground.set({ left: 0, top: 0, ...frame.size }, { type: 'text', lines: [] }, attributes);
    screen.children = [ground.element, ...frame.panes.map((pane) => place(pane, attributes))];
    screen.render();
  };
  return paint;
}

function linesOf(box: Rect, body: Pane['body']): readonly StyledLine[] {
  if (body.type === 'text') return body.lines;
  return [[{ text: body.empty.slice(0, box.columns), style: 'muted' }]];
}

export function openTerminal(options: TerminalOptions): TerminalScreen {
  const { output } = options;
  setBlocking(output, false);
  output.write(`${TITLE_SAVE}${BRACKETED_PASTE_ON}`);
  const screen = openBlessed(options);
  const painter = createPainter(screen);
  const stopKeys = readKeys(options);
  let made: { readonly theme: Theme; readonly attributes: Attributes } | undefined;
  let waiting: { readonly frame: Frame; readonly theme: Theme } | undefined;
  let bells = 0;
  let title = '';
  let closed = false;

  screen.program.on('resize', () => options.onResize({ columns: screen.width, rows: screen.height }));

  const show = (frame: Frame, theme: Theme): void => {
    const current = made?.theme === theme ? made : { theme, attributes: createAttributes(theme, (colour) => blessed.colors.match(colour)) };
    made = current;
    if (frame.title !== title) {
      title = frame.title;
      screen.title = title;
    }
    painter(frame, current.attributes);
    if (frame.bells > bells) output.write('\u0007');
    bells = frame.bells;
  };

  const paint = (frame: Frame, theme: Theme): void => {
    if (closed) return;
    // A frame for another size than the terminal has now would be drawn in pieces; one for the new size is on its way.
    if (frame.size.columns !== screen.width || frame.size.rows !== screen.height) return;
    const busy = (output.writableLength ?? 0) > 0;
    if (!busy && waiting === undefined) {
      show(frame, theme);
      return;
    }
    const armed = waiting !== undefined;
    waiting = { frame, theme };
    if (armed) return;
    // Called back when all that is queued has been taken.
    output.write('', () => {
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) paint(next.frame, next.theme);
    });
  };

  const closeNow = (): void => {
    if (closed) return;
    closed = true;
    waiting = undefined;
    stopKeys();
    screen.destroy();
    output.write(`${RESTORE_SEQUENCE}${TITLE_RESTORE}`);
    setBlocking(output, true);
  };

  return {
    size: () => ({ columns: screen.width, rows: screen.height }),
    paint,
    closeNow,
    close: () =>
      new Promise((resolve) => {
        closeNow();
        const cancel = options.clock.after(LONGEST_FLUSH_MS, resolve);
        output.write('', () => {
          cancel();
          resolve();
        });
      }),
  };
}
