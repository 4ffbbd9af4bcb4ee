// `npm run simulate -- --seeds N [--from S] [--workers W]`: lives of the engine by chance, and what broke. A failing seed is told in
// full, with every write of its engines, by `--trace`; once it is mended it belongs into cases.ts, and its cause into a small test.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.js';
import type { SeedResult } from './run-seed.js';

const PROGRESS_EVERY = 100;
const MOST_WORKERS = 8;
/** A life is many short-lived objects: with more room for them a seed takes a seventh less CPU. */
const YOUNG = ['--max-semi-space-size=32'];

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '10' }, from: { type: 'string', default: '1' }, workers: { type: 'string', default: '1' }, trace: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false } },
});
const from = Number(values.from);
const seeds = Number(values.seeds);
const workers = Math.max(1, Math.min(MOST_WORKERS, Number(values.workers)));

type Told = Omit<SeedResult, 'lines'> & { readonly cpuMs: number };
const sum = { passed: 0, failed: 0, minutes: 0, faults: 0, changes: 0, cpuMs: 0 };
const tally: Record<string, number> = {};

function tell(result: Told): void {
  const failed = result.violations.length > 0;
  sum[failed ? 'failed' : 'passed'] += 1;
  for (const key of ['minutes', 'faults', 'changes', 'cpuMs'] as const) sum[key] += result[key];
  for (const [what, times] of Object.entries(result.tally)) tally[what] = (tally[what] ?? 0) + times;
  const done = sum.passed + sum.failed;
  if (!values.quiet || failed) process.stdout.write(`seed ${String(result.seed).padStart(5)}  ${failed ? 'FAILED' : 'ok    '}  ${result.digest.padStart(8)}  ${result.minutes} min  ${String(result.changes).padStart(5)} changes  ${String(result.writes).padStart(5)} writes  ${String(result.faults).padStart(4)} faults  ${String(result.engines).padStart(2)} engines  ${String(result.cpuMs).padStart(4)} ms\n`);
  else if (done % PROGRESS_EVERY === 0) process.stdout.write(`${done} seeds, ${sum.failed} failed\n`);
  for (const violation of result.violations) process.stdout.write(`          ${violation}\n`);
}

/** Every so-many-th seed, in a process of its own. */
function runWorker(first: number, step: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--from', String(first), '--seeds', String(seeds), '--workers', '1'], { env: { ...process.env, SIMULATE_STEP: String(step), SIMULATE_END: String(from + seeds) }, execArgv: YOUNG });
    child.on('message', (message) => { tell(message as Told); });
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with ${code ?? 'a signal'}`));
    });
  });
}

async function runHere(step: number, end: number, told: (result: Told, lines: readonly string[]) => void): Promise<void> {
  for (let seed = from; seed < end; seed += step) {
    const before = process.cpuUsage();
    const { lines, ...result } = await runSeed(seed, values.trace);
    const { user, system } = process.cpuUsage(before);
    told({ ...result, cpuMs: Math.round((user + system) / 1000) }, lines);
  }
}

if (process.send !== undefined) {
  await runHere(Number(process.env['SIMULATE_STEP']), Number(process.env['SIMULATE_END']), (told) => process.send?.(told));
  process.disconnect();
} else {
  if (workers > 1) await Promise.all(Array.from({ length: workers }, (_, index) => runWorker(from + index, workers)));
  else {
    await runHere(1, from + seeds, (result, lines) => {
      if (values.trace) process.stdout.write(`${lines.join('\n')}\n`);
      tell(result);
    });
  }
  const told = Object.entries(tally).toSorted(([, a], [, b]) => b - a).map(([what, times]) => `${what} ${times}`);
  process.stdout.write(`faults: ${told.join(', ')}\n`);
  process.stdout.write(`${(sum.minutes / 60).toFixed(0)} virtual hours, ${sum.changes} changes, ${sum.faults} faults, ${(sum.cpuMs / 1000).toFixed(0)} s of CPU\n${sum.passed} passed, ${sum.failed} failed\n`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}
