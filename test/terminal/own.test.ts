// Commands of a person's own on a real pty: with the terminal, beside the screen, with answers, after a yes, and refused.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder, until } from '../support/sluice.js';
import { openConsole, sayYes } from './program-bench.js';

const FILE = `commands:
  look:
    shortCut: b
    description: look around
    scopes: [rollout]
    readOnly: true
    command: sh
    args: [-c, 'printf "name? "; read answer; echo "$answer looks at $NAMESPACE/$NAME of $KUBECONFIG" > "$1/looked"; exit 3', sh, FOLDER]
  gather:
    shortCut: f5
    description: gather lines
    scopes: [all]
    background: true
    command: sh
    args: [-c, 'echo "$INPUT_WORD" first; echo second >&2; [ -z "$(cat)" ]']
    inputs: [{ name: word, label: a word, type: string, required: true }]
  linger:
    shortCut: f6
    description: never ends by itself
    scopes: [all]
    background: true
    readOnly: true
    command: sh
    args: [-c, 'sleep 1000 & echo $$ > "$1/pid"; wait', sh, FOLDER]
`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a command has the terminal, or runs beside the screen; read-only and mistakes are told', async (t) => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder.path, 'sluice'));
  const write = (text: string): string => folder.file('sluice/commands.yaml', text.replaceAll('FOLDER', folder.path));
  chmodSync(write(FILE), 0o600);
  const console = openConsole({ words: ['demo', 'myapp', '--autoplay', 'off'], variables: { XDG_CONFIG_HOME: folder.path, XDG_STATE_HOME: folder.path } });
  t.after(() => {
    console.stop();
    folder.remove();
  });
  const { program } = console;
  const outcomes = (): string[] => readFileSync(path.join(folder.path, 'sluice/audit.jsonl'), 'utf8').trim().split('\n').map((line) => {
    const { action, outcome, text } = JSON.parse(line) as Record<string, string>;
    return `${action} ${outcome} ${text}`.replace(/after .*/, '').trim();
  });
  await program.waitFor(/2\/5 +paused/);

  await t.test('with the terminal: it asks, its exit is told, a key leads back', async () => {
    program.keys('b');
    await program.waitFor(/name\? /);
    program.keys('ana\r');
    await program.waitFor(/look: exit code 3\. Any key leads back to sluice\./);
    program.keys('x');
    await program.waitFor(/run look on default\/myapp: exit code 3 after/);
    await program.waitFor(/Rollouts 1/);
    assert.equal(readFileSync(path.join(folder.path, 'looked'), 'utf8'), `ana looks at default/myapp of ${console.kubeconfig}\n`);
    await until('the record', () => outcomes().length === 2);
    assert.deepEqual(outcomes(), ['own.look started', 'own.look failed exit code 3']);
    program.keys('\u001b');
    await program.waitFor((grid) => !grid.text.includes('exit code 3 after'));
  });

  await t.test('beside the screen: the answer is asked for, then the yes; its lines are kept', async () => {
    program.keys('\u001b[15~');
    await program.waitFor(/a word/);
    program.keys('\r');
    await program.waitFor(/A word may not be empty/);
    program.keys('hello\r');
    await sayYes(program, 'run gather');
    await program.waitFor(/run gather on default\/myapp: exit code 0 after .*\s+.*all 2 lines/);
    program.keys('o');
    await program.waitFor(/Output of your commands[^]*hello first[^]*second/);
    program.keys('q');
    await program.waitFor(/Rollouts 1/);
  });

  await t.test('Esc stops what runs beside the screen, with all that it has started', async () => {
    program.keys('\u001b[17~');
    await program.waitFor(/running linger.*esc stops it/);
    const pid = Number(await until('its number', () => readFileSync(path.join(folder.path, 'pid'), 'utf8').trim() || undefined));
    await until('the first Esc leaves the notice, the next one stops it', () => {
      program.keys('\u001b');
      return program.waitFor(/run linger on default\/myapp: stopped after/, 1000).then(() => true, () => false);
    });
    await until('its end', () => !isAlive(pid));
    await until('the record', () => outcomes().at(-1) === 'own.linger failed stopped');
  });

  await t.test('a mistake in the file is told with line and column, and what was there stays; read-only refuses', async () => {
    write(FILE.replace('shortCut: b', 'shortCut: p'));
    await program.waitFor(/commands\.yaml:3:15:\s+commands\.look\.shortCut:\s+p\s+already\s+does\s+rollout\.promote/);
    folder.file('sluice/config.yaml', 'readOnly: true\n');
    await program.waitFor('[RO]');
    write(FILE);
    await program.waitFor('The settings were read again.');
    program.keys('\u001b[15~');
    await program.waitFor(/gather is not run on sluice: it is read-only here/);
    program.keys('b');
    await program.waitFor((grid) => grid.text.trimEnd().endsWith('name?'));
    program.keys('bo\r');
    await program.waitFor(/Any key leads back/);
    program.keys('x');
    await program.waitFor(/Rollouts 1/);
    assert.match(readFileSync(path.join(folder.path, 'looked'), 'utf8'), /^bo looks/);
    assert.deepEqual(await console.leave(), { code: 0, modesKept: true });
  });
});
