// The words under which a person looks for an action: help and the palette search the same ones.

import { ACTIONS, type ActionId, actionRow } from './actions.js';
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

/** Shorter words resemble too many. */
const SHORTEST_WORD = 3;

/** Letters that may be wrong, too many, too few or one place off: of longer words one more. */
const slipsIn = (word: string): number => (word.length < 6 ? 1 : 2);

/** How many letters must be changed, added, left out or swapped with their neighbour to make the one of the other. */
function slips(a: string, b: string): number {
  let [before, last]: [readonly number[], readonly number[]] = [[], Array.from({ length: b.length + 1 }, (_, place) => place)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const changed = (last[j - 1] ?? 0) + (same ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : changed;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed, swapped));
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** The actions that a person can mean by this word: one of their names, its beginning, or one with a slip of the fingers; the nearest first. */
export function resembling(word: string): readonly ActionId[] {
  const typed = word.toLowerCase();
  if (typed.length < SHORTEST_WORD) return [];
  const distances = ACTIONS.map(({ id }) => {
    const names = namesOf(id).split(/[\s.]+/);
    return { id, far: Math.min(...names.map((name) => (name.startsWith(typed) ? 0 : slips(typed, name)))) };
  });
  return distances
    .filter(({ far }) => far <= slipsIn(typed))
    .toSorted((a, b) => a.far - b.far)
    .map(({ id }) => id);
}
