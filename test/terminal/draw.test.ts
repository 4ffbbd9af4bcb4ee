// Cells to bytes: whatever was shown before and in whatever parts it is written, the terminal ends with the cells that were wanted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell, CellLine } from 'blessed';
import { STYLE_NAMES, type StyleName } from '../../src/console/style.js';
import { createRng } from '../../src/lib/rng.js';
import { createAttributes, PLAIN } from '../../src/terminal/attributes.js';
import { draw, SECOND_HALF } from '../../src/terminal/draw.js';
import { Grid } from '../support/grid.js';

const COLUMNS = 20;
const ROWS = 5;
const attributes = createAttributes({ name: 'test', styles: { ...(Object.fromEntries(STYLE_NAMES.map((name) => [name, {}])) as Record<StyleName, object>), good: { foreground: 4, bold: true }, selected: { inverse: true } } }, '256');

const blankLine = (): CellLine => Object.assign(Array.from({ length: COLUMNS }, (): Cell => [PLAIN, ' ']), { dirty: true });
const blankScreen = (): CellLine[] => Array.from({ length: ROWS }, blankLine);

const PIECES = ['a', 'b', ' ', '     ', 'step 3/9', '漢', '字漢', 'é', 'e\u0301', '█', '░', '▌'] as const;

/** A screen of chance, in which panes cut characters of two columns in half. */
function aScreen(pick: (count: number) => number): CellLine[] {
  return Array.from({ length: ROWS }, () => {
    const line = blankLine();
    for (let column = 0; column < COLUMNS;) {
      const style = ([PLAIN, attributes.of.good, attributes.of.selected] as const)[pick(3)] ?? PLAIN;
      for (const character of (PIECES[pick(PIECES.length)] ?? ' ').match(/\P{M}\p{M}*/gu) ?? []) {
        if (column >= COLUMNS) break;
        line[column] = [style, character];
        column += 1;
        if (/\p{Script=Han}/u.test(character) && column < COLUMNS) {
          line[column] = [style, SECOND_HALF];
          column += 1;
        }
      }
    }
    const over = pick(COLUMNS);
    line[over] = [PLAIN, '|'];
    return line;
  });
}

/** What a terminal should show: halves of characters are blank. */
function textOf(line: CellLine): string {
  return line.map(([, text], column) => {
    const wide = /\p{Script=Han}/u.test(text);
    if (wide) return line[column + 1]?.[1] === SECOND_HALF ? text : ' ';
    if (text !== SECOND_HALF) return text;
    return /\p{Script=Han}/u.test(line[column - 1]?.[1] ?? '') ? '' : ' ';
  }).join('').trimEnd();
}

for (const budget of [Infinity, 60, 12]) {
  test(`a hundred screens of chance, in parts of ${budget} bytes`, async () => {
    const random = createRng(7);
    const pick = (count: number): number => random.int(count);
    const grid = new Grid(COLUMNS, ROWS);
    const shown = blankScreen();
    let first = 0;
    for (let round = 0; round < 100; round += 1) {
      const wanted = aScreen(pick);
      const urgent = new Set([pick(ROWS), pick(ROWS)]);
      let writes = 0;
      do {
        const drawing = draw({ wanted, shown }, { urgent, first, budget }, attributes.sgr);
        first = drawing.next;
        grid.feed(drawing.output);
        writes += 1;
        assert.ok(writes < 200, 'it does not come to an end');
        if (round % 3 === 2) break;
      } while (wanted.some(({ dirty }) => dirty));
      if (round % 3 === 2 && budget < Infinity) continue;
      await grid.waitFor(() => true);
      assert.deepEqual(Array.from({ length: ROWS }, (_, row) => grid.row(row).trimEnd()), wanted.map(textOf), `round ${round}`);
      for (const [row, line] of wanted.entries()) for (const [column, [attribute, text]] of line.entries()) if (text > ' ') assert.equal(grid.cell(column, row).bold, attribute === attributes.of.good, `round ${round} ${column},${row} of ${JSON.stringify(line)}`);
    }
  });
}

test('what is the same is not written, and the end of a line is erased', () => {
  const shown = blankScreen();
  const wanted = blankScreen();
  const put = (text: string): void => { for (const [column, character] of [...text].entries()) (wanted[1] ?? [])[column] = [PLAIN, character]; };
  const written = (): string => {
    for (const line of wanted) line.dirty = true;
    return draw({ wanted, shown }, { urgent: new Set(), first: 0, budget: Infinity }, attributes.sgr).output;
  };
  put('hello world, hello');
  assert.equal(written(), '\u001b[2;1Hhello world, hello');
  assert.equal(written(), '');
  put('hellO world, hellO');
  assert.equal(written(), '\u001b[2;5HO\u001b[12CO');
  put('                  ');
  assert.equal(written(), '\u001b[2;1H\u001b[K');
});
