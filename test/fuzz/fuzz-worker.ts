// Runs inputs in a thread of its own, and says in shared memory which one it is at: whoever watches can end it and tell.

import { parentPort, workerData } from 'node:worker_threads';
import { createRng } from '../../src/lib/rng.js';
import { mutateText, mutateValue } from './mutate.js';
import type { Target } from './target.js';
import { TARGETS } from './targets.js';

export type WorkerTask = { readonly targets: readonly string[]; readonly from: number; readonly runs: number; readonly progress: SharedArrayBuffer };
export type Failure = { readonly target: string; readonly run: number; readonly what: string; readonly input: string };

const LONGEST_SHOWN = 1500;
/** Of a complaint: what it says itself, and so many times the input that it quotes. */
const LONGEST_WORDS = 5000;
const MOST_QUOTES = 4;
/** Of processor time, for inputs that are never longer than 64 KiB. */
const MOST_CPU_MS = 1500;
/** Only what took this long by the clock is looked at closer. */
const SUSPICIOUS_MS = 300;

/** Words of a program that stumbled, not of one that explains. */
const STUMBLES = /Cannot read propert|is not a function|is not iterable|is not a constructor|Maximum call stack|Invalid (array|string) length|\[object Object\]|Cannot convert|Reduce of empty|is not generic/;

export const inputOf = (target: Target, run: number): unknown => {
  const rng = createRng(Math.imul(run + 1, 0x9e3779b1) ^ target.name.length);
  return target.type === 'text' ? mutateText(rng, target.samples) : mutateValue(rng, target.samples);
};

const textOf = (input: unknown): string => JSON.stringify(input) ?? String(input);
const shown = (input: unknown): string => textOf(input).slice(0, LONGEST_SHOWN);

async function tryInput(target: Target, input: unknown): Promise<string | undefined> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  let said: unknown;
  try {
    said = await (target.type === 'text' ? target.run(input as string) : target.run(input));
  } catch (error) {
    return `throws ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 6).join('\n') : String(error)}`;
  }
  if (performance.now() - startedAt > SUSPICIOUS_MS) {
    const { user } = process.cpuUsage(cpu);
    if (user / 1000 > MOST_CPU_MS) return `takes ${Math.round(user / 1000)} ms of processor time`;
  }
  if (said === undefined) return undefined;
  if (typeof said !== 'string' || said.trim() === '') return `complains without a word: ${JSON.stringify(said)}`;
  if (said.length > LONGEST_WORDS + MOST_QUOTES * textOf(input).length) return `complains in ${said.length} characters`;
  const stumble = STUMBLES.exec(said)?.[0];
  return stumble === undefined || shown(input).includes(stumble) ? undefined : `stumbles: ${said.slice(0, 300)}`;
}

const task = workerData as WorkerTask | undefined;
if (task !== undefined && parentPort !== null) {
  const progress = new Int32Array(task.progress);
  const { from } = task;
  let current: Failure = { target: '', run: from, what: '', input: '' };
  // A library's warning is written over whatever screen there is.
  process.on('warning', ({ message }) => parentPort?.postMessage({ ...current, what: `warns: ${message}` } satisfies Failure, []));
  for (const [index, target] of TARGETS.entries()) {
    if (!task.targets.includes(target.name)) continue;
    for (let run = task.from; run < task.from + task.runs; run += 1) {
      Atomics.store(progress, 0, index);
      Atomics.store(progress, 1, run);
      Atomics.add(progress, 2, 1);
      const input = inputOf(target, run);
      current = { target: target.name, run, what: '', input: shown(input) };
      const what = await tryInput(target, input);
      if (what !== undefined) parentPort.postMessage({ target: target.name, run, what, input: shown(input) } satisfies Failure, []);
    }
  }
}
