// `npm run simulate -- --seeds N [--from S]`: lives of the engine by chance, one line each; the first that breaks an invariant
// is told in full. A seed that fails here belongs into FAILED_SEEDS of simulation.test.ts when it is mended.

import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.js';

const MOST_LINES = 400;

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10' }, from: { type: 'string', default: '1' }, trace: { type: 'boolean', default: false } } });
const from = Number(values.from);
let failed = 0;
for (let seed = from; seed < from + Number(values.seeds); seed += 1) {
  const result = await runSeed(seed);
  const verdict = result.violations.length === 0 ? 'ok' : 'FAILED';
  process.stdout.write(`seed ${String(seed).padStart(4)}  ${verdict.padEnd(6)}  ${result.digest.padStart(8)}  ${String(result.events).padStart(5)} changes  ${String(result.writes).padStart(5)} writes  ${String(result.faults).padStart(4)} faults  ${String(result.restarts).padStart(2)} engines\n`);
  if (values.trace) process.stdout.write(`${result.lines.join('\n')}\n`);
  if (result.violations.length === 0) continue;
  failed += 1;
  if (failed === 1 && !values.trace) process.stdout.write(`${result.lines.slice(-MOST_LINES).join('\n')}\n`);
  for (const violation of result.violations) process.stdout.write(`          ${violation}\n`);
}
process.stdout.write(`${Number(values.seeds) - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
