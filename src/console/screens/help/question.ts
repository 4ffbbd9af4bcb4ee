// The question before a change: where, what is now, what will be, and which single key says yes.

import { sanitise, wrap } from '../../../lib/text-width.js';
import { boxPane, innerWidth } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import { keyText } from '../../keymap.js';
import type { Model, Question } from '../../model.js';
import { blank, cell, span } from '../../spans.js';
import type { StyleName } from '../../style.js';

const LABEL = 7;

function labelled(label: string, text: string, width: number, style: StyleName = 'text'): StyledLine[] {
  return wrap(sanitise(text), width - LABEL, 3).map((line, place) => [cell(place === 0 ? label : '', LABEL, 'muted'), span(line, style)]);
}

export function questionPane(model: Model, question: Question): Pane {
  const { size, glyphs, keymap, snapshot } = model;
  const { proposal } = question;
  const width = innerWidth(size);
  const [namespace = '', name = ''] = question.key.split('/');
  const context = snapshot?.context ?? '';
  const yes = keyText(keymap, 'question.yes', glyphs.ascii) ?? '';
  const no = keyText(keymap, 'question.no', glyphs.ascii) ?? '';
  const ask = keyText(keymap, question.action, glyphs.ascii) ?? '';
  const answer: StyledLine[] = question.moved === undefined
    ? [[span(yes, 'key'), span(` yes, ${proposal.verb.toLowerCase()}`), blank(4), span(no, 'key'), span(' or '), span('esc', 'key'), span(' leave, change nothing')]]
    : [...labelled('moved', `While this stood here, ${question.moved}. It can not be answered with yes any more.`, width, 'bad'), [span(ask, 'key'), span(' ask again'), blank(4), span('esc', 'key'), span(' leave')]];
  const driver = snapshot?.driver;
  const nobody = driver?.type === 'nobody' ? labelled('note', `nobody drives this cluster (${driver.reason}): the change will lie there until an engine runs`, width, 'attention') : [];
  return boxPane('question', size, glyphs, `${proposal.verb} ${question.key} on ${context}?`, [
    ...labelled('where', `context ${context}${snapshot?.embedded === true ? ' (embedded)' : ''}, namespace ${namespace}, rollout ${name}`, width),
    ...labelled('now', proposal.now, width),
    ...labelled('then', proposal.effectWords, width, 'strong'),
    ...proposal.notes.flatMap((note) => labelled('note', note, width)),
    ...nobody,
    [],
    ...answer,
    ...(question.hint === undefined ? [] : labelled('', question.hint, width, 'attention')),
  ], 'question');
}
