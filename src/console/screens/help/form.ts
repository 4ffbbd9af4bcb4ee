// The form of every question: labelled lines, answers to be given one after the other, and the keys that answer.

import { sanitise, textWidth, wrap } from '../../../lib/text-width.js';
import type { ActionId } from '../../actions.js';
import type { StyledLine } from '../../frame.js';
import { keyText, keyTexts } from '../../keymap.js';
import type { Model } from '../../model.js';
import { type Field, type Question, takesText, yesAwaitedFrom } from '../../question.js';
import { blank, cell, cutLine, span } from '../../spans.js';
import type { StyleName } from '../../style.js';

export const LABEL = 8;

/** Labels of a person's own may be longer, so far. */
const MOST_LABEL = 24;

/** The box's own edges. */
export const FRAME_ROWS = 2;

/** Of a group, and of rows to choose from, so many are shown. */
export const MOST_ROWS = 8;

/** A text is told whole, however narrow the screen; what is longer was not written to be read. */
const MOST_TEXT_ROWS = 40;

/** Under it the answer must still have its place. */
const MOST_HINT_ROWS = 3;

export function labelled(label: string, text: string, width: number, style: StyleName = 'text', most = MOST_TEXT_ROWS): StyledLine[] {
  return wrap(sanitise(text), width - LABEL, most).map((line, place) => [cell(place === 0 ? label : '', LABEL, 'muted'), span(line, style)]);
}

function choiceLines({ label, rows = [], value }: Field, focused: boolean, width: number, labels: number, most: number): StyledLine[] {
  const at = Math.max(
    0,
    rows.findIndex((row) => row.value === value),
  );
  const first = Math.min(Math.max(0, at - most + 1), Math.max(0, rows.length - most));
  const shown = focused ? rows.slice(first, first + most) : rows.slice(at, at + 1);
  return shown.map((row, place) =>
    cutLine(
      [
        cell(place === 0 ? label : '', labels, 'muted'),
        span(row.value === value && focused ? '> ' : '  ', 'key'),
        span(row.text, row.value === value ? 'strong' : 'text'),
      ],
      width,
    ),
  );
}

function fieldLines(model: Model, question: Question, width: number): StyledLine[] {
  const longest = Math.max(0, ...question.fields.map(({ label }) => textWidth(sanitise(label))));
  const labels = longest <= LABEL ? LABEL : Math.min(MOST_LABEL, longest + 1);
  // On a small screen the rows leave room for what is told.
  const most = Math.min(MOST_ROWS, Math.max(2, Math.floor(model.size.rows / 2) - 2));
  return question.fields.flatMap((field, place): StyledLine[] => {
    const focused = place === question.focus && (question.moved === undefined || takesText(question));
    if (field.rows !== undefined) return choiceLines(field, focused, width, labels, most);
    const cursor = focused ? [span(model.glyphs.ascii ? '_' : '▁', 'key')] : [];
    const room = width - labels - 1;
    // The end of a long answer is what is being typed.
    const typed = field.secret === true ? '*'.repeat(field.value.length) : field.value;
    const value = typed.length > room ? typed.slice(-room) : typed;
    const hint = value === '' && field.hint !== undefined ? [span(` ${field.hint}`, 'muted')] : [];
    const asked = field.wanted === undefined || !focused ? [] : [[blank(labels), span(`type ${field.wanted} to go on`, 'muted')]];
    return [[cell(field.label, labels, focused ? 'key' : 'muted'), span(value, focused ? 'strong' : 'text'), ...cursor, ...hint], ...asked];
  });
}

/** "Set the image of" is a beginning; what is done is "set the image". */
const answerWords = (verb: string): string => `${verb.slice(0, 1).toLowerCase()}${verb.slice(1)}`.replace(/ of$/, '');

/** The keys that answer; when the question no longer holds, why, and how to ask again. */
function answerLines(model: Model, question: Question, width: number, unread: boolean): StyledLine[] {
  const { glyphs, keymap } = model;
  const { moved, proposal, fields, focus, level } = question;
  const key = (id: ActionId): StyledLine[number] => span(keyText(keymap, id, glyphs.ascii) ?? '', 'key');
  // The one that says no, and the one that a hand finds without looking.
  const no = keyTexts(keymap, 'question.no', glyphs.ascii)
    .slice(0, 2)
    .flatMap((text, place) => [...(place === 0 ? [] : [span(' or ')]), span(text, 'key')]);
  if (moved !== undefined) {
    const typing = takesText(question);
    return [
      ...labelled('moved', `While this stood here, ${moved}. It can not be answered with yes any more.`, width, 'bad'),
      [
        ...(question.type === 'act' ? [key(typing ? 'fields.next' : question.action), span(' ask again'), blank(4)] : []),
        ...(typing ? [key('fields.leave')] : no),
        span(' leave'),
      ],
    ];
  }
  const nothing = question.type === 'act' ? ' leave, change nothing' : ' leave, run nothing';
  const leave = (keys: StyledLine): StyledLine => [blank(4), ...keys, span(nothing)];
  if (focus < fields.length) {
    const last = focus === fields.length - 1 && level !== 'key';
    const choice = fields[focus]?.rows === undefined ? [] : [key('fields.up'), key('fields.down'), span(' choose'), blank(4)];
    return [[...choice, key('fields.next'), span(last ? ` ${answerWords(proposal.verb)}` : ' next'), ...leave([key('fields.leave')])]];
  }
  const counts = !unread && yesAwaitedFrom(question, model.now) === undefined;
  const yes = key('question.yes');
  return [[counts ? yes : { ...yes, style: 'key-off' }, span(` yes, ${answerWords(proposal.verb)}`, counts ? 'text' : 'key-off'), ...leave(no)]];
}

/** Under what is told: the answers, the keys, and why the last key did not count. */
export function answersOf(model: Model, question: Question, width: number, unread = false): readonly StyledLine[] {
  return [
    ...fieldLines(model, question, width),
    ...(question.fields.length > 0 ? [[]] : []),
    ...answerLines(model, question, width, unread),
    ...(question.hint === undefined ? [] : labelled('', question.hint, width, 'attention', MOST_HINT_ROWS)),
  ];
}
