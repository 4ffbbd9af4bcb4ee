// The verbs that stay: they follow what changes and end with a signal, and two engines never lead at the same time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isRecord } from '../../src/lib/deep.js';
import { Running, startServer, type TestServer, until } from '../support/sluice.js';
import { MILL_AND_TILL } from './manifests.js';

let server: TestServer;
before(async () => { server = await startServer(MILL_AND_TILL, ['--engine', 'off']); });
after(() => server.stop());

const start = (...words: string[]): Running => new Running(words, { KUBECONFIG: server.kubeconfig });

test('one engine leads, the other stands by and takes over when the first one stops', async () => {
  const first = start('engine');
  await first.says(/^leading as \S+\n/);
  const second = start('engine');
  await second.says(/^standing by for \S+: .+\n/);
  const leader = /leading as (\S+)/.exec(first.stdout)?.[1] ?? '';
  assert.ok(second.stdout.includes(leader), second.stdout);
  assert.doesNotMatch(second.stdout, /leading/);
  await until('a driven rollout', async () => {
    const { status } = await server.rollout('mill');
    return isRecord(status) && status['phase'] === 'Healthy';
  });
  assert.equal(await first.end(), 0);
  // The lease was given back: nobody waits until it runs out.
  await second.says(/leading as \S+\n/);
  assert.equal(await second.end('SIGINT'), 0);
});

test('get rollout -w and list rollouts -w show each change and end with a signal', async () => {
  const engine = start('engine');
  const tree = start('get', 'rollout', 'mill', '-w', '--no-color');
  const list = start('list', 'rollouts', '-w');
  const status = start('status', 'mill', '-w');
  await tree.says('✔ Healthy');
  await list.says(/mill +Canary +Healthy/);
  assert.equal(await status.exited, 0);
  assert.equal(status.stdout, 'Healthy\n');
  await engine.says('leading');
  await server.run('set', 'image', 'mill', 'main=reg.test/mill:2');
  await tree.says('CanaryPauseStep');
  await list.says(/mill +Canary +Paused +1\/4 +50/);
  assert.equal(list.stdout.split('\n').filter((line) => line.startsWith('NAME')).length, 1);
  assert.doesNotMatch(tree.stdout, /\u001b/);
  const waiting = start('status', 'mill');
  await waiting.says('Paused - CanaryPauseStep\n');
  assert.equal(await tree.end('SIGINT'), 0);
  assert.equal(await list.end('SIGINT'), 0);
  assert.equal(await waiting.end('SIGINT'), 1);
  assert.equal(await engine.end(), 0);
});

test('a reader that goes away ends a watch quietly', async () => {
  const list = start('list', 'rollouts', '-w');
  await list.says('mill');
  list.child.stdout?.destroy();
  const engine = start('engine');
  await engine.says('leading');
  await server.run('set', 'image', 'mill', 'main=reg.test/mill:3');
  assert.equal(await list.exited, 0);
  assert.equal(list.stderr, '');
  assert.equal(await engine.end(), 0);
});
