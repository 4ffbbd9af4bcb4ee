// The operator's actions: the patches of the plugin, the guarded form of the console, and the reasons why not.

import assert from 'node:assert/strict';
import test from 'node:test';
import { applyPatch } from '../../../src/apiserver/store/patch.js';
import { deepFreeze } from '../../../src/lib/deep.js';
import type { Change } from '../../../src/kinds/change.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { asRollout } from '../../../src/kinds/rollout.js';
import type { Rollout } from '../../../src/kinds/rollout.js';
import { abort, pause, promote, promoteFull, restart, resume, retry, skipSteps } from '../../../src/decide/rollout/commands.js';
import type { Commanded } from '../../../src/decide/rollout/commands.js';
import { terminate } from '../../../src/decide/analysis/commands.js';

type Loose = Readonly<Record<string, unknown>>;

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }];
const PAUSED = [{ reason: 'CanaryPauseStep', startTime: '2026-01-01T00:00:00Z' }];

function rollout(status: Loose = {}, spec: Loose = {}): Rollout {
  return deepFreeze(asRollout({
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'a', uid: 'u1' },
    spec: { replicas: 2, strategy: { canary: { steps: STEPS } }, ...spec },
    status: { currentPodHash: 'new', stableRS: 'old', currentStepIndex: 1, ...status },
  }));
}

const patches = (commanded: Commanded): unknown => ('type' in commanded ? commanded.reason : commanded.map((change) => (change.type === 'patch' ? [change.subresource ?? '', change.patchType, change.body] : change.type)));

const inconclusive = { pauseConditions: PAUSED, controllerPause: true, canary: { currentStepAnalysisRunStatus: { name: 'r', status: 'Inconclusive' } } };

const status = (fields: Loose): unknown => ['status', 'merge', { status: fields }];
const spec = (fields: Loose): unknown => ['', 'merge', { spec: fields }];

const PLAIN: readonly (readonly [string, Commanded, unknown])[] = [
  ['promote ends a pause', promote(rollout({ pauseConditions: PAUSED, controllerPause: true }), 'plain'), [status({ pauseConditions: null })]],
  ['promote goes past an inconclusive analysis', promote(rollout(inconclusive), 'plain'), [status({ pauseConditions: null, controllerPause: false, currentStepIndex: 2 })]],
  ['promote skips a running step', promote(rollout({ currentStepIndex: 0 }), 'plain'), [status({ pauseConditions: null, currentStepIndex: 1 })]],
  ['promote past a step whose pause nobody has ended yet opens no further one', promote(rollout({ currentStepIndex: 0, controllerPause: true }), 'plain'), [status({ pauseConditions: null, controllerPause: false, currentStepIndex: 1 })]],
  ['promote never goes beyond the last step', promote(rollout({ currentStepIndex: 3 }), 'plain'), [status({ pauseConditions: null, currentStepIndex: 3 })]],
  ['promote ends both pauses', promote(rollout({ pauseConditions: PAUSED }, { paused: true }), 'plain'), [status({ pauseConditions: null }), spec({ paused: false })]],
  ['promote only ends a pause made by a person', promote(rollout({}, { paused: true }), 'plain'), [spec({ paused: false })]],
  ['promote sends nothing without steps', promote(rollout({}, { strategy: { canary: {} } }), 'plain'), []],
  ['promote sends nothing for blue-green that does not wait', promote(rollout({ currentStepIndex: undefined }, { strategy: { blueGreen: { activeService: 's' } } }), 'plain'), []],
  ['promote --full', promoteFull(rollout(), 'plain'), [status({ promoteFull: true })]],
  ['promote --full of a paused one', promoteFull(rollout({}, { paused: true }), 'plain'), [status({ promoteFull: true }), spec({ paused: false })]],
  ['promote --full of what is promoted', promoteFull(rollout({ stableRS: 'new' }), 'plain'), []],
  ['promote --skip-current-step', skipSteps(rollout({ pauseConditions: PAUSED }), 'plain', 'current'), [status({ currentStepIndex: 2 })]],
  ['promote --skip-current-step at the end', skipSteps(rollout({ currentStepIndex: 3 }), 'plain', 'current'), [status({ currentStepIndex: 3 })]],
  ['promote --skip-all-steps', skipSteps(rollout(), 'plain', 'all'), [status({ currentStepIndex: 3 })]],
  ['abort', abort(rollout(), 'plain'), [status({ abort: true })]],
  ['abort twice', abort(rollout({ abort: true }), 'plain'), [status({ abort: true })]],
  ['retry', retry(rollout({ abort: true }), 'plain'), [status({ abort: false })]],
  ['pause', pause(rollout(), 'plain'), [spec({ paused: true })]],
  ['resume', resume(rollout({}, { paused: true }), 'plain'), [spec({ paused: false })]],
  ['restart', restart(rollout(), 'plain', Date.UTC(2026, 0, 2, 3, 4, 5, 678)), [spec({ restartAt: '2026-01-02T03:04:05Z' })]],
];

for (const [name, commanded, wanted] of PLAIN) test(`plain: ${name}`, () => assert.deepEqual(patches(commanded), wanted));

const REFUSED: readonly (readonly [string, Commanded, RegExp])[] = [
  ['skipping steps of blue-green', skipSteps(rollout({}, { strategy: { blueGreen: { activeService: 's' } } }), 'plain', 'all'), /^Cannot skip steps of a bluegreen rollout\. Run without a flags$/],
  ['skipping steps where there are none', skipSteps(rollout({}, { strategy: { canary: {} } }), 'plain', 'current'), /^Cannot skip steps of a rollout without steps$/],
  ['promote of what is promoted', promote(rollout({ stableRS: 'new', currentStepIndex: 3 }), 'guarded'), /^nothing to promote: the stable revision/],
  ['promote of an aborted one', promote(rollout({ abort: true }), 'guarded'), /^nothing to promote: the update was aborted/],
  ['promote without steps', promote(rollout({}, { strategy: { canary: {} } }), 'guarded'), /^nothing to promote: the canary has no steps/],
  ['promote after the last step', promote(rollout({ currentStepIndex: 3 }), 'guarded'), /^nothing to promote: all steps are done/],
  ['promote of blue-green', promote(rollout({}, { strategy: { blueGreen: { activeService: 's' } } }), 'guarded'), /^nothing to promote: the new revision does not wait/],
  ['full promotion of what is promoted', promoteFull(rollout({ stableRS: 'new' }), 'guarded'), /^nothing to promote/],
  ['abort twice', abort(rollout({ abort: true }), 'guarded'), /^nothing to abort: the update is aborted already/],
  ['abort without an update', abort(rollout({ stableRS: 'new' }), 'guarded'), /^nothing to abort: no update/],
  ['retry', retry(rollout(), 'guarded'), /^nothing to retry/],
  ['pause twice', pause(rollout({}, { paused: true }), 'guarded'), /^nothing to pause/],
  ['resume in a step', resume(rollout({ pauseConditions: PAUSED }), 'guarded'), /promote it$/],
];

for (const [name, commanded, reason] of REFUSED) {
  test(`guarded, refused: ${name}`, () => {
    assert.ok('type' in commanded);
    assert.match(commanded.reason, reason);
  });
}

/** The object after all changes, or undefined when one of them was refused. */
function played(commanded: Commanded, object: Rollout): KubeObject | undefined {
  assert.ok(!('type' in commanded), 'refused');
  let present: KubeObject | undefined = object;
  for (const change of commanded) {
    assert.ok(change.type === 'patch');
    const result: ReturnType<typeof applyPatch> | undefined = present === undefined ? undefined : applyPatch(present, change.patchType, change.body, undefined, true);
    present = result?.ok === true ? (result.value as KubeObject) : undefined;
  }
  return present;
}

const ACTIONS: readonly (readonly [string, (seen: Rollout, form: 'plain' | 'guarded') => Commanded, Rollout])[] = [
  ['promote in a pause', promote, rollout({ pauseConditions: PAUSED, controllerPause: true })],
  ['promote past an inconclusive analysis', promote, rollout(inconclusive)],
  ['promote a step', promote, rollout({ currentStepIndex: 0 })],
  ['promote a pause by a person', promote, rollout({}, { paused: true })],
  ['promote both pauses', promote, rollout({ pauseConditions: PAUSED }, { paused: true })],
  ['promote fully', promoteFull, rollout({}, { paused: true })],
  ['abort', abort, rollout()],
  ['retry', retry, rollout({ abort: true })],
  ['pause', pause, rollout()],
  ['resume', resume, rollout({}, { paused: true })],
];

for (const [name, action, seen] of ACTIONS) {
  test(`${name}: the guarded form does what the plain one does`, () => {
    const wanted = played(action(seen, 'plain'), seen);
    assert.ok(wanted);
    assert.deepEqual(played(action(seen, 'guarded'), seen), wanted);
  });
  test(`${name}: refused when another object has taken the name`, () => {
    assert.equal(played(action(seen, 'guarded'), { ...seen, metadata: { ...seen.metadata, uid: 'u2' } }), undefined);
  });
}

const MOVED: readonly (readonly [string, (seen: Rollout, form: 'plain' | 'guarded') => Commanded, Rollout, Rollout])[] = [
  ['another step', promote, rollout({ pauseConditions: PAUSED }), rollout({ currentStepIndex: 2, pauseConditions: PAUSED })],
  ['another revision', abort, rollout(), rollout({ currentPodHash: 'newer' })],
  ['a later pause', promote, rollout({ pauseConditions: PAUSED }), rollout({ pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-01-01T00:09:00Z' }] })],
  ['no pause any more', promote, rollout({ pauseConditions: PAUSED }), rollout()],
  ['resumed by another', resume, rollout({}, { paused: true }), rollout({}, { paused: false })],
];

for (const [name, action, seen, now] of MOVED) {
  test(`the guarded form is refused after a move: ${name}`, () => assert.equal(played(action(seen, 'guarded'), now), undefined));
}

test('a run is ended once', () => {
  const run = (phase: string): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: 'r', uid: 'u' }, spec: {}, status: { phase } });
  const [plain] = terminate(run('Running'), 'plain') as readonly Change[];
  assert.deepEqual(plain?.type === 'patch' ? plain.body : undefined, { spec: { terminate: true } });
  const [guarded] = terminate(run('Running'), 'guarded') as readonly Change[];
  assert.deepEqual(guarded?.type === 'patch' ? guarded.body : undefined, [{ op: 'test', path: '/metadata/uid', value: 'u' }, { op: 'add', path: '/spec/terminate', value: true }]);
  assert.deepEqual(terminate(run('Failed'), 'guarded'), { type: 'refusal', reason: 'nothing to end: it is Failed already' });
});
