// A Frame as plain text, for golden files and for reading in review: panes laid over each other, charts as a stand-in.

import type { Frame, Pane, StyledLine } from '../../src/console/frame.js';
import { textWidth } from '../../src/lib/text-width.js';

/** The second cell of a wide character. */
const TAKEN = '';

function put(grid: string[][], left: number, top: number, columns: number, text: string, complaints: string[], id: string): void {
  const row = grid[top];
  if (row === undefined) {
    if (text !== '') complaints.push(`${id}: row ${top} is outside`);
    return;
  }
  let column = left;
  for (const character of text) {
    const width = textWidth(character);
    if (width === 0) {
      row[column - 1] = `${row[column - 1] ?? ''}${character}`;
      continue;
    }
    if (column + width > left + columns) {
      complaints.push(`${id}: wider than its pane: ${text}`);
      return;
    }
    row[column] = character;
    if (width === 2) row[column + 1] = TAKEN;
    column += width;
  }
}

function chartLines(pane: Pane): readonly StyledLine[] {
  if (pane.body.type !== 'line-chart') return [];
  const { series, labels, minimum, maximum, empty } = pane.body;
  const points = series.map(({ label, style, points: values }) => `${label} [${style}] ${values.map((value) => (value === undefined ? '?' : String(Math.round(value * 1000) / 1000))).join(' ')}`);
  const known = series.some(({ points: values }) => values.some((value) => value !== undefined));
  const lines = known ? [`<chart ${Number(minimum.toFixed(4))} to ${Number(maximum.toFixed(4))}, ${labels[0] ?? ''} to ${labels.at(-1) ?? ''}>`, ...points] : [empty];
  return lines.map((line) => [{ text: line.slice(0, pane.box.columns), style: 'text' as const }]);
}

/** Throws when anything is drawn outside its pane or the screen, or when something in it would move a cursor. */
export function printFrame(frame: Frame): string {
  const { columns, rows } = frame.size;
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  const complaints: string[] = [];
  for (const pane of frame.panes) {
    const { left, top, columns: width, rows: height } = pane.box;
    if (left < 0 || top < 0 || left + width > columns || top + height > rows) complaints.push(`${pane.id}: ${JSON.stringify(pane.box)} is outside ${columns}x${rows}`);
    for (let row = top; row < Math.min(top + height, rows); row += 1) for (let column = left; column < left + width; column += 1) (grid[row] ?? [])[column] = ' ';
    const lines = pane.body.type === 'text' ? pane.body.lines : chartLines(pane);
    if (lines.length > height) complaints.push(`${pane.id}: ${lines.length} lines in ${height} rows`);
    for (const [place, line] of lines.entries()) {
      const text = line.map((span) => span.text).join('');
      // eslint-disable-next-line no-control-regex
      if (/[\x00-\x1f\x7f-\x9f]/.test(text)) complaints.push(`${pane.id}: control characters in ${JSON.stringify(text)}`);
      put(grid, left, top + place, width, text, complaints, pane.id);
    }
  }
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return `${grid.map((row) => row.join('').trimEnd()).join('\n')}\n`;
}

/** The same as one letter a cell for its style, for tests of colour: "g" for good and so on; blank where nothing is drawn. */
export function stylesAt(frame: Frame, id: string): readonly string[] {
  const pane = frame.panes.find((each) => each.id === id);
  return pane?.body.type === 'text' ? pane.body.lines.flatMap((line) => line.map(({ style }) => style)) : [];
}
