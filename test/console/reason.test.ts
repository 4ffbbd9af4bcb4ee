// Why a rollout is where it is, as one sentence: a row for each cause.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBoard } from '../../src/console/board.js';
import { explainWhole } from '../../src/console/explain/explanation.js';
import { explain, headline, type ReasonSight, timeLeftMs } from '../../src/console/reason.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Driver, Snapshot } from '../../src/kinds/snapshot.js';
import { ago, anAnalysisRun, aPod, aReplicaSet, aRollout, aSnapshot, aVirtualService, CANARY_HASH, NOW, STABLE_HASH, uidOf } from '../support/builders.js';

const KEY = 'shop/cart';
const SELF: Driver = { type: 'self', identity: 'me' };

function sight(rollout: KubeObject, more: Partial<Snapshot> = {}, driver: Driver = SELF): ReasonSight {
  const board = buildBoard(aSnapshot({ rollouts: [rollout], ...more }));
  const facts = board.byKey.get(`sluice ${KEY}`);
  assert.ok(facts !== undefined);
  return { facts, index: board.index, driver, now: NOW, utcOffsetMinutes: 0 };
}

const canarySet = (wanted: number, ready: number): KubeObject => aReplicaSet(KEY, { revision: 7, hash: CANARY_HASH, wanted, ready });
const stableSet = aReplicaSet(KEY, { revision: 6, hash: STABLE_HASH, wanted: 5 });
const withPods = (...pods: KubeObject[]): Partial<Snapshot> => ({ replicaSets: [canarySet(2, 0), stableSet], pods });
const pod = (suffix: string, options: Omit<Parameters<typeof aPod>[1], 'hash' | 'suffix'> = {}): KubeObject => aPod(KEY, { hash: CANARY_HASH, suffix, ...options });
const routed = (): ReturnType<typeof aRollout> => aRollout(KEY).istio({ virtualService: { name: 'cart', routes: ['primary'] } });
const warning = (reason: string, message: string, secondsAgo: number): KubeObject => ({
  apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'shop' }, type: 'Warning', reason, message, involvedObject: { uid: uidOf(KEY) }, lastTimestamp: ago(secondsAgo),
});
const crashed = { ...pod('a', { waiting: 'CrashLoopBackOff', restarts: 5 }) };

type Row = readonly [string, KubeObject, string, RegExp, Partial<Snapshot>?, Driver?];

const ROWS: readonly Row[] = [
  ['waits for a person', aRollout(KEY).paused(1, 720).build(), 'gate', /^waits for a person since 12m$/],
  ['a timed pause', aRollout(KEY).paused(3, 170).build(), 'timed-pause', /^pause 5m, ends in 2m10s \(12:06:41\)$/],
  ['a pause that is over', aRollout(KEY).paused(3, 400).build(), 'timed-pause', /^pause 5m, is over, the engine goes on$/],
  ['held by hand', aRollout(KEY).at(2).spec({ paused: true }).status({ phase: 'Paused', message: 'manually paused' }).build(), 'held', /^paused by hand \(spec\.paused\)$/],
  ['inconclusive', aRollout(KEY).paused(2, 60, 'InconclusiveAnalysisRun').build(), 'inconclusive', /^a person must decide since 60s: success-rate is inconclusive, 1 measurements, limit 0$/,
    { analysisRuns: [{ ...anAnalysisRun(KEY, { name: 'r', metric: 'success-rate', phase: 'Inconclusive', values: ['1'] }), status: { phase: 'Inconclusive', metricResults: [{ name: 'success-rate', phase: 'Inconclusive', inconclusive: 1, measurements: [] }] } }] }],
  ['aborted by a metric', aRollout(KEY).aborted(1, 180).build(), 'analysis-failed', /^aborted 3m ago: success-rate 0\.913 < 0\.95; 4 failed, limit 3$/,
    { analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric: 'success-rate', phase: 'Failed', success: 'result[0] >= 0.95', values: ['[0.99]', '[0.913]'], phases: ['Successful', 'Failed'], failed: 4, failureLimit: 3 })] }],
  ['aborted by a value just past its limit', aRollout(KEY).aborted(1, 180).build(), 'analysis-failed', /^aborted 3m ago: errors 0\.0504 > 0\.05; 1 failed, limit 0$/,
    { analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric: 'errors', phase: 'Failed', success: 'result[0] <= 0.05', values: ['[0.0504]'], phases: ['Failed'], failed: 1, failureLimit: 0 })] }],
  ['aborted by an answer in words', aRollout(KEY).aborted(1, 180).build(), 'analysis-failed', /^aborted 3m ago: webcheck "nok"; 2 failed, limit 1$/,
    { analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric: 'webcheck', phase: 'Failed', success: 'result == "ok"', values: ['"nok"'], phases: ['Failed'], failed: 2, failureLimit: 1 })] }],
  ['aborted by errors of the source', aRollout(KEY).aborted(1, 30).build(), 'analysis-error', /^aborted 30s ago: up could not be measured, 5 errors, limit 4: connection refused$/,
    { analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric: 'up', phase: 'Error', values: [undefined], errors: 5 })] }],
  ['aborted by a deadline', aRollout(KEY).aborted(1, 30, 'Rollout aborted update to revision 7: ReplicaSet "cart-x" has timed out progressing.').build(), 'aborted-deadline', /^aborted 30s ago: ReplicaSet "cart-x" has timed out progressing\.$/],
  ['aborted by a person', aRollout(KEY).aborted(1, 30).build(), 'aborted', /^aborted 30s ago: by hand$/],
  ['an invalid spec', aRollout(KEY).invalid('spec.strategy.steps[0].setWeight: Invalid value: 120').build(), 'invalid-spec', /^the spec is invalid: spec\.strategy\.steps\[0\]\.setWeight: Invalid value: 120$/],
  ['an image that can not be pulled', aRollout(KEY).at(0).build(), 'image-pull', /^1 of 2 canary pods can not pull image cart:9 \(ImagePullBackOff\)$/, withPods(pod('a', { waiting: 'ImagePullBackOff', image: 'cart:9' }), pod('b', { waiting: 'ContainerCreating' }))],
  ['a crash loop', aRollout(KEY).at(0).build(), 'crash-loop', /^1 of 1 canary pods keeps crashing \(CrashLoopBackOff, 5 restarts\)$/, withPods(crashed)],
  ['a bad image name', aRollout(KEY).at(0).build(), 'bad-image-name', /has an image name that is none: Cart!/, withPods(pod('a', { waiting: 'InvalidImageName', image: 'Cart!' }))],
  ['no node', aRollout(KEY).at(0).build(), 'unschedulable', /finds no node: 0\/3 nodes are available/,
    withPods({ ...pod('a'), status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' }] } })],
  ['no quota', aRollout(KEY).at(0).build(), 'quota', /^canary pods can not be created: exceeded quota$/,
    { replicaSets: [{ ...canarySet(2, 0), status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }] } }, stableSet] }],
  ['pods that are not ready', aRollout(KEY).at(0).build(), 'pods', /^waiting for canary pods: 1 of 2 available$/, { replicaSets: [canarySet(2, 1), stableSet] }],
  ['a route object that is missing', routed().at(0).build(), 'route', /^virtualservices\.networking\.istio\.io "cart" not found: weights can not be set$/],
  ['a route that is missing in it', routed().at(0).build(), 'route', /^cart: HTTP Route 'primary' is not found in the defined Virtual Service: weights can not be set$/, { virtualServices: [aVirtualService(KEY, [{ name: 'other', canary: 0 }])] }],
  ['a route that leads elsewhere', routed().at(0).build(), 'route', /^Canary Service 'cart-canary' not found in route: weights can not be set$/, { virtualServices: [aVirtualService(KEY, [{ name: 'primary', canary: 0, canaryHost: 'x', stableHost: 'y' }])] }],
  ['a route that lags behind', routed().at(0).build(), 'weight', /^the route says 5 %, asked is 20 %$/, { virtualServices: [aVirtualService(KEY, [{ name: 'primary', canary: 5 }])] }],
  ['a warning of the engine', aRollout(KEY).at(0).build(), 'warning', /^Service "x" not found$/, { events: [warning('ReconciliationError', 'Service "x" not found', 10)] }],
  ['a warning that is old', aRollout(KEY).at(0).build(), 'step', /^setWeight 20$/, { events: [warning('ReconciliationError', 'Service "x" not found', 1000)] }],
  ['an analysis step', aRollout(KEY).canary([{ analysis: { templates: [{ templateName: 'success-rate' }] } }]).at(0).build(), 'analysis', /^waits for its verdict\. Analysis success-rate is running: 2 passed, 0 failed$/,
    { analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric: 'success-rate', values: ['1', '1'] })] }],
  ['an analysis step that begins', aRollout(KEY).canary([{ analysis: { templates: [{ templateName: 'success-rate' }] } }]).at(0).build(), 'analysis', /^analysis success-rate is about to start$/],
  ['a spec not seen', aRollout(KEY).healthy().metadata({ generation: 9 }).build(), 'not-observed', /has not seen it yet/],
  ['no engine', aRollout(KEY).at(0).build(), 'no-engine', /^nobody drives this cluster: start one$/, {}, { type: 'nobody', reason: 'start one' }],
  ['a silent engine', aRollout(KEY).at(0).build(), 'engine-silent', /^the engine argo-1 has been silent for 3m$/, {}, { type: 'other', identity: 'argo-1', renewedAt: NOW - 180_000 }],
  ['a silent engine when nothing moves', aRollout(KEY).healthy().build(), 'healthy', /^revision 7 serves all traffic$/, {}, { type: 'other', identity: 'argo-1', renewedAt: NOW - 180_000 }],
  ['a deadline without abort', aRollout(KEY).at(0).status({ phase: 'Degraded', message: 'x', conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }] }).build(), 'deadline', /^no progress within the deadline: timed out$/],
  ['being deleted', aRollout(KEY).metadata({ deletionTimestamp: ago(3) }).build(), 'deleted', /^is being deleted$/],
  ['full promotion', aRollout(KEY).at(1).status({ promoteFull: true }).build(), 'promoting', /^full promotion/],
  ['nothing known', { ...aRollout(KEY).build(), status: undefined }, 'not-observed', /has not seen it yet/],
];

for (const [name, rollout, cause, sentence, more, driver] of ROWS) {
  test(`reason: ${name}`, () => {
    const found = explain(sight(rollout, more, driver));
    assert.equal(found.cause, cause, found.sentence);
    assert.match(found.sentence, sentence);
  });
}

test('the headline tells phase, place, reason, what comes next, and how the analysis stands', () => {
  const seen = sight(aRollout(KEY).paused(3, 170).build(), { analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric: 'apdex', values: ['1', '1', '1'] })] });
  assert.equal(headline(seen, explain(seen)), 'Paused at step 4 of 6: pause 5m, ends in 2m10s (12:06:41). Then 60 % canary. Analysis apdex is running: 3 passed, 0 failed.');
});

test('a source that fails is told while its run is still alive', () => {
  const seen = sight(aRollout(KEY).paused(3, 170).build(), { analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric: 'apdex', values: ['1', undefined] })] });
  assert.match(headline(seen, explain(seen)), /apdex can not be measured: connection refused\.$/);
  assert.match(explain(seen).sentence, /^apdex can not be measured, 1 error, limit 4: connection refused; pause 5m, ends in 2m10s/);
});

const failing = anAnalysisRun(KEY, { name: 'r', metric: 'error-rate', failure: 'result[0] > 0.05', failureLimit: 3, failed: 2, values: ['[0.11]', undefined, '[0.13]'], phases: ['Failed', 'Error', 'Failed'] });
const FAILING = 'analysis is failing: error-rate 0.13 > 0.05; 2 failed, limit 3; 1 error, limit 4; 0 passed';

for (const [name, rollout, waits] of [
  ['a timed pause', aRollout(KEY).paused(3, 170).build(), 'pause 5m, ends in 2m10s (12:06:41)'],
  ['a pause for a person', aRollout(KEY).paused(1, 720).build(), 'waits for a person since 12m'],
] as const) {
  test(`an analysis that fails is told before ${name}, and nobody is told to promote`, () => {
    const seen = sight(rollout, { analysisRuns: [failing] });
    const { cause, sentence, act, evidence } = explainWhole(seen);
    assert.deepEqual([cause, sentence, act.action], ['analysis-failing', `${FAILING}; ${waits}`, 'rollout.abort']);
    assert.doesNotMatch(act.words, /[Pp]romote/);
    assert.ok(evidence.some(({ about, text }) => about === 'AnalysisRun r' && /0 passed, 2 failed, 1 error/.test(text)), JSON.stringify(evidence));
    assert.ok(!headline(seen, explain(seen)).includes('is running'), 'the same analysis is not told twice');
  });
}

test('failures of a run that is over say nothing of the one that runs after a retry', () => {
  const before = anAnalysisRun(KEY, { name: 'q', metric: 'error-rate', phase: 'Failed', failed: 4, values: ['1', '1', '1', '1'] });
  const after = anAnalysisRun(KEY, { name: 'r', metric: 'error-rate', values: ['0', '0'] });
  assert.equal(explain(sight(aRollout(KEY).paused(3, 170).build(), { analysisRuns: [before, after] })).cause, 'timed-pause');
});

const LEFT: readonly (readonly [string, KubeObject, number | undefined])[] = [
  ['of this pause and the next', aRollout(KEY).paused(3, 100).build(), 200_000 + 600_000],
  ['up to a pause for a person', aRollout(KEY).canary([{ pause: { duration: 60 } }, { pause: {} }, { pause: { duration: '1h' } }]).paused(0, 10).build(), 50_000],
  ['none while a person is needed', aRollout(KEY).paused(1, 100).build(), undefined],
  ['none at rest', aRollout(KEY).healthy().build(), undefined],
  ['none when aborted', aRollout(KEY).aborted(3, 10).build(), undefined],
  ['of pauses yet to come', aRollout(KEY).canary([{ setWeight: 5 }, { pause: { duration: '30s' } }]).at(0).build(), 30_000],
];

for (const [name, rollout, wanted] of LEFT) {
  test(`time left: ${name}`, () => assert.equal(timeLeftMs(sight(rollout).facts, NOW), wanted));
}
