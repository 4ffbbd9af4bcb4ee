// "Waiting for you" on a narrow terminal: what people come for (the metric, its value, the limit, who) is never what gets cut.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { ago, anAnalysisRun, anEvent, aRollout, aSnapshot } from '../support/builders.js';
import { aModel } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const KEY = 'shop/cart';
/** The longest name of the list takes the most that it may, as in a cluster. */
const LONG = aRollout('canary-rollout-demo/canary-demo-application').healthy().build();
const model = (rollout: KubeObject, columns: number, more: Partial<Snapshot> = {}): Model => aModel(columns, 24, aSnapshot({ rollouts: [rollout, LONG], ...more }));
const line = (...of: Parameters<typeof model>): string => (printFrame(render(model(...of))).split('\n')[2] ?? '').trimEnd();
const aborted = aRollout(KEY).aborted(1, 85).build();
const failed = (metric: string, condition: { readonly failure?: string; readonly success?: string }, value: string, failedCount = 4): Partial<Snapshot> => ({
  analysisRuns: [anAnalysisRun(KEY, { name: 'r', metric, phase: 'Failed', failureLimit: 3, failed: failedCount, values: [value], phases: ['Failed'], ...condition })],
});
const ERRORS = failed('request-error', { failure: 'result[0] > 0.05' }, '[0.199]');
const APDEX = failed('apdex', { success: 'result[0] >= 9900' }, '[6916]');

test('where there is room all is told; where there is not, the limit stays and the counts go', () => {
  assert.match(line(aborted, 160, ERRORS), /aborted 85s ago: request-error 0\.199 > 0\.05; 4 failed, limit 3/);
  assert.match(line(aborted, 80, ERRORS), / request-error 0\.199 > 0\.05$/);
  assert.match(line(aborted, 80, APDEX), / apdex 6916 < 9900; 4 failed, limit 3$/);
});

test('of a name that is too long itself the end goes before the value and its limit', () => {
  const long = failed('request-error-rate-of-all-the-backends', { failure: 'result[0] > 0.05' }, '[0.199]');
  assert.match(line(aborted, 80, long), / request-error-rate\S*… 0\.199 > 0\.05$/);
});

const managed = { metadata: { managedFields: [{ manager: 'sluice-console', operation: 'Update', subresource: 'status', time: ago(85), fieldsV1: { 'f:status': { 'f:abort': {} } } }] as never } };
const byConsole: KubeObject = { ...aborted, metadata: { ...aborted.metadata, ...managed.metadata } };
const act = (secondsAgo: number): Partial<Snapshot> => ({ events: [anEvent(KEY, { reason: 'OperatorAbort', message: 'ana (a.k@shop.example)@jump-2: abort shop/cart; reason: errors', secondsAgo })] });

test('an abort by a person says who before with what, and no word is cut', () => {
  assert.match(line(byConsole, 160, act(84)), /aborted 85s ago: by ana@jump-2, with sluice-console/);
  assert.match(line(byConsole, 80, act(84)), / by ana@jump-2, with sluice-console$/);
  assert.match(line(byConsole, 80), / by hand, with sluice-console$/);
  assert.match(line(byConsole, 80, act(900)), / by hand, with sluice-console$/, 'an older abort says nothing of this one');
  assert.match(line(byConsole, 60, act(84)), / by ana@jump-2$/);
});

const held = (hold: Record<string, string>): KubeObject => aRollout(KEY).at(2).spec({ paused: true }).metadata({ annotations: { 'sluice.dev/hold': JSON.stringify(hold) } }).build();

test('a hold says whose it is before it is cut', () => {
  const hold = { by: 'ben (b.o@shop.example)@jump-1', reason: 'the database is being moved to other machines', since: ago(9) };
  assert.match(line(held(hold), 80), / held by ben@jump-1: the database .*…$/);
  assert.match(line(held({ ...hold, reason: 'database' }), 80), / held by ben@jump-1: database$/);
  assert.match(line(held({ ...hold, reason: 'db', until: ago(-7200) }), 80), / held until \d\d:\d\d:\d\d by ben@jump-1: db$/);
});
