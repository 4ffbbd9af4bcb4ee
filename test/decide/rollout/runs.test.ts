import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reconcileRuns } from '../../../src/decide/rollout/runs.js';
import type { Runs } from '../../../src/decide/rollout/runs.js';
import { forgetRuns } from '../../../src/decide/rollout/run-history.js';
import { resolveArguments } from '../../../src/decide/rollout/run-arguments.js';
import type { AnalysisPhase, AnalysisRun } from '../../../src/kinds/analysis-run.js';
import type { RolloutArgument } from '../../../src/kinds/analysis-spec.js';
import type { AnalysisTemplate } from '../../../src/kinds/analysis-template.js';
import type { CanaryStrategy, RolloutStatus } from '../../../src/kinds/rollout.js';
import { formatTime } from '../../../src/lib/instant.js';
import { aPass, aRollout, aSet, hash, HASH_LABEL, midUpdate, NOW } from './fixture.js';

const rate: AnalysisTemplate = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', metadata: { name: 'rate', namespace: 'mall' },
  spec: { metrics: [{ name: 'm', provider: { web: { url: 'http://x', jsonPath: '{$.v}' } } }] },
};
const analysis = { templates: [{ templateName: 'rate' }] };
const INLINE: CanaryStrategy = { steps: [{ setWeight: 20 }, { analysis }, { pause: {} }] };
const BACKGROUND: CanaryStrategy = { steps: [{ setWeight: 20 }, { pause: {} }], analysis: { ...analysis, startingStep: 1 } };
const STEP_RUN = `shop-${hash(2)}-2-1`;
const BACKGROUND_RUN = `shop-${hash(2)}-2`;

function aRun(name: string, phase: AnalysisPhase, more: { readonly labels?: Readonly<Record<string, string>>; readonly message?: string; readonly age?: number } = {}): AnalysisRun {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun',
    metadata: {
      name, namespace: 'mall', uid: name, creationTimestamp: formatTime(NOW - (more.age ?? 0) * 1000), labels: { [HASH_LABEL]: hash(2), 'step-index': '1', ...more.labels },
      ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'shop', uid: 'ro-1', controller: true }],
    },
    spec: { metrics: rate.spec.metrics ?? [] },
    status: { phase, ...(more.message === undefined ? {} : { message: more.message }) },
  };
}

function runs(canary: CanaryStrategy, step: number, status: Partial<RolloutStatus> = {}, present: readonly AnalysisRun[] = []): Runs {
  const rollout = aRollout({ canary, status: midUpdate(canary, step, status) });
  return reconcileRuns(aPass(rollout, [aSet(1, { size: 10 }), aSet(2, { size: 2 })], { runs: present, templates: [rate] }));
}

const stepRecord = (status: string, name = STEP_RUN): Partial<RolloutStatus> => ({ canary: { currentStepAnalysisRunStatus: { name, status } } });

const created = ({ actions }: Runs): readonly string[] => actions.flatMap((action) => (action.type === 'create' ? [action.ref.name] : []));
const ended = ({ actions }: Runs): readonly string[] => actions.flatMap((action) => (action.type === 'patch' ? [action.ref.name] : []));
const told = ({ actions }: Runs): readonly string[] => actions.flatMap((action) => (action.type === 'note' ? [action.note.message] : []));

describe('an inline analysis', () => {
  it('has a run of its own', () => {
    const made = runs(INLINE, 1);
    assert.deepEqual([created(made), made.step], [[STEP_RUN], { name: STEP_RUN, status: '' }]);
  });
  it('carries labels by which it is found', () => {
    const [action] = runs(INLINE, 1).actions;
    assert.ok(action?.type === 'create');
    assert.deepEqual(action.object.metadata.labels, { [HASH_LABEL]: hash(2), 'rollout-type': 'Step', 'step-index': '1', app: 'shop' });
  });
  it('takes a run that an unfinished pass has made', () => assert.deepEqual(created(runs(INLINE, 1, {}, [aRun(STEP_RUN, 'Running')])), []));
  it('takes another name when one is taken', () => assert.deepEqual(created(runs(INLINE, 1, {}, [aRun(STEP_RUN, 'Failed')])), [`${STEP_RUN}.1`]));
  it('is not started while the rollout pauses', () => assert.deepEqual(created(runs(INLINE, 1, { pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '' }] })), []));
  it('ends when its step is left', () => assert.deepEqual(ended(runs(INLINE, 2, stepRecord('Running'), [aRun(STEP_RUN, 'Running')])), [STEP_RUN]));
  it('aborts when it fails, with the reason', () => {
    const failed = runs(INLINE, 1, stepRecord('Running'), [aRun(STEP_RUN, 'Failed', { message: 'too low' })]);
    assert.equal(failed.abortMessage, 'Step-based analysis phase error/failed: too low');
    assert.deepEqual(told(failed), [`Step Analysis Run '${STEP_RUN}' Status New: 'Failed' Previous: 'Running'`]);
  });
  it('pauses when it is unclear', () => assert.equal(runs(INLINE, 1, stepRecord('Running'), [aRun(STEP_RUN, 'Inconclusive')]).inconclusive, true));
  it('is measured anew when somebody goes on after that', () => {
    const resumed = runs(INLINE, 1, { ...stepRecord('Inconclusive'), controllerPause: true }, [aRun(STEP_RUN, 'Inconclusive')]);
    assert.deepEqual([created(resumed), resumed.inconclusive], [[`${STEP_RUN}.1`], false]);
  });
  it('says what is missing, and makes nothing', () => {
    const rollout = aRollout({ canary: INLINE, status: midUpdate(INLINE, 1) });
    const made = reconcileRuns(aPass(rollout, [aSet(1), aSet(2)]));
    assert.deepEqual([created(made), made.failure], [[], 'AnalysisTemplate \'rate\' not found']);
  });
});

describe('a background analysis', () => {
  const record = (status: string): Partial<RolloutStatus> => ({ canary: { currentBackgroundAnalysisRunStatus: { name: BACKGROUND_RUN, status } } });
  it('waits for its step', () => assert.deepEqual(created(runs(BACKGROUND, 0)), []));
  it('starts at it', () => assert.deepEqual(created(runs(BACKGROUND, 1)), [BACKGROUND_RUN]));
  it('is not started again when it is done', () => assert.deepEqual(created(runs(BACKGROUND, 1, record('Successful'), [aRun(BACKGROUND_RUN, 'Successful')])), []));
  it('is started again after an abort', () => {
    assert.deepEqual(created(runs(BACKGROUND, 1, { ...record('Failed'), abortedAt: formatTime(NOW) }, [aRun(BACKGROUND_RUN, 'Failed')])), [`${BACKGROUND_RUN}.1`]);
  });
  it('is started again by a retry while the canary still has its deadline, so the failed run cannot end the new attempt', () => {
    const rollout = aRollout({ canary: BACKGROUND, status: midUpdate(BACKGROUND, 1, { ...record('Failed'), abortedAt: formatTime(NOW - 10_000) }) });
    const kept = aSet(2, { size: 2, annotations: { 'scale-down-deadline': formatTime(NOW + 20_000) } });
    const retried = reconcileRuns(aPass(rollout, [aSet(1, { size: 10 }), kept], { runs: [aRun(BACKGROUND_RUN, 'Failed')], templates: [rate] }));
    assert.deepEqual([created(retried), retried.background?.name, retried.abortMessage], [[`${BACKGROUND_RUN}.1`], `${BACKGROUND_RUN}.1`, undefined]);
  });
  it('is no longer current once promoted', () => assert.equal(runs(BACKGROUND, 2, { ...record('Running'), stableRS: hash(2) }, [aRun(BACKGROUND_RUN, 'Running')]).background, undefined));
});

describe('nothing is measured', () => {
  const rows: readonly (readonly [name: string, status: Partial<RolloutStatus>])[] = [['after an abort', { abort: true }], ['in a full promotion', { promoteFull: true }], ['at first', { stableRS: '' }]];
  for (const [name, status] of rows) {
    it(name, () => {
      const off = runs(INLINE, 1, { ...stepRecord('Running'), ...status }, [aRun(STEP_RUN, 'Running')]);
      assert.deepEqual([created(off), ended(off), off.step?.name], [[], [STEP_RUN], STEP_RUN]);
    });
  }
});

describe('the history of runs', () => {
  const forgotten = (limit: number, present: readonly AnalysisRun[]): readonly string[] => {
    const rollout = aRollout({ canary: INLINE, spec: { analysis: { successfulRunHistoryLimit: limit, unsuccessfulRunHistoryLimit: limit } }, status: midUpdate(INLINE, 0) });
    return forgetRuns(aPass(rollout, [aSet(1), aSet(2)], { runs: present })).map(({ ref }) => ref.name);
  };
  const present = [aRun('a', 'Successful', { age: 3 }), aRun('b', 'Failed', { age: 2 }), aRun('c', 'Error', { age: 1 }), aRun('d', 'Running'), aRun('e', 'Successful', { labels: { [HASH_LABEL]: 'gone' } })];
  it('keeps the newest within each limit, and none of a version that is gone', () => assert.deepEqual(forgotten(1, present), ['e', 'b']));
  it('never touches what runs', () => assert.deepEqual(forgotten(0, present).includes('d'), false));
});

describe('arguments', () => {
  const field = (fieldPath: string): RolloutArgument => ({ name: 'x', valueFrom: { fieldRef: { fieldPath } } });
  const rows: readonly (readonly [name: string, arg: RolloutArgument, value: string])[] = [
    ['a text', { name: 'x', value: 'v' }, 'v'],
    ['the new version', { name: 'x', valueFrom: { podTemplateHashValue: 'Latest' } }, hash(2)],
    ['the stable version', { name: 'x', valueFrom: { podTemplateHashValue: 'Stable' } }, hash(1)],
    ['the namespace', field('metadata.namespace'), 'mall'],
    ['an annotation', field('metadata.annotations[\'rollout.argoproj.io/revision\']'), '2'],
    ['a field', field('spec.replicas'), '1e+06'],
    ['an item of a list', field('spec.template.spec.containers[0].image'), 'reg.test/shop:2'],
  ];
  const pass = aPass(aRollout({ replicas: 1_000_000, status: midUpdate({}, 0) }), [aSet(1), aSet(2)]);
  for (const [name, arg, value] of rows) it(name, () => assert.deepEqual(resolveArguments(pass, [arg]), { ok: true, value: [{ name: 'x', value }] }));
  const wrong: readonly (readonly [path: string, reason: string])[] = [
    ['spec.nothing', 'invalid path spec.nothing in rollout'],
    ['spec.template.spec.containers[4].image', 'index 4 out of range'],
    ['spec.template', 'path spec.template in rollout must terminate in a primitive value'],
  ];
  for (const [path, reason] of wrong) it(`not ${path}`, () => assert.deepEqual(resolveArguments(pass, [field(path)]), { ok: false, error: reason }));
});
