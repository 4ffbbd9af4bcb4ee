// Styled lines into rows of cells. A row is worked out whole before it is compared with what stands there, so that only what really
// differs is dirty; one that is made of the same lines as before is not worked out at all: of a frame after a key two rows differ.
// Going through blessed's own content parser costs more and miscounts characters of two columns.

import type { BlessedScreen, CellLine } from 'blessed';
import type { Rect, StyledLine } from '../console/frame.js';
import { textWidth } from '../lib/text-width.js';
import type { Attributes } from './attributes.js';
import { SECOND_HALF } from './draw.js';
import type { Links } from './links.js';

/** What one pane has in a row; a later piece lies over an earlier one. */
export type Piece = { readonly box: Rect; readonly line: StyledLine };

export interface Rows {
  /** True when a cell has changed. */
  put(row: number, pieces: readonly Piece[], attributes: Attributes): boolean;
  /** Over what stands there, whatever painted it. */
  putOver(row: number, pieces: readonly Piece[], attributes: Attributes): void;
  /** Something else paints there: what it is made of is no longer known. */
  forget(row: number): void;
}

type Known = { readonly cells: CellLine; readonly pieces: readonly Piece[]; readonly attributes: Attributes };

const BACKGROUND = 0x1ff;
const INVERSE = 8 << 18;

/** The cursor's line keeps the colours of its words, over the background (or the inversion) of what is selected. */
function raisedOver(own: number, selected: number): number {
  return (own & ~BACKGROUND) | (selected & BACKGROUND) | (selected & INVERSE);
}

function sameLine(a: StyledLine, b: StyledLine): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every(({ text, style, raised, link }, place) => {
      const other = b[place];
      return other?.text === text && other.style === style && other.raised === raised && other.link === link;
    })
  );
}

function samePieces(a: readonly Piece[], b: readonly Piece[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ box, line }, place) => {
      const other = b[place];
      return other?.box.left === box.left && other.box.columns === box.columns && sameLine(line, other.line);
    })
  );
}

export function createRows(screen: BlessedScreen, links: Links): Rows {
  const known: (Known | undefined)[] = [];
  const looks: number[] = [];
  const characters: string[] = [];

  const blank = (from: number, to: number, look: number): void => {
    looks.fill(look, from, to);
    characters.fill(' ', from, to);
  };

  const lay = ({ box, line }: Piece, width: number, attributes: Attributes): void => {
    let column = box.left;
    const end = Math.min(box.left + box.columns, width);
    for (const span of line) {
      const own = attributes.of[span.style];
      const look = (span.raised === true ? raisedOver(own, attributes.of.selected) : own) + links.markOf(span.link);
      for (const character of span.text) {
        const wide = character < '\u007f' ? 1 : textWidth(character);
        if (wide === 0) {
          if (column === box.left) continue;
          characters[column - 1] = (characters[column - 1] ?? '').slice(0, 1) + character;
          looks[column - 1] = look;
          continue;
        }
        if (column + wide > end) break;
        looks[column] = look;
        characters[column] = character;
        if (wide === 2) {
          looks[column + 1] = look;
          characters[column + 1] = SECOND_HALF;
        }
        column += wide;
      }
    }
    if (column < end) blank(column, end, attributes.of.text);
  };

  const write = (cells: CellLine): boolean => {
    let changed = false;
    for (let column = 0; column < cells.length; column += 1) {
      const cell = cells[column];
      const look = looks[column] ?? 0;
      const character = characters[column] ?? ' ';
      if (cell === undefined || (cell[0] === look && cell[1] === character)) continue;
      cell[0] = look;
      cell[1] = character;
      changed = true;
    }
    if (changed) cells.dirty = true;
    return changed;
  };

  return {
    put(row, pieces, attributes) {
      const cells = screen.lines[row];
      const last = known[row];
      // A screen of another size has other cells.
      if (cells === undefined || (last?.cells === cells && last.attributes === attributes && samePieces(last.pieces, pieces))) return false;
      known[row] = { cells, pieces, attributes };
      looks.length = characters.length = cells.length;
      blank(0, cells.length, attributes.of.text);
      for (const piece of pieces) lay(piece, cells.length, attributes);
      return write(cells);
    },
    putOver(row, pieces, attributes) {
      const cells = screen.lines[row];
      if (cells === undefined || pieces.length === 0) return;
      for (const [column, [look, character]] of cells.entries()) {
        looks[column] = look;
        characters[column] = character;
      }
      for (const piece of pieces) lay(piece, cells.length, attributes);
      write(cells);
    },
    forget(row) {
      known[row] = undefined;
    },
  };
}
