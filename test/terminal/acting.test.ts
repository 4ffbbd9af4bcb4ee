// Acts on a real pty: an editor that gets the terminal and gives it back, read-only as far as the API, and what is recorded.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/sluice.js';
import { openConsole, sayYes } from './program-bench.js';

test('E: the editor has the terminal, the server checks, the question shows the difference, y does it', async (t) => {
  const folder = temporaryFolder();
  // The first editing has a mistake; the second, which is shown the refusal, corrects it.
  const editor = folder.file('editor.sh', '#!/bin/sh\nif grep -q REFUSED "$1"; then sed -i "s/replicass: 4/replicas: 4/" "$1"; else sed -i "s/^  replicas: .*/  replicass: 4/" "$1"; fi\n');
  chmodSync(editor, 0o755);
  const console = openConsole({ words: ['demo', 'myapp', '--autoplay', 'off'], variables: { EDITOR: editor, XDG_STATE_HOME: folder.path } });
  t.after(() => {
    console.stop();
    folder.remove();
  });
  const { program } = console;
  await program.waitFor(/2\/5 +paused/);
  program.keys('E');
  await program.waitFor('Edit default/myapp on sluice?');
  await program.waitFor('spec.replicas: 3 becomes 4');
  await sayYes(program, 'edit');
  await program.waitFor(/edit default\/myapp: seen (at once|after)/);
  const { stdout } = await console.run('get', 'rollout', 'myapp', '-o', 'json');
  assert.equal((JSON.parse(stdout) as { spec: { replicas: number } }).spec.replicas, 4);
  // A yes that came when the question had gone has opened the YAML, from which q only goes back.
  assert.deepEqual(await console.leave('\u0003'), { code: 0, modesKept: true });

  const file = path.join(folder.path, 'sluice', 'audit.jsonl');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const [taken, seen] = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual([taken?.['action'], taken?.['outcome'], seen?.['outcome'], taken?.['name']], ['rollout.edit', 'taken', 'seen', 'myapp']);
});

test('--read-only: the mark, the reason, and settings that are read again', async (t) => {
  const folder = temporaryFolder();
  const config = folder.file('config.yaml', 'contexts: { sluice: { readOnly: true } }\n');
  const console = openConsole({ words: ['demo', 'myapp', '--autoplay', 'off'], variables: { SLUICE_CONFIG: config, XDG_STATE_HOME: folder.path } });
  t.after(() => {
    console.stop();
    folder.remove();
  });
  const { program } = console;
  await program.waitFor('[RO]');
  await program.waitFor(/: read-only/);
  folder.file('config.yaml', 'contexts: { sluice: { readOnly: maybe } }\n');
  await program.waitFor(/config\.yaml:1:\d+: contexts\.sluice\.readOnly: must be\s+true/);
  assert.match(program.text, /\[RO(?:: settings)?\]/, 'what held before still holds');
});

test('a mistake in the settings makes all read-only until it is mended, at the start and while it runs', async (t) => {
  const folder = temporaryFolder();
  const config = folder.file('config.yaml', 'theem: mine\n');
  const console = openConsole({ words: ['demo', 'myapp', '--autoplay', 'off'], variables: { SLUICE_CONFIG: config, XDG_STATE_HOME: folder.path } });
  t.after(() => {
    console.stop();
    folder.remove();
  });
  const { program } = console;
  const isRefused = async (): Promise<void> => {
    await program.waitFor((grid) => grid.row(0).includes('[RO: settings]'));
    await program.waitFor(/theem: is no setting/);
    await program.waitFor('default/myapp');
    program.keys('a');
    await program.waitFor(/Nothing is written to sluice: the settings have a\s+mistake/);
  };
  await isRefused();
  folder.file('config.yaml', 'theme: mono\n');
  await program.waitFor((grid) => !grid.row(0).includes('[RO') && !grid.text.includes('mistake'));
  folder.file('config.yaml', 'theem: mine\n');
  await isRefused();
});

test('Ctrl-Z while driving stops nothing and says why; Z tells times in UTC', async (t) => {
  const console = openConsole({ words: ['demo', 'colorapi', '--autoplay', 'off'], variables: { TZ: 'Asia/Kolkata' } });
  t.after(() => console.stop());
  const { program } = console;
  await program.waitFor(/colorapi .*healthy/i);
  const pid = await console.pid();
  program.keys('\u001a');
  await program.waitFor(/asleep it would lose the\s+Lease/);
  assert.doesNotMatch(readFileSync(`/proc/${pid}/stat`, 'utf8'), /^\d+ \(.*\) T/);
  program.keys('\u001b');
  const hour = (): number => Number(/(\d\d):\d\d:\d\d ● live/.exec(program.text)?.[1] ?? Number.NaN);
  await program.waitFor((grid) => !grid.text.includes('asleep') && !Number.isNaN(hour()));
  const local = hour();
  program.keys('Z');
  await program.waitFor(() => [5, 6].includes((local - hour() + 24) % 24));
  await program.waitFor('Times are in UTC');
  assert.deepEqual(await console.leave(), { code: 0, modesKept: true });
});
