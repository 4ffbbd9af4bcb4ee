import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remember } from '../../src/lib/remember.js';

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
