// What is read before the first frame: counted, because time depends on the machine. Fifty small files cost 40 ms more than two.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MAIN } from '../support/sluice.js';

const MOST_FILES = 16;
/** A quarter of it is names. */
const MOST_BYTES = 960_000;
/** For the verbs that open no console. */
const MOST_VERB_BYTES = 60_000;

/** The file, and all that it imports before it runs. */
function readFirst(file: string, found = new Map<string, number>()): Map<string, number> {
  if (found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text.length);
  for (const [, name = ''] of text.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) readFirst(path.resolve(path.dirname(file), name), found);
  return found;
}

const sum = (found: ReadonlyMap<string, number>): number => [...found.values()].reduce((total, bytes) => total + bytes, 0);

test('the console is few files, and nothing of what only a cluster needs', () => {
  const found = readFirst(path.join(path.dirname(MAIN), 'console', 'demo.js'), readFirst(MAIN));
  assert.ok(found.size <= MOST_FILES, `${found.size} files: ${[...found.keys()].join(' ')}`);
  assert.ok(sum(found) <= MOST_BYTES, `${sum(found)} bytes`);
  const texts = new Map([...found.keys()].map((file) => [file, readFileSync(file, 'utf8')]));
  // One other letter in an expression, and the program is held with two bytes for each of its letters.
  // eslint-disable-next-line no-control-regex
  for (const [file, text] of texts) assert.match(text, /^[\x00-\x7f]*$/, file);
  const text = [...texts.values()].join('\n');
  for (const name of ['loadFromCluster', 'applyToHTTPSOptions', 'CustomResourceDefinition is', 'selfsigned.generate', 'parseAllDocuments']) assert.ok(!text.includes(name), name);
});

test('a verb reads no console', () => {
  const found = readFirst(MAIN);
  assert.ok(sum(found) <= MOST_VERB_BYTES, `${sum(found)} bytes`);
});
