// Runs the tests: `node .tools/test.mjs [--long|--cluster] [WORD...]` takes the test files whose path contains one of the words.
// Files named *.long.test.ts run only with --long; *.cluster.test.ts only with --cluster, on the cluster of KUBECONFIG_TEST. Prints failures as they come and one closing line.
import { run } from 'node:test';
import path from 'node:path';
import { freshDist } from './fresh-dist.mjs';
import { outDir, root, transpile } from './transpile.mjs';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const sort = ['long', 'cluster'].find((name) => process.argv.includes(`--${name}`)) ?? '';
const sortOf = (file) => /\.(long|cluster)\.test\.js$/.exec(file)?.[1] ?? '';
if (sort === 'cluster' && !process.env.KUBECONFIG_TEST) {
  process.stderr.write('--cluster: KUBECONFIG_TEST has to name the kubeconfig of a cluster that may be written to; `npm run test:cluster` brings one\n');
  process.exit(2);
}
const all = await transpile();
const files = all
  .filter((file) => file.endsWith('.test.js') && sortOf(file) === sort)
  .filter((file) => words.length === 0 || words.some((word) => path.relative(outDir, file).includes(word)))
  .toSorted((a, b) => a.localeCompare(b));

process.env.SLUICE_ROOT = root;
// These run the built program.
if (sort === 'cluster' || files.some((file) => /\/test\/(terminal|commands)\//.test(file))) await freshDist();
let passed = 0;
let failed = 0;
for await (const event of run({ files, concurrency: 2, timeout: sort === '' ? 300_000 : 1_200_000 })) {
  if (event.type === 'test:stderr' || event.type === 'test:stdout') process.stderr.write(event.data.message);
  if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
  if (event.data.details?.type === 'suite' || event.data.skip !== undefined || event.data.todo !== undefined) continue;
  if (event.type === 'test:pass') {
    // A file that holds tests is reported as one test more; count only what stands inside it.
    if (!files.includes(event.data.name)) passed += 1;
    continue;
  }
  const { error } = event.data.details;
  if (files.includes(event.data.name) && error?.failureType === 'subtestsFailed') continue;
  failed += 1;
  const cause = error?.cause ?? error;
  process.stdout.write(`✖ ${path.relative(outDir, event.data.file ?? '')} › ${event.data.name}\n${String(cause?.stack ?? cause?.message ?? cause).split('\n').slice(0, 40).join('\n')}\n`);
}
if (files.length === 0) process.stdout.write('no test file matches\n');
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && files.length > 0 ? 0 : 1;
