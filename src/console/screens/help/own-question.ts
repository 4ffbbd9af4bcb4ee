// The question before a command of the person's own: where, what would be run word for word, and what must be said first.

import { boxPane, innerWidth } from '../../box.js';
import type { Pane } from '../../frame.js';
import { type Model, snapshotOf, whoOf } from '../../model.js';
import type { OwnQuestion } from '../../question.js';
import { span } from '../../spans.js';
import { labelled } from './form.js';
import { contextNames } from './question.js';
import { fitTold, type Told } from './told.js';

export function ownTold(model: Model, question: OwnQuestion): Told {
  const { size } = model;
  const { command, on, proposal } = question;
  const { subject, facts } = on;
  const width = innerWidth(size);
  const embedded = snapshotOf(model, facts.cluster)?.embedded === true ? ' (embedded)' : '';
  const thing = subject.kind === 'Rollout' ? `rollout ${subject.name}` : `${subject.kind} ${subject.name} of rollout ${facts.name}`;
  const then = labelled('run', proposal.effectWords, width, 'strong');
  const heeded = proposal.warnings.flatMap((text) => labelled('warning', text, width, 'bad'));
  const about = [
    ...labelled('what', command.description, width),
    ...labelled('where', `context ${facts.cluster}${embedded}, namespace ${facts.namespace}, ${thing}`, width),
    ...labelled('now', proposal.now, width),
  ];
  const notes = proposal.notes.flatMap((note) => labelled('note', note, width));
  const as = labelled('as', `${whoOf(model, facts.cluster)}, recorded`, width);
  return { whole: [...about, ...then, ...notes, ...heeded, ...as, []], must: [...heeded, ...then, ...notes], below: [...about, ...as] };
}

export function ownQuestionPane(model: Model, question: OwnQuestion): Pane {
  const { size, glyphs } = model;
  const { command, on, proposal } = question;
  const style = command.dangerous ? 'bad' : 'question';
  const title = [span(`${proposal.verb} on `, style), ...contextNames(model, [on.facts.cluster]), span('?', style)];
  return boxPane('question', size, glyphs, title, fitTold(model, question, ownTold(model, question)), style);
}
