// The question before a command of the person's own: where, what would be run word for word, and what must be said first.

import { boxPane, innerWidth } from '../../box.js';
import type { Pane } from '../../frame.js';
import { type Model, snapshotOf, whoOf } from '../../model.js';
import type { OwnQuestion } from '../../question.js';
import { span } from '../../spans.js';
import { answersOf, FRAME_ROWS, labelled } from './form.js';
import { contextNames } from './question.js';

export function ownQuestionPane(model: Model, question: OwnQuestion): Pane {
  const { size, glyphs } = model;
  const { command, on, proposal } = question;
  const { subject, facts } = on;
  const width = innerWidth(size);
  const embedded = snapshotOf(model, facts.cluster)?.embedded === true ? ' (embedded)' : '';
  const thing = subject.kind === 'Rollout' ? `rollout ${subject.name}` : `${subject.kind} ${subject.name} of rollout ${facts.name}`;
  const then = labelled('run', proposal.effectWords, width, 'strong');
  const heeded = proposal.warnings.flatMap((text) => labelled('warning', text, width, 'bad'));
  const told = [
    ...labelled('what', command.description, width),
    ...labelled('where', `context ${facts.cluster}${embedded}, namespace ${facts.namespace}, ${thing}`, width),
    ...labelled('now', proposal.now, width),
    ...then,
    ...proposal.notes.flatMap((note) => labelled('note', note, width)),
    ...heeded,
    ...labelled('as', `${whoOf(model, facts.cluster)}, recorded`, width),
    [],
  ];
  const answers = answersOf(model, question, width);
  const room = size.rows - FRAME_ROWS - answers.length;
  // On a small screen what would be run and the warnings stand first, and the answer always.
  const shown = told.length <= room ? told : [...then, ...heeded].slice(0, Math.max(0, room));
  const style = command.dangerous ? 'bad' : 'question';
  const title = [span(`${proposal.verb} on `, style), ...contextNames(model, [facts.cluster]), span('?', style)];
  return boxPane('question', size, glyphs, title, [...shown, ...answers], style);
}
