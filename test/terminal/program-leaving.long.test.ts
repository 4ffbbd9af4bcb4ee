// Leaving a console whose cluster does not answer any more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../support/sluice.js';
import { MILL_AND_TILL } from '../commands/manifests.js';
import { leftBehind, openConsole } from './program-bench.js';

/** Requests give up later than this. */
const LONGEST_MS = 8000;

test('a cluster that does not answer keeps nobody from leaving, not even the engine that leads on it', async (t) => {
  const server = await startServer(MILL_AND_TILL, ['--engine', 'off']);
  const console = openConsole({ words: ['--kubeconfig', server.kubeconfig, '--engine', 'on'] });
  t.after(async () => {
    console.stop();
    server.running.child.kill('SIGCONT');
    await server.stop();
  });
  await console.program.waitFor('driving');
  server.running.child.kill('SIGSTOP');
  console.program.keys('q');
  assert.deepEqual(await console.ended(LONGEST_MS), { code: 0, modesKept: true });
  assert.deepEqual(leftBehind(console.program), []);
});
