// The module that the README shows, as it is shown there: it splits traffic, measures, and takes a step.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CONFIG_MAP, ROLLOUT } from '../../src/kinds/resource-type.js';
import { ok } from '../../src/lib/result.js';
import { object, rollout, SERVICES, setImage, template } from '../faults/manifests.js';
import { conditionOf, openStage } from '../faults/stage.js';
import type { Stage } from '../faults/stage.js';
import { list, record } from '../scenarios/reduce.js';
import { aFolder, loadAll, readmeExample } from './modules.js';
import type { Folder } from './modules.js';

let folder: Folder;
before(async () => { folder = await aFolder({ 'config.yaml': await readmeExample('config.yaml'), 'acme-edge.mjs': await readmeExample('acme-edge.mjs') }); });
after(() => folder.remove());

const EDGE = { canaryService: 'cart-canary', stableService: 'cart-stable', trafficRouting: { plugins: { 'acme/edge': { configMap: 'edge' } } } };
const STEPS = [{ setWeight: 30 }, { plugin: { name: 'acme/edge', config: { looks: 3 } } }, { analysis: { templates: [{ templateName: 'number' }] } }, { pause: {} }];
const NUMBER = template('number', { successCondition: 'result > 5' }, { plugin: { 'acme/edge': { url: 'http://numbers.test/now' } } });
const WEIGHTS = object('v1', 'ConfigMap', 'edge', { data: { foreign: 'kept' } });

async function released(number: string): Promise<Stage> {
  const stage = await openStage({ plugins: () => loadAll(folder) });
  stage.metrics = async () => ok({ status: 200, headers: {}, body: number });
  await stage.create(...SERVICES, NUMBER, WEIGHTS, rollout({ ...EDGE, steps: STEPS }));
  await stage.untilPhase('Healthy');
  await stage.run(2);
  await stage.person(setImage('v2'));
  return stage;
}

const weightOf = async (stage: Stage): Promise<unknown> => record((await stage.get(CONFIG_MAP, 'edge'))?.['data'])['canary'];
const recordsOf = async (stage: Stage): Promise<readonly unknown[]> =>
  list(record((await stage.status())['canary'])['stepPluginStatuses']).map(record).map(({ operation, phase, status, message }) => [operation, phase, record(status)['looks'], message]);

test('a release goes through the router, the step and the metric of the module', async () => {
  const stage = await released('7');
  await stage.untilStep(1);
  assert.equal(await weightOf(stage), '30');
  await stage.until('the second look', async () => JSON.stringify(await recordsOf(stage)) === '[["Run","Running",2,null]]');
  await stage.untilStep(3);
  assert.deepEqual(await recordsOf(stage), [['Run', 'Successful', 3, undefined]]);
  assert.ok((await stage.events('StepPluginTransition')).includes('Step plugin acme/edge (step 2) transitioned to Successful'));
  await stage.untilPhase('Paused');
  assert.equal(await weightOf(stage), '30');
  await stage.person('promote cart');
  await stage.untilPhase('Healthy');
  await stage.run(5);
  assert.deepEqual([await weightOf(stage), record((await stage.get(CONFIG_MAP, 'edge'))?.['data'])['foreign']], ['0', 'kept']);
  await stage.stop();
});

test('an abort takes the traffic home and asks the step to take back what it did, once', async () => {
  const stage = await released('7');
  await stage.untilStep(1);
  await stage.run(3);
  await stage.person('abort cart');
  await stage.untilPhase('Degraded');
  await stage.run(40);
  assert.equal(await weightOf(stage), '0');
  assert.deepEqual(await recordsOf(stage), [['Run', 'Running', 2, undefined], ['Abort', 'Successful', undefined, '2 looks for nothing']]);
  assert.deepEqual(await stage.events('StepPluginTransition'), ['Step plugin acme/edge (step 2) transitioned to Running', 'Step plugin acme/edge (step 2) aborted (Successful)']);
  await stage.person('retry rollout cart');
  await stage.untilStep(3);
  assert.deepEqual(await recordsOf(stage), [['Run', 'Successful', 3, undefined]]);
  await stage.stop();
});

test('a bad number aborts, and an object that is missing is told', async () => {
  const stage = await released('3');
  await stage.untilPhase('Degraded');
  assert.match(String((await stage.status())['message']), /Step-based analysis phase error\/failed: Metric "rate" assessed Failed/);
  await stage.remove(CONFIG_MAP, 'edge');
  await stage.until('the missing object', async () => conditionOf(await stage.get(ROLLOUT, 'cart'), 'InvalidSpec')['status'] === 'True');
  assert.match(String(conditionOf(await stage.get(ROLLOUT, 'cart'), 'InvalidSpec')['message']), /trafficRouting\.plugins: Invalid value: "acme\/edge": configmap "edge" not found/);
  await stage.stop();
});
