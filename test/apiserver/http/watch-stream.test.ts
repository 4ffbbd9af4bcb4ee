// A watch over a real socket, from a store that says what the test tells it to, on a virtual clock.

import assert from 'node:assert/strict';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { CONFIG_MAP } from '../../../src/kinds/resource-type.js';
import { VirtualClock } from '../../../src/lib/clock.js';
import { err, ok } from '../../../src/lib/result.js';
import type { ApiStore, StoreEvent, WatchRequest } from '../../../src/apiserver/store/api.js';
import type { Form } from '../../../src/apiserver/http/accept.js';
import type { ServedType } from '../../../src/apiserver/http/catalogue.js';
import { eventRenderer } from '../../../src/apiserver/http/render.js';
import { sendReply } from '../../../src/apiserver/http/reply.js';
import { badRequest, failure } from '../../../src/apiserver/http/status.js';
import { BOOKMARK_INTERVAL_MS, DEFAULT_WATCH_MS, MAX_WATCH_BACKLOG_BYTES, watchReply } from '../../../src/apiserver/http/watch-stream.js';

const SERVED: ServedType = { type: CONFIG_MAP, listKind: 'ConfigMapList', custom: false, subresources: [], schema: undefined, printerColumns: undefined };
const TABLE: Form = { type: 'table', version: 'v1', encoding: 'json' };
const PLAIN: Form = { type: 'plain', encoding: 'json' };

const added = (name: string, filler = ''): StoreEvent => {
  const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, resourceVersion: '5' }, data: { filler } };
  return { type: 'ADDED', object, json: JSON.stringify(object) };
};

type Setup = {
  readonly early?: readonly StoreEvent[];
  readonly refuse?: ReturnType<typeof failure>;
  readonly options?: WatchRequest['options'];
  readonly timeoutSeconds?: number;
  readonly form?: Form;
};

/** One watch between a server and a client; `emit` is what happens in the store. */
async function openWatch(setup: Setup = {}) {
  const clock = new VirtualClock(0);
  let listener: ((event: StoreEvent) => void) | undefined;
  const state = { closed: false };
  const store: ApiStore = {
    execute: () => err(badRequest('not asked here')),
    types: () => [],
    revision: () => '42',
    watch: (_request, listen) => {
      if (setup.refuse !== undefined) return err(setup.refuse);
      listener = listen;
      for (const event of setup.early ?? []) listen(event);
      return ok({ close: () => { state.closed = true; } });
    },
  };
  const server = createServer((_request, response) => {
    const render = eventRenderer(setup.form ?? PLAIN, SERVED, 'Metadata', () => clock.now());
    const request = { type: CONFIG_MAP, options: setup.options ?? {} };
    sendReply(response, watchReply({ store, clock, served: SERVED, request, timeoutSeconds: setup.timeoutSeconds, render }));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  let asked: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false }, resolve);
    asked.on('error', reject);
  });
  asked?.on('error', () => undefined);
  response.on('error', () => undefined);
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { clock, state, server, response, emit: (event: StoreEvent) => listener?.(event), close };
}

type Line = { readonly type: string; readonly object: Record<string, unknown> };

/** All lines up to the end, or the first `count` of them. */
async function readLines(response: IncomingMessage, count = Infinity): Promise<Line[]> {
  let text = '';
  const iterator = response.iterator({ destroyOnReturn: false });
  for await (const chunk of iterator) {
    text += String(chunk);
    if (text.split('\n').length > count) break;
  }
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => { setImmediate(resolve); });
};

test('what is there comes first, then what happens, one line each', async () => {
  const watch = await openWatch({ early: [added('a')] });
  watch.emit(added('b'));
  const lines = await readLines(watch.response, 2);
  assert.deepEqual(lines.map(({ type, object }) => [type, (object['metadata'] as { name: string }).name]), [['ADDED', 'a'], ['ADDED', 'b']]);
  watch.close();
});

test('tables announce their columns in the first event only', async () => {
  const watch = await openWatch({ form: TABLE, early: [added('a'), added('b')] });
  const [first, second] = await readLines(watch.response, 2);
  assert.deepEqual((first?.object['columnDefinitions'] as { name: string }[] | undefined)?.map(({ name }) => name), ['Name', 'Data', 'Age']);
  assert.equal(second?.object['columnDefinitions'], null);
  assert.deepEqual((second?.object['rows'] as { cells: unknown[] }[] | undefined)?.[0]?.cells, ['b', 1, '<unknown>']);
  watch.close();
});

test('a version that is gone is an ERROR event after 200; another refusal is the answer itself', async () => {
  const gone = await openWatch({ refuse: failure(410, 'Expired', 'too old resource version: 1 (9)') });
  assert.equal(gone.response.statusCode, 200);
  assert.deepEqual((await readLines(gone.response)).map(({ type, object }) => [type, object['code']]), [['ERROR', 410]]);
  gone.close();
  const bad = await openWatch({ refuse: badRequest('no such selector') });
  assert.equal(bad.response.statusCode, 400);
  bad.close();
});

test('an ERROR from the store ends the stream', async () => {
  const watch = await openWatch();
  watch.emit({ type: 'ERROR', status: failure(410, 'Expired', 'the log was cut') });
  assert.deepEqual((await readLines(watch.response)).map(({ type }) => type), ['ERROR']);
  await until(() => watch.state.closed);
  watch.close();
});

test('bookmarks come at intervals and before the end, the end after timeoutSeconds', async () => {
  const watch = await openWatch({ options: { allowWatchBookmarks: true }, timeoutSeconds: 150 });
  await watch.clock.runUntil(2 * BOOKMARK_INTERVAL_MS);
  assert.equal(watch.state.closed, false);
  await watch.clock.runUntil(150_000);
  const lines = await readLines(watch.response);
  const shown = lines.map(({ type, object }) => `${type} ${(object['metadata'] as { resourceVersion: string }).resourceVersion}`);
  assert.deepEqual(shown, ['BOOKMARK 42', 'BOOKMARK 42', 'BOOKMARK 42']);
  assert.equal(watch.state.closed, true);
  watch.close();
});

test('without being asked there are no bookmarks, and the end comes after the default', async () => {
  const watch = await openWatch();
  await watch.clock.runUntil(DEFAULT_WATCH_MS);
  assert.deepEqual(await readLines(watch.response), []);
  watch.close();
});

test('the bookmark that ends the initial events says so', async () => {
  const watch = await openWatch({ options: { sendInitialEvents: true }, early: [added('a'), { type: 'BOOKMARK', resourceVersion: '7' }] });
  const [, bookmark] = await readLines(watch.response, 2);
  assert.deepEqual(bookmark?.object['metadata'], { resourceVersion: '7', annotations: { 'k8s.io/initial-events-end': 'true' } });
  watch.close();
});

test('a client that goes away costs nothing more, however long it was there', async () => {
  for (const stayedMs of [0, BOOKMARK_INTERVAL_MS, 3 * BOOKMARK_INTERVAL_MS]) {
    const watch = await openWatch({ options: { allowWatchBookmarks: true } });
    await watch.clock.runUntil(stayedMs);
    watch.response.destroy();
    await until(() => watch.state.closed);
    assert.equal(watch.clock.next(), undefined, `a timer is left after ${stayedMs} ms`);
    watch.close();
  }
});

test('a client that does not read is cut off, but never for the state that it asked for', async () => {
  const filler = 'x'.repeat(1024 * 1024);
  const wholeState = Array.from({ length: MAX_WATCH_BACKLOG_BYTES / filler.length + 4 }, (_, index) => added(`o${index}`, filler));
  const watch = await openWatch({ early: wholeState });
  watch.response.pause();
  for (let round = 0; round < 8; round += 1) watch.emit(added('later', filler));
  assert.equal(watch.state.closed, false);
  for (let round = 0; round < 2 * MAX_WATCH_BACKLOG_BYTES / filler.length && !watch.state.closed; round += 1) watch.emit(added('later', filler));
  assert.equal(watch.state.closed, true);
  watch.close();
});

test('a client that reads gets everything, however much it is', async () => {
  const filler = 'y'.repeat(64 * 1024);
  const watch = await openWatch({ early: Array.from({ length: 100 }, (_, index) => added(`o${index}`, filler)) });
  for (let index = 0; index < 100; index += 1) watch.emit(added(`later${index}`, filler));
  const lines = await readLines(watch.response, 200);
  assert.equal(lines.length, 200);
  assert.equal((lines[199]?.object['metadata'] as { name: string } | undefined)?.name, 'later99');
  watch.close();
});
