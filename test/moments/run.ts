// `node .tools/run.mjs test/moments/run.js [WORD...]`: every moment of every tale whose name contains a word, and everything a person can do.

import { ACTS, meddle, momentsOf } from './explore.js';
import { TALES } from './tales.js';

const words = process.argv.slice(2);
let plays = 0;
for (const tale of TALES.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))) {
  const moments = await momentsOf(tale);
  process.stdout.write(`${tale.name}: ${moments.length} moments\n`);
  for (const moment of moments) {
    for (const act of Object.keys(ACTS)) {
      plays += 1;
      const problems = await meddle(tale, moment, act).catch((fault: unknown) => [String(fault instanceof Error ? fault.stack : fault)]);
      for (const problem of problems) process.stdout.write(`  ${act} at ${moment.at} of ${moment.ending}: ${problem.slice(0, 700)}\n`);
    }
  }
}
process.stdout.write(`${plays} plays\n`);
