// The keymaps that come along: each passes the schema (no key twice in a context), and leaves no action without a key.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ACTIONS } from '../../src/console/actions.js';
import { findAction, type Keymap, parseKeymap } from '../../src/console/keymap.js';

const folder = path.join(process.env['SLUICE_ROOT'] ?? '.', 'keymaps');
const NAMES = ['default', 'vim', 'emacs', 'k9s'] as const;

function read(name: string): Keymap {
  const parsed = parseKeymap(parse(readFileSync(path.join(folder, `${name}.yaml`), 'utf8')));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

test('those that the README names are there, and no others', () => {
  assert.deepEqual(readdirSync(folder).map((file) => file.replace('.yaml', '')).toSorted(), NAMES.toSorted());
});

for (const name of NAMES) {
  test(`${name}: every action can be reached, by its first key`, () => {
    const keymap = read(name);
    assert.equal(keymap.name, name);
    for (const { id, contexts } of ACTIONS) {
      const [key] = keymap.bindings[id];
      assert.ok(key !== undefined, `${id} has no key`);
      for (const context of contexts) assert.equal(findAction(keymap, context, key), id, `${key} in ${context}`);
    }
  });
}

test('they differ where their users would look', () => {
  assert.equal(findAction(read('vim'), 'page', 'l'), 'page.right');
  assert.equal(findAction(read('vim'), 'rollouts', 'ctrl-d'), 'move.page-down');
  assert.equal(findAction(read('emacs'), 'question', 'ctrl-g'), 'question.no');
  assert.equal(findAction(read('emacs'), 'rollouts', 'j'), undefined);
  assert.equal(findAction(read('k9s'), 'rollouts', 'e'), 'rollout.edit');
});
