// The history with what the local audit log knows: who began and who ended a release, why; what belongs to no release is told as none.

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { followPastActs, readPastActs } from '../../src/app/audit-reader.js';
import type { Model } from '../../src/console/model.js';
import { needsOf } from '../../src/console/needs.js';
import { needKey } from '../../src/console/need.js';
import type { PastAct } from '../../src/console/past-acts.js';
import { render } from '../../src/console/render.js';
import { systemClock } from '../../src/lib/clock.js';
import { formatTime } from '../../src/lib/instant.js';
import { aPod, aReplicaSet, aRollout, aSnapshot, anAnalysisRun, CANARY_HASH, NOW, STABLE_HASH } from '../support/builders.js';
import { aModel, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const KEY = 'shop/cart';
const NEED = { type: 'audit', cluster: 'sluice', namespace: 'shop', name: 'cart' } as const;
const ago = (seconds: number): number => NOW - seconds * 1000;

const act = (secondsAgo: number, action: string, more: Partial<PastAct> = {}): PastAct =>
  ({ at: ago(secondsAgo), who: 'ana@jump-2', action: `rollout.${action}`, outcome: 'taken', revision: action === 'abort' ? '7' : '6', reason: '', ...more });

const standing = (skewMs: number): Model => {
  const snapshot = aSnapshot({
    skewMs,
    rollouts: [aRollout(KEY).aborted(1, 200).build()],
    replicaSets: [aReplicaSet(KEY, { revision: 7, hash: CANARY_HASH, wanted: 0, ageSeconds: 900 }), aReplicaSet(KEY, { revision: 6, hash: STABLE_HASH, wanted: 5, ageSeconds: 80_000 })],
  });
  return aModel(160, 20, snapshot);
};

function history(acts: readonly PastAct[], skewMs = 0): string {
  const [open] = press(standing(skewMs), 'h');
  assert.deepEqual(needsOf(open).filter(({ type }) => type === 'audit'), [NEED]);
  return printFrame(render(send(open, { type: 'past-acts', key: needKey(NEED), acts })));
}

const row = (text: string, start: RegExp): string => text.split('\n').find((line) => start.test(line)) ?? `no line ${String(start)} in\n${text}`;

test('who began a release and who ended it, with their reasons', () => {
  const shown = history([act(902, 'set-image', { reason: 'CVE-1' }), act(880, 'promote'), act(203, 'abort', { who: 'bob@jump-1', reason: 'too slow' })]);
  assert.match(row(shown, / 7 /), /7 aborted .*11m ana@jump-2 .*aborted by bob@jump-1: too slow; CVE-1/);
  assert.doesNotMatch(row(shown, / 6 /), /ana|bob/);
});

test('an act that was refused, or is far from the release, began nothing', () => {
  for (const acts of [[act(902, 'set-image', { outcome: 'refused' })], [act(2000, 'set-image')], [act(902, 'restart')]]) assert.doesNotMatch(row(history(acts), / 7 /), /ana/);
});

test('the clock of this machine may be wrong', () => {
  const late = [act(902 + 300, 'set-image')];
  assert.doesNotMatch(row(history(late), / 7 /), /ana/);
  assert.match(row(history(late, 300_000), / 7 /), /ana@jump-2/);
});

test('an act is no release, and is joined to one only by its revision', () => {
  const before = [act(200_000, 'rollback', { revision: '5' }), act(199_000, 'abort', { who: 'bob@jump-1', revision: '' })];
  const shown = history(before);
  assert.doesNotMatch(shown, /roll back|bob|ana/);
  for (const revision of ['', '5', '7']) assert.doesNotMatch(row(history([act(902, 'set-image', { revision })]), / 7 /), /ana/, `begun at ${revision}`);
  for (const revision of ['', '6']) assert.doesNotMatch(row(history([act(203, 'abort', { revision })]), / 7 /), /aborted by/, `aborted at ${revision}`);
});

test('enter on a release opens what it changed', () => {
  const opened = press(press(standing(0), 'h')[0], 'enter')[0];
  assert.equal(opened.stack.at(-1)?.screen, 'diff');
});

test('what is asked for is recorded with the revision that it was asked of', () => {
  const effects = press(aModel(100, 30, aSnapshot({ rollouts: [aRollout(KEY).paused(1, 60).metadata({ annotations: { 'rollout.argoproj.io/revision': '7' } }).build()] })), 'a', 'y')[1];
  const [sent] = effects.flatMap((effect) => (effect.type === 'apply' ? [effect.about.revision] : []));
  assert.equal(sent, '7');
});

test('the log is read with its full files, without the lines of others, and again when it grows', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-audit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const environment = { XDG_STATE_HOME: folder };
  const file = path.join(folder, 'sluice', 'audit.jsonl');
  assert.deepEqual(await readPastActs(environment, NEED), []);
  mkdirSync(path.dirname(file));
  const line = (secondsAgo: number, more: object = {}): string => `${JSON.stringify({ time: formatTime(ago(secondsAgo)), user: 'ana', osUser: 'ana', host: 'jump-2', context: 'sluice', namespace: 'shop', name: 'cart', action: 'rollout.undo', words: `${secondsAgo}`, outcome: 'taken', revision: '6', reason: '', ...more })}\n`;
  writeFileSync(`${file}.2`, line(30));
  writeFileSync(`${file}.1`, line(20));
  writeFileSync(file, `${line(10, { name: 'other' })}${line(9, { context: 'prod' })}${line(8, { words: 'of "cart"', name: 'x' })}{"name":"cart", cut\n"cart"\n${line(7)}`);
  const acts = await readPastActs(environment, NEED);
  assert.deepEqual(acts.map(({ at }) => at), [30, 20, 7].map(ago));
  assert.deepEqual(acts[0], { at: ago(30), who: 'ana@jump-2', action: 'rollout.undo', outcome: 'taken', revision: '6', reason: '' });
  const seen: number[] = [];
  let grown = (): void => {};
  const both = new Promise<void>((resolve) => { grown = resolve; });
  const stop = followPastActs(NEED, environment, systemClock, (found) => {
    seen.push(found.length);
    if (seen.length === 1) appendFileSync(file, line(1));
    else grown();
  });
  await both;
  stop();
  assert.deepEqual(seen, [3, 4]);
});

test('the log of a rollout has the pods of its canary\'s analysis jobs', () => {
  const measured = { 'job-name': 'smoke-1' };
  const run = anAnalysisRun(KEY, { name: 'smoke' });
  const withJob = { ...run, status: { phase: 'Running', metricResults: [{ name: 'smoke', measurements: [{ phase: 'Running', metadata: measured }] }] } };
  const job = aPod(KEY, { hash: 'x', suffix: 'job1' });
  const labelled = (labels: Record<string, string>): typeof job => ({ ...job, metadata: { ...job.metadata, labels, ownerReferences: [] } });
  const model = (labels: Record<string, string>): Model => aModel(120, 20, aSnapshot({
    rollouts: [aRollout(KEY).at(1).build()],
    replicaSets: [aReplicaSet(KEY, { revision: 7, hash: CANARY_HASH, wanted: 1 }), aReplicaSet(KEY, { revision: 6, hash: STABLE_HASH, wanted: 1 })],
    pods: [aPod(KEY, { hash: CANARY_HASH, suffix: 'aa' }), labelled(labels)],
    analysisRuns: [withJob],
  }));
  const pods = (labels: Record<string, string>): number => needsOf(press(model(labels), 'l')[0]).filter(({ type }) => type === 'log').length;
  assert.deepEqual([pods(measured), pods({ 'batch.kubernetes.io/job-name': 'smoke-1' }), pods({ 'job-name': 'another' })], [2, 2, 1]);
});

test('of an image that is too long for its column the end stays: often the tag alone tells releases apart', () => {
  const image = (tag: string): string => `registry.shop.example/payments-checkout-service:${tag}`;
  const replicaSets = [
    aReplicaSet(KEY, { revision: 7, hash: CANARY_HASH, wanted: 2, image: image('v1.20.4') }),
    aReplicaSet(KEY, { revision: 6, hash: STABLE_HASH, wanted: 3, image: image('v1.20.3') }),
  ];
  const shown = printFrame(render(press(aModel(80, 24, aSnapshot({ rollouts: [aRollout(KEY).aborted(1, 200).build()], replicaSets })), 'h')[0]));
  assert.match(shown, / …\S*:v1\.20\.4$/m);
  assert.match(shown, / …\S*:v1\.20\.3$/m);
});
