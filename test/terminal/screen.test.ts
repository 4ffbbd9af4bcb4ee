// Frames through blessed to a terminal's cells, in process: what is painted, what is not painted again, and what is given back.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Frame, Pane, Size, StyledLine } from '../../src/console/frame.js';
import type { KeyPress } from '../../src/console/key.js';
import { STYLE_NAMES, type StyleName } from '../../src/console/style.js';
import type { Theme } from '../../src/console/theme.js';
import { systemClock } from '../../src/lib/clock.js';
import { openTerminal, type TerminalScreen } from '../../src/terminal/screen.js';
import { Grid } from '../support/grid.js';

const theme: Theme = {
  name: 'test',
  styles: { ...(Object.fromEntries(STYLE_NAMES.map((name) => [name, {}])) as Record<StyleName, object>), good: { foreground: 12, bold: true }, selected: { inverse: true } },
};

type Bench = { readonly grid: Grid; readonly screen: TerminalScreen; readonly keys: KeyPress[]; readonly sizes: Size[]; readonly input: PassThrough; resize(columns: number, rows: number): void };

function open(columns = 60, rows = 12): Bench {
  const grid = new Grid(columns, rows);
  const input = Object.assign(new PassThrough(), { isTTY: true, raw: false, setRawMode(raw: boolean) { input.raw = raw; } });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  output.on('data', (data: Buffer) => grid.feed(data));
  grid.terminal.onData((answer) => input.write(answer));
  const keys: KeyPress[] = [];
  const sizes: Size[] = [];
  const screen = openTerminal({ input, output, terminal: 'xterm-256color', unicode: true, depth: '256', hyperlinks: true, answers: true, clock: systemClock, onKey: (key) => keys.push(key), onResize: (size) => sizes.push(size) });
  return {
    grid, screen, keys, sizes, input,
    resize(nextColumns, nextRows) {
      grid.terminal.resize(nextColumns, nextRows);
      Object.assign(output, { columns: nextColumns, rows: nextRows });
      output.emit('resize');
    },
  };
}

const text = (id: string, top: number, lines: readonly StyledLine[], columns = 60): Pane => ({ id, box: { left: 0, top, columns, rows: lines.length }, body: { type: 'text', lines } });

const frame = (panes: readonly Pane[], size: Size = { columns: 60, rows: 12 }): Frame => ({ size, panes, bells: 0, title: 'sluice' });

test('text, styles and wide characters stand in their cells', async (t) => {
  const { grid, screen } = open();
  t.after(() => screen.closeNow());
  screen.paint(frame([text('a', 1, [[{ text: 'ab', style: 'text' }, { text: '漢字', style: 'good' }, { text: 'é!', style: 'selected' }]])]), theme);
  await grid.waitFor('ab漢字é!');
  assert.deepEqual(grid.cell(2, 1), { text: '漢', foreground: 12, background: -1, bold: true, inverse: false });
  assert.equal(grid.cell(6, 1).inverse, true);
  assert.equal(grid.cell(8, 1).inverse, false);
});

test('the same frame again writes nothing, one changed cell writes a few bytes', async (t) => {
  const { grid, screen } = open();
  t.after(() => screen.closeNow());
  const lines = (word: string): StyledLine[] => Array.from({ length: 10 }, (_, row) => [{ text: `row ${row} ${row === 4 ? word : 'steady'} ${'.'.repeat(30)}`, style: 'text' as const }]);
  screen.paint(frame([text('a', 0, lines('before'))]), theme);
  await grid.waitFor('before');
  const first = grid.bytes;
  screen.paint(frame([text('a', 0, lines('before'))]), theme);
  screen.paint(frame([text('a', 0, lines('behind'))]), theme);
  await grid.waitFor('behind');
  assert.ok(grid.bytes - first < 40, `${grid.bytes - first} bytes`);
});

test('a pane that is gone leaves no trace, and a later pane lies over an earlier one', async (t) => {
  const { grid, screen } = open();
  t.after(() => screen.closeNow());
  const under = text('under', 0, [[{ text: 'underneath', style: 'text' }]]);
  const over: Pane = { id: 'over', box: { left: 2, top: 0, columns: 4, rows: 1 }, body: { type: 'text', lines: [[{ text: 'OVER', style: 'question' }]] } };
  screen.paint(frame([under, over]), theme);
  await grid.waitFor((seen) => seen.row(0).trimEnd() === 'unOVEReath');
  screen.paint(frame([under]), theme);
  await grid.waitFor('underneath');
});

test('a chart is drawn when it has points, and says why when it has none', async (t) => {
  const { grid, screen } = open(60, 20);
  t.after(() => screen.closeNow());
  const chart = (points: readonly (number | undefined)[]): Pane => ({
    id: 'chart',
    box: { left: 0, top: 0, columns: 50, rows: 12 },
    body: { type: 'line-chart', series: [{ label: 'canary', style: 'canary', points }], labels: points.map(String), minimum: 0, maximum: 1, empty: 'no measurement yet' },
  });
  const size = { columns: 60, rows: 20 };
  screen.paint(frame([chart([])], size), theme);
  await grid.waitFor('no measurement yet');
  screen.paint(frame([chart([0.2, undefined, 0.9, Number.NaN, 0.5])], size), theme);
  await grid.waitFor(/[\u2801-\u28ff]/);
  screen.paint(frame([chart([1, 1, 1])], size), theme);
  screen.paint(frame([text('only', 0, [[{ text: 'text again', style: 'text' }]])], size), theme);
  await grid.waitFor((seen) => seen.text.trim() === 'text again');
});

test('charts stand beside each other, over what lies under them and under what lies over them', async (t) => {
  const { grid, screen } = open(60, 20);
  t.after(() => screen.closeNow());
  const size = { columns: 60, rows: 20 };
  const chart = (id: string, left: number): Pane => ({
    id,
    box: { left, top: 1, columns: 26, rows: 8 },
    body: { type: 'line-chart', series: [{ label: id, style: 'canary', points: [0.1, 0.9, 0.1, 0.9] }], labels: ['1', '2', '3', '4'], minimum: 0, maximum: 1, empty: 'no measurement yet' },
  });
  const under = text('under', 4, [[{ text: `${'u'.repeat(59)}E`, style: 'text' }]]);
  const over: Pane = { id: 'over', box: { left: 20, top: 4, columns: 20, rows: 1 }, body: { type: 'text', lines: [[{ text: 'a question', style: 'question' }]] } };
  const hasDots = (line: string): boolean => /[\u2801-\u28ff]/.test(line);
  const isDrawn = (line: string): boolean => hasDots(line.slice(0, 26)) && hasDots(line.slice(27, 53));
  const both = [under, chart('left', 0), chart('right', 27)];
  screen.paint(frame([...both, over], size), theme);
  await grid.waitFor((seen) => Array.from({ length: 8 }, (_, row) => seen.row(row + 1)).some(isDrawn) && /a question.*E$/.test(seen.row(4)));
  const shown = grid.row(4);
  screen.paint(frame([...both, over], size), theme);
  screen.paint(frame(both, size), theme);
  await grid.waitFor((seen) => !seen.text.includes('question') && seen.row(4).endsWith('E'));
  assert.equal(grid.row(4).slice(0, 20), shown.slice(0, 20));
  screen.paint(frame([under], size), theme);
  await grid.waitFor((seen) => seen.text.trim() === `${'u'.repeat(59)}E`);
});

test('keys come out as data', async (t) => {
  const { screen, keys, input, grid } = open();
  t.after(() => screen.closeNow());
  input.write('\u001b[A');
  input.write('P');
  await grid.waitFor(() => keys.length === 2);
  assert.deepEqual(keys.map((key) => key.name), ['up', 'P']);
});

test('after a resize frames of the old size are not painted', async (t) => {
  const { screen, sizes, grid, resize } = open();
  t.after(() => screen.closeNow());
  resize(40, 8);
  await grid.waitFor(() => sizes.length === 1);
  assert.deepEqual(sizes, [{ columns: 40, rows: 8 }]);
  screen.paint(frame([text('a', 0, [[{ text: 'old size', style: 'text' }]])]), theme);
  screen.paint(frame([text('a', 0, [[{ text: 'new size', style: 'text' }]], 40)], { columns: 40, rows: 8 }), theme);
  await grid.waitFor('new size');
  assert.equal(grid.text.includes('old size'), false);
});

test('nothing of blessed stays on the process, and the terminal is given back', async () => {
  const events = ['exit', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException'];
  const counts = (): number[] => events.map((event) => process.listenerCount(event));
  const before = counts();
  const { grid, screen, input } = open();
  assert.deepEqual(counts(), before);
  screen.paint(frame([text('a', 0, [[{ text: 'shown', style: 'text' }]])]), theme);
  await grid.waitFor('shown');
  assert.equal(grid.terminal.buffer.active.type, 'alternate');
  await screen.close();
  await grid.waitFor((seen) => seen.terminal.buffer.active.type === 'normal');
  assert.ok(grid.raw.includes('\u001b[?25h') && grid.raw.includes('\u001b[?2004l'));
  assert.equal((input as unknown as { raw: boolean }).raw, false);
  assert.deepEqual(counts(), before);
});

test('a link is opened and closed around its own cells, also when only it has changed', async (t) => {
  const { grid, screen } = open();
  t.after(() => screen.closeNow());
  const line = (link?: string): Pane => text('a', 0, [[{ text: 'see ', style: 'text' }, { text: 'board', style: 'good', ...(link === undefined ? {} : { link }) }, { text: ' now', style: 'text' }]]);
  screen.paint(frame([line('https://a.example/1')]), theme);
  await grid.waitFor('see board now');
  assert.match(grid.raw, /see \u001b\]8;;https:\/\/a\.example\/1\u001b\\(?:\u001b\[[\d;]*m)*board(?:\u001b\[C)?\u001b\]8;;\u001b\\(?:\u001b\[[\d;]*m)* ?now/);
  const before = grid.raw.length;
  screen.paint(frame([line('https://a.example/2')]), theme);
  await grid.waitFor(() => grid.raw.slice(before).includes('\u001b]8;;https://a.example/2\u001b\\'));
  screen.paint(frame([line()]), theme);
  await grid.waitFor(() => /board/.test(grid.raw.slice(grid.raw.lastIndexOf('example/2'))));
  assert.doesNotMatch(grid.raw.slice(grid.raw.lastIndexOf('example/2') + 20), /https/);
  // What is no plain URL is text, and nothing else.
  screen.paint(frame([line('https://a.example/\u0007evil')]), theme);
  screen.paint(frame([text('a', 0, [[{ text: 'end', style: 'text' }]])]), theme);
  await grid.waitFor('end');
  assert.doesNotMatch(grid.raw, /evil/);
});
