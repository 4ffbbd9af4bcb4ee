// A screen as data. The console makes one for every change; only `terminal/` knows how it gets onto a tty.

import type { StyleName } from './style.js';

export type Size = { readonly columns: number; readonly rows: number };

export type Rect = { readonly left: number; readonly top: number; readonly columns: number; readonly rows: number };

export type Span = {
  readonly text: string;
  readonly style: StyleName;
  /** On the line of the cursor: the background of the style `selected` lies behind the span's own colour. */
  readonly raised?: true;
  /** Where a click leads, on terminals that have that. */
  readonly link?: string;
};

/** From left to right; what is not covered is blank. Never wider than its pane: whoever makes it cuts it. */
export type StyledLine = readonly Span[];

export type ChartSeries = { readonly label: string; readonly style: StyleName; readonly points: readonly (number | undefined)[] };

export type PaneBody =
  /** One line for each row; missing ones are blank. */
  | { readonly type: 'text'; readonly lines: readonly StyledLine[] }
  /** A line chart with its limit drawn through it. The points of all series stand at the same places. */
  | {
      readonly type: 'line-chart';
      readonly series: readonly ChartSeries[];
      readonly labels: readonly string[];
      readonly minimum: number;
      readonly maximum: number;
      /** Said in place of a chart without points. */
      readonly empty: string;
    };

export type Pane = {
  /** Stable from frame to frame: by it a chart keeps its widget. */
  readonly id: string;
  readonly box: Rect;
  readonly body: PaneBody;
};

export type Frame = {
  readonly size: Size;
  /** Painted in order; later panes lie over earlier ones (questions, help). */
  readonly panes: readonly Pane[];
  /** Rings the terminal's bell once when this number grows. */
  readonly bells: number;
  /** The window title. */
  readonly title: string;
};
