// Writes the cells that differ from what the terminal shows, in as few bytes as it takes. blessed's own writer knows no
// colours of 24 bits, can not stop in the middle, and says more than is needed.

import type { CellLine } from 'blessed';
import { textWidth } from '../lib/text-width.js';
import { PLAIN } from './attributes.js';
import { LINK_UNIT, type Links, NO_LINKS } from './links.js';

/** What stands in the second cell of a character of two columns. */
export const SECOND_HALF = '\u0000';

/** Cells that are the same between two that differ are written again rather than stepped over when they are this few. */
const SHORT_GAP = 4;

/** From here on terminals disagree on widths: where the cursor is after such a character is not relied upon. */
const FIRST_UNSURE = '\u0300';
const SURE = /^[\u2010-\u2027\u2190-\u21ff\u2200-\u22ff\u2500-\u25ff\u2800-\u28ff]$/;

export type Screenful = {
  /** What is to be shown, and what is. */
  readonly wanted: readonly CellLine[];
  readonly shown: readonly CellLine[];
};

export type Order = { readonly urgent: ReadonlySet<number>; readonly first: number; readonly budget: number };

export type Drawing = { readonly output: string; readonly next: number };

const same = (a: CellLine, b: CellLine, column: number): boolean => a[column]?.[0] === b[column]?.[0] && a[column]?.[1] === b[column]?.[1];

/** The first column from which on all is blank, in one attribute without colour or line: the end of the line can be erased. */
function blankFrom(line: CellLine): number {
  let column = line.length;
  while (column > 0 && line[column - 1]?.[1] === ' ' && line[column - 1]?.[0] === PLAIN) column -= 1;
  return column;
}

/** Without its link: how the cell looks. */
const look = (attribute: number): number => attribute % LINK_UNIT;

class Writer {
  output = '';
  /** Bytes of characters beyond those that `output.length` counts. */
  #more = 0;
  readonly #sgr: (attribute: number) => string;
  readonly #links: Links;
  /** The attribute of what is written next. */
  pen = PLAIN;
  #row = -1;
  #column = -1;

  constructor(sgr: (attribute: number) => string, links: Links) {
    this.#sgr = sgr;
    this.#links = links;
  }

  get bytes(): number {
    return this.output.length + this.#more;
  }

  moveTo(row: number, column: number): void {
    if (row === this.#row && column === this.#column) return;
    if (row === this.#row && this.#column >= 0 && column > this.#column) {
      const steps = column - this.#column;
      this.output += steps === 1 ? '\u001b[C' : `\u001b[${steps}C`;
    } else this.output += `\u001b[${row + 1};${column + 1}H`;
    this.#row = row;
    this.#column = column;
  }

  attribute(attribute: number): void {
    if (attribute === this.pen) return;
    if (Math.floor(attribute / LINK_UNIT) !== Math.floor(this.pen / LINK_UNIT)) this.output += this.#links.sequenceOf(attribute);
    if (look(attribute) !== look(this.pen)) this.output += this.#sgr(look(attribute));
    this.pen = attribute;
  }

  put(character: string, width: number, end: number): void {
    this.output += character;
    if (character > '\u007f') this.#more += Buffer.byteLength(character) - character.length;
    this.#column += width;
    // At the right edge the cursor waits in the last column or beyond it, as the terminal pleases.
    if (this.#column >= end || (character >= FIRST_UNSURE && !SURE.test(character))) this.#row = -1;
  }

  erase(): void {
    this.attribute(PLAIN);
    this.output += '\u001b[K';
  }
}

type Glyph = { readonly text: string; readonly width: 1 | 2 };

/** What is written for a cell. A pane that lies over half of a character of two columns leaves a blank of the other half. */
function glyphAt(line: CellLine, column: number): Glyph {
  const text = line[column]?.[1] ?? ' ';
  if (text === SECOND_HALF) return { text: ' ', width: 1 };
  if (text < FIRST_UNSURE || textWidth(text) < 2) return { text, width: 1 };
  return line[column + 1]?.[1] === SECOND_HALF ? { text, width: 2 } : { text: ' ', width: 1 };
}

/** Where to begin for this cell: with the character that has it, and with the first half of one whose second half goes here. */
function startOf(line: CellLine, shown: CellLine, column: number, last: number): number {
  const halved = shown[column]?.[1] === SECOND_HALF && line[column]?.[1] !== SECOND_HALF && line[column - 1]?.[1] !== SECOND_HALF;
  if (halved && last !== column && column > 0) return column - 1;
  return line[column]?.[1] === SECOND_HALF && column > 0 && glyphAt(line, column - 1).width === 2 ? column - 1 : column;
}

/** Writes over cells that are right already, where that is shorter than stepping over them. */
function bridge(writer: Writer, row: number, line: CellLine, from: number, to: number): void {
  if (to - from > SHORT_GAP) return;
  let text = '';
  for (let column = from; column < to; column += 1) {
    const [attribute, character] = line[column] ?? [-1, ''];
    if (attribute !== writer.pen || character < ' ' || character > '~') return;
    text += character;
  }
  writer.moveTo(row, from);
  writer.put(text, to - from, line.length);
}

/** Cells before `end`. False when it stopped before them. */
function drawRow(writer: Writer, row: number, line: CellLine, shown: CellLine, budget: number, end: number): boolean {
  const blank = blankFrom(line);
  let last = -1;
  for (let column = 0; column < end; column += 1) {
    if (same(line, shown, column)) continue;
    if (writer.bytes >= budget) return false;
    if (column >= blank && line.length - column > SHORT_GAP) {
      writer.moveTo(row, column);
      writer.erase();
      for (let each = column; each < line.length; each += 1) shown[each] = [PLAIN, ' '];
      return true;
    }
    const start = startOf(line, shown, column, last);
    if (last >= 0 && last < start) bridge(writer, row, line, last, start);
    const { text, width } = glyphAt(line, start);
    writer.moveTo(row, start);
    writer.attribute(line[start]?.[0] ?? PLAIN);
    writer.put(text, width, line.length);
    last = start + width;
    for (let each = start; each < last; each += 1) shown[each] = [line[each]?.[0] ?? PLAIN, line[each]?.[1] ?? ' '];
    // What overwrites one half of a character of two columns takes the other half along.
    if (shown[last]?.[1] === SECOND_HALF) shown[last] = [-1, ''];
    column = last - 1;
  }
  return true;
}

/** As much of a row that a key has changed as tells that it has: the mark and the sign. */
const FIRST_COLUMNS = 4;

/**
 * Writes as far as `budget` bytes reach; what is left stays dirty. Rows that are `urgent` go before the others, and the
 * beginnings of all of them before their ends: on a slow line the mark moves before the line that it leaves is tidied.
 * The others take turns, from row `first` on; told is where the next turn begins.
 */
export function draw({ wanted, shown }: Screenful, { urgent, first, budget }: Order, sgr: (attribute: number) => string, links: Links = NO_LINKS): Drawing {
  const writer = new Writer(sgr, links);
  let left = false;
  const go = (row: number, columns?: number): void => {
    const line = wanted[row];
    const before = shown[row];
    if (line === undefined || before === undefined || !line.dirty || left) return;
    const whole = drawRow(writer, row, line, before, budget, columns ?? line.length);
    left = !whole;
    if (columns === undefined) line.dirty = left;
  };
  if (budget < Infinity) for (const row of urgent) go(row, FIRST_COLUMNS);
  for (const row of urgent) go(row);
  let next = first;
  for (const count of wanted.keys()) {
    if (left) break;
    next = (first + count) % wanted.length;
    go(next);
  }
  writer.attribute(PLAIN);
  return { output: writer.output, next };
}
