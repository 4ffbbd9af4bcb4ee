// The words under which a person looks for an action: help and the palette search the same ones.

import { type ActionId, actionRow } from './actions.js';
import { createFilter, type Filtered } from './filter.js';

/** What other tools and people call it. */
const ALSO_CALLED: Readonly<Partial<Record<ActionId, string>>> = {
  'rollout.promote': 'continue proceed resume',
  'rollout.promote-full': 'skip',
  'rollout.abort': 'stop cancel',
  'rollout.retry': 'again',
  'rollout.pause': 'resume unpause',
  'rollout.hold': 'freeze lock',
  'rollout.undo': 'revert',
  'rollout.rollback': 'roll-back revert',
  'rollout.set-image': 'tag deploy',
  'rollout.edit': 'change',
  'run.terminate': 'stop cancel',
  mark: 'select',
  filter: 'search find',
  'show.why': 'explain',
  'show.contexts': 'switch',
  'show.diff': 'compare',
  quit: 'exit',
};

/** By what it is named, without what is said of it. */
export function namesOf(id: ActionId): string {
  return `${actionRow(id).words} ${id} ${ALSO_CALLED[id] ?? ''}`;
}

/** What a search lets through: what is named so before what only speaks of it. */
export function searched<Entry extends Filtered & { readonly names: string }>(entries: readonly Entry[], words: string): readonly Entry[] {
  const matches = createFilter(words);
  const found = entries.filter(matches);
  if (words.trim() === '') return found;
  const named = (entry: Entry): boolean => matches({ text: entry.names });
  return [...found.filter(named), ...found.filter((entry) => !named(entry))];
}
