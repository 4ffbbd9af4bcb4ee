// Steps that a module takes: which calls are due, what becomes of their answers, and when it is asked again.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dueStepCalls, reconcileStepPlugins } from '../../../src/decide/rollout/step-plugins.js';
import type { StepAnswer, StepCall } from '../../../src/decide/rollout/step-plugins.js';
import type { Pass } from '../../../src/decide/rollout/pass.js';
import type { StepPluginRecord } from '../../../src/kinds/rollout-status.js';
import type { RolloutStatus } from '../../../src/kinds/rollout.js';
import { formatTime } from '../../../src/lib/instant.js';
import { aPass, aRollout, aSet, hash, midUpdate, NOW } from './fixture.js';

const STEPS = { steps: [{ plugin: { name: 'acme/wait', config: { n: 1 } } }, { setWeight: 50 }, { plugin: { name: 'acme/ask' } }] };

const at = (seconds: number): string => formatTime(NOW + seconds * 1000);
const run = (index: number, phase: string, more: Partial<StepPluginRecord> = {}): StepPluginRecord => ({ index, name: index === 0 ? 'acme/wait' : 'acme/ask', operation: 'Run', phase, startedAt: at(-60), updatedAt: at(-10), ...more });

function pass(index: number, records: readonly StepPluginRecord[], status: Partial<RolloutStatus> = {}, spec: { readonly paused?: boolean } = {}, answers: readonly { call: StepCall; answer: StepAnswer }[] = []): Pass {
  const rollout = aRollout({ canary: STEPS, spec, status: midUpdate(STEPS, index, { canary: { stepPluginStatuses: records }, ...status }) });
  return aPass(rollout, [aSet(1, { size: 10 }), aSet(2, { size: 1 })], { stepAnswers: answers });
}

const due = (asked: Pass): readonly string[] => dueStepCalls(asked).map(({ index, name, operation }) => `${operation} ${name} ${index}`);

describe('calls', () => {
  const pauses = { pauseConditions: [{ reason: 'InconclusiveAnalysisRun', startTime: at(0) }] };
  const running = [run(0, 'Running', { backoff: '10s' })];
  const rows: readonly (readonly [name: string, pass: Pass, calls: readonly string[]])[] = [
    ['a step that begins', pass(0, []), ['Run acme/wait 0']],
    ['one that is not current', pass(1, []), []],
    ['one that has run', pass(0, [run(0, 'Successful')]), []],
    ['one that has failed', pass(0, [run(0, 'Failed')]), []],
    ['one whose time is not yet', pass(0, [run(0, 'Running', { backoff: '11s' })]), []],
    ['one whose time is', pass(0, running), ['Run acme/wait 0']],
    ['one in error', pass(0, [run(0, 'Error', { backoff: '10s' })]), ['Run acme/wait 0']],
    ['while a person has paused', pass(0, running, {}, { paused: true }), []],
    ['while it is paused', pass(0, running, pauses), []],
    ['an abort, newest first', pass(2, [run(0, 'Successful'), run(2, 'Running')], { abort: true, abortedAt: at(0) }), ['Abort acme/ask 2', 'Abort acme/wait 0']],
    ['an abort of what did nothing', pass(2, [run(0, 'Failed')], { abort: true, abortedAt: at(0) }), []],
    ['an abort, once', pass(2, [run(0, 'Successful'), run(0, 'Successful', { operation: 'Abort' })], { abort: true, abortedAt: at(0) }), []],
    ['an abort that went wrong', pass(2, [run(0, 'Successful'), run(0, 'Error', { operation: 'Abort', backoff: '10s' })], { abort: true, abortedAt: at(0) }), ['Abort acme/wait 0']],
    ['a full promotion', pass(0, running, { promoteFull: true }), ['Terminate acme/wait 0']],
    ['a full promotion, once', pass(0, [...running, run(0, 'Successful', { operation: 'Terminate' })], { promoteFull: true }), []],
    ['a promoted one', pass(3, [run(0, 'Successful')], { stableRS: hash(2) }), []],
    ['a retry', pass(0, [run(0, 'Successful')], { abortedAt: at(-5) }), ['Run acme/wait 0']],
  ];
  for (const [name, asked, calls] of rows) it(name, () => assert.deepEqual(due(asked), calls));
  it('know what the step says and what was answered before', () => {
    const [call] = dueStepCalls(pass(0, [run(0, 'Running', { backoff: '1s', status: { seen: 2 } })]));
    assert.deepEqual([call?.config, call?.status, call?.rollout.metadata.name], [{ n: 1 }, { seen: 2 }, 'shop']);
  });
});

describe('answers', () => {
  const answered = (before: readonly StepPluginRecord[], answer: StepAnswer, status: Partial<RolloutStatus> = {}): ReturnType<typeof reconcileStepPlugins> => {
    const [call] = dueStepCalls(pass(0, before, status));
    return reconcileStepPlugins(pass(0, before, status, {}, call === undefined ? [] : [{ call, answer }]));
  };
  const recordOf = (before: readonly StepPluginRecord[], answer: StepAnswer): StepPluginRecord | undefined => answered(before, answer).records[0];
  it('that it runs: asked again when it says', () => {
    const found = answered([], { phase: 'Running', requeueAfterSeconds: 7, status: { seen: 1 } });
    assert.deepEqual(found.records[0], { index: 0, name: 'acme/wait', operation: 'Run', phase: 'Running', startedAt: at(0), updatedAt: at(0), backoff: '7s', executions: 1, status: { seen: 1 } });
    assert.deepEqual([found.wakeAt, found.phase], [NOW + 7000, 'Running']);
  });
  it('that it runs, without a time', () => assert.equal(recordOf([], { phase: 'Running' })?.backoff, '30s'));
  it('never at once', () => assert.equal(recordOf([], { phase: 'Running', requeueAfterSeconds: 0 })?.backoff, '1s'));
  it('an error keeps what was known', () => {
    const record = recordOf([run(0, 'Running', { backoff: '1s', status: { seen: 2 }, executions: 2 })], { phase: 'Error', message: 'away', status: { seen: 9 } });
    assert.deepEqual([record?.phase, record?.message, record?.status, record?.executions, record?.backoff, record?.startedAt], ['Error', 'away', { seen: 2 }, 3, '30s', at(-60)]);
  });
  it('the end', () => {
    const found = answered([run(0, 'Running', { backoff: '1s' })], { phase: 'Successful' });
    assert.deepEqual([found.records[0]?.finishedAt, found.records[0]?.backoff, found.wakeAt, found.abortMessage], [at(0), undefined, undefined, undefined]);
    assert.deepEqual(found.actions, [{ type: 'note', note: { type: 'Normal', reason: 'StepPluginTransition', message: 'Step plugin acme/wait (step 1) transitioned to Successful' } }]);
  });
  it('a failure aborts', () => {
    const found = answered([], { phase: 'Failed', message: 'not on Fridays' });
    assert.equal(found.abortMessage, 'Step Plugin 1 (acme/wait) failed: not on Fridays');
    assert.deepEqual(found.actions.map((action) => (action.type === 'note' ? action.note.type : '')), ['Warning']);
  });
  it('nothing new is nothing to tell', () => assert.deepEqual(reconcileStepPlugins(pass(0, [run(0, 'Running', { backoff: '60s' })])).actions, []));
  it('a retry forgets', () => assert.deepEqual(reconcileStepPlugins(pass(0, [run(0, 'Successful')], { abortedAt: at(-5) })).records, []));
});
