// A chart of a few rows drawn with block characters: where a line chart would have no room for its axes. Newest values at
// the right; the limit runs through what they leave free; the scale stands at the left.

import type { ChartRange } from './chart-range.js';
import type { Span, StyledLine } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { formatNumber } from './metric-series.js';
import { cell } from './spans.js';
import type { StyleName } from './style.js';

export type BlockChart = {
  readonly values: readonly (number | undefined)[];
  readonly range: ChartRange;
  readonly limit: number | undefined;
  readonly style: StyleName;
};

const AXIS = 8;

/** How much of a row (0 to 1) a value fills, counted from the row's lower edge. */
function fillOf(share: number, rowFromBottom: number, rows: number): number {
  return Math.min(1, Math.max(0, share * rows - rowFromBottom));
}

function joined(cells: readonly Span[]): StyledLine {
  const line: Span[] = [];
  for (const each of cells) {
    const last = line.at(-1);
    if (last !== undefined && last.style === each.style) line[line.length - 1] = { ...last, text: last.text + each.text };
    else line.push(each);
  }
  return line;
}

export function blockChart(glyphs: Glyphs, chart: BlockChart, columns: number, rows: number): readonly StyledLine[] {
  const { range, limit, style } = chart;
  const width = Math.max(1, columns - AXIS);
  const height = range.maximum - range.minimum;
  const shareOf = (value: number): number => (height <= 0 ? 0.5 : (value - range.minimum) / height);
  const shown = chart.values.slice(-width);
  const limitRow = limit === undefined ? undefined : Math.min(rows - 1, Math.max(0, Math.floor(shareOf(limit) * rows)));
  return Array.from({ length: rows }, (_, fromTop) => {
    const row = rows - 1 - fromTop;
    const onLimit = row === limitRow;
    const free: Span = onLimit ? { text: glyphs.rule, style: 'limit' } : { text: ' ', style: 'text' };
    const bars = shown.map((value): Span => {
      const fill = value === undefined ? 0 : fillOf(shareOf(value), row, rows);
      const level = Math.round(fill * glyphs.levels.length);
      // The lowest row shows at least that something was measured.
      const seen = value !== undefined && row === 0 ? Math.max(1, level) : level;
      return seen === 0 ? free : { text: glyphs.levels[seen - 1] ?? glyphs.fill, style };
    });
    const lead = Array.from({ length: width - bars.length }, () => free);
    const label =
      onLimit && limit !== undefined ? formatNumber(limit) : fromTop === 0 ? formatNumber(range.maximum) : row === 0 ? formatNumber(range.minimum) : '';
    return [cell(label, AXIS - 1, onLimit ? 'limit' : 'muted', 'left'), { text: ' ', style: 'text' }, ...joined([...lead, ...bars])];
  });
}
