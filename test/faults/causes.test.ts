// Why a release does not go on: each cause is brought about in the pretend world, and must be named from the objects alone.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Explanation } from '../../src/console/explain/explanation.js';
import { POD, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { err, ok } from '../../src/lib/result.js';
import { byHosts, hostRoute, image, object, setImage, template } from './manifests.js';
import { screenExplanation } from './screen-sentence.js';
import { openStage, type Stage } from './stage.js';

type Fields = Readonly<Record<string, unknown>>;

/** A new version whose pods do what the annotation says. */
const badVersion = (key: string, value: string, spec: Fields = {}) => async (stage: Stage): Promise<void> => {
  const pod = { metadata: { annotations: { [`sandbox.sluice.dev/${key}`]: value } }, spec: { containers: [{ name: 'main', image: image('v2') }], ...spec } };
  await stage.patch(ROLLOUT, 'cart', { spec: { template: pod } });
};

const newImage = (tag: string) => (stage: Stage): Promise<void> => stage.person(setImage(tag));
const toTheGate = async (stage: Stage): Promise<void> => {
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  await stage.run(3);
};

const answers = (value: number) => (stage: Stage): void => {
  stage.metrics = async () => ok({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value }) });
};
const silent = (stage: Stage): void => {
  stage.metrics = async () => err({ type: 'refused', message: 'connection refused' });
};

const ANALYSED: Fields = { steps: [{ setWeight: 20 }, { analysis: { templates: [{ templateName: 'rate' }] } }, { pause: {} }] };
const analysed = (metric: Fields = {}): readonly ReturnType<typeof object>[] => [template('rate', metric), ...byHosts(ANALYSED)];

/** Measured once, by a source that needs no condition. */
const BY_ITSELF: Fields = { interval: undefined, count: undefined, successCondition: undefined };

type Case = {
  readonly cause: string;
  readonly objects?: readonly ReturnType<typeof object>[];
  before?(stage: Stage): void;
  happens(stage: Stage): Promise<void>;
  readonly says: RegExp;
  readonly evidence: RegExp;
  readonly next: RegExp;
};

const CASES: readonly Case[] = [
  { cause: 'image-pull', happens: newImage('does-not-exist'), says: /^\d of \d canary pods can not pull image shop\.test\/cart:does-not-exist/, evidence: /event Failed: .*ImagePull|event Failed: .*not found/, next: /Correct the image.*abort/ },
  { cause: 'crash-loop', happens: badVersion('crash', 'loop'), says: /keeps crashing \(CrashLoopBackOff, exit code 1, \d+ restarts\)$/, evidence: /main last ended: Error, exit code 1/, next: /Read the log/ },
  { cause: 'init-container', happens: badVersion('init', 'crash', { initContainers: [{ name: 'migrate', image: image('v2') }] }), says: /init container migrate, exit code 1 \(Init:CrashLoopBackOff\)/, evidence: /migrate last ended/, next: /log of the init container/ },
  { cause: 'container-config', happens: badVersion('config', 'missing'), says: /can not be configured: configmap "settings" not found/, evidence: /CreateContainerConfigError/, next: /Make the ConfigMap/ },
  { cause: 'volume-mount', happens: badVersion('mount', 'never', { volumes: [{ name: 'certs', configMap: { name: 'certs' } }] }), says: /can not mount a volume: .*volume "certs"/, evidence: /event FailedMount/, next: /Make the volume/ },
  { cause: 'readiness', happens: badVersion('ready', 'never'), says: /runs but is not ready: Readiness probe failed/, evidence: /event Unhealthy/, next: /readiness probe fails/ },
  { cause: 'unschedulable', happens: badVersion('schedule', 'never'), says: /finds no node: 0\/3 nodes are available/, evidence: /Pending/, next: /Make room/ },
  { cause: 'quota', objects: [object('v1', 'ResourceQuota', 'small', { spec: { hard: { pods: '4' } } }), ...byHosts()], happens: newImage('v2'), says: /can not be created: .*exceeded quota: small/, evidence: /small/, next: /Raise the quota/ },
  { cause: 'aborted-deadline', objects: byHosts({}, { progressDeadlineSeconds: 20, progressDeadlineAbort: true }), happens: badVersion('ready', 'never'), says: /aborted .* ago: .*timed out progressing/, evidence: /Progressing/, next: /Leave it aborted/ },
  { cause: 'deadline', objects: byHosts({}, { progressDeadlineSeconds: 20 }), happens: badVersion('pull', 'never'), says: /no progress within the deadline: .*can not pull image/, evidence: /ProgressDeadlineExceeded/, next: /becoming available/ },
  { cause: 'gate', happens: toTheGate, says: /^waits for a person since/, evidence: /step 2 of 4.*pause for a person/, next: /promote goes on, abort goes back/ },
  { cause: 'timed-pause', objects: byHosts({ steps: [{ setWeight: 20 }, { pause: { duration: '10m' } }] }), happens: toTheGate, says: /^pause 10m, ends in/, evidence: /steps: promise 20 %/, next: /goes on by itself/ },
  { cause: 'held', happens: async (stage) => { await stage.person(setImage('v2')); await stage.person('pause cart'); }, says: /^paused by hand/, evidence: /condition Paused/, next: /Ask whoever paused it/ },
  { cause: 'aborted', happens: async (stage) => { await toTheGate(stage); await stage.person('abort cart'); }, says: /^aborted.*: by hand/, evidence: /RolloutAborted/, next: /Ask who aborted it/ },
  { cause: 'invalid-spec', happens: (stage) => stage.patch(ROLLOUT, 'cart', { spec: { minReadySeconds: 700 } }), says: /the spec is invalid: .*must be greater than minReadySeconds/, evidence: /InvalidSpec/, next: /Correct the field/ },
  { cause: 'service-missing', happens: async (stage) => { await toTheGate(stage); await stage.remove(SERVICE, 'cart-canary'); }, says: /service "cart-canary" not found/, evidence: /Service cart-canary: is not there/, next: /Make the Service again/ },
  { cause: 'analysis-failed', objects: analysed(), before: answers(0.2), happens: newImage('v2'), says: /aborted .* ago: rate 0\.2 < 0\.95; 1 failed, limit 0/, evidence: /metric rate: Failed, wants >= 0\.95; last: 0\.2/, next: /release a corrected version/ },
  { cause: 'analysis-error', objects: analysed({ consecutiveErrorLimit: 1 }), before: silent, happens: newImage('v2'), says: /rate could not be measured/, evidence: /connection refused/, next: /metric source back first/ },
  { cause: 'analysis-failing', objects: analysed({ count: 200, failureLimit: 100, interval: '5s' }), before: answers(0.2), happens: newImage('v2'), says: /^analysis is failing: rate 0\.2 < 0\.95; \d+ failed, limit 100; 0 passed/, evidence: /metric rate: Running, wants >= 0\.95; last: 0\.2/, next: /Watch the analysis, or abort/ },
  { cause: 'metric-source-down', objects: analysed({ consecutiveErrorLimit: 100, interval: '5s' }), before: silent, happens: newImage('v2'), says: /^rate can not be measured, \d+ errors?, limit 100/, evidence: /connection refused/, next: /metric source back/ },
  { cause: 'analysis-failed', objects: [template('rate', BY_ITSELF, { job: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [{ name: 't', image: 'busybox', command: ['sh', '-c', 'exit 1'] }] } } } } }), ...byHosts(ANALYSED)], happens: newImage('v2'), says: /aborted .* ago: rate; 1 failed, limit 0/, evidence: /metric rate: Failed; last: Failed/, next: /release a corrected version/ },
  { cause: 'metric-source-down', objects: [template('rate', { ...BY_ITSELF, consecutiveErrorLimit: 100 }, { datadog: { query: 'x' } }), ...byHosts(ANALYSED)], happens: newImage('v2'), says: /^rate can not be measured, \d+ errors?, limit 100: failed to find the credentials for datadog/, evidence: /failed to find the credentials/, next: /metric source back/ },
  { cause: 'inconclusive', objects: analysed({ successCondition: 'result >= 0.95', failureCondition: 'result < 0.5' }), before: answers(0.7), happens: newImage('v2'), says: /^a person must decide since .*rate is inconclusive/, evidence: /metric rate: Inconclusive/, next: /Abort is the safe one/ },
];

const told = (found: Explanation): string => `${found.cause}: ${found.sentence}\n${found.evidence.map(({ about, text }) => `${about}: ${text}`).join('\n')}\n${found.act.words}\nalso ${found.also.map(({ cause }) => cause).join(' ')}`;

describe('brought about, then named', () => {
  for (const { cause, objects = byHosts(), before, happens, says, evidence, next } of CASES) {
    test(cause, async () => {
      const stage = await openStage();
      await stage.create(...objects);
      await stage.untilPhase('Healthy');
      before?.(stage);
      await happens(stage);
      await stage.until(`the cause ${cause}`, async () => (await screenExplanation(stage)).cause === cause, 90).catch(async (fault: unknown) => { throw new Error(`${String(fault)}\n${told(await screenExplanation(stage))}`); });
      await stage.run(4);
      const found = await screenExplanation(stage);
      assert.equal(found.cause, cause, told(found));
      assert.match(found.sentence, says, told(found));
      assert.ok(found.evidence.some(({ about, text }) => evidence.test(`${about}: ${text}`)), told(found));
      assert.match(found.act.words, next, told(found));
      await stage.stop();
    });
  }
});

async function atTheGate(): Promise<Stage> {
  const stage = await openStage();
  await stage.create(...byHosts());
  await stage.untilPhase('Healthy');
  await toTheGate(stage);
  return stage;
}

describe('engines and routes', () => {
  test('no engine: it is stopped and gives its Lease back', async () => {
    const stage = await atTheGate();
    await stage.stopEngine();
    assert.equal((await screenExplanation(stage)).cause, 'no-engine');
    await stage.stop();
  });

  test('an engine that is gone without a word: nobody drives once its Lease has run out', async () => {
    const stage = await atTheGate();
    stage.killEngine();
    await stage.run(5);
    assert.equal((await screenExplanation(stage)).cause, 'gate');
    await stage.run(30);
    const found = await screenExplanation(stage);
    assert.equal(found.cause, 'no-engine');
    assert.match(found.sentence, /last renewed the lease \d+ s ago/);
    assert.ok(found.also.some(({ cause }) => cause === 'gate'), told(found));
    await stage.stop();
  });

  test('a VirtualService that is taken away', async () => {
    const stage = await atTheGate();
    await stage.remove(VIRTUAL_SERVICE, 'cart');
    await stage.run(2);
    const found = await screenExplanation(stage);
    assert.ok(found.cause === 'route' || found.cause === 'invalid-spec', told(found));
    assert.match(found.sentence, /virtualservices\.networking\.istio\.io "cart" not found/);
    await stage.stop();
  });

  test('traffic that is not where the steps promise, with the age of the difference', async () => {
    const stage = await atTheGate();
    stage.faults = ({ verb, type }) => ((verb === 'patch' || verb === 'update') && type.kind === 'VirtualService' ? { code: 403, reason: 'Forbidden', message: 'virtualservices is forbidden' } : undefined);
    const since = stage.clock.now();
    await stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http: [{ ...hostRoute(), route: [{ destination: { host: 'cart-stable' }, weight: 40 }, { destination: { host: 'cart-canary' }, weight: 60 }] }] } });
    await stage.run(2);
    assert.equal((await screenExplanation(stage, { driftSince: since })).cause, 'gate');
    await stage.run(10);
    const found = await screenExplanation(stage, { driftSince: since });
    assert.equal(found.cause, 'route-drift', told(found));
    assert.match(found.sentence, /since 12s: the steps promise 20 %, the route says 60 %$/);
    await stage.stop();
  });

  test('a header route that a completed step has promised and that is not there', async () => {
    const stage = await openStage();
    const steps = [{ setWeight: 20 }, { setHeaderRoute: { name: 'testers', match: [{ headerName: 'x-test', headerValue: { exact: 'yes' } }] } }, { pause: {} }];
    await stage.create(...byHosts({ steps, trafficRouting: { managedRoutes: [{ name: 'testers' }], istio: { virtualService: { name: 'cart', routes: ['primary'] } } } }));
    await stage.untilPhase('Healthy');
    await stage.person(setImage('v2'));
    await stage.untilStep(2);
    await stage.run(2);
    const since = stage.clock.now();
    assert.equal((await screenExplanation(stage, { driftSince: since })).cause, 'gate');
    stage.faults = ({ verb, type }) => ((verb === 'patch' || verb === 'update') && type.kind === 'VirtualService' ? { code: 403, reason: 'Forbidden', message: 'virtualservices is forbidden' } : undefined);
    await stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http: [{ ...hostRoute(), route: [{ destination: { host: 'cart-stable' }, weight: 80 }, { destination: { host: 'cart-canary' }, weight: 20 }] }] } });
    await stage.run(12);
    const found = await screenExplanation(stage, { driftSince: since });
    assert.equal(found.cause, 'route-drift', told(found));
    assert.match(found.sentence, /the route testers, promised by a completed step, is not there$/);
    await stage.stop();
  });

  test('an engine that puts the route back leaves no difference', async () => {
    const stage = await atTheGate();
    const since = stage.clock.now();
    await stage.patch(VIRTUAL_SERVICE, 'cart', { spec: { http: [{ ...hostRoute(), route: [{ destination: { host: 'cart-stable' }, weight: 40 }, { destination: { host: 'cart-canary' }, weight: 60 }] }] } });
    await stage.run(10);
    assert.equal((await screenExplanation(stage, { driftSince: since })).cause, 'gate');
    await stage.stop();
  });

  test('owners in git and hazards of the engine are told beside the cause', async () => {
    const stage = await atTheGate();
    await stage.patch(ROLLOUT, 'cart', { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:argoproj.io/Rollout:shop/cart' } }, spec: { rollbackWindow: { revisions: 2 } } });
    await stage.run(2);
    const found = await screenExplanation(stage, { driver: { type: 'other', identity: 'argo-rollouts-7c9f_1', renewedAt: stage.clock.now(), engine: 'argo-rollouts', version: '1.9.1' } });
    assert.ok(found.evidence.some(({ about, text }) => about === 'owner' && text.startsWith('Argo CD application shop')), told(found));
    assert.deepEqual(found.also.map(({ cause }) => cause), ['hazard-rollback-window']);
    const own = await screenExplanation(stage);
    assert.deepEqual(own.also.filter(({ cause }) => cause.startsWith('hazard') && !/version of the engine/.test(own.also.map(({ sentence }) => sentence).join())), []);
    await stage.stop();
  });

  test('a state that nothing explains says so', async () => {
    const stage = await openStage({ engine: false });
    await stage.create(...byHosts());
    await stage.patch(ROLLOUT, 'cart', { status: { phase: 'Strange', message: 'what nobody knows', observedGeneration: '1' } }, 'status');
    const found = await screenExplanation(stage, { driver: { type: 'self', identity: 'x' } });
    assert.equal(found.cause, 'undetermined');
    assert.match(found.sentence, /what nobody knows/);
    assert.equal((await stage.list(POD)).length, 0);
    await stage.stop();
  });
});
