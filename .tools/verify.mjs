// `npm test` and `npm run check`: runs each suite in turn, and ends with one line a suite, `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { root } from './transpile.mjs';

const npx = (name) => `node_modules/.bin/${name}`;
const suites = {
  test: [
    { name: 'types', command: [npx('tsc'), '--noEmit'] },
    { name: 'lint', command: [npx('oxlint'), '--type-aware', '--deny-warnings', 'src', 'test', '.tools'] },
    { name: 'tests', command: [process.execPath, '.tools/test.mjs'], counts: true },
  ],
  check: [
    { name: 'generated', command: [process.execPath, '.tools/generate.mjs', '--check'] },
    { name: 'long', command: [process.execPath, '.tools/test.mjs', '--long'], counts: true },
  ],
};

const chosen = suites[process.argv[2] ?? 'test'];
const lines = [];
let bad = false;
for (const { name, command, counts } of chosen) {
  const started = process.cpuUsage();
  const result = spawnSync(command[0], command.slice(1), { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  void started;
  const output = result.stdout ?? '';
  const closing = counts ? /(\d+) passed, (\d+) failed\s*$/.exec(output) : undefined;
  const failed = result.status !== 0;
  process.stdout.write(output);
  lines.push(closing ? `${name}: ${closing[1]} passed, ${closing[2]} failed` : `${name}: ${failed ? '0 passed, 1 failed' : '1 passed, 0 failed'}`);
  bad ||= failed;
}
process.stdout.write(`\n${lines.join('\n')}\n`);
process.exitCode = bad ? 1 : 0;
