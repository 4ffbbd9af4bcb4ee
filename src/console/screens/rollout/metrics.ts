// The part "Metrics": one metric as a chart with its limit where there is room, all of them as one line each.

import { sanitise } from '../../../lib/text-width.js';
import type { Pane, Rect, StyledLine } from '../../frame.js';
import { baselineValues, type Beside, besideOf, differenceText } from '../../beside.js';
import { blockChart } from '../../block-chart.js';
import { breaksLimit, chartRange } from '../../chart-range.js';
import { formatNumber, latestValue, type MetricSeries } from '../../metric-series.js';
import { moodSign, moodStyle } from '../../mood.js';
import type { RolloutFacts } from '../../facts.js';
import type { Model } from '../../model.js';
import type { Mood } from '../../pod-state.js';
import type { StyleName } from '../../style.js';
import { limitText, metricWord } from '../../reason-analysis.js';
import { OLD_MS } from '../../freshness.js';
import { sidesOf } from '../../sides.js';
import { serverNow } from '../../server-now.js';
import { blank, cell, cutLine, lineWidth, raise, span, sparkline } from '../../spans.js';
import { clockText } from '../../time-words.js';
import type { DetailContents } from './contents.js';

/** A line chart's axes take rows; below this, blocks show more. */
const LEAST_LINE_ROWS = 8;
const LEAST_CHART_ROWS = 3;
const LEAST_CHART_COLUMNS = 30;
const NARROW_COLUMNS = 70;

const MOODS: Readonly<Record<string, Mood>> = {
  Successful: 'good',
  Running: 'progress',
  Pending: 'waiting',
  Failed: 'bad',
  Error: 'warning',
  Inconclusive: 'unknown',
};

function counts(series: MetricSeries): string {
  const parts = [`${series.passed} passed`, `${series.failed} failed`];
  if (series.inconclusive > 0) parts.push(`${series.inconclusive} inconclusive`);
  if (series.errors > 0) parts.push(`${series.errors} errors`);
  return parts.join(', ') + (series.dryRun ? ' (dry run)' : '');
}

/** Where there is no room for words: passed and failed as signs. */
function shortCounts(model: Model, series: MetricSeries): string {
  return `${model.glyphs.good}${series.passed} ${model.glyphs.bad}${series.failed}${series.errors > 0 ? ` ${model.glyphs.warning}${series.errors}` : ''}`;
}

/** In place of a chart: jobs and the like bring no numbers. */
const blankWords = (series: MetricSeries): string =>
  series.points.some(({ phase }) => phase === 'Successful' || phase === 'Failed') ? 'no numbers' : series.cut === undefined ? 'no data yet' : 'no data';

/** Behind the counts: that more was to come. */
const earlyWords = (word: string, narrow: boolean): string => (word !== 'ended early' ? '' : narrow ? ' early' : ', ended early');

/** Name, bars, newest value, its limit and the counts; the reason when the last measurement failed as such. */
function seriesLine(model: Model, series: MetricSeries, facts: RolloutFacts, columns: number, nameWidth: number): StyledLine {
  const { glyphs } = model;
  const narrow = columns < NARROW_COLUMNS;
  const word = metricWord(series, facts);
  const mood = MOODS[word] ?? 'unknown';
  const bars = narrow
    ? Math.max(6, Math.min(12, columns - nameWidth - 23))
    : Math.max(6, Math.min(24, columns - nameWidth - 48 - earlyWords(word, false).length));
  const value = latestValue(series);
  const broken = breaksLimit(series);
  const limit = series.limit === undefined ? '' : limitText(series.limit, glyphs.atLeast, glyphs.atMost);
  const style: StyleName = series.failed + series.errors > 0 ? 'attention' : 'muted';
  const blind = series.points.at(-1)?.phase === 'Error';
  const drawn = sparkline(
    glyphs,
    series.points.map((point) => point.value),
    bars,
    chartRange([series]),
  );
  return [
    span(' '),
    span(moodSign(glyphs, mood), moodStyle(mood)),
    span(' '),
    cell(series.name, nameWidth),
    blank(1),
    value === undefined ? cell(blankWords(series), bars, 'muted') : cell(drawn, bars, broken ? 'bad' : 'good'),
    blank(1),
    cell(value === undefined ? '' : formatNumber(value), 6, broken ? 'bad' : 'strong', 'left'),
    blank(1),
    ...(narrow ? [] : [cell(limit, 9, 'muted'), blank(1)]),
    blind
      ? span(`${glyphs.warning} ${series.message ?? 'the last measurement failed'}`, 'bad')
      : span(`${narrow ? shortCounts(model, series) : counts(series)}${earlyWords(word, narrow)}`, style),
  ];
}

function blockPane(model: Model, series: MetricSeries, box: Rect): Pane {
  const values = series.points.map(({ value }) => value);
  const style = breaksLimit(series) ? 'bad' : 'canary';
  const known = values.some((value) => value !== undefined);
  const chart = { values, range: chartRange([series]), limit: series.limit?.value, style } as const;
  const lines = known ? blockChart(model.glyphs, chart, box.columns, box.rows) : [[span(` ${series.name}: ${blankWords(series)}`, 'muted')]];
  return { id: 'chart-blocks', box, body: { type: 'text', lines: lines.map((line) => cutLine(line, box.columns)) } };
}

/** With the baseline's values under the canary's, where both are measured. */
function chartPane(model: Model, one: MetricSeries, beside: Beside | undefined, box: Rect): Pane {
  if (box.rows < LEAST_LINE_ROWS) return blockPane(model, one, box);
  const series = beside?.canary ?? one;
  const range = chartRange(beside === undefined ? [series] : [series, beside.baseline]);
  const { limit } = series;
  const style = breaksLimit(series) ? 'bad' : 'canary';
  const points = series.points.map(({ value }) => value);
  const name = sanitise(series.name);
  const against = beside === undefined ? [] : [{ label: sanitise(beside.baseline.name), style: 'stable', points: baselineValues(beside) } as const];
  const lines = [...against, { label: name, style, points } as const];
  const limits = limit === undefined ? [] : [{ label: 'limit', style: 'limit', points: points.map(() => limit.value) } as const];
  const labels = series.points.map((point) => (point.at === undefined ? '' : clockText(point.at, model.utcOffsetMinutes)));
  return {
    id: 'chart',
    box,
    body: {
      type: 'line-chart',
      series: [...limits, ...lines],
      labels,
      minimum: range.minimum,
      maximum: range.maximum,
      empty: ` ${name}: ${blankWords(series)}`,
    },
  };
}

export function metricsTitle(model: Model, { facts, series, layout }: DetailContents, chosen: number): StyledLine {
  const one = series[chosen];
  if (one === undefined) return [span('Metrics', 'title')];
  const limit = one.limit === undefined ? [] : [span(` ${limitText(one.limit, model.glyphs.atLeast, model.glyphs.atMost)}`, 'limit')];
  const measuredAt = one.points.findLast(({ value }) => value !== undefined)?.at;
  // A number that was measured a while ago is no live one.
  const old =
    measuredAt === undefined || serverNow(model, facts.cluster) - measuredAt <= OLD_MS
      ? []
      : [span(` as of ${clockText(measuredAt, model.utcOffsetMinutes)}`, 'muted')];
  const beside = besideOf(one, series, sidesOf(facts));
  const difference = beside === undefined ? undefined : differenceText(beside);
  const against = difference === undefined ? [] : [span(` ${beside?.canary === one ? '' : 'canary '}${difference}`, 'stable')];
  const more = series.length > 1 ? [span(`  ${chosen + 1} of ${series.length}`, 'muted')] : [];
  const words = [span(one.name, 'strong'), ...limit, ...against, ...old, ...more];
  // The rule takes six cells, and the mark of the part that has the cursor two.
  const fits = (line: StyledLine): boolean => lineWidth(line) + 8 <= layout.metrics.box.columns;
  const whole = [span('Metrics ', 'title'), ...words];
  if (fits(whole)) return whole;
  // The limit is drawn in the chart, too; how far the two are apart is not.
  return fits(words) || difference === undefined ? words : [span(`${difference} `, 'stable'), span(one.name, 'strong')];
}

function emptyText({ facts, reason }: DetailContents): string {
  if (!facts.inFlight) return 'no analysis: nothing is on its way';
  return reason.cause === 'analysis' ? 'the analysis is about to start' : 'no analysis has run for this revision yet';
}

/** The chart lies above the lines; it gets what they leave, or nothing. */
export function metricPanes(model: Model, contents: DetailContents, chosen: number, focused: boolean): readonly Pane[] {
  const { series, layout } = contents;
  const { box } = layout.metrics;
  const text = (id: string, rect: Rect, lines: readonly StyledLine[]): Pane => ({
    id,
    box: rect,
    body: { type: 'text', lines: lines.map((line) => cutLine(line, rect.columns)) },
  });
  const one = series[chosen];
  if (one === undefined) return [text('metrics', box, [[span(` ${emptyText(contents)}`, 'muted')]])];
  const nameWidth = Math.min(
    24,
    series.reduce((most, { name }) => Math.max(most, name.length), 4),
  );
  const listRows = Math.min(series.length, Math.max(1, box.rows - LEAST_CHART_ROWS));
  const charted = box.rows - listRows >= LEAST_CHART_ROWS && box.columns >= LEAST_CHART_COLUMNS;
  const rows = charted ? listRows : Math.min(series.length, box.rows);
  const top = Math.min(Math.max(0, chosen - rows + 1), Math.max(0, series.length - rows));
  const lines = series.slice(top, top + rows).map((each, place) => {
    const line = seriesLine(model, each, contents.facts, box.columns, nameWidth);
    return focused && top + place === chosen ? raise(line, box.columns) : line;
  });
  const list = text('metrics', { ...box, top: box.top + box.rows - rows, rows }, lines);
  if (charted) return [chartPane(model, one, besideOf(one, series, sidesOf(contents.facts)), { ...box, rows: box.rows - rows }), list];
  return [text('metrics', box, lines)];
}
