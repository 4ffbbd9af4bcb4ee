// An API server that drops, refuses, forgets to answer or loses its answers, for each kind of request that an engine makes: nothing is
// lost, nothing is made twice, and no weight is set that the steps do not promise.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault, FaultRequest } from '../../src/apiserver/in-process.js';
import { ANALYSIS_RUN, EVENT, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { byHosts, setImage, template } from './manifests.js';
import { screenSentence } from './screen-sentence.js';
import { NAMESPACE, openStage, specOf } from './stage.js';
import type { FaultHook, Stage } from './stage.js';

const STEPS = [{ setWeight: 20 }, { pause: { duration: '3s' } }, { setWeight: 50 }, { analysis: { templates: [{ templateName: 'rate' }] } }, { setWeight: 80 }];

async function start(objects = byHosts({ steps: STEPS, scaleDownDelaySeconds: 5 })): Promise<Stage> {
  const stage = await openStage();
  await stage.create(template('rate'), ...objects);
  await stage.untilPhase('Healthy');
  await stage.run(15);
  stage.weights.length = 0;
  return stage;
}

async function endsWell(stage: Stage, weights: readonly number[] = [20, 50, 80, 100, 0], seconds = 600): Promise<void> {
  await stage.untilPhase('Healthy', seconds);
  stage.faults = () => undefined;
  await stage.run(120);
  assert.deepEqual(stage.weights, weights);
  const sets = await stage.list(REPLICA_SET);
  assert.deepEqual(sets.map((set) => Number(specOf(set)['replicas'])).toSorted((a, b) => a - b), [0, 4]);
  assert.equal((await stage.list(ANALYSIS_RUN)).length, 1);
  assert.equal(stage.podsDeleted.length, 4);
  assert.equal(stage.log.filter((line) => line.includes('fault in the program')).length, 0, stage.log.join('\n'));
  await stage.stop();
}

const error = (code: number, reason: string, more: object = {}): Fault => ({ code, reason, message: `${reason}, as the test wants`, ...more });
const isWrite = ({ verb }: FaultRequest): boolean => ['create', 'update', 'patch', 'delete'].includes(verb);

/** The first times that a request of that form comes. */
function often(times: number, wanted: (request: FaultRequest) => boolean, fault: Fault): FaultHook {
  const seen = new Map<string, number>();
  return (request) => {
    if (!wanted(request)) return undefined;
    const key = `${request.verb} ${request.type.kind} ${request.subresource ?? ''}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count <= times ? fault : undefined;
  };
}

const WRITE_FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['409 Conflict', error(409, 'Conflict')],
  ['429 with Retry-After', error(429, 'TooManyRequests', { retryAfterMs: 4000 })],
  ['500', error(500, 'InternalError')],
  ['503', error(503, 'ServiceUnavailable')],
  ['504 timeout', error(504, 'Timeout')],
  ['the line cut before', 'drop'],
  ['the answer lost after', 'drop-answer'],
];

describe('each kind of write, three times in a row', () => {
  for (const [name, fault] of WRITE_FAULTS) {
    test(name, async () => {
      const stage = await start();
      stage.faults = often(3, (request) => isWrite(request) && request.type.kind !== 'Lease', fault);
      await stage.person(setImage('v2'));
      await endsWell(stage);
    });
  }
});

describe('every other write', () => {
  for (const [name, fault] of WRITE_FAULTS) {
    test(name, async () => {
      const stage = await start();
      let turn = 0;
      stage.faults = (request) => {
        // Events would take turns with what they tell of, and the same write would meet the fault for ever.
        if (!isWrite(request) || ['Lease', 'Event'].includes(request.type.kind)) return undefined;
        turn += 1;
        return turn % 2 === 0 ? fault : undefined;
      };
      await stage.person(setImage('v2'));
      await endsWell(stage);
    });
  }
});

describe('watches', () => {
  test('all dropped every half second', async () => {
    const stage = await start();
    let next = stage.clock.now();
    stage.faults = ({ verb }) => {
      if (verb !== 'watch-event' || stage.clock.now() < next) return undefined;
      next = stage.clock.now() + 500;
      return 'drop';
    };
    await stage.person(setImage('v2'));
    await endsWell(stage);
  });

  test('every event is a 410', async () => {
    const stage = await start();
    let turn = 0;
    stage.faults = ({ verb }) => {
      if (verb !== 'watch-event') return undefined;
      turn += 1;
      return turn % 4 === 0 ? error(410, 'Expired') : undefined;
    };
    await stage.person(setImage('v2'));
    await endsWell(stage);
  });

  for (const kind of ['Rollout', 'ReplicaSet', 'AnalysisRun', 'VirtualService', 'Service', 'Pod']) {
    test(`those of ${kind} can neither be listed nor watched for a minute`, async () => {
      const stage = await start();
      const since = stage.clock.now();
      stage.faults = ({ verb, type }) => (type.kind === kind && ['list', 'watch', 'watch-event'].includes(verb) && stage.clock.now() - since < 60_000 ? (verb === 'list' ? error(500, 'InternalError') : 'drop') : undefined);
      await stage.person(setImage('v2'));
      await endsWell(stage);
    });
  }

  test('an engine that starts while routes can not be listed says nothing wrong of them', async () => {
    const stage = await start();
    await stage.stopEngine();
    const since = stage.clock.now();
    stage.faults = ({ verb, type }) => (['VirtualService', 'AnalysisTemplate'].includes(type.kind) && verb === 'list' && stage.clock.now() - since < 30_000 ? error(503, 'ServiceUnavailable') : undefined);
    const version = (await stage.get(ROLLOUT, 'cart'))?.metadata.resourceVersion;
    stage.startEngine();
    await stage.run(29);
    assert.equal((await stage.get(ROLLOUT, 'cart'))?.metadata.resourceVersion, version);
    await stage.person(setImage('v2'));
    await endsWell(stage);
  });
});

describe('outages', () => {
  for (const seconds of [8, 45, 300]) {
    test(`no answer at all for ${seconds} s, from each step of the release`, async () => {
      for (let at = 0; at < 24; at += seconds === 8 ? 2 : 5) {
        const stage = await start();
        await stage.person(setImage('v2'));
        await stage.run(at);
        const since = stage.clock.now();
        stage.faults = () => (stage.clock.now() - since < seconds * 1000 ? 'drop' : undefined);
        await endsWell(stage);
      }
    });
  }

  test('the person acts during an outage: it is followed afterwards', async () => {
    const stage = await start(byHosts());
    await stage.person(setImage('v2'));
    await stage.untilPhase('Paused');
    const since = stage.clock.now();
    stage.faults = () => (stage.clock.now() - since < 60_000 ? error(500, 'InternalError') : undefined);
    await stage.run(20);
    await stage.person('abort cart');
    await stage.until('traffic home', async () => (await stage.weight()) === 0, 180);
    assert.equal((await stage.status())['phase'], 'Degraded');
    await stage.stop();
  });
});

describe('what is refused for ever', () => {
  test('the route may not be written: said, tried again with growing pauses, and the release does not go on', async () => {
    const stage = await start(byHosts());
    let tries = 0;
    stage.faults = ({ verb, type }) => {
      if (type.kind !== 'VirtualService' || !['update', 'patch'].includes(verb)) return undefined;
      tries += 1;
      return error(403, 'Forbidden');
    };
    await stage.person(setImage('v2'));
    await stage.run(300);
    assert.deepEqual(stage.weights, []);
    assert.equal((await stage.status())['currentStepIndex'], 0);
    assert.ok(tries >= 10 && tries <= 120, `${tries} tries in five minutes`);
    assert.ok(stage.log.some((line) => /Forbidden, as the test wants/.test(line)), stage.log.join('\n'));
    stage.faults = () => undefined;
    await stage.untilPhase('Paused', 60);
    await stage.stop();
  });

  test('the ReplicaSet may not be created (a quota): said in the condition and on the rollout', async () => {
    const stage = await start(byHosts());
    stage.faults = ({ verb, type }) => (type.kind === 'ReplicaSet' && verb === 'create' ? error(403, 'Forbidden') : undefined);
    await stage.person(setImage('v2'));
    await stage.run(60);
    assert.deepEqual(stage.weights, []);
    assert.equal((await stage.list(REPLICA_SET)).length, 1);
    const { conditions } = await stage.status();
    assert.match(JSON.stringify(conditions), /"reason":"ReplicaSetCreateError","message":"Failed to create new replica set \\"cart-\w+\\": .*Forbidden, as the test wants/);
    assert.match(await screenSentence(stage), /^Failed to create new replica set "cart-\w+": .*Forbidden, as the test wants/);
    stage.faults = () => undefined;
    await stage.untilPhase('Paused', 60);
    await stage.stop();
  });

  test('events may not be written: nothing waits for them', async () => {
    const stage = await start();
    stage.faults = ({ type }) => (type.kind === 'Event' ? error(403, 'Forbidden') : undefined);
    await stage.person(setImage('v2'));
    await endsWell(stage);
  });
});

test('a storm of refusals makes no storm of requests', async () => {
  const stage = await start();
  let asked = 0;
  stage.faults = () => {
    asked += 1;
    return error(429, 'TooManyRequests', { retryAfterMs: 5000 });
  };
  await stage.person(setImage('v2'));
  await stage.run(300);
  assert.ok(asked < 2500, `${asked} requests in five minutes`);
  stage.faults = () => undefined;
  await endsWell(stage);
  assert.equal(stage.store.execute({ verb: 'list', type: EVENT, namespace: NAMESPACE, options: {} }, stage.clock.now()).ok, true);
});
