// Who else has a rollout open: told by Leases that are short-lived, taken away, and never written where that may not be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { keepPresence } from '../../src/app/presence.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { guardWrites } from '../../src/cluster/read-only.js';
import { needsOf } from '../../src/console/needs.js';
import { render } from '../../src/console/render.js';
import { NO_SETTINGS } from '../../src/console/settings/resolve.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { LEASE, NAMESPACE, ROLLOUT } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { aRollout, NOW } from '../support/builders.js';
import { aModel, demoSnapshot, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

type World = { readonly clock: VirtualClock; readonly cluster: Cluster; readonly uid: string; leases(): Promise<readonly string[]> };

async function world(): Promise<World> {
  const clock = new VirtualClock(NOW);
  const store = createStore({ now: NOW, rng: createRng(1), definitions: customResourceDefinitions(), putOff: (delayMs, work) => void clock.after(delayMs, () => work(clock.now())) });
  const cluster = createInProcessCluster({ store, clock, name: 'here' });
  await cluster.create({ type: NAMESPACE, namespace: '', name: 'shop' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const { metadata, ...rollout } = aRollout('shop/cart').build();
  const made = await cluster.create({ type: ROLLOUT, namespace: 'shop', name: 'cart' }, { ...rollout, metadata: { name: metadata.name, namespace: 'shop' } });
  assert.ok(made.ok, JSON.stringify(made));
  return {
    clock, cluster, uid: made.value.metadata.uid ?? '',
    async leases() {
      const listed = await cluster.list(LEASE, { namespace: 'shop' });
      return listed.ok ? listed.value.items.map((lease) => (lease['spec'] as { readonly holderIdentity: string }).holderIdentity).toSorted() : [];
    },
  };
}

type Seat = { readonly seen: (readonly string[])[]; leave(): Promise<void> };

/** The same seed for all: two consoles may begin in the same millisecond. */
function sit(who: string, { clock, uid }: World, cluster: Cluster): Seat {
  const need = { type: 'presence', cluster: 'here', namespace: 'shop', name: 'cart', uid } as const;
  const seen: (readonly string[])[] = [];
  return { seen, leave: keepPresence(need, cluster, { clock, rng: createRng(7), who: () => who, onOthers: (names) => seen.push(names) }) };
}

test('two consoles see each other, and no longer when one leaves; nothing stays behind', async () => {
  const here = await world();
  const ana = sit('ana@one', here, here.cluster);
  const bob = sit('bob@two', here, here.cluster);
  await here.clock.runUntil(NOW + 2000);
  assert.deepEqual(await here.leases(), [], 'whoever only passes by is not announced');
  await here.clock.runUntil(NOW + 35_000);
  assert.deepEqual(await here.leases(), ['ana@one', 'bob@two']);
  assert.deepEqual([ana.seen.at(-1), bob.seen.at(-1)], [['bob@two'], ['ana@one']]);
  await bob.leave();
  assert.deepEqual(await here.leases(), ['ana@one']);
  await here.clock.runUntil(NOW + 50_000);
  assert.deepEqual(ana.seen.at(-1), []);
  await ana.leave();
  assert.deepEqual(await here.leases(), []);
});

test('a console that was killed runs out, and its Lease is taken away by who comes later', async () => {
  const here = await world();
  const bob = sit('bob@two', here, here.cluster);
  await here.clock.runUntil(NOW + 4000);
  // Its process ends here: nothing of it runs any more, and its Lease stays.
  const [lease] = await here.cluster.list(LEASE, { namespace: 'shop' }).then((listed) => (listed.ok ? listed.value.items : []));
  await bob.leave();
  assert.ok(lease !== undefined);
  const { resourceVersion: _version, uid: _uid, ...metadata } = lease.metadata;
  await here.cluster.create({ type: LEASE, namespace: 'shop', name: metadata.name }, { ...lease, metadata });
  const ana = sit('ana@one', here, here.cluster);
  await here.clock.runUntil(NOW + 30_000);
  assert.deepEqual(ana.seen.at(-1), ['bob@two']);
  await here.clock.runUntil(NOW + 60_000);
  assert.deepEqual([ana.seen.at(-1), await here.leases()], [[], ['ana@one', 'bob@two']]);
  await here.clock.runUntil(NOW + 700_000);
  assert.deepEqual(await here.leases(), ['ana@one']);
  await ana.leave();
});

test('a Lease that somebody took away is made anew; one that may not be written is not tried again', async () => {
  const here = await world();
  const ana = sit('ana@one', here, here.cluster);
  await here.clock.runUntil(NOW + 4000);
  const [lease] = await here.cluster.list(LEASE, { namespace: 'shop' }).then((listed) => (listed.ok ? listed.value.items : []));
  await here.cluster.delete({ type: LEASE, namespace: 'shop', name: lease?.metadata.name ?? '' });
  await here.clock.runUntil(NOW + 30_000);
  assert.deepEqual(await here.leases(), ['ana@one']);
  let asked = 0;
  const counted = guardWrites({ ...here.cluster, create: (...words) => { asked += 1; return here.cluster.create(...words); } }, () => { asked += 1; return '--read-only'; });
  const reader = sit('eve@three', here, counted);
  await here.clock.runUntil(NOW + 120_000);
  assert.deepEqual([asked, await here.leases(), reader.seen.at(-1)], [1, ['ana@one'], ['ana@one']]);
  await reader.leave();
  await ana.leave();
});

test('it is only kept where the settings say so and something may be written, and shown on the screen and in the question', () => {
  const open = (flags: object): ReturnType<typeof aModel> => press(aModel(140, 40, demoSnapshot(), { ...NO_SETTINGS, flags }), '/', 's', 'i', 'l', 'l', 'y', 'enter', 'enter')[0];
  const kept = (flags: object): number => needsOf(open(flags)).filter(({ type }) => type === 'presence').length;
  assert.deepEqual([kept({}), kept({ presence: true }), kept({ presence: true, readOnly: true })], [0, 1, 0]);
  const model = open({ presence: true });
  const uid = model.board.byKey.get(model.detail?.key ?? '')?.uid ?? '';
  const shown = send(model, { type: 'presence', uid, others: ['bob@two'] });
  assert.match(printFrame(render(shown)), /silly-demo {3}also open at bob@two/);
  assert.match(printFrame(render(press(shown, 'p')[0])), /note {4}bob@two has it open, too/);
  assert.doesNotMatch(printFrame(render(send(model, { type: 'presence', uid: 'another', others: ['bob@two'] }))), /bob@two/);
});
