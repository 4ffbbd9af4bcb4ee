// The part "Traffic": what is asked and what is real, for canary and stable, where the real number comes from, and the pods.

import { indexOf, setWithHash } from '../../board.js';
import type { StyledLine } from '../../frame.js';
import { driftOf, type Model } from '../../model.js';
import { comparePromise } from '../../promise.js';
import { DRIFT_MS } from '../../reason.js';
import { ageText } from '../../time-words.js';
import { blank, cell, gauge, span } from '../../spans.js';
import type { StyleName } from '../../style.js';
import { readyText, routerName } from '../../tree.js';
import type { DetailContents } from './contents.js';

const LABEL = 8;

function percentCell(value: number | undefined, width: number, style: StyleName, none: string): StyledLine {
  return [cell(value === undefined ? none : `${Math.round(value)}%`, width, style, 'left')];
}

type Side = { readonly name: 'canary' | 'stable'; readonly asked: number; readonly real: number | undefined; readonly pods: string };

function sidesOf(model: Model, { facts, real }: DetailContents): readonly Side[] {
  const index = indexOf(model.board, facts);
  const asked = facts.inFlight ? facts.askedPercent : 0;
  const share = facts.inFlight ? real.canaryPercent : real.from === 'routes' ? real.canaryPercent : 0;
  return [
    { name: 'canary', asked, real: share, pods: facts.inFlight ? readyText(setWithHash(index, facts, facts.canaryHash)) : model.glyphs.none },
    { name: 'stable', asked: 100 - asked, real: share === undefined ? undefined : 100 - share, pods: readyText(setWithHash(index, facts, facts.stableHash)) },
  ];
}

function wideSide(model: Model, side: Side, bar: number): StyledLine {
  const { glyphs } = model;
  return [
    span(' '),
    cell(side.name, LABEL - 1, side.name),
    ...gauge(glyphs, side.asked, bar, side.name),
    ...percentCell(side.asked, 5, 'text', glyphs.none),
    blank(2),
    ...gauge(glyphs, side.real, bar, side.name),
    ...percentCell(side.real, 5, 'text', glyphs.none),
  ];
}

function narrowSide(model: Model, side: Side, bar: number): StyledLine {
  const { glyphs } = model;
  return [
    span(' '),
    cell(side.name, LABEL - 1, side.name),
    span('asked ', 'muted'),
    ...gauge(glyphs, side.asked, bar, side.name),
    ...percentCell(side.asked, 5, 'text', glyphs.none),
    span('  real ', 'muted'),
    ...gauge(glyphs, side.real, bar, side.name),
    ...percentCell(side.real, 5, 'text', glyphs.none),
    span('  pods ', 'muted'),
    span(side.pods),
  ];
}

/** Each route object with its weights and whether it says what is asked. */
function routeLines(model: Model, { facts, real }: DetailContents): StyledLine[] {
  const { glyphs } = model;
  const label = (text: string): StyledLine => [span(' '), cell(text, LABEL - 1, 'muted')];
  if (real.from === 'pods') return [[...label('route'), span('none: the ready pods make it', 'muted')]];
  if (real.from !== 'routes')
    return [[...label('route'), span(`${routerName(facts)}: ${real.from === 'status' ? 'as the engine reports it' : 'not read back'}`, 'muted')]];
  const asked = facts.inFlight ? facts.askedPercent : 0;
  return real.objects.map((object) => {
    if (object.problem !== undefined) return [...label('route'), span(`${glyphs.bad} `, 'bad'), span(`${object.label} ${object.problem}`.trim(), 'bad')];
    const agrees = object.canary === Math.round((asked * facts.maximum) / 100);
    const mark: StyledLine = agrees ? [span(`${glyphs.good} `, 'good')] : [span(`${glyphs.differs} `, 'attention')];
    const weights = cell(`${object.canary ?? glyphs.none}/${object.stable ?? glyphs.none}`, 7, agrees ? 'strong' : 'attention');
    return [...label('route'), ...mark, weights, span(` ${object.label}`), span(agrees ? '' : ' differs from what is asked', 'attention')];
  });
}

const whole = (value: number | undefined, none: string): string => (value === undefined ? none : `${Math.round(value)}%`);

/** What the completed steps promise, the status claims and the route says, in one line; with its age when they differ. */
function promiseLine(model: Model, { facts }: DetailContents): StyledLine[] {
  const { glyphs, board, now } = model;
  const reading = comparePromise(facts, indexOf(board, facts));
  if (reading === undefined) return [];
  const { least, most } = reading.promised;
  const promised = least === most ? whole(least, '') : `${whole(least, '')} to ${whole(most, '')}`;
  const words = `${promised}  status ${whole(reading.status, glyphs.none)}  route ${whole(reading.route, glyphs.none)}`;
  const label = cell('promise', LABEL, 'muted');
  const since = driftOf(model, facts);
  if (reading.differences.length === 0 || since === undefined) return [[span(' '), label, span(words, 'muted')]];
  return [[span(' '), label, span(`${glyphs.bad} ${words}  for ${ageText(since, now)}`, now - since < DRIFT_MS ? 'attention' : 'bad')]];
}

export function trafficLines(model: Model, contents: DetailContents): readonly StyledLine[] {
  const { facts, layout } = contents;
  const { columns, rows } = layout.traffic.box;
  if (facts.strategy !== 'canary') return [[span(` ${facts.strategy}: the active Service decides`, 'muted')]];
  const sides = sidesOf(model, contents);
  const routes = routeLines(model, contents);
  if (!layout.wide) {
    const bar = Math.max(4, Math.min(30, Math.floor((columns - LABEL - 36) / 2)));
    const differs = driftOf(model, facts) !== undefined ? promiseLine(model, contents) : [];
    return [...sides.map((side) => narrowSide(model, side, bar)), ...differs, ...routes].slice(0, rows);
  }
  const bar = Math.max(4, Math.floor((columns - LABEL - 13) / 2));
  const head = [blank(LABEL), cell('asked', bar + 5, 'muted'), blank(2), cell('real', bar + 5, 'muted')];
  const pods = [span(' '), cell('pods', LABEL - 1, 'muted'), ...sides.flatMap(({ name, pods: count }) => [span(`${name} `, name), span(`${count}   `)])];
  return [head, ...sides.map((side) => wideSide(model, side, bar)), ...promiseLine(model, contents), ...routes, pods].slice(0, rows);
}
