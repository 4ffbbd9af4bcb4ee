// Rows with columns for screens that are tables: sorted as asked, the least important columns leaving first when there is no room.

import type { Span, StyledLine } from './frame.js';
import { sanitise, textWidth } from '../lib/text-width.js';
import type { Page, Sort } from './page.js';
import type { PageContents, PageLine } from './page-screen.js';
import { blank, cell } from './spans.js';
import type { StyleName } from './style.js';

export type TableColumn<Row> = {
  readonly id: string;
  readonly head: string;
  readonly width: number;
  /** 1 stays longest. */
  readonly priority: number;
  readonly side?: 'left' | 'right';
  /** Takes the room that is left. */
  readonly grows?: boolean;
  text(row: Row): string;
  /** The same in fewer words, where the text does not fit. */
  short?(row: Row, width: number): string;
  style?(row: Row): StyleName;
  /** What it is sorted by; absent: its text. */
  order?(row: Row): string | number;
};

export type TableRow<Row> = Pick<PageLine, 'id' | 'labels' | 'link' | 'copies'> & { readonly row: Row };

const GAP = 1;

/** Of the column that grows: so much is more than nothing, where its width does not fit. */
const LEAST_GROWN = 10;

type Placed<Row> = { readonly column: TableColumn<Row>; readonly width: number };

function placeColumns<Row>(columns: readonly TableColumn<Row>[], room: number): readonly Placed<Row>[] {
  const chosen = new Set<string>();
  let used = -GAP;
  let shrunk = 0;
  for (const { id, width, grows } of columns.toSorted((a, b) => a.priority - b.priority)) {
    const free = room - used - GAP;
    if (chosen.size > 0 && width > free) {
      if (grows !== true || free < LEAST_GROWN) break;
      shrunk = width - free;
    }
    chosen.add(id);
    used += GAP + width - shrunk;
    if (shrunk > 0) break;
  }
  const spare = Math.max(0, room - used);
  const grower = columns.find(({ id, grows }) => grows === true && chosen.has(id));
  return columns
    .filter(({ id }) => chosen.has(id))
    .map((column) => ({ column, width: Math.min(room, column.width + (column === grower ? spare - shrunk : 0)) }));
}

/** All columns, each as wide as its widest text: what moved lines are read through. */
function wholeColumns<Row>(columns: readonly TableColumn<Row>[], rows: readonly TableRow<Row>[]): readonly Placed<Row>[] {
  return columns.map((column) => {
    const texts = [column.head, ...rows.map(({ row }) => column.text(row))];
    return { column, width: texts.reduce((most, text) => Math.max(most, textWidth(sanitise(text))), column.width) };
  });
}

function sortRows<Row>(rows: readonly TableRow<Row>[], columns: readonly TableColumn<Row>[], sort: Sort | undefined): readonly TableRow<Row>[] {
  const column = columns.find(({ id }) => id === sort?.column);
  if (column === undefined) return rows;
  const order = (row: Row): string | number => column.order?.(row) ?? column.text(row);
  const compare = (a: string | number, b: string | number): number => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : Number(a > b));
  const turn = sort?.descending === true ? -1 : 1;
  return rows.toSorted((a, b) => turn * compare(order(a.row), order(b.row)));
}

function fittingText<Row>(column: TableColumn<Row>, row: Row, width: number): string {
  const text = column.text(row);
  return column.short === undefined || textWidth(sanitise(text)) <= width ? text : column.short(row, width);
}

export function tableContents<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly TableRow<Row>[],
  room: number,
  { sort, left }: Pick<Page, 'sort' | 'left'>,
): Pick<PageContents, 'head' | 'lines'> {
  const placed = left > 0 ? wholeColumns(columns, rows) : placeColumns(columns, room);
  const line = (make: (placed: Placed<Row>) => Span): StyledLine => {
    const cells = placed.flatMap((each, place) => [...(place === 0 ? [] : [blank(GAP)]), make(each)]);
    // Cut blanks at the end of a moved line would read as more of it.
    return left > 0 ? cells.map((each, place) => (place === cells.length - 1 ? { ...each, text: each.text.trimEnd() } : each)) : cells;
  };
  return {
    head: line(({ column, width }) => cell(column.head, width, sort?.column === column.id ? 'title' : 'muted', column.side)),
    lines: sortRows(rows, columns, sort).map(({ row, ...rest }) => ({
      ...rest,
      // Only what is seen is drawn: a table of five hundred rows shows twenty.
      get line() {
        return line(({ column, width }) => cell(fittingText(column, row, width), width, column.style?.(row) ?? 'text', column.side));
      },
      text: () => columns.map((column) => sanitise(column.text(row))).join(' '),
    })),
  };
}
