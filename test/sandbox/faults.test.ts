// The sandbox against a server that loses requests, answers and watches: in the end everything is as asked for, and nothing is there twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, FaultRequest } from '../../src/apiserver/in-process.js';
import { isPodReady } from '../../src/kinds/pod.js';
import { deploymentOf, replicaSetOf } from '../../src/kinds/replica-set.js';
import { DEPLOYMENT, REPLICA_SET } from '../../src/kinds/resource-type.js';
import { createRng } from '../../src/lib/rng.js';
import { aWorld, template } from './world.js';

/** One request in eight goes wrong, in a way that a network or a busy server knows; watches end now and then. */
function troubles(seed: number): (request: FaultRequest) => Fault {
  const rng = createRng(seed);
  const ways: readonly Fault[] = ['drop', 'drop-answer', { code: 409, reason: 'Conflict', message: 'conflict by chance' }, { code: 500, reason: 'InternalError', message: 'error by chance' }, { code: 429, reason: 'TooManyRequests', message: 'later' }];
  return (request) => {
    if (request.verb === 'watch-event') return rng.next() < 0.02 ? 'drop' : undefined;
    return rng.next() < 0.125 ? ways[rng.int(ways.length)] : undefined;
  };
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`a release comes to its end in trouble, seed ${seed}`, async () => {
    const world = await aWorld({ faults: troubles(seed) });
    await world.run(60_000);
    assert.equal(await Promise.race([world.sandbox.ready(), Promise.resolve('not ready')]), true);
    await world.create(DEPLOYMENT, { metadata: { name: 'web' }, spec: { replicas: 5, selector: { matchLabels: { app: 'web' } }, template: template('web', 'web:v1') } });
    await world.run(20_000);
    await world.merge(DEPLOYMENT, 'web', { spec: { template: template('web', 'web:v2') } });
    await world.run(300_000);
    const pods = await world.pods();
    assert.deepEqual(pods.map((pod) => [pod.spec.containers[0]?.image, isPodReady(pod), pod.metadata.deletionTimestamp]), Array.from({ length: 5 }, () => ['web:v2', true, undefined]));
    const sets = (await world.list(REPLICA_SET)).map(replicaSetOf);
    assert.deepEqual(sets.map((set) => [set.spec.replicas, set.status?.replicas, set.status?.availableReplicas ?? 0].join('/')).toSorted(), ['0/0/0', '5/5/5']);
    const [deployment] = (await world.list(DEPLOYMENT)).map(deploymentOf);
    assert.deepEqual([deployment?.status?.updatedReplicas, deployment?.status?.availableReplicas, deployment?.status?.replicas], [5, 5, 5]);
    await world.sandbox.stop();
  });
}
