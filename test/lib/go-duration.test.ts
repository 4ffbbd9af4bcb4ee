import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGoDuration, parseGoDuration } from '../../src/lib/go-duration.js';

const ROWS: readonly (readonly [text: string, ms: number | undefined])[] = [
  ['1h30m', 5_400_000], ['1.5s', 1500], ['-250ms', -250], ['+1us', 0.001], ['0', 0], ['.5h', 1_800_000],
  ['', undefined], ['5', undefined], ['1d', undefined], ['5 m', undefined], ['1h-1m', undefined],
  // Go's whole numbers end there.
  ['2562047h47m16.854s', 9_223_372_036_854], ['2562048h', undefined], [`${'1'.repeat(120)}s`, undefined],
];

for (const [text, ms] of ROWS) test(`"${text.slice(0, 20)}" is ${ms ?? 'no duration'}`, () => assert.equal(parseGoDuration(text), ms));

test('what is written can be read again', () => {
  for (const ms of [0, 1, 999, 1500, 3_600_000, 5_400_250, -250, 9_223_372_036_000]) assert.equal(parseGoDuration(formatGoDuration(ms)), ms);
});
