// An engine without a screen: until when it goes on, what it writes down, and when a console may become one at all.

import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { describeChanges, driveOn, isAtRest, takeHangupLog, createHangupLog } from '../../src/app/hangup.js';
import { drivesHere } from '../../src/app/drive-policy.js';
import { buildBoard } from '../../src/console/board.js';
import { readFacts } from '../../src/console/facts.js';
import { NO_SETTINGS, resolveSettings, type SettingsLayers } from '../../src/console/settings/resolve.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { aRollout, aSnapshot, NOW } from '../support/builders.js';
import { temporaryFolder } from '../support/sluice.js';

const KEY = 'shop/cart';

test('at rest are those that wait for a person, are degraded or healthy', () => {
  const rows: readonly (readonly [KubeObject, boolean])[] = [
    [aRollout(KEY).healthy().build(), true],
    [aRollout(KEY).aborted(1, 10).build(), true],
    [aRollout(KEY).paused(1, 10).build(), true],
    [aRollout(KEY).paused(3, 10).build(), false],
    [aRollout(KEY).at(0).build(), false],
    [aRollout(KEY).healthy().metadata({ generation: 9 }).build(), false],
  ];
  for (const [rollout, wanted] of rows) assert.equal(isAtRest(readFacts(rollout, 'sluice')), wanted, JSON.stringify(rollout['status']));
});

async function drive(script: readonly KubeObject[], leads = () => true): Promise<readonly string[]> {
  const clock = new VirtualClock(NOW);
  const lines: string[] = [];
  let look = 0;
  const done = driveOn({
    clock, leads, signal: new AbortController().signal,
    snapshot: () => {
      const rollout = script[Math.min(look, script.length - 1)];
      look += 1;
      return aSnapshot({ rollouts: rollout === undefined ? [] : [rollout] });
    },
    write: async (line) => { lines.push(line); },
  });
  await clock.runUntil(NOW + 60_000);
  await done;
  return lines;
}

test('it goes on through steps and pauses, writes down each, and ends at rest', async () => {
  const lines = await drive([aRollout(KEY).at(0).build(), aRollout(KEY).paused(3, 1).build(), aRollout(KEY).at(4).build(), aRollout(KEY).healthy().build()]);
  assert.match(lines[0] ?? '', /goes on without a screen/);
  assert.match(lines[1] ?? '', /^shop\/cart: Paused, step 4 of 6, canary asked 40 %/);
  assert.match(lines.at(-1) ?? '', /at rest: the Lease is given back/);
});

test('it ends when another engine leads', async () => {
  assert.match((await drive([aRollout(KEY).at(0).build()], () => false)).at(-1) ?? '', /another engine leads/);
});

test('unchanged rollouts are not written down again', () => {
  const board = buildBoard(aSnapshot({ rollouts: [aRollout(KEY).at(0).build()] }));
  assert.deepEqual(describeChanges(board, buildBoard(aSnapshot({ rollouts: [aRollout(KEY).at(0).build()] }))), []);
});

test('the next console is told once', async () => {
  const folder = temporaryFolder();
  const environment = { XDG_STATE_HOME: folder.path };
  const write = createHangupLog(environment, 'arn:aws/prod', new VirtualClock(NOW));
  for (const line of ['one', 'two', 'three', 'four']) await write(line);
  assert.match((await takeHangupLog(environment, 'arn:aws/prod')) ?? '', /^While no screen was open: 4 entries, the last: .*two; .*three; .*four \(all of it: /);
  assert.equal(await takeHangupLog(environment, 'arn:aws/prod'), undefined);
  folder.remove();
});

test('a log without end keeps its newest part, and tells what is left of it as one', async () => {
  const folder = temporaryFolder();
  const environment = { XDG_STATE_HOME: folder.path };
  const write = createHangupLog(environment, 'prod', new VirtualClock(NOW));
  for (const place of ['first', 'second', 'third']) await write(`${place} ${'x'.repeat(1024 * 1024)}`);
  for (const line of ['one', 'two']) await write(line);
  const states = path.join(folder.path, 'sluice');
  assert.deepEqual((await readdir(states)).toSorted(), ['hangup-prod.log', 'hangup-prod.log.1']);
  for (const name of await readdir(states)) assert.equal((await stat(path.join(states, name))).mode & 0o777, 0o600, name);
  assert.match((await takeHangupLog(environment, 'prod')) ?? '', /open: \S+ third x+; \S+ one; \S+ two \(all of it: \S+log\.shown\.1, then \S+log\.shown\)$/);
  assert.deepEqual((await readdir(states)).toSorted(), ['hangup-prod.log.shown', 'hangup-prod.log.shown.1']);
  folder.remove();
});

test('auto drives only where the file says so for this context, and nobody else does', () => {
  const file = (engine: 'auto' | 'on'): SettingsLayers => ({ ...NO_SETTINGS, file: { global: {}, contexts: [{ pattern: 'stage-*', values: { engine }, namespaces: [] }] } });
  const rows: readonly (readonly [SettingsLayers, string, boolean, boolean])[] = [
    [NO_SETTINGS, 'stage-1', false, false],
    [{ ...NO_SETTINGS, flags: { engine: 'auto' } }, 'stage-1', false, false],
    [{ ...NO_SETTINGS, flags: { engine: 'on' } }, 'prod', true, true],
    [file('auto'), 'stage-1', false, true],
    [file('auto'), 'stage-1', true, false],
    [file('auto'), 'prod-1', false, false],
    [file('on'), 'stage-1', true, true],
    [{ ...file('auto'), flags: { engine: 'off' } }, 'stage-1', false, false],
    [{ ...file('auto'), flags: { readOnly: true } }, 'stage-1', false, false],
  ];
  for (const [layers, context, held, wanted] of rows) assert.equal(drivesHere(resolveSettings(layers, context), held), wanted, JSON.stringify([layers, context, held]));
});
