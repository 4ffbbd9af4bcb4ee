// Quantities: the canonical form, the value, and what is not a quantity.

import assert from 'node:assert/strict';
import test from 'node:test';
import { canonicalQuantity, compareQuantities, parseQuantity, quantityValue } from '../../src/lib/quantity.js';

const CANONICAL: readonly (readonly [string | number, string])[] = [
  ['1024Mi', '1Gi'], ['0.5', '500m'], ['1000m', '1'], ['1500m', '1500m'], [1, '1'], ['5m', '5m'], ['16Mi', '16Mi'], ['0', '0'], ['0Mi', '0'],
  ['1.5Gi', '1536Mi'], ['512Ki', '512Ki'], ['0.5Ki', '512'], ['1000Ki', '1000Ki'], ['1e3', '1e3'], ['1E6', '1e6'], ['12e0', '12'], ['0.0001', '100u'],
  ['1000000', '1M'], ['1234567', '1234567'], ['.5', '500m'], ['1.', '1'], ['-0.5', '-500m'], ['+3k', '3k'], ['0.0000000001', '1n'], ['100n', '100n'],
  ['1E', '1E'], ['2Ei', '2Ei'], [0.25, '250m'], ['1048576', '1048576'], ['2048Ei', '2048Ei'],
];

for (const [input, wanted] of CANONICAL) {
  test(`${input} is written ${wanted}`, () => assert.equal(canonicalQuantity(input), wanted));
}

for (const nonsense of ['', 'abc', '1 Gi', '1KiB', '--1', '.', '1e', '1e99', 'Gi', '1m5']) {
  test(`${JSON.stringify(nonsense)} is not a quantity`, () => assert.equal(parseQuantity(nonsense), undefined));
}

test('values compare across families', () => {
  const compare = (a: string, b: string): number => compareQuantities(parseQuantity(a) ?? assert.fail(a), parseQuantity(b) ?? assert.fail(b));
  assert.equal(compare('1Gi', '1073741824'), 0);
  assert.equal(compare('1000m', '1'), 0);
  assert.ok(compare('1Gi', '1G') > 0);
  assert.ok(compare('-1', '1m') < 0);
});

test('a value is an ordinary number', () => {
  assert.equal(quantityValue('250m'), 0.25);
  assert.equal(quantityValue('2Ki'), 2048);
  assert.equal(quantityValue('x'), undefined);
});
