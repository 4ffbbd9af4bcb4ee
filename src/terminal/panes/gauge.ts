// A pane that is one bar made of parts, such as canary and stable. Drawn as text: contrib's gauge takes 1 for 100 % and
// lets a negative or unknown number draw over its neighbours.

import type { PaneBody, Span, StyledLine } from '../../console/frame.js';

const clampPercent = (percent: number): number => (Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0);

/** The bar on every row of the pane, each part as wide as its share; a part above 0 gets at least one column. */
export function gaugeLines(body: PaneBody & { readonly type: 'gauge' }, columns: number, rows: number, fill: string): StyledLine[] {
  let used = 0;
  const spans: Span[] = body.parts.map((part) => {
    const percent = clampPercent(part.percent);
    const wanted = Math.min(columns - used, percent > 0 ? Math.max(1, Math.round((percent * columns) / 100)) : 0);
    used += wanted;
    return { text: fill.repeat(wanted), style: part.style };
  });
  spans.push({ text: ' '.repeat(Math.max(0, columns - used)), style: 'gauge-rest' });
  return Array.from({ length: rows }, () => spans);
}
