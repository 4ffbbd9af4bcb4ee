// Files whose folders may not be there yet: a change is told however they come.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { watchFiles } from '../../src/app/watch-files.js';
import { systemClock } from '../../src/lib/clock.js';
import { temporaryFolder, until } from '../support/sluice.js';

type Place = { readonly folder: string; readonly file: string };

const CASES: readonly (readonly [string, (place: Place) => void, (place: Place) => void | Promise<void>])[] = [
  ['a file in a folder that is there', ({ folder }) => mkdirSync(folder, { recursive: true }), ({ file }) => writeFileSync(file, 'a')],
  ['a file made along with its folder and the one above', () => {}, ({ folder, file }) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, 'a');
  }],
];

for (const [name, before, change] of CASES)
  test(name, async (t) => {
    const root = temporaryFolder();
    const place = { folder: path.join(root.path, 'config', 'sluice'), file: path.join(root.path, 'config', 'sluice', 'config.yaml') };
    before(place);
    let told = 0;
    const watch = watchFiles([place.file], systemClock, () => { told += 1; });
    t.after(() => {
      watch.stop();
      root.remove();
    });
    await change(place);
    await until('the change', () => told > 0);
  });

test('folders made one after the other, then the file, then it again; other names are not told', async (t) => {
  const root = temporaryFolder();
  let told = 0;
  const file = path.join(root.path, 'config', 'sluice', 'commands.yaml');
  const other = path.join(root.path, 'seen.yaml');
  let seen = 0;
  const watches = [watchFiles([file], systemClock, () => { told += 1; }), watchFiles([other], systemClock, () => { seen += 1; })];
  t.after(() => {
    for (const watch of watches) watch.stop();
    root.remove();
  });
  // A second watch on the same place says that the first has had its event.
  const pass = async (): Promise<void> => {
    const before = seen;
    writeFileSync(other, `${before}`);
    await until('the other watch', () => seen > before);
  };
  mkdirSync(path.join(root.path, 'elsewhere'));
  await pass();
  mkdirSync(path.join(root.path, 'config'));
  await pass();
  mkdirSync(path.dirname(file));
  await pass();
  assert.equal(told, 0);
  writeFileSync(file, 'a');
  await until('the file', () => told > 0);
  const first = told;
  rmSync(file);
  await until('its going', () => told > first);
});

test('what changes while the last change is being told, and while the files to follow change, is told', async (t) => {
  const root = temporaryFolder();
  const [file, other] = [path.join(root.path, 'a.yaml'), path.join(root.path, 'b', 'b.yaml')];
  const read: string[] = [];
  let atOnce = 0;
  let most = 0;
  let finish: () => void = () => {};
  const watch = watchFiles([file], systemClock, async () => {
    most = Math.max(most, (atOnce += 1));
    const text = readFileSync(file, 'utf8');
    if (read.length === 0) await new Promise<void>((resolve) => { finish = resolve; });
    read.push(text);
    watch.follow([file, other]);
    atOnce -= 1;
  });
  t.after(() => {
    watch.stop();
    root.remove();
  });
  writeFileSync(file, 'first');
  await until('the first change is being read', () => atOnce === 1);
  writeFileSync(file, 'second');
  // Seen by the watch and not yet told when the first reading ends and changes the files to follow.
  await new Promise((resolve) => { setTimeout(resolve, 250); });
  finish();
  await until('the second change', () => read.includes('second'));
  assert.deepEqual([read[0], most], ['first', 1]);
});

test('a folder that goes away and comes back is watched again, once its going has been told', async (t) => {
  const root = temporaryFolder();
  const folder = path.join(root.path, 'sluice');
  const file = path.join(folder, 'config.yaml');
  mkdirSync(folder);
  writeFileSync(file, 'a');
  let told = 0;
  const watch = watchFiles([file], systemClock, () => {
    told += 1;
    watch.follow([file]);
  });
  t.after(() => {
    watch.stop();
    root.remove();
  });
  rmSync(folder, { recursive: true });
  await until('its going', () => told === 1);
  mkdirSync(folder);
  writeFileSync(file, 'b');
  await until('its coming back', () => told > 1);
});
