// What a page shows, gathered once for a frame: update scrolls by it, view draws it.

import { createFilter } from '../../filter.js';
import type { Size, StyledLine } from '../../frame.js';
import { type Model, rowsAbove } from '../../model.js';
import type { Page } from '../../page.js';
import type { PageContents, PageLine, PageScreen } from '../../page-screen.js';
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

export const lineText = (line: StyledLine): string => line.map(({ text }) => text).join('');

export function gatherPage(model: Model, page: Page): GatheredPage {
  const screen = pageScreen(page.screen);
  const contents = screen.contents(model, page);
  const matcher = createFilter(page.filter);
  const found = (each: PageLine): boolean => matcher({ text: lineText(each.line), labels: each.labels });
  const searched = screen.form === 'text';
  const searches = page.filter.trim() !== '';
  return {
    screen,
    contents,
    lines: searched || !searches ? contents.lines : contents.lines.filter(found),
    matches: searched && searches ? contents.lines.flatMap((each, place) => (found(each) ? [place] : [])) : [],
    layout: layoutPage(model.size, rowsAbove(model), contents.head !== undefined),
  };
}

/** Where the cursor of a table stands. */
export function findLine(lines: readonly PageLine[], cursor: Page['cursor']): number {
  const index = cursor.id === undefined ? -1 : lines.findIndex(({ id }) => id === cursor.id);
  return index >= 0 ? index : Math.max(0, Math.min(cursor.place, lines.length - 1));
}
