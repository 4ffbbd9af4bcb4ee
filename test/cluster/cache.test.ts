// The cache's indices, its swaps, and what it knows of versions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, createCache } from '../../src/cluster/cache.js';
import type { Cache } from '../../src/cluster/cache.js';
import type { CacheReader } from '../../src/controllers/reconciler.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { POD, REPLICA_SET } from '../../src/kinds/resource-type.js';

const object = (name: string, version: number, owners: readonly string[] = [], namespace = 'a'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: String(version), ownerReferences: owners.map((uid) => ({ apiVersion: 'v1', kind: 'X', name: uid, uid })) },
});
const names = (objects: readonly KubeObject[]): string => objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion ?? ''}`).join(' ');

test('objects are found by name, namespace and owner, whatever happened before', () => {
  const cache: Cache & CacheReader = createCache();
  cache.replace(POD, [object('p1', 1, ['o1']), object('p2', 2, ['o1', 'o2']), object('p3', 3, [], 'b')], '3');
  cache.put(POD, object('p1', 4, ['o2']));
  cache.remove(POD, object('p3', 5, [], 'b'));
  cache.put(POD, object('p4', 6, ['o1'], 'b'));
  assert.equal(names(cache.list(POD)), 'p1@4 p2@2 p4@6');
  assert.equal(names(cache.list(POD, 'a')), 'p1@4 p2@2');
  assert.equal(names(cache.list(POD, 'none')), '');
  assert.equal(names(cache.ownedBy(POD, 'o1')), 'p2@2 p4@6');
  assert.deepEqual([...cache.ownedBy(POD, 'o2')].map(({ metadata }) => metadata.name).sort(), ['p1', 'p2']);
  assert.equal(names(cache.ownedBy(REPLICA_SET, 'o1')), '');
  assert.equal(cache.get({ type: POD, namespace: 'b', name: 'p3' }), undefined);
});

test('a relist tells of nothing that stayed the same', () => {
  const cache = createCache();
  cache.replace(POD, [object('p1', 1), object('p2', 2)], '2');
  const told: string[] = [];
  cache.listen(({ before, after }) => told.push(`${before?.metadata.resourceVersion ?? '-'}>${after?.metadata.resourceVersion ?? '-'}`));
  cache.replace(POD, [object('p1', 1), object('p2', 5)], '9');
  cache.put(POD, object('p2', 5));
  assert.deepEqual(told, ['2>5']);
});

test('a type is unknown, listed or absent', () => {
  const cache = createCache();
  assert.deepEqual([cache.has(POD), cache.stateOf(POD)], [false, 'unknown']);
  cache.replace(POD, [object('p1', 1)], '1');
  assert.deepEqual([cache.has(POD), cache.stateOf(POD)], [true, 'listed']);
  const gone: unknown[] = [];
  cache.listen(({ after }) => gone.push(after));
  cache.markAbsent(POD);
  assert.deepEqual([cache.has(POD), cache.stateOf(POD), cache.list(POD).length, gone], [false, 'absent', 0, [undefined]]);
});

test('what has been seen grows with lists, events and bookmarks', () => {
  const cache = createCache();
  assert.equal(cache.hasSeen(POD, '1'), false);
  cache.replace(POD, [object('p1', 1)], '10');
  assert.deepEqual([cache.hasSeen(POD, '10'), cache.hasSeen(POD, '11')], [true, false]);
  cache.put(POD, object('p1', 11));
  cache.reached(POD, '15');
  cache.reached(POD, '12');
  assert.deepEqual([cache.hasSeen(POD, '15'), cache.hasSeen(POD, '16'), cache.hasSeen(POD, 'text')], [true, false, undefined]);
});

test('versions are compared as numbers of any length', () => {
  assert.ok((compareVersions('9', '10') ?? 0) < 0);
  assert.ok((compareVersions('12345678901234567890123', '12345678901234567890122') ?? 0) > 0);
  assert.equal(compareVersions('7', '7'), 0);
  assert.equal(compareVersions('a', '7'), undefined);
});
