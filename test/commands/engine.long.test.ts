// An engine that dies without a word: the next one waits until the Lease has run out, and not longer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Running, startServer, until } from '../support/sluice.js';
import { MILL_AND_TILL } from './manifests.js';

/** How long a Lease holds after its last renewal. */
const LEASE_MS = 15_000;
/** Renewals are two seconds apart; whoever waits counts from the last one that it saw. */
const SLACK_MS = 4000;

test('a killed engine is followed when its lease has run out', async (t) => {
  const server = await startServer(MILL_AND_TILL, ['--engine', 'off']);
  t.after(() => server.stop());
  const environment = { KUBECONFIG: server.kubeconfig };
  const first = new Running(['engine'], environment);
  await first.says('leading as');
  const second = new Running(['engine'], environment);
  await second.says('standing by for');
  await first.end('SIGKILL');
  const killedAt = Date.now();
  await until('the second to lead', () => second.stdout.includes('leading as'), LEASE_MS + 3 * SLACK_MS);
  const waitedMs = Date.now() - killedAt;
  assert.ok(waitedMs > LEASE_MS - SLACK_MS, `it led after ${waitedMs} ms`);
  await server.run('set', 'image', 'mill', 'main=reg.test/mill:2');
  await until('a driven rollout', async () => (await server.run('status', 'mill', '--watch=false')).stdout.startsWith('Paused'));
  assert.equal(await second.end(), 0);
});

test('an engine of a namespace drives no other', async (t) => {
  const yard = MILL_AND_TILL.replaceAll('metadata:\n  name:', 'metadata:\n  namespace: yard\n  name:');
  const server = await startServer(`${MILL_AND_TILL}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: yard\n---\n${yard}`, ['--engine', 'off']);
  t.after(() => server.stop());
  const engine = new Running(['engine', '-n', 'yard'], { KUBECONFIG: server.kubeconfig });
  t.after(() => engine.end());
  await until('a driven rollout', async () => 'status' in (await server.rollout('mill', 'yard')));
  assert.deepEqual(['status' in (await server.rollout('mill')), await engine.end()], [false, 0]);
});
