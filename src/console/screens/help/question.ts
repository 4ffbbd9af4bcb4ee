// The question before a change: where, what is now, what will be, and which single key says yes.

import { sanitise, wrap } from '../../../lib/text-width.js';
import type { ActionId } from '../../actions.js';
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

/** The keys that answer; when the question no longer holds, why, and how to ask again. */
function answerLines({ glyphs, keymap }: Model, { moved, proposal, action }: Question, width: number): StyledLine[] {
  const key = (id: ActionId): StyledLine[number] => span(keyText(keymap, id, glyphs.ascii) ?? '', 'key');
  if (moved === undefined) {
    return [
      [
        key('question.yes'),
        span(` yes, ${proposal.verb.toLowerCase()}`),
        blank(4),
        key('question.no'),
        span(' or '),
        span('esc', 'key'),
        span(' leave, change nothing'),
      ],
    ];
  }
  return [
    ...labelled('moved', `While this stood here, ${moved}. It can not be answered with yes any more.`, width, 'bad'),
    [key(action), span(' ask again'), blank(4), span('esc', 'key'), span(' leave')],
  ];
}

export function questionPane(model: Model, question: Question): Pane {
  const { size, glyphs, snapshot } = model;
  const { proposal } = question;
  const width = innerWidth(size);
  const [namespace = '', name = ''] = question.key.split('/');
  const context = snapshot?.context ?? '';
  const driver = snapshot?.driver;
  const lies = driver?.type === 'nobody' ? `nobody drives this cluster (${driver.reason}): the change will lie there until an engine runs` : '';
  return boxPane(
    'question',
    size,
    glyphs,
    `${proposal.verb} ${question.key} on ${context}?`,
    [
      ...labelled('where', `context ${context}${snapshot?.embedded === true ? ' (embedded)' : ''}, namespace ${namespace}, rollout ${name}`, width),
      ...labelled('now', proposal.now, width),
      ...labelled('then', proposal.effectWords, width, 'strong'),
      ...proposal.notes.flatMap((note) => labelled('note', note, width)),
      ...(lies === '' ? [] : labelled('note', lies, width, 'attention')),
      [],
      ...answerLines(model, question, width),
      ...(question.hint === undefined ? [] : labelled('', question.hint, width, 'attention')),
    ],
    'question',
  );
}
