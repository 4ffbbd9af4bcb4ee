// A line of 9,600 baud between the console and the terminal, while fifty rollouts change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBusyCluster } from '../support/busy-cluster.js';
import { until } from '../support/sluice.js';
import { openConsole } from './program-bench.js';

/** 9,600 baud: eight bits, a start and a stop. */
const BYTES_PER_SECOND = 960;

/** What goes over the line in half a second. */
const MOST_BYTES = BYTES_PER_SECOND / 2;
/** Wall time is not ours alone: the machine that runs the tests may be busy. */
const LONGEST_ANSWER_MS = 10_000;
const KEYS = 12;

const marked = (text: string): number => text.split('\n').findIndex((line) => line.startsWith('▌'));

test('a key is answered within what the line takes in half a second, and never more than that waits on it', async (t) => {
  const busy = await startBusyCluster({ rollouts: 50 });
  const console = openConsole({ words: ['--kubeconfig', busy.server.kubeconfig, '--engine', 'off'], bytesPerSecond: BYTES_PER_SECOND });
  const { program } = console;
  let stop: () => Promise<void> = () => Promise.resolve();
  t.after(async () => {
    await stop();
    console.stop();
    await busy.stop();
  });
  await program.waitFor(/service-0001 .*healthy/i, 60_000);
  stop = busy.change(50);
  await program.waitFor(/progressing/);
  const taken: number[] = [];
  const passed: number[] = [];
  let most = 0;
  const sampler = setInterval(() => { most = Math.max(most, program.waiting); }, 1);
  t.after(() => clearInterval(sampler));
  for (let key = 0; key < KEYS; key += 1) {
    const before = marked(program.text);
    const { bytes } = program;
    const pressedAt = performance.now();
    program.keys('j');
    await until('the mark on another line', () => marked(program.text) > before);
    taken.push(performance.now() - pressedAt);
    passed.push(program.bytes - bytes);
    // A hand waits a moment; what changes meanwhile fills the line again.
    await until('more to be painted', () => program.waiting > 0);
  }
  const told = `key to answer: ${taken.map(Math.round).join(' ')} ms; bytes over the line meanwhile: ${passed.join(' ')}; most waiting: ${most}`;
  t.diagnostic(told);
  assert.ok(Math.max(...passed) <= MOST_BYTES, told);
  assert.ok(Math.max(...taken) <= LONGEST_ANSWER_MS, told);
  assert.ok(most <= MOST_BYTES, told);
  await stop();
  assert.deepEqual(await console.leave(), { code: 0, modesKept: true });
});
