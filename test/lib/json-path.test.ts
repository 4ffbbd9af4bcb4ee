// The JSONPath dialect of Kubernetes, on the forms that its documentation shows and on what web metrics answer with.

import assert from 'node:assert/strict';
import test from 'node:test';
import { deepFreeze } from '../../src/lib/deep.js';
import { findColumn, findJsonPath } from '../../src/lib/json-path.js';

const data: unknown = deepFreeze({
  kind: 'List',
  items: [
    { kind: 'None', metadata: { name: '127.0.0.1', labels: { 'kubernetes.io/hostname': 'node-1' } }, status: { capacity: { cpu: '4' }, addresses: [{ type: 'LegacyHostIP', address: '127.0.0.1' }] } },
    { kind: 'None', metadata: { name: '127.0.0.2' }, status: { capacity: { cpu: '8' }, addresses: [{ type: 'LegacyHostIP', address: '127.0.0.2' }, { type: 'another', address: '127.0.0.3' }] } },
  ],
  users: [{ name: 'myself', user: {} }, { name: 'e2e', user: { username: 'admin', password: 'secret' } }],
  data: { ok: true, rate: 0.97, none: null, list: [1, 2, 3, 4, 5] },
});

const FOUND: readonly (readonly [string, readonly (readonly unknown[])[]])[] = [
  ['{$}', [[data]]],
  ['{@.kind}', [['List']]],
  ['{.kind}', [['List']]],
  ['{kind}', [['List']]],
  ["{['kind']}", [['List']]],
  ['{$.data.rate}', [[0.97]]],
  ['{$.data.none}', [[null]]],
  ['{.items[*].metadata.name}', [['127.0.0.1', '127.0.0.2']]],
  ['{.items[0].metadata.name}', [['127.0.0.1']]],
  ['{.items[-1].metadata.name}', [['127.0.0.2']]],
  ['{.items[-1:].metadata.name}', [['127.0.0.2']]],
  ['{.data.list[0:2]}', [[1, 2]]],
  ['{.data.list[:-2]}', [[1, 2, 3]]],
  ['{.data.list[0:5:2]}', [[1, 3, 5]]],
  ['{.data.list[0,2]}', [[1, 3]]],
  ['{.data.list[2:2]}', [[]]],
  ['{.items[*][.metadata.name, .status.capacity.cpu]}', [['127.0.0.1', '4', '127.0.0.2', '8']]],
  ["{.items[*]['metadata.name', 'status.capacity.cpu']}", [['127.0.0.1', '4', '127.0.0.2', '8']]],
  ['{.users[?(@.name=="e2e")].user.password}', [['secret']]],
  ["{.users[?(@.name=='e2e')].name}", [['e2e']]],
  ['{.users[?(@.user.username)].name}', [['e2e']]],
  ['{.data.list[?(@ > 3)]}', [[4, 5]]],
  ['{.data.list[?(@<=2)]}', [[1, 2]]],
  ['{.data.list[?(@!=2)]}', [[1, 3, 4, 5]]],
  ['{..cpu}', [['4', '8']]],
  ['{.items[*]..address}', [['127.0.0.1', '127.0.0.2', '127.0.0.3']]],
  ["{.items[0].metadata.labels.kubernetes\\.io/hostname}", [['node-1']]],
  ["{.items[0].metadata.labels['kubernetes\\.io/hostname']}", [['node-1']]],
  ['kind is {.kind}', [['kind is '], ['List']]],
  ['{range .items[*]}{.metadata.name}{"\\t"}{end}', [['127.0.0.1'], ['\t'], ['127.0.0.2'], ['\t']]],
  ['{.items[*].metadata.labels}', [[{ 'kubernetes.io/hostname': 'node-1' }]]],
  ['{.data.*}', [[true, 0.97, null, [1, 2, 3, 4, 5]]]],
];

for (const [template, wanted] of FOUND.filter(([, values]) => values !== undefined)) {
  test(`found: ${template}`, () => assert.deepEqual(findJsonPath(template, data), { ok: true, value: wanted }));
}

const ERRORS: readonly (readonly [string, RegExp])[] = [
  ['{.nothing}', /^nothing is not found$/],
  ['{.data.nothing.more}', /^nothing is not found$/],
  ['{.data.rate.value}', /^value is not found$/],
  ['{.data.list[7]}', /index out of bounds: index 7, length 5/],
  ['{.data.list[0:9]}', /index out of bounds/],
  ['{.data.rate[0]}', /not a list/],
  ['{.kind', /unclosed action at character 7/],
  ['{.data.list[0}', /unterminated array/],
  ['{.data.list[::0]}', /step must be > 0/],
  ['{.users[?(@.name=="x]}', /unterminated quoted string/],
  ['{end}', /nothing to end/],
  ['{range .items[*]}x', /no \{end\}/],
  ['{]}', /unrecognized character/],
];

for (const [template, reason] of ERRORS) {
  test(`refused: ${template}`, () => {
    const found = findJsonPath(template, data);
    assert.ok(!found.ok);
    assert.match(found.error, reason);
  });
}

test('missing keys may be allowed', () => {
  assert.deepEqual(findJsonPath('{.nothing.more[3]}', data, { allowMissing: true }), { ok: true, value: [[]] });
});

test('a printer column is a bare path, and finds nothing rather than failing', () => {
  assert.deepEqual(findColumn('.data.rate', data), [0.97]);
  assert.deepEqual(findColumn('.status.phase', data), []);
  assert.deepEqual(findColumn('.data.list[9]', data), []);
  assert.deepEqual(findColumn('.[', data), []);
});
