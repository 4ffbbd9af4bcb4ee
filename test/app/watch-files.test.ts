// Files whose folders may not be there yet: a change is told however they come.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
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
    const stop = watchFiles([place.file], systemClock, () => { told += 1; });
    t.after(() => {
      stop();
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
  const stops = [watchFiles([file], systemClock, () => { told += 1; }), watchFiles([other], systemClock, () => { seen += 1; })];
  t.after(() => {
    for (const stop of stops) stop();
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
