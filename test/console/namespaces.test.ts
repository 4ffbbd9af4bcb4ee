// Digits lead to the namespaces of late: as in k9s, by context, and remembered.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { keepNamespace, readRecentNamespaces } from '../../src/app/recent-namespaces.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { visibleLists } from '../../src/console/screens/rollouts/lists.js';
import { withNamespace } from '../../src/console/update-namespaces.js';
import { aModel, press, send, severalClusters } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const listed = (model: Model): readonly string[] => visibleLists(model.board, model.list).all.map(({ namespace }) => namespace);
const to = (model: Model, namespace: string): ReturnType<typeof press> => press(model, ':', ...`ns ${namespace}`.replaceAll(' ', '\u0000').split('').map((letter) => (letter === '\u0000' ? 'space' : letter)), 'enter');
const rule = (model: Model): string => printFrame(render(model)).split('\n').find((line) => line.includes('Rollouts ')) ?? '';

test('what :ns chose has a digit, which stays with it; 0 shows all; the title has them where there is room', () => {
  const [first, effects] = to(aModel(120, 40), 'bookinfo');
  assert.deepEqual(effects.filter(({ type }) => type === 'keep-namespace'), [{ type: 'keep-namespace', contexts: ['sluice'], namespace: 'bookinfo' }]);
  const second = to(first, 'default')[0];
  assert.match(rule(second), /0 all {2}1 bookinfo {2}2 default/);
  const [one] = press(second, '1');
  assert.deepEqual([...new Set(listed(one))], ['bookinfo']);
  assert.deepEqual([...new Set(listed(press(one, '2')[0]))], ['default'], 'the digits do not change places');
  assert.equal(listed(press(one, '0')[0]).length, 5);
  assert.doesNotMatch(rule({ ...second, size: { columns: 40, rows: 10 } }), /bookinfo/);
  assert.doesNotMatch(rule(aModel(120, 40)), /0 all/);
});

test('a digit without a namespace says which there are, and a name that has no rollout gets none', () => {
  const [model] = to(aModel(120, 40), 'bookinfo');
  assert.match(press(model, '7')[0].notice?.text ?? '', /no namespace under that key: 1 bookinfo\. :ns NAME gives one a key; 0 shows all/);
  assert.match(press(aModel(120, 40), '1')[0].notice?.text ?? '', /none yet/);
  assert.equal(to(aModel(120, 40), 'nowhere')[0].recentNamespaces.size, 0);
});

test('each context has its own', () => {
  const model = send(severalClusters(120, 40), { type: 'recent-namespaces', byContext: new Map([['dev', ['lab']], ['sluice', ['default']], ['elsewhere', ['x']]]) });
  assert.match(rule(model), /0 all {2}1 default {2}2 lab|0 all {2}1 lab {2}2 default/);
  assert.doesNotMatch(rule({ ...model, list: { ...model.list, context: 'dev' } }), /default/);
});

test('of more than nine the oldest gives up its digit', () => {
  const nine = Array.from({ length: 9 }, (_, place) => `n${place}`);
  assert.deepEqual(withNamespace(nine, 'n4'), nine);
  assert.deepEqual(withNamespace(nine, 'new'), [...nine.slice(1), 'new']);
});

test('they are kept by context in a file of their owner; a broken one counts as none', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-namespaces-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const environment = { XDG_STATE_HOME: folder };
  assert.equal((await readRecentNamespaces(environment)).size, 0);
  assert.ok((await keepNamespace(environment, ['a', 'b'], 'shop')).ok && (await keepNamespace(environment, ['a'], 'pay')).ok);
  assert.deepEqual([...(await readRecentNamespaces(environment))], [['b', ['shop']], ['a', ['shop', 'pay']]]);
  const file = path.join(folder, 'sluice', 'namespaces.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, '{"a": 3, "b": [1, "shop"]');
  assert.equal((await readRecentNamespaces(environment)).size, 0);
  writeFileSync(file, '{"a": 3, "b": [1, "shop"]}');
  assert.deepEqual([...(await readRecentNamespaces(environment))], [['b', ['shop']]]);
});
