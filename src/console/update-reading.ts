// How far a question has been read: the keys that scroll it, and why a yes does not count yet.

import { keyText } from './keymap.js';
import type { ActionId } from './actions.js';
import type { Model } from './model.js';
import type { Question } from './question.js';
import { ownTold } from './screens/help/own-question.js';
import { actTold } from './screens/help/question.js';
import { isUnread, scrolledBy, type Told } from './screens/help/told.js';

const toldOf = (model: Model, question: Question): Told => (question.type === 'act' ? actTold(model, question) : ownTold(model, question));

const BY: Readonly<Partial<Record<ActionId, { readonly lines: number } | { readonly pages: number }>>> = {
  'question.up': { lines: -1 },
  'question.down': { lines: 1 },
  'question.page-up': { pages: -1 },
  'question.page-down': { pages: 1 },
};

/** Undefined where the key scrolls nothing. */
export function scrollQuestion(model: Model, question: Question, action: ActionId | undefined): Model | undefined {
  const by = action === undefined ? undefined : BY[action];
  const scrolled = by === undefined ? undefined : scrolledBy(model, question, toldOf(model, question), by);
  return scrolled === undefined ? undefined : { ...model, question: scrolled };
}

/** Why it can not be answered with yes yet. */
export function unreadHint(model: Model, question: Question): string | undefined {
  if (!isUnread(model, question, toldOf(model, question))) return undefined;
  const more = keyText(model.keymap, 'question.page-down', model.glyphs.ascii);
  return `Not all of it was shown: ${more === undefined ? 'make it taller' : `${more} first`}.`;
}
