// The whole program on a pty in bad weather: signals, a fault of its own, a terminal that nobody reads, a cluster that is lost.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isRecord } from '../../src/lib/deep.js';
import { Running, startServer, temporaryFolder, until } from '../support/sluice.js';
import { SHOP } from '../commands/manifests.js';
import { leftBehind, openConsole, SHOWN, untilGate } from './program-bench.js';

for (const [signal, code] of [['SIGTERM', 143], ['SIGINT', 130], ['SIGHUP', 129]] as const) {
  test(`${signal} ends with ${code} and gives the terminal back`, async (t) => {
    const console = openConsole();
    t.after(() => console.stop());
    await console.program.waitFor(SHOWN);
    process.kill(await console.pid(), signal);
    assert.deepEqual(await console.ended(), { code, modesKept: true });
    assert.deepEqual(leftBehind(console.program), []);
    assert.deepEqual(readdirSync(console.folder.path), []);
  });
}

test('Ctrl-C ends it too', async (t) => {
  const console = openConsole();
  t.after(() => console.stop());
  await console.program.waitFor(SHOWN);
  assert.deepEqual(await console.leave('\u0003'), { code: 0, modesKept: true });
  assert.deepEqual(leftBehind(console.program), []);
});

for (const [kind, fault] of [['a throw', "throw new Error('injected fault')"], ['a rejection', "void Promise.reject(new Error('injected fault'))"]] as const) {
  test(`a fault of its own (${kind}) gives the terminal back before it tells the reason, and ends with 1`, async (t) => {
    const folder = temporaryFolder();
    const file = folder.file('fault.mjs', `process.on('SIGUSR2', () => { ${fault}; });\n`);
    const console = openConsole({ node: ['--import', `file://${file}`] });
    t.after(() => {
      console.stop();
      folder.remove();
    });
    await console.program.waitFor(SHOWN);
    process.kill(await console.pid(), 'SIGUSR2');
    assert.deepEqual(await console.ended(), { code: 1, modesKept: true });
    assert.deepEqual(leftBehind(console.program), []);
    assert.deepEqual(readdirSync(console.folder.path), [], 'the kubeconfig goes with it');
    await console.program.waitFor('injected fault');
    const { raw } = console.program;
    assert.ok(raw.lastIndexOf('\u001b[?1049l') < raw.indexOf('injected fault'), 'the reason was written on the alternate screen');
  });
}

/** Resident memory in MiB; undefined where /proc is not. */
function memoryMib(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024 : undefined;
}

test('a terminal that nobody reads stalls nothing, costs no memory, and is right again afterwards', async (t) => {
  const console = openConsole({ columns: 200, rows: 50, words: ['demo'] });
  const { program } = console;
  t.after(() => console.stop());
  await untilGate(console);
  const pid = await console.pid();
  const before = memoryMib(pid);
  const renewed = async (): Promise<string> => {
    const kubectl = new Running(['get', 'lease', '-n', 'argo-rollouts', 'argo-rollouts-controller-lock', '-o', 'jsonpath={.spec.renewTime}'], { KUBECONFIG: console.kubeconfig }, ['kubectl']);
    await kubectl.exited;
    return kubectl.stdout;
  };
  program.pauseReading();
  const first = await renewed();
  const started = program.bytes;
  // Each size is a whole screen: more than any pty holds.
  for (let i = 0; i < 40; i += 1) {
    program.resize(150 + (i % 3) * 25, 40 + (i % 2) * 10);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  program.resize(200, 50);
  assert.equal(program.bytes, started, 'somebody has read the pty');
  await until('the next renewal of the lease', async () => (await renewed()) !== first);
  const promoted = await console.run('promote', 'silly-demo', '-n', 'a-team');
  assert.equal(promoted.code, 0, promoted.stderr);
  await until('the next step', async () => {
    const { status } = JSON.parse((await console.run('get', 'rollout', 'silly-demo', '-n', 'a-team', '-o', 'json')).stdout) as { readonly status: unknown };
    return isRecord(status) && Number(status['currentStepIndex']) >= 2;
  });
  const after = memoryMib(pid);
  if (before !== undefined && after !== undefined) assert.ok(after - before < 80, `${Math.round(before)} MiB became ${Math.round(after)} MiB`);
  program.resumeReading();
  await program.waitFor((grid) => grid.row(0).includes('live') && /silly-demo +[3-8]\/8/.test(grid.text) && grid.row(49).includes('quit'));
  assert.equal(program.text.split('\n').filter((line) => line.includes('sluice embedded')).length, 1);
  // A slow line is given the screen in parts.
  for (const name of ['bookinfo/reviews-rollout', 'canary-demo-app', 'default/colorapi', 'default/myapp']) await program.waitFor(name);
  assert.equal((await console.leave()).code, 0);
});

test('a terminal that nobody reads does not keep the program from ending', async (t) => {
  const console = openConsole({ columns: 200, rows: 50 });
  t.after(() => console.stop());
  await console.program.waitFor(SHOWN);
  const pid = await console.pid();
  console.program.pauseReading();
  for (let i = 0; i < 20; i += 1) {
    console.program.resize(150 + (i % 3) * 25, 50);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  process.kill(pid, 'SIGTERM');
  await until('the kubeconfig to go', () => readdirSync(console.folder.path).length === 0);
  console.program.resumeReading();
  assert.equal((await console.ended()).code, 143);
  assert.deepEqual(leftBehind(console.program), []);
});

test('a bad theme file is named with its line', async (t) => {
  const folder = temporaryFolder();
  const theme = folder.file('odd.yaml', 'name: odd\nstyles:\n  text: {}\n  good: {foreground: plaid}\n');
  const console = openConsole({ words: ['demo', 'colorapi', '--theme', theme], columns: 200 });
  t.after(() => {
    console.stop();
    folder.remove();
  });
  await console.program.waitFor(/odd\.yaml:\d+:\d+: .+the default is used/);
  assert.equal((await console.leave()).code, 0);
});

test('a lost API greys the data, refuses changes, and comes back', async (t) => {
  const server = await startServer(SHOP);
  const kubeconfigText = readFileSync(server.kubeconfig, 'utf8');
  const console = openConsole({ words: ['--kubeconfig', server.kubeconfig], columns: 160, rows: 30 });
  const { program } = console;
  t.after(async () => {
    console.stop();
    server.running.child.kill('SIGCONT');
    await server.stop();
  });
  await program.waitFor(/default\/shop +.*healthy/i);
  await server.run('set', 'image', 'shop', 'main=reg.test/shop:2');
  await program.waitFor(/default\/shop +2\/4 +paused/);

  await t.test('a server that does not answer any more', async () => {
    server.running.child.kill('SIGSTOP');
    await program.waitFor(/⚠ stale/, 20_000);
    assert.match(program.text, /as of .* ago: the API server has not answered for 4 s/);
    program.keys('p');
    await program.waitFor(/stale/);
    assert.doesNotMatch(program.text, /Promote default\/shop on/);
    server.running.child.kill('SIGCONT');
    await program.waitFor(/● live/, 20_000);
    program.keys('p');
    await program.waitFor(/Promote default\/shop on sluice\?/);
    program.keys('n');
    await program.waitFor((grid) => !grid.text.includes('Promote default/shop on'));
  });

  await t.test('a server that is gone', async () => {
    server.running.child.kill('SIGKILL');
    await program.waitFor(/as of .* ago: .*(refused|closed|reset)/i, 20_000);
    program.keys('p');
    await program.waitFor(/stale/);
    assert.doesNotMatch(program.text, /Promote default\/shop on/);
  });

  await t.test('another server in its place, which knows nobody of before', async () => {
    const port = /https:\/\/127\.0\.0\.1:(\d+)/.exec(kubeconfigText)?.[1] ?? '';
    const other = new Running(['serve', '--port', port, '--kubeconfig-out', `${server.kubeconfig}.other`]);
    await other.says('ready');
    await program.waitFor(/as of .* ago: .*certificate/i, 20_000);
    assert.match(program.text, /⚠ stale/);
    assert.equal(await other.end(), 0);
    assert.deepEqual(await console.leave(), { code: 0, modesKept: true });
  });
});

test('on a cluster of the kubeconfig it drives only when it is told to', async (t) => {
  const server = await startServer(SHOP, ['--engine', 'off']);
  t.after(() => server.stop());
  const watching = openConsole({ words: ['--kubeconfig', server.kubeconfig] });
  t.after(() => watching.stop());
  await watching.program.waitFor('default/shop');
  const driving = openConsole({ words: ['--kubeconfig', server.kubeconfig, '--engine', 'on'] });
  t.after(() => driving.stop());
  await driving.program.waitFor(/driving/);
  await watching.program.waitFor(/default\/shop +.*healthy/i);
  assert.doesNotMatch(watching.program.row(0), /driving/);
  assert.equal((await driving.leave()).code, 0);
  // The lease is given back with the console that held it.
  const engine = new Running(['engine'], { KUBECONFIG: server.kubeconfig });
  await engine.says(/^leading as/);
  assert.equal(await engine.end(), 0);
});
