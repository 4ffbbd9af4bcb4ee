// Building blocks of screens that are texts: labels with wrapped words, lists of two columns, sections.

import { sanitise, textWidth, wrap } from '../lib/text-width.js';
import type { StyledLine } from './frame.js';
import type { PageLine } from './page-screen.js';
import { cell, span } from './spans.js';
import type { StyleName } from './style.js';

const LONGEST_TEXT_ROWS = 6;
const WIDEST_LABEL = 40;

export function paragraph(text: string, width: number, style: StyleName = 'text'): readonly StyledLine[] {
  return wrap(sanitise(text), width, LONGEST_TEXT_ROWS).map((line) => [span(line, style)]);
}

export function labelled(label: string, labelWidth: number, text: string, width: number, style: StyleName = 'text'): readonly StyledLine[] {
  const lines = wrap(sanitise(text), width - labelWidth - 1, LONGEST_TEXT_ROWS);
  return (lines.length === 0 ? [''] : lines).map((line, place) => [cell(place === 0 ? label : '', labelWidth, 'muted'), span(' '), span(line, style)]);
}

export type Pair = { readonly label: string; readonly text: string; readonly style?: StyleName };

/** Labels in one column, words wrapped in the other. */
export function pairs(rows: readonly Pair[], width: number): readonly StyledLine[] {
  const longest = rows.reduce((most, { label }) => Math.max(most, textWidth(sanitise(label))), 0);
  const column = Math.min(WIDEST_LABEL, Math.floor(width / 2), longest);
  return rows.flatMap(({ label, text, style }) => labelled(label, column, text, width - 2, style).map((line): StyledLine => [span('  '), ...line]));
}

/** Nothing when there is nothing under the title. */
export function section(title: string, lines: readonly StyledLine[]): readonly StyledLine[] {
  return lines.length === 0 ? [] : [[], [span(title, 'title')], ...lines];
}

/** A text has no things in it: its lines are known by their places. */
export function numbered(lines: readonly StyledLine[]): readonly PageLine[] {
  return lines.map((line, place) => ({ id: String(place), line }));
}
