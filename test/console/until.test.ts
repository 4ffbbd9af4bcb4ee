// Until when, as people write it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUntil } from '../../src/console/acts/until.js';

const NOON = Date.parse('2026-11-21T11:00:00Z');
const read = (text: string): string => {
  const until = readUntil(text, NOON, 60);
  return until.ok ? new Date(until.value).toISOString().slice(0, 19) : until.error;
};

const MINUTES: readonly (readonly [string, number])[] = [
  ['30m', 30], ['10 minutes', 10], ['10 min', 10], ['1 minute', 1], ['2 hours', 120], ['2h', 120], ['1h30m', 90], ['1h 30m', 90], ['1 hour and 30 minutes', 90],
  ['1 hour, 30 mins', 90], ['1.5h', 90], ['90 s', 1.5], ['2 days', 2880], ['1w', 10_080], ['for 10 Minutes', 10], ['in 2hrs', 120], ['  5m ', 5], ['30 days', 43_200],
];
for (const [text, minutes] of MINUTES)
  test(`"${text}" is ${minutes} minutes`, () => {
    assert.deepEqual(readUntil(text, NOON, 60), { ok: true, value: NOON + minutes * 60_000 });
  });

const CLOCKS: readonly (readonly [string, string])[] = [['13:00', '2026-11-21T12:00:00'], ['until 13:00', '2026-11-21T12:00:00'], ['12:00', '2026-11-22T11:00:00'], ['9:05', '2026-11-22T08:05:00']];
for (const [text, wanted] of CLOCKS)
  test(`"${text}" is the next such time on the wall of who looks`, () => {
    assert.equal(read(text), wanted);
  });

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['soon', /^"soon" can not be read as a time: write 30m, 2 hours or 16:45$/],
  ['tomorrow', /can not be read/],
  ['-5m', /can not be read/],
  ['10m later', /can not be read/],
  ['10', /^10 of what\? Write 10m, 10h or a time of day/],
  ['10 moons', /^"moons" is no unit of time: write minutes, hours or days/],
  ['0m', /^that is now/],
  ['25:00', /^25:00 is no time of day/],
  ['12:60', /^12:60 is no time of day/],
  ['9999h', /^a hold is for 30 days at most$/],
];
for (const [text, wanted] of WRONG)
  test(`"${text}" is refused with what is wrong`, () => {
    assert.match(read(text), wanted);
  });
