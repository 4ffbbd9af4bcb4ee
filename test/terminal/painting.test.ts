// Whatever was painted before, the cells are those of the last frame: rows that are kept leave nothing of older ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlessedScreen, Cell, CellLine } from 'blessed';
import type { Frame, Pane, Rect, Span, StyledLine } from '../../src/console/frame.js';
import { STYLE_NAMES } from '../../src/console/style.js';
import { DEFAULT_THEME, MONO_THEME } from '../../src/app/default-themes.js';
import { createRng, type Rng } from '../../src/lib/rng.js';
import { createAttributes } from '../../src/terminal/attributes.js';
import { createLinks } from '../../src/terminal/links.js';
import { createPainter } from '../../src/terminal/painter.js';

const RUNS = 300;
const FRAMES = 12;
const WORDS = ['rollouts', ' ', '', 'a', '漢字', 'é', 'e\u0301', '█░', 'x'.repeat(90), '…', '漢'.repeat(30)];
const LINKS = [undefined, undefined, 'https://grafana.test/a', 'https://grafana.test/b'];

const pick = <T>(rng: Rng, from: readonly T[]): T => from[rng.int(from.length)] as T;

function aLine(rng: Rng): StyledLine {
  return Array.from({ length: rng.int(5) }, (): Span => {
    const link = pick(rng, LINKS);
    return { text: pick(rng, WORDS), style: pick(rng, STYLE_NAMES), ...(rng.int(4) === 0 ? { raised: true as const } : {}), ...(link === undefined ? {} : { link }) };
  });
}

function aBox(rng: Rng, columns: number, rows: number): Rect {
  const left = rng.int(columns);
  const top = rng.int(rows);
  // Some reach beyond the edge.
  return { left, top, columns: 1 + rng.int(columns - left + 3), rows: 1 + rng.int(rows - top + 2) };
}

/** The same line but for one thing of one of its spans. */
function alteredLine(rng: Rng, line: StyledLine): StyledLine {
  const place = rng.int(Math.max(1, line.length));
  return line.map((span, at): Span => {
    if (at !== place) return { ...span };
    const { raised, link, ...rest } = span;
    return pick<() => Span>(rng, [
      () => ({ ...span, text: pick(rng, WORDS) }),
      () => ({ ...span, style: pick(rng, STYLE_NAMES) }),
      () => ({ ...rest, ...(link === undefined ? {} : { link }), ...(raised === true ? {} : { raised: true as const }) }),
      () => ({ ...rest, ...(raised === true ? { raised } : {}), link: pick(rng, ['https://grafana.test/a', 'https://grafana.test/b']) }),
    ])();
  });
}

function altered(rng: Rng, pane: Pane): Pane {
  const { box, body } = pane;
  if (body.type !== 'text') return pane;
  const lines = body.lines.map((line) => (rng.int(2) === 0 ? alteredLine(rng, line) : [...line]));
  return pick<() => Pane>(rng, [
    () => pane,
    () => ({ ...pane, body: { type: 'text', lines } }),
    () => ({ ...pane, box: { ...box, left: Math.max(0, box.left - 1) } }),
    () => ({ ...pane, box: { ...box, columns: box.columns + 1 } }),
  ])();
}

function nextFrame(rng: Rng, before: Frame | undefined, columns: number, rows: number): Frame {
  const old = before?.panes ?? [];
  const kept = old.filter(() => rng.int(3) > 0).map((pane) => altered(rng, pane));
  const made = Array.from({ length: rng.int(3) }, (_, place): Pane => {
    const box = aBox(rng, columns, rows);
    return { id: `${rng.int(1000)}-${place}`, box, body: { type: 'text', lines: Array.from({ length: rng.int(box.rows + 1) }, () => aLine(rng)) } };
  });
  return { size: { columns, rows }, panes: [...kept, ...made], bells: 0, title: '' };
}

const blankLine = (columns: number): CellLine => Object.assign(Array.from({ length: columns }, (): Cell => [0, ' ']), { dirty: false });
const aScreen = (columns: number, rows: number): BlessedScreen => ({ lines: Array.from({ length: rows }, () => blankLine(columns)), children: [] } as unknown as BlessedScreen);
const cellsOf = (screen: BlessedScreen): string[] => screen.lines.map((line) => JSON.stringify([...line]));

test('any frames one after the other leave the cells of the last', () => {
  const looks = [createAttributes(DEFAULT_THEME, '256'), createAttributes(MONO_THEME, '16')];
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const rng = createRng(seed);
    const links = createLinks();
    let [columns, rows] = [1 + rng.int(60), 1 + rng.int(12)];
    const screen = aScreen(columns, rows);
    const paint = createPainter(screen, links, () => {});
    let frame: Frame | undefined;
    for (let turn = 0; turn < FRAMES; turn += 1) {
      if (rng.int(6) === 0) {
        [columns, rows] = [1 + rng.int(60), 1 + rng.int(12)];
        screen.lines = aScreen(columns, rows).lines;
      }
      frame = nextFrame(rng, frame, columns, rows);
      const attributes = pick(rng, looks);
      const before = cellsOf(screen);
      for (const line of screen.lines) line.dirty = false;
      const changed = paint(frame, attributes);
      const fresh = aScreen(columns, rows);
      createPainter(fresh, links, () => {})(frame, attributes);
      const now = cellsOf(screen);
      assert.deepEqual(now, cellsOf(fresh), `seed ${seed}, frame ${turn}`);
      const differing = now.flatMap((cells, row) => (cells === before[row] ? [] : [row]));
      assert.deepEqual([...changed], differing, `seed ${seed}, frame ${turn}: told`);
      assert.deepEqual(screen.lines.flatMap(({ dirty }, row) => (dirty ? [row] : [])), differing, `seed ${seed}, frame ${turn}: dirty`);
    }
  }
});
