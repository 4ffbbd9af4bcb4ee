// What a page shows, gathered once for a frame: update scrolls by it, view draws it.

import { createFilter } from '../../filter.js';
import type { Size } from '../../frame.js';
import { type Model, rowsAbove } from '../../model.js';
import type { Page } from '../../page.js';
import type { PageContents, PageLine, PageScreen } from '../../page-screen.js';
import { lineText, lineWidth } from '../../spans.js';
import { pageScreen } from '../pages.js';

export type PageLayout = { readonly rule: number; readonly head: number | undefined; readonly top: number; readonly rows: number };

export type GatheredPage = {
  readonly screen: PageScreen;
  readonly contents: PageContents;
  /** Those that the filter lets through. */
  readonly lines: readonly PageLine[];
  /** Of a text: the places of the lines that have what is searched for. */
  readonly matches: readonly number[];
  readonly layout: PageLayout;
};

function layoutPage(size: Size, stale: number, head: boolean): PageLayout {
  const rule = 1 + stale;
  const top = rule + (head ? 2 : 1);
  return { rule, head: head ? rule + 1 : undefined, top, rows: Math.max(0, size.rows - top - 1) };
}

const searched = ({ lead = [], line, text }: PageLine): string => text?.() ?? lineText([...lead, ...line]);

/** How far the longest line can be moved to the left before its end is seen; one cell is the cursor's. */
export function farthestLeft({ contents, lines }: GatheredPage, columns: number): number {
  const widths = lines.map(({ lead = [], line }) => lineWidth(lead) + lineWidth(line));
  return Math.max(0, Math.max(0, ...widths, lineWidth(contents.head ?? [])) - (columns - 1));
}

export function gatherPage(model: Model, page: Page): GatheredPage {
  const screen = pageScreen(page.screen);
  const contents = screen.contents(model, page);
  const matcher = createFilter(page.filter);
  const found = (each: PageLine): boolean => matcher({ text: searched(each), labels: each.labels });
  const finds = screen.form === 'text';
  const searches = page.filter.trim() !== '';
  return {
    screen,
    contents,
    lines: finds || !searches ? contents.lines : contents.lines.filter(found),
    matches: finds && searches ? contents.lines.flatMap((each, place) => (found(each) ? [place] : [])) : [],
    layout: layoutPage(model.size, rowsAbove(model), contents.head !== undefined),
  };
}

/** Where the cursor of a table stands. */
export function findLine(lines: readonly PageLine[], cursor: Page['cursor']): number {
  const index = cursor.id === undefined ? -1 : lines.findIndex(({ id }) => id === cursor.id);
  return index >= 0 ? index : Math.max(0, Math.min(cursor.place, lines.length - 1));
}
