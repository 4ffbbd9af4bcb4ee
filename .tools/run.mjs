// Runs one transpiled program from test/: `node .tools/run.mjs test/bench/bench.js [ARG...]`.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { freshDist } from './fresh-dist.mjs';
import { outDir, root, transpile } from './transpile.mjs';

await Promise.all([transpile(), ...(process.argv[2]?.includes('/bench/') === true ? [freshDist()] : [])]);
const [program, ...rest] = process.argv.slice(2);
const child = spawn(process.execPath, [path.join(outDir, program), ...rest], { stdio: 'inherit', env: { ...process.env, SLUICE_ROOT: root } });
// Whoever ends this process means the program.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
