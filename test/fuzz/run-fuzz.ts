// Runs so many inputs of each target in a bounded thread, and tells which input crashed it, hung it or ate its memory.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../src/lib/clock.js';
import type { Failure, WorkerTask } from './fuzz-worker.js';
import { TARGETS } from './targets.js';

/** So long one input may take by the clock: generous, for machines that do much else. */
const LONGEST_INPUT_MS = 60_000;
const LOOK_EVERY_MS = 1000;
const MOST_MEMORY_MB = 512;
const MOST_FAILURES = 20;

export type FuzzResult = { readonly failures: readonly Failure[]; readonly inputs: number };

export function runFuzz(options: { readonly runs: number; readonly from?: number; readonly targets?: readonly string[] }): Promise<FuzzResult> {
  const { runs, from = 0, targets = TARGETS.map(({ name }) => name) } = options;
  const progress = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
  const seen = new Int32Array(progress);
  const failures: Failure[] = [];
  const task: WorkerTask = { targets, from, runs, progress };
  const worker = new Worker(fileURLToPath(new URL('fuzz-worker.js', import.meta.url)), { workerData: task, resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB } });
  const here = (what: string): Failure => ({ target: TARGETS[Atomics.load(seen, 0)]?.name ?? '?', run: Atomics.load(seen, 1), what, input: '(see --only and --from)' });
  return new Promise((resolve) => {
    let last = -1;
    let since = systemClock.now();
    let cancelLook = (): void => undefined;
    const finish = (): void => {
      cancelLook();
      void worker.terminate();
      resolve({ failures, inputs: Atomics.load(seen, 2) });
    };
    const look = (): void => {
      const count = Atomics.load(seen, 2);
      if (count !== last) {
        last = count;
        since = systemClock.now();
      } else if (systemClock.now() - since > LONGEST_INPUT_MS) {
        failures.push(here(`does not end within ${LONGEST_INPUT_MS / 1000} s`));
        finish();
        return;
      }
      cancelLook = systemClock.after(LOOK_EVERY_MS, look);
    };
    cancelLook = systemClock.after(LOOK_EVERY_MS, look);
    worker.on('message', (failure: Failure) => {
      failures.push(failure);
      if (failures.length >= MOST_FAILURES) finish();
    });
    worker.on('error', (error) => {
      failures.push(here(`ends its thread: ${error.message}`));
      finish();
    });
    worker.on('exit', finish);
  });
}
