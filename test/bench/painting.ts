// How many bytes reach the terminal for what happens most: a row changes, the mark moves, the list scrolls.

import { PassThrough } from 'node:stream';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { systemClock } from '../../src/lib/clock.js';
import { openTerminal } from '../../src/terminal/screen.js';
import { DEFAULT_THEME } from '../../src/app/default-themes.js';
import { aVirtualService } from '../support/builders.js';
import { fullCluster } from '../support/console-bench.js';
import { aModel, press, send } from '../support/console-scenes.js';

export type PaintingFigures = { readonly changedRow: number; readonly mark: number; readonly scroll: number; readonly whole: number };

const COLUMNS = 200;
const ROWS = 50;
const ROLLOUTS = 50;

/** Lets the stream hand on what was written. */
const written = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 20); });

export async function measurePainting(): Promise<PaintingFigures> {
  let bytes = 0;
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: COLUMNS, rows: ROWS });
  output.on('data', (data: Buffer) => {
    bytes += data.length;
    // Answers as a terminal does: until then nothing more is written.
    for (const _ of data.toString().matchAll(/\u001b\[6n/g)) setImmediate(() => input.write('\u001b[24;80R'));
  });
  const screen = openTerminal({ input, output, terminal: 'xterm-256color', unicode: true, depth: '256', hyperlinks: true, answers: true, clock: systemClock, onKey: () => {}, onResize: () => {} });
  const cost = async (model: Model): Promise<number> => {
    await written();
    const before = bytes;
    screen.paint(render(model, { columns: COLUMNS, rows: ROWS }), DEFAULT_THEME);
    await written();
    return bytes - before;
  };
  const snapshot = fullCluster(ROLLOUTS);
  const first = aModel(COLUMNS, ROWS, snapshot);
  const whole = await cost(first);
  // The real weight of one rollout moves, as at a step.
  const name = 'service-12';
  const virtualServices = snapshot.virtualServices.map((route) => (route.metadata.name === name ? aVirtualService(`${route.metadata.namespace ?? ''}/${name}`, [{ canary: 40 }]) : route));
  const changedRow = await cost(send(first, { type: 'cluster-changed', snapshot: { ...snapshot, virtualServices }, now: first.now }));
  await cost(first);
  const [moved] = press({ ...first, now: first.now - 1000 }, 'j');
  const mark = await cost(moved);
  const bottom = press(first, ...Array.from({ length: 44 }, () => 'j'))[0];
  await cost(bottom);
  const scroll = await cost(press({ ...bottom, now: bottom.now - 1000 }, 'j')[0]);
  screen.closeNow();
  return { changedRow, mark, scroll, whole };
}
