// A pane with blessed-contrib's line chart. The widget is made at its first use, appended before it gets data, told of
// its new size by hand, and never given what makes it throw (it throws strings): no points, unknown points, a flat scale.

import type { BlessedElement, BlessedScreen } from 'blessed';
import type { LineChart } from 'blessed-contrib/lib/widget/charts/line.js';
import type { PaneBody, Rect } from '../../console/frame.js';
import type { Attributes } from '../attributes.js';

export type ChartBody = PaneBody & { readonly type: 'line-chart' };

export type LineChartPane = {
  readonly element: BlessedElement;
  set(box: Rect, body: ChartBody, attributes: Attributes): void;
};

export type LineChartFactory = (options: Readonly<Record<string, unknown>>) => LineChart;

/** The narrowest box that contrib's chart draws without running over its own axis. */
export const LEAST_CHART = { columns: 20, rows: 5 };

/** Unknown points take the value before them, so that the line goes on; leading ones take the first known value. */
function continuous(points: readonly (number | undefined)[]): number[] {
  let last = points.find((point) => point !== undefined && Number.isFinite(point)) ?? 0;
  return points.map((point) => {
    if (point !== undefined && Number.isFinite(point)) last = point;
    return last;
  });
}

export function createLineChartPane(factory: LineChartFactory, screen: BlessedScreen): LineChartPane {
  const chart = factory({
    left: 0,
    top: 0,
    width: LEAST_CHART.columns,
    height: LEAST_CHART.rows,
    showLegend: false,
    numYLabels: 4,
    xPadding: 2,
    xLabelPadding: 2,
  });
  screen.append(chart);
  let size = '';
  return {
    element: chart,
    set(box, body, attributes) {
      chart.position = { left: box.left, top: box.top, width: box.columns, height: box.rows };
      const nextSize = `${box.columns}x${box.rows}`;
      if (nextSize !== size) {
        size = nextSize;
        chart.emit('attach');
      }
      const flat = body.maximum <= body.minimum;
      chart.options.minY = flat ? body.minimum - 1 : body.minimum;
      chart.options.maxY = flat ? body.maximum + 1 : body.maximum;
      chart.options.style.text = attributes.chartColour('muted');
      chart.options.style.baseline = attributes.chartColour('rule');
      const clamp = (value: number): number => Math.min(chart.options.maxY, Math.max(chart.options.minY, value));
      const series = body.series.filter(({ points }) => points.some((point) => point !== undefined && Number.isFinite(point)));
      if (series.length === 0) return;
      chart.setData(
        series.map(({ label, style, points }) => ({
          title: label,
          x: [...body.labels],
          y: continuous(points).map(clamp),
          style: { line: attributes.chartColour(style) },
        })),
      );
    },
  };
}

/** True when there is something to draw and room for it; otherwise the pane says why as text. */
export function canDraw(box: Rect, body: ChartBody): boolean {
  const hasPoints = body.series.some(({ points }) => points.some((point) => point !== undefined && Number.isFinite(point)));
  return hasPoints && box.columns >= LEAST_CHART.columns && box.rows >= LEAST_CHART.rows;
}
