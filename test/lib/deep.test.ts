// Plain data: what counts as equal, what a copy shares, what is frozen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clone, deepEqual, deepFreeze } from '../../src/lib/deep.js';

const EQUAL: readonly (readonly [a: unknown, b: unknown, equal: boolean])[] = [
  [1, 1, true],
  [Number.NaN, Number.NaN, true],
  [null, undefined, false],
  [{}, [], false],
  [[1, 2], [1, 2], true],
  [[1, 2], [1], false],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [{ a: undefined }, { b: undefined }, true],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 1 }] } }, true],
  [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }] } }, false],
  [{ toString: 1 }, {}, false],
  [{}, { constructor: 1 }, false],
];

test('equality', () => {
  for (const [a, b, equal] of EQUAL) {
    assert.equal(deepEqual(a, b), equal, JSON.stringify([a, b]));
    assert.equal(deepEqual(b, a), equal, JSON.stringify([b, a]));
  }
});

test('a copy shares nothing, and has no other prototype than the original', () => {
  const original = deepFreeze(JSON.parse('{"a":{"b":[{"c":1},null]},"__proto__":{"d":2}}') as { a: { b: { c: number }[] } });
  const copy = clone(original);
  assert.deepEqual(copy, original);
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  assert.ok(Object.hasOwn(copy, '__proto__'));
  assert.notEqual(copy.a.b[0], original.a.b[0]);
  copy.a.b.push({ c: 2 });
});

test('all that a frozen value holds is frozen', () => {
  const frozen = deepFreeze({ a: [{ b: 1 }] });
  assert.throws(() => { (frozen.a[0] as { b: number }).b = 2; }, TypeError);
  assert.throws(() => { frozen.a.push({ b: 2 }); }, TypeError);
});
