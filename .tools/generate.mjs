// `npm run generate` writes the generated files anew; `--check` fails when that would change one.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { freshDist } from './fresh-dist.mjs';
import { outDir, root, transpile } from './transpile.mjs';

// The pictures of the screens are taken of the built program.
await Promise.all([transpile(), freshDist()]);
const result = spawnSync(process.execPath, [path.join(outDir, 'test/generate/generate.js'), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, SLUICE_ROOT: root } });
process.exitCode = result.status ?? 1;
