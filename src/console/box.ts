// What lies over a screen: a framed box of lines in its middle.

import type { Pane, Size, StyledLine } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { cutLine, fitLine, lineWidth, span } from './spans.js';
import type { StyleName } from './style.js';

const WIDEST = 100;

export function boxWidth(size: Size): number {
  return Math.min(WIDEST, Math.max(10, size.columns - 4));
}

/** Cells for text inside. */
export function innerWidth(size: Size): number {
  return boxWidth(size) - 4;
}

export function boxPane(id: string, size: Size, glyphs: Glyphs, title: StyledLine, lines: readonly StyledLine[], style: StyleName): Pane {
  const columns = Math.min(boxWidth(size), size.columns);
  const rows = Math.min(lines.length + 2, size.rows);
  const inner = columns - 4;
  const edge = (text: string): StyledLine[number] => ({ text, style });
  const head = cutLine(title, inner);
  const rest = glyphs.rule.repeat(Math.max(0, columns - 5 - lineWidth(head)));
  const top: StyledLine = [edge(`${glyphs.topLeft}${glyphs.rule}`), span(' '), ...head, span(' '), edge(`${rest}${glyphs.topRight}`)];
  const body = lines
    .slice(0, Math.max(0, rows - 2))
    .map((line): StyledLine => [edge(glyphs.bar), span(' '), ...fitLine(line, inner), span(' '), edge(glyphs.bar)]);
  const bottom: StyledLine = [edge(`${glyphs.bottomLeft}${glyphs.rule.repeat(Math.max(0, columns - 2))}${glyphs.bottomRight}`)];
  const box = { left: Math.floor((size.columns - columns) / 2), top: Math.max(0, Math.floor((size.rows - rows) / 2)), columns, rows };
  return { id, box, body: { type: 'text', lines: [cutLine(top, columns), ...body, bottom] } };
}
