// Engines that share a cluster by instance ids: an engine touches nothing of another's, and what it makes is its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, EXPERIMENT, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { record } from '../scenarios/reduce.js';
import { conditionOf, openStage, specOf, statusOf } from './stage.js';
import type { Stage } from './stage.js';
import { object, rollout, setImage, template } from './manifests.js';

const LABEL = 'argo-rollouts.argoproj.io/controller-instance-id';
const of = (instance: string, made: KubeObject): KubeObject => (instance === '' ? made : { ...made, metadata: { ...made.metadata, labels: { [LABEL]: instance } } });
const instanceIn = (made: KubeObject): string => made.metadata.labels?.[LABEL] ?? '';

const trial = { templates: [{ name: 'a', specRef: 'canary', replicas: 1 }], duration: '5s', analyses: [{ name: 'look', templateName: 'rate' }] };
const canary = { steps: [{ setWeight: 25 }, { analysis: { templates: [{ templateName: 'rate' }] } }, { experiment: trial }] };

const run: KubeObject = object('argoproj.io/v1alpha1', 'AnalysisRun', 'alone', { spec: specOf(template('rate')) });
const lab: KubeObject = object('argoproj.io/v1alpha1', 'Experiment', 'lab', {
  spec: { duration: '5s', templates: [{ name: 'a', replicas: 1, selector: { matchLabels: { lab: 'a' } }, template: { ...record(specOf(rollout({}))['template']), metadata: { labels: { lab: 'a' } } } }] },
});

async function stageOf(own: string, of_: string): Promise<Stage> {
  const stage = await openStage(own === '' ? {} : { instanceId: own });
  await stage.create(...[template('rate'), rollout(canary), run, lab].map((each) => of(of_, each)));
  return stage;
}

for (const own of ['', 'blue']) {
  test(`an engine ${own === '' ? 'without an instance id' : 'of an instance'} drives its own to their end, and what it makes carries the id`, async () => {
    const stage = await stageOf(own, own);
    await stage.untilPhase('Healthy');
    await stage.person(setImage('v2'));
    await stage.untilPhase('Healthy', 200);
    const made = [...(await stage.list(ANALYSIS_RUN)), ...(await stage.list(EXPERIMENT))];
    assert.ok(made.length >= 5, `${made.length} runs and experiments`);
    for (const each of made) assert.deepEqual([each.metadata.name, instanceIn(each), statusOf(each)['phase']], [each.metadata.name, own, 'Successful']);
    await stage.stop();
  });

  test(`an engine ${own === '' ? 'without an instance id' : 'of an instance'} touches nothing of another's`, async () => {
    const stage = await stageOf(own, 'green');
    await stage.run(120);
    for (const [type, name] of [[ROLLOUT, 'cart'], [ANALYSIS_RUN, 'alone'], [EXPERIMENT, 'lab']] as const) assert.equal((await stage.get(type, name))?.['status'], undefined, name);
    assert.deepEqual(await stage.list(REPLICA_SET), []);
    await stage.stop();
  });
}

test("a rollout may not refer to another instance's template", async () => {
  const stage = await openStage({ instanceId: 'blue' });
  await stage.create(template('rate'), of('blue', rollout(canary)));
  await stage.run(30);
  assert.match(String(conditionOf(await stage.get(ROLLOUT, 'cart'), 'InvalidSpec')['message']), /AnalysisTemplate 'rate' not found/);
  await stage.stop();
});
