// Ages at each border between one unit and the next.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageOf, humanDuration } from '../../../src/apiserver/http/tables/human-duration.js';

const S = 1;
const M = 60;
const H = 3600;
const D = 24 * H;
const Y = 365 * D;

const CASES: readonly [seconds: number, want: string][] = [
  [-2, '<invalid>'], [-1, '0s'], [0, '0s'], [119 * S, '119s'], [2 * M, '2m'], [9 * M + 59, '9m59s'], [10 * M + 30, '10m'], [179 * M, '179m'], [3 * H, '3h'],
  [7 * H + 59 * M, '7h59m'], [8 * H + 30 * M, '8h'],
  [47 * H, '47h'], [48 * H, '2d'], [7 * D + 23 * H, '7d23h'], [8 * D + H, '8d'], [729 * D, '729d'],
  [2 * Y, '2y'], [2 * Y + 10 * D, '2y10d'], [8 * Y + 5 * D, '8y'],
];

for (const [seconds, want] of CASES) {
  test(`${seconds} s is ${want}`, () => assert.equal(humanDuration(seconds * 1000), want));
}

test('an age without a time, and with nonsense', () => {
  assert.equal(ageOf(undefined, 0), '<unknown>');
  assert.equal(ageOf('yesterday', 0), '<invalid>');
  assert.equal(ageOf('1970-01-01T00:00:00Z', 90_000), '90s');
});
