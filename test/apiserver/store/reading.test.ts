// Get, list and watch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_MAP, EVENT, POD } from '../../../src/kinds/resource-type.js';
import { WATCH_LOG_ENTRIES } from '../../../src/apiserver/store/limits.js';
import { aConfigMap, aPod, aStore, brief } from './a-store.js';

test('lists are sorted, filtered by labels and fields, and carry the newest revision', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('b', {}, { tier: 'web', app: 'x' }));
  ask.create(CONFIG_MAP, aConfigMap('a', {}, { tier: 'db' }));
  ask.create(CONFIG_MAP, aConfigMap('c'));
  const names = (options: { labelSelector?: string; fieldSelector?: string }): string => ask.list(CONFIG_MAP, options).items.map((item) => item.metadata.name).join();
  const rows: [{ labelSelector?: string; fieldSelector?: string }, string][] = [
    [{}, 'a,b,c'],
    [{ labelSelector: 'tier=web' }, 'b'],
    [{ labelSelector: 'tier==web,app=x' }, 'b'],
    [{ labelSelector: 'tier!=web' }, 'a,c'],
    [{ labelSelector: 'tier in (web, db)' }, 'a,b'],
    [{ labelSelector: 'tier notin (db)' }, 'b,c'],
    [{ labelSelector: 'tier' }, 'a,b'],
    [{ labelSelector: '!tier' }, 'c'],
    [{ labelSelector: 'tier in (web,db),!app' }, 'a'],
    [{ fieldSelector: 'metadata.name=b' }, 'b'],
    [{ fieldSelector: 'metadata.name!=b,metadata.namespace=default' }, 'a,c'],
  ];
  for (const [options, wanted] of rows) assert.equal(names(options), wanted, JSON.stringify(options));
  assert.equal(ask.list(CONFIG_MAP).metadata.resourceVersion, ask.store.revision());
  assert.equal(ask.list(CONFIG_MAP).kind, 'ConfigMapList');
});

test('fields that a kind has not are refused by name', () => {
  const ask = aStore();
  const status = ask.failure(() => ask.list(POD, { fieldSelector: 'spec.hostname=x' }));
  assert.equal(status.code, 400);
  assert.match(status.message, /field label not supported: spec\.hostname/);
  assert.equal(ask.failure(() => ask.list(POD, { labelSelector: 'a in b' })).code, 400);
  // Names that every object has by itself are no fields either.
  for (const field of ['__proto__', 'constructor', 'toString']) assert.match(ask.failure(() => ask.list(POD, { fieldSelector: `${field}=x` })).message, new RegExp(`not supported: ${field}`));
});

test('pods and events are selected by their own fields', () => {
  const ask = aStore();
  ask.create(POD, aPod('bound', { nodeName: 'node-1' }));
  ask.create(POD, aPod('free'));
  assert.deepEqual(ask.list(POD, { fieldSelector: 'spec.nodeName=node-1' }).items.map((pod) => pod.metadata.name), ['bound']);
  assert.equal(ask.list(POD, { fieldSelector: 'status.phase=Pending' }).items.length, 2);
  ask.create(EVENT, { metadata: { name: 'e1' }, involvedObject: { kind: 'Pod', name: 'free', namespace: 'default' }, reason: 'Scheduled', type: 'Normal' });
  assert.equal(ask.list(EVENT, { fieldSelector: 'involvedObject.kind=Pod,involvedObject.name=free,reason=Scheduled,type=Normal' }).items.length, 1);
  assert.equal(ask.list(EVENT, { fieldSelector: 'involvedObject.name=bound' }).items.length, 0);
});

test('pages show one revision, whatever is written between them', () => {
  const ask = aStore();
  for (const name of ['a', 'b', 'c', 'd', 'e']) ask.create(CONFIG_MAP, aConfigMap(name, { at: 'first' }));
  const first = ask.list(CONFIG_MAP, { limit: 2 });
  assert.equal(first.metadata.remainingItemCount, 3);
  ask.patch(CONFIG_MAP, 'c', 'merge', { data: { at: 'second' } });
  ask.remove(CONFIG_MAP, 'd');
  ask.create(CONFIG_MAP, aConfigMap('cc'));
  const rest = ask.list(CONFIG_MAP, { limit: 10, continue: first.metadata.continue ?? '' });
  assert.deepEqual(rest.items.map((item) => [item.metadata.name, (item['data'] as { at: string }).at]), [['c', 'first'], ['d', 'first'], ['e', 'first']]);
  assert.equal(rest.metadata.resourceVersion, first.metadata.resourceVersion);
  assert.equal(ask.failure(() => ask.list(CONFIG_MAP, { continue: 'nonsense' })).code, 400);
});

test('a watch sees what came after its revision, in order, without gaps or doubles', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('before'));
  const from = ask.store.revision();
  ask.create(CONFIG_MAP, aConfigMap('a'));
  const events = ask.watch(CONFIG_MAP, { resourceVersion: from });
  assert.deepEqual(brief(events), ['ADDED a']);
  ask.patch(CONFIG_MAP, 'a', 'merge', { data: { k: 'v' } });
  ask.remove(CONFIG_MAP, 'before');
  assert.deepEqual(brief(events), ['ADDED a', 'MODIFIED a', 'DELETED before']);
  const [, modified, deleted] = events;
  assert.ok(modified?.type === 'MODIFIED' && deleted?.type === 'DELETED');
  assert.ok(Number(deleted.object.metadata.resourceVersion) > Number(modified.object.metadata.resourceVersion));
  assert.deepEqual(JSON.parse(modified.json), modified.object);
});

test('a watch without a revision begins with what there is', () => {
  const ask = aStore();
  ask.create(POD, aPod('a'));
  assert.deepEqual(brief(ask.watch(POD)), ['ADDED a']);
  assert.deepEqual(brief(ask.watch(POD, { resourceVersion: '0' })), ['ADDED a']);
});

test('an object that begins to match is ADDED, one that ceases is DELETED in its last matching form', () => {
  const ask = aStore();
  const events = ask.watch(POD, { resourceVersion: ask.store.revision(), labelSelector: 'app=x' });
  ask.create(POD, aPod('p'));
  ask.patch(POD, 'p', 'merge', { metadata: { labels: { app: 'x' } } });
  ask.patch(POD, 'p', 'merge', { metadata: { annotations: { seen: 'yes' } } });
  const last = ask.patch(POD, 'p', 'merge', { metadata: { labels: { app: 'y' } } });
  assert.deepEqual(brief(events), ['ADDED p', 'MODIFIED p', 'DELETED p']);
  const gone = events[2];
  assert.ok(gone?.type === 'DELETED');
  assert.deepEqual(gone.object.metadata.labels, { app: 'x' });
  assert.equal(gone.object.metadata.resourceVersion, last.metadata.resourceVersion);
});

test('a watch from before the log is expired, one from the future is told so', () => {
  const ask = aStore();
  ask.create(CONFIG_MAP, aConfigMap('a'));
  const from = ask.store.revision();
  for (let write = 0; write <= 2 * WATCH_LOG_ENTRIES; write += 1) ask.patch(CONFIG_MAP, 'a', 'merge', { data: { at: String(write) } });
  const old = ask.store.watch({ type: CONFIG_MAP, options: { resourceVersion: from } }, () => undefined);
  assert.ok(!old.ok && old.error.code === 410 && old.error.reason === 'Expired');
  const future = ask.store.watch({ type: CONFIG_MAP, options: { resourceVersion: '999999' } }, () => undefined);
  assert.ok(!future.ok && future.error.code === 504);
});

test('a listener that writes gets its own events after the one it is in', () => {
  const ask = aStore();
  const seen: string[] = [];
  ask.store.watch({ type: CONFIG_MAP, options: { resourceVersion: ask.store.revision() } }, (event) => {
    if (event.type !== 'ADDED') return;
    seen.push(`begin ${event.object.metadata.name}`);
    if (event.object.metadata.name === 'a') ask.create(CONFIG_MAP, aConfigMap('b'));
    seen.push(`end ${event.object.metadata.name}`);
  });
  ask.create(CONFIG_MAP, aConfigMap('a'));
  assert.deepEqual(seen, ['begin a', 'end a', 'begin b', 'end b']);
});
