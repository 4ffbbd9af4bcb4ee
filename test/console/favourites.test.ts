// Favourites stand first, are found by a filter, and are there again at the next start.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { changeFavourite, readFavourites } from '../../src/app/favourites.js';
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
  assert.deepEqual(effects.filter(({ type }) => type !== 'ask-rights'), [{ type: 'keep-favourite', key: last, favourite: true }]);
  assert.ok(printFrame(render(marked)).includes(`◆${last.replace('sluice ', '')}`));
  const [again, more] = press(marked, '+');
  assert.deepEqual([listed(again), more.filter(({ type }) => type !== 'ask-rights')], [listed(plain), [{ type: 'keep-favourite', key: last, favourite: false }]]);
});

test('a column that is sorted by sorts all; the filter knows them', () => {
  const model = send(aModel(120, 40), { type: 'favourites', keys: ['sluice default/myapp', 'sluice default/colorapi', 'elsewhere gone/away'] });
  assert.deepEqual(listed(model).slice(0, 2).toSorted(), ['sluice default/colorapi', 'sluice default/myapp']);
  assert.equal(listed(press(model, 'N')[0])[0], 'sluice a-team/silly-demo');
  assert.deepEqual(listed(press(model, '/', '+')[0]).toSorted(), ['sluice default/colorapi', 'sluice default/myapp']);
  assert.equal(listed(press(model, '/', '!', '+')[0]).length, 3);
});

test('they are kept in a file of their owner, beside what another console wrote; a broken one counts as none', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-favourites-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const environment = { XDG_STATE_HOME: folder };
  assert.deepEqual(await readFavourites(environment), []);
  const changed = await Promise.all([changeFavourite(environment, 'prod shop/cart', true), changeFavourite(environment, 'dev shop/web', true)]);
  assert.ok(changed.every(({ ok }) => ok));
  assert.deepEqual(await readFavourites(environment), ['prod shop/cart', 'dev shop/web']);
  await changeFavourite(environment, 'prod shop/cart', false);
  assert.deepEqual(await readFavourites(environment), ['dev shop/web']);
  const file = path.join(folder, 'sluice', 'favourites.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, '["prod shop/a"');
  assert.deepEqual(await readFavourites(environment), []);
  writeFileSync(file, '[1, "prod shop/a", {}]');
  assert.deepEqual(await readFavourites(environment), ['prod shop/a']);
  const refused = await changeFavourite({ XDG_STATE_HOME: file }, 'prod shop/b', true);
  assert.ok(!refused.ok && /could not be kept/.test(refused.error));
});
