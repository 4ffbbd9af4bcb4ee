// `npm run fuzz -- --runs N [--from R] [--only NAME]`: bad input by chance for everything that parses. The same run of the same target
// is the same input. What fails here belongs, once it is mended, into the test of its room.

import { parseArgs } from 'node:util';
import { runFuzz } from './run-fuzz.js';
import { TARGETS } from './targets.js';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000' }, from: { type: 'string', default: '0' }, only: { type: 'string', default: '' } } });
const targets = TARGETS.map(({ name }) => name).filter((name) => name.includes(values.only));
let inputs = 0;
let failed = 0;
for (const target of targets) {
  const result = await runFuzz({ runs: Number(values.runs), from: Number(values.from), targets: [target] });
  inputs += result.inputs;
  failed += result.failures.length;
  process.stdout.write(`${target.padEnd(32)} ${String(result.inputs).padStart(7)} inputs  ${result.failures.length === 0 ? 'ok' : `${result.failures.length} FAILED`}\n`);
  for (const { run, what, input } of result.failures) process.stdout.write(`  run ${run}: ${what}\n    ${input}\n`);
}
process.stdout.write(`${inputs} inputs to ${targets.length} parsers, ${failed} failed\n`);
process.exitCode = failed === 0 && targets.length > 0 ? 0 : 1;
