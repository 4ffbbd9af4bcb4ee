// The screen `why`: one sentence, the next safe act, the evidence, and what else is not well.

import { sanitise, wrap } from '../../lib/text-width.js';
import type { RolloutFacts } from '../facts.js';
import { type Explanation, explainWhole } from '../explain/explanation.js';
import type { StyledLine } from '../frame.js';
import { keyText } from '../keymap.js';
import { moodSign, rolloutMood } from '../mood.js';
import type { Model } from '../model.js';
import type { PageScreen } from '../page-screen.js';
import { cell, span } from '../spans.js';
import { sightOf } from '../sight.js';
import type { StyleName } from '../style.js';
import { textWidth } from '../../lib/text-width.js';

const LONGEST_TEXT_ROWS = 6;
const LABEL = 6;
const WIDEST_ABOUT = 40;

const LEVEL_STYLES: Readonly<Record<Explanation['level'], StyleName>> = {
  good: 'good',
  progress: 'progress',
  attention: 'attention',
  bad: 'bad',
  unknown: 'unknown',
};

function labelled(label: string, labelWidth: number, text: string, width: number, style: StyleName = 'text'): readonly StyledLine[] {
  return wrap(sanitise(text), width - labelWidth - 1, LONGEST_TEXT_ROWS).map((line, place) => [
    cell(place === 0 ? label : '', labelWidth, 'muted'),
    span(' '),
    span(line, style),
  ]);
}

function actWords(model: Model, { act }: Explanation): string {
  const key = act.action === undefined ? undefined : keyText(model.keymap, act.action, model.glyphs.ascii);
  return key === undefined ? act.words : `${act.words} (${key})`;
}

function table(rows: readonly { readonly about: string; readonly text: string }[], width: number): readonly StyledLine[] {
  const about = Math.min(
    WIDEST_ABOUT,
    Math.floor(width / 2),
    rows.reduce((most, row) => Math.max(most, textWidth(sanitise(row.about))), 0),
  );
  return rows.flatMap((row) => labelled(row.about, about, row.text, width).map((line): StyledLine => [span('  '), ...line]));
}

function linesOf(model: Model, facts: RolloutFacts): readonly StyledLine[] {
  const width = model.size.columns - 3;
  const found = explainWhole(sightOf(model, facts));
  const style = LEVEL_STYLES[found.level];
  const sign = moodSign(model.glyphs, rolloutMood(facts));
  const place =
    facts.stepIndex === undefined || facts.stepIndex >= facts.steps.length || facts.aborted ? '' : ` at step ${facts.stepIndex + 1} of ${facts.steps.length}`;
  const evidence = found.evidence.length === 0 ? [] : [[], [span('What this is concluded from', 'title')], ...table(found.evidence, width)];
  const also = found.also.map(({ cause, sentence }) => ({ about: cause, text: sentence }));
  return [
    [span(`${sign} ${facts.phase}${place}`, style)],
    ...wrap(sanitise(`${found.sentence.charAt(0).toUpperCase()}${found.sentence.slice(1).replace(/\.$/, '')}.`), width, LONGEST_TEXT_ROWS).map(
      (line): StyledLine => [span(line, style)],
    ),
    [],
    ...labelled('next', LABEL, actWords(model, found), width, 'strong'),
    ...labelled('cause', LABEL, found.cause, width),
    ...evidence,
    ...(also.length === 0 ? [] : [[], [span('Also', 'title')], ...table(also, width)]),
  ];
}

export const whyScreen: PageScreen = {
  id: 'why',
  word: 'why',
  form: 'text',
  contents(model, page) {
    const facts = model.board.byKey.get(page.key);
    const lines = facts === undefined ? [] : linesOf(model, facts);
    return { title: `Why ${page.key} is where it is`, empty: 'it no longer exists', lines: lines.map((line, place) => ({ id: String(place), line })) };
  },
};
