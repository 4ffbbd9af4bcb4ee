// Files are named by one noun or verb, in lower case; some words hide what a folder is for.

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { files, sources } from './sources.js';

const HOLLOW = new Set(['utils', 'util', 'common', 'helpers', 'helper', 'core', 'types', 'misc', 'shared', 'stuff', 'base']);

test('names are kebab-case', () => {
  const complaints = [...files('src'), ...files('test'), ...files('themes'), ...files('keymaps')].filter((file) => !/^[a-z0-9][a-z0-9.-]*$/.test(path.basename(file)) && path.basename(file) !== 'README.md');
  assert.deepEqual(complaints, []);
});

test('no folder or file has a hollow name', () => {
  const complaints = files('src').filter((file) => file.split('/').some((part) => HOLLOW.has(part.replace(/\.\w+$/, ''))));
  assert.deepEqual(complaints, []);
});

test('every source file begins by saying what it is for', () => {
  const complaints = sources('src').filter(({ text }) => !/^(#![^\n]*\n)?\/\/ /.test(text)).map(({ file }) => file);
  assert.deepEqual(complaints, []);
});

test('only registries are called index.ts', () => {
  const allowed = new Set(['src/routers/index.ts', 'src/providers/index.ts']);
  assert.deepEqual(files('src').filter((file) => path.basename(file) === 'index.ts' && !allowed.has(file)), []);
});
