// Nothing stops a console that drives, on a real pty: not Ctrl-Z in a program that has the terminal, not that program's own
// signals to its whole group, not a signal from elsewhere. What was stopped goes on at once.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryFolder } from '../support/sluice.js';
import { openConsole } from './program-bench.js';

const FILE = `commands:
  nap:
    shortCut: b
    description: stop the whole group, as editors do
    scopes: [rollout]
    readOnly: true
    command: sh
    args: [-c, 'for how in TSTP STOP; do kill -$how 0; echo "went on after $how"; done; exit 3']
  ask:
    shortCut: f5
    description: wait for a line
    scopes: [rollout]
    readOnly: true
    command: sh
    args: [-c, 'printf "name? "; read answer; echo "answer is $answer"; kill -KILL $$']
  absent:
    shortCut: f6
    description: no such program
    scopes: [rollout]
    readOnly: true
    command: no-such-program
`;

const WHY = /Nothing was put to\s+sleep\.\s+This\s+console\s+drives\s+the\s+rollouts:\s+asleep\s+it\s+would\s+lose\s+the\s+Lease/;

test('nothing stops a console that drives, and what it lent the terminal to goes on', async (t) => {
  const folder = temporaryFolder();
  mkdirSync(`${folder.path}/sluice`);
  chmodSync(folder.file('sluice/commands.yaml', FILE), 0o600);
  const editor = folder.file('editor.sh', '#!/bin/sh\nkill -STOP 0\nsed -i "s/^  replicas: .*/  replicas: 4/" "$1"\n');
  chmodSync(editor, 0o755);
  const variables = { EDITOR: editor, XDG_CONFIG_HOME: folder.path, XDG_STATE_HOME: folder.path };
  // In a shell with jobs, as a person's: the group of any other is an orphan, which no such signal stops.
  const console = openConsole({ words: ['demo', 'myapp', '--autoplay', 'off'], variables, jobs: true });
  t.after(() => {
    console.stop();
    folder.remove();
  });
  const { program } = console;
  await program.waitFor(/2\/5 +paused/);
  const pid = await console.pid();
  const notStopped = (): void => assert.doesNotMatch(readFileSync(`/proc/${pid}/stat`, 'utf8'), /^\d+ \(.*\) T/);
  const backAgain = async (): Promise<void> => {
    program.keys('\u001b');
    await program.waitFor((grid) => /Rollouts 1/.test(grid.text) && !grid.text.includes('put to'));
  };

  await t.test('a signal from elsewhere', async () => {
    process.kill(pid, 'SIGTSTP');
    await program.waitFor(WHY);
    notStopped();
    await backAgain();
  });

  await t.test('a command that stops its group, also with what nobody can catch', async () => {
    program.keys('b');
    await program.waitFor(/what has the terminal goes on\.[^]*went on after TSTP[^]*went on after STOP[^]*nap: exit code 3/);
    notStopped();
    program.keys('x');
    await program.waitFor(WHY);
    assert.match(program.text, /nap on default\/myapp: exit code 3 after/);
    await backAgain();
  });

  await t.test('Ctrl-Z while a command reads; a signal that ends it is still named', async () => {
    program.keys('\u001b[15~');
    await program.waitFor((grid) => grid.text.trimEnd().endsWith('name?'));
    program.keys('\u001a');
    await program.waitFor(/goes on\./);
    program.keys('ana\r');
    await program.waitFor(/answer is ana[^]*ask: ended by SIGKILL/);
    program.keys('x');
    await program.waitFor(WHY);
    await backAgain();
  });

  await t.test('what is not there was not started', async () => {
    program.keys('\u001b[17~');
    await program.waitFor(/absent: not started: there is no such program/);
    program.keys('x');
    await program.waitFor(/Rollouts 1/);
  });

  await t.test('an editor', async () => {
    program.keys('E');
    await program.waitFor(/spec\.replicas: \d+ becomes 4/);
    await program.waitFor(WHY);
    notStopped();
    program.keys('n');
    await program.waitFor(/Rollouts 1/);
    assert.deepEqual(await console.leave('\u0003'), { code: 0, modesKept: true });
  });
});
