// What is too deep is told before it is parsed, by a scan that stops there; what people write, however odd, is not.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Lexer, stringify } from 'yaml';
import { decodeYaml } from '../../src/apiserver/http/request-body.js';
import { readManifests } from '../../src/app/load-manifests.js';
import { DEEPEST_YAML, tooDeepLine } from '../../src/lib/yaml-depth.js';
import { temporaryFolder } from '../support/sluice.js';

const folder = temporaryFolder();
after(() => folder.remove());

const DEEP = 10_000;
const lineOf = (text: string): number | undefined => tooDeepLine(new Lexer().lex(text));
const indented = (depth: number, line: string): string => Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}${line}\n`).join('');

const TOO_DEEP: readonly (readonly [name: string, text: string, line: number])[] = [
  ['lists', '['.repeat(DEEP), 1],
  ['lists with something before each', '[a, '.repeat(DEEP), 1],
  ['lists one to a line', `a:\n${'[a,\n '.repeat(DEEP)}`, DEEPEST_YAML + 1],
  ['maps', '{a: '.repeat(DEEP), 1],
  ['maps in lists', '[{"a":'.repeat(DEEP), 1],
  ['brackets that were closed too often before', `${'}'.repeat(DEEP)}${'[a, '.repeat(DEEP)}`, 1],
  ['dashes', `${'- '.repeat(DEEP)}a`, 1],
  ['dashes behind a key', `a: ${'- '.repeat(DEEP)}a`, 1],
  ['dashes behind the mark of a document', `--- ${'- '.repeat(DEEP)}a`, 1],
  ['question marks', `${'? '.repeat(DEEP)}a`, 1],
  ['keys below keys', indented(1000, 'a:'), DEEPEST_YAML + 1],
  ['dashes below dashes', indented(1000, '-'), DEEPEST_YAML + 1],
  ['keys with a text before each', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}t: |\n${' '.repeat(level)}   [\n${' '.repeat(level)}a:\n`).join(''), 3 * DEEPEST_YAML + 1],
  ['keys with a comment before each', Array.from({ length: 1000 }, (_, level) => `# b\n${' '.repeat(level)}a:\n`).join(''), 2 * (DEEPEST_YAML + 1)],
  ['both kinds together', `${indented(60, 'a:')}${' '.repeat(60)}${'[a, '.repeat(60)}`, 61],
  ['the second document', `a: 1\n---\n${'[a, '.repeat(DEEP)}`, 3],
];

for (const [name, text, line] of TOO_DEEP) {
  test(`too deep: ${name}`, async () => {
    assert.equal(lineOf(text), line);
    const file = folder.file('deep.yaml', text);
    assert.deepEqual(await readManifests([file]), { ok: false, error: `${file}:${line}:1: lists and maps stand more than ${DEEPEST_YAML} deep in each other` });
    const decoded = await decodeYaml(text);
    assert.ok(!decoded.ok);
    assert.equal(decoded.error.code, 400);
    assert.equal(decoded.error.message, `error parsing YAML: line ${line}: lists and maps are nested deeper than ${DEEPEST_YAML} levels`);
  });
}

test('the scan reads no further than it must', () => {
  let read = 0;
  const tokens = function* (): Iterable<string> {
    for (const token of new Lexer().lex('[a, '.repeat(DEEP))) {
      read += 1;
      yield token;
    }
  };
  assert.equal(tooDeepLine(tokens()), 1);
  assert.ok(read < 10 * DEEPEST_YAML, `${read} tokens`);
});

function nested(depth: number, wrap: (inner: unknown, level: number) => unknown): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = wrap(value, level);
  return value;
}

const WRAPS: readonly ((inner: unknown, level: number) => unknown)[] = [
  (inner) => [inner],
  (inner) => ({ a: inner }),
  (inner, level) => (level % 2 === 0 ? [1, inner] : { a: 'b', c: inner, d: [] }),
];

test('as deep as is allowed passes, in blocks and in brackets, and two more do not', async () => {
  for (const wrap of WRAPS) {
    for (const write of [stringify, JSON.stringify]) {
      const fits = nested(DEEPEST_YAML - 1, wrap);
      assert.equal(lineOf(write(fits)), undefined);
      assert.deepEqual(await decodeYaml(write(fits)), { ok: true, value: fits });
      assert.notEqual(lineOf(write(nested(DEEPEST_YAML + 1, wrap))), undefined);
    }
  }
});

const many = (line: string): string => `${line}\n`.repeat(DEEP);
const SHALLOW: readonly (readonly [name: string, text: string])[] = [
  ['a long list', many('- a: [1, {b: c}]')],
  ['a long list in flow', `[\n${many('  {a: [1]},')}]`],
  ['brackets in texts', `a: "${'['.repeat(DEEP)}"\nb: |\n  ${'[ '.repeat(DEEP)}\n  ${'- '.repeat(DEEP)}\nc: ${'x['.repeat(DEEP)}\n`],
  ['brackets in comments', many(`# ${'[ '.repeat(200)}`)],
  ['a text of many indents', `a: >-\n${indented(500, '  - x')}b: 1\n`],
  ['many indents in brackets', `[\n${indented(500, 'x,')}]`],
  ['many documents', many('--- # one\na: {b: c}')],
  ['Windows line ends', 'a:\r\n  - b:\r\n      c: 1\r\n'.repeat(500)],
];

for (const [name, text] of SHALLOW) {
  test(`not too deep: ${name}`, () => assert.equal(lineOf(text), undefined));
}
