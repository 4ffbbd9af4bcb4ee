// Programs of a person's own beside the screen: their lines, their end, their environment, and that nothing of them stays behind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBeside } from '../../src/app/run-own.js';
import type { OwnEnd } from '../../src/console/own/history.js';
import type { OwnRun } from '../../src/console/own/run.js';
import { systemClock } from '../../src/lib/clock.js';
import { until } from '../support/sluice.js';

type Ran = { readonly end: OwnEnd; readonly lines: readonly string[] };

async function run(more: Partial<OwnRun>, signal = new AbortController().signal): Promise<Ran> {
  const lines: string[] = [];
  const order: OwnRun = { name: 'x', command: 'sh', args: [], environment: {}, background: true, line: 'x', ...more };
  const end = await runBeside(order, { PATH: process.env['PATH'], OTHER: 'kept' }, systemClock, signal, (told) => lines.push(...told));
  return { end, lines };
}

const HOSTILE = `a b; echo owned #'"$(id)\``;

test('arguments arrive as they are, the environment too; both streams are kept, also a last line without an end', async () => {
  const { end, lines } = await run({ args: ['-c', 'echo "$1"; echo "$SLUICE_NAME $OTHER" >&2; printf last; exit 4', 'sh', HOSTILE], environment: { SLUICE_NAME: HOSTILE } });
  assert.deepEqual(end, { ran: true, good: false, text: 'exit code 4' });
  assert.deepEqual(lines.toSorted(), [`${HOSTILE} kept`, HOSTILE, 'last'].toSorted());
});

test('what can not be started says why', async () => {
  assert.deepEqual((await run({ command: '/nonexistent/x' })).end, { ran: false, good: false, text: 'not started: there is no such program' });
  assert.deepEqual((await run({ command: '/etc' })).end, { ran: false, good: false, text: 'not started: it may not be run' });
  assert.match((await run({ args: ['a\u0000b'] })).end.text, /^not started: /);
});

test('stopping ends all that it has started, and also what does not listen', async () => {
  const stopping = new AbortController();
  const lines: string[] = [];
  const order: OwnRun = { name: 'x', command: 'sh', args: ['-c', 'trap "" TERM; sleep 1000 & echo $!; while true; do sleep 1000; done'], environment: {}, background: true, line: 'x' };
  const ending = runBeside(order, { PATH: process.env['PATH'] }, systemClock, stopping.signal, (told) => lines.push(...told));
  const child = Number(await until('its child', () => lines[0]));
  stopping.abort();
  assert.deepEqual(await ending, { ran: true, good: false, text: 'stopped' });
  await until('the end of its child', () => {
    try {
      process.kill(child, 0);
      return false;
    } catch {
      return true;
    }
  });
});

test('one that leaves something running behind it has ended when it has ended', async () => {
  const { end, lines } = await run({ args: ['-c', 'sleep 5 & echo here'] });
  assert.deepEqual([end.text, lines], ['exit code 0', ['here']]);
});

test('of endless output only so much is kept, in lines that can be shown', async () => {
  const { end, lines } = await run({ args: ['-c', 'head -c 6000000 /dev/zero | tr "\\0" x; echo; yes | head -c 6000000'] });
  assert.equal(end.text, 'exit code 0');
  const kept = lines.reduce((sum, line) => sum + line.length + 1, 0);
  assert.ok(kept < 5_000_000 && lines.every((line) => line.length <= 2000), String(kept));
  assert.equal(lines.at(-1), 'what comes behind this is not kept: it has written too much');
});
