import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countText } from '../../src/lib/count-text.js';

test('thousands are set apart, as the English of a machine with all languages has it', () => {
  for (const count of [0, 7, 100, 999, 1000, 1001, 12_345, 123_456, 1_234_567, 10_000_000]) assert.equal(countText(count), count.toLocaleString('en'));
});
