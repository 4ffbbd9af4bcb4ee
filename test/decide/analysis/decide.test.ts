// Runs played measurement by measurement on an imagined clock: phases, messages, counters, events and times.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { concludeAnalysisRun, decideAnalysisRun } from '../../../src/decide/analysis/decide.js';
import type { Measured } from '../../../src/decide/analysis/measurement.js';
import { isCompleted, type AnalysisRun, type Metric } from '../../../src/kinds/analysis-run.js';
import type { Note } from '../../../src/kinds/change.js';
import type { Instant } from '../../../src/lib/instant.js';
import { aMetric, aRun, T0 } from './metrics.js';

type Answer = Measured['phase'] | `Error ${string}`;

type Played = { readonly run: AnalysisRun; readonly notes: readonly Note[]; readonly measuredAt: readonly (readonly [string, number])[] };

/** Plays a run until it ends or 200 passes are over; each metric gives its answers in order, the last one for ever. */
function play(start: AnalysisRun, answers: Readonly<Record<string, readonly Answer[]>>, options: { readonly stopAt?: Instant; readonly from?: Instant } = {}): Played {
  let run = start;
  let now = options.from ?? T0;
  const notes: Note[] = [];
  const measuredAt: [string, number][] = [];
  const given = new Map<string, number>();
  const finished = new Map<string, Instant>();
  for (let pass = 0; pass < 200; pass += 1) {
    const decision = decideAnalysisRun(run, now, (name) => finished.get(name));
    if (decision.type === 'ended') break;
    if (decision.type === 'refused') {
      run = { ...run, status: decision.status };
      notes.push(...decision.notes);
      break;
    }
    const measured = decision.due.map(({ metric }) => {
      const list = answers[metric.name] ?? ['Successful'];
      const answer = list[Math.min(given.get(metric.name) ?? 0, list.length - 1)] ?? 'Successful';
      given.set(metric.name, (given.get(metric.name) ?? 0) + 1);
      measuredAt.push([metric.name, (now - T0) / 1000]);
      finished.set(metric.name, now);
      return measurement(metric, answer, now, decision.plan.dryRun.has(metric.name));
    });
    const conclusion = concludeAnalysisRun(decision.plan, measured, now, (name) => finished.get(name));
    run = { ...run, status: conclusion.status };
    notes.push(...conclusion.notes);
    if (conclusion.wakeAt === undefined || isCompleted(run.status?.phase)) break;
    now = conclusion.wakeAt;
    if (options.stopAt !== undefined && now > options.stopAt) break;
  }
  return { run, notes, measuredAt };
}

function measurement(metric: Metric, answer: Answer, now: Instant, dryRun: boolean): Measured {
  const [phase, ...words] = answer.split(' ') as [Measured['phase'], ...string[]];
  return { metric: metric.name, dryRun, startedAt: now, finishedAt: now, phase, secrets: [], ...(phase === 'Error' ? { message: words.join(' ') } : { value: '1' }) };
}

const results = (played: Played): unknown => played.run.status?.metricResults?.map((result) => Object.fromEntries(Object.entries(result).filter(([key]) => key !== 'measurements')));
const verdict = (played: Played): readonly [string | undefined, string | undefined] => [played.run.status?.phase, played.run.status?.message];

test('runs end as recordings of the real controller did', () => {
  const cases: readonly [string, AnalysisRun, Record<string, readonly Answer[]>, string, string | undefined, unknown][] = [
    ['success', aRun([aMetric({ count: 3, interval: '1s' })]), {}, 'Successful', undefined, [{ name: 'a', phase: 'Successful', count: 3, successful: 3, consecutiveSuccess: 3 }]],
    ['failure', aRun([aMetric({ count: 3, interval: '1s' })]), { a: ['Successful', 'Failed'] }, 'Failed', 'Metric "a" assessed Failed due to failed (1) > failureLimit (0)', [{ name: 'a', phase: 'Failed', count: 2, successful: 1, failed: 1 }]],
    ['error', aRun([aMetric({ count: 2, interval: '1s', consecutiveErrorLimit: 0 })]), { a: ['Error received non 2xx response code: 500'] }, 'Error',
      'Metric "a" assessed Error due to consecutiveErrors (1) > consecutiveErrorLimit (0): "Error Message: received non 2xx response code: 500"',
      [{ name: 'a', phase: 'Error', error: 1, consecutiveError: 1, message: 'received non 2xx response code: 500' }]],
    ['inconclusive', aRun([aMetric()]), { a: ['Inconclusive'] }, 'Inconclusive', 'Metric "a" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)', [{ name: 'a', phase: 'Inconclusive', count: 1, inconclusive: 1 }]],
    ['too few consecutive successes', aRun([aMetric({ count: 4, interval: '1s', failureLimit: 2, consecutiveSuccessLimit: 2 })]), { a: ['Successful', 'Failed', 'Successful', 'Failed'] }, 'Inconclusive', undefined,
      [{ name: 'a', phase: 'Inconclusive', count: 4, successful: 2, failed: 2 }]],
    ['consecutive successes', aRun([aMetric({ interval: '1s', failureLimit: -1, consecutiveSuccessLimit: 2 })]), { a: ['Failed', 'Successful', 'Failed', 'Successful'] }, 'Successful', undefined,
      [{ name: 'a', phase: 'Successful', count: 5, successful: 3, failed: 2, consecutiveSuccess: 2 }]],
    ['worst of several ends the endless one', aRun([aMetric({ name: 'a' }), aMetric({ name: 'b' }), aMetric({ name: 'c' }), aMetric({ name: 'd', count: 30, interval: '1s' })]), { b: ['Inconclusive'], c: ['Failed'] }, 'Failed',
      'Metric "c" assessed Failed due to failed (1) > failureLimit (0)', [
        { name: 'a', phase: 'Successful', count: 1, successful: 1, consecutiveSuccess: 1 }, { name: 'b', phase: 'Inconclusive', count: 1, inconclusive: 1 },
        { name: 'c', phase: 'Failed', count: 1, failed: 1 }, { name: 'd', phase: 'Successful', count: 1, successful: 1, consecutiveSuccess: 1 },
      ]],
    ['dry run', aRun([aMetric({ name: 'good', count: 2, interval: '1s' }), aMetric({ name: 'bad-rate', count: 3, interval: '1s' }), aMetric({ name: 'bad-err', count: 1, consecutiveErrorLimit: 0 })], { dryRun: [{ metricName: 'bad-.*' }] }),
      { 'bad-rate': ['Failed'], 'bad-err': ['Error boom'] }, 'Successful', undefined, [
        { name: 'good', phase: 'Successful', count: 2, successful: 2, consecutiveSuccess: 2 },
        { name: 'bad-rate', phase: 'Failed', dryRun: true, count: 1, failed: 1, message: 'Metric assessed Failed due to failed (1) > failureLimit (0)' },
        { name: 'bad-err', phase: 'Error', dryRun: true, error: 1, consecutiveError: 1, message: 'Metric assessed Error due to consecutiveErrors (1) > consecutiveErrorLimit (0)' },
      ]],
  ];
  for (const [name, run, answers, phase, message, wanted] of cases) {
    const played = play(run, answers);
    assert.deepEqual(verdict(played), [phase, message], name);
    assert.deepEqual(results(played), wanted, name);
    assert.equal(typeof played.run.status?.completedAt, 'string', name);
  }
});

test('summaries count metrics, and events tell of each end once', () => {
  const played = play(aRun([aMetric(), aMetric({ name: 'dry' })], { dryRun: [{ metricName: '^dry$' }] }), { dry: ['Failed'] });
  assert.deepEqual(played.run.status?.runSummary, { count: 1, successful: 1 });
  assert.deepEqual(played.run.status?.dryRunSummary, { count: 1, failed: 1 });
  assert.deepEqual(played.notes.map((note) => `${note.type} ${note.reason} ${note.message}`), [
    "Normal MetricSuccessful Metric 'a' Completed. Result: Successful", "Warning MetricFailed Metric 'dry' Completed. Result: Failed", 'Normal AnalysisRunSuccessful Analysis Completed. Result: Successful',
  ]);
});

test('runs that can not be worked on are refused with the reason', () => {
  const cases: readonly [AnalysisRun, string][] = [
    [aRun([]), 'Analysis spec invalid: no metrics specified'],
    [aRun([aMetric({ provider: {} })]), 'Analysis spec invalid: metrics[0]: no provider specified'],
    [aRun([aMetric({ provider: { web: { url: 'x' }, prometheus: {} } })]), 'Analysis spec invalid: metrics[0]: multiple providers specified'],
    [aRun([aMetric(), aMetric()]), "Analysis spec invalid: metrics[1]: duplicate name 'a'"],
    [aRun([aMetric({ count: 2 })]), 'Analysis spec invalid: metrics[0]: interval must be specified when count > 1'],
    [aRun([aMetric({ count: 2, interval: '1s', failureLimit: 5 })]), 'Analysis spec invalid: metrics[0]: count (2) must be >= failureLimit + consecutiveSuccessLimit (5 + 0) if both >= 0'],
    [aRun([aMetric({ failureLimit: -1 })]), 'Analysis spec invalid: metrics[0]: failureLimit and consecutiveSuccessLimit cannot both be disabled'],
    [aRun([aMetric()], { dryRun: [{ metricName: 'zzz' }] }), "Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)"],
    [aRun([aMetric()], { measurementRetention: [{ metricName: '(', limit: 1 }] }), "Analysis spec invalid: measurementRetention[0]: Rule didn't match any metric name(s)"],
    [aRun([aMetric({ successCondition: '{{args.nope}}' })]), 'Unable to resolve metric arguments: failed to resolve {{args.nope}}'],
    [aRun([aMetric()], { args: [{ name: 'x' }] }), 'Unable to resolve metric arguments: argument "x" was not supplied'],
  ];
  for (const [run, message] of cases) {
    const played = play(run, {});
    assert.deepEqual(verdict(played), ['Error', message]);
    assert.equal(played.run.status?.completedAt, undefined);
  }
});

test('intervals, delays and the ten seconds after an error are kept', () => {
  assert.deepEqual(play(aRun([aMetric({ count: 3, interval: '30s' })]), {}).measuredAt, [['a', 0], ['a', 30], ['a', 60]]);
  assert.deepEqual(play(aRun([aMetric({ count: 2, interval: '5m' })]), { a: ['Error down', 'Error down', 'Successful'] }).measuredAt, [['a', 0], ['a', 10], ['a', 20], ['a', 320]]);
  const [first] = play(aRun([aMetric({ initialDelay: '1m' })]), {}).measuredAt;
  assert.ok(first !== undefined && first[1] >= 60 && first[1] < 61);
  assert.equal(play(aRun([aMetric({ interval: '10s' })]), {}, { stopAt: T0 + 100_000 }).measuredAt.length, 11);
});

test('a time cut to seconds never ends an interval early', () => {
  const run = aRun([aMetric({ count: 2, interval: '5s' })], {}, {
    phase: 'Running', startedAt: '2026-11-21T10:00:00Z',
    metricResults: [{ name: 'a', phase: 'Running', count: 1, successful: 1, measurements: [{ phase: 'Successful', startedAt: '2026-11-21T10:00:00Z', finishedAt: '2026-11-21T10:00:00Z' }] }],
  });
  const at = (now: Instant): number => {
    const decision = decideAnalysisRun(run, now);
    return decision.type === 'measure' ? decision.due.length : -1;
  };
  // It may have ended at 10:00:00.999.
  assert.equal(at(T0 + 5500), 0);
  assert.equal(at(T0 + 5999), 1);
});

test('termination keeps what was found and says so', () => {
  const running = play(aRun([aMetric({ interval: '10s' })]), {}, { stopAt: T0 + 15_000 });
  const terminated = play({ ...running.run, spec: { ...running.run.spec, terminate: true } }, {}, { from: T0 + 16_000 });
  assert.deepEqual(verdict(terminated), ['Successful', 'Run Terminated']);
  assert.equal(terminated.measuredAt.length, 0);
  assert.deepEqual(verdict(play(aRun([aMetric()], { terminate: true }), {})), ['Successful', 'Run Terminated']);
});

test('an unfinished measurement of an earlier controller is finished, not doubled', () => {
  const started = '2026-11-21T09:59:00Z';
  const run = aRun([aMetric()], {}, { phase: 'Running', startedAt: started, metricResults: [{ name: 'a', phase: 'Running', measurements: [{ phase: 'Running', startedAt: started, metadata: { id: '7' } }] }] });
  const [result] = play(run, {}).run.status?.metricResults ?? [];
  assert.equal(result?.measurements?.length, 1);
  assert.deepEqual([result?.measurements?.[0]?.startedAt, result?.measurements?.[0]?.phase, result?.measurements?.[0]?.metadata], [started, 'Successful', { id: '7' }]);
});

test('measurements are kept as long as the rules say', () => {
  const count = (run: AnalysisRun): number | undefined => play(run, {}).run.status?.metricResults?.[0]?.measurements?.length;
  assert.equal(count(aRun([aMetric({ count: 15, interval: '1s' })])), 10);
  assert.equal(count(aRun([aMetric({ count: 15, interval: '1s' })], { measurementRetention: [{ metricName: 'a', limit: 12 }] })), 12);
});

test('a completed run is deleted when its strategy says', () => {
  const ended = (phase: 'Successful' | 'Failed' | 'Error', ttlStrategy: AnalysisRun['spec']['ttlStrategy']): unknown => {
    const decision = decideAnalysisRun(aRun([aMetric()], ttlStrategy === undefined ? {} : { ttlStrategy }, { phase, completedAt: '2026-11-21T10:00:00Z' }), T0);
    return decision.type === 'ended' ? decision.expiresAt : 'not ended';
  };
  assert.equal(ended('Successful', undefined), undefined);
  assert.equal(ended('Successful', { secondsAfterSuccess: 500, secondsAfterCompletion: 900 }), T0 + 500_000);
  assert.equal(ended('Failed', { secondsAfterFailure: 700 }), T0 + 700_000);
  assert.equal(ended('Failed', { secondsAfterSuccess: 700 }), undefined);
  assert.equal(ended('Error', { secondsAfterFailure: 700, secondsAfterCompletion: 900 }), T0 + 900_000);
  // Whoever waits for the run must still see how it ended.
  assert.equal(ended('Failed', { secondsAfterFailure: 0 }), T0 + 60_000);
});
