// The question before a change: where, what is now, what will be, what must be said or typed, and which key says yes.

import { sanitise, wrap } from '../../../lib/text-width.js';
import type { ActionId } from '../../actions.js';
import { bannerOf } from '../../cluster-words.js';
import { boxPane, innerWidth } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import { keyText, keyTexts } from '../../keymap.js';
import { labelOf, type Model, othersAt, snapshotOf, whoOf } from '../../model.js';
import type { Field, Question } from '../../question.js';
import { nameOf, readKey } from '../../rollout-key.js';
import { blank, cell, cutLine, span } from '../../spans.js';
import type { StyleName } from '../../style.js';

const LABEL = 8;

/** Of a group, and of rows to choose from, so many are shown. */
const MOST_ROWS = 8;

/** The box's own edges. */
const FRAME_ROWS = 2;

function labelled(label: string, text: string, width: number, style: StyleName = 'text'): StyledLine[] {
  return wrap(sanitise(text), width - LABEL, 3).map((line, place) => [cell(place === 0 ? label : '', LABEL, 'muted'), span(line, style)]);
}

function choiceLines({ label, rows = [], value }: Field, focused: boolean, width: number): StyledLine[] {
  const at = Math.max(
    0,
    rows.findIndex((row) => row.value === value),
  );
  const first = Math.min(Math.max(0, at - MOST_ROWS + 1), Math.max(0, rows.length - MOST_ROWS));
  const shown = focused ? rows.slice(first, first + MOST_ROWS) : rows.slice(at, at + 1);
  return shown.map((row, place) =>
    cutLine(
      [
        cell(place === 0 ? label : '', LABEL, 'muted'),
        span(row.value === value && focused ? '> ' : '  ', 'key'),
        span(row.text, row.value === value ? 'strong' : 'text'),
      ],
      width,
    ),
  );
}

function fieldLines(model: Model, question: Question, width: number): StyledLine[] {
  return question.fields.flatMap((field, place): StyledLine[] => {
    const focused = place === question.focus && question.moved === undefined;
    if (field.rows !== undefined) return choiceLines(field, focused, width);
    const cursor = focused ? [span(model.glyphs.ascii ? '_' : '▁', 'key')] : [];
    const room = width - LABEL - 1;
    // The end of a long answer is what is being typed.
    const value = field.value.length > room ? field.value.slice(-room) : field.value;
    const asked = field.wanted === undefined || !focused ? [] : [[blank(LABEL), span(`type ${field.wanted} to go on`, 'muted')]];
    return [[cell(field.label, LABEL, focused ? 'key' : 'muted'), span(value, focused ? 'strong' : 'text'), ...cursor], ...asked];
  });
}

/** "Set the image of" is a beginning; what is done is "set the image". */
const answerWords = (verb: string): string => verb.toLowerCase().replace(/ of$/, '');

/** The keys that answer; when the question no longer holds, why, and how to ask again. */
function answerLines({ glyphs, keymap }: Model, question: Question, width: number): StyledLine[] {
  const { moved, proposal, action, fields, focus, level } = question;
  const key = (id: ActionId): StyledLine[number] => span(keyText(keymap, id, glyphs.ascii) ?? '', 'key');
  // The one that says no, and the one that a hand finds without looking.
  const no = keyTexts(keymap, 'question.no', glyphs.ascii)
    .slice(0, 2)
    .flatMap((text, place) => [...(place === 0 ? [] : [span(' or ')]), span(text, 'key')]);
  if (moved !== undefined) {
    return [
      ...labelled('moved', `While this stood here, ${moved}. It can not be answered with yes any more.`, width, 'bad'),
      [key(action), span(' ask again'), blank(4), ...no, span(' leave')],
    ];
  }
  const leave = (keys: StyledLine): StyledLine => [blank(4), ...keys, span(' leave, change nothing')];
  if (focus < fields.length) {
    const last = focus === fields.length - 1 && level !== 'key';
    const choice = fields[focus]?.rows === undefined ? [] : [key('fields.up'), key('fields.down'), span(' choose'), blank(4)];
    return [[...choice, key('fields.next'), span(last ? ` ${answerWords(proposal.verb)}` : ' next'), ...leave([key('fields.leave')])]];
  }
  return [[key('question.yes'), span(` yes, ${answerWords(proposal.verb)}`), ...leave(no)]];
}

function groupLines(model: Model, { targets, leftOut }: Question, width: number): StyledLine[] {
  const shown = targets
    .slice(0, MOST_ROWS)
    .map(({ key, proposal }) => cutLine([blank(LABEL), span(labelOf(model, key), 'strong'), span(`  ${proposal.effectWords}`)], width));
  const more = targets.length > MOST_ROWS ? [[blank(LABEL), span(`and ${targets.length - MOST_ROWS} more`)]] : [];
  const order = labelled('order', 'one after the other, as listed; the first that fails ends it', width);
  return [...shown, ...more, ...order, ...leftOut.slice(0, MOST_ROWS).flatMap((text) => labelled('not', text, width, 'attention'))];
}

function aloneLines({ key, proposal, edited }: Question, model: Model, width: number): StyledLine[] {
  const { cluster, namespace, name } = readKey(key);
  return [
    ...labelled(
      'where',
      `context ${cluster}${snapshotOf(model, cluster)?.embedded === true ? ' (embedded)' : ''}, namespace ${namespace}, rollout ${name}`,
      width,
    ),
    ...labelled('now', proposal.now, width),
    ...labelled('then', proposal.effectWords, width, 'strong'),
    ...(edited?.lines ?? []).slice(0, MOST_ROWS).map((line) => cutLine([blank(LABEL), span(line, 'strong')], width)),
    ...((edited?.lines.length ?? 0) > MOST_ROWS ? [[blank(LABEL), span(`and ${(edited?.lines.length ?? 0) - MOST_ROWS} more differences`)]] : []),
    ...proposal.notes.flatMap((note) => labelled('note', note, width)),
  ];
}

/** In the colour in which each stands everywhere, so that the eye knows where it is. */
function contextNames(model: Model, contexts: readonly string[]): StyledLine {
  return contexts.flatMap((context, place) => {
    const banner = bannerOf(model, context);
    return [span(place === 0 ? '' : ', ', 'question'), span(context, banner === 'title' ? 'question' : banner)];
  });
}

/** Where nobody drives, a change moves nothing. */
function undriven(model: Model, context: string): readonly string[] {
  const driver = snapshotOf(model, context)?.driver;
  const which = model.clusters.size > 1 ? context : 'this cluster';
  return driver?.type === 'nobody' ? [`nobody drives ${which} (${driver.reason}): the change will lie there until an engine runs`] : [];
}

export function questionPane(model: Model, question: Question): Pane {
  const { size, glyphs } = model;
  const { proposal, targets } = question;
  const width = innerWidth(size);
  const contexts = [...new Set(targets.map(({ key }) => readKey(key).cluster))];
  const lies = contexts.flatMap((context) => undriven(model, context));
  const grouped = targets.length > 1;
  const facts = grouped ? undefined : model.board.byKey.get(question.key);
  const others = facts === undefined ? [] : othersAt(model, facts);
  const warnings = [
    ...new Set(targets.flatMap((target) => target.proposal.warnings.map((text) => (grouped ? `${labelOf(model, target.key)}: ${text}` : text)))),
  ];
  const who = [...new Set(contexts.map((context) => whoOf(model, context)))].join(' and ');
  const typed = question.fields.some(({ wanted }) => wanted !== undefined);
  const body = grouped ? groupLines(model, question, width) : aloneLines(question, model, width);
  const heeded = [
    ...warnings.slice(0, MOST_ROWS).flatMap((text) => labelled('warning', text, width, 'bad')),
    ...lies.flatMap((text) => labelled('note', text, width, 'attention')),
    ...others.flatMap((name) => labelled('note', `${name} has it open, too`, width, 'attention')),
  ];
  const answers = [
    ...fieldLines(model, question, width),
    ...(question.fields.length > 0 ? [[]] : []),
    ...answerLines(model, question, width),
    ...(question.hint === undefined ? [] : labelled('', question.hint, width, 'attention')),
  ];
  const told = [...body, ...heeded, ...(typed ? labelled('as', `${who}, recorded`, width) : []), []];
  const room = size.rows - FRAME_ROWS - answers.length;
  // On a small screen what will be and the warnings stand first, and the answer always: a yes to what is not seen is none.
  const then = labelled('then', proposal.effectWords, width, 'strong');
  const shown = told.length <= room ? told : [...(grouped ? [] : then), ...heeded, ...body.filter((line) => line[0]?.text.trim() !== 'then')].slice(0, room);
  const what = grouped ? `${targets.length} rollouts` : nameOf(question.key);
  const title = [span(`${proposal.verb} ${what} on `, 'question'), ...contextNames(model, contexts), span('?', 'question')];
  return boxPane('question', size, glyphs, title, [...shown, ...answers], 'question');
}
