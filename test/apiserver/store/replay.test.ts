// The promise behind every cache: a list, and then the events of a watch from its revision, give what a later list gives.
// Random writes, selectors and starting points; nothing may be lost, doubled or out of order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiStore, StoreEvent } from '../../../src/apiserver/store/api.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { CONFIG_MAP } from '../../../src/kinds/resource-type.js';
import { assert as hold } from '../../../src/lib/assert.js';
import { createRng, type Rng } from '../../../src/lib/rng.js';
import { aConfigMap, aStore, START } from './a-store.js';

const SELECTORS = [undefined, 'tier=web', 'tier!=web', 'tier in (web,db)', '!tier'] as const;
const TIERS = ['web', 'db', null] as const;

type Cache = { readonly selector: string | undefined; readonly objects: Map<string, KubeObject>; lastRevision: number };

function apply(cache: Cache, event: StoreEvent): void {
  hold(event.type === 'ADDED' || event.type === 'MODIFIED' || event.type === 'DELETED', 'nothing but objects comes');
  const { name, resourceVersion = '' } = event.object.metadata;
  assert.ok(Number(resourceVersion) > cache.lastRevision, 'revisions only grow');
  cache.lastRevision = Number(resourceVersion);
  assert.equal(cache.objects.has(name), event.type !== 'ADDED', `${event.type} ${name} fits what was known`);
  if (event.type === 'DELETED') cache.objects.delete(name);
  else cache.objects.set(name, event.object);
}

function list(store: ApiStore, selector: string | undefined): { readonly items: readonly KubeObject[]; readonly revision: string } {
  const answer = store.execute({ verb: 'list', type: CONFIG_MAP, namespace: 'default', options: selector === undefined ? {} : { labelSelector: selector } }, START);
  hold(answer.ok && 'items' in answer.value.object && Array.isArray(answer.value.object.items), 'the list is answered');
  const { items, metadata } = answer.value.object;
  return { items: items as readonly KubeObject[], revision: metadata.resourceVersion ?? '' };
}

/** Lists now; the watch begins only when the returned function is called, from the listed revision. */
function begin(store: ApiStore, rng: Rng): { readonly cache: Cache; start(): void } {
  const selector = SELECTORS[rng.int(SELECTORS.length)];
  const { items, revision } = list(store, selector);
  const cache: Cache = { selector, objects: new Map(items.map((item) => [item.metadata.name, item])), lastRevision: Number(revision) };
  const options = { resourceVersion: revision, ...(selector === undefined ? {} : { labelSelector: selector }) };
  return { cache, start: () => hold(store.watch({ type: CONFIG_MAP, namespace: 'default', options }, (event) => apply(cache, event)).ok, 'the watch starts') };
}

function writeSomething(store: ApiStore, rng: Rng, step: number): void {
  const name = `c${rng.int(6)}`;
  const target = { type: CONFIG_MAP, namespace: 'default', name, options: {} };
  const tier = TIERS[rng.int(TIERS.length)] ?? null;
  const choice = rng.int(10);
  if (choice < 3) store.execute({ verb: 'create', type: CONFIG_MAP, namespace: 'default', body: aConfigMap(name, {}, tier === null ? {} : { tier }), options: {} }, START);
  else if (choice < 5) store.execute({ verb: 'delete', ...target }, START);
  else if (choice < 8) store.execute({ verb: 'patch', ...target, patchType: 'merge', body: { metadata: { labels: { tier } } } }, START);
  else store.execute({ verb: 'patch', ...target, patchType: 'merge', body: { data: { step: String(step) } } }, START);
}

for (const seed of [1, 2, 3, 4, 5]) {
  test(`list and watch agree with a later list, seed ${seed}`, () => {
    const { store } = aStore();
    const rng = createRng(seed);
    const caches: Cache[] = [];
    let late: ReturnType<typeof begin>[] = [];
    for (let step = 0; step < 600; step += 1) {
      writeSomething(store, rng, step);
      if (rng.int(20) === 0) late.push(begin(store, rng));
      if (rng.int(40) === 0) {
        for (const { cache, start } of late) {
          start();
          caches.push(cache);
        }
        late = [];
      }
    }
    assert.ok(caches.length > 10);
    for (const cache of caches) {
      const wanted = list(store, cache.selector).items;
      assert.deepEqual([...cache.objects.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)), wanted, `selector ${cache.selector ?? 'none'}`);
    }
  });
}
