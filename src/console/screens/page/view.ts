// Draws any page: header with the way to it, its title in a rule with the filter, its lines, the bottom line.

import { cut, textWidth } from '../../../lib/text-width.js';
import { footerLine } from '../../footer.js';
import type { Pane, StyledLine } from '../../frame.js';
import { keyText } from '../../keymap.js';
import { headerLine, staleNotice } from '../../header.js';
import type { Model } from '../../model.js';
import type { Page } from '../../page.js';
import { blank, cutLine, lineText, raise, rule, span } from '../../spans.js';
import { readKey } from '../../rollout-key.js';
import { pageScreen } from '../pages.js';
import { findLine, gatherPage, type GatheredPage } from './contents.js';

/** The way from the list to here; the last is where one is. Behind it, how many wait for a person meanwhile. */
export function crumbs(model: Model): readonly StyledLine[] {
  const arrow = model.glyphs.ascii ? '/' : '›';
  const key = model.stack.at(-1)?.key ?? model.detail?.key ?? '';
  const { namespace, name } = readKey(key);
  const words = [...(key === '' ? [] : [namespace, name]), ...model.stack.map(({ screen }) => pageScreen(screen).word)];
  const waiting = model.board.waiting.length;
  return [
    words.flatMap((word, place) => [span(` ${arrow} `, 'muted'), span(word, place === words.length - 1 ? 'title' : 'muted')]),
    ...(waiting === 0 ? [] : [[span(`   ${waiting} waiting`, 'attention')]]),
  ];
}

function dropCells(line: StyledLine, count: number): StyledLine {
  let left = count;
  return line.flatMap((each) => {
    if (left <= 0) return [each];
    const own = textWidth(each.text);
    const dropped = cut(each.text, left, '').length;
    left -= own;
    return left >= 0 ? [] : [{ ...each, text: each.text.slice(dropped) }];
  });
}

function titleLine(page: Page, { contents, lines, screen, matches }: GatheredPage): StyledLine {
  const searching = page.typing || page.filter !== '';
  const all = contents.lines.length;
  const count = screen.form === 'text' ? '' : `  ${lines.length === all ? all : `${lines.length} of ${all}`}`;
  const found = screen.form === 'text' && page.filter !== '' ? [span(`  ${matches.length} found`, 'muted')] : [];
  const filter = searching ? [span('  /', 'key'), span(page.filter, 'input'), ...(page.typing ? [span('_', 'input')] : []), ...found] : [];
  return [span(contents.title, 'title'), span(count), ...filter];
}

function noteLine({ keymap, glyphs }: Model, page: Page, { contents, lines, layout }: GatheredPage): StyledLine {
  const range = lines.length > layout.rows ? `${page.top + 1}-${Math.min(lines.length, page.top + layout.rows)} of ${lines.length}` : '';
  const sorted = page.sort === undefined ? '' : `sort: ${page.sort.column}${page.sort.descending ? ' down' : ''}`;
  const key = keyText(keymap, 'page.open', glyphs.ascii);
  const opens = contents.opens === undefined || key === undefined ? '' : `${key}: ${contents.opens}`;
  const words = [range, sorted, contents.note ?? '', opens].filter((word) => word !== '').join('  ');
  return words === '' ? [] : [span(words, 'muted')];
}

function bodyLines(model: Model, page: Page, gathered: GatheredPage): readonly StyledLine[] {
  const { lines, layout, screen, contents, matches } = gathered;
  const { columns } = model.size;
  if (lines.length === 0) {
    const hidden = contents.lines.length > 0;
    return [cutLine([span(hidden ? ' nothing matches the filter' : ` ${contents.empty}`, 'muted')], columns)];
  }
  const cursor = screen.form === 'table' ? findLine(lines, page.cursor) : -1;
  const marked = new Set(matches);
  return lines.slice(page.top, page.top + layout.rows).map(({ lead = [], line }, offset) => {
    const place = page.top + offset;
    const shown = [...lead, ...dropCells(line, page.left)];
    if (place === cursor) return raise([span(model.glyphs.cursor, 'selected'), ...shown], columns);
    return cutLine(marked.has(place) ? [span(model.glyphs.here, 'key'), span(lineText(shown), 'input')] : [blank(1), ...shown], columns);
  });
}

export function viewPage(model: Model, page: Page): readonly Pane[] {
  const { size, glyphs } = model;
  const gathered = gatherPage(model, page);
  const { layout, contents } = gathered;
  const pane = (id: string, top: number, lines: readonly StyledLine[], rows = 1): Pane => ({
    id,
    box: { left: 0, top, columns: size.columns, rows },
    body: { type: 'text', lines },
  });
  const stale = staleNotice(model);
  return [
    pane('header', 0, [headerLine(model, crumbs(model))]),
    ...(stale === undefined ? [] : [pane('stale', 1, [cutLine(stale, size.columns)])]),
    pane('page-rule', layout.rule, [rule(glyphs, size.columns, titleLine(page, gathered), noteLine(model, page, gathered))]),
    ...(layout.head === undefined ? [] : [pane('page-head', layout.head, [cutLine([blank(1), ...dropCells(contents.head ?? [], page.left)], size.columns)])]),
    pane('page', layout.top, bodyLines(model, page, gathered), layout.rows),
    pane('footer', size.rows - 1, [footerLine(model)]),
  ].filter(({ box }) => box.rows > 0);
}
