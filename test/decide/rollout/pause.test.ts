import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginsPause, isPauseOver, pauseDurationMs, pauseFields } from '../../../src/decide/rollout/pause.js';
import type { Pass } from '../../../src/decide/rollout/pass.js';
import type { RolloutStatus } from '../../../src/kinds/rollout.js';
import { formatTime } from '../../../src/lib/instant.js';
import { aPass, aRollout, aSet, midUpdate, NOW } from './fixture.js';

const canary = { steps: [{ pause: { duration: 10 } }, { pause: {} }] };

const pass = (step: number, status: Partial<RolloutStatus> = {}, now = NOW): Pass => aPass(aRollout({ canary, status: midUpdate(canary, step, status) }), [aSet(1, { size: 10 }), aSet(2)], {}, now);

const since = (reason: string, ago: number): { reason: string; startTime: string } => ({ reason, startTime: formatTime(NOW - ago) });

describe('the length of a pause', () => {
  const rows: readonly (readonly [duration: number | string | undefined, ms: number | undefined])[] = [
    [undefined, undefined], [0, 0], [90, 90_000], ['90', 90_000], ['1m30s', 90_000], ['1500ms', 1000], ['soon', -1], [-5, -5000],
  ];
  for (const [duration, ms] of rows) it(String(duration), () => assert.equal(pauseDurationMs(duration === undefined ? {} : { duration }), ms));
});

describe('a pause', () => {
  const step = since('CanaryPauseStep', 9000);
  it('is not over before its end', () => assert.equal(isPauseOver(pass(0, { controllerPause: true, pauseConditions: [step] })), false));
  it('is over at its end', () => assert.equal(isPauseOver(pass(0, { controllerPause: true, pauseConditions: [step] }, NOW + 1000)), true));
  it('without an end waits', () => assert.equal(isPauseOver(pass(1, { controllerPause: true, pauseConditions: [step] }, NOW + 1e9)), false));
  it('is over when a person has taken it away', () => assert.equal(isPauseOver(pass(1, { controllerPause: true })), true));
  it('is not passed because another pause is there: nobody has seen this gate', () => {
    assert.equal(isPauseOver(pass(1, { controllerPause: true, pauseConditions: [since('InconclusiveAnalysisRun', 1000)] })), false);
  });
});

describe('a pause begins', () => {
  it('when the pods have settled', () => assert.equal(beginsPause(pass(0), true), true));
  const never: readonly (readonly [name: string, status: Partial<RolloutStatus>, settled: boolean])[] = [
    ['while pods come and go', {}, false],
    ['twice', { controllerPause: true, pauseConditions: [since('CanaryPauseStep', 1)] }, true],
    ['after it was resumed', { controllerPause: true }, true],
    ['in a full promotion', { promoteFull: true }, true],
    ['after an abort', { abort: true }, true],
  ];
  for (const [name, status, settled] of never) it(`never ${name}`, () => assert.equal(beginsPause(pass(0, status), settled), false));
});

describe('the fields', () => {
  const none = { aborted: false, cleared: false, added: [], removed: [] };
  const held = since('CanaryPauseStep', 1000);
  it('a pause starts at a whole second, never before now', () => {
    assert.deepEqual(pauseFields(pass(0, {}, NOW + 1), { ...none, added: ['CanaryPauseStep'] }), {
      controllerPause: true, pauseConditions: [{ reason: 'CanaryPauseStep', startTime: formatTime(NOW + 1000) }],
    });
  });
  it('the last pause that ends takes the flag along', () => assert.deepEqual(pauseFields(pass(0, { controllerPause: true, pauseConditions: [held] }), { ...none, removed: ['CanaryPauseStep'] }), {}));
  it('a pause that is there keeps its start', () => {
    assert.deepEqual(pauseFields(pass(0, { controllerPause: true, pauseConditions: [held] }), { ...none, added: ['CanaryPauseStep'] }), { controllerPause: true, pauseConditions: [held] });
  });
  it('an abort keeps its first time and drops pauses', () => {
    assert.deepEqual(pauseFields(pass(0, { abortedAt: 'first', pauseConditions: [held] }), { ...none, aborted: true }), { abort: true, abortedAt: 'first' });
  });
});
