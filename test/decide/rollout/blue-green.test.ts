// Blue-green where it must be safer than what it is compatible with: whom the users get, which gates hold, what proves nothing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decideRollout } from '../../../src/decide/rollout/decide.js';
import type { Decision, ObservedRollout } from '../../../src/decide/rollout/observed.js';
import { asAnalysisRun } from '../../../src/kinds/analysis-run.js';
import type { AnalysisRun } from '../../../src/kinds/analysis-run.js';
import { asAnalysisTemplate } from '../../../src/kinds/analysis-template.js';
import { formatTime } from '../../../src/lib/instant.js';
import { NOW, blueGreenSeen, hash } from './fixture.js';

const decide = (seen: ObservedRollout, now = NOW): Decision => decideRollout(seen, now);

/** The version that the active Service is turned to; undefined when it stays. */
function turnedTo(decision: Decision): string | undefined {
  const patch = decision.actions.find((action) => action.type === 'patch' && action.ref.type.kind === 'Service' && action.ref.name === 'live');
  return patch?.type === 'patch' ? (patch.body as { spec: { selector: Record<string, string> } }).spec.selector['rollouts-pod-template-hash'] : undefined;
}

function sizes(decision: Decision): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const action of decision.actions) {
    if (action.type !== 'patch' || action.ref.type.kind !== 'ReplicaSet') continue;
    const { spec } = action.body as { spec?: { replicas?: number } };
    if (spec?.replicas !== undefined) found[action.ref.name] = spec.replicas;
  }
  return found;
}

const created = (decision: Decision): readonly string[] => decision.actions.flatMap((action) => (action.type === 'create' && action.ref.type.kind === 'AnalysisRun' ? [action.ref.name] : []));
const whole = { size: 3 };
const paused = (secondsAgo: number): object => ({ controllerPause: true, pauseConditions: [{ reason: 'BlueGreenPause', startTime: formatTime(NOW - secondsAgo * 1000) }] });
const template = asAnalysisTemplate({
  apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', metadata: { name: 'probe', namespace: 'mall' },
  spec: { metrics: [{ name: 'rate', provider: { web: { url: 'http://probe.test' } } }] },
});
const probe = { templates: [{ templateName: 'probe' }] };
const aRun = (name: string, phase: string, terminate = false): AnalysisRun => asAnalysisRun({
  apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun',
  metadata: { name, namespace: 'mall', labels: { 'rollouts-pod-template-hash': hash(2) }, ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'shop', uid: 'ro-1', controller: true }] },
  spec: { metrics: [], ...(terminate ? { terminate } : {}) }, status: { phase },
});

describe('the active Service', () => {
  const rows: readonly [string, Decision, string | undefined][] = [
    ['follows a whole version without a gate', decide(blueGreenSeen({}, { stable: whole, newest: whole })), hash(2)],
    ['waits for the last pod', decide(blueGreenSeen({}, { stable: whole, newest: { size: 3, available: 2 } })), undefined],
    ['waits until the pods are counted for the present size', decide(blueGreenSeen({}, { stable: whole, newest: { size: 3, generation: 2, observed: 1 } })), undefined],
    ['is not turned in the pass that gives a version its pods back, by those that are about to go', decide(blueGreenSeen({}, { stable: whole, newest: { size: 0, available: 3, desired: 3 } })), undefined],
    ['goes back on an abort, whatever the new pods are like', decide(blueGreenSeen({ postPromotionAnalysis: probe }, { stable: whole, newest: { size: 3, available: 2 }, active: 2, status: { abort: true } }, { templates: [template] })), hash(1)],
    ['does not go back to a version with fewer pods than it leaves', decide(blueGreenSeen({}, { stable: { size: 3, available: 1 }, newest: { size: 3, available: 2 }, active: 2, status: { abort: true } })), undefined],
    ['goes back even to one that is short, when nothing answers at all', decide(blueGreenSeen({}, { stable: { size: 3, available: 1 }, newest: { size: 3, available: 0 }, active: 2, status: { abort: true } })), hash(1)],
    ['that was made anew gets the stable version, not the one on trial', decide(blueGreenSeen({ autoPromotionEnabled: false }, { stable: whole, newest: whole, active: 0 })), hash(1)],
    ['that was made anew gets the one on trial when the stable version has no pods, and its gate is open', decide(blueGreenSeen({ autoPromotionEnabled: false }, { stable: { size: 3, available: 0 }, newest: whole, active: 0, status: { promoteFull: true } })), hash(2)],
    ['is not turned while somebody has paused by hand', decide(blueGreenSeen({}, { stable: whole, newest: whole, spec: { paused: true } })), undefined],
    ['comes home when the stable template is wanted again', decide(blueGreenSeen({ autoPromotionEnabled: false }, { stable: whole, newest: whole, active: 2, version: 1 })), hash(1)],
  ];
  for (const [title, decision, expected] of rows) test(title, () => assert.equal(turnedTo(decision), expected));
});

describe('the pods that users are sent to', () => {
  test('stay after an abort until the users have left, however late it is', () => {
    const deadline = { 'scale-down-deadline': formatTime(NOW - 1000) };
    const decision = decide(blueGreenSeen({}, { stable: { size: 3, available: 0 }, newest: { size: 3, annotations: deadline }, active: 2, status: { abort: true } }));
    assert.equal(turnedTo(decision), undefined);
    assert.deepEqual(sizes(decision), {});
  });
  test('go at the deadline once the users have left', () => {
    const deadline = { 'scale-down-deadline': formatTime(NOW - 1000) };
    const decision = decide(blueGreenSeen({}, { stable: whole, newest: { size: 3, annotations: deadline }, active: 1, status: { abort: true } }));
    assert.deepEqual(sizes(decision), { [`shop-${hash(2)}`]: 0 });
  });
  test('stay without end when no delay is set for an abort', () => {
    const decision = decide(blueGreenSeen({ abortScaleDownDelaySeconds: 0 }, { stable: whole, newest: whole, active: 1, status: { abort: true } }));
    assert.deepEqual(sizes(decision), {});
  });
});

describe('the gate before the switch', () => {
  const gated = { autoPromotionEnabled: false };
  test('is a pause once the preview is whole', () => {
    const decision = decide(blueGreenSeen(gated, { stable: whole, newest: whole }));
    assert.equal(turnedTo(decision), undefined);
    assert.deepEqual(decision.status.pauseConditions?.map(({ reason }) => reason), ['BlueGreenPause']);
  });
  test('opens when somebody promotes', () => assert.equal(turnedTo(decide(blueGreenSeen(gated, { stable: whole, newest: whole, status: { controllerPause: true } }))), hash(2)));
  test('that somebody opened stays open while a pod is missing', () => {
    const decision = decide(blueGreenSeen(gated, { stable: whole, newest: { size: 3, available: 2 }, status: { controllerPause: true } }));
    assert.equal(turnedTo(decision), undefined);
    assert.equal(decision.status.controllerPause, true);
  });
  test('with a time opens by itself, not a moment early', () => {
    const timed = { autoPromotionSeconds: 30 };
    assert.equal(turnedTo(decide(blueGreenSeen(timed, { stable: whole, newest: whole, status: paused(29) }))), undefined);
    assert.equal(decide(blueGreenSeen(timed, { stable: whole, newest: whole, status: paused(29) })).wakeAt, NOW + 1000);
    assert.equal(turnedTo(decide(blueGreenSeen(timed, { stable: whole, newest: whole, status: paused(30) }))), hash(2));
  });
  test('with a time that is over is not looked at again and again while somebody has paused by hand', () => {
    const { wakeAt } = decide(blueGreenSeen({ autoPromotionSeconds: 30 }, { stable: whole, newest: whole, status: paused(40), spec: { paused: true } }));
    assert.ok((wakeAt ?? Number.POSITIVE_INFINITY) > NOW);
  });
  test('with a time opens for a person before its time', () => {
    assert.equal(turnedTo(decide(blueGreenSeen({ autoPromotionSeconds: 30 }, { stable: whole, newest: whole, status: { controllerPause: true } }))), hash(2));
  });
  test('is passed over on the way back within the rollback window', () => {
    const decision = decide(blueGreenSeen(gated, { stable: whole, newest: whole, active: 2, version: 1, spec: { rollbackWindow: { revisions: 1 } }, status: { stableRS: hash(2) } }));
    assert.equal(turnedTo(decision), hash(1));
    assert.equal(decision.status.stableRS, hash(1));
  });
  test('holds for a version that is only kept because it was aborted', () => {
    const kept = { size: 3, annotations: { 'scale-down-deadline': formatTime(NOW + 20_000) } };
    assert.equal(turnedTo(decide(blueGreenSeen(gated, { stable: whole, newest: kept }))), undefined);
  });
  test('is passed over on the way back to a version whose pods are still kept', () => {
    const kept = { size: 3, annotations: { 'scale-down-deadline': formatTime(NOW + 20_000) } };
    const decision = decide(blueGreenSeen({ ...gated, postPromotionAnalysis: probe }, { stable: kept, newest: whole, active: 2, version: 1, status: { stableRS: hash(2) } }, { templates: [template] }));
    assert.equal(turnedTo(decision), hash(1));
    assert.deepEqual(created(decision), []);
    assert.equal(decision.status.stableRS, hash(1));
  });
});

describe('a preview smaller than the rollout', () => {
  const small = { previewReplicaCount: 1, autoPromotionEnabled: false };
  test('grows only when the gate is open, and is not promoted before it is whole', () => {
    const one = { size: 1, desired: 3 };
    assert.deepEqual(sizes(decide(blueGreenSeen(small, { stable: whole, newest: { size: 0 } }))), { [`shop-${hash(2)}`]: 1 });
    const open = decide(blueGreenSeen(small, { stable: whole, newest: one, status: { controllerPause: true } }));
    assert.equal(open.status.blueGreen?.scaleUpPreviewCheckPoint, true);
    assert.equal(turnedTo(open), undefined);
    const grows = decide(blueGreenSeen(small, { stable: whole, newest: one, status: { blueGreen: { scaleUpPreviewCheckPoint: true } } }));
    assert.deepEqual(sizes(grows), { [`shop-${hash(2)}`]: 3 });
  });
});

describe('analyses', () => {
  const records = { blueGreen: { postPromotionAnalysisRunStatus: { name: 'post', status: 'Successful' }, activeSelector: hash(2) } };
  const judged = { postPromotionAnalysis: probe };
  test('a full promotion does not wait for the one after the switch, but for the pods', () => {
    const promoted = (available: number): string | undefined =>
      decide(blueGreenSeen({ postPromotionAnalysis: probe }, { stable: whole, newest: { size: 3, available }, active: 2, status: { promoteFull: true } }, { templates: [template] })).status.stableRS;
    assert.deepEqual([promoted(2), promoted(3)], [hash(1), hash(2)]);
  });
  test('a good one after the switch promotes', () => {
    const decision = decide(blueGreenSeen(judged, { stable: whole, newest: whole, active: 2, status: records }, { templates: [template], runs: [aRun('post', 'Successful')] }));
    assert.equal(decision.status.stableRS, hash(2));
  });
  test('one that an abort has ended proves nothing: a retry measures anew', () => {
    const retried = { ...records, abortedAt: formatTime(NOW - 5000) };
    const decision = decide(blueGreenSeen(judged, { stable: whole, newest: whole, active: 2, status: retried }, { templates: [template], runs: [aRun('post', 'Successful', true)] }));
    assert.equal(decision.status.stableRS, hash(1));
    assert.deepEqual(created(decision), [`shop-${hash(2)}-2-post`]);
  });
  test('a retry does not measure a preview that is not there yet', () => {
    const retried = { abortedAt: formatTime(NOW - 5000), blueGreen: { prePromotionAnalysisRunStatus: { name: 'pre', status: 'Failed' } } };
    const decision = decide(blueGreenSeen({ prePromotionAnalysis: probe }, { stable: whole, newest: { size: 3, available: 1 }, status: retried }, { templates: [template], runs: [aRun('pre', 'Failed')] }));
    assert.deepEqual(created(decision), []);
    assert.equal(decision.status.abort, undefined);
    assert.equal(decision.status.blueGreen?.prePromotionAnalysisRunStatus, undefined);
  });
  test('one of the preview has no deadline but its own', () => {
    const late = [{ type: 'Progressing', status: 'True' as const, reason: 'ReplicaSetUpdated', message: '', lastUpdateTime: formatTime(NOW - 900_000), lastTransitionTime: formatTime(NOW - 900_000) }];
    const status = { conditions: late, blueGreen: { activeSelector: hash(1), previewSelector: hash(2), prePromotionAnalysisRunStatus: { name: 'pre', status: 'Running' } }, updatedReplicas: 3, replicas: 6, readyReplicas: 3, availableReplicas: 3 };
    const decision = decide(blueGreenSeen({ prePromotionAnalysis: probe }, { stable: whole, newest: whole, status, spec: { progressDeadlineAbort: true } }, { templates: [template], runs: [aRun('pre', 'Running')] }));
    assert.equal(decision.status.abort, undefined);
    assert.notEqual(decision.status.phase, 'Degraded');
  });
  test('a bad one aborts, and says which', () => {
    const status = { blueGreen: { prePromotionAnalysisRunStatus: { name: 'pre', status: 'Running' } } };
    const decision = decide(blueGreenSeen({ prePromotionAnalysis: probe }, { stable: whole, newest: whole, status }, { templates: [template], runs: [aRun('pre', 'Failed')] }));
    assert.equal(decision.status.abort, true);
    assert.match(decision.status.message ?? '', /Blue\/green pre-promotion analysis phase error\/failed/);
  });
});
