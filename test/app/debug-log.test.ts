// The debug log: each request and frame as a line, in a file of its owner that does not grow for ever, and no secret in it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openDebugLog } from '../../src/app/debug-log.js';
import { systemClock } from '../../src/lib/clock.js';
import { openConsole } from '../terminal/program-bench.js';
import { Running, sluice, temporaryFolder, until } from '../support/sluice.js';

const MOST_BYTES = 8 * 1024 * 1024;

test('a full file is set aside, and the oldest goes; what stood open is closed', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-debug-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'debug.log');
  writeFileSync(file, 'older\n', { mode: 0o644 });
  const problems: string[] = [];
  const log = openDebugLog(file, systemClock, (text) => problems.push(text));
  for (let round = 0; round < 40; round += 1) {
    for (let line = 0; line < 1000; line += 1) log?.write(`${round} ${'x'.repeat(1000)}`);
    await log?.settled();
  }
  assert.deepEqual(problems, []);
  const sizes = ['', '.1', '.2', '.3'].map((suffix) => statSync(file + suffix).size);
  assert.ok(sizes.every((size) => size < MOST_BYTES + 1_100_000), sizes.join(' '));
  assert.throws(() => statSync(`${file}.4`));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, 'utf8').split('\n').at(-2) ?? '', /^\d{4}-.*Z 39 x+$/);
});

test('lines beyond what the disk takes are counted, not kept; a file that can not be written is told once', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-debug-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'debug.log');
  const log = openDebugLog(file, systemClock, assert.fail);
  for (let line = 0; line < 25_000; line += 1) log?.write(`${line}`);
  await log?.settled();
  const text = readFileSync(file, 'utf8');
  assert.equal(text.split('\n').length - 1, 20_001);
  assert.match(text, /\(5001 lines were left out: the disk was too slow\)\n$/);
  const problems: string[] = [];
  const refused = openDebugLog(path.join(file, 'below-a-file'), systemClock, (problem) => problems.push(problem));
  await refused?.settled();
  refused?.write('more');
  await refused?.settled();
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /^the debug log .*below-a-file can not be written: /);
  assert.equal(openDebugLog(undefined, systemClock, assert.fail), undefined);
});

test('a verb and the console write requests, frames and bytes, and neither the token nor a header', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const KUBECONFIG = path.join(folder.path, 'kubeconfig');
  const server = new Running(['serve', '--kubeconfig-out', KUBECONFIG]);
  t.after(() => server.child.kill());
  await server.says('ready');
  const file = path.join(folder.path, 'debug.log');
  const ran = await sluice(['list', 'rollouts', '-A', '--debug-log', file], { KUBECONFIG });
  assert.equal(ran.code, 0);
  assert.match(readFileSync(file, 'utf8'), /request GET \/apis\/argoproj\.io\/v1alpha1\/rollouts 200 \d+ ms [1-9]\d+ B\n/);
  const console = openConsole({ words: [], variables: { KUBECONFIG, SLUICE_DEBUG_LOG: file } });
  t.after(() => console.stop());
  await console.program.waitFor(/no rollouts in this cluster/);
  await until('a watch in the log', () => /rollouts\?\S*watch=true\S* 200 \d+ ms \(stream opened\)/.test(readFileSync(file, 'utf8')));
  console.program.keys('q');
  assert.equal((await console.ended()).code, 0);
  const text = readFileSync(file, 'utf8');
  for (const wanted of [/begin sluice \d/, /request GET \S+\/rollouts\?\S*watch=true\S* 200 \d+ ms \(stream opened\)/, /frame 80x24 \d+ panes [\d.]+ ms/, /written \d+ B/]) assert.match(text, wanted);
  const [, token = 'none'] = /token: "?([^"\n]+)/.exec(readFileSync(KUBECONFIG, 'utf8')) ?? [];
  assert.ok(token.length > 8 && !text.includes(token), 'the token is in the log');
  assert.doesNotMatch(text, /authorization|bearer/i);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});
