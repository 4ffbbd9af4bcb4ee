// One rollout as one line: sign, name, step, state, weight asked and real, the canary's metric, time left, age, reason.

import { sanitise, textWidth } from '../../../lib/text-width.js';
import { asOfText, bannerOf, clusterWidth, shortName } from '../../cluster-words.js';
import { currentRuns, indexOf, setWithHash } from '../../board.js';
import type { RolloutFacts } from '../../facts.js';
import type { Span, StyledLine } from '../../frame.js';
import { formatNumber, latestValue, type MetricSeries, readSeries } from '../../metric-series.js';
import { chartRange } from '../../chart-range.js';
import { moodSign, rolloutMood, rolloutStyle, stateWord } from '../../mood.js';
import { focusOf, type Model, snapshotOf } from '../../model.js';
import { ownerText, WAITING_WORDS } from '../../owner.js';
import { timeAt } from '../../../lib/read.js';
import { rememberWith } from '../../../lib/remember.js';
import { explain, timeLeftMs } from '../../reason.js';
import { findFailingMiss, fitMiss, limitText } from '../../reason-analysis.js';
import { readRealWeight } from '../../route-weight.js';
import { sidesOf } from '../../sides.js';
import { sightOf } from '../../sight.js';
import { blank, cell, cutLine, gauge, lineWidth, raise, span, sparkline } from '../../spans.js';
import { shortKey } from '../../short-words.js';
import type { StyleName } from '../../style.js';
import { leftText, roughAgeText } from '../../time-words.js';
import { type Column, GAP, withFailing } from './columns.js';
import { signWidth } from '../../glyphs.js';
import { serverNow } from '../../server-now.js';

const SECOND_MS = 1000;

export function reasonOf(model: Model, facts: RolloutFacts): ReturnType<typeof explain> {
  return explain(sightOf(model, facts));
}

/** The sentence behind its word; where that does not fit whole, what matters most of it. */
function whyText(model: Model, facts: RolloutFacts, width: number, word = ''): string {
  const { sentence, fit } = reasonOf(model, facts);
  const why = sentence.startsWith(word) ? sentence : `${word}: ${sentence}`;
  return fit === undefined || textWidth(sanitise(why)) <= width ? why : fit(width);
}

/** The metric to show in one line: one that has failed or is failing, else the first with numbers. */
function chooseSeries(series: readonly MetricSeries[]): MetricSeries | undefined {
  const measured = series.filter(({ points }) => points.some(({ value }) => value !== undefined));
  return (
    measured.find(({ phase }) => phase === 'Failed' || phase === 'Error') ??
    measured.find(({ failed, dryRun }) => failed > 0 && !dryRun) ??
    measured[0] ??
    series[0]
  );
}

export function seriesStyle(series: MetricSeries): StyleName {
  const last = series.points.at(-1)?.phase;
  if (series.phase === 'Failed' || series.phase === 'Error' || last === 'Failed' || last === 'Error') return 'bad';
  return last === 'Inconclusive' ? 'attention' : 'good';
}

function valueText(model: Model, series: MetricSeries | undefined): string {
  if (series === undefined) return '';
  const value = latestValue(series);
  if (value === undefined)
    return series.points.length === 0 ? `${series.name} no data yet` : `${series.name} ${series.points.at(-1)?.phase.toLowerCase() ?? ''}`;
  const limit = series.limit === undefined ? '' : ` (${limitText(series.limit, model.glyphs.atLeast, model.glyphs.atMost)})`;
  return `${formatNumber(value)}${limit} ${series.name}`;
}

function stepText(model: Model, facts: RolloutFacts): string {
  if (facts.stepIndex === undefined || !facts.inFlight) return model.glyphs.none;
  return `${Math.min(facts.aborted ? 0 : facts.stepIndex + 1, facts.steps.length)}/${facts.steps.length}`;
}

const keptWhy = rememberWith<string>();

/** Why it is in that state, in the list's last column; "" where it needs no reason, or there is no room. A sentence may tell any of the moment. */
function whyOf(model: Model, facts: RolloutFacts, columns: readonly Column[]): string {
  const width = columns.find(({ id }) => id === 'why')?.width;
  if (width === undefined || facts.phase === 'Healthy') return '';
  const { driver, driftSince, index, now, utcOffsetMinutes } = sightOf(model, facts);
  const parts = [...Object.values(index), width, Math.floor(now / SECOND_MS), driver, driftSince, utcOffsetMinutes];
  return keptWhy(facts, parts, () => whyText(model, facts, width));
}

const leftOf = (model: Model, facts: RolloutFacts): string => {
  const leftMs = timeLeftMs(facts, serverNow(model, facts.cluster));
  return leftMs === undefined ? model.glyphs.none : leftText(leftMs);
};

function ageOf(model: Model, facts: RolloutFacts): string {
  const set = setWithHash(indexOf(model.board, facts), facts, facts.canaryHash);
  return roughAgeText(timeAt(set ?? facts.object, 'metadata', 'creationTimestamp'), serverNow(model, facts.cluster));
}

/** The name of its cluster, and where that is lost the moment as of which the row is. */
function clusterCell(model: Model, cluster: string, width: number): StyledLine {
  const name = shortName(model, cluster);
  const banner = bannerOf(model, cluster);
  return [span(name, banner === 'title' ? 'muted' : banner), cell(asOfText(model, cluster), Math.max(0, width - textWidth(name)), 'attention')];
}

/** Rows of a cluster that is lost are grey; where all are of one cluster, the whole screen is. */
function isStale(model: Model, { cluster }: RolloutFacts): boolean {
  return focusOf(model) === undefined && snapshotOf(model, cluster)?.connection.type === 'lost';
}

const greyed = (line: StyledLine): StyledLine => line.map((each) => ({ ...each, style: 'stale' }));

/** Everything for the cells that costs something, made once for a row. */
function cellsOf(model: Model, facts: RolloutFacts, columns: readonly Column[]): (column: Column) => StyledLine {
  const { glyphs } = model;
  const index = indexOf(model.board, facts);
  const real = readRealWeight(facts, index);
  const series = chooseSeries(readSeries(currentRuns(index, facts), sidesOf(facts)));
  const shows = facts.inFlight && facts.strategy === 'canary';
  const miss = facts.failing ? findFailingMiss(currentRuns(index, facts)) : undefined;
  const percent = (value: number | undefined): string => (!shows || value === undefined ? glyphs.none : `${Math.round(value)}%`);
  return ({ id, width, side }) => {
    switch (id) {
      case 'name':
        return [cell(shortKey(facts.key, width), width, 'text', side)];
      case 'cluster':
        return clusterCell(model, facts.cluster, width);
      case 'step':
        return [cell(stepText(model, facts), width, 'text', side)];
      case 'state':
        return [cell(stateWord(facts), width, rolloutStyle(facts), side)];
      case 'gauge':
        return shows ? gauge(glyphs, facts.askedPercent, width, 'canary') : [blank(width)];
      case 'weight':
        return [cell(percent(facts.askedPercent), width, 'text', side)];
      case 'real':
        return [cell(percent(real.canaryPercent), width, real.problem !== undefined || (shows && !real.agrees) ? 'attention' : 'text', side)];
      case 'metric':
        return series === undefined || !series.points.some(({ value }) => value !== undefined)
          ? [blank(width)]
          : [
              cell(
                sparkline(
                  glyphs,
                  series.points.map(({ value }) => value),
                  width,
                  chartRange([series]),
                ),
                width,
                seriesStyle(series),
              ),
            ];
      case 'failing':
        return [cell(miss === undefined ? '' : fitMiss(miss, width), width, 'bad', side)];
      case 'value':
        return [cell(valueText(model, series), width, series !== undefined && seriesStyle(series) === 'bad' ? 'bad' : 'muted', side)];
      case 'left':
        return [cell(leftOf(model, facts), width, 'text', side)];
      case 'age':
        return [cell(ageOf(model, facts), width, 'muted', side)];
      case 'why':
        return [cell(whyOf(model, facts, columns), width, 'muted', side)];
    }
  };
}

function signSpan(model: Model, facts: RolloutFacts): Span {
  return cell(moodSign(model.glyphs, rolloutMood(facts)), signWidth(model.glyphs), facts.phase === 'Healthy' ? 'good' : rolloutStyle(facts));
}

function withCursor(model: Model, line: StyledLine, selected: boolean): StyledLine {
  const edge = selected ? span(model.glyphs.cursor, 'selected') : blank(1);
  return selected ? raise([edge, ...line], model.size.columns) : cutLine([edge, ...line], model.size.columns);
}

/** A mark is for the next act, and stands where a favourite has its sign: the cursor's place is its own. */
function markSpan({ list, glyphs }: Model, { key }: RolloutFacts): Span {
  if (list.marks.has(key)) return span(glyphs.mark, 'attention');
  return list.favourites.has(key) ? span(glyphs.favourite, 'progress') : blank(1);
}

type Row = { readonly line: StyledLine; readonly unselected: StyledLine };

/** All that a row is made from besides its facts: of the moment no more than the texts that it comes to. */
function partsOf(model: Model, facts: RolloutFacts, columns: readonly Column[]): readonly unknown[] {
  const { cluster, key } = facts;
  const among = columns.some(({ id }) => id === 'cluster') ? [shortName(model, cluster), bannerOf(model, cluster), asOfText(model, cluster)] : [];
  return [
    ...Object.values(indexOf(model.board, facts)),
    columns,
    model.glyphs,
    model.size.columns,
    model.list.marks.has(key),
    model.list.favourites.has(key),
    isStale(model, facts),
    leftOf(model, facts),
    ageOf(model, facts),
    whyOf(model, facts, columns),
    ...among,
  ];
}

function makeRow(model: Model, facts: RolloutFacts, columns: readonly Column[]): Row {
  const make = cellsOf(model, facts, columns);
  const cells = (facts.failing ? withFailing(columns) : columns).flatMap((column, place) => [...(place === 0 ? [] : [blank(GAP)]), ...make(column)]);
  const own = [signSpan(model, facts), markSpan(model, facts), ...cells];
  const line = isStale(model, facts) ? greyed(own) : own;
  return { line, unselected: withCursor(model, line, false) };
}

const keptRow = rememberWith<Row>();

export function rolloutLine(model: Model, facts: RolloutFacts, columns: readonly Column[], selected: boolean): StyledLine {
  const row = keptRow(facts, partsOf(model, facts, columns), () => makeRow(model, facts, columns));
  return selected ? withCursor(model, row.line, true) : row.unselected;
}

const OWNER = 24;
const OWNER_COLUMNS = 120;

/** A rollout that waits for a person: name, step, why (the longest part), weight asked and real where there is room. */
export function waitingLine(model: Model, facts: RolloutFacts, nameWidth: number, selected: boolean): StyledLine {
  const { columns } = model.size;
  const real = readRealWeight(facts, indexOf(model.board, facts)).canaryPercent;
  const weight =
    facts.inFlight && facts.strategy === 'canary' && columns >= 100
      ? `asked ${`${Math.round(facts.askedPercent)}%`.padStart(4)} real ${(real === undefined ? model.glyphs.none : `${Math.round(real)}%`).padStart(4)}`
      : '';
  const owner = columns >= OWNER_COLUMNS ? ownerText(facts) : '';
  const wide = clusterWidth(model);
  const cluster = wide === 0 ? [] : [...clusterCell(model, facts.cluster, wide), blank(1)];
  const lead = 1 + signWidth(model.glyphs) + 1 + nameWidth + 1 + lineWidth(cluster) + 5 + 1;
  const room = Math.max(0, columns - lead - (weight === '' ? 0 : weight.length + 2) - (owner === '' ? 0 : OWNER + 2));
  const why = whyText(model, facts, room, facts.waiting === undefined ? '' : WAITING_WORDS[facts.waiting.why]);
  const style = rolloutStyle(facts);
  const line = [
    signSpan(model, facts),
    markSpan(model, facts),
    cell(shortKey(facts.key, nameWidth), nameWidth, 'strong'),
    blank(1),
    ...cluster,
    cell(stepText(model, facts), 5),
    blank(1),
    cell(why, room, style),
    ...(owner === '' ? [] : [blank(2), cell(owner, OWNER, 'muted')]),
    ...(weight === '' ? [] : [blank(2), span(weight)]),
  ];
  return withCursor(model, isStale(model, facts) ? greyed(line) : line, selected);
}
