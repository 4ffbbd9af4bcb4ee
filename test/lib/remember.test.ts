import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remember, rememberLast, rememberWith } from '../../src/lib/remember.js';

test('made once for each object, also where nothing comes of it', () => {
  let made = 0;
  const sizeOf = remember((list: readonly number[]) => {
    made += 1;
    return list.length === 0 ? undefined : list.length;
  });
  const [one, none] = [[1, 2], [] as number[]];
  assert.deepEqual([sizeOf(one), sizeOf(one), sizeOf(none), sizeOf(none), sizeOf([1, 2])], [2, 2, undefined, undefined, 2]);
  assert.equal(made, 3);
});

test('asked again with other arguments than the last time, and with fewer of them', () => {
  let made = 0;
  const sum = rememberLast((...numbers: readonly number[]) => {
    made += 1;
    return numbers.reduce((total, number) => total + number, 0);
  });
  assert.deepEqual([sum(1, 2), sum(1, 2), sum(2, 2), sum(1, 2), sum(1), sum()], [3, 3, 4, 3, 1, 0]);
  assert.equal(made, 5);
});

test('made anew when any of its parts is another, for each object by itself', () => {
  let made = 0;
  const kept = rememberWith<number>();
  const ask = (of: object, ...parts: readonly unknown[]): number => kept(of, parts, () => (made += 1));
  const [a, b] = [{}, {}];
  assert.deepEqual([ask(a, 1, 'x'), ask(a, 1, 'x'), ask(b, 1, 'x'), ask(a, 1), ask(a, 1, 'x'), ask(a, 1, 'y'), ask(b, 1, 'x')], [1, 1, 2, 3, 4, 5, 2]);
});
