// Two real clusters in one list on a real terminal: acts go to the right one, and one that dies leaves the other alone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gated, joinedKubeconfig } from '../support/clusters.js';
import { sluice, startServer, temporaryFolder, until } from '../support/sluice.js';
import { openConsole } from './program-bench.js';

test('two clusters in one list', async (t) => {
  const [east, west] = await Promise.all([startServer(gated('cart')), startServer(gated('cart'))]);
  const folder = temporaryFolder();
  const KUBECONFIG = folder.file('kubeconfig', joinedKubeconfig([{ context: 'east', kubeconfig: east.kubeconfig }, { context: 'prod-west', kubeconfig: west.kubeconfig }, { context: 'spare', kubeconfig: east.kubeconfig }]));
  for (const server of [east, west]) {
    assert.equal((await server.run('status', 'cart', '--timeout', '20s')).code, 0);
    await server.run('set', 'image', 'cart', 'main=cart:2');
  }
  // In the settings one context asks for nothing; the other looks like production, and asks for the name by itself.
  const SLUICE_CONFIG = folder.file('config.yaml', 'contexts: { east: { confirm: none, takeBack: 0s } }\n');
  const console = openConsole({ columns: 120, rows: 40, words: ['--context', 'east', '--context', 'prod-west'], variables: { KUBECONFIG, SLUICE_CONFIG, XDG_STATE_HOME: folder.path } });
  t.after(async () => {
    console.stop();
    await Promise.all([east.stop(), west.stop()]);
    folder.remove();
  });
  const { program } = console;
  const line = (context: string): string => program.text.split('\n').findLast((each) => each.includes('default/cart') && each.includes(context)) ?? '';
  /** Esc takes the notice away first. */
  const dismiss = async (notice: string): Promise<void> => {
    program.keys('\u001b');
    await program.waitFor(() => !program.text.includes(notice));
  };
  const step = async (server: typeof east): Promise<unknown> => ((await server.rollout('cart'))['status'] as { readonly currentStepIndex?: number }).currentStepIndex;

  await t.test('each has its line, its colour and its place in one list', async () => {
    await program.waitFor(/● east +driven by /);
    await program.waitFor(/● prod-west +driven by /);
    await program.waitFor(() => /2\/4 +paused/.test(line('east')) && /2\/4 +paused/.test(line('prod-west')));
    await program.waitFor(/Waiting for you \(2\)/);
  });

  await t.test('a promotion goes to the cluster whose line has the cursor; production asks for the name', async () => {
    program.keys('gj');
    await program.waitFor(/▌. default\/cart +prod-west/);
    program.keys('p');
    await program.waitFor('Promote default/cart on prod-west?');
    await program.waitFor('type cart to go on');
    for (const letter of 'cart') program.keys(letter);
    await program.waitFor(/name +cart/);
    program.keys('\r');
    await program.waitFor(/promote default\/cart on prod-west: seen (at once|after)/);
    await until('the second gate', async () => (await step(west)) === 3);
    assert.equal(await step(east), 1);
    const audit = readFileSync(path.join(folder.path, 'sluice', 'audit.jsonl'), 'utf8').trim().split('\n').map((each) => JSON.parse(each) as Record<string, unknown>);
    assert.deepEqual([...new Set(audit.map(({ context, outcome }) => `${String(context)} ${String(outcome)}`))], ['prod-west taken', 'prod-west seen']);
  });

  await t.test('events and logs are those of the cluster that is open', async () => {
    await dismiss('prod-west: seen ');
    program.keys('G\r');
    await program.waitFor(/prod-west › default › cart/);
    program.keys('e');
    await program.waitFor(/OperatorPromote/);
    program.keys('\u001b');
    await program.waitFor('Traffic');
    program.keys('\u001b');
    await program.waitFor(/Rollouts 2/);
  });

  await t.test(':ctx completes, adds one, and leaves it again', async () => {
    program.keys(':ctx +');
    await program.waitFor(/:ctx \+_spare/);
    program.keys('\t\r');
    await program.waitFor(/● spare +driven by /);
    await program.waitFor(/Rollouts 3/);
    program.keys(':ctx -spare\r');
    await program.waitFor('spare is no longer watched');
    await program.waitFor(/Rollouts 2/);
  });

  await t.test('one that hangs turns grey with its time; the other goes on, and keys act there', async () => {
    west.running.child.kill('SIGSTOP');
    await program.waitFor(/⚠ prod-west +as of \d\d:\d\d:\d\d, .*has not answered/);
    await program.waitFor(() => /prod-west as of \d\d:\d\d:\d\d/.test(line('prod-west')));
    assert.match(line('prod-west'), /4\/4 +paused/, 'what was known stays');
    const promoted = await east.run('promote', 'cart');
    assert.equal(promoted.code, 0);
    await program.waitFor(() => /4\/4 +paused/.test(line('east')));
    await dismiss('no longer watched');
    program.keys('gjp');
    await program.waitFor(/promote default\/cart on east: seen (at once|after)/);
  });

  await t.test('and comes back without a restart', async () => {
    west.running.child.kill('SIGCONT');
    await program.waitFor(/● prod-west +driven by /);
    await program.waitFor(() => !/as of/.test(line('prod-west')));
  });

  await t.test('one that is killed stays as it was seen last', async () => {
    await west.running.end('SIGKILL');
    await program.waitFor(/⚠ prod-west +as of \d\d:\d\d:\d\d, .*can not reach/);
    assert.equal((await console.leave()).code, 0);
  });
});

test('lists of several contexts name the context in each line, and one that is gone costs only its own', async (t) => {
  const [east, west] = await Promise.all([startServer(gated('cart')), startServer(gated('pay'))]);
  const folder = temporaryFolder();
  t.after(async () => {
    await Promise.all([east.stop(), west.stop()]);
    folder.remove();
  });
  const KUBECONFIG = folder.file('kubeconfig', joinedKubeconfig([{ context: 'east', kubeconfig: east.kubeconfig }, { context: 'west', kubeconfig: west.kubeconfig }]));
  const both = await sluice(['list', 'rollouts', '-A', '--context', 'east', '--context', 'west'], { KUBECONFIG });
  assert.deepEqual([both.code, both.stdout.trim().split('\n').map((each) => each.split(/\s+/).slice(0, 3).join(' '))], [0, ['CONTEXT NAMESPACE NAME', 'east default cart', 'west default pay']]);
  const explained = await sluice(['explain', 'pay', '--context', 'west'], { KUBECONFIG });
  assert.deepEqual([explained.code, /^Rollout: +default\/pay\n/.test(explained.stdout)], [0, true]);
  const twice = await sluice(['explain', 'pay', '--context', 'west', '--context', 'east'], { KUBECONFIG });
  assert.deepEqual([twice.code, twice.stderr.includes('--context can be given once here')], [2, true]);
  await west.running.end('SIGKILL');
  const one = await sluice(['list', 'rollouts', '-A', '--context', 'east', '--context', 'west'], { KUBECONFIG });
  assert.deepEqual([one.code, /^east +default +cart/m.test(one.stdout), /^Error: west: can not reach/m.test(one.stderr)], [1, true, true]);
});

test('--as and --as-group make every request for somebody else, and what that person may do holds', async (t) => {
  const server = await startServer(`${gated('cart')}---\n${['ClusterRole', 'ClusterRoleBinding'].map((kind) => JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: 'readers' },
    ...(kind === 'ClusterRole' ? { rules: [{ apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs: ['get', 'list', 'watch'] }] } : { subjects: [{ kind: 'Group', name: 'readers' }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'readers' } }),
  })).join('\n---\n')}\n`);
  t.after(() => server.stop());
  const refused = await server.run('list', 'rollouts', '--as', 'eve');
  assert.deepEqual([refused.code, /User "eve" cannot list/.test(refused.stderr)], [1, true]);
  const reader = await server.run('list', 'rollouts', '--as', 'eve', '--as-group', 'idle', '--as-group', 'readers');
  assert.deepEqual([reader.code, /^cart /m.test(reader.stdout)], [0, true]);
  const writer = await server.run('pause', 'cart', '--as', 'eve', '--as-group', 'readers');
  assert.deepEqual([writer.code, /User "eve" cannot (patch|update)/.test(writer.stderr)], [1, true]);
  const nobody = await server.run('list', 'rollouts', '--as-group', 'readers');
  assert.deepEqual([nobody.code, nobody.stderr.includes('--as-group needs --as')], [2, true]);
});
