// What may not be named in pure rooms, and what may be named nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSync, Visitor } from 'oxc-parser';
import { isGenerated, roomOf, sources } from './sources.js';

const IMPURE = new Set(['Date', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'process', 'fetch', 'console', 'performance', 'crypto', 'globalThis']);

/** Global names that the file uses: identifiers that are neither properties, keys, types nor declared in it. */
function impureNames(file: string, text: string): string[] {
  const found: string[] = [];
  const { program } = parseSync(file, text);
  const skip = new Set<number>();
  new Visitor({
    MemberExpression(node) {
      if (!node.computed) skip.add(node.property.start);
      if (node.object.type === 'Identifier' && node.object.name === 'Math' && node.property.type === 'Identifier' && node.property.name === 'random') found.push('Math.random');
    },
    Property(node) {
      if (!node.computed && !node.shorthand) skip.add(node.key.start);
    },
    Identifier(node) {
      if (IMPURE.has(node.name) && !skip.has(node.start)) found.push(node.name);
    },
  }).visit(program);
  return found;
}

test('pure rooms name no clock, chance, timer, process or network', () => {
  const complaints = sources('src')
    .filter(({ file }) => roomOf(file)?.pure === true)
    .flatMap(({ file, text }) => impureNames(file, text).map((name) => `${file}: ${name}`));
  assert.deepEqual(complaints, []);
});

test('nobody waits in real time or prints by console outside the shells', () => {
  const complaints = sources('src')
    .filter(({ file }) => !/^src\/(app|commands|terminal|lib\/clock)/.test(file))
    .filter(({ text }) => /\bconsole\.|\bprocess\.exit\b/.test(text))
    .map(({ file }) => file);
  assert.deepEqual(complaints, []);
});

// `any` is the linter's business.
test('no marks of unfinished work and no silenced compiler', () => {
  const complaints = sources('src')
    .filter((source) => !isGenerated(source))
    .flatMap(({ file, text }) => [...text.matchAll(/\b(TODO|FIXME|XXX|@ts-ignore|@ts-expect-error)\b/g)].map((match) => `${file}: ${match[0]}`));
  assert.deepEqual(complaints, []);
});
