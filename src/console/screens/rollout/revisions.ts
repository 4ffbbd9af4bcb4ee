// The part "Revisions": the tree with its columns aligned over all depths: name, state, info, age.

import { textWidth } from '../../../lib/text-width.js';
import type { StyledLine } from '../../frame.js';
import { type Glyphs, signWidth } from '../../glyphs.js';
import { moodSign, moodStyle } from '../../mood.js';
import { type DetailState, focusOf, type Model } from '../../model.js';
import { blank, cell, raise, span } from '../../spans.js';
import type { StyleName } from '../../style.js';
import { ageText } from '../../time-words.js';
import type { TreeRow } from '../../tree.js';
import { type DetailContents, findRow } from './contents.js';
import { serverNow } from '../../server-now.js';

const AGE = 6;
const INDENT = 2;

function kindSign(glyphs: Glyphs, kind: TreeRow['kind']): string {
  switch (kind) {
    case 'revision':
      return glyphs.revision;
    case 'replica-set':
      return glyphs.replicaSet;
    case 'pod':
      return glyphs.pod;
    case 'analysis-run':
      return glyphs.analysis;
    case 'experiment':
      return glyphs.experiment;
    case 'around':
      return glyphs.neutral;
    case 'autoscaler':
      return glyphs.autoscaler;
    case 'budget':
      return glyphs.budget;
    case 'service':
      return glyphs.service;
    case 'route':
      return glyphs.route;
  }
}

function sideStyle(side: TreeRow['side']): StyleName {
  return side === 'past' ? 'muted' : side;
}

/** Names of pods and tags of images differ at their ends: what is cut is cut at the start. */
function keepEnd(name: string, width: number, mark: string): string {
  return textWidth(name) <= width || width <= mark.length ? name : mark + name.slice(name.length - width + mark.length);
}

type Widths = { readonly name: number; readonly state: number };

function stateSpans(glyphs: Glyphs, state: TreeRow['state'], width: number): StyledLine {
  const signs = signWidth(glyphs);
  if (state === undefined) return [blank(signs + 1 + width)];
  const style = moodStyle(state.mood);
  return [cell(moodSign(glyphs, state.mood), signs, style), blank(1), cell(state.word, width, style)];
}

function rowLine(model: Model, row: TreeRow, widths: Widths, columns: number, selected: boolean): StyledLine {
  const { glyphs } = model;
  const signs = signWidth(glyphs);
  const foldSign = row.open === undefined ? ' ' : row.open ? glyphs.open : glyphs.closed;
  const indent = row.depth * INDENT;
  const side: StyledLine = row.kind !== 'revision' ? [] : row.side === 'past' ? [] : [span(`  ${row.side}`, row.side)];
  const nameWidth = Math.max(1, widths.name - indent - side.reduce((sum, each) => sum + textWidth(each.text), 0));
  const stateWidth = signs + 1 + widths.state;
  const head = [blank(indent), span(`${foldSign} `, 'muted'), cell(kindSign(glyphs, row.kind), signs, 'muted'), blank(1)];
  const isRevision = row.kind === 'revision';
  const name = cell(
    isRevision ? row.name : keepEnd(row.name, nameWidth, glyphs.more),
    nameWidth,
    isRevision ? 'strong' : row.side === 'past' ? 'muted' : 'text',
  );
  const state = stateSpans(glyphs, row.state, widths.state);
  const room = Math.max(0, columns - (1 + INDENT + signs + 1 + widths.name + 1 + stateWidth + 2 + AGE + 1));
  const signed = row.info.replaceAll('✔', glyphs.good).replaceAll('✖', glyphs.bad).replaceAll('⚠', glyphs.warning);
  const shown = signed === '' || row.image === '' ? signed : `${signed}  `;
  const info = shown + keepEnd(row.image, room - textWidth(shown), glyphs.more);
  const line = [
    ...head,
    name,
    ...side,
    blank(1),
    ...state,
    blank(2),
    cell(info, room, row.kind === 'replica-set' ? sideStyle(row.side) : 'muted'),
    cell(ageText(row.since, serverNow(model, focusOf(model))), AGE, 'muted', 'left'),
    blank(1),
  ];
  return selected ? raise([span(glyphs.cursor, 'selected'), ...line], columns) : [blank(1), ...line];
}

export function revisionLines(model: Model, contents: DetailContents, detail: DetailState): readonly StyledLine[] {
  const { rows, layout } = contents;
  const { box } = layout.revisions;
  if (rows.length === 0) return [[span(' no ReplicaSet yet', 'muted')]];
  const cursor = findRow(rows, detail.row);
  const longest = rows.reduce((most, row) => Math.max(most, row.depth * INDENT + textWidth(row.name) + (row.kind === 'revision' ? 8 : 0)), 0);
  const words = rows.reduce((most, { state }) => Math.max(most, textWidth(state?.word ?? '')), 11);
  const widths = { name: Math.min(longest, Math.max(20, Math.floor(box.columns * 0.45))), state: Math.min(words, 18) };
  const selected = detail.section === 'revisions' ? cursor - detail.treeTop : -1;
  return rows.slice(detail.treeTop, detail.treeTop + box.rows).map((row, place) => rowLine(model, row, widths, box.columns, place === selected));
}
