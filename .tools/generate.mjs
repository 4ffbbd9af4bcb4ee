// `npm run generate` writes the generated files anew; `--check` fails when that would change one.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { outDir, root, transpile } from './transpile.mjs';

await transpile();
const result = spawnSync(process.execPath, [path.join(outDir, 'test/generate/generate.js'), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, SLUICE_ROOT: root } });
process.exitCode = result.status ?? 1;
