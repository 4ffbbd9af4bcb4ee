// How what a question says lies in its box. Nothing of it is dropped: where it does not fit it is scrolled, and what tells of the act
// must have been shown before a yes counts. A yes to what was not seen is none.

import { innerWidth } from '../../box.js';
import type { StyledLine } from '../../frame.js';
import { keyText } from '../../keymap.js';
import type { Model } from '../../model.js';
import type { Question } from '../../question.js';
import { blank, span } from '../../spans.js';
import { answersOf, FRAME_ROWS, LABEL } from './form.js';

export type Told = {
  /** As it stands where there is room for all. */
  readonly whole: readonly StyledLine[];
  /** Where there is not: what must be seen before a yes, and below it where it is and who asks. */
  readonly must: readonly StyledLine[];
  readonly below: readonly StyledLine[];
};

type View = { readonly lines: readonly StyledLine[]; readonly first: number; readonly rows: number };

function viewOf(model: Model, question: Question, { whole, must, below }: Told): View {
  const room = model.size.rows - FRAME_ROWS - answersOf(model, question, innerWidth(model.size)).length;
  const lines = whole.length <= room ? whole : [...must, ...below];
  if (lines.length <= room) return { lines, first: 0, rows: lines.length };
  // One line is kept for the mark that there is more.
  const rows = Math.max(1, room - 1);
  return { lines, first: Math.min(question.first, lines.length - rows), rows };
}

const fits = ({ lines, rows }: View): boolean => rows === lines.length;

const isShown = (view: View, { must }: Told): boolean => fits(view) || view.first + view.rows >= must.length;

/** Whether something that tells of the act has not been shown yet. A hint that came since hides nothing that was not shown before. */
export function isUnread(model: Model, question: Question, told: Told): boolean {
  return !question.read && !isShown(viewOf(model, { ...question, hint: undefined }, told), told);
}

/** Undefined where there is nothing to scroll. */
export function scrolledBy(model: Model, asked: Question, told: Told, by: { readonly lines: number } | { readonly pages: number }): Question | undefined {
  const question = { ...asked, hint: undefined };
  const view = viewOf(model, question, told);
  if (fits(view)) return undefined;
  // A hint that goes away leaves more room: what it lay over must not be passed by.
  const shown = viewOf(model, asked, told).rows;
  const wanted = view.first + ('lines' in by ? by.lines : by.pages * shown);
  const first = Math.max(0, Math.min(view.lines.length - view.rows, wanted));
  return { ...question, first, read: asked.read || isShown({ ...view, first }, told) };
}

function markLine({ keymap, glyphs }: Model, { lines, first, rows }: View): StyledLine {
  const below = lines.length - first - rows;
  const key = (id: 'question.page-down' | 'question.page-up'): StyledLine[number] => span(keyText(keymap, id, glyphs.ascii) ?? '', 'key');
  if (below === 0) return [blank(LABEL), key('question.page-up'), span(' what stands above', 'muted')];
  return [blank(LABEL), key('question.page-down'), span(` ${below} more line${below === 1 ? '' : 's'}`, 'attention')];
}

/** What is told, as far as there is room, and the answers below it. */
export function fitTold(model: Model, question: Question, told: Told): readonly StyledLine[] {
  const view = viewOf(model, question, told);
  const { lines, first, rows } = view;
  const answers = answersOf(model, question, innerWidth(model.size), isUnread(model, question, told));
  return [...lines.slice(first, first + rows), ...(fits(view) ? [] : [markLine(model, view)]), ...answers];
}
