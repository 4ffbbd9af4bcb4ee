// However the one who started them ends, no program is left behind.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { temporaryFolder, until } from '../support/sluice.js';
import { runProgram, startProgram } from './processes.js';

const folder = temporaryFolder();
after(() => folder.remove());

/** Says its number and then sleeps for longer than any test. */
const SLEEPER = 'echo $$; sleep 1000 & echo $!; wait';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a program is stopped, and one that ends by itself says how', async () => {
  const sleeper = startProgram('sh', ['-c', 'exec sleep 1000'], folder.path);
  assert.equal(sleeper.ended(), undefined);
  await sleeper.stop();
  assert.equal(sleeper.ended(), 'SIGTERM');
  const failing = startProgram('sh', ['-c', 'echo out of order >&2; exit 3'], folder.path);
  await until('its end', () => failing.ended());
  assert.equal(failing.ended(), 'exit code 3');
  assert.match(failing.lastWords(), /out of order/);
  const missing = startProgram('no-such-program', [], folder.path);
  await until('its end', () => missing.ended());
  assert.match(missing.ended() ?? '', /ENOENT/);
});

test('an errand ends with all that it has started when it is called off', async () => {
  const file = folder.file('errand.sh', `{ ${SLEEPER}; } >${folder.path}/pids`);
  const ending = new AbortController();
  const errand = runProgram('sh', [file], { cwd: folder.path, signal: ending.signal });
  const pids = await until('its numbers', () => written('pids'));
  ending.abort();
  assert.equal(await errand, 'SIGTERM');
  await until('all to be gone', () => !pids.some(isAlive));
});

test('when this process is killed, the programs that it started are too', async () => {
  const script = folder.file('starts.mjs', `
    import { startProgram } from ${JSON.stringify(new URL('./processes.js', import.meta.url).href)};
    startProgram('sh', ['-c', ${JSON.stringify(`{ ${SLEEPER}; } >killed`)}], ${JSON.stringify(folder.path)});
    console.log('started');
  `);
  const starter = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(starter.stdout, 'data');
  const pids = await until('its numbers', () => written('killed'));
  assert.ok(pids.every(isAlive));
  starter.kill('SIGKILL');
  await until('all to be gone', () => !pids.some(isAlive));
});

/** The two numbers that a sleeper has written, once they are there. */
function written(name: string): readonly number[] | undefined {
  try {
    const numbers = readFileSync(path.join(folder.path, name), 'utf8').trim().split('\n').map(Number);
    return numbers.length === 2 ? numbers : undefined;
  } catch {
    return undefined;
  }
}
