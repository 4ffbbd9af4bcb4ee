// A Frame into the cells of a blessed screen; nothing is written here.

import blessed, { type BlessedScreen } from 'blessed';
import type { Frame, Pane, Rect, StyledLine } from '../console/frame.js';
import type { Attributes } from './attributes.js';
import type { Links } from './links.js';
import { canDraw, createLineChartPane, type LineChartFactory, type LineChartPane } from './panes/line-chart.js';
import { createTextPane, type TextPane } from './panes/text.js';

type PaneWidgets = { text: TextPane; chart: LineChartPane | undefined };

/** `onChart` is called when a chart that came late has been put in place. */
export function createPainter(screen: BlessedScreen, links: Links, onChart: () => void): (frame: Frame, attributes: Attributes) => void {
  const ground = createTextPane(blessed, screen, links);
  screen.append(ground.element);
  const widgets = new Map<string, PaneWidgets>();
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

  const place = (pane: Pane, attributes: Attributes): TextPane['element'] => {
    let widget = widgets.get(pane.id);
    if (widget === undefined) {
      widget = { text: createTextPane(blessed, screen, links), chart: undefined };
      screen.append(widget.text.element);
      widgets.set(pane.id, widget);
    }
    const { box, body } = pane;
    if (body.type === 'line-chart' && canDraw(box, body)) {
      if (chartFactory !== undefined) {
        widget.chart ??= createLineChartPane(chartFactory, screen);
        widget.chart.set(box, body, attributes);
        return widget.chart.element;
      }
      loadCharts();
    }
    widget.text.set(box, { type: 'text', lines: linesOf(box, body) }, attributes);
    return widget.text.element;
  };

  const paint = (frame: Frame, attributes: Attributes): void => {
    last = { frame, attributes };
    ground.set({ left: 0, top: 0, ...frame.size }, { type: 'text', lines: [] }, attributes);
    screen.children = [ground.element, ...frame.panes.map((pane) => place(pane, attributes))];
    screen.render();
  };
  return paint;
}

function linesOf(box: Rect, body: Pane['body']): readonly StyledLine[] {
  if (body.type === 'text') return body.lines;
  return [[{ text: body.empty.slice(0, box.columns), style: 'muted' }]];
}
