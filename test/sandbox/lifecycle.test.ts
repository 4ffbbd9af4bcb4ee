// When pods start, become ready, end and leave: hooks, delays by annotation, and the logs of runs that have ended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPodReady } from '../../src/kinds/pod.js';
import { JOB, POD } from '../../src/kinds/resource-type.js';
import { aWorld } from './world.js';
import type { TestWorld } from './world.js';

type PodParts = { readonly annotations?: Record<string, string>; readonly container?: Record<string, unknown>; readonly spec?: Record<string, unknown> };

const aPod = (name: string, { annotations = {}, container = {}, spec = {} }: PodParts = {}): Record<string, unknown> =>
  ({ metadata: { name, annotations }, spec: { containers: [{ name: 'a', image: 'a:1', ...container }], ...spec } });

const sleeping = (seconds: string): unknown => ({ exec: { command: ['sh', '-c', `sleep ${seconds}`] } });

const STARTS: readonly { readonly name: string; readonly parts: PodParts; readonly notAtMs: number; readonly atMs: number }[] = [
  { name: 'plain', parts: {}, notAtMs: 900, atMs: 1100 },
  { name: 'a hook after the start', parts: { container: { lifecycle: { postStart: sleeping('4') } } }, notAtMs: 4900, atMs: 5100 },
  { name: 'a hook that only sleeps', parts: { container: { lifecycle: { postStart: { sleep: { seconds: 2 } } } } }, notAtMs: 2900, atMs: 3100 },
  { name: 'a probe with a delay', parts: { container: { readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 3 } } }, notAtMs: 3900, atMs: 4100 },
  { name: 'an annotation', parts: { annotations: { 'kwok-ready-delay': '7s' }, container: { lifecycle: { postStart: sleeping('20') } } }, notAtMs: 6900, atMs: 7100 },
];

for (const { name, parts, notAtMs, atMs } of STARTS) {
  test(`ready in time: ${name}`, async () => {
    const world = await aWorld();
    await world.create(POD, aPod('p', parts));
    await world.run(notAtMs);
    assert.deepEqual((await world.pods()).map(isPodReady), [false]);
    await world.run(atMs - notAtMs);
    assert.deepEqual((await world.pods()).map(isPodReady), [true]);
    await world.sandbox.stop();
  });
}

const ENDS: readonly { readonly name: string; readonly parts: PodParts; readonly stillAtMs: number; readonly goneAtMs: number }[] = [
  { name: 'plain', parts: {}, stillAtMs: 250, goneAtMs: 400 },
  { name: 'a hook before the end', parts: { container: { lifecycle: { preStop: sleeping('5') } } }, stillAtMs: 4900, goneAtMs: 5200 },
  { name: 'a hook longer than the grace', parts: { container: { lifecycle: { preStop: sleeping('1h') } }, spec: { terminationGracePeriodSeconds: 8 } }, stillAtMs: 7900, goneAtMs: 8200 },
  { name: 'an annotation', parts: { annotations: { 'kwok-delete-delay': '3s' } }, stillAtMs: 2900, goneAtMs: 3200 },
];

for (const { name, parts, stillAtMs, goneAtMs } of ENDS) {
  test(`gone in time: ${name}`, async () => {
    const world = await aWorld();
    await world.create(POD, aPod('p', parts));
    await world.run(2000);
    await world.cluster.delete({ type: POD, namespace: 'default', name: 'p' });
    await world.run(stillAtMs);
    assert.equal((await world.pods()).length, 1);
    await world.run(goneAtMs - stillAtMs);
    assert.deepEqual(await world.pods(), []);
    await world.sandbox.stop();
  });
}

test('a pod that never started does not wait for its hook', async () => {
  const world = await aWorld();
  await world.create(POD, aPod('p', { container: { image: 'a:bad', lifecycle: { preStop: sleeping('20') } } }));
  await world.run(3000);
  await world.cluster.delete({ type: POD, namespace: 'default', name: 'p' });
  await world.run(500);
  assert.deepEqual(await world.pods(), []);
  await world.sandbox.stop();
});

async function logOf(world: TestWorld, name: string, previous: boolean): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of world.sandbox.readLogs({ type: POD, namespace: 'default', name }, { previous }, new AbortController().signal)) lines.push(line.slice(line.indexOf('Z ') + 2));
  return lines;
}

test('each run of a crashing container has a log of its own, and the last one is kept', async () => {
  const world = await aWorld();
  await world.create(POD, aPod('p', { container: { command: ['/bad-command'] } }));
  await world.run(1500);
  assert.deepEqual([await logOf(world, 'p', false), await logOf(world, 'p', true)], [['starting a (a:1)'], []]);
  await world.run(1000);
  const crashed = ['starting a (a:1)', 'fatal: can not go on, exiting with code 1'];
  assert.deepEqual([await logOf(world, 'p', false), await logOf(world, 'p', true)], [crashed, crashed], 'while it waits for the next start');
  await world.run(9700);
  assert.equal((await world.pods())[0]?.status?.containerStatuses?.[0]?.state?.waiting, undefined);
  assert.deepEqual([await logOf(world, 'p', false), await logOf(world, 'p', true)], [['starting a (a:1)'], crashed]);
  await world.sandbox.stop();
});

test('who follows a log is let go when the container ends', async () => {
  const world = await aWorld();
  await world.create(POD, aPod('p', { container: { command: ['/bad-command'] } }));
  await world.run(1500);
  const lines: string[] = [];
  const following = (async (): Promise<void> => {
    for await (const line of world.sandbox.readLogs({ type: POD, namespace: 'default', name: 'p' }, { follow: true }, new AbortController().signal)) lines.push(line);
  })();
  await world.run(3000);
  await following;
  assert.equal(lines.length, 2);
  await world.sandbox.stop();
});

const COMMANDS: readonly { readonly command: readonly string[] | undefined; readonly phase: string; readonly atMs: number; readonly code?: number }[] = [
  { command: undefined, phase: 'Succeeded', atMs: 1500 },
  { command: ['python', 'check.py'], phase: 'Succeeded', atMs: 1500 },
  { command: ['sh', '-c', 'curl -f http://x && sleep 2 && exit 7'], phase: 'Running', atMs: 2500 },
  { command: ['sh', '-c', 'curl -f http://x && sleep 2 && exit 7'], phase: 'Failed', atMs: 3500, code: 7 },
  { command: ['sleep', 'infinity'], phase: 'Running', atMs: 60_000 },
  { command: ['/bad-command'], phase: 'Failed', atMs: 3000, code: 1 },
];

for (const { command, phase, atMs, code } of COMMANDS) {
  test(`a job's pod: ${command?.join(' ') ?? 'no command'} is ${phase} after ${atMs} ms`, async () => {
    const world = await aWorld();
    await world.create(JOB, { metadata: { name: 'j' }, spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a:1', ...(command === undefined ? {} : { command }) }] } } } });
    await world.run(atMs);
    const [pod] = await world.pods();
    assert.deepEqual([pod?.status?.phase, pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode], [phase, code ?? (phase === 'Succeeded' ? 0 : undefined)]);
    await world.sandbox.stop();
  });
}
