// What goes wrong around a release: Services, pods, ReplicaSets and namespaces that are missing, broken or deleted.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ANALYSIS_RUN, NAMESPACE as NAMESPACES, POD, REPLICA_SET, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { plain } from '../scenarios/reduce.js';
import { byHosts, bySubsets, hostRoute, HOSTS, image, rollout, service, setImage, template, virtualService } from './manifests.js';
import { screenSentence } from './screen-sentence.js';
import { conditionOf, NAMESPACE, openStage, specOf, statusOf } from './stage.js';
import type { Stage } from './stage.js';

const HASH = 'rollouts-pod-template-hash';
const invalidText = async (stage: Stage): Promise<string> => plain(conditionOf(await stage.get(ROLLOUT, 'cart'), 'InvalidSpec')['message']);

async function atTheGate(objects = byHosts()): Promise<Stage> {
  const stage = await openStage();
  await stage.create(...objects);
  await stage.untilPhase('Healthy');
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  await stage.run(3);
  return stage;
}

async function ends(stage: Stage): Promise<void> {
  await stage.person('promote cart');
  await stage.untilPhase('Healthy', 240);
  await stage.run(60);
  assert.equal(await stage.weight(), 0);
  const sets = await stage.list(REPLICA_SET);
  assert.deepEqual(sets.map((set) => Number(specOf(set)['replicas'])).toSorted((a, b) => a - b), [0, 4]);
  await stage.stop();
}

describe('Services', () => {
  test('missing from the beginning, then made', async () => {
    const stage = await openStage();
    await stage.create(service('cart-stable'), virtualService(hostRoute()), rollout(HOSTS));
    await stage.run(10);
    assert.match(await invalidText(stage), /service "cart-canary" not found$/);
    assert.deepEqual(await stage.list(POD), []);
    await stage.create(service('cart-canary'));
    await stage.untilPhase('Healthy', 60);
    await stage.stop();
  });

  test('of other pods', async () => {
    const stage = await openStage();
    await stage.create(service('cart-stable'), service('cart-canary', { app: 'cart', tier: 'front' }), virtualService(hostRoute()), rollout(HOSTS));
    await stage.run(10);
    assert.match(await invalidText(stage), /Service "cart-canary" has unmatch label "tier" in rollout$/);
    await stage.patch(SERVICE, 'cart-canary', { spec: { selector: { tier: null } } });
    await stage.untilPhase('Healthy', 60);
    await stage.stop();
  });

  test('deleted in the middle, and made again without a hash: each has its version again', async () => {
    const stage = await atTheGate();
    const { stableRS, currentPodHash } = await stage.status();
    for (const [name, hash] of [['cart-stable', stableRS], ['cart-canary', currentPodHash]] as const) {
      await stage.remove(SERVICE, name);
      await stage.run(30);
      assert.match(await invalidText(stage), new RegExp(`service "${name}" not found$`));
      assert.equal(await stage.weight(), 20);
      await stage.create(service(name));
      await stage.run(10);
      assert.equal((specOf(await stage.get(SERVICE, name))['selector'] as Record<string, unknown>)[HASH], hash);
      assert.equal((await stage.status())['phase'], 'Paused');
    }
    assert.deepEqual(stage.podsDeleted, []);
    await ends(stage);
  });

  test('a hash that somebody changed is put back', async () => {
    const stage = await atTheGate();
    const { stableRS, currentPodHash } = await stage.status();
    await stage.patch(SERVICE, 'cart-stable', { spec: { selector: { [HASH]: currentPodHash } } });
    await stage.run(5);
    assert.equal((specOf(await stage.get(SERVICE, 'cart-stable'))['selector'] as Record<string, unknown>)[HASH], stableRS);
    await ends(stage);
  });
});

describe('pods', () => {
  for (const [name, key, value] of [['an image that never pulls', 'pull', 'never'], ['a crash loop', 'crash', 'loop']] as const) {
    test(`${name}: no traffic until the deadline, then it aborts and stable has all`, async () => {
      const stage = await openStage();
      await stage.create(...byHosts({}, { progressDeadlineSeconds: 30, progressDeadlineAbort: true }));
      await stage.untilPhase('Healthy');
      stage.weights.length = 0;
      await stage.patch(ROLLOUT, 'cart', { spec: { template: { metadata: { annotations: { [`sandbox.sluice.dev/${key}`]: value } }, spec: { containers: [{ name: 'main', image: image('v2') }] } } } });
      await stage.until('an abort', async () => (await stage.status())['abort'] === true, 120);
      await stage.run(60);
      assert.match(await screenSentence(stage), /^aborted 6\ds ago: ReplicaSet "cart-\w+" has timed out progressing\.$/);
      assert.deepEqual(stage.weights, []);
      assert.equal((await stage.list(POD)).filter((pod) => (pod.metadata.labels?.[HASH]) !== undefined && statusOf(pod)['phase'] === 'Running').length, 4);
      await stage.stop();
    });
  }

  test('all of the canary deleted: weight 0 before the set is empty, and back to the step when they are ready', async () => {
    const stage = await atTheGate();
    const canary = plain((await stage.status())['currentPodHash']);
    for (const pod of await stage.list(POD)) if (pod.metadata.labels?.[HASH] === canary) await stage.remove(POD, pod.metadata.name);
    await stage.run(60);
    assert.equal(await stage.weight(), 20);
    assert.equal((await stage.status())['phase'], 'Paused');
    assert.equal((await stage.status())['currentStepIndex'], 1);
    await ends(stage);
  });

  test('all of stable deleted: the route is left as it is until they are back', async () => {
    const stage = await atTheGate();
    const stable = plain((await stage.status())['stableRS']);
    for (const pod of await stage.list(POD)) if (pod.metadata.labels?.[HASH] === stable) await stage.remove(POD, pod.metadata.name);
    await stage.run(1);
    await stage.person('promote cart');
    await stage.run(1);
    assert.equal(await stage.weight(), 20);
    await stage.untilPhase('Healthy', 200);
    await stage.stop();
  });
});

describe('ReplicaSets deleted in the middle', () => {
  test('the canary\'s: it is made again, and no traffic goes to it before it has pods', async () => {
    const stage = await atTheGate();
    const name = `cart-${plain((await stage.status())['currentPodHash'])}`;
    await stage.remove(REPLICA_SET, name);
    await stage.run(90);
    assert.ok((await stage.get(REPLICA_SET, name)) !== undefined);
    assert.equal((await stage.list(REPLICA_SET)).length, 2);
    assert.equal(await stage.weight(), 20);
    assert.equal((await stage.status())['phase'], 'Paused');
    await ends(stage);
  });

  test('the stable one\'s: the canary gets no more than it has, and a promotion still ends it', async () => {
    const stage = await atTheGate();
    await stage.remove(REPLICA_SET, `cart-${plain((await stage.status())['stableRS'])}`);
    await stage.run(60);
    assert.ok((await stage.weight() ?? 100) <= 20);
    assert.equal(stage.log.filter((line) => line.includes('fault in the program')).length, 0);
    await stage.person('promote cart --full');
    await stage.untilPhase('Healthy', 120);
    assert.equal(stage.log.filter((line) => line.includes('fault in the program')).length, 0);
    await stage.stop();
  });
});

describe('deleted in the middle', () => {
  test('the rollout: all that it owns goes, what is not its stays and is given back', async () => {
    const stage = await atTheGate([template('rate', { count: undefined }), ...byHosts({ analysis: { templates: [{ templateName: 'rate' }] } })]);
    assert.equal((await stage.list(ANALYSIS_RUN)).length, 1);
    await stage.remove(ROLLOUT, 'cart');
    await stage.run(60);
    for (const type of [REPLICA_SET, POD, ANALYSIS_RUN]) assert.deepEqual(await stage.list(type), [], type.kind);
    assert.equal((await stage.list(VIRTUAL_SERVICE)).length, 1);
    assert.deepEqual(specOf(await stage.get(SERVICE, 'cart-canary'))['selector'], { app: 'cart' });
    const log = stage.log.length;
    await stage.run(120);
    assert.equal(stage.log.length, log);
    await stage.stop();
  });

  test('the rollout, and made again by the same name at once', async () => {
    const stage = await atTheGate();
    await stage.remove(ROLLOUT, 'cart');
    await stage.create(rollout(HOSTS));
    await stage.untilPhase('Healthy', 120);
    await stage.run(60);
    assert.equal(await stage.weight(), 0);
    assert.equal((await stage.list(POD)).length, 4);
    await stage.stop();
  });

  test('the namespace', async () => {
    const stage = await atTheGate(bySubsets());
    await stage.cluster.delete({ type: NAMESPACES, namespace: '', name: NAMESPACE });
    await stage.run(60);
    for (const type of [ROLLOUT, REPLICA_SET, POD, SERVICE, VIRTUAL_SERVICE]) assert.deepEqual(await stage.list(type), [], type.kind);
    assert.equal(await stage.get(NAMESPACES, NAMESPACE), undefined);
    const log = stage.log.length;
    await stage.run(120);
    assert.equal(stage.log.length, log, stage.log.slice(log).join('\n'));
    await stage.stop();
  });
});

test('the name of the new ReplicaSet is taken by another one: the version comes out under another name', async () => {
  const stage = await atTheGate(byHosts());
  const newest = (await stage.list(REPLICA_SET)).find(({ metadata }) => metadata.annotations?.['rollout.argoproj.io/revision'] === '2');
  await stage.person(setImage('v1'));
  await stage.untilPhase('Healthy');
  await stage.run(60);
  await stage.remove(REPLICA_SET, newest?.metadata.name ?? '');
  await stage.run(5);
  const { name, labels = {} } = newest?.metadata ?? { name: '' };
  const foreign = { app: 'other', [HASH]: labels[HASH] ?? '' };
  await stage.create({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, labels: foreign }, spec: { replicas: 0, selector: { matchLabels: foreign }, template: { metadata: { labels: foreign }, spec: { containers: [{ name: 'c', image: 'other:1' }] } } } });
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  const { currentPodHash, collisionCount } = await stage.status();
  assert.deepEqual([collisionCount, currentPodHash === labels[HASH]], [1, false]);
  assert.deepEqual(specOf(await stage.get(REPLICA_SET, name))['replicas'], 0);
  assert.ok((await stage.get(REPLICA_SET, `cart-${plain(currentPodHash)}`)) !== undefined);
  await stage.remove(REPLICA_SET, name);
  await ends(stage);
});
