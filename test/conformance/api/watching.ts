// Watches and consistent reads: from any version, from now on, with what there is first, and until it is told that it all was told.

import { eventually } from '../api-door.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_MAP } from '../../../src/kinds/resource-type.js';
import type { Seen } from '../api-door.js';
import type { Begin } from '../api-contract.js';
import { configMap } from './bodies.js';

const brief = (seen: readonly Seen[]): string[] => seen.map(({ type, object }) => (type === 'BOOKMARK' ? type : `${type} ${object.metadata.name}`));

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

// A real server puts things of its own into a namespace.
const mine = (name: string): object => configMap(name, { labels: { mine: 'yes' } });
const MINE = { labelSelector: 'mine' };

export function watchContract(begin: Begin): void {
  test('a watch begins after any version that is still known', async () => {
    const { api, namespace, create, patch, remove } = await begin();
    const first = await create(CONFIG_MAP, mine('a'));
    const second = await patch(CONFIG_MAP, 'a', 'merge', { data: { k: '2' } });
    await create(CONFIG_MAP, mine('b'));
    await remove(CONFIG_MAP, 'a');
    const after = async (resourceVersion: string | undefined, count: number): Promise<string[]> =>
      brief(await api.watch({ type: CONFIG_MAP, namespace, options: { ...MINE, resourceVersion: resourceVersion ?? '' } }, (seen) => seen.length >= count));
    assert.deepEqual(await after(first.metadata.resourceVersion, 3), ['MODIFIED a', 'ADDED b', 'DELETED a']);
    assert.deepEqual(await after(second.metadata.resourceVersion, 2), ['ADDED b', 'DELETED a']);
    assert.deepEqual(await after('0', 1), ['ADDED b']);
    assert.deepEqual(await after('', 1), ['ADDED b']);
  });

  test('each event has the version with which the next watch goes on', async () => {
    const { api, namespace, create, patch, remove } = await begin();
    const { metadata } = await create(CONFIG_MAP, mine('a'));
    await patch(CONFIG_MAP, 'a', 'merge', { data: { k: '2' } });
    await remove(CONFIG_MAP, 'a');
    await create(CONFIG_MAP, mine('z'));
    const told: string[] = [];
    let resourceVersion = metadata.resourceVersion ?? '';
    while (told.length < 3) {
      const [event] = await api.watch({ type: CONFIG_MAP, namespace, options: { ...MINE, resourceVersion } }, (seen) => seen.length > 0);
      assert.ok(event, 'there is a next event');
      told.push(...brief([event]));
      resourceVersion = event.object.metadata.resourceVersion ?? '';
    }
    assert.deepEqual(told, ['MODIFIED a', 'DELETED a', 'ADDED z']);
  });

  test('what comes to match a selector is ADDED, what ceases to is DELETED', async () => {
    const { api, namespace, create, patch } = await begin();
    const { metadata } = await create(CONFIG_MAP, configMap('a'));
    await patch(CONFIG_MAP, 'a', 'merge', { metadata: { labels: { mine: 'yes' } } });
    await patch(CONFIG_MAP, 'a', 'merge', { data: { k: '2' } });
    await patch(CONFIG_MAP, 'a', 'merge', { metadata: { labels: { mine: null } } });
    const options = { ...MINE, resourceVersion: metadata.resourceVersion ?? '' };
    assert.deepEqual(brief(await api.watch({ type: CONFIG_MAP, namespace, options }, (seen) => seen.length === 3)), ['ADDED a', 'MODIFIED a', 'DELETED a']);
    const byField = { resourceVersion: metadata.resourceVersion ?? '', fieldSelector: 'metadata.name=a' };
    assert.equal((await api.watch({ type: CONFIG_MAP, namespace, options: byField }, (seen) => seen.length === 3)).length, 3);
  });

  test('sendInitialEvents: what there is, a bookmark that says so, then what comes', async () => {
    const { api, namespace, create } = await begin();
    await create(CONFIG_MAP, mine('a'));
    await create(CONFIG_MAP, mine('b'));
    const options = { ...MINE, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true };
    const isMarked = ({ type, object }: Seen): boolean => type === 'BOOKMARK' && object.metadata.annotations?.[INITIAL_EVENTS_END] === 'true';
    let isAsked = false;
    const seen = await api.watch({ type: CONFIG_MAP, namespace, options }, (events) => {
      if (!isAsked && events.some(isMarked)) {
        isAsked = true;
        void create(CONFIG_MAP, mine('c'));
      }
      return events.some(({ object }) => object.metadata.name === 'c');
    });
    // Others, which say only how far it has come, may be sent at any time.
    const told = seen.filter((each) => each.type !== 'BOOKMARK' || isMarked(each));
    assert.deepEqual(brief(told), ['ADDED a', 'ADDED b', 'BOOKMARK', 'ADDED c']);
    assert.ok(Number(told[2]?.object.metadata.resourceVersion) >= Number(told[1]?.object.metadata.resourceVersion));
  });

  test('options that do not go together are refused', async () => {
    const { api, namespace } = await begin();
    const refusal = async (options: object): Promise<string> => {
      const [seen] = await api.watch({ type: CONFIG_MAP, namespace, options }, (events) => events.length > 0);
      assert.equal(seen?.type, 'REFUSED');
      return String(seen.object['message']);
    };
    assert.equal(await refusal({ sendInitialEvents: true }), 'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    assert.match(await refusal({ resourceVersionMatch: 'NotOlderThan', resourceVersion: '1' }), /resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided/);
    assert.match(await refusal({ resourceVersion: 'abc' }), /resourceVersion: Invalid value: "abc"/);
  });

  test('lists: exactly a version, not older than one, not newer than there is', async () => {
    const { create, remove, list, refused } = await begin();
    await create(CONFIG_MAP, mine('a'));
    const { metadata } = await create(CONFIG_MAP, mine('b'));
    await remove(CONFIG_MAP, 'a');
    const names = async (resourceVersionMatch: string): Promise<string> =>
      (await list(CONFIG_MAP, { ...MINE, resourceVersion: metadata.resourceVersion ?? '', resourceVersionMatch })).items.map((item) => item.metadata.name).join();
    assert.equal(await names('Exact'), 'a,b');
    // Not older than that may be as old: a real server answers from a cache that hears of the deletion a moment later.
    await eventually('the deletion is seen', async () => (await names('NotOlderThan')) === 'b');
    await refused(list(CONFIG_MAP, { resourceVersion: '99999999999' }), 504, 'Timeout');
    assert.match((await refused(list(CONFIG_MAP, { resourceVersionMatch: 'Exact' }), 422)).message, /resourceVersionMatch is forbidden unless resourceVersion is provided/);
    await refused(list(CONFIG_MAP, { resourceVersionMatch: 'Exact', resourceVersion: '0' }), 422);
    await refused(list(CONFIG_MAP, { resourceVersionMatch: 'About', resourceVersion: '1' }), 422);
    await refused(list(CONFIG_MAP, { sendInitialEvents: true }), 422);
    await refused(list(CONFIG_MAP, { resourceVersion: 'abc' }), 400, 'BadRequest');
  });
}
