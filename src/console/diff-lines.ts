// The difference of two lists of lines, as unified diffs show it: by the longest common subsequence, with a little around each change.

export type DiffLine = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** Longer texts are compared line by line at their places: the table would take too much. */
const MOST_CELLS = 1_000_000;

const CONTEXT_LINES = 3;

function lengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let row = a.length - 1; row >= 0; row -= 1) {
    const [here, below] = [table[row], table[row + 1]];
    if (here === undefined || below === undefined) continue;
    for (let column = b.length - 1; column >= 0; column -= 1) {
      here[column] = a[row] === b[column] ? (below[column + 1] ?? 0) + 1 : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return table;
}

/** All lines, in the order in which a reader goes through them: what went, then what came. */
export function compareLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  if ((before.length + 1) * (after.length + 1) > MOST_CELLS)
    return [...before.map((text): DiffLine => ({ sign: '-', text })), ...after.map((text): DiffLine => ({ sign: '+', text }))];
  const table = lengths(before, after);
  const found: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old, fresh] = [before[row], after[column]];
    if (old !== undefined && old === fresh) {
      found.push({ sign: ' ', text: old });
      row += 1;
      column += 1;
    } else if (old !== undefined && (fresh === undefined || (table[row + 1]?.[column] ?? 0) >= (table[row]?.[column + 1] ?? 0))) {
      found.push({ sign: '-', text: old });
      row += 1;
    } else {
      found.push({ sign: '+', text: fresh ?? '' });
      column += 1;
    }
  }
  return found;
}

/** Only the changes with some lines around them; undefined stands for what is left out. */
export function nearChanges(lines: readonly DiffLine[]): readonly (DiffLine | undefined)[] {
  const near = new Set<number>();
  for (const [place, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    for (let other = place - CONTEXT_LINES; other <= place + CONTEXT_LINES; other += 1) near.add(other);
  }
  const found: (DiffLine | undefined)[] = [];
  let skipped = false;
  for (const [place, line] of lines.entries()) {
    if (near.has(place)) {
      if (skipped && found.length > 0) found.push(undefined);
      found.push(line);
      skipped = false;
    } else skipped = true;
  }
  return found;
}
