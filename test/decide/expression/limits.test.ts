// Conditions that would eat the program: each ends with an error, soon.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { evaluateCondition, evaluateExpression } from '../../../src/decide/expression/evaluate.js';
import { fromJson } from '../../../src/decide/expression/json-value.js';

const HOSTILE: readonly string[] = [
  '('.repeat(30_000),
  `${'('.repeat(3000)}true${')'.repeat(3000)}`,
  `1${'+1'.repeat(30_000)} > 0`,
  `${'!'.repeat(9000)}true`,
  'x'.repeat(70_000),
  'all(1..1000, all(1..1000, all(1..1000, true)))',
  'none(1..1000000, 1.5 in 1..1000000)',
  'all(1..1000000, sum(1..1000000) > 0)',
  'len(repeat(repeat("a", 1000000), 1000000)) > 0',
  'none(1..1000000, repeat("ab", 1000000) contains "abba")',
  '1..9223372036854775807 == nil',
];

test('hostile conditions end with an error', () => {
  for (const source of HOSTILE) {
    const verdict = evaluateCondition(source, null, 0);
    assert.ok('error' in verdict, source.slice(0, 60));
  }
});

test('patterns take linear time', () => {
  assert.deepEqual(evaluateCondition('result matches "^(a+)+$"', fromJson(`${'a'.repeat(50_000)}b`), 0), { value: false });
});

test('now() is the instant given', () => {
  const evaluation = evaluateExpression('now().UnixMilli()', null, 1_795_253_244_123);
  assert.deepEqual('value' in evaluation && typeof evaluation.value === 'object' && evaluation.value !== null && evaluation.value.kind === 'integer' && evaluation.value.value, 1_795_253_244_123n);
});

test('the same text is judged anew for another type of result', () => {
  assert.deepEqual(evaluateCondition('result > 1', 2, 0), { value: true });
  assert.deepEqual(evaluateCondition('result > 1', fromJson([2]), 0), { error: 'compile', message: 'invalid operation: > (mismatched types []interface {} and int)' });
  assert.deepEqual(evaluateCondition('result > 1', 0, 0), { value: false });
});
