// A terminal for tests: bytes go in, a grid of cells comes out. Behind it is the parser of xterm.

import unicode11 from '@xterm/addon-unicode11';
import { StringDecoder } from 'node:string_decoder';
import xterm from '@xterm/headless';

export type Cell = { readonly text: string; readonly foreground: number; readonly background: number; readonly bold: boolean; readonly inverse: boolean };

/** How long `waitFor` waits before it fails with the screen as it stands. */
const LONGEST_WAIT_MS = 60_000;

const POLL_MS = 10;

export class Grid {
  readonly terminal: xterm.Terminal;
  bytes = 0;
  raw = '';
  #pending = 0;
  #onceFed: (() => void) | undefined;
  readonly #decoder = new StringDecoder('utf8');

  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    this.terminal.loadAddon(new unicode11.Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
  }

  /** Once, when the next bytes have come. */
  onceFed(action: () => void): void {
    this.#onceFed = action;
  }

  feed(data: string | Uint8Array): void {
    // A character may be cut in two reads: whoever decodes must remember its beginning.
    this.bytes += typeof data === 'string' ? Buffer.byteLength(data) : data.length;
    this.raw += typeof data === 'string' ? data : this.#decoder.write(Buffer.from(data));
    this.#pending += 1;
    const told = this.#onceFed;
    this.#onceFed = undefined;
    told?.();
    this.terminal.write(data, () => { this.#pending -= 1; });
  }

  row(y: number): string {
    return this.terminal.buffer.active.getLine(y)?.translateToString(true) ?? '';
  }

  get text(): string {
    return Array.from({ length: this.terminal.rows }, (_, y) => this.row(y)).join('\n');
  }

  cell(x: number, y: number): Cell {
    const cell = this.terminal.buffer.active.getLine(y)?.getCell(x);
    if (cell === undefined) throw new Error(`no cell at ${x},${y}`);
    return {
      text: cell.getChars(),
      foreground: cell.isFgDefault() ? -1 : cell.getFgColor(),
      background: cell.isBgDefault() ? -1 : cell.getBgColor(),
      bold: cell.isBold() !== 0,
      inverse: cell.isInverse() !== 0,
    };
  }

  /** Resolves when all that was fed is parsed and the condition holds. */
  async waitFor(wanted: string | RegExp | ((grid: Grid) => boolean), limitMs = LONGEST_WAIT_MS): Promise<void> {
    const holds = (): boolean => (typeof wanted === 'function' ? wanted(this) : typeof wanted === 'string' ? this.text.includes(wanted) : wanted.test(this.text));
    const end = Date.now() + limitMs;
    while (Date.now() < end) {
      if (this.#pending === 0 && holds()) return;
      await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
    }
    throw new Error(`waited ${limitMs} ms for ${String(wanted)}; the screen was:\n${this.text}`);
  }
}
