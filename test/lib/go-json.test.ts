// JSON as Go writes it, where it differs from JavaScript's.

import assert from 'node:assert/strict';
import test from 'node:test';
import { goJson } from '../../src/lib/go-json.js';

const CASES: readonly (readonly [unknown, string])[] = [
  ['<a & b>', '"\\u003ca \\u0026 b\\u003e"'],
  ['\u2028\u2029', '"\\u2028\\u2029"'],
  ['a\tb\n"\\', '"a\\tb\\n\\"\\\\"'],
  ['\u0001\b', '"\\u0001\\b"'],
  ['grün 🍀', '"grün 🍀"'],
  [{ b: 1, a: [true, null], c: undefined }, '{"a":[true,null],"b":1}'],
  [{ '\u{1f340}': 1, '\uffff': 2 }, '{"\uffff":2,"\u{1f340}":1}'],
  [1e-7, '1e-7'],
  [1e21, '1e+21'],
  [0.5, '0.5'],
  [-0, '-0'],
];

for (const [value, wanted] of CASES) test(`${JSON.stringify(value)} is written ${wanted}`, () => assert.equal(goJson(value), wanted));
