// What other engines are known to do wrong, each once, by the name under which people know it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POD, REPLICA_SET, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { record } from '../scenarios/reduce.js';
import { byHosts, bySubsets, image, setImage } from './manifests.js';
import { openStage, specOf, statusOf } from './stage.js';
import type { Stage } from './stage.js';

const HASH = 'rollouts-pod-template-hash';
const TRAFFIC_STEPS = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }, { setWeight: 75 }, { pause: {} }];

async function released(canary: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}, make = byHosts): Promise<Stage> {
  const stage = await openStage();
  await stage.create(...make(canary, spec));
  await stage.untilPhase('Healthy');
  await stage.run(5);
  stage.weights.length = 0;
  await stage.person(setImage('v2'));
  return stage;
}

const available = async (stage: Stage, hash: unknown): Promise<number> => Number(statusOf((await stage.list(REPLICA_SET)).find(({ metadata }) => metadata.labels?.[HASH] === hash))['availableReplicas'] ?? 0);

const sick = { spec: { template: { metadata: { annotations: { 'sandbox.sluice.dev/crash': 'loop' } }, spec: { containers: [{ name: 'main', image: image('v3') }] } } } };

/** Of the engine as it is; see the reasons in decide/rollout (sync.ts, weight.ts). Each goes when its cause does. */

test('two promotes in a row, the second from an old look, skip no second gate: the status patch carries the step', async () => {
  const stage = await released({ steps: TRAFFIC_STEPS });
  await stage.untilPhase('Paused');
  const seen = await stage.get(ROLLOUT, 'cart');
  await stage.person('promote cart');
  await stage.untilStep(3);
  // What the console sends: a merge patch that holds only for the version that was looked at.
  const second = await stage.cluster.patch({ type: ROLLOUT, namespace: 'shop', name: 'cart' }, 'merge', { metadata: { resourceVersion: seen?.metadata.resourceVersion }, status: { pauseConditions: null } }, { subresource: 'status' });
  assert.deepEqual([second.ok, second.ok ? 0 : second.error.code], [false, 409]);
  await stage.run(5);
  assert.equal((await stage.status())['currentStepIndex'], 3);
  await stage.stop();
});

const TWO_GATES = [{ setWeight: 25 }, { pause: {} }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

test('two promotes at one gate, the second before the first was looked at, open one gate', async () => {
  const stage = await released({ steps: TWO_GATES });
  await stage.untilPhase('Paused');
  await stage.run(2);
  await stage.person('promote cart');
  // The plugin finds no pause any more and puts the rollout at the next step: that is the next gate, which nobody has seen.
  await stage.person('promote cart');
  await stage.run(10);
  const { currentStepIndex, phase, message } = await stage.status();
  assert.deepEqual([currentStepIndex, phase, message], [2, 'Paused', 'CanaryPauseStep']);
  await stage.stop();
});

test('two promotes while the writes of a new engine are refused open one gate', async () => {
  const stage = await released({ steps: TWO_GATES });
  await stage.untilPhase('Paused');
  await stage.run(2);
  await stage.stopEngine();
  await stage.person('promote cart');
  let refused = 0;
  // Its first pass has seen the first promotion alone; what it says of the second is refused in the middle.
  stage.faults = ({ verb, type, subresource }) => {
    if (verb !== 'patch' || type.kind !== 'Rollout' || subresource !== 'status' || refused >= 3) return undefined;
    refused += 1;
    if (refused === 1) void stage.person('promote cart');
    return refused === 2 ? undefined : { code: 500, reason: 'InternalError', message: 'not now' };
  };
  stage.startEngine();
  await stage.run(20);
  const { currentStepIndex, phase, message } = await stage.status();
  assert.deepEqual([refused, currentStepIndex, phase, message], [3, 2, 'Paused', 'CanaryPauseStep']);
  await stage.stop();
});

test('a step that is skipped by hand takes its pause with it: the next gate has its own time', async () => {
  const stage = await released({ steps: [{ setWeight: 25 }, { pause: {} }, { pause: { duration: '30s' } }, { setWeight: 50 }, { pause: {} }] });
  await stage.untilPhase('Paused');
  await stage.run(60);
  await stage.person('promote cart --skip-current-step');
  await stage.run(20);
  assert.equal((await stage.status())['currentStepIndex'], 2);
  await stage.untilStep(4, 30);
  await stage.stop();
});

test('an abort after a full promotion is followed although the canary is not well (#4461)', async () => {
  const stage = await released({ steps: TRAFFIC_STEPS });
  await stage.untilPhase('Paused');
  await stage.patch(ROLLOUT, 'cart', sick);
  await stage.run(10);
  await stage.person('promote cart --full');
  await stage.run(20);
  await stage.person('abort cart');
  await stage.untilPhase('Degraded', 30);
  assert.equal((await stage.status())['abort'], true);
  await stage.run(60);
  assert.equal(await stage.weight(), 0);
  assert.equal(await available(stage, (await stage.status())['stableRS']), 4);
  await stage.stop();
});

test('an abort brings the weight to 0 with dynamicStableScale and minPodsPerReplicaSet (#4841)', async () => {
  for (const at of [1, 3, 5]) {
    const stage = await released({ steps: TRAFFIC_STEPS, dynamicStableScale: true, minPodsPerReplicaSet: 2 });
    for (let step = 1; step < at; step += 2) {
      await stage.untilStep(step);
      await stage.untilPhase('Paused');
      await stage.person('promote cart');
    }
    await stage.untilStep(at);
    await stage.run(5);
    await stage.person('abort cart');
    await stage.run(120);
    assert.equal(await stage.weight(), 0, `aborted at step ${at}`);
    await stage.stop();
  }
});

test('with dynamicStableScale no version ever gets a share that its pods can not carry', async () => {
  const stage = await released({ steps: TRAFFIC_STEPS, dynamicStableScale: true }, { replicas: 8 });
  const bad: string[] = [];
  const look = async (): Promise<void> => {
    const weight = await stage.weight() ?? 0;
    const { stableRS, currentPodHash } = await stage.status();
    const [stable, canary] = [await available(stage, stableRS), await available(stage, currentPodHash)];
    if (stableRS !== currentPodHash && (stable < Math.floor(((100 - weight) * 8) / 100) || (weight > 0 && canary === 0))) bad.push(`weight ${weight}: stable ${stable}, canary ${canary}`);
  };
  const watch = async (seconds: number): Promise<void> => { for (let turn = 0; turn < seconds * 5; turn += 1) { await stage.run(0.2); await look(); } };
  await watch(15);
  await stage.person('promote cart');
  await watch(15);
  await stage.person('abort cart');
  await watch(40);
  await stage.person('retry rollout cart');
  await watch(15);
  assert.deepEqual(bad, []);
  await stage.stop();
});

test('a rollback within rollbackWindow sends nothing to pods that are still starting (#3941)', async () => {
  const stage = await released({ steps: TRAFFIC_STEPS }, { rollbackWindow: { revisions: 2 } });
  await stage.untilPhase('Paused');
  await stage.person('promote cart --full');
  await stage.untilPhase('Healthy', 120);
  await stage.run(60);
  stage.weights.length = 0;
  await stage.person(setImage('v1'));
  for (let turn = 0; turn < 300; turn += 1) {
    await stage.run(0.1);
    const { currentPodHash, stableRS } = await stage.status();
    const target = record(specOf(await stage.get(SERVICE, 'cart-canary'))['selector'])[HASH];
    if (((await stage.weight()) ?? 0) > 0 && currentPodHash !== stableRS) assert.ok((await available(stage, target)) > 0, `turn ${turn}`);
    if (((await stage.weight()) ?? 0) === 100) assert.equal(await available(stage, target), 4);
  }
  await stage.untilPhase('Healthy', 60);
  await stage.stop();
});

test('setCanaryScale in mid-release does not swing traffic back (#4642)', async () => {
  const steps = [{ setWeight: 25 }, { setCanaryScale: { replicas: 3 } }, { setWeight: 50 }, { pause: { duration: '3s' } }, { setCanaryScale: { matchTrafficWeight: true } }, { setWeight: 75 }, { pause: { duration: '3s' } }];
  for (const make of [byHosts, bySubsets]) {
    const stage = await released({ steps }, {}, make);
    await stage.untilPhase('Healthy', 120);
    await stage.run(10);
    assert.deepEqual(stage.weights, [25, 50, 75, 100, 0]);
    await stage.stop();
  }
});

test('an aborted rollout keeps the new template, and a retry goes forward again from its first step', async () => {
  const stage = await released({ steps: TRAFFIC_STEPS });
  await stage.untilStep(1);
  await stage.untilPhase('Paused');
  await stage.person('promote cart');
  await stage.untilStep(3);
  await stage.person('abort cart');
  await stage.run(60);
  assert.match(JSON.stringify(specOf(await stage.get(ROLLOUT, 'cart'))['template']), /cart:v2/);
  stage.weights.length = 0;
  await stage.person('retry rollout cart');
  await stage.untilStep(1, 60);
  assert.deepEqual(stage.weights, [25]);
  await stage.stop();
});

test('a canary that crashes again and again ends at its deadline although its count of ready pods wobbles (#3765)', async () => {
  const stage = await released({ steps: TRAFFIC_STEPS }, { progressDeadlineSeconds: 60, progressDeadlineAbort: true });
  await stage.untilPhase('Paused');
  await stage.patch(ROLLOUT, 'cart', sick);
  await stage.until('an abort', async () => (await stage.status())['abort'] === true, 900);
  await stage.run(60);
  assert.equal(await stage.weight(), 0);
  await stage.stop();
});

test('a canary pod that is lost at a gate costs neither the gate nor its weight (#4486)', async () => {
  const stage = await released({ steps: [{ setWeight: 25 }, { pause: {} }] });
  await stage.untilPhase('Paused');
  for (let turn = 0; turn < 3; turn += 1) {
    const { currentPodHash } = await stage.status();
    for (const pod of await stage.list(POD)) if (pod.metadata.labels?.[HASH] === currentPodHash) await stage.remove(POD, pod.metadata.name);
    await stage.run(30);
    assert.deepEqual([await stage.weight(), (await stage.status())['currentStepIndex'], (await stage.status())['phase']], [25, 1, 'Paused']);
  }
  await stage.stop();
});

test('weights are never below 0 or above 100, whatever the route held (#3589)', async () => {
  const stage = await released({ steps: TRAFFIC_STEPS });
  await stage.untilPhase('Paused');
  const route = (canary: number, stable: number): unknown => [{ name: 'primary', route: [{ destination: { host: 'cart-stable' }, weight: stable }, { destination: { host: 'cart-canary' }, weight: canary }, { destination: { host: 'other' }, weight: 30 }] }];
  for (const [canary, stable] of [[125, 0], [0, 0], [100, 100]] as const) {
    await stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http: route(canary, stable) } }).catch(() => undefined);
    await stage.run(5);
    assert.equal(await stage.weight(), 25);
  }
  await stage.stop();
});
