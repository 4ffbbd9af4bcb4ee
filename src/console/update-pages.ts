// What keys make of the screens that stand over the list or over a rollout: opening, moving, searching, going back.

import type { ActionId } from './actions.js';
import { distance } from './distance.js';
import type { Effect } from './effect.js';
import { type Model, topPage } from './model.js';
import { coveredRows } from './notice.js';
import { openPage, PAGE_IDS, type Page, type PageId, type PageTarget } from './page.js';
import { farthestLeft, findLine, gatherPage, type GatheredPage } from './screens/page/contents.js';
import { scrollTo } from './screens/rollouts/lists.js';

/** Screens over screens: deeper, the lowest one goes. */
const DEEPEST_STACK = 12;

/** Cells that one key moves long lines. */
const SIDE_STEP = 20;

/** The screen that an action opens. */
export function pageFor(action: ActionId): PageId | undefined {
  return PAGE_IDS.find((id) => action === `show.${id}`);
}

export function replaceTop(model: Model, page: Page): Model {
  return { ...model, stack: [...model.stack.slice(0, -1), page] };
}

/** The same screen of the same thing is not put over itself. */
export function pushPage(model: Model, target: PageTarget): Model {
  const top = topPage(model);
  const same = top?.screen === target.screen && top.key === target.key && top.subject.kind === target.subject.kind && top.subject.name === target.subject.name;
  return same ? model : { ...model, stack: [...model.stack, openPage(target)].slice(-DEEPEST_STACK) };
}

export function backFromPage(model: Model): Model {
  const page = topPage(model);
  if (page !== undefined && page.filter !== '') return replaceTop(model, { ...page, filter: '' });
  return { ...model, stack: model.stack.slice(0, -1) };
}

function move(page: Page, { screen, lines, layout }: GatheredPage, by: number): Page {
  if (screen.form === 'table') {
    const place = Math.max(0, Math.min(lines.length - 1, findLine(lines, page.cursor) + by));
    return { ...page, cursor: { id: lines[place]?.id, place } };
  }
  const furthest = Math.max(0, lines.length - layout.rows);
  const top = Math.min(furthest, Math.max(0, page.top + by));
  return { ...page, top, follow: top >= furthest };
}

function jump(page: Page, { matches, layout }: GatheredPage, by: 1 | -1): Page {
  const next = by > 0 ? (matches.find((place) => place > page.top) ?? matches[0]) : (matches.findLast((place) => place < page.top) ?? matches.at(-1));
  return next === undefined || layout.rows === 0 ? page : { ...page, top: next };
}

function openLine(model: Model, page: Page, { lines }: GatheredPage): Model {
  const link = lines[findLine(lines, page.cursor)]?.link;
  return link === undefined ? model : pushPage(model, link);
}

/** A line that is there to be copied, onto the clipboard; undefined for all others. */
export function copyLine(model: Model): readonly [Model, readonly Effect[]] | undefined {
  const page = topPage(model);
  if (page === undefined) return undefined;
  const { lines } = gatherPage(model, page);
  const copies = lines[findLine(lines, page.cursor)]?.copies;
  return copies === undefined ? undefined : [model, [{ type: 'copy', ...copies }]];
}

export function inPage(model: Model, page: Page, action: ActionId): Model {
  const gathered = gatherPage(model, page);
  if (action === 'page.open') return openLine(model, page, gathered);
  if (action === 'page.left') return replaceTop(model, { ...page, left: Math.max(0, page.left - SIDE_STEP) });
  if (action === 'page.right') return replaceTop(model, { ...page, left: page.left + SIDE_STEP });
  if (action === 'page.next-match') return replaceTop(model, jump(page, gathered, 1));
  if (action === 'page.previous-match') return replaceTop(model, jump(page, gathered, -1));
  if (action === 'page.follow') return replaceTop(model, { ...page, follow: !page.follow });
  return replaceTop(model, move(page, gathered, distance(action, gathered.layout.rows) ?? 0));
}

/** Not past the end of the longest line. */
function settleLeft(model: Model, page: Page): Page {
  if (page.left === 0) return page;
  const left = Math.min(page.left, farthestLeft(gatherPage(model, page), model.size.columns));
  return left === page.left ? page : { ...page, left };
}

/** Cursor and first line, put right for what is there now. */
export function settlePage(model: Model): Model {
  const top = topPage(model);
  if (top === undefined) return model;
  const page = settleLeft(model, top);
  return settleLines(page === top ? model : replaceTop(model, page), page);
}

function settleLines(model: Model, page: Page): Model {
  const { screen, lines, layout } = gatherPage(model, page);
  const rows = Math.max(1, layout.rows - coveredRows(model));
  if (screen.form === 'table') {
    const place = findLine(lines, page.cursor);
    const top = scrollTo(page.top, place, rows, lines.length);
    // Until the hand has moved it, the cursor stays on the first line, not on the object that was first.
    const id = page.cursor.place === 0 && page.cursor.id === undefined ? undefined : lines[place]?.id;
    return replaceTop(model, { ...page, cursor: { id, place }, top });
  }
  const furthest = Math.max(0, lines.length - rows);
  const top = screen.form === 'stream' && page.follow ? furthest : Math.min(page.top, screen.form === 'text' ? Math.max(furthest, 0) : furthest);
  return top === page.top ? model : replaceTop(model, { ...page, top });
}
