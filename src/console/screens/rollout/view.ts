// The screen `rollout`: one rollout, whole: why it is where it is, traffic, steps, metrics, revisions.

import { footerLine } from '../../footer.js';
import { keyText } from '../../keymap.js';
import { headerLine, staleNotice } from '../../header.js';
import type { Pane, Rect, StyledLine } from '../../frame.js';
import { moodSign, rolloutMood, rolloutStyle } from '../../mood.js';
import { type DetailState, type Model, othersAt, type Section } from '../../model.js';
import { blank, cutLine, rule, span } from '../../spans.js';
import { nameOf, readKey } from '../../rollout-key.js';
import { routerName } from '../../tree.js';
import { type DetailContents, gatherDetail } from './contents.js';
import { metricPanes, metricsTitle } from './metrics.js';
import { revisionLines } from './revisions.js';
import { hereIfHidden, stepLines, stepRange } from './steps.js';
import { trafficLines } from './traffic.js';

function text(id: string, box: Rect, lines: readonly StyledLine[]): Pane {
  return { id, box, body: { type: 'text', lines: lines.map((line) => cutLine(line, box.columns)) } };
}

function placeParts(model: Model, key: string, contents: DetailContents | undefined): readonly StyledLine[] {
  const arrow = model.glyphs.ascii ? '/' : '›';
  const { namespace, name } = readKey(key);
  const path = [span(` ${arrow} ${namespace} ${arrow} `, 'muted'), span(name, 'title')];
  if (contents === undefined) return [path];
  const { facts } = contents;
  const revision = facts.revision === '' ? '' : ` ${model.glyphs.separator} revision ${facts.revision}`;
  const others = othersAt(model, facts);
  const also = others.length === 0 ? [] : [[span(`   also open at ${others.join(', ')}`, 'attention' as const)]];
  return [path, ...also, [span(`   ${facts.strategy} ${model.glyphs.separator} ${routerName(facts)}${revision}`, 'muted')]];
}

/** A title in its rule; the part that has the cursor is marked. */
function title(model: Model, name: string, section: Section, detail: DetailState): StyledLine {
  const { glyphs } = model;
  return detail.section === section ? [span(`${glyphs.here} `, 'title'), span(name, 'title')] : [span(name, 'title')];
}

function sentenceLines(model: Model, { facts, sentence }: DetailContents): readonly StyledLine[] {
  const sign = moodSign(model.glyphs, rolloutMood(facts));
  const style = facts.phase === 'Healthy' ? 'good' : rolloutStyle(facts);
  return sentence.map((line, place) => (place === 0 ? [span(` ${sign} `, style), span(line, style)] : [blank(sign.length + 2), span(line, style)]));
}

/** The lines between the columns, and where they meet the rules above and below. */
function separators(model: Model, { layout }: DetailContents): readonly Pane[] {
  if (!layout.wide) return [];
  const { glyphs } = model;
  return [layout.steps, layout.metrics].flatMap(({ box }, place) => {
    const left = box.left - 1;
    return [
      text(`tee-${place}`, { left, top: box.top - 1, columns: 1, rows: 1 }, [[{ text: glyphs.tee, style: 'rule' }]]),
      text(
        `separator-${place}`,
        { ...box, left, columns: 1 },
        Array.from({ length: box.rows }, () => [{ text: glyphs.bar, style: 'rule' as const }]),
      ),
    ];
  });
}

function feet(model: Model, { layout }: DetailContents): readonly Pane[] {
  if (!layout.wide) return [];
  const { top } = layout.revisions.rule;
  const foot: StyledLine = [{ text: model.glyphs.foot, style: 'rule' }];
  return [layout.steps, layout.metrics].map(({ box }, place) => text(`foot-${place}`, { left: box.left - 1, top, columns: 1, rows: 1 }, [foot]));
}

function rules(model: Model, contents: DetailContents, detail: DetailState): readonly Pane[] {
  const { glyphs } = model;
  const { layout, rows } = contents;
  const range =
    rows.length > layout.revisions.box.rows
      ? `${detail.treeTop + 1}-${Math.min(rows.length, detail.treeTop + layout.revisions.box.rows)} of ${rows.length}`
      : '';
  const note = (words: string): StyledLine => (words === '' ? [] : [span(words, 'muted')]);
  const metrics =
    detail.section === 'metrics'
      ? [span(`${glyphs.here} `, 'title'), ...metricsTitle(model, contents, detail.metric)]
      : metricsTitle(model, contents, detail.metric);
  const line = (id: string, box: Rect, words: StyledLine, end: StyledLine = []): Pane => text(id, box, [rule(glyphs, box.columns, words, end)]);
  return [
    line('rule-traffic', layout.traffic.rule, [span('Traffic', 'title')]),
    line('rule-steps', layout.steps.rule, [...title(model, 'Steps', 'steps', detail), ...hereIfHidden(contents)], note(stepRange(contents, detail.stepTop))),
    line('rule-metrics', layout.metrics.rule, metrics),
    line('rule-revisions', layout.revisions.rule, title(model, 'Revisions', 'revisions', detail), note(range)),
  ];
}

export function viewRollout(model: Model, detail: DetailState): readonly Pane[] {
  const { size } = model;
  const contents = gatherDetail(model, detail);
  const header = text('header', { left: 0, top: 0, columns: size.columns, rows: 1 }, [headerLine(model, placeParts(model, detail.key, contents))]);
  const footer = text('footer', { left: 0, top: size.rows - 1, columns: size.columns, rows: 1 }, [footerLine(model)]);
  const stale = staleNotice(model);
  if (contents === undefined) {
    const key = keyText(model.keymap, 'back', model.glyphs.ascii);
    const back = key === undefined ? [] : [span(key, 'key'), span(' goes back.')];
    const gone: StyledLine = [span(` ${nameOf(detail.key)} no longer exists. `, 'attention'), ...back];
    return [header, text('gone', { left: 0, top: 2, columns: size.columns, rows: 1 }, [gone]), footer];
  }
  const { layout } = contents;
  return [
    header,
    text('sentence', layout.sentence, sentenceLines(model, contents)),
    ...rules(model, contents, detail),
    ...separators(model, contents),
    ...feet(model, contents),
    text('traffic', layout.traffic.box, trafficLines(model, contents)),
    text('steps', layout.steps.box, stepLines(model, contents, detail.stepTop)),
    ...metricPanes(model, contents, detail.metric, detail.section === 'metrics'),
    text('revisions', layout.revisions.box, revisionLines(model, contents, detail)),
    ...(stale === undefined ? [] : [text('stale', { left: 0, top: 1, columns: size.columns, rows: 1 }, [stale])]),
    footer,
  ].filter(({ box }) => box.rows > 0 && box.columns > 0);
}
