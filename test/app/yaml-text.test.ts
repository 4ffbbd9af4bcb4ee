// YAML of people: a value, or what is wrong and where; never an exception.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml, readYamlDocuments } from '../../src/app/yaml-text.js';

/** Each list holds ten times the one before. */
const growing = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...[...'bcdefg'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'.charAt(index)}`).join(', ')}]`)].join('\n');

test('what is wrong is told with its line', () => {
  const cases: readonly [text: string, line: number, message: RegExp][] = [
    ['a: 1\nb: [1\n', 3, /^Flow sequence in block collection must be sufficiently indented/], ['a: 1\n---\nb: 2\n', 3, /^a second document: one is expected here$/], ['a: &a [*a]\n', 1, /^a value refers to itself$/],
    ["a:\n  b: 'c\n  d: 'e'\n", 2, /^Missing closing 'quote$/], ["a: 'b", 1, /^Missing closing 'quote$/],
    [growing, 1, /^Excessive alias count/], [`a: 1\nb: ${'['.repeat(20_000)}`, 2, /more than 100 deep/], ['a: 1\na: 2\n', 2, /^Map keys must be unique$/],
  ];
  for (const [text, line, message] of cases) {
    const read = readYaml(text);
    assert.ok(!read.ok, text.slice(0, 40));
    assert.equal(read.error[0]?.line, line, text.slice(0, 40));
    assert.match(read.error[0]?.message ?? '', message);
  }
});

test('fields are found again, and documents one by one', () => {
  const read = readYaml('a:\n  b:\n    - 1\n    - 2\n');
  assert.ok(read.ok);
  assert.deepEqual(read.value.value, { a: { b: [1, 2] } });
  assert.deepEqual(read.value.placeOf(['a', 'b', 1]), { line: 4, col: 7 });
  assert.deepEqual(read.value.placeOf(['a', 'c']), { line: 2, col: 3 });
  const all = readYamlDocuments('a: 1\n---\n- 2\n');
  assert.deepEqual(all.ok && all.value.map(({ value }) => value), [{ a: 1 }, [2]]);
  assert.deepEqual(readYamlDocuments(''), { ok: true, value: [] });
  const empty = readYaml('# only this\n');
  assert.equal(empty.ok && empty.value.value, null);
});

test('the further lines of a quoted text stand where they like, as kubectl takes them; only those', () => {
  const texts: readonly [text: string, value: unknown][] = [
    ["a:\n  - b: 'one\n  two\n\n  it''s: three'\n    c: 1\n", { a: [{ b: "one two\nit's: three", c: 1 }] }],
    ['a:\n  b: "one \\" more\n two: \'\n  three"\n  c: "x\n y"\n', { a: { b: 'one " more two: \' three', c: 'x y' } }],
    ["a: |\n  b: 'kept\n   as it is\nc:\n  d: 'x\n y'\n", { a: "b: 'kept\n as it is\n", c: { d: 'x y' } }],
    ["a:\n  b: 'x\n y'\n---\na:\n  b: 'z\n w'\n", { a: { b: 'x y' } }],
  ];
  for (const [text, value] of texts) {
    const read = readYamlDocuments(text);
    assert.deepEqual(read.ok ? read.value[0]?.value : read.error, value, text);
  }
});
