// `node .tools/run.mjs test/scenarios/play.js [WORD...] [--log]`: plays the recordings whose names contain a word and prints every
// finding; with --log also what the engine logged and announced.

import { parseArgs } from 'node:util';
import { play } from './player.js';
import { readTraces, TOPICS } from './trace.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { log: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false } } });
const LONGEST_VALUE = 1200;
const shown = (value: unknown): string => JSON.stringify(value ?? null).slice(0, LONGEST_VALUE);

let passed = 0;
let failed = 0;
for (const topic of TOPICS) {
  for (const trace of await readTraces(topic)) {
    if (positionals.length > 0 && !positionals.some((word) => trace.id.includes(word))) continue;
    const begin = performance.now();
    const { findings, log, seconds, events } = await play(trace);
    if (findings.length === 0) passed += 1;
    else failed += 1;
    process.stdout.write(`${findings.length === 0 ? 'ok     ' : 'differs'} ${trace.id} (${findings.length} findings, ${seconds.toFixed(1)} s played in ${((performance.now() - begin) / 1000).toFixed(2)} s)\n`);
    if (!values.quiet) for (const { found, path, expected, got } of findings) process.stdout.write(`  [${found}] ${path}\n    expected: ${shown(expected)}\n    got:      ${shown(got)}\n`);
    if (values.log) process.stdout.write(`${log.join('\n')}\n${events.map(({ obj, reason, message }) => `  ${obj} ${reason}: ${message}`).join('\n')}\n`);
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
