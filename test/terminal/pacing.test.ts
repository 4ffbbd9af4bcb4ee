// How much may be written, on lines of every speed, all on a virtual clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../src/lib/clock.js';
import { createPacer, type Pacer } from '../../src/terminal/pacing.js';

type Line = { readonly clock: VirtualClock; readonly pacer: Pacer; ready: number; asked: number };

function aLine(): Line {
  const clock = new VirtualClock(1000);
  const line: Line = { clock, ready: 0, asked: 0, pacer: createPacer({ clock, onReady: () => { line.ready += 1; }, ask: () => { line.asked += 1; } }) };
  return line;
}

/** Writes that much, and answers after so long. */
async function write({ clock, pacer }: Line, bytes: number, answerMs: number): Promise<void> {
  pacer.wrote(bytes);
  await clock.runUntil(clock.now() + answerMs);
  pacer.answered();
}

test('nothing is written before the answer, and all at once on a fast line', async () => {
  const line = aLine();
  await write(line, 0, 2);
  line.pacer.wrote(5000);
  assert.equal(line.pacer.allowance(), 0);
  assert.equal(line.pacer.owed(), 1);
  await line.clock.runUntil(line.clock.now() + 3);
  assert.equal(line.ready, 1);
  line.pacer.answered();
  assert.equal(line.ready, 2);
  assert.equal(line.pacer.allowance(), Infinity);
  assert.equal(line.pacer.isSlow(), false);
});

test('a far terminal on a fast line is no slow one: the way there and back is not counted', async () => {
  const line = aLine();
  await write(line, 0, 400);
  for (let frame = 0; frame < 5; frame += 1) await write(line, 300, 405);
  assert.equal(line.pacer.isSlow(), false);
});

test('at 960 bytes a second no write takes much longer than a tenth of a second, and the line is kept full', async () => {
  const line = aLine();
  await write(line, 0, 10);
  await write(line, 1000, 1050);
  // The first time that it matters, the way there and back is measured once more.
  assert.equal(line.asked, 1);
  await line.clock.runUntil(line.clock.now() + 10);
  line.pacer.answered();
  for (let frame = 0; frame < 40; frame += 1) {
    const bytes = line.pacer.allowance();
    assert.ok(bytes >= 64 && bytes <= 130, `${bytes} bytes`);
    await write(line, bytes, 10 + (bytes / 960) * 1000);
    if (line.pacer.owed() > 0) line.pacer.answered();
  }
});

test('a line that becomes fast again is used again', async () => {
  const line = aLine();
  await write(line, 0, 10);
  await write(line, 1000, 1050);
  line.pacer.answered();
  for (let frame = 0; frame < 30 && line.pacer.isSlow(); frame += 1) {
    await write(line, line.pacer.allowance(), 11);
    if (line.pacer.owed() > 0) line.pacer.answered();
  }
  assert.equal(line.pacer.isSlow(), false);
});

test('a terminal that never answers is written to at the pace of a serial console', async () => {
  const line = aLine();
  line.pacer.wrote(0);
  line.pacer.wrote(2000);
  await line.clock.runUntil(1999);
  assert.equal(line.pacer.allowance(), 0);
  await line.clock.runUntil(2000);
  assert.equal(line.ready, 1);
  const bytes = line.pacer.allowance();
  assert.equal(bytes, 1152);
  line.pacer.wrote(bytes);
  assert.equal(line.pacer.allowance(), 0);
  await line.clock.runUntil(2100);
  assert.equal(line.ready, 2);
  assert.equal(line.pacer.allowance(), bytes);
});

test('one that answered before is waited for as long as the slowest line takes, and believed again when it answers again', async () => {
  const line = aLine();
  await write(line, 0, 10);
  const from = line.clock.now();
  line.pacer.wrote(2400);
  await line.clock.runUntil(from + 11_999);
  assert.equal(line.pacer.allowance(), 0);
  await line.clock.runUntil(from + 12_000);
  assert.ok(line.pacer.allowance() > 0);
  line.pacer.answered();
  line.pacer.wrote(100);
  await line.clock.runUntil(line.clock.now() + 500);
  assert.equal(line.pacer.allowance(), 0);
});
