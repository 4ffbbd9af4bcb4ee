// Completion scripts: each shell that is here takes its own and completes by it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { COMMANDS } from '../../src/commands/table.js';
import { sluice } from '../support/sluice.js';

test('every verb is in every script', async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { code, stdout } = await sluice(['completion', shell]);
    assert.equal(code, 0);
    for (const { words } of COMMANDS) for (const word of words.split(' ')) assert.ok(stdout.includes(word), `${shell}: ${word}`);
  }
  assert.equal((await sluice(['completion', 'tcsh'])).code, 2);
});

test('bash completes verbs, their second words and their flags', async () => {
  const { stdout } = await sluice(['completion', 'bash']);
  const complete = (...words: string[]): string => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const ran = spawnSync('bash', ['-c', `${stdout}\nCOMP_WORDS=(sluice ${line}); COMP_CWORD=${words.length}; _sluice; echo "\${COMPREPLY[@]}"`], { encoding: 'utf8' });
    assert.equal(ran.stderr, '');
    return ran.stdout.trim();
  };
  assert.equal(complete('prom'), 'promote');
  assert.equal(complete('get', 'ro'), 'rollout');
  assert.equal(complete('promote', 'x', '--fu'), '--full');
  assert.equal(complete('set', 'image', 'x', '--rea'), '--reason --read-only');
});

test('the script for PowerShell is whole: quotes and brackets close, no text of ours is read as code', async () => {
  const { stdout } = await sluice(['completion', 'powershell']);
  // In single quotes nothing means anything, and a quote is written twice.
  const code = stdout.replaceAll(/'(?:[^'\n]|'')*'/g, 'TEXT').split('\n').filter((line) => !line.startsWith('#')).join('\n');
  assert.doesNotMatch(code, /'/);
  const open: string[] = [];
  for (const [bracket] of code.matchAll(/[[\](){}]/g)) {
    if ('[({'.includes(bracket)) open.push(bracket);
    else assert.equal(open.pop(), { ']': '[', ')': '(', '}': '{' }[bracket]);
  }
  assert.deepEqual(open, []);
  assert.match(stdout, /'set' = @\('image'\)/);
  assert.match(stdout, /'promote' = @\([^)]*'--full'[^)]*'--help'\)/);
});
