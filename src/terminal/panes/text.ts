// A pane of styled text, painted straight into blessed's cell buffer: only cells that differ become dirty.
// Going through blessed's own content parser costs more and miscounts characters of two columns.

import type { BlessedElement, BlessedModule, BlessedScreen, CellLine } from 'blessed';
import type { PaneBody, Rect, StyledLine } from '../../console/frame.js';
import { textWidth } from '../../lib/text-width.js';
import type { Attributes } from '../attributes.js';
import { SECOND_HALF } from '../draw.js';
import type { Links } from '../links.js';

function putCell(line: CellLine, column: number, attributes: number, character: string): void {
  const cell = line[column];
  if (cell === undefined || (cell[0] === attributes && cell[1] === character)) return;
  cell[0] = attributes;
  cell[1] = character;
  line.dirty = true;
}

const BACKGROUND = 0x1ff;
const INVERSE = 8 << 18;

/** The cursor's line keeps the colours of its words, over the background (or the inversion) of what is selected. */
function raisedOver(own: number, selected: number): number {
  return (own & ~BACKGROUND) | (selected & BACKGROUND) | (selected & INVERSE);
}

function putLine(cells: CellLine, box: Rect, spans: StyledLine, attributes: Attributes, links: Links): void {
  let column = box.left;
  const end = box.left + box.columns;
  for (const span of spans) {
    const look = span.raised === true ? raisedOver(attributes.of[span.style], attributes.of.selected) : attributes.of[span.style];
    const style = look + links.markOf(span.link);
    for (const character of span.text) {
      const width = character < '\u007f' ? 1 : textWidth(character);
      if (width === 0) {
        const before = cells[column - 1];
        if (before !== undefined && column > box.left) putCell(cells, column - 1, style, before[1].slice(0, 1) + character);
        continue;
      }
      if (column + width > end) break;
      putCell(cells, column, style, character);
      if (width === 2) putCell(cells, column + 1, style, SECOND_HALF);
      column += width;
    }
  }
  for (; column < end; column += 1) putCell(cells, column, attributes.of.text, ' ');
}

export type TextPane = {
  readonly element: BlessedElement;
  set(box: Rect, body: PaneBody & { readonly type: 'text' }, attributes: Attributes): void;
};

export function createTextPane(blessed: BlessedModule, screen: BlessedScreen, links: Links): TextPane {
  const element = blessed.box({ left: 0, top: 0, width: 1, height: 1 });
  let box: Rect = { left: 0, top: 0, columns: 0, rows: 0 };
  let lines: readonly StyledLine[] = [];
  let attributes: Attributes | undefined;
  element.render = () => {
    if (attributes === undefined) return;
    for (let row = 0; row < box.rows; row += 1) {
      const cells = screen.lines[box.top + row];
      if (cells !== undefined) putLine(cells, box, lines[row] ?? [], attributes, links);
    }
  };
  return {
    element,
    set(nextBox, body, nextAttributes) {
      box = nextBox;
      lines = body.lines;
      attributes = nextAttributes;
    },
  };
}
