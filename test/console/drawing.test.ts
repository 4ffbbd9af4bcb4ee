// Bars, sparklines, rules, blocks and columns: exact widths, honest ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockChart } from '../../src/console/block-chart.js';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../src/console/glyphs.js';
import { layoutColumns } from '../../src/console/screens/rollouts/columns.js';
import { layoutDetail } from '../../src/console/screens/rollout/layout.js';
import { cutLine, fitLine, gauge, lineWidth, rule, span, sparkline, spread } from '../../src/console/spans.js';
import type { StyledLine } from '../../src/console/frame.js';

const text = (line: StyledLine): string => line.map((each) => each.text).join('');
const G = UNICODE_GLYPHS;

test('a gauge shows anything above nothing, and is full only at a hundred', () => {
  const rows: readonly (readonly [number | undefined, string])[] = [
    [0, '░░░░░░░░'], [0.1, '█░░░░░░░'], [50, '████░░░░'], [99.9, '███████░'], [100, '████████'], [-25, '░░░░░░░░'], [125, '████████'], [undefined, '░░░░░░░░'],
  ];
  for (const [percent, wanted] of rows) assert.equal(text(gauge(G, percent, 8, 'canary')), wanted, String(percent));
});

test('a sparkline is right-aligned, keeps the newest, and leaves gaps for what is not known', () => {
  const range = { minimum: 0, maximum: 7 };
  assert.equal(sparkline(G, [0, 7, undefined, 3], 6, range), '  ▁█·▄');
  assert.equal(sparkline(G, [0, 1, 2, 3, 4, 5, 6, 7], 3, range), '▆▇█');
  assert.equal(sparkline(G, [5, 5], 2, { minimum: 5, maximum: 5 }), '▆▆');
  assert.equal(sparkline(ASCII_GLYPHS, [0, 7], 2, range), '_#');
});

test('a rule is as wide as asked, with its title, and its note where there is room', () => {
  assert.equal(text(rule(G, 20, [span('Steps')])), '─ Steps ────────────');
  assert.equal(text(rule(G, 40, [span('Steps')], [span('1-3 of 7')])), '─ Steps ───────────────────── 1-3 of 7 ─');
  for (let width = 0; width < 60; width += 1) assert.equal(lineWidth(rule(G, width, [span('A title')], [span('a note')])), width);
});

test('lines are cut with a mark, filled with blanks, spread to both ends', () => {
  assert.equal(text(cutLine([span('abc'), span('def')], 5)), 'abcd…');
  assert.equal(text(cutLine([span('abc'), span('def')], 3)), 'ab…');
  assert.equal(text(fitLine([span('你')], 4)), '你  ');
  assert.equal(text(spread([span('left')], [span('right')], 12)), 'left   right');
  assert.equal(text(spread([span('left side')], [span('right')], 10)), 'left…right');
});

test('blocks: the scale at the left, the limit through what is free', () => {
  const lines = blockChart(G, { values: [1, 2, undefined, 4], range: { minimum: 0, maximum: 4 }, limit: 3, style: 'canary' }, 16, 4).map(text);
  assert.deepEqual(lines, ['      3 ───────█', '               █', '             █ █', '      0     ██ █']);
  for (const line of blockChart(ASCII_GLYPHS, { values: [0, 0], range: { minimum: 0, maximum: 0 }, limit: undefined, style: 'bad' }, 12, 3)) assert.equal(lineWidth(line), 12);
});

test('columns leave in the order of their weight, and never take more than there is', () => {
  const ids = (columns: number, nameWidth = 30): string => layoutColumns(columns, 1, nameWidth).map(({ id }) => id).join(' ');
  assert.equal(ids(80, 20), 'name step state gauge weight real metric left');
  assert.equal(ids(80), 'name step state gauge weight metric left');
  assert.equal(ids(80, 44), 'name step state gauge weight metric left');
  assert.equal(ids(60), 'name step state weight left');
  assert.equal(ids(40), 'name state');
  assert.equal(ids(200), 'name step state gauge weight real metric value left age why');
  for (let columns = 30; columns < 260; columns += 1) {
    const chosen = layoutColumns(columns, 1, 30);
    assert.ok(chosen.reduce((sum, { width }) => sum + width + 1, 2) <= columns, String(columns));
  }
});

test('the parts of a rollout fill the screen, without overlap, at every size', () => {
  for (let rows = 8; rows < 70; rows += 1) {
    for (const columns of [30, 80, 109, 110, 120, 200]) {
      for (const section of ['revisions', 'steps', 'metrics'] as const) {
        const layout = layoutDetail({ columns, rows }, { staleRows: 0, sentenceRows: rows >= 16 ? 2 : 1, stepCount: 9, metricCount: 2, trafficRows: 3 }, section);
        const seen = new Set<string>();
        for (const { box } of [layout.traffic, layout.steps, layout.metrics, layout.revisions]) {
          assert.ok(box.rows >= 0 && box.left + box.columns <= columns, `${columns}x${rows} ${section}`);
          for (let row = box.top; row < box.top + box.rows; row += 1) {
            assert.ok(row < rows - 1, `${columns}x${rows} ${section}: row ${row}`);
            const key = `${row} ${box.left}`;
            assert.ok(!seen.has(key), `${columns}x${rows} ${section}: ${key} twice`);
            seen.add(key);
          }
        }
      }
    }
  }
});
