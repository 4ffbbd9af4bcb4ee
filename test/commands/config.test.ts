// `sluice config`: what holds, and where it came from; and a console that reads its settings again.

import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { sluice, temporaryFolder } from '../support/sluice.js';

const folder = temporaryFolder();
after(() => folder.remove());
mkdirSync(path.join(folder.path, 'sluice'));
const file = path.join(folder.path, 'sluice', 'config.yaml');
const lineOf = (stdout: string, name: string): string => stdout.split('\n').find((line) => line.startsWith(`${name} `))?.replaceAll(/ +/g, ' ').trim() ?? '';

test('each value with its file and line, environment variable, flag or default', async () => {
  writeFileSync(file, 'theme: mono\ncontexts:\n  prod-*:\n    readOnly: true\n');
  const { code, stdout } = await sluice(['config', '--context', 'prod-eu', '--time', 'utc'], { XDG_CONFIG_HOME: folder.path, SLUICE_TAKE_BACK: '1s' });
  assert.equal(code, 0);
  assert.equal(lineOf(stdout, 'theme'), `theme mono ${file}:1`);
  assert.equal(lineOf(stdout, 'readOnly'), `readOnly true ${file}:4 (contexts prod-*)`);
  assert.equal(lineOf(stdout, 'takeBack'), 'takeBack 1s $SLUICE_TAKE_BACK');
  assert.equal(lineOf(stdout, 'time'), 'time utc --time');
  assert.equal(lineOf(stdout, 'confirm'), 'confirm type-name default: the context looks like production');
});

test('what is wrong is told with line, column and reason, and the rest of the sources hold', async () => {
  writeFileSync(file, 'theme: mono\n\ncontexts:\n  a:\n    confirm: maybe\n');
  const { code, stderr, stdout } = await sluice(['config'], { XDG_CONFIG_HOME: folder.path });
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`${file}:5:14: contexts\\.a\\.confirm: must be none or key`));
  assert.equal(lineOf(stdout, 'theme'), 'theme - default');
});

test('a file that was named must be there', async () => {
  const { code, stderr } = await sluice(['config'], { SLUICE_CONFIG: '/nonexistent/c.yaml' });
  assert.equal(code, 1);
  assert.match(stderr, /\/nonexistent\/c\.yaml: can not be read/);
});

test('the schemas are printed', async () => {
  for (const what of ['settings', 'theme', 'keymap']) {
    const { code, stdout } = await sluice(['config', '--schema', what]);
    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout) as { additionalProperties: boolean }).additionalProperties, false);
  }
});

test('flags that contradict each other are a mistake in the command line', async () => {
  const { code, stderr } = await sluice(['config', '--read-only', '--write']);
  assert.deepEqual([code, stderr.includes('contradict each other')], [2, true]);
});

test('an own theme is found by its name', async () => {
  mkdirSync(path.join(folder.path, 'sluice', 'themes'));
  writeFileSync(path.join(folder.path, 'sluice', 'themes', 'mine.yaml'), 'name: mine\nstyles: {}\n');
  writeFileSync(`${file}.new`, 'theme: mine\n');
  renameSync(`${file}.new`, file);
  const { stdout } = await sluice(['config'], { XDG_CONFIG_HOME: folder.path });
  assert.match(lineOf(stdout, 'theme'), /^theme mine .*:1$/);
});
