// Which rollouts the screen lists, and where the cursor stands in them: on its rollout for as long as that is listed.

import type { Overview } from '../../board.js';
import type { RolloutFacts } from '../../facts.js';
import { createFilter } from '../../filter.js';
import type { Size } from '../../frame.js';
import type { ListState } from '../../model.js';
import { stateWord } from '../../mood.js';
import { nameOf } from '../../rollout-key.js';
import { sortRollouts } from './sort.js';

export type Lists = { readonly waiting: readonly RolloutFacts[]; readonly all: readonly RolloutFacts[] };

/** Whether anything narrows the list. */
export const isNarrowed = (list: ListState): boolean => list.filter.trim() !== '' || list.namespace !== undefined || list.context !== undefined;

/** In filters: no name has it. */
const FAVOURITE = '+';

/** In the list's own order; a column that was chosen to sort by sorts them all. */
function favouritesFirst(rollouts: readonly RolloutFacts[], { favourites, sort }: ListState): readonly RolloutFacts[] {
  if (favourites.size === 0 || (sort !== undefined && sort.column !== 'attention')) return rollouts;
  const own = rollouts.filter(({ key }) => favourites.has(key));
  return own.length === 0 ? rollouts : [...own, ...rollouts.filter(({ key }) => !favourites.has(key))];
}

function textOf(board: Overview, { favourites }: ListState, facts: RolloutFacts): string {
  const { key, phase } = facts;
  return `${board.indexes.size > 1 ? key : nameOf(key)} ${phase} ${stateWord(facts)}${favourites.has(key) ? ` ${FAVOURITE}` : ''}`;
}

export function visibleLists(board: Overview, list: ListState): Lists {
  const sorted = favouritesFirst(sortRollouts(board, list.sort), list);
  if (!isNarrowed(list)) return { waiting: board.waiting, all: sorted };
  const matcher = createFilter(list.filter);
  const matches = (facts: RolloutFacts): boolean =>
    (list.namespace === undefined || facts.namespace === list.namespace) &&
    (list.context === undefined || facts.cluster === list.context) &&
    matcher({ text: textOf(board, list, facts), labels: facts.object.metadata.labels });
  return { waiting: board.waiting.filter(matches), all: sorted.filter(matches) };
}

export type CursorPlace = { readonly section: 'waiting' | 'all'; readonly index: number; readonly facts: RolloutFacts };

/** Undefined when nothing is listed. */
export function findCursor(lists: Lists, { cursor }: ListState): CursorPlace | undefined {
  for (const section of cursor.section === 'waiting' ? (['waiting', 'all'] as const) : (['all', 'waiting'] as const)) {
    const index = cursor.key === undefined ? -1 : lists[section].findIndex(({ key }) => key === cursor.key);
    const facts = lists[section][index];
    if (facts !== undefined) return { section, index, facts };
  }
  const section = lists[cursor.section].length > 0 ? cursor.section : cursor.section === 'waiting' ? 'all' : 'waiting';
  const index = Math.min(cursor.place, lists[section].length - 1);
  const facts = lists[section][index];
  return facts === undefined ? undefined : { section, index, facts };
}

/** The place `by` lines further down, both lists read as one. */
export function moveCursor(lists: Lists, place: CursorPlace, by: number): ListState['cursor'] {
  const position = place.section === 'waiting' ? place.index : lists.waiting.length + place.index;
  const last = lists.waiting.length + lists.all.length - 1;
  const target = Math.min(last, Math.max(0, position + by));
  const section = target < lists.waiting.length ? 'waiting' : 'all';
  const index = section === 'waiting' ? target : target - lists.waiting.length;
  return { section, key: lists[section][index]?.key, place: index };
}

export type ListLayout = {
  readonly waitingRule: number;
  readonly waitingTop: number;
  readonly waitingRows: number;
  readonly allRule: number;
  readonly head: number;
  readonly allTop: number;
  readonly allRows: number;
  readonly footer: number;
};

/** Those that wait take at most a third of the screen; the longer list gets the rest. `above` rows are taken between the header and the first rule. */
export function layoutList(size: Size, waitingCount: number, above = 0): ListLayout {
  const free = Math.max(2, size.rows - 5 - above);
  const waitingRows = Math.min(waitingCount, Math.max(1, Math.floor(free / 3)));
  const allRule = 2 + above + waitingRows;
  return {
    waitingRule: 1 + above,
    waitingTop: 2 + above,
    waitingRows,
    allRule,
    head: allRule + 1,
    allTop: allRule + 2,
    allRows: Math.max(0, size.rows - allRule - 3),
    footer: size.rows - 1,
  };
}

/** The first line shown, moved no farther than the cursor needs. */
export function scrollTo(top: number, index: number | undefined, rows: number, count: number): number {
  const furthest = Math.max(0, count - rows);
  let next = top;
  if (index !== undefined && rows > 0) next = Math.min(Math.max(next, index - rows + 1), index);
  return Math.min(Math.max(0, next), furthest);
}
