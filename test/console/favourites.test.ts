// Favourites stand first, are found by a filter, and are there again at the next start.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readFavourites, writeFavourites } from '../../src/app/favourites.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { visibleLists } from '../../src/console/screens/rollouts/lists.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const listed = (model: Model): readonly string[] => visibleLists(model.board, model.list).all.map(({ key }) => key);

test('a key makes a favourite and takes it away; it stands first, and is remembered', () => {
  const plain = aModel(120, 40);
  const last = listed(plain).at(-1) ?? '';
  const [marked, effects] = press(plain, 'G', '+');
  assert.deepEqual([listed(marked)[0], marked.list.cursor.key], [last, last]);
  assert.deepEqual(effects.filter(({ type }) => type !== 'ask-rights'), [{ type: 'keep-favourites', keys: [last] }]);
  assert.ok(printFrame(render(marked)).includes(`◆${last}`));
  const [again, more] = press(marked, '+');
  assert.deepEqual([listed(again), more.filter(({ type }) => type !== 'ask-rights')], [listed(plain), [{ type: 'keep-favourites', keys: [] }]]);
});

test('a column that is sorted by sorts all; the filter knows them', () => {
  const model = send(aModel(120, 40), { type: 'favourites', keys: ['default/myapp', 'default/colorapi', 'gone/away'] });
  assert.deepEqual(listed(model).slice(0, 2).toSorted(), ['default/colorapi', 'default/myapp']);
  assert.equal(listed(press(model, 'N')[0])[0], 'a-team/silly-demo');
  assert.deepEqual(listed(press(model, '/', '+')[0]).toSorted(), ['default/colorapi', 'default/myapp']);
  assert.equal(listed(press(model, '/', '!', '+')[0]).length, 3);
});

test('they are kept by context, in a file of their owner; a broken one counts as none', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-favourites-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const environment = { XDG_STATE_HOME: folder };
  assert.deepEqual(await readFavourites(environment, 'prod'), []);
  assert.ok((await writeFavourites(environment, 'prod', ['shop/cart'])).ok);
  assert.ok((await writeFavourites(environment, 'dev', ['shop/web'])).ok);
  assert.deepEqual([await readFavourites(environment, 'prod'), await readFavourites(environment, 'dev')], [['shop/cart'], ['shop/web']]);
  const file = path.join(folder, 'sluice', 'favourites.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, '{"prod": [1, "shop/a"], "dev": 7');
  assert.deepEqual(await readFavourites(environment, 'prod'), []);
  writeFileSync(file, '{"prod": [1, "shop/a"], "dev": 7}');
  assert.deepEqual([await readFavourites(environment, 'prod'), await readFavourites(environment, 'dev')], [['shop/a'], []]);
  const refused = await writeFavourites({ XDG_STATE_HOME: file }, 'prod', []);
  assert.ok(!refused.ok && /could not be kept/.test(refused.error));
  assert.doesNotMatch(readFileSync(file, 'utf8'), /undefined/);
});
