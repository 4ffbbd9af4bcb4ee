// Logs over the door: which container, how much, and what is said when there is nothing to show.

import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import type { LogOptions } from '../../../src/cluster/cluster.js';
import { POD } from '../../../src/kinds/resource-type.js';
import type { TestServer } from './test-server.js';
import { startTestServer } from './test-server.js';

const asked: LogOptions[] = [];
let sourceStopped: (() => void) | undefined;

async function* lines(_pod: unknown, options: LogOptions, signal: AbortSignal): AsyncGenerator<string> {
  asked.push(options);
  yield 'first';
  if (options.follow !== true) return;
  await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
  sourceStopped?.();
}

let server: TestServer;
before(async () => {
  server = await startTestServer({ readLogs: lines, limits: { inFlight: 50, streams: 1 } });
  const create = (name: string, containers: readonly string[], status?: object): void => {
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: containers.map((each) => ({ name: each, image: 'i' })) } };
    assert.equal(server.store.execute({ verb: 'create', type: POD, namespace: 'default', body, options: {} }, Date.now()).ok, true);
    const patch = { verb: 'patch', type: POD, namespace: 'default', name, subresource: 'status', patchType: 'merge', body: { status }, options: {} } as const;
    if (status !== undefined) assert.equal(server.store.execute(patch, Date.now()).ok, true);
  };
  create('one', ['a']);
  create('again', ['a'], { containerStatuses: [{ name: 'a', image: 'i', imageID: '', ready: true, restartCount: 1, state: { running: {} }, lastState: { terminated: { exitCode: 1 } } }] });
  create('two', ['a', 'b']);
  create('early', ['a'], { containerStatuses: [{ name: 'a', image: 'i', imageID: '', ready: false, restartCount: 0, state: { waiting: { reason: 'ContainerCreating' } } }] });
});
after(() => server.door.close());

function open(target: string): Promise<IncomingMessage> {
  const { port, caPem, token } = server.door;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, ca: caPem, agent: false, path: `/api/v1/namespaces/default/pods/${target}`, headers: { Authorization: `Bearer ${token}` } };
    request(options, resolve).on('error', reject).end();
  });
}

async function read(target: string): Promise<{ code: number; text: string }> {
  const response = await open(target);
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { code: response.statusCode ?? 0, text };
}

test('the only container needs no name; what is asked for reaches the source', async () => {
  assert.deepEqual(await read('one/log?tailLines=5'), { code: 200, text: 'first\n' });
  assert.deepEqual(asked.pop(), { container: 'a', follow: false, tailLines: 5 });
  assert.equal((await read('two/log?container=b')).code, 200);
  assert.deepEqual(asked.pop(), { container: 'b', follow: false });
  assert.equal((await read('again/log?previous=true')).code, 200);
  assert.deepEqual(asked.pop(), { container: 'a', follow: false, previous: true });
});

test('a log is cut to what is asked for', async () => {
  assert.match((await read('one/log?timestamps=true')).text, /^\d{4}-\d\d-\d\dT[\d:.]+Z first\n$/);
  assert.equal((await read('one/log?limitBytes=3')).text, 'fir');
  assert.equal((await read('one/log?sinceSeconds=60')).text, 'first\n', 'a line without a time is shown');
});

const REFUSALS: readonly [target: string, why: RegExp][] = [
  ['two/log', /a container name must be specified for pod two, choose one of: \[a b\]/],
  ['two/log?container=c', /container c is not valid for pod two/],
  ['one/log?previous=true', /previous terminated container "a" in pod "one" not found/],
  ['one/log?sinceTime=yesterday', /sinceTime is not a time/],
  ['one/log?tailLines=many', /tailLines is not a whole number/],
  ['early/log', /container "a" in pod "early" is waiting to start: ContainerCreating/],
];

for (const [target, why] of REFUSALS) {
  test(`refused: ${target}`, async () => {
    const answer = await read(target);
    assert.equal(answer.code, 400);
    assert.match((JSON.parse(answer.text) as { message: string }).message, why);
  });
}

test('a followed log stays open, counts as a stream, and its source stops when the reader leaves', async () => {
  const followed = await open('one/log?follow=true');
  await new Promise<void>((resolve) => { followed.once('data', () => resolve()); });
  const second = await open('one/log');
  assert.deepEqual([second.statusCode, second.headers['retry-after']], [429, '1']);
  second.destroy();
  followed.on('error', () => undefined);
  const stopped = new Promise<void>((resolve) => { sourceStopped = resolve; });
  followed.destroy();
  await stopped;
});
