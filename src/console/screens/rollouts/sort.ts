// The order of the list: by attention, as it comes, or by a column that the person chose.

import { type ClusterIndex, indexOf, type Overview, setWithHash } from '../../board.js';
import type { RolloutFacts } from '../../facts.js';
import type { Sort } from '../../page.js';
import { timeAt } from '../../../lib/read.js';

type SortColumn = { readonly id: string; order(facts: RolloutFacts, index: ClusterIndex): string | number };

const PHASE_ORDER: Readonly<Record<string, number>> = { Degraded: 0, Paused: 1, Progressing: 2, Unknown: 3, Healthy: 4 };

/** Before all that is paused or goes on. */
const FAILING_ORDER = 0.5;

const began = (facts: RolloutFacts, index: ClusterIndex): number =>
  timeAt(setWithHash(index, facts, facts.canaryHash) ?? facts.object, 'metadata', 'creationTimestamp') ?? 0;

/** `attention` is the order of the board itself. */
export const SORT_COLUMNS: readonly SortColumn[] = [
  { id: 'attention', order: () => 0 },
  { id: 'name', order: ({ key }) => key },
  { id: 'state', order: ({ phase, failing }) => (failing ? FAILING_ORDER : (PHASE_ORDER[phase] ?? 9)) },
  { id: 'weight', order: ({ askedPercent, inFlight }) => (inFlight ? -askedPercent : 1) },
  { id: 'age', order: (facts, index) => -began(facts, index) },
];

export function sortRollouts({ all: rollouts, indexes }: Overview, sort: Sort | undefined): readonly RolloutFacts[] {
  const column = SORT_COLUMNS.find(({ id }) => id === sort?.column);
  if (column === undefined || sort === undefined || column.id === 'attention') return rollouts;
  const orderOf = (facts: RolloutFacts): string | number => column.order(facts, indexOf({ indexes }, facts));
  const turn = sort.descending ? -1 : 1;
  const compare = (a: string | number, b: string | number): number => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : Number(a > b));
  return rollouts.toSorted((a, b) => turn * compare(orderOf(a), orderOf(b)));
}
