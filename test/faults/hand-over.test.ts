// Engines that end at any point of a release and are followed by fresh ones: no pod is restarted for it, no weight jumps, and the
// end is the same. Nothing is kept in an engine that is not in the cluster.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { byHosts, bySubsets, rollout, setImage, template } from './manifests.js';
import { openStage, specOf, statusOf } from './stage.js';
import type { Stage } from './stage.js';

const STEPS = [{ setWeight: 20 }, { pause: { duration: '5s' } }, { setWeight: 50 }, { analysis: { templates: [{ templateName: 'rate' }] } }, { setWeight: 80 }, { pause: { duration: '4s' } }];
const ANALYSED = { steps: STEPS, scaleDownDelaySeconds: 8 };
/** Longer than this release takes, with a lease that has to run out. */
const LONGEST_S = 120;

type Form = readonly [name: string, objects: () => readonly KubeObject[], routed: boolean];

const FORMS: readonly Form[] = [
  ['by Services', () => byHosts(ANALYSED), true],
  ['by subsets', () => bySubsets(ANALYSED), true],
  ['by replicas', () => [rollout({ steps: [{ setWeight: 25 }, { pause: { duration: '5s' } }, { setWeight: 50 }, { analysis: { templates: [{ templateName: 'rate' }] } }] })], false],
];

async function release(objects: readonly KubeObject[]): Promise<Stage> {
  const stage = await openStage();
  await stage.create(template('rate'), ...objects);
  await stage.untilPhase('Healthy');
  await stage.run(15);
  stage.weights.length = 0;
  await stage.person(setImage('v2'));
  return stage;
}

type End = { readonly weights: readonly number[]; readonly runs: number; readonly sets: readonly string[]; readonly deleted: number; readonly phase: unknown };

async function endOf(stage: Stage): Promise<End> {
  await stage.untilPhase('Healthy', LONGEST_S);
  await stage.run(30);
  const end = {
    weights: [...stage.weights],
    runs: (await stage.list(ANALYSIS_RUN)).length,
    sets: (await stage.list(REPLICA_SET)).map((set) => [set.metadata.name, specOf(set)['replicas'], set.metadata.annotations?.['rollout.argoproj.io/revision']].join(' ')).toSorted((a, b) => a.localeCompare(b)),
    deleted: stage.podsDeleted.length,
    phase: (await stage.status())['phase'],
  };
  await stage.stop();
  return end;
}

for (const [name, objects, routed] of FORMS) {
  describe(name, () => {
    test('an engine that ends at any moment, cleanly or not, changes nothing of the course', async () => {
      const undisturbed = await endOf(await release(objects()));
      assert.deepEqual(undisturbed.weights, routed ? [20, 50, 80, 100, 0] : []);
      assert.equal(undisturbed.deleted, 4);
      for (let atMs = 0; atMs <= 36_000; atMs += 1700) {
        const stage = await release(objects());
        await stage.run(atMs / 1000);
        if (atMs % 3400 === 0) await stage.stopEngine();
        else stage.killEngine();
        await stage.run((atMs % 7) + 0.3);
        stage.startEngine();
        const end = await endOf(stage);
        assert.deepEqual(end, undisturbed, `an engine that ended after ${atMs} ms`);
      }
    });

    test('a new engine every two seconds', async () => {
      const stage = await release(objects());
      for (let turn = 0; turn < 20; turn += 1) {
        await stage.run(2);
        await stage.stopEngine();
        stage.startEngine();
      }
      const end = await endOf(stage);
      assert.deepEqual([end.weights, end.runs, end.deleted, end.phase], [routed ? [20, 50, 80, 100, 0] : [], 1, 4, 'Healthy']);
    });
  });
}

test('an engine that comes to a world at rest changes nothing at all', async () => {
  for (const bring of [
    async (stage: Stage) => stage.untilPhase('Healthy', LONGEST_S),
    async (stage: Stage) => { await stage.untilStep(1); await stage.patch(ROLLOUT, 'cart', { spec: { paused: true } }); },
    async (stage: Stage) => { await stage.untilStep(2); await stage.person('abort cart'); },
  ]) {
    const stage = await release(byHosts(ANALYSED));
    await bring(stage);
    await stage.run(60);
    await stage.stopEngine();
    const before = [...(await stage.list(ROLLOUT)), ...(await stage.list(REPLICA_SET))].map(({ metadata }) => metadata.resourceVersion);
    const [weight, status] = [await stage.weight(), statusOf(await stage.get(ROLLOUT, 'cart'))];
    stage.startEngine();
    await stage.run(120);
    assert.deepEqual([...(await stage.list(ROLLOUT)), ...(await stage.list(REPLICA_SET))].map(({ metadata }) => metadata.resourceVersion), before);
    assert.deepEqual([await stage.weight(), statusOf(await stage.get(ROLLOUT, 'cart'))], [weight, status]);
    await stage.stop();
  }
});

test('what was changed while nobody led is followed: an abort, a new version, a promotion', async () => {
  const stage = await release(byHosts(ANALYSED));
  await stage.untilStep(2);
  await stage.stopEngine();
  await stage.person('abort cart');
  await stage.run(30);
  assert.ok((await stage.weight() ?? 0) > 0);
  stage.startEngine();
  await stage.untilPhase('Degraded', 30);
  assert.equal(await stage.weight(), 0);
  stage.killEngine();
  await stage.person(setImage('v3'));
  await stage.run(5);
  stage.startEngine();
  await stage.untilStep(1, 60);
  assert.equal(await stage.weight(), 20);
  await stage.stopEngine();
  await stage.person('promote cart --full');
  stage.startEngine();
  await stage.untilPhase('Healthy', 60);
  assert.equal((await stage.list(REPLICA_SET)).length, 3);
  await stage.stop();
});
