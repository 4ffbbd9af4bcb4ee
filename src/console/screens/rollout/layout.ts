// Where the parts of the screen `rollout` stand: three columns on a wide terminal, one below the other on a small one,
// where the section that has the cursor gets the room that the others give up.

import type { Rect, Size } from '../../frame.js';
import type { Section } from '../../model.js';

export type Part = { readonly rule: Rect; readonly box: Rect };

export type DetailLayout = {
  readonly wide: boolean;
  readonly sentence: Rect;
  readonly traffic: Part;
  readonly steps: Part;
  readonly metrics: Part;
  readonly revisions: Part;
  readonly footer: number;
};

export const WIDE_COLUMNS = 110;
const WIDE_ROWS = 20;

const TRAFFIC = { least: 45, most: 64, share: 0.36 };
const STEPS = { least: 30, most: 44, share: 0.24 };
const HIGHEST_TOP = 14;

export type DetailContent = {
  readonly staleRows: number;
  readonly sentenceRows: number;
  readonly stepCount: number;
  readonly metricCount: number;
  readonly trafficRows: number;
};

function part(left: number, top: number, columns: number, rows: number): Part {
  return { rule: { left, top, columns, rows: 1 }, box: { left, top: top + 1, columns, rows } };
}

type Breadth = { readonly least: number; readonly most: number; readonly share: number };

const widthOf = ({ least, most, share: part }: Breadth, columns: number): number => Math.min(most, Math.max(least, Math.floor(columns * part)));

function layoutWide(size: Size, content: DetailContent): DetailLayout {
  const top = 1 + content.staleRows + content.sentenceRows;
  const rows = Math.min(HIGHEST_TOP, Math.max(6, Math.floor((size.rows - top - 3) * 0.4)));
  const [trafficColumns, stepsColumns] = [widthOf(TRAFFIC, size.columns), widthOf(STEPS, size.columns)];
  const traffic = part(0, top, trafficColumns, rows);
  const steps = part(trafficColumns + 1, top, stepsColumns, rows);
  const left = trafficColumns + stepsColumns + 2;
  const metrics = part(left, top, size.columns - left, rows);
  const below = top + 1 + rows;
  return {
    wide: true,
    sentence: { left: 0, top: 1 + content.staleRows, columns: size.columns, rows: content.sentenceRows },
    traffic,
    steps,
    metrics,
    revisions: part(0, below, size.columns, Math.max(0, size.rows - below - 2)),
    footer: size.rows - 1,
  };
}

/** Rows for steps, metrics and revisions out of `free`: a little for each, the rest for the one with the cursor. */
function share(free: number, section: Section, content: DetailContent): Record<Section, number> {
  const least: Record<Section, number> = {
    steps: Math.min(3, Math.max(1, content.stepCount)),
    metrics: Math.min(2, Math.max(1, content.metricCount)),
    revisions: 3,
  };
  const most: Record<Section, number> = { steps: Math.max(1, content.stepCount), metrics: Math.max(7, content.metricCount + 6), revisions: 1000 };
  const rows = { ...least };
  let left = free - least.steps - least.metrics - least.revisions;
  if (left < 0) {
    // Too small for all: what has the cursor stays, the others go.
    const others: Record<Section, number> = { steps: 0, metrics: 0, revisions: 0 };
    return { ...others, [section]: Math.max(0, free) };
  }
  for (const each of [section, 'revisions', 'steps', 'metrics'] as const) {
    const more = Math.min(left, most[each] - rows[each]);
    rows[each] += Math.max(0, more);
    left -= Math.max(0, more);
  }
  return rows;
}

function layoutNarrow(size: Size, content: DetailContent, section: Section): DetailLayout {
  const top = 1 + content.staleRows + content.sentenceRows;
  const trafficRows = Math.min(content.trafficRows, Math.max(0, size.rows - top - 6));
  const rows = share(size.rows - top - trafficRows - 5, section, content);
  const traffic = part(0, top, size.columns, trafficRows);
  const steps = part(0, traffic.box.top + trafficRows, size.columns, rows.steps);
  const metrics = part(0, steps.box.top + rows.steps, size.columns, rows.metrics);
  const revisions = part(0, metrics.box.top + rows.metrics, size.columns, rows.revisions);
  const sentence = { left: 0, top: 1 + content.staleRows, columns: size.columns, rows: content.sentenceRows };
  return { wide: false, sentence, traffic, steps, metrics, revisions, footer: size.rows - 1 };
}

export function layoutDetail(size: Size, content: DetailContent, section: Section): DetailLayout {
  return size.columns >= WIDE_COLUMNS && size.rows >= WIDE_ROWS ? layoutWide(size, content) : layoutNarrow(size, content, section);
}
