// The screen where nothing can be laid out any more: how many wait, and as much of what is open as there are lines. Keys that
// only look go on working; those that change something are refused here, because no question would be seen whole.

import { cutStart, sanitise } from '../../lib/text-width.js';
import type { Pane, Size, StyledLine } from '../frame.js';
import { moodSign, rolloutMood, rolloutStyle, stateWord } from '../mood.js';
import { type DetailState, isFresh, type Model, topPage } from '../model.js';
import type { Page } from '../page.js';
import { nameOf } from '../rollout-key.js';
import { cutLine, fitLine, raise, span } from '../spans.js';
import { gatherPage } from './page/contents.js';
import { findCursor, visibleLists } from './rollouts/lists.js';
import { reasonOf } from './rollouts/row.js';
import type { RolloutFacts } from '../facts.js';

/** Below this nothing can be laid out. */
const LEAST: Size = { columns: 30, rows: 8 };

export const isCompact = ({ columns, rows }: Size): boolean => columns < LEAST.columns || rows < LEAST.rows;

function headLine(model: Model): StyledLine {
  const { glyphs, board } = model;
  const waiting = board.waiting.length;
  const fresh = [...model.clusters.keys()].every((cluster) => isFresh(model, cluster)) && model.clusters.size > 0;
  return [
    fresh ? span(`${glyphs.live} `, 'good') : span(`${glyphs.warning} `, 'attention'),
    waiting > 0 ? span(`${waiting} wait`, 'attention') : span('none waits'),
    span(` of ${board.all.length}`, 'muted'),
  ];
}

function nameLine({ glyphs, size }: Model, facts: RolloutFacts): StyledLine {
  const sign = moodSign(glyphs, rolloutMood(facts));
  return [span(`${sign} `, rolloutStyle(facts)), span(cutStart(sanitise(nameOf(facts.key)), Math.max(1, size.columns - sign.length - 1)))];
}

function listLines(model: Model, rows: number): readonly StyledLine[] {
  const lists = visibleLists(model.board, model.list);
  const place = findCursor(lists, model.list);
  const all = [...lists.waiting, ...lists.all];
  const at = place === undefined ? 0 : place.section === 'waiting' ? place.index : lists.waiting.length + place.index;
  const top = Math.max(0, Math.min(at - Math.floor(rows / 2), all.length - rows));
  return all.slice(top, top + rows).map((facts, offset) => {
    const line = nameLine(model, facts);
    return top + offset === at ? raise(line, model.size.columns) : line;
  });
}

function rolloutLines(model: Model, { key }: DetailState): readonly StyledLine[] {
  const facts = model.board.byKey.get(key);
  if (facts === undefined) return [[span('it is gone', 'muted')]];
  const step = facts.stepIndex === undefined ? '' : ` ${Math.min(facts.stepIndex + 1, facts.steps.length)}/${facts.steps.length}`;
  return [
    nameLine(model, facts),
    [span(`${stateWord(facts)}${step} ${Math.round(facts.askedPercent)}%`, rolloutStyle(facts))],
    [span(reasonOf(model, facts).sentence, 'muted')],
  ];
}

function pageLines(model: Model, page: Page, rows: number): readonly StyledLine[] {
  const { contents, lines } = gatherPage(model, page);
  if (lines.length === 0) return [[span(contents.title, 'title')], [span(contents.empty, 'muted')]];
  return [[span(contents.title, 'title')], ...lines.slice(page.top, page.top + rows).map(({ lead = [], line }) => [...lead, ...line])];
}

export function viewCompact(model: Model): readonly Pane[] {
  const { columns } = model.size;
  const rows = Math.max(1, model.size.rows);
  const page = topPage(model);
  const last = model.question !== undefined ? 'too small for a question' : (model.notice?.text ?? '');
  const body = rows - 1 - (last === '' ? 0 : 1);
  const shown =
    page !== undefined
      ? pageLines(model, page, body)
      : model.screen === 'rollout' && model.detail !== undefined
        ? rolloutLines(model, model.detail)
        : listLines(model, body);
  const lines = [headLine(model), ...shown.slice(0, Math.max(0, body))].slice(0, rows);
  const blank = Array.from({ length: Math.max(0, rows - lines.length - (last === '' ? 0 : 1)) }, (): StyledLine => []);
  const end: readonly StyledLine[] = last === '' || rows < 2 ? [] : [[span(last, 'attention')]];
  return [
    {
      id: 'compact',
      box: { left: 0, top: 0, columns, rows },
      body: { type: 'text', lines: [...lines, ...blank, ...end].map((line) => fitLine(cutLine(line, columns), columns)) },
    },
  ];
}
