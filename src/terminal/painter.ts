// A Frame into the cells of a blessed screen; nothing is written here.

import type { BlessedElement, BlessedScreen, CellLine } from 'blessed';
import type { Frame, Pane, Rect, StyledLine } from '../console/frame.js';
import type { Attributes } from './attributes.js';
import type { Links } from './links.js';
import { canDraw, createLineChartPane, type LineChartFactory, type LineChartPane } from './panes/line-chart.js';
import { createRows, type Piece } from './rows.js';

/** Tells the rows that differ now. */
export type Painter = (frame: Frame, attributes: Attributes) => ReadonlySet<number>;

const contentOf = (line: CellLine | undefined): string => (line ?? []).map(([attribute, character]) => `${attribute}${character}`).join('');

/** `onChart` is called when a chart that came late has been put in place. */
export function createPainter(screen: BlessedScreen, links: Links, onChart: () => void): Painter {
  const rows = createRows(screen, links);
  const charts = new Map<string, LineChartPane>();
  let chartFactory: LineChartFactory | undefined;
  let loading = false;
  let last: { readonly frame: Frame; readonly attributes: Attributes } | undefined;

  // contrib's charts cost as much to load as the rest of the screen: only a frame that has one pays, after it is shown.
  const loadCharts = (): void => {
    if (loading) return;
    loading = true;
    void import('blessed-contrib/lib/widget/charts/line.js').then((module) => {
      chartFactory = module.default;
      if (last === undefined) return;
      paint(last.frame, last.attributes);
      onChart();
    });
  };

  const chartOf = ({ id, box, body }: Pane, attributes: Attributes): BlessedElement | undefined => {
    if (body.type !== 'line-chart' || !canDraw(box, body)) return undefined;
    if (chartFactory === undefined) {
      loadCharts();
      return undefined;
    }
    const chart = charts.get(id) ?? createLineChartPane(chartFactory, screen);
    charts.set(id, chart);
    chart.set(box, body, attributes);
    return chart.element;
  };

  const paint: Painter = (frame, attributes) => {
    last = { frame, attributes };
    const pieces: Piece[][] = screen.lines.map(() => []);
    /** What was shown where charts are painted now. */
    const charted = new Map<number, string>();
    const elements: BlessedElement[] = [];
    for (const pane of frame.panes) {
      const { box, body } = pane;
      const chart = chartOf(pane, attributes);
      const lines = chart === undefined ? linesOf(box, body) : [];
      for (let row = Math.max(box.top, 0); row < Math.min(box.top + box.rows, pieces.length); row += 1) {
        if (chart === undefined) pieces[row]?.push({ box, line: lines[row - box.top] ?? [] });
        else {
          // It paints over what lies under it; whatever comes after it lies over it.
          if (charted.has(row)) rows.putOver(row, pieces[row] ?? [], attributes);
          else {
            charted.set(row, contentOf(screen.lines[row]));
            rows.put(row, pieces[row] ?? [], attributes);
            rows.forget(row);
          }
          pieces[row] = [];
        }
      }
      if (chart === undefined) continue;
      elements.push(chart);
      screen.children = elements;
      chart.render();
    }
    const isChanged = (row: number, own: readonly Piece[]): boolean => {
      const before = charted.get(row);
      if (before === undefined) return rows.put(row, own, attributes);
      rows.putOver(row, own, attributes);
      return before !== contentOf(screen.lines[row]);
    };
    return new Set([...pieces.keys()].filter((row) => isChanged(row, pieces[row] ?? [])));
  };
  return paint;
}

function linesOf(box: Rect, body: Pane['body']): readonly StyledLine[] {
  if (body.type === 'text') return body.lines;
  return [[{ text: body.empty.slice(0, box.columns), style: 'muted' }]];
}
