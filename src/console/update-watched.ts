// What new data does to a question that stands open: its words are made new, and when what it rests on has moved, it can no
// longer be answered with yes.

import { indexOf } from './board.js';
import { fingerprint } from './fingerprint.js';
import { labelOf, type Model } from './model.js';
import { ownMoved } from './own/subject.js';
import { describeNow, propose } from './proposal.js';
import { type ActQuestion, inputsOf, type OwnQuestion, type Target } from './question.js';
import { obstacleFor, sightOf } from './target.js';
import { moveOf } from './update-changes.js';

/** How things stand now; nothing that was true before. */
function nowOf(model: Model, key: string): string {
  const facts = model.board.byKey.get(key);
  return facts === undefined ? 'it no longer exists' : describeNow({ facts, index: indexOf(model.board, facts) });
}

/** What would be done is told for as long as the yes still stands. */
function renewTarget(model: Model, { action, edited, targets, fields }: ActQuestion, target: Target, stands: boolean): Target {
  const facts = model.board.byKey.get(target.key);
  if (!stands || facts === undefined) return { ...target, proposal: { ...target.proposal, now: nowOf(model, target.key) } };
  const saw = fingerprint(facts);
  const blocked = edited !== undefined || obstacleFor(model, action, facts) !== undefined;
  if (blocked) return { ...target, saw, proposal: { ...target.proposal, now: nowOf(model, target.key) } };
  return { ...target, saw, proposal: propose(action, sightOf(model, facts), { ...target.settled, ...(targets.length > 1 ? {} : inputsOf(fields)) }) };
}

function watchAct(model: Model, question: ActQuestion): ActQuestion {
  const found = question.targets.map((target) => ({ key: target.key, move: moveOf(model, question.action, target) })).find(({ move }) => move !== undefined);
  const which = found === undefined || question.targets.length < 2 ? '' : `${labelOf(model, found.key)}: `;
  const moved = question.moved ?? (found === undefined ? undefined : `${which}${found.move ?? ''}`);
  const targets = question.targets.map((target) => renewTarget(model, question, target, moved === undefined));
  const [first] = targets;
  return { ...question, targets, moved, ...(first === undefined ? {} : { saw: first.saw, proposal: first.proposal }) };
}

function watchOwn(model: Model, question: OwnQuestion): OwnQuestion {
  return { ...question, moved: question.moved ?? ownMoved(model, question.on), proposal: { ...question.proposal, now: nowOf(model, question.key) } };
}

export function watchQuestion(model: Model): Model {
  const { question } = model;
  if (question === undefined) return model;
  return { ...model, question: question.type === 'own' ? watchOwn(model, question) : watchAct(model, question) };
}
