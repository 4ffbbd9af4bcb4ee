// Objects as text: YAML that another reader understands the same way, secrets taken out, differences told line by line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { compareLines, nearChanges } from '../../src/console/diff-lines.js';
import { maskObject, maskText } from '../../src/console/mask.js';
import { appendLog, EMPTY_LOG, type LogText, mergeLog, MOST_LOG_LINES } from '../../src/console/need.js';
import { yamlLines } from '../../src/console/yaml-text.js';
import { aRollout } from '../support/builders.js';

const VALUES: readonly unknown[] = [
  aRollout('shop/cart').paused(1, 60).build(),
  { a: [], b: {}, c: null, d: '', e: ' x ', f: 'yes', g: '1.0', h: '0x1f', i: 'a: b', j: 'a #b', k: '- x', l: '"q"', m: 'null', n: '~', o: '1e3', p: true, q: 1.5 },
  { text: 'one\ntwo\n', list: [[1, 2], [{ a: 1, b: [{ c: 'd' }] }], 'x'], 'key with blank': 1, 'a:b': 2 },
  [{ name: 'x', value: '{{args.y}}' }, '@at', '`tick', '*star', '&and', '!bang', '%percent', '|pipe', '>fold', '?', '-', '2026-11-21T10:00:00Z'],
];

for (const [place, value] of VALUES.entries())
  test(`YAML is read back as what it was: ${place}`, () => {
    const text = yamlLines(value).join('\n');
    assert.deepEqual(parse(text, { schema: 'core' }), JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? each.replace(/\n$/, '\n') : each))));
  });

test('secrets are masked wherever they stand, and nothing else is', () => {
  const masked = maskObject({
    kind: 'Deployment',
    metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"p4ss"}', 'team': 'a' } },
    spec: {
      env: [{ name: 'DB_PASSWORD', value: 'p4ss' }, { name: 'MODE', value: 'fast' }, { name: 'TOKEN_NAME', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
      headers: [{ key: 'Authorization', value: 'Bearer p4ss' }],
      url: 'https://me:p4ss@host/x', apiKey: 'p4ss', secretName: 'visible',
    },
  });
  const text = JSON.stringify(masked);
  assert.doesNotMatch(text, /p4ss/);
  for (const kept of ['fast', 'visible', '"key":"password"', 'https://*****@host/x']) assert.ok(text.includes(kept), `${kept} in ${text}`);
  assert.deepEqual(maskObject({ kind: 'Secret', type: 'Opaque', data: { a: 'eA==' }, stringData: { b: 'y' } }), { kind: 'Secret', type: 'Opaque', data: { a: '*****' }, stringData: { b: '*****' } });
  assert.equal(maskText('dial tcp http://u:p@h:1: refused'), 'dial tcp http://*****@h:1: refused');
});

test('a difference is what went and what came, with a little around it', () => {
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
  const after = ['a', 'B', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
  const lines = compareLines(before, after);
  assert.deepEqual(lines.filter(({ sign }) => sign !== ' ').map(({ sign, text }) => sign + text), ['-b', '+B', '+l']);
  assert.deepEqual(nearChanges(lines).map((line) => (line === undefined ? '…' : line.sign + line.text)), [' a', '-b', '+B', ' c', ' d', ' e', '…', ' i', ' j', ' k', '+l']);
  assert.deepEqual(nearChanges(compareLines(before, before)), []);
  assert.deepEqual(compareLines([], ['x']), [{ sign: '+', text: 'x' }]);
});

const at = (...times: readonly number[]): readonly LogText[] => times.map((time) => ({ text: String(time), at: time }));
const CANARY = { pod: 'canary', container: 'x' };
const STABLE = { pod: 'stable', container: 'x' };

test('what pods had written before is in order of time among all of them; later lines stay as they come', () => {
  const merged = mergeLog(mergeLog(EMPTY_LOG, CANARY, at(10, 30, 30, 50)), STABLE, at(5, 30, 40, 60));
  assert.deepEqual(merged.lines.map(({ pod, text }) => `${pod} ${text}`), ['stable 5', 'canary 10', 'canary 30', 'canary 30', 'stable 30', 'stable 40', 'canary 50', 'stable 60']);
  const live = appendLog(appendLog(merged, STABLE, at(90)), CANARY, at(80));
  assert.deepEqual(live.lines.slice(-2).map(({ text }) => text), ['90', '80']);
  const late = mergeLog(live, { pod: 'late', container: 'x' }, at(55, 70));
  assert.deepEqual(late.lines.slice(-5).map(({ text }) => text), ['55', '60', '70', '90', '80'], 'a backlog that comes late goes before what was written after it');
  assert.equal(new Set(late.lines.map(({ sequence }) => sequence)).size, 12);
  const silent = mergeLog(appendLog(EMPTY_LOG, CANARY, [{ text: 'no time' }]), STABLE, [...at(1), { text: 'neither' }]);
  assert.deepEqual(silent.lines.map(({ text }) => text), ['no time', '1', 'neither']);
});

test('of more lines than a log keeps, those that were written first go, whoever wrote them', () => {
  const every = (from: number): readonly LogText[] => at(...Array.from({ length: MOST_LOG_LINES }, (_, place) => from + place * 2));
  const { lines } = mergeLog(mergeLog(EMPTY_LOG, CANARY, every(0)), STABLE, every(1));
  assert.deepEqual([lines.length, lines[0]?.text, lines.at(-1)?.text, lines.filter(({ pod }) => pod === 'canary').length], [MOST_LOG_LINES, String(MOST_LOG_LINES), String(MOST_LOG_LINES * 2 - 1), MOST_LOG_LINES / 2]);
});

test('a log keeps its newest lines, and each has a number of its own', () => {
  const many = Array.from({ length: MOST_LOG_LINES + 5 }, (_, place) => ({ text: `line ${place}` }));
  const log = appendLog(appendLog(EMPTY_LOG, { pod: 'a', container: 'x' }, [{ text: 'first' }]), { pod: 'b', container: 'y' }, many);
  assert.equal(log.lines.length, MOST_LOG_LINES);
  assert.equal(log.lines.at(-1)?.text, many.at(-1)?.text);
  assert.equal(new Set(log.lines.map(({ sequence }) => sequence)).size, MOST_LOG_LINES);
});
