// `node .tools/run.mjs test/scenarios/play.js [WORD...] [--log]`: plays the recordings whose names contain a word and prints every
// finding; with --log also what the engine logged and announced. With --kubeconfig FILE they are played on that cluster, in real
// time, --jobs of them at once: `npm run test:cluster -- up` gives one.

import { parseArgs } from 'node:util';
import { asPlayed } from './intended.js';
import { play } from './player.js';
import type { PlayResult } from './player.js';
import { openRealCluster } from './real-world.js';
import type { Trace } from './trace.js';
import { readTraces, TOPICS } from './trace.js';
import { startWorld } from './world.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    log: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    kubeconfig: { type: 'string' },
    jobs: { type: 'string', default: '1' },
  },
});
const LONGEST_VALUE = 1200;
const shown = (value: unknown): string => JSON.stringify(value ?? null).slice(0, LONGEST_VALUE);

function print(trace: Trace, { findings, log, seconds, events }: PlayResult, begin: number): void {
  process.stdout.write(`${findings.length === 0 ? 'ok     ' : 'differs'} ${trace.id} (${findings.length} findings, ${seconds.toFixed(1)} s played in ${((performance.now() - begin) / 1000).toFixed(2)} s)\n`);
  if (!values.quiet) for (const { found, path, expected, got } of findings) process.stdout.write(`  [${found}] ${path}\n    expected: ${shown(expected)}\n    got:      ${shown(got)}\n`);
  if (values.log) process.stdout.write(`${log.join('\n')}\n${events.map(({ obj, reason, message }) => `  ${obj} ${reason}: ${message}`).join('\n')}\n`);
}

const real = values.kubeconfig === undefined ? undefined : await openRealCluster(values.kubeconfig);
const all = (await Promise.all(TOPICS.map(readTraces))).flat();
const todo = all.filter(({ id }) => positionals.length === 0 || positionals.some((word) => id.includes(word)));
let passed = 0;
let failed = 0;

async function playNext(): Promise<void> {
  for (let trace = todo.shift(); trace !== undefined; trace = todo.shift()) {
    const begin = performance.now();
    const result = await play(asPlayed(trace), real?.openWorld ?? startWorld);
    if (result.findings.length === 0) passed += 1;
    else failed += 1;
    print(trace, result, begin);
  }
}

await Promise.all(Array.from({ length: Number(values.jobs) }, playNext));
await real?.close();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
