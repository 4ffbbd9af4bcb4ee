// Puts Frames on a tty. What to show comes in whole, what was pressed goes out as data. blessed lays the cells out; input,
// signals, terminfo, writing, pacing and the way out are ours (each a known fault of it).

import type { Frame, Size } from '../console/frame.js';
import type { KeyPress } from '../console/key.js';
import type { Theme } from '../console/theme.js';
import type { Clock } from '../lib/clock.js';
import { type Attributes, createAttributes, PLAIN_ATTRIBUTES } from './attributes.js';
import type { Depth } from './colours.js';
import { draw } from './draw.js';
import { openBlessed, type SizedOutput } from './open-blessed.js';
import { createLinks, type Links, NO_LINKS } from './links.js';
import { createPacer, REPORT_REQUEST } from './pacing.js';
import { createPainter } from './painter.js';
import { readKeys, type TerminalInput } from './read-keys.js';
import { BRACKETED_PASTE_ON, RESTORE_SEQUENCE } from './restore.js';

/** Saves and restores the window title on the terminal's own stack. */
const TITLE_SAVE = '\u001b[22;0t';
const TITLE_RESTORE = '\u001b[23;0t';

/** Synchronized output: what stands between is shown at once. Asked for before it is used, and only for what is long enough to tear. */
const SYNC_QUESTION = '\u001b[?2026$p';
const SYNC_START = '\u001b[?2026h';
const SYNC_END = '\u001b[?2026l';
const SYNC_KNOWN = /^\u001b\[\?2026;[12]\$y$/;
const SYNC_FROM_BYTES = 256;

/** A terminal that does not know that question may have written a letter of it. */
const CLEAR = '\u001b[H\u001b[2J';

const CURSOR_REPORT = /^\u001b\[\d+;\d+R$/;

/** How long the way out waits for a terminal that does not read, or has not answered. */
const LONGEST_FLUSH_MS = 1000;

export type TerminalOptions = {
  readonly input: TerminalInput;
  readonly output: SizedOutput;
  readonly terminal: 'xterm-256color' | 'linux';
  readonly unicode: boolean;
  readonly depth: Depth;
  /** Whether it may be asked what it can do. */
  readonly answers: boolean;
  /** Whether it may have hyperlinks. */
  readonly hyperlinks: boolean;
  readonly clock: Clock;
  onKey(key: KeyPress): void;
  onResize(size: Size): void;
  /** The terminal has taken what was painted: a frame that was left out may come now. */
  onReady?(): void;
  /** Told how many bytes each write had. */
  onWritten?(bytes: number): void;
};

export interface TerminalScreen {
  size(): Size;
  /** Puts the frame in place of the one before. It is written as far and as soon as the terminal takes it: the newest counts. */
  paint(frame: Frame, theme: Theme, urgent?: boolean): void;
  /** False while the terminal is busy: frames that come meanwhile are not seen, and need not be made. */
  isReady(): boolean;
  /** Whether frames take long enough that a key's own lines must go before all others. */
  isSlow(): boolean;
  /** Gives the terminal back; safe to call twice. Resolves when the terminal took the last bytes, or did not in time. */
  close(): Promise<void>;
  /** The same at once, for a process that is about to die. */
  closeNow(): void;
}

type Handle = { setBlocking?(blocking: boolean): void };

function setBlocking(output: SizedOutput, blocking: boolean): void {
  // A blocked write to a terminal that nobody reads stops the whole process, the engine with it.
  (output as unknown as { readonly _handle?: Handle })._handle?.setBlocking?.(blocking);
}

class Terminal implements TerminalScreen {
  readonly #options: TerminalOptions;
  readonly #opened;
  readonly #pacer;
  readonly #painter;
  readonly #links: Links;
  readonly #stopKeys;
  #made: { readonly theme: Theme; readonly attributes: Attributes } | undefined;
  /** Rows that keys have changed and that are not written yet, the latest key's first. */
  #urgent = new Set<number>();
  /** The row from which on the others are written next: none waits for ever behind those above it. */
  #first = 0;
  #synchronized = false;
  #draining = false;
  #bells = 0;
  #ring = '';
  #title = '';
  #written = false;
  #closed = false;
  #answered: () => void = () => {};

  constructor(options: TerminalOptions) {
    this.#options = options;
    const { output, clock } = options;
    setBlocking(output, false);
    this.#opened = openBlessed(output, options.terminal, options.unicode);
    this.#pacer = createPacer({ clock, onReady: () => this.#ready(), ask: () => void output.write(REPORT_REQUEST) });
    this.#links = options.hyperlinks ? createLinks() : NO_LINKS;
    this.#painter = createPainter(this.#opened.screen, this.#links, () => this.#write());
    this.#stopKeys = readKeys({
      ...options,
      onKey: (key) => {
        if (!this.#closed) options.onKey(key);
      },
      isSlow: () => this.#pacer.isSlow(),
      onReply: (reply) => this.#reply(reply),
    });
    const asking = options.answers ? `${SYNC_QUESTION}${CLEAR}` : '';
    output.write(`${TITLE_SAVE}${BRACKETED_PASTE_ON}${this.#opened.taken()}${asking}${REPORT_REQUEST}`);
    this.#pacer.wrote(0);
    this.#opened.screen.program.on('resize', () => options.onResize(this.size()));
  }

  size(): Size {
    const { width, height } = this.#opened.screen;
    return { columns: width, rows: height };
  }

  isReady(): boolean {
    return !this.#draining && (!this.#written || this.#pacer.allowance() > 0);
  }

  isSlow(): boolean {
    return this.#pacer.isSlow();
  }

  paint(frame: Frame, theme: Theme, urgent = false): void {
    const { screen } = this.#opened;
    if (this.#closed) return;
    // A frame for another size than the terminal has now would be drawn in pieces; one for the new size is on its way.
    if (frame.size.columns !== screen.width || frame.size.rows !== screen.height) return;
    if (this.#made?.theme !== theme) this.#made = { theme, attributes: createAttributes(theme, this.#options.depth) };
    if (frame.title !== this.#title) screen.title = this.#title = frame.title;
    if (frame.bells > this.#bells) this.#ring = '\u0007';
    this.#bells = frame.bells;
    const changed = this.#painter(frame, this.#made.attributes);
    if (urgent) this.#urgent = new Set([...changed, ...this.#urgent]);
    this.#write();
  }

  /** Writes what differs, as much as the terminal takes now. */
  #write(): void {
    if (this.#closed || !this.isReady()) return;
    const { output } = this.#options;
    const { screen } = this.#opened;
    const modes = this.#opened.taken() + this.#ring;
    const order = { urgent: this.#urgent, first: this.#first, budget: this.#written ? this.#pacer.allowance() : Infinity };
    const { output: cells, next } = draw({ wanted: screen.lines, shown: screen.olines }, order, (this.#made?.attributes ?? PLAIN_ATTRIBUTES).sgr, this.#links);
    this.#first = next;
    for (const row of this.#urgent) if (screen.lines[row]?.dirty !== true) this.#urgent.delete(row);
    this.#ring = '';
    const text = modes + (this.#synchronized && cells.length >= SYNC_FROM_BYTES ? SYNC_START + cells + SYNC_END : cells);
    if (text === '') return;
    this.#written = true;
    output.write(text + REPORT_REQUEST);
    const bytes = Buffer.byteLength(text);
    this.#pacer.wrote(bytes);
    this.#options.onWritten?.(bytes);
    if ((output.writableLength ?? 0) === 0) return;
    // The kernel takes no more: called back when all that is queued has been taken.
    this.#draining = true;
    output.write('', () => {
      this.#draining = false;
      this.#ready();
    });
  }

  #ready(): void {
    if (this.#closed) {
      if (this.#pacer.owed() === 0) this.#answered();
      return;
    }
    this.#options.onReady?.();
    this.#write();
  }

  #reply(reply: string): void {
    if (SYNC_KNOWN.test(reply)) this.#synchronized = true;
    if (CURSOR_REPORT.test(reply)) this.#pacer.answered();
  }

  #leave(): void {
    const { output } = this.#options;
    this.#closed = true;
    this.#opened.screen.destroy();
    this.#opened.stop();
    output.write(`${this.#opened.taken()}${RESTORE_SEQUENCE}${TITLE_RESTORE}`);
  }

  #end(): void {
    this.#pacer.stop();
    this.#stopKeys();
    setBlocking(this.#options.output, true);
  }

  closeNow(): void {
    if (this.#closed) return;
    this.#leave();
    this.#end();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#leave();
    const { output, clock } = this.#options;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(LONGEST_FLUSH_MS, resolve);
      output.write('', () => {
        // An answer that comes after we have gone would be typed into the shell.
        this.#answered = () => {
          cancel();
          resolve();
        };
        if (this.#pacer.owed() === 0) this.#answered();
      });
    });
    this.#end();
  }
}

export function openTerminal(options: TerminalOptions): TerminalScreen {
  return new Terminal(options);
}
