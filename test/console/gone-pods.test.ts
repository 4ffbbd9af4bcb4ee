// Logs of pods that are gone: their last lines stay, with what became of the pod and which keys lead to those that are there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { anEvent, aPod, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, NOW, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }];
const rollout = aRollout('shop/cart').canary(STEPS).paused(1, 60).build();
const sets = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1 }), aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 1 })];
const started = (hash: string, tail: string): KubeObject => {
  const pod = aPod('shop/cart', { suffix: tail, hash });
  return { ...pod, status: { ...(pod['status'] as object), containerStatuses: [{ name: 'app', ready: true, containerID: 'x' }] } };
};
const [canary, stable] = [started(CANARY_HASH, 'x2x1z'), started(STABLE_HASH, 'p0qk1')];
const went = (message: string): KubeObject => anEvent('shop/cart', { reason: 'SuccessfulDelete', message, secondsAgo: 30 });
const seen = (model: Model, pods: readonly KubeObject[], events: readonly KubeObject[] = []): Model =>
  send(model, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [rollout], replicaSets: sets, pods, events }), now: model.now });
const wrote = (model: Model, pod: KubeObject, text: string): Model =>
  send(model, { type: 'log-lines', pod: pod.metadata.name, container: 'app', lines: [{ text, at: NOW - 60_000 }] });
const lines = (model: Model): readonly string[] => printFrame(render(model)).split('\n').slice(1).map((line) => line.trim()).filter((line) => line !== '');

const opened = (): Model => press(aModel(80, 24, aSnapshot({ rollouts: [rollout], replicaSets: sets, pods: [canary, stable] })), 'l')[0];

test('of a canary that has gone it is told when and how, behind its last line; the others write on', () => {
  const both = wrote(wrote(opened(), canary, 'out of memory'), stable, 'all is well');
  assert.ok(!lines(both).some((line) => line.includes('gone')));
  const shown = lines(seen(both, [stable], [went(`Deleted pod: ${canary.metadata.name}`)]));
  assert.match(shown[0] ?? '', /1 of 1 pods write, 1 gone/);
  assert.match(shown[1] ?? '', /^gone x2x1z +out of memory$/);
  assert.match(shown[2] ?? '', /^⚠ pod x2x1z is gone, SuccessfulDelete at \d\d:\d\d:\d\d: these were its last lines$/);
  assert.match(shown[3] ?? '', /^⚠ the others write on here; why it went: esc, then e$/);
  assert.match(shown[4] ?? '', /^stable p0qk1 +all is well$/);
});

test('where no event tells it, the time of its last line does; an event of another pod tells nothing', () => {
  const shown = lines(seen(wrote(opened(), canary, 'out of memory'), [stable], [went('Deleted pod: cart-other-x2x1z')]));
  assert.match(shown.join('\n'), /pod x2x1z is gone; it wrote last at \d\d:\d\d:\d\d: these were/);
});

test('the log of that pod alone names the keys that lead to the pods of now', () => {
  const { stack } = opened();
  const alone = { ...opened(), stack: stack.map((page) => ({ ...page, subject: { kind: 'Pod', namespace: 'shop', name: canary.metadata.name } })) };
  const shown = lines(seen(wrote(alone, canary, 'out of memory'), [stable]));
  assert.match(shown.join('\n'), /⚠ the pods of now: esc, then l on the rollout/);
});
