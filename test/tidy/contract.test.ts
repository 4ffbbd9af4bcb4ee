// The table of test/README.md: every section of the contract has its row, and every test that a row names is there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { files } from './sources.js';

const upTo = (section: number, last: number, first = 1): readonly string[] => Array.from({ length: last - first + 1 }, (_, index) => `${section}.${first + index}`);

/** Of the compatibility facts. */
const SECTIONS: readonly string[] = [
  ...upTo(1, 8), ...upTo(2, 9), ...upTo(3, 15, 0), '4', '5', ...upTo(6, 4), ...upTo(7, 7), ...upTo(8, 11), ...upTo(9, 2), ...upTo(10, 9), '11', '11.1', '11.2', ...upTo(12, 5), '13', '14', '15',
];

const NOT_YET = 'not here yet';

type Row = { readonly title: string; readonly tests: string };

const readme = readFileSync(path.join(process.env['SLUICE_ROOT'] ?? '.', 'test', 'README.md'), 'utf8');
const rows: readonly Row[] = [...readme.matchAll(/^\| (\d[^|]*) \| ([^|]*) \|$/gm)].map(([, title = '', tests = '']) => ({ title, tests }));

/** "8.4 to 8.10 other providers" speaks of seven sections, "10.5 Ambassador, 10.6 App Mesh" of two. */
function sectionsOf({ title }: Row): readonly string[] {
  const span = /^(\d+)\.(\d+) to \1\.(\d+) /.exec(title);
  if (span !== null) return upTo(Number(span[1]), Number(span[3]), Number(span[2]));
  return [...title.matchAll(/(?:^|, )(\d+(?:\.\d+)?)(?= )/g)].map(([, section = '']) => section);
}

const there = files('test').map((file) => file.replace(/^test\//, ''));

/** A file of tests, or a folder with some. */
const isThere = (name: string): boolean =>
  there.some((file) => file === name || file.startsWith(`${name}.test.`) || file.startsWith(`${name}.long.test.`) || (file.startsWith(`${name}/`) && file.endsWith('.test.ts')));

test('every section of the contract has one row, and no row is empty', () => {
  const named = rows.flatMap(sectionsOf);
  assert.deepEqual(named, SECTIONS);
  assert.deepEqual(rows.filter(({ tests }) => !/`\w+/.test(tests) && !tests.startsWith(NOT_YET)).map(({ title }) => title), []);
});

test('the tests that the rows name are there', () => {
  const missing = rows.flatMap(({ tests }) => [...tests.matchAll(/`([a-z-]+(?:\/[a-z.-]+)*)`/g)].map(([, name = '']) => name)).filter((name) => !isThere(name));
  assert.deepEqual(missing, []);
});

/** `| what | here | test |` of the project's README. */
const beside = [...readFileSync(path.join(process.env['SLUICE_ROOT'] ?? '.', 'README.md'), 'utf8').matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]*)\|$/gm)]
  .map(([, what = '', here = '', tests = '']) => ({ what, here, tests }))
  .filter(({ tests }) => /^(`[a-z-]+(\/[a-z-]+)*`( \([^)]*\))?(, )?)+ $|^$/.test(tests));

test('each row of the comparison names a test that is there, or says that it is not yet', () => {
  assert.ok(beside.length > 40, `${beside.length} rows`);
  assert.deepEqual(beside.filter(({ here, tests }) => tests === '' && !here.startsWith('not yet')).map(({ what }) => what), []);
  const named = beside.flatMap(({ tests }) => [...tests.matchAll(/`([a-z/-]+)`/g)].map(([, name = '']) => name));
  assert.deepEqual(named.filter((name) => !isThere(name)), []);
});
