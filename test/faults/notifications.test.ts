// Notifications of releases in the whole embedded world: whatever becomes of a message, the release goes on as it would without; each is
// told by the engine that leads, and what is remembered survives it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultRequest } from '../../src/apiserver/in-process.js';
import { createOutbox, MOST_WAITING, type OutboxEntry } from '../../src/controllers/notifications/outbox.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { NOTIFIED } from '../../src/kinds/labels.js';
import { CONFIG_MAP, ROLLOUT } from '../../src/kinds/resource-type.js';
import type { HttpRequest, HttpSend } from '../../src/lib/http.js';
import { err, ok } from '../../src/lib/result.js';
import { byHosts, GATED, setImage } from './manifests.js';
import { NAMESPACE, openStage, type Stage } from './stage.js';

const SPACE = 'argo-rollouts';
const CONFIG = 'argo-rollouts-notification-configmap';

const DATA = {
  'service.webhook.hook': 'url: https://hook.test\nheaders: [{ name: X-Token, value: $token }]',
  'trigger.on-rollout-updated': '- send: [told]',
  'trigger.on-rollout-paused': '- send: [told]',
  'trigger.on-rollout-completed': '- send: [told]',
  'trigger.on-v2': "- when: rollout.spec.template.spec.containers[0].image endsWith ':v2'\n  send: [v2]",
  'template.told': 'webhook: { hook: { method: POST, body: "{{.rollout.metadata.name}} {{(index .rollout.spec.template.spec.containers 0).image}}", path: told } }',
  'template.v2': 'webhook: { hook: { method: POST, body: "v2", path: v2 } }',
};

const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SPACE } };
const configMap = (data: Readonly<Record<string, string>> = DATA): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIG, namespace: SPACE }, data });
const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argo-rollouts-notification-secret', namespace: SPACE }, data: { token: btoa('s3cret-token\n') } };

const SUBSCRIBED = Object.fromEntries(['on-rollout-updated', 'on-rollout-paused', 'on-rollout-completed', 'on-v2'].map((trigger) => [`notifications.argoproj.io/subscribe.${trigger}.hook`, '']));

const subscribed = (): readonly KubeObject[] => byHosts({ steps: GATED }).map((each) => (each.kind === 'Rollout' ? { ...each, metadata: { ...each.metadata, annotations: SUBSCRIBED } } : each));

type Hook = { readonly got: HttpRequest[]; send: HttpSend };

/** A service that takes everything. */
function hook(): Hook {
  const here: Hook = {
    got: [],
    send: (request) => {
      here.got.push(request);
      return Promise.resolve(ok({ status: 200, headers: {}, body: '' }));
    },
  };
  return here;
}

const pathsOf = (got: readonly HttpRequest[]): readonly string[] => got.map(({ url, body = '' }) => `${new URL(url).pathname} ${body}`);

/** A world without an engine yet, that has these objects. */
async function prepared(...objects: readonly KubeObject[]): Promise<{ readonly stage: Stage; readonly hook: Hook; readonly asked: FaultRequest[] }> {
  const stage = await openStage({ engine: false, notifies: true });
  const service = hook();
  const asked: FaultRequest[] = [];
  stage.metrics = (request, signal) => service.send(request, signal);
  stage.faults = (request) => {
    asked.push(request);
    return undefined;
  };
  await stage.create(space, ...objects, ...subscribed());
  return { stage, hook: service, asked };
}

async function release(stage: Stage): Promise<void> {
  await stage.untilPhase('Healthy');
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  await stage.person('promote cart');
  await stage.untilPhase('Healthy');
  await stage.run(5);
}

const told = async (stage: Stage): Promise<string | undefined> => (await stage.get(ROLLOUT, 'cart'))?.metadata.annotations?.[NOTIFIED];

const WANTED = ['/told cart shop.test/cart:v1', '/told cart shop.test/cart:v1', '/v2 v2', ...Array.from({ length: 3 }, () => '/told cart shop.test/cart:v2')];

test('a release is told, with the Secret in its place; the order is that of its events', async () => {
  const { stage, hook: service } = await prepared(configMap(), secret);
  stage.startEngine();
  await release(stage);
  const events = pathsOf(service.got).filter((path) => path.startsWith('/told'));
  assert.deepEqual(pathsOf(service.got).toSorted(), [...WANTED, ...events.slice(5)].toSorted());
  assert.deepEqual(events.slice(0, 3), ['/told cart shop.test/cart:v1', '/told cart shop.test/cart:v1', '/told cart shop.test/cart:v2']);
  assert.ok(service.got.every(({ headers }) => headers?.['X-Token'] === 's3cret-token'));
  assert.match((await told(stage)) ?? '', /^\{"on-v2:\[0\]\.[\w-]{27}:hook:":\d+\}$/);
  assert.ok(!stage.log.join().includes('s3cret-token'));
  await stage.stop();
});

test('without the ConfigMap nothing is asked but for it by name, nothing is written, and nobody is told', async () => {
  const { stage, hook: service, asked } = await prepared(secret);
  stage.startEngine();
  await release(stage);
  assert.deepEqual(service.got, []);
  assert.equal(await told(stage), undefined);
  const about = asked.filter(({ type }) => type.kind === 'ConfigMap' || type.kind === 'Secret');
  assert.deepEqual(about.filter(({ verb }) => verb !== 'watch-event').map(({ verb, type, namespace }) => `${verb} ${type.kind} ${namespace}`), ['list ConfigMap argo-rollouts', 'watch ConfigMap argo-rollouts']);
  await stage.stop();
  assert.deepEqual(stage.log.filter((line) => line.includes('notifications')), [], 'nothing was kept for later');
});

/** When each phase came, and how often the engine wrote to the rollout: what notifications must not change. */
async function course(send: HttpSend | undefined): Promise<readonly string[]> {
  const { stage, hook: service, asked } = await prepared(...(send === undefined ? [] : [configMap(), secret]));
  if (send !== undefined) service.send = send;
  stage.startEngine();
  await release(stage);
  const condition = (await stage.status())['conditions'];
  const writes = asked.filter(({ verb, type, subresource }) => verb === 'patch' && type.kind === 'Rollout' && subresource === 'status').length;
  await stage.stop();
  return [JSON.stringify(condition), String(writes), stage.weights.join()];
}

test('a service that never answers, and one that is gone, hold up nothing', async () => {
  const alone = await course(undefined);
  assert.deepEqual(await course((_request, signal) => new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve(err({ type: 'failed', message: 'the request was given up' })), { once: true });
  })), alone);
  assert.deepEqual(await course(() => Promise.resolve(err({ type: 'refused', message: 'connection refused' }))), alone);
});

test('a condition whose message fails is tried again after a minute, and remembered only when it has gone out', async () => {
  const { stage, hook: service } = await prepared(configMap({ ...DATA, 'service.webhook.hook': 'url: https://hook.test\nretryMax: 0' }));
  const take = service.send;
  service.send = (request, signal) => (request.url.endsWith('/v2') ? take(request, signal).then(() => ok({ status: 500, headers: {}, body: 'no' })) : take(request, signal));
  stage.startEngine();
  await stage.untilPhase('Healthy');
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  const tries = (): number => service.got.filter(({ url }) => url.endsWith('/v2')).length;
  assert.equal(tries(), 1, 'whatever has changed since');
  assert.equal(await told(stage), undefined);
  assert.ok(stage.log.some((line) => line.endsWith('notifications: on-v2 of rollout shop/cart was not sent to hook: hook.test answered 500: no')));
  await stage.run(61);
  assert.equal(tries(), 2);
  service.send = take;
  await stage.run(61);
  assert.equal(tries(), 3);
  assert.match((await told(stage)) ?? '', /on-v2/);
  await stage.stop();
});

test('engines follow each other: conditions are not told again, and who only stands by tells nothing', async () => {
  const { stage, hook: service } = await prepared(configMap(), secret);
  stage.startEngine();
  stage.startEngine();
  await release(stage);
  const count = service.got.length;
  assert.deepEqual(pathsOf(service.got).filter((path) => path === '/v2 v2'), ['/v2 v2']);
  await stage.stopEngine();
  stage.startEngine();
  await stage.run(60);
  assert.deepEqual(pathsOf(service.got.slice(count)), []);
  stage.killEngine();
  stage.startEngine();
  await stage.run(60);
  assert.deepEqual(pathsOf(service.got.slice(count)), []);
  await stage.stop();
});

test('settings that may not be read are told once, and the rollouts go on', async () => {
  const { stage, hook: service } = await prepared(configMap(), secret);
  stage.faults = ({ verb, type }) => (type.kind === 'ConfigMap' && (verb === 'list' || verb === 'watch') ? { code: 403, reason: 'Forbidden', message: 'configmaps is forbidden' } : undefined);
  stage.startEngine();
  await release(stage);
  await stage.run(300);
  const lines = stage.log.filter((line) => line.includes('notifications: '));
  assert.deepEqual(lines.map((line) => line.replace(/^\S+ /, '')), [`notifications: configmaps ${SPACE}/${CONFIG} may not be read: configmaps is forbidden; notifications need get, list and watch of it`]);
  assert.deepEqual(service.got, []);
  stage.faults = () => undefined;
  await stage.run(120);
  await stage.person(setImage('v3'));
  await stage.untilPhase('Paused');
  assert.ok(service.got.length > 0, 'once they may be read');
  await stage.stop();
});

test('settings hold from the moment at which they are changed, and end with the ConfigMap', async () => {
  const { stage, hook: service } = await prepared(configMap(), secret);
  stage.startEngine();
  await release(stage);
  const before = service.got.length;
  const ref = { type: CONFIG_MAP, namespace: SPACE, name: CONFIG };
  await stage.cluster.patch(ref, 'merge', { data: { 'service.webhook.hook': 'url: https://other.test', 'trigger.on-nothing': '- send: [gone]' } });
  await stage.run(2);
  await stage.person(setImage('v3'));
  await stage.untilPhase('Paused');
  const later = service.got.slice(before);
  assert.ok(later.length > 0 && later.every(({ url }) => url.startsWith('https://other.test/')));
  assert.equal(stage.log.filter((line) => line.includes('sends the template "gone"')).length, 1);
  await stage.cluster.delete(ref);
  await stage.run(2);
  const count = service.got.length;
  await stage.person('promote cart');
  await stage.untilPhase('Healthy');
  assert.equal(service.got.length, count);
  await stage.stop();
});

const entry = (name: string, uid: string): OutboxEntry => ({ about: { apiVersion: 'v1', kind: 'Rollout', metadata: { name, namespace: NAMESPACE, uid } }, note: { type: 'Normal', reason: name, message: '' }, at: 0 });

test('what waits is bounded: the oldest are given up, and what is under way is not', async () => {
  const givenUp: string[] = [];
  const ended: (() => void)[] = [];
  const outbox = createOutbox({
    held: () => false,
    deliver: () => new Promise((resolve) => {
      ended.push(resolve);
    }),
    givenUp: ({ note }) => void givenUp.push(note.reason),
  });
  for (let index = 0; index < MOST_WAITING + 3; index += 1) outbox.add(entry(`e${index}`, 'one'));
  assert.deepEqual([outbox.waiting(), givenUp, ended.length], [MOST_WAITING, ['e1', 'e2'], 1]);
  const stopped = outbox.stop(true);
  assert.equal(givenUp.length, MOST_WAITING + 2);
  ended[0]?.();
  await stopped;
});

test('messages of one rollout go in order, and a slow one holds up no other rollout', async () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const outbox = createOutbox({
    held: () => false,
    deliver: ({ note }) => new Promise((resolve) => {
      begun.push(note.reason);
      ends.set(note.reason, resolve);
    }),
    givenUp: () => assert.fail('nothing is given up'),
  });
  for (const [name, uid] of [['a1', 'a'], ['a2', 'a'], ['b1', 'b']] as const) outbox.add(entry(name, uid));
  assert.deepEqual(begun, ['a1', 'b1']);
  const stopped = outbox.stop(false);
  ends.get('a1')?.();
  await Promise.resolve().then(() => undefined);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  assert.deepEqual(begun, ['a1', 'b1', 'a2'], 'what waits at the end still goes out');
  for (const end of ends.values()) end();
  await stopped;
});
