// Keys that stand twice are found wherever they stand, and nothing else is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duplicateKeys } from '../../../src/apiserver/http/duplicate-keys.js';

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['{"a":1,"b":2}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"spec":{"replicas":1,"x":{},"replicas":2}}', ['spec.replicas']],
  ['{"l":[{"n":1},{"n":1,"n":2}]}', ['l[1].n']],
  ['{"a":"b","b":"a","c":["a","a"]}', []],
  [String.raw`{"a":"\"a\":1,{","b":"}","a":1}`, ['a']],
];

for (const [text, wanted] of CASES) test(text, () => assert.deepEqual(duplicateKeys(text), wanted));
