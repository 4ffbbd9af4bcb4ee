// The columns of the list: each has a priority and a least width. On a narrow terminal the least important ones go first.

export type ColumnId = 'name' | 'cluster' | 'step' | 'state' | 'weight' | 'gauge' | 'real' | 'metric' | 'value' | 'left' | 'age' | 'why' | 'failing';

type ColumnRow = {
  readonly id: ColumnId;
  readonly head: string;
  readonly least: number;
  readonly most: number;
  readonly priority: number;
  readonly side: 'left' | 'right';
};

/** In the order in which they stand; `side` is where the text is filled up (numbers on the left). */
const COLUMNS: readonly ColumnRow[] = [
  { id: 'name', head: 'NAMESPACE/NAME', least: 22, most: 44, priority: 1, side: 'right' },
  { id: 'cluster', head: 'CONTEXT', least: 0, most: 0, priority: 1.5, side: 'right' },
  { id: 'step', head: 'STEP', least: 5, most: 5, priority: 4, side: 'right' },
  { id: 'state', head: 'STATE', least: 11, most: 11, priority: 2, side: 'right' },
  { id: 'gauge', head: 'WEIGHT', least: 8, most: 16, priority: 6, side: 'right' },
  { id: 'weight', head: '', least: 4, most: 4, priority: 3, side: 'left' },
  { id: 'real', head: 'REAL', least: 4, most: 4, priority: 8, side: 'left' },
  { id: 'metric', head: 'METRIC', least: 8, most: 16, priority: 7, side: 'right' },
  { id: 'value', head: '', least: 20, most: 26, priority: 10, side: 'right' },
  { id: 'left', head: 'LEFT', least: 6, most: 6, priority: 5, side: 'left' },
  { id: 'age', head: 'AGE', least: 5, most: 5, priority: 9, side: 'left' },
  { id: 'why', head: 'WHY', least: 30, most: 200, priority: 11, side: 'right' },
];

export type Column = { readonly id: ColumnId; readonly head: string; readonly width: number; readonly side: 'left' | 'right' };

/** Cells between two columns. */
export const GAP = 1;
/** Cells for the cursor's bar and the sign, with its blank. */
export const lead = (signWidth: number): number => 1 + signWidth + 1;

/** Of the width, what a long name takes from the gauges and clocks, but not from the state. */
const NAME_SHARE = 0.36;
/** Beyond that share it takes only what columns after these would have. */
const LEAST_IMPORTANT_BESIDE_NAMES = 7;

/**
 * `nameWidth` is the longest name to be shown, `clusterWidth` that of the clusters (0: there is only one, and it needs no column).
 * The name takes that much if it can, its share of the line before less important columns; what remains goes to the gauges and the reason.
 */
export function layoutColumns(columns: number, signWidth: number, nameWidth: number, clusterWidth = 0): readonly Column[] {
  const room = columns - lead(signWidth);
  const present = COLUMNS.filter(({ id }) => id !== 'cluster' || clusterWidth > 0);
  const widthOf = ({ id, least }: ColumnRow): number => (id === 'cluster' ? clusterWidth : least);
  const besides = (rows: readonly ColumnRow[]): number => room - rows.reduce((sum, row) => sum + GAP + widthOf(row), 0);
  const others = present.filter(({ id }) => id !== 'name');
  const share = Math.max(Math.floor(columns * NAME_SHARE), besides(others.filter(({ priority }) => priority <= LEAST_IMPORTANT_BESIDE_NAMES)));
  const most = besides(others.filter(({ id }) => id === 'state' || id === 'cluster'));
  const least = (row: ColumnRow): number => (row.id === 'name' ? Math.max(row.least, Math.min(row.most, nameWidth, share, most)) : widthOf(row));
  const rows = present.map((row) => ({ ...row, least: least(row) }));
  const chosen = new Set<ColumnId>();
  let used = -GAP;
  for (const { id, least } of rows.toSorted((a, b) => a.priority - b.priority)) {
    if (used + GAP + least > room && chosen.size > 0) break;
    chosen.add(id);
    used += GAP + least;
  }
  let spare = Math.max(0, room - used);
  const widths = new Map(rows.map(({ id, least }) => [id, Math.min(least, Math.max(1, room))]));
  for (const id of ['name', 'gauge', 'metric', 'value', 'why'] as const) {
    const row = rows.find((each) => each.id === id);
    if (row === undefined || !chosen.has(id)) continue;
    const wanted = id === 'name' ? Math.min(row.most, Math.max(row.least, nameWidth)) : row.most;
    const more = Math.min(spare, Math.max(0, wanted - row.least));
    widths.set(id, row.least + more);
    spare -= more;
  }
  return rows.filter(({ id }) => chosen.has(id)).map(({ id, head, side }) => ({ id, head, side, width: widths.get(id) ?? 1 }));
}

/** What the row of a failing one gives up, so that it says what fails, which then stands in the room of the last of them. */
const GIVEN: readonly ColumnId[] = ['metric', 'value'];
const GIVEN_WITHOUT_VALUES: readonly ColumnId[] = ['gauge', 'metric', 'left'];
/** Less than this would not hold a value and its limit. */
const LEAST_FAILING = 16;

/** The columns for a row whose analysis fails. */
export function withFailing(columns: readonly Column[]): readonly Column[] {
  const names = columns.some(({ id }) => id === 'value') ? GIVEN : GIVEN_WITHOUT_VALUES;
  const given = columns.filter(({ id }) => names.includes(id));
  const width = given.reduce((sum, column) => sum + GAP + column.width, -GAP);
  if (width < LEAST_FAILING) return columns;
  const failing: Column = { id: 'failing', head: '', width, side: 'right' };
  return columns.filter((column) => !given.includes(column) || column === given.at(-1)).map((column) => (column === given.at(-1) ? failing : column));
}
